"""The questions one may ask of contests, items, entries and marks; the same for page and API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Q

from competitions.models import (
    Appeal,
    Arbiter,
    Aspect,
    Award,
    Board,
    BoardLine,
    Chain,
    Competition,
    Entry,
    Item,
    Judge,
    Mark,
    Promotion,
    Scheme,
    Terms,
    Trial,
    TypedSheet,
)
from competitions.models.competitions import (
    CLASSES,
    FIRST_YEAR,
    GROUPS,
    LAST_YEAR,
    LEVELS,
    LONGEST_CHAIN,
    NO_CHAIN,
)
from competitions.permissions.parties import NO_PARTY, is_others_affair
from competitions.selectors.awards import awaits_awards
from competitions.selectors.competitions import is_called
from competitions.selectors.pool import WAYS, pool_in_scope
from pages.filters import ByName, YesNoFilter, choice_filter, search_filter
from talents.models import Person

if TYPE_CHECKING:
    from django.db.models import QuerySet

HELD = "held"


def chain_choices() -> list[tuple[str, str]]:
    """All, each name that stands anywhere, and those along none."""
    names = Chain.names_for_all()
    return [("", "全部"), *((name, name) for name in names), (NO_CHAIN, NO_CHAIN)]


def chain_filter() -> django_filters.CharFilter:
    """The chain of a contest by its name."""
    return django_filters.CharFilter(label="产业链", method="by_chain", max_length=LONGEST_CHAIN)


def year_filter(contest: str = "") -> django_filters.NumberFilter:
    """The year of a contest; ``contest`` is the way to it from the rows."""
    return django_filters.NumberFilter(
        label="年度", field_name=f"{contest}year", min_value=FIRST_YEAR, max_value=LAST_YEAR
    )


class AlongChains(django_filters.FilterSet):
    """Rows of contests, by year and by chain."""

    CONTEST = ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["chain"].extra["widget"] = forms.Select(choices=chain_choices())

    def by_chain(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(**{f"{self.CONTEST}chain": "" if value == NO_CHAIN else value})


class CompetitionFilter(AlongChains):
    """Contests by name, level, class, year and how far they are."""

    q = search_filter("名称", "名称、编码或产业链")
    year = year_filter()
    level = choice_filter("级别", choices=LEVELS)
    contest_class = choice_filter("类别", choices=CLASSES)
    chain = chain_filter()
    state = choice_filter(
        "状态", choices=[*Competition.State.choices, (HELD, "已发布和已办结")], method="by_state"
    )

    class Meta:
        model = Competition
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_called(value) | Q(chain__contains=value))

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == HELD:
            return rows.exclude(state=Competition.State.DRAFT)
        return rows.filter(state=value)


class ItemFilter(AlongChains):
    """Items by name, contest, group, stage and how far they are."""

    CONTEST = "competition__"

    q = search_filter("项目", "项目、竞赛名称、编码或职业（工种）")
    year = year_filter(CONTEST)
    chain = chain_filter()
    group = choice_filter("组别", choices=GROUPS)
    stage = choice_filter("赛段", choices=Item.Stage.choices)
    state = choice_filter("状态", choices=Item.State.choices)
    awards = choice_filter("授奖", choices=[("due", "待授奖")], method="by_awards")
    party = choice_filter("回避", choices=[(NO_PARTY, "不须本人回避")], method="by_party")

    class Meta:
        model = Item
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        found = is_called(value) | is_called(value, "competition__")
        return rows.filter(found | Q(occupation__contains=value))

    def by_awards(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(awaits_awards())

    def by_party(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_others_affair(self.request.user))


class EntryFilter(ByName):
    """Entrants by name, number and whether they stand."""

    NAMED_BY = "person__"

    number = django_filters.CharFilter(label="参赛号", max_length=20)
    state = choice_filter("状态", choices=Entry.State.choices)

    class Meta:
        model = Entry
        fields = ()


class ChainFilter(django_filters.FilterSet):
    """Chains by name, and whether they are still listed."""

    q = search_filter("产业链", "名称或列入依据")
    standing = choice_filter(
        "状态", choices=[("now", "在用"), ("ended", "已停用")], method="by_standing"
    )

    class Meta:
        model = Chain
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(Q(name__contains=value) | Q(basis__contains=value))

    def by_standing(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_current=value == "now")


class ParticipationFilter(AlongChains, EntryFilter):
    """Entrants of all contests by year and chain."""

    CONTEST = "item__competition__"

    year = year_filter(CONTEST)
    chain = chain_filter()

    class Meta:
        model = Entry
        fields = ()


class WorkFilter(django_filters.FilterSet):
    """Works by code: whoever types a sheet asks for no name and no number of an entrant."""

    number = django_filters.CharFilter(label="加密号", field_name="work_code", max_length=20)

    class Meta:
        model = Entry
        fields = ()


class SheetFilter(WorkFilter):
    """The same where sheets are typed: what a scanner types in opens the sheet itself."""

    number = django_filters.CharFilter(
        label="加密号或条形码",
        field_name="work",
        max_length=30,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )


class OfItem(django_filters.FilterSet):
    """Rows of an item, by its name or code."""

    ROUTE = "item__"

    q = search_filter("项目", "项目名称或编码")

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_called(value, self.ROUTE))


class SchemeFilter(OfItem):
    """Versions of schemes by item."""

    class Meta:
        model = Scheme
        fields = ()


class AspectFilter(OfItem):
    """Aspects by item and method."""

    ROUTE = "scheme__item__"

    method = choice_filter("方法", choices=Aspect.Method.choices)

    class Meta:
        model = Aspect
        fields = ()


class MarkFilter(OfItem):
    """Marks by item, entrant's number and whether they count."""

    ROUTE = "entry__item__"

    number = django_filters.CharFilter(label="参赛号", field_name="entry__number", max_length=20)
    is_superseded = YesNoFilter(label="已由重评代替")

    class Meta:
        model = Mark
        fields = ()


