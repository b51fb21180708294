"""Registering and correcting contests and items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, Q, When

from competitions.models import Chain, Competition, Item
from competitions.models.competitions import CODE_PATTERN, CODE_WORDS
from competitions.models.tiers import OPEN_TO_ALL, PLAIN
from competitions.permissions import KEEPERS
from competitions.rules.career import stages_before
from organizations.models import Organization
from organizations.scoping import bodies_where
from pages.forms import CorrectionFields, OccupationField, ProseField, Section, from_model
from workflow.texts.folding import fold_code

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User
    from policies.library.policy import Policy

FACTS = Competition.CORRECTABLE.fields
ITEM_FACTS = Item.CORRECTABLE.fields


class CodeField(ProseField):
    """A code that can stand in an address and is not taken, in whatever case."""

    def __init__(self, model: type[Competition | Item], **options: Any) -> None:
        super().__init__(max_length=40, **options)
        self.model = model

    def clean(self, value: Any) -> str:
        code = fold_code(super().clean(value) or "")
        if not forms.CharField(required=True).clean(code) or not _fits(code):
            raise ValidationError(CODE_WORDS, code="code-unusable")
        if self.model._default_manager.filter(code__iexact=code).exists():
            raise ValidationError(f"编码“{code}”已使用", code="code-repeated")
        return code


def _fits(code: str) -> bool:
    return forms.RegexField(f"^{CODE_PATTERN}$").regex.match(code) is not None


def _in_order(form: forms.Form, first: str, last: str, words: str) -> None:
    begun, ended = form.cleaned_data.get(first), form.cleaned_data.get(last)
    if begun and ended and ended < begun:
        form.add_error(last, words)


class CompetitionForm(from_model(Competition, FACTS)):  # type: ignore[misc]
    """What is on file about a contest."""

    SECTIONS = (
        Section("竞赛", ("code", "name", "level", "contest_class", "organizer", "year")),
        Section("安排", ("starts_on", "ends_on", "entries_from", "entries_until")),
        Section("依据", ("document_number", "chain")),
    )

    chain = forms.ChoiceField(
        label="产业链", required=False, help_text="由市总工会列入清单；清单没有的，请先列入"
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        listed = Chain.listed_to(user)
        choices = [("", "不列入产业链"), *((name, name) for name in listed)]
        now = self.initial.get("chain")
        if (
            now and now not in listed
        ):  # typed before there was a list: it stays until another is chosen
            choices.append((now, f"{now}（未列入清单）"))
        self.fields["chain"].choices = choices

    def clean(self) -> None:
        _in_order(self, "starts_on", "ends_on", "结束日期不能早于开始日期")
        _in_order(self, "entries_from", "entries_until", "报名截止不能早于报名开始")

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}


class NewCompetitionForm(CompetitionForm):
    """A contest that is not on file yet."""

    code = CodeField(Competition, label="编码", help_text="如年份、主办单位和序号，登记后不改")
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    organizer = forms.ModelChoiceField(label="主办单位", queryset=Organization.objects.none())

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        held = [body.pk for body in bodies_where(user, KEEPERS)]
        bodies = Organization.objects.visible_to(user).filter(pk__in=held)
        self.fields["organizer"].queryset = bodies.order_by("path")
        self.initial.setdefault("organizer", bodies.first())


class CompetitionCorrectionForm(CorrectionFields, CompetitionForm):  # type: ignore[misc]
    """The same, with the reason."""

    field_order = (*FACTS, "note")


#: How many years back a stage may lie that leads to one of this year.
YEARS_OF_STAGES = 2


class EarlierStageField(forms.ModelChoiceField):
    """A stage by its contest, its name and its code: trades are called alike in every contest."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.competition} {obj}（{obj.get_stage_display()}，{obj.code}）"


class ItemForm(from_model(Item, ITEM_FACTS)):  # type: ignore[misc]
    """What is on file about an item."""

    SECTIONS = (
        Section("项目", ("code", "name", "occupation", "occupation_code", "entry_tier", "group", "team_size")),
        Section("赛段", ("stage", "follows", "places", "starts_on", "ends_on", "venue")),
    )  # fmt: skip

    occupation_code = OccupationField(
        label="职业编码",
        required=False,
        max_length=30,
        help_text=Item._meta.get_field("occupation_code").help_text,
    )
    entry_tier = forms.ChoiceField(label="参赛资格")
    follows = EarlierStageField(
        label="由哪个赛段晋级", queryset=Item.objects.none(), required=False, empty_label="不由其他赛段晋级"
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        user: User,
        policy: Policy | None,
        contest: Competition,
        item: Item | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.item = item
        tiers = [(tier.code, tier.title) for tier in policy.tiers] if policy else []
        self.fields["entry_tier"].choices = [*(tiers or [PLAIN]), OPEN_TO_ALL]
        self.initial.setdefault("entry_tier", PLAIN[0])
        self.fields["follows"].queryset = self._stages(user, contest)

    def _stages(self, user: User, contest: Competition) -> QuerySet[Item]:
        """What an item may come after: of the same contest first, then of the others of these years."""
        near = Q(competition__year__range=(contest.year - YEARS_OF_STAGES, contest.year))
        if self.item:
            near |= Q(pk=self.item.follows_id)
        rows = Item.objects.visible_to(user).filter(near).select_related("competition")
        rows = rows.exclude(pk=self.item.pk) if self.item else rows
        elsewhere = Case(When(competition=contest, then=0), default=1)
        return rows.order_by(elsewhere, "-competition__year", "competition__code", "code")

    def clean(self) -> None:
        _in_order(self, "starts_on", "ends_on", "结束日期不能早于开始日期")
        earlier = self.cleaned_data.get("follows")
        if self.item and earlier and self.item in stages_before(earlier):
            message = f"“{earlier}”由“{self.item}”晋级而来，不能再晋级到“{self.item}”"
            self.add_error("follows", message)

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ITEM_FACTS}


class NewItemForm(ItemForm):
    """An item that is not on file yet."""

    code = CodeField(Item, label="项目编码", help_text="如竞赛编码加序号，登记后不改")


class ItemCorrectionForm(CorrectionFields, ItemForm):  # type: ignore[misc]
    """The same, with the reason."""

    field_order = (*ITEM_FACTS, "note")


def facts_of(row: Chain | Competition | Item) -> dict[str, Any]:
    """What a correction is opened with."""
    names = (*row.CORRECTABLE.fields, "version")
    return {name: getattr(row, name) for name in names}
