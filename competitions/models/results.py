"""What became of an item: boards as they were published, appeals against them, who rises by them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from competitions.models.competitions import READERS, Item
from competitions.models.entries import Entry
from competitions.models.schemes import Scheme
from organizations.models import account_field
from organizations.rights import APPEND_ONLY, KEPT
from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet
from policies.models import PolicyEdition
from talents.models import Certificate, Person, SkillLevel


class Board(models.Model):
    """One edition of a published board: frozen, whatever is marked anew afterwards."""

    RIGHTS = APPEND_ONLY
    ORGANIZATION_PATH = "item__competition__organizer__path"
    VISIBLE_TO_ROLES = READERS
    VISIBLE_FROM_BELOW = ~Q(item__competition__state="draft")

    item = models.ForeignKey(Item, models.PROTECT, related_name="boards", verbose_name="项目")
    number = models.SmallIntegerField("版次")
    scheme = models.ForeignKey(
        Scheme, models.PROTECT, related_name="+", verbose_name="评分方案", db_index=False
    )
    reason = models.CharField("说明", max_length=200, blank=True)
    #: SHA-256 over its lines, so that a printed board can be held against this one.
    digest = models.CharField("摘要值（SHA-256）", max_length=64)
    published_at = models.DateTimeField("公布时间")
    published_by = account_field("公布人", db_index=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "成绩榜"
        ordering = ["item", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "number"],
                name="board_once_per_edition",
                violation_error_message="该版成绩榜已公布，请刷新页面",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="board_is_numbered_from_one"),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="board_digest_is_sha256"
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""),
                name="board_published_again_says_why",
                violation_error_message="再次公布须写明事由",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}成绩榜第{self.number}版"

    @classmethod
    def published(cls) -> models.QuerySet[Board]:
        """What the public may know of: all of contests that were announced."""
        return cls.objects.exclude(item__competition__state="draft")

    @classmethod
    def with_standing(cls, rows: models.QuerySet[Board]) -> models.QuerySet[Any]:
        """Each with ``latest``, the newest edition of its item, and ``is_contested``, while an appeal waits."""
        newest = cls.objects.filter(item=OuterRef("item")).order_by("-number").values("number")[:1]
        waiting = Appeal.objects.filter(item=OuterRef("item"), state=Appeal.State.FILED)
        return rows.annotate(latest=Subquery(newest), is_contested=Exists(waiting))


class BoardLine(models.Model):
    """One line of a board, with the name and the unit as they stood then."""

    RIGHTS = APPEND_ONLY
    TELLS_OF_PERSONS = True
    ABOUT = ("entry__person__identity_digest",)
    ORGANIZATION_PATH = "board__item__competition__organizer__path"
    VISIBLE_TO_ROLES = READERS
    VISIBLE_FROM_BELOW = ~Q(board__item__competition__state="draft")

    class Medal(models.TextChoices):
        GOLD = "gold", "金牌"
        SILVER = "silver", "银牌"
        BRONZE = "bronze", "铜牌"

    board = models.ForeignKey(
        Board, models.PROTECT, related_name="lines", verbose_name="成绩榜", db_index=False
    )
    entry = models.ForeignKey(
        Entry, models.PROTECT, related_name="board_lines", verbose_name="参赛人"
    )
    rank = models.IntegerField("名次")
    total = models.DecimalField("成绩", max_digits=5, decimal_places=2)
    medal = models.CharField("奖牌", max_length=6, choices=Medal, blank=True)
    number = models.CharField("参赛号", max_length=20, blank=True)
    name = models.CharField("姓名", max_length=60)
    employer = models.CharField("单位", max_length=120, blank=True)
    team = models.CharField("队名", max_length=60, blank=True)
    #: Points by module of the scheme, each half up to two digits; the total is not summed from them.
    modules = ArrayField(
        models.DecimalField(max_digits=5, decimal_places=2),
        verbose_name="各模块得分",
        default=list,
        blank=True,
    )

    objects = ScopedQuerySet.as_manager()
    #: On the scale of its board, where a page has worked that out.
    scaled: int | None = None

    class Meta:
        verbose_name = verbose_name_plural = "成绩榜名次"
        ordering = ["board", "rank", "number", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["board", "entry"], name="board_line_once_per_entry"),
            models.CheckConstraint(
                condition=Q(rank__gte=1, total__gte=0, total__lte=100),
                name="board_line_rank_and_total_are_possible",
            ),
            models.CheckConstraint(
                condition=Q(medal="")
                | Q(medal="gold", rank=1)
                | Q(medal="silver", rank=2)
                | Q(medal="bronze", rank=3),
                name="board_line_medal_follows_rank",
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.rank}名 {self.name}"

    @property
    def person(self) -> Person:
        return self.entry.person

    @classmethod
    def newest_of(cls, entries: models.QuerySet[Entry]) -> models.QuerySet[BoardLine]:
        """Of each of these entries its line on the newest board: boards are published to everybody."""
        lines = cls.objects.filter(entry__in=entries.order_by().values("pk"))
        newest = lines.order_by("entry_id", "-board__number").distinct("entry_id")
        return cls.objects.filter(pk__in=newest.values("pk"))


class Appeal(models.Model):
    """What an entrant or his unit holds against a board, and what the jury said to it."""

    TELLS_OF_PERSONS = True
    RIGHTS = KEPT
    ABOUT = ("entry__person__identity_digest",)
    ORGANIZATION_PATH = "item__competition__organizer__path"
    ALSO_SEEN_FROM = ("entry__unit__path",)
    VISIBLE_TO_ROLES = FILING
    NAMED_WITH = ("item", "entry")
    TRIGGERS: ClassVar = {
        "appeal_moves_on_record": "refuse a move of the state without its record",
        "appeal_begins_at_the_first_state": "refuse a new one in a later state",
    }

    class State(models.TextChoices):
        FILED = "filed", "待仲裁"
        UPHELD = "upheld", "成立"
        REJECTED = "rejected", "不成立"

    item = models.ForeignKey(Item, models.PROTECT, related_name="appeals", verbose_name="项目")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="appeals", verbose_name="参赛人")
    board = models.ForeignKey(
        Board, models.PROTECT, related_name="appeals", verbose_name="成绩榜", db_index=False
    )
    grounds = models.CharField("申诉理由", max_length=1000)
    state = models.CharField("状态", max_length=10, choices=State, default=State.FILED)
    filed_by = account_field("提出人", db_index=False)
    filed_at = models.DateTimeField("提出时间", auto_now_add=True)
    verdict = models.CharField("仲裁意见", max_length=1000, blank=True)
    #: Who of the arbitration group decided, by name as it was then.
    jury = models.CharField("参加仲裁的成员", max_length=400, blank=True)
    decided_by = account_field("仲裁人", is_later=True, blank=True, db_index=False)
    decided_at = models.DateTimeField("仲裁时间", null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申诉"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(state="filed"),
                name="appeal_one_at_a_time_per_entry",
                violation_error_message="该参赛人已有一件申诉正在仲裁",
            ),
            models.CheckConstraint(
                condition=~Q(grounds=""),
                name="appeal_says_why",
                violation_error_message="请写明申诉理由",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="filed", decided_by__isnull=True, decided_at__isnull=True, verdict=""
                )
                | Q(
                    ~Q(verdict="") & ~Q(decided_by=F("filed_by")),
                    state__in=["upheld", "rejected"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="appeal_is_decided_by_another_in_words",
                violation_error_message="仲裁须写明意见，提出申诉的人不能仲裁",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry}的申诉"

    @classmethod
    def against_taking_away(cls) -> models.QuerySet[Appeal]:
        """Upheld, of entrants who were off the board appealed against and have not come back since.

        Of a team that went on without them nobody comes back: their place was filled.
        """
        listed = BoardLine.objects.filter(
            entry=OuterRef("entry"), board__number__gte=OuterRef("board__number")
        )
        gone = cls.objects.filter(state=cls.State.UPHELD, entry__state__in=Entry.OUT)
        left_alone = Q(entry__state=Entry.State.WITHDRAWN, item__team_size__gt=1) & (
            Q(entry__captain__state=Entry.State.ENTERED)
            | Q(entry__captain__isnull=True, entry__number="")
        )
        return gone.exclude(left_alone).exclude(Exists(listed))

    @classmethod
    def to_mark_anew(cls) -> models.QuerySet[Appeal]:
        """Upheld, and no edition has been published since."""
        since = Board.objects.filter(
            item=OuterRef("item"), published_at__gte=OuterRef("decided_at")
        )
        upheld = cls.objects.filter(state=cls.State.UPHELD)
        return upheld.exclude(Exists(since.filter(number__gt=OuterRef("board__number"))))

    @classmethod
    def to_carry_out(cls) -> models.QuerySet[Appeal]:
        """Upheld, and what follows from it has not been done yet."""
        gone = cls.against_taking_away().order_by().values("pk")
        anew = cls.to_mark_anew().order_by().values("pk")
        return cls.objects.filter(Q(pk__in=gone) | Q(pk__in=anew))


class Promotion(models.Model):
    """A proposal that somebody rises by a place; once the certificate is here, the level is raised."""

    RIGHTS = KEPT
    TELLS_OF_PERSONS = True
    ORGANIZATION_PATH = "item__competition__organizer__path"
    ALSO_SEEN_FROM = ("entry__unit__path",)
    VISIBLE_TO_ROLES = FILING
    NAMED_WITH = ("item", "person")
    TRIGGERS: ClassVar = {
        "promotion_moves_on_record": "refuse a move of the state without its record",
        "promotion_begins_at_the_first_state": "refuse a new one in a later state",
    }

    class State(models.TextChoices):
        PROPOSED = "proposed", "待核发证书"
        CERTIFIED = "certified", "已晋升"
        REFUSED = "refused", "不予晋升"
        WITHDRAWN = "withdrawn", "已撤回"

    item = models.ForeignKey(Item, models.PROTECT, related_name="promotions", verbose_name="项目")
    entry = models.ForeignKey(
        Entry, models.PROTECT, related_name="promotions", verbose_name="参赛人", db_index=False
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="contest_promotions", verbose_name="人员",
        db_index=False,
    )  # fmt: skip
    occupation = models.CharField("职业（工种）", max_length=60)
    occupation_code = models.CharField("职业编码", max_length=20, blank=True, db_default="")
    year = models.SmallIntegerField("年度")
    rank = models.IntegerField("名次")
    present = models.CharField("现等级", max_length=1, choices=SkillLevel, blank=True)
    target = models.CharField("晋升等级", max_length=1, choices=SkillLevel)
    clause = models.CharField("依据", max_length=300)
    edition = models.ForeignKey(
        PolicyEdition, models.PROTECT, related_name="+", verbose_name="规则版本", db_index=False
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    certificate = models.OneToOneField(
        Certificate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="promotion",
        verbose_name="证书",
    )
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "晋升建议"
        ordering = ["item", "rank", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "occupation", "year"],
                condition=~Q(state__in=["refused", "withdrawn"]),
                name="promotion_once_a_year_per_trade",
                violation_error_message="该人员同一职业（工种）本年度已提出晋升",
            ),
            models.UniqueConstraint(
                fields=["person", "occupation_code", "year"],
                condition=~Q(occupation_code="") & ~Q(state__in=["refused", "withdrawn"]),
                name="promotion_once_a_year_per_occupation_code",
                violation_error_message="该人员同一职业（按职业编码）本年度已提出晋升",
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=~Q(state="withdrawn"), name="promotion_once_per_entry",
                violation_error_message="该参赛人已提出晋升",
            ),
            models.CheckConstraint(
                condition=Q(state="certified", certificate__isnull=False)
                | Q(state__in=["proposed", "refused", "withdrawn"], certificate__isnull=True),
                name="promotion_is_certified_by_a_certificate",
            ),
            models.CheckConstraint(
                condition=Q(target__in=["5", "4", "3", "2", "1"]) & ~Q(target=F("present")),
                name="promotion_leads_to_another_level_up_to_the_fifth",
                violation_error_message="不能晋升到已持有的等级，最高到高级技师",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person}晋升{self.get_target_display()}"

    @classmethod
    def standing(cls) -> models.QuerySet[Promotion]:
        """Those that count: neither withdrawn nor refused by the labour authority."""
        return cls.objects.exclude(state__in=[cls.State.REFUSED, cls.State.WITHDRAWN])

    @property
    def present_words(self) -> str:
        return self.get_present_display() or "无"