class JudgeFilter(OfItem):
    """Judges by item."""

    class Meta:
        model = Judge
        fields = ()


class ArbiterFilter(OfItem):
    """Members of arbitration groups by contest."""

    ROUTE = "competition__"

    class Meta:
        model = Arbiter
        fields = ()


class BoardFilter(OfItem):
    """Boards by item."""

    class Meta:
        model = Board
        fields = ()


class BoardLineFilter(OfItem):
    """Lines of boards by item and medal."""

    ROUTE = "board__item__"

    medal = choice_filter("奖牌", choices=BoardLine.Medal.choices)

    class Meta:
        model = BoardLine
        fields = ()


class ReserveFilter(OfItem):
    """Who is in reserve, for which contests, from which year."""

    ROUTE = "board__item__"

    tier = choice_filter(
        "后备",
        choices=[("national", "国赛"), ("worldskills", "世赛")],
        field_name="board__item__entry_tier",
        lookup_expr="startswith",
    )
    year = year_filter("board__item__competition__")

    class Meta:
        model = BoardLine
        fields = ()


class PoolFilter(ByName):
    """Persons of the pool by name and by the way they came into it."""

    way = choice_filter("入库依据", choices=WAYS, method="by_way")

    class Meta:
        model = Person
        fields = ()

    def by_way(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(pk__in=pool_in_scope(self.request.user, value).values("pk"))


class AwardFilter(OfItem):
    """Awards by item, kind, year and name."""

    ROUTE = "line__board__item__"

    name = django_filters.CharFilter(label="获奖者", max_length=60)
    kind = choice_filter("奖项", choices=Award.Kind.choices)
    year = year_filter("line__board__item__competition__")

    class Meta:
        model = Award
        fields = ()


class TypedSheetFilter(OfItem):
    """Typed sheets by item and number."""

    ROUTE = "entry__item__"

    number = django_filters.CharFilter(label="参赛号", field_name="entry__number", max_length=20)

    class Meta:
        model = TypedSheet
        fields = ()


class TermsFilter(OfItem):
    """Terms by contest."""

    ROUTE = "competition__"

    class Meta:
        model = Terms
        fields = ()


class TrialFilter(OfItem):
    """Contests that decide trades of rounds, by item."""

    class Meta:
        model = Trial
        fields = ()


class AppealFilter(OfItem):
    """Appeals by item and how they stand."""

    state = choice_filter("状态", choices=Appeal.State.choices)

    class Meta:
        model = Appeal
        fields = ()


class PromotionFilter(ByName):
    """Proposals by name and how they stand."""

    NAMED_BY = "person__"

    state = choice_filter("状态", choices=Promotion.State.choices)

    class Meta:
        model = Promotion
        fields = ()


class RisenFilter(AlongChains, PromotionFilter):
    """Proposals of all contests by year and chain."""

    CONTEST = "item__competition__"

    year = year_filter(CONTEST)
    chain = chain_filter()

    class Meta:
        model = Promotion
        fields = ()
