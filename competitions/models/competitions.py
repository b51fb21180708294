"""Contests and the items they are held in; an item may be one stage of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from competitions.models.tiers import PLAIN, tier_words
from organizations.models import Organization, account_field
from organizations.roles import FILING, Role
from organizations.scoping import ScopedQuerySet
from policies.library.contests import ContestClass, ContestGroup, ContestLevel
from policies.models import PolicyEdition
from policies.wording import CONTEST_CLASSES, CONTEST_GROUPS, CONTEST_LEVELS
from workflow.corrections import Correctable
from workflow.texts.occupations import OCCUPATION_PATTERN, OCCUPATION_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

READERS = FILING | {Role.JUDGE}
FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_CHAIN, NO_CHAIN = 60, "未列入产业链"
LEVELS = [(level.value, CONTEST_LEVELS[level]) for level in ContestLevel]
CLASSES = [(kind.value, CONTEST_CLASSES[kind]) for kind in ContestClass]
GROUPS = [(group.value, CONTEST_GROUPS[group]) for group in ContestGroup]
#: A code stands in addresses and is kept as it was typed; it is found whatever its case.
CODE_PATTERN = r"[A-Za-z0-9一-鿿][A-Za-z0-9一-鿿._-]*"
CODE_WORDS = "编码应由汉字、字母、数字和“-”“_”“.”组成，以汉字、字母或数字开头"


def _dates(first: str, last: str) -> Q:
    return (
        Q(**{f"{first}__isnull": True})
        | Q(**{f"{last}__isnull": True})
        | Q(**{f"{last}__gte": F(first)})
    )


class Competition(models.Model):
    """One contest: whose it is, of what level and class, when one may enter."""

    ORGANIZATION_PATH = "organizer__path"
    VISIBLE_TO_ROLES = READERS
    #: Bodies below the organizer read of a contest once it is announced.
    VISIBLE_FROM_BELOW = ~Q(state="draft")
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "competition_moves_on_record": "refuse a move of the state without its record",
        "competition_begins_at_the_first_state": "refuse a new one in a later state",
    }
    CORRECTABLE = Correctable(
        (
            "name", "level", "contest_class", "chain", "starts_on", "ends_on", "entries_from",
            "entries_until", "document_number",
        ),
        organization="organizer",
    )  # fmt: skip

    class State(models.TextChoices):
        DRAFT = "draft", "筹备"
        ANNOUNCED = "announced", "已发布"
        CLOSED = "closed", "已办结"

    code = models.CharField("编码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=120)
    level = models.CharField("级别", max_length=20, choices=LEVELS)
    contest_class = models.CharField("类别", max_length=10, choices=CLASSES, blank=True)
    year = models.SmallIntegerField("年度")
    organizer = models.ForeignKey(
        Organization, models.PROTECT, related_name="competitions", verbose_name="主办单位"
    )
    #: As the list of the city writes it (``Chain``); what was typed before there was a list stays.
    chain = models.CharField("产业链", max_length=LONGEST_CHAIN, blank=True)
    document_number = models.CharField("通知文号", max_length=100, blank=True)
    starts_on = models.DateField("开始日期", null=True, blank=True)
    ends_on = models.DateField("结束日期", null=True, blank=True)
    entries_from = models.DateField("报名开始", null=True, blank=True)
    entries_until = models.DateField("报名截止（含当日）", null=True, blank=True)
    #: The rules of the contest; pinned once they are known, whatever comes later.
    edition = models.ForeignKey(
        PolicyEdition,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="参赛与晋升规则",
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    #: What level and class are to be once results are locked, who asks for it and why; somebody else agrees.
    asked_level = models.CharField(
        "拟更正的级别", max_length=20, choices=LEVELS, blank=True, db_default="", editable=False
    )
    asked_class = models.CharField(
        "拟更正的类别", max_length=10, choices=CLASSES, blank=True, db_default="", editable=False
    )
    kind_asked_by = account_field(
        "更正级别类别提出人", is_later=True, blank=True, editable=False, db_index=False
    )
    kind_asked_for = models.CharField(
        "更正级别类别事由", max_length=200, blank=True, db_default="", editable=False
    )
    edited_at = models.DateTimeField("更正时间", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "竞赛"
        ordering = ["-year", "code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "announced", "closed"]),
                name="competition_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in ContestLevel]),
                name="competition_level_is_known",
            ),
            models.CheckConstraint(
                condition=Q(contest_class__in=["", *(kind.value for kind in ContestClass)]),
                name="competition_class_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    asked_class="", asked_level="", kind_asked_by__isnull=True, kind_asked_for=""
                )
                | Q(~Q(asked_level=""), ~Q(kind_asked_for=""), kind_asked_by__isnull=False),
                name="competition_kind_is_asked_for_a_reason",
                violation_error_message="更正级别、类别须写明事由，由另一人同意",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=f"^{CODE_PATTERN}$"),
                name="competition_code_can_stand_in_an_address",
                violation_error_message=CODE_WORDS,
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="competition_has_a_name",
                violation_error_message="请填写竞赛名称",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                name="competition_year_is_plausible",
                violation_error_message="年度应在2000至2100之间",
            ),
            models.CheckConstraint(
                condition=_dates("starts_on", "ends_on"),
                name="competition_ends_after_it_starts",
                violation_error_message="结束日期不能早于开始日期",
            ),
            models.CheckConstraint(
                condition=_dates("entries_from", "entries_until"),
                name="competition_entries_end_after_they_begin",
                violation_error_message="报名截止不能早于报名开始",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-year", "code"], name="competition_by_year")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def published(cls) -> models.QuerySet[Competition]:
        """What the public may know of: all of contests that were announced."""
        return cls.objects.exclude(state=Competition.State.DRAFT)

    @property
    def kind_words(self) -> str:
        """市级二类."""
        return f"{self.get_level_display()}{self.get_contest_class_display()}"


class Item(models.Model):
    """One trade of a contest, or one stage of it: what is entered, marked, ranked and published."""

    ORGANIZATION_PATH = "competition__organizer__path"
    VISIBLE_TO_ROLES = READERS
    VISIBLE_FROM_BELOW = ~Q(competition__state="draft")
    NAMED_WITH = ("competition",)
    TRIGGERS: ClassVar = {
        "item_moves_on_record": "refuse a move of the state without its record",
        "item_begins_at_the_first_state": "refuse a new one in a later state",
        "item_stages_have_a_first": "refuse a stage that follows, over others, itself",
    }
    CORRECTABLE = Correctable(
        (
            "name", "occupation", "occupation_code", "entry_tier", "group", "team_size", "stage",
            "follows", "places", "starts_on", "ends_on", "venue",
        ),
        organization="competition.organizer",
    )  # fmt: skip

    VALUES_IN_WORDS: ClassVar = {"entry_tier": tier_words}

    class State(models.TextChoices):
        OPEN = "open", "报名、评分"
        CHECKED = "checked", "待第二人锁定"
        LOCKED = "locked", "成绩已锁定"
        PUBLISHED = "published", "成绩已公布"

    class Stage(models.TextChoices):
        PRELIMINARY = "preliminary", "初赛"
        SEMIFINAL = "semifinal", "复赛"
        FINAL = "final", "决赛"

    competition = models.ForeignKey(
        Competition, models.PROTECT, related_name="items", verbose_name="竞赛"
    )
    #: In these, codes of works and marks are read with names.
    DECODED: ClassVar = (State.LOCKED, State.PUBLISHED)

    code = models.CharField("项目编码", max_length=40, unique=True)
    name = models.CharField("项目", max_length=60)
    occupation = models.CharField("职业（工种）", max_length=60, blank=True)
    #: Where it is told, it says which trade this is, however the trade is called.
    occupation_code = models.CharField(
        "职业编码",
        max_length=20,
        blank=True,
        validators=[RegexValidator(rf"^{OCCUPATION_PATTERN}\Z", OCCUPATION_WORDS)],
        help_text="如6-18-02-04；填写的，同一职业一年晋升一次按编码判断",
    )
    #: The tier of the rules whose criteria entrants are held against.
    entry_tier = models.CharField("参赛资格", max_length=40, default=PLAIN[0])
    group = models.CharField(
        "组别", max_length=10, choices=GROUPS, default=ContestGroup.WORKERS.value
    )
    team_size = models.SmallIntegerField("每队人数", default=1, help_text="1为个人项目")
    stage = models.CharField("赛段", max_length=12, choices=Stage, default=Stage.FINAL)
    follows = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="later_stages",
        verbose_name="由哪个赛段晋级",
    )
    places = models.PositiveIntegerField("晋级名额", null=True, blank=True)
    starts_on = models.DateField("开始日期", null=True, blank=True)
    ends_on = models.DateField("结束日期", null=True, blank=True)
    venue = models.CharField("赛场", max_length=60, blank=True)
    #: From which the numbers of entrants were drawn, so that the draw can be repeated.
    draw_seed = models.CharField("抽签种子", max_length=64, blank=True, editable=False)
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    #: Who drew the codes of the works, and alone knows whose they are until the marks are locked.
    coded_by = account_field("加密人", is_later=True, blank=True, editable=False, db_index=False)
    #: Who locked first: the second is somebody else.
    checked_by = account_field(
        "第一锁定人", is_later=True, blank=True, editable=False, db_index=False
    )
    locked_by = account_field(
        "第二锁定人", is_later=True, blank=True, editable=False, db_index=False
    )
    #: Who asks to open marks again whose names are read by now, and why; somebody else agrees.
    reopen_asked_by = account_field(
        "退回重评提出人", is_later=True, blank=True, editable=False, db_index=False
    )
    reopen_reason = models.CharField(
        "退回重评事由", max_length=200, blank=True, db_default="", editable=False
    )
    edited_at = models.DateTimeField("更正时间", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "竞赛项目"
        ordering = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stage__in=["preliminary", "semifinal", "final"]),
                name="item_stage_is_known",
            ),
            models.CheckConstraint(
                condition=Q(group__in=[group.value for group in ContestGroup]),
                name="item_group_is_known",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=f"^{CODE_PATTERN}$"),
                name="item_code_can_stand_in_an_address",
                violation_error_message=CODE_WORDS,
            ),
            models.CheckConstraint(
                condition=Q(occupation_code="")
                | Q(occupation_code__regex=f"^{OCCUPATION_PATTERN}$"),
                name="item_occupation_code_is_of_the_national_list",
                violation_error_message=OCCUPATION_WORDS,
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="item_has_a_name",
                violation_error_message="请填写项目名称",
            ),
            models.CheckConstraint(
                condition=Q(team_size__gte=1),
                name="item_team_has_members",
                violation_error_message="每队至少1人",
            ),
            models.CheckConstraint(
                condition=_dates("starts_on", "ends_on"),
                name="item_ends_after_it_starts",
                violation_error_message="结束日期不能早于开始日期",
            ),
            models.CheckConstraint(
                condition=Q(follows__isnull=True) | ~Q(follows=F("id")),
                name="item_does_not_follow_itself",
                violation_error_message="不能由本赛段晋级本赛段",
            ),
            models.CheckConstraint(
                condition=Q(coded_by__isnull=True)
                | (Q(checked_by__isnull=True) | ~Q(checked_by=F("coded_by")))
                & (Q(locked_by__isnull=True) | ~Q(locked_by=F("coded_by"))),
                name="item_is_not_locked_by_who_coded_it",
                violation_error_message="加密人知道作品是谁的，不能锁定成绩",
            ),
            models.CheckConstraint(
                condition=Q(reopen_asked_by__isnull=True, reopen_reason="")
                | Q(~Q(reopen_reason=""), state="locked", reopen_asked_by__isnull=False),
                name="item_reopening_is_asked_of_locked_marks",
                violation_error_message="成绩锁定之后才须申请退回重评，并写明事由",
            ),
            models.CheckConstraint(
                condition=Q(state="open", checked_by__isnull=True, locked_by__isnull=True)
                | Q(state="checked", checked_by__isnull=False, locked_by__isnull=True)
                | Q(
                    ~Q(checked_by=F("locked_by")),
                    state__in=["locked", "published"],
                    checked_by__isnull=False,
                    locked_by__isnull=False,
                ),
                name="item_is_locked_by_two",
                violation_error_message="成绩须由两人先后锁定，第二人不能是第一人",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def published(cls) -> models.QuerySet[Item]:
        """What the public may know of: all of contests that were announced."""
        return cls.objects.exclude(competition__state=Competition.State.DRAFT)

    def is_of_its_trade(self) -> Q:
        """Promotions in the same trade: of the same code, where both tell one, or called the same."""
        return Q(occupation=self.trade) | Q(occupation_code=self.occupation_code) & ~Q(
            occupation_code=""
        )

    @classmethod
    def trades_called(cls, item: Item) -> set[str]:
        """How the trade of an item is called: by itself, and by published items of the same code."""
        same = cls.published().filter(occupation_code=item.occupation_code)
        names = same.values_list("occupation", "name") if item.occupation_code else ()
        return {item.trade, *(occupation or name for occupation, name in names)}

    @property
    def trade(self) -> str:
        """How the trade is called: as the item itself, where nothing else is told."""
        return self.occupation or self.name

    @property
    def tier_words(self) -> str:
        """国赛项目."""
        return tier_words(self.entry_tier)

    @property
    def in_records(self) -> str:
        return f"竞赛项目“{self.name}”（{self.code}）"

    @property
    def days(self) -> tuple[date, date] | None:
        """From when to when it is held: on its own days, or on those of its contest while it has none."""
        dated: Item | Competition = self if self.starts_on else self.competition
        return (dated.starts_on, dated.ends_on or dated.starts_on) if dated.starts_on else None

    @property
    def is_settled(self) -> bool:
        """Whether marks are closed, or were when a board was published that is mended now."""
        return self.state != self.State.OPEN or self.boards.exists()

    @property
    def is_decoded(self) -> bool:
        """Whether works may be seen beside names: two have locked the marks."""
        return self.state in self.DECODED


def with_codes(rows: models.QuerySet[Any], codes: Iterable[str]) -> models.QuerySet[Any]:
    """Of contests or items those with one of these codes, given in capitals; their own case is of no account."""
    return rows.annotate(upper_code=Upper("code")).filter(upper_code__in=codes)
