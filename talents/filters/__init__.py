"""The questions one may ask of the lists of rounds and nominations; the same for page and API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone

from organizations.models import Organization
from organizations.names import is_named
from pages.filters import ByName, choice_filter, search_filter
from policies.rules.verdicts import UNCHECKED, VERDICTS, Overall, with_code
from talents.models import (
    AWAITED,
    AWAITS_UNIT,
    AssessmentRun,
    Certificate,
    Draw,
    Employment,
    Expert,
    Honour,
    Nomination,
    NoticeEntry,
    Objection,
    Person,
    PersonCompletion,
    PublicNotice,
    QuotaAllocation,
    Review,
    SelectionRound,
    SkillLevel,
)
from talents.models.honours import FIRST_YEAR, LAST_YEAR
from talents.selectors.honours import tiers_held
from talents.selectors.nominations import in_the_pool, never_judged, with_verdict
from talents.selectors.results import ResultQuestion, results_for_list

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from organizations.models import User
    from policies.library.policy import Criterion

RETURNED, POOL = "returned", "pool"
OBJECTION_STAGES = [("open", "未办结"), ("closed", "已办结")]
IN_POOL = [("yes", "在库"), ("no", "已出库")]
HONOUR_STANDING = [("valid", "有效"), ("revoked", "已撤销")]
FRONTLINE = [("yes", "一线"), ("no", "非一线")]
MOST_ROUNDS = 100
LEADING_KINDS = [
    Organization.Kind.CITY,
    Organization.Kind.DISTRICT,
    Organization.Kind.INDUSTRY,
    Organization.Kind.GROUP,
    Organization.Kind.STREET,
]


class RoundFilter(django_filters.FilterSet):
    """Rounds by name, year and state."""

    q = search_filter("名称", "名称中的字")
    year = django_filters.NumberFilter(label="年度", min_value=2000, max_value=2100)
    state = django_filters.ChoiceFilter(
        label="状态", choices=SelectionRound.State.choices, empty_label="全部"
    )
    code = django_filters.CharFilter(
        label="编码", lookup_expr="exact", max_length=60, widget=forms.HiddenInput
    )

    class Meta:
        model = SelectionRound
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(name__icontains=value.strip())


class PersonFilter(ByName):
    """Persons by name and sex."""

    sex = choice_filter("性别", choices=Person.Sex.choices)

    class Meta:
        model = Person
        fields = ()


class OfPerson(ByName):
    """Rows about a person, by the person's name."""

    NAMED_BY = "person__"


class RunFilter(django_filters.FilterSet):
    """Eligibility checks by round and status."""

    round = django_filters.CharFilter(label="轮次编码", field_name="round__code", max_length=60)
    status = django_filters.ChoiceFilter(
        label="状态", choices=AssessmentRun.Status.choices, empty_label="全部"
    )

    class Meta:
        model = AssessmentRun
        fields = ()


class QuotaFilter(django_filters.FilterSet):
    """Places by round and body."""

    q = search_filter("组织", "组织名称、拼音或首字母")
    round = django_filters.CharFilter(label="轮次编码", field_name="round__code", max_length=60)
    organization = django_filters.CharFilter(
        label="组织编码", field_name="organization__code", max_length=40
    )

    class Meta:
        model = QuotaAllocation
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_named(value, route="organization__"))


class CertificateFilter(OfPerson):
    """Certificates by person, level and number."""

    level = choice_filter("技能等级", choices=SkillLevel.choices)
    number = django_filters.CharFilter(label="证书编号", max_length=30)
    person = django_filters.NumberFilter(label="人员", min_value=1, widget=forms.HiddenInput)

    class Meta:
        model = Certificate
        fields = ()


