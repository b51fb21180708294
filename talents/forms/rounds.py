"""Forms of a round: its particulars, its places, and the words that go with a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from organizations.models import Organization
from pages.admin.recorded import VersionedForm
from pages.forms import CorrectionFields, DayInput, ProseField, ReasonForm, Section, from_model
from talents.models import QuotaAllocation, SelectionRound
from talents.selectors.rounds import organizers_for
from talents.selectors.tiers import tier_choice_of, tier_choices
from talents.services.quotas import MOST_PLACES
from talents.services.rounds import LONGEST_CODE, RESERVED_CODES, RoundPlan

if TYPE_CHECKING:
    from organizations.models import User

CODE = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", "编码由小写字母、数字和短横线组成")


class RoundForm(from_model(SelectionRound, ("name", "opens_on", "closes_on", "by_levels"))):  # type: ignore[misc]
    """A round as it is called for; edition and tier are one choice, because a tier is of an edition."""

    name = ProseField(label="名称", max_length=120, help_text="如：2026年北京大工匠选树")
    code = forms.CharField(
        label="编码",
        max_length=LONGEST_CODE,
        validators=[CODE],
        help_text="用于网址和数据交换，如 beijing-great-2026",
    )
    tier = forms.ChoiceField(label="政策版本与层级", help_text="只列现行有效、且有核验条件的层级")
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    organizer = forms.ModelChoiceField(
        label="主办工会", queryset=Organization.objects.none(), empty_label=None
    )
    reference_day = forms.DateField(
        label="基准日", widget=DayInput, help_text="年限等条件计算到这一天，含当月"
    )
    closes_on = forms.DateField(
        label="截止申报",
        widget=DayInput,
        required=False,
        help_text="逾期视为放弃，推荐单位不能再报",
    )

    SECTIONS = (
        Section("依据", ("tier", "organizer", "reference_day")),
        Section("名称与年度", ("name", "code", "year")),
        Section("申报", ("opens_on", "closes_on", "by_levels")),
    )
    WIDE = ("tier", "name")
    REFUSED_AT: ClassVar = {"round-code-taken": "code", "round-code-invalid": "code"}

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.tiers = tier_choices()
        self.fields["tier"].choices = [(key, choice.label) for key, choice in self.tiers.items()]
        self.fields["organizer"].queryset = organizers_for(user)

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code in RESERVED_CODES or SelectionRound.objects.filter(code=code).exists():
            raise ValidationError("该编码已被使用，请另取编码", code="round-code-taken")
        return code

    def clean(self) -> None:
        opens, closes = self.cleaned_data.get("opens_on"), self.cleaned_data.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", "截止日期不能早于开始日期")

    def plan(self) -> RoundPlan:
        cleaned = self.cleaned_data
        choice = self.tiers[cleaned["tier"]]
        return RoundPlan(
            name=cleaned["name"],
            edition=choice.edition,
            tier=choice.tier,
            year=cleaned["year"],
            organizer=cleaned["organizer"],
            reference_day=cleaned["reference_day"],
            opens_on=cleaned["opens_on"],
            closes_on=cleaned["closes_on"],
            by_levels=cleaned["by_levels"],
        )


class RoundCorrectionForm(CorrectionFields, RoundForm):  # type: ignore[misc]
    """A round on file; what it is judged by can be changed only while it is being prepared."""

    def __init__(self, *args: Any, selection: SelectionRound, **options: Any) -> None:
        super().__init__(*args, **options)
        self.selection = selection
        del self.fields["code"]
        current = tier_choice_of(selection)
        self.tiers.setdefault(current.key, current)
        tiers = [(key, choice.label) for key, choice in self.tiers.items()]
        self.fields["tier"].choices = tiers  # type: ignore[attr-defined]
        organizers = organizers_for(options["user"], and_also=selection)
        self.fields["organizer"].queryset = organizers  # type: ignore[attr-defined]
        if selection.state != SelectionRound.State.DRAFT:
            for field in ("tier", "organizer", "reference_day", "by_levels"):
                self.fields[field].disabled = True
                self.fields[field].help_text = "轮次已开放，不再更改"


def round_initial(selection: SelectionRound) -> dict[str, Any]:
    """What is on file, as the form asks for it."""
    facts = {name: getattr(selection, name) for name in selection.CORRECTABLE.fields}
    return facts | {"tier": tier_choice_of(selection).key, "version": selection.version}


class AllocationForm(ReasonForm, VersionedForm):
    """Places of one body in one round; ``allocate_quotas`` says whether they may be given."""

    places = forms.IntegerField(
        label="名额", min_value=0, max_value=MOST_PLACES, help_text="0 为收回名额"
    )

    class Meta:
        model = QuotaAllocation
        fields = ("round", "organization", "places")


class SwapForm(ReasonForm):
    """From whom to whom, and how many."""

    giver = forms.ModelChoiceField(label="调出组织", queryset=Organization.objects.none())
    taker = forms.ModelChoiceField(label="调入组织", queryset=Organization.objects.none())
    places = forms.IntegerField(label="名额", min_value=1, max_value=MOST_PLACES)

    field_order = ("giver", "taker", "places", "note")
    REFUSED_AT: ClassVar = {
        "swap-not-between-siblings": "taker",
        "places-out-of-range": "places",
        "places-taken": "places",
    }

    def __init__(self, *args: Any, bodies: list[Organization], **options: Any) -> None:
        super().__init__(*args, **options)
        among = Organization.objects.filter(pk__in=[body.pk for body in bodies]).order_by("code")
        for name in ("giver", "taker"):
            field: Any = self.fields[name]
            field.queryset = among


class QuotaForm(ReasonForm):
    """Places of every body one gives them to, on one sheet; empty means none.

    Each value travels with what was seen, so that only what this person changed is written.
    """

    def __init__(
        self, *args: Any, bodies: list[Organization], places: dict[int, int], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.bodies = {f"places-{body.pk}": body for body in bodies}
        for name, body in self.bodies.items():
            self.fields[name] = forms.IntegerField(
                label=f"{body.name}名额",
                required=False,
                min_value=0,
                max_value=MOST_PLACES,
                initial=places.get(body.pk),
                show_hidden_initial=True,
                widget=forms.NumberInput(attrs={"class": "input--places"}),
            )

    def clean(self) -> None:
        if not self.errors and not self.changes():
            raise ValidationError("名额没有变化，无须保存", code="nothing-changed")

    def changes(self) -> list[tuple[Organization, int]]:
        """What was changed on the sheet: the body and its new places."""
        return [
            (body, self.cleaned_data[name] or 0)
            for name, body in self.bodies.items()
            if name in self.changed_data
        ]

    def rows(self) -> list[tuple[Organization, forms.BoundField]]:
        return [(body, self[name]) for name, body in self.bodies.items()]
