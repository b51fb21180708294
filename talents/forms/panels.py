"""Entering a meeting of the panel, its votes on one sheet, and who stands back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from organizations.models import User
from organizations.roles import STAFF
from organizations.scoping import accounts_that_serve
from pages.forms import DayInput, ProseField, ReasonForm, Section
from talents.forms.publicity import leaving_out
from talents.models import PanelDecision
from talents.rules.left_out import left_out, left_out_words
from talents.rules.panels import Vote
from talents.selectors.reviews import experts_in_scope
from talents.services.panels import MOST_ON_TABLE, Minutes, Seats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talents.models import Panel, PanelMember, SelectionRound

MOST_VOTES = 1_000
LONGEST_REASON = 300
VOTES = {"for": "同意", "against": "不同意", "abstain": "弃权"}


class MinutesForm(forms.Form):
    """When and where the panel met, and by which minutes."""

    held_on = forms.DateField(label="会议日期", widget=DayInput())
    place = ProseField(label="会议地点", max_length=120, required=False)
    minutes_number = ProseField(
        label="会议纪要编号", max_length=60, help_text="如 评审委员会纪要〔2026〕3号"
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["held_on"].initial = timezone.localdate()

    @property
    def minutes(self) -> Minutes:
        facts = self.cleaned_data
        return Minutes(facts["held_on"], facts["minutes_number"], facts["place"])


def _people(label: str, help_text: str = "") -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        label=label,
        queryset=None,
        required=False,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple,
    )


class PanelForm(MinutesForm):
    """A meeting with those who came and those who did not, and how many candidates were on the table."""

    SECTIONS = (
        Section("会议", ("held_on", "place", "minutes_number", "tabled")),
        Section("到会委员", ("experts", "staff")),
        Section("缺席委员", ("absent_experts", "absent_staff")),
        Section("不列入名次的人选", ("leaves_out",)),
    )
    REFUSED_AT = {
        "left-out-unconfirmed": "leaves_out",
        "too-few-present": "experts", "member-twice": "absent_experts", "panel-not-held": "held_on",
        "not-a-member": "experts",
    }  # fmt: skip

    tabled = forms.IntegerField(
        label="上会人数", min_value=1, max_value=MOST_ON_TABLE, help_text="按名次从前往后取"
    )
    experts = _people(
        "到会专家", "出自本工会专家库；与人选同单位、师徒、共用工作室或共事过的，自动回避"
    )
    staff = _people("到会工会人员")
    absent_experts = _people("缺席专家")
    absent_staff = _people("缺席工会人员")

    def __init__(self, *args: Any, selection: SelectionRound, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        if words := left_out_words(left_out(selection)):
            self.fields["leaves_out"] = leaving_out(words)
        organizer = selection.organizer
        experts = experts_in_scope(user).filter(organization=organizer, left_on=None)
        staff = User.objects.filter(accounts_that_serve(STAFF, organizer.path)).distinct()
        for prefix in ("", "absent_"):
            for name, rows in (
                ("experts", experts.order_by("code")),
                ("staff", staff.order_by("username")),
            ):
                field: Any = self.fields[f"{prefix}{name}"]
                field.queryset = rows

    @property
    def leaves_out(self) -> bool:
        return bool(self.cleaned_data.get("leaves_out"))

    @property
    def seats(self) -> Seats:
        facts = self.cleaned_data
        names = ("experts", "staff", "absent_experts", "absent_staff")
        return Seats(*([row.pk for row in facts[name]] for name in names))


class PanelCorrectionForm(ReasonForm, MinutesForm):
    """What of the minutes is put right, and why; votes follow on their sheet."""

    SECTIONS = (
        Section("会议", ("held_on", "place", "minutes_number")),
        Section("更正", ("note",)),
    )

    @staticmethod
    def initial_of(panel: Panel) -> dict[str, Any]:
        return {name: getattr(panel, name) for name in ("place", "minutes_number")} | {
            "held_on": panel.held_on
        }


class VotesForm(forms.Form):
    """For each candidate the votes, the decision and, where it departs, the reason; empty lines wait."""

    def __init__(self, *args: Any, lines: Sequence[PanelDecision], **options: Any) -> None:
        super().__init__(*args, **options)
        self.table = lines
        choices = [("", "待表决"), *PanelDecision.Decision.choices]
        for row in lines:
            name = row.nomination.person.name
            for vote, label in VOTES.items():
                self.fields[f"{vote}-{row.pk}"] = forms.IntegerField(
                    label=f"{name}：{label}票",
                    min_value=0,
                    max_value=MOST_VOTES,
                    required=False,
                    initial=getattr(row, f"votes_{vote}"),
                    widget=forms.NumberInput(attrs={"class": "input--places"}),
                )
            self.fields[f"decision-{row.pk}"] = forms.ChoiceField(
                label=f"{name}：决定", choices=choices, required=False, initial=row.decision
            )
            self.fields[f"reason-{row.pk}"] = ProseField(
                label=f"{name}：理由",
                max_length=LONGEST_REASON,
                required=False,
                initial=row.reason,
                widget=forms.TextInput(attrs={"placeholder": "不一致的写明理由"}),
            )

    def clean(self) -> None:
        for row in self.table:
            votes = [self.cleaned_data.get(f"{vote}-{row.pk}") for vote in VOTES]
            if self._is_wrong(row.pk):
                continue
            decision = self.cleaned_data.get(f"decision-{row.pk}")
            given = [vote for vote in votes if vote is not None]
            if bool(decision) != (len(given) == len(VOTES)) or (given and not decision):
                missing = next(
                    (v for v, given_ in zip(VOTES, votes, strict=True) if given_ is None),
                    "decision",
                )
                place = "decision" if not decision else missing
                message = "三项票数与决定请一并填写，没有的填0"
                self.add_error(f"{place}-{row.pk}", ValidationError(message, "vote-half"))
            elif sum(given) > row.voters:
                message = f"票数之和{sum(given)}超过应投票数{row.voters}"
                self.add_error(f"for-{row.pk}", ValidationError(message, "votes-over-voters"))

    def _is_wrong(self, pk: int) -> bool:
        return any(f"{part}-{pk}" in self.errors for part in (*VOTES, "decision", "reason"))

    def votes(self) -> dict[int, Vote]:
        """The lines that were filled in, as the service takes them."""
        told = self.cleaned_data
        return {
            row.pk: Vote(
                told[f"for-{row.pk}"],
                told[f"against-{row.pk}"],
                told[f"abstain-{row.pk}"],
                told[f"decision-{row.pk}"],
                told[f"reason-{row.pk}"],
            )
            for row in self.table
            if told[f"decision-{row.pk}"]
        }

    def rows(self) -> list[dict[str, Any]]:
        """What the sheet shows of each candidate."""
        return [
            {
                "row": row,
                "votes": [(VOTES[vote], self[f"{vote}-{row.pk}"]) for vote in VOTES],
                "decision": self[f"decision-{row.pk}"],
                "reason": self[f"reason-{row.pk}"],
            }
            for row in self.table
        ]


class ExchangeForm(ReasonForm):
    """Who gives the place up to whom, and why."""

    SECTIONS = (Section("调换", ("out", "into")), Section("理由", ("note",)))
    REFUSED_AT = {"exchange-unfit": "into", "reason-too-long": "note"}

    out: forms.ModelChoiceField = forms.ModelChoiceField(
        label="换下", queryset=None, help_text="换下后列入后备"
    )
    into: forms.ModelChoiceField = forms.ModelChoiceField(
        label="换上", queryset=None, help_text="须已在本次会议上表决"
    )

    def __init__(self, *args: Any, lines: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = PanelDecision.Decision
        named, voted = (
            lines.filter(decision=chosen.NAME),
            lines.filter(decision__in=[chosen.RESERVE, chosen.REJECT]),
        )
        for name, rows in (("out", named), ("into", voted)):
            field: Any = self.fields[name]
            field.queryset = rows
            field.label_from_instance = lambda row: f"{row.position}. {row.nomination.person.name}"

    @property
    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"out": said["out"].pk, "into": said["into"].pk, "note": said["note"]}


class RecusalForm(forms.Form):
    """Who stands back for whom by their own word, and why."""

    REFUSED_AT = {"recused-already": "decision", "votes-over-voters": "decision"}

    member: forms.ModelChoiceField = forms.ModelChoiceField(label="委员", queryset=None)
    decision: forms.ModelChoiceField = forms.ModelChoiceField(label="人选", queryset=None)
    told = ProseField(
        label="缘由",
        min_length=4,
        max_length=200,
        help_text="如 系亲属、同学、曾为其项目作鉴定",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, members: Any, lines: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people: Any = self.fields["member"]
        people.queryset = members.order_by("pk")
        table: Any = self.fields["decision"]
        table.queryset = lines
        table.label_from_instance = lambda row: f"{row.position}. {row.nomination.person.name}"

    @property
    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        member: PanelMember = said["member"]
        return {"member": member.pk, "decision": said["decision"].pk, "told": said["told"]}