class PublicHonourFilter(OfPerson):
    """The register by name, title, year and certificate; what everybody may ask."""

    tier = choice_filter("称号", method="by_tier")
    year = django_filters.NumberFilter(label="年度", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    state = choice_filter("状态", choices=HONOUR_STANDING, method="by_standing")
    number = django_filters.CharFilter(
        label="证书编号", field_name="certificate_number", lookup_expr="iexact", max_length=40
    )

    class Meta:
        model = Honour
        fields = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["tier"].extra["choices"] = tiers_held()

    def by_tier(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        scheme, _, tier = value.partition(":")
        return rows.filter(scheme=scheme, tier=tier)

    def by_standing(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        revoked = rows.model.State.REVOKED
        return rows.filter(state=revoked) if value == revoked else rows.exclude(state=revoked)


class ExpertFilter(django_filters.FilterSet):
    """The pool by code, name, trade, and whether somebody is still in it."""

    q = search_filter("专家", "编号、姓名或专业")
    in_pool = choice_filter("在库", choices=IN_POOL, method="by_pool")

    class Meta:
        model = Expert
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        text = value.strip()
        is_meant = Q(code__iexact=text) | Q(name__icontains=text) | Q(fields__icontains=text)
        return rows.filter(is_meant)

    def by_pool(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        left = Q(left_on__lte=timezone.localdate())
        return rows.filter(~left | Q(left_on=None)) if value == "yes" else rows.filter(left)


class DrawFilter(django_filters.FilterSet):
    """Draws by round and state."""

    round = django_filters.CharFilter(label="轮次编码", field_name="round__code", max_length=60)
    state = choice_filter("状态", choices=Draw.State.choices)

    class Meta:
        model = Draw
        fields = ()


class ReviewFilter(django_filters.FilterSet):
    """One's own papers by round and status."""

    round = choice_filter("轮次", field_name="nomination__round__code")
    status = choice_filter("状态", choices=Review.Status.choices)

    class Meta:
        model = Review
        fields = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = Review.objects.visible_to(self.request.user).order_by("-nomination__round__year")
        told = rows.values_list("nomination__round__code", "nomination__round__name")
        self.filters["round"].extra["choices"] = told.distinct()[:MOST_ROUNDS]


class PublicNoticeFilter(django_filters.FilterSet):
    """Lists by name of the round and state."""

    q = search_filter("公示", "轮次名称中的字")
    state = choice_filter("状态", choices=PublicNotice.State.choices[1:])

    class Meta:
        model = PublicNotice
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(round__name__icontains=value.strip())


class EntryFilter(django_filters.FilterSet):
    """Lines of lists by name."""

    q = search_filter("姓名", "姓名中的字")

    class Meta:
        model = NoticeEntry
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(name__icontains=value.strip())


class ObjectionFilter(django_filters.FilterSet):
    """Objections by receipt, category and state."""

    q = search_filter("受理编号", "受理编号或姓名")
    category = choice_filter("类别", choices=Objection.Category.choices)
    state = choice_filter("状态", choices=Objection.State.choices)
    stage = choice_filter("办理", choices=OBJECTION_STAGES, method="by_stage")

    class Meta:
        model = Objection
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        text = value.strip()
        return rows.filter(Q(receipt__iexact=text) | Q(entry__name__icontains=text))

    def by_stage(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        is_open = Q(state__in=["received", "looked-into"])
        return rows.filter(is_open if value == "open" else ~is_open)


class EmploymentFilter(OfPerson):
    """Segments of working life by person and by the nomination they were filed with."""

    frontline = choice_filter("岗位", choices=FRONTLINE, method="by_line")
    person = django_filters.NumberFilter(label="人员", min_value=1, widget=forms.HiddenInput)
    nomination = django_filters.NumberFilter(label="推荐", min_value=1, widget=forms.HiddenInput)

    class Meta:
        model = Employment
        fields = ()

    def by_line(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_frontline=value == "yes")


class CompletionFilter(OfPerson):
    """What imports added to the files of persons."""

    class Meta:
        model = PersonCompletion
        fields = ()


class NominationFilter(OfPerson):
    """Nominations over all rounds, by person, body, state and latest verdict."""

    body = django_filters.ChoiceFilter(
        label="所属工会", field_name="unit__path", lookup_expr="startswith", empty_label="全部"
    )
    round = django_filters.ChoiceFilter(label="轮次", field_name="round__code", empty_label="全部")
    stage = django_filters.ChoiceFilter(
        label="轮次状态",
        field_name="round__state",
        choices=SelectionRound.State.choices,
        empty_label="全部",
    )
    state = django_filters.ChoiceFilter(
        label="状态",
        choices=[*Nomination.State.choices, (RETURNED, AWAITED), (POOL, "人才库（推荐未入选）")],
        method="by_state",
        empty_label="全部",
    )
    verdict = django_filters.ChoiceFilter(
        label="核验结果", choices=list(VERDICTS.items()), method="by_verdict", empty_label="全部"
    )

    class Meta:
        model = Nomination
        fields = ()

    def __init__(self, *args: Any, user: User | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user = user or self.request.user
        if "round" in self.filters:
            rounds = SelectionRound.objects.visible_to(user).order_by("-year", "-pk")
            self.filters["round"].extra["choices"] = rounds.values_list("code", "name")[
                :MOST_ROUNDS
            ]
        bodies = Organization.objects.visible_to(user).filter(kind__in=LEADING_KINDS)
        choices = [
            (o.path, f"{'　' * max(o.depth - 1, 0)}{o.name}") for o in bodies.order_by("path")
        ]
        if len(choices) > 1:
            self.filters["body"].extra["choices"] = choices
        else:
            del self.filters["body"]

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == POOL:
            return in_the_pool(rows)
        return rows.filter(AWAITS_UNIT) if value == RETURNED else rows.filter(state=value)

    def by_verdict(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        overall = with_code(value)
        return never_judged(rows) if overall is None else with_verdict(rows, overall)


class RoundNominationFilter(NominationFilter):
    """Nominations of one round; verdict and criterion are asked of its current ``run``.

    Each criterion has its bit in the order of ``criteria``, which is that of the run's edition.
    """

    round = stage = None  # the page is that of one round
    missed = django_filters.ChoiceFilter(
        label="未满足的条件", method="unchanged", empty_label="全部"
    )

    def __init__(
        self,
        *args: Any,
        run: AssessmentRun | None,
        criteria: Iterable[Criterion] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.run = run
        judged = {bit: c for bit, c in enumerate(criteria) if c.comparison is not None}
        self.bits = {c.code: bit for bit, c in judged.items()}
        if run is None:
            del self.filters["missed"], self.filters["verdict"]
            return
        self.filters["missed"].extra["choices"] = [
            ("不符合", [(f"{c.code}:unmet", c.title) for c in judged.values()]),
            (Overall.MISSING.label, [(f"{c.code}:missing", c.title) for c in judged.values()]),
        ]

    @property
    def question(self) -> ResultQuestion:
        """What is asked of the verdicts; known only after the form was found valid."""
        cleaned = getattr(self.form, "cleaned_data", {})
        code, _, kind = (cleaned.get("missed") or "").partition(":")
        mask = 1 << self.bits[code] if code else 0
        return ResultQuestion(
            overall=with_code(cleaned.get("verdict") or ""),
            missed=mask if kind == "unmet" else 0,
            missing=mask if kind == "missing" else 0,
        )

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        question = self.question
        if self.run is not None and question != ResultQuestion():
            queryset = results_for_list(self.user, self.run, question)
        return super().filter_queryset(queryset)

    def by_verdict(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return never_judged(rows, self.run) if value == UNCHECKED else rows

    def unchanged(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows
