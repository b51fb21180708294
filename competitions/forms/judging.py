"""Appointing judges, and giving marks."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms

from competitions.models import Arbiter, Aspect, Judge
from competitions.models.entries import DECIMALS
from competitions.models.schemes import HIGHEST_JUDGEMENT, MOST_SEATS
from competitions.permissions import KEEPERS
from organizations.models import User
from organizations.roles import Role
from organizations.scoping import steps_to
from organizations.validity import in_force
from pages.forms import ProseField, Section

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from competitions.models import Competition, Item, Mark


class JudgeField(forms.ModelChoiceField):
    """An account by the person's name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}（{obj.username}）"


class JudgeForm(forms.Form):
    """Who judges, from which seat: accounts with the role of a judge at the organizer or around it."""

    user = JudgeField(label="裁判", queryset=User.objects.none())
    seat = forms.IntegerField(
        label="裁判席", min_value=1, max_value=MOST_SEATS, help_text="第1席兼记测量分"
    )

    def __init__(self, *args: Any, item: Item, **options: Any) -> None:
        super().__init__(*args, **options)
        place = item.competition.organizer.path
        held = {
            "memberships__role": Role.JUDGE,
            "is_active": True,
        }
        at = User.objects.filter(
            in_force("memberships__"), memberships__organization__path__in=steps_to(place), **held
        ) | User.objects.filter(
            in_force("memberships__"), memberships__organization__path__startswith=place, **held
        )
        self.fields["user"].queryset = at.distinct().order_by("username")  # type: ignore[attr-defined]
        taken = set(Judge.objects.filter(item=item).values_list("seat", flat=True))
        free = next((s for s in range(1, MOST_SEATS + 1) if s not in taken), None)
        self.initial.setdefault("seat", free)


class ArbiterForm(forms.Form):
    """Who arbitrates: accounts of the organizer and of the bodies above it."""

    user = JudgeField(label="仲裁组成员", queryset=User.objects.none())

    def __init__(self, *args: Any, competition: Competition, **options: Any) -> None:
        super().__init__(*args, **options)
        at = User.objects.filter(
            in_force("memberships__"),
            memberships__organization__path__in=steps_to(competition.organizer.path),
            memberships__role__in=KEEPERS,
            is_active=True,
        )
        there = Arbiter.objects.filter(competition=competition).values("user")
        field: Any = self.fields["user"]
        field.queryset = at.exclude(pk__in=there).distinct().order_by("username")


class _Shown(forms.Field):
    """Hidden, and a page is always shown with it anew, never as it was sent or kept in a draft."""

    widget = forms.HiddenInput

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial


class ShownField(_Shown, forms.IntegerField):
    """Such a number."""


class ShownWordField(_Shown, forms.CharField):
    """Such a word."""


#: How a form names an aspect: this and its key, which the database has in so many digits at most.
ASPECT, MOST_DIGITS = "aspect_", 18


def aspects_told(sent: Mapping[str, Any]) -> list[int]:
    """The aspects that a form was filled in for, whether or not the scheme still has them; those that
    no form of ours names come as 0, which is none.
    """
    return [pk for pk, _ in values_told(sent)]


def values_told(sent: Mapping[str, Any]) -> list[tuple[int, str]]:
    """The same aspects, each with what was typed for it."""
    told = [
        (name.removeprefix(ASPECT), str(sent[name])) for name in sent if name.startswith(ASPECT)
    ]
    return [(_key_of(pk), value) for pk, value in told]


def _key_of(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 0


class MarkingForm(forms.Form):
    """One work as one judge marked it: a box for each measurement, 0 to 3 for each judgement."""

    seen = ShownField(min_value=0)

    def __init__(
        self, *args: Any, aspects: Sequence[Aspect], marks: Mapping[int, Mark], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.aspects = {f"{ASPECT}{aspect.pk}": aspect for aspect in aspects}
        for name, aspect in self.aspects.items():
            self.fields[name] = _field_of(aspect)
            self.fields[name].help_text = aspect.standard and f"对应{aspect.standard}"
            if aspect.pk in marks:
                on_file = f"{marks[aspect.pk].value.normalize():f}"
                self.initial.setdefault(name, on_file)
                if self.is_bound:  # what was typed stands in the box
                    told = [f"本席已保存的是{on_file}分"]
                    told += [str(self.fields[name].help_text)] if aspect.standard else []
                    self.fields[name].help_text = "；".join(told)

    @property
    def SECTIONS(self) -> list[Section]:  # noqa: N802 - as forms name what they are parted into
        """The boxes of each module together; one part where there are no modules."""
        modules = dict.fromkeys(aspect.module for aspect in self.aspects.values())
        return [
            Section(module, tuple(n for n, a in self.aspects.items() if a.module == module))
            for module in modules
            if module
        ]

    def values(self) -> dict[int, Decimal]:
        """What was filled in, by aspect; what was left open stays open."""
        return {
            aspect.pk: Decimal(self.cleaned_data[name])
            for name, aspect in self.aspects.items()
            if self.cleaned_data.get(name) not in (None, "")
        }


class OwnMarkingForm(MarkingForm):
    """A judge's own marks; ``judge`` is whose sheet, from which seat (``Judge.holding``): kept on a
    telephone, it is sent as no other's.
    """

    judge = ShownWordField(
        error_messages={"required": "这份评分没有写明裁判席，请核对后重新保存"},
    )


def _field_of(aspect: Aspect) -> forms.Field:
    label = f"{aspect.code} {aspect.title}".strip()
    if aspect.method == Aspect.Method.JUDGEMENT:
        words = aspect.benchmarks or [""] * (HIGHEST_JUDGEMENT + 1)
        choices = [(str(value), f"{value}　{word}".strip("　")) for value, word in enumerate(words)]
        return forms.ChoiceField(
            label=f"{label}（评价，0至3分）",
            required=False,
            choices=choices,
            widget=forms.RadioSelect,
        )
    return forms.DecimalField(
        label=f"{label}（测量，满分{aspect.maximum.normalize():f}）",
        required=False,
        min_value=Decimal(0),
        max_value=aspect.maximum,
        decimal_places=DECIMALS,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
    )


class AppealForm(forms.Form):
    """What is held against a result."""

    grounds = ProseField(
        label="申诉理由",
        min_length=4,
        max_length=1000,
        help_text="写明对哪一项评分有异议、事实和依据",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class VerdictForm(forms.Form):
    """What the jury says to an appeal."""

    is_upheld = forms.ChoiceField(
        label="结论",
        choices=[("yes", "成立，须重评"), ("no", "不成立，维持原成绩")],
        widget=forms.RadioSelect,
    )
    verdict = ProseField(
        label="仲裁意见",
        min_length=4,
        max_length=1000,
        help_text="写明理由，申诉人看得到",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    jury = forms.ModelMultipleChoiceField(
        label="参加仲裁的成员",
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="须过半数成员参加；提出申诉、打过分、与参赛人同单位的不能参加",
    )

    def __init__(self, *args: Any, competition: Competition, **options: Any) -> None:
        super().__init__(*args, **options)
        group = Arbiter.objects.filter(competition=competition).values("user")
        field: Any = self.fields["jury"]
        field.queryset = User.objects.filter(pk__in=group).order_by("username")


class CertificateForm(forms.Form):
    """The number of the certificate that the labour authority issued."""

    number = ProseField(label="证书编号", max_length=30, help_text="22位，第16位表示等级")

    def clean_number(self) -> str:
        return self.cleaned_data["number"].replace(" ", "").upper()
