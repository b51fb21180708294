"""Who takes part in an item, and what they were given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, NullIf

from competitions.models.competitions import CODE_PATTERN, Item
from competitions.models.schemes import MOST_SEATS, WHOLE, Aspect
from competitions.models.terms import Terms
from intake.models import brought_by
from organizations.models import Organization, account_field
from organizations.rights import Rights
from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet
from talents.models import Person, SkillLevel
from workflow.corrections import Correctable

if TYPE_CHECKING:
    from organizations.models import User

DECIMALS = 4
NUMBER_WORDS = "参赛号应由汉字、字母、数字和“-”“_”“.”组成，以汉字、字母或数字开头"


class Entry(models.Model):
    """One person in one item: with what number, from where, of what level at that time."""

    TELLS_OF_PERSONS = True
    ORGANIZATION_PATH = "item__competition__organizer__path"
    #: The unit of the entrant sees its own people, wherever the contest is held.
    ALSO_SEEN_FROM = ("unit__path",)
    VISIBLE_TO_ROLES = FILING
    NAMED_WITH = ("person",)
    TRIGGERS: ClassVar = {
        "entry_moves_on_record": "refuse a move of the state without its record",
        "entry_begins_at_the_first_state": "refuse a new one in a later state",
        "entry_joins_a_team_of_its_item": "refuse a captain of another item, and a team too large",
    }
    CORRECTABLE = Correctable(
        ("number", "employer", "unit", "present_level", "in_city_since", "proof", "team"),
        organization="item.competition.organizer",
    )

    class State(models.TextChoices):
        ENTERED = "entered", "已报名"
        WITHDRAWN = "withdrawn", "已退赛"
        DISQUALIFIED = "disqualified", "已取消成绩"

    #: Where an upheld appeal brings somebody back from.
    OUT: ClassVar = (State.WITHDRAWN, State.DISQUALIFIED)

    item = models.ForeignKey(
        Item, models.PROTECT, related_name="entries", verbose_name="项目", db_index=False
    )
    number = models.CharField(
        "参赛号",
        max_length=20,
        blank=True,
        validators=[RegexValidator(rf"^{CODE_PATTERN}\Z", NUMBER_WORDS)],
    )
    #: Under which the work is marked; whose it is, only who drew the codes reads until they are locked.
    work_code = models.CharField("加密号", max_length=20, blank=True, db_default="", editable=False)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="contest_entries", verbose_name="参赛人"
    )
    employer = models.CharField("单位", max_length=120, blank=True)
    unit = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contest_entries",
        verbose_name="所属组织",
    )
    #: None: not told; "": has none. What is not told is not taken for none.
    present_level = models.CharField(  # noqa: DJ001
        "现职业技能等级", max_length=1, choices=SkillLevel, null=True, blank=True
    )
    in_city_since = models.DateField("在本市学习或工作自", null=True, blank=True)
    #: By what it was shown that conditions are met which the number does not tell.
    proof = models.CharField(
        "资格证明",
        max_length=200,
        blank=True,
        db_default="",
        help_text="所交证明的名称和编号，如社会保险缴费记录、学籍证明、劳动合同",
    )
    team = models.CharField("队名", max_length=60, blank=True)
    #: In an item for teams: who has the number and the marks of the team; None for the captain.
    captain = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="mates",
        verbose_name="队长",
    )
    coach = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="coached_entries",
        verbose_name="教练",
        db_index=False,
    )
    #: The version that was signed, and when; None: not signed yet.
    terms = models.ForeignKey(
        Terms,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="entries",
        verbose_name="签署的参赛承诺",
        db_index=False,
    )
    signed_on = models.DateField("签署日期", null=True, blank=True, editable=False)
    #: Who found, for what reason, that the conditions of entry are met as far as nothing on file says so.
    admitted_by = account_field(
        "资格认定人", is_later=True, blank=True, editable=False, db_index=False
    )
    admitted_on = models.DateField("资格认定日期", null=True, blank=True, editable=False)
    admitted_for = models.CharField(
        "资格认定理由", max_length=200, blank=True, db_default="", editable=False
    )
    #: What was told only once marks were closed, or otherwise than before: somebody else looks at the proof.
    since_told_late = models.BooleanField(
        "起始日期系锁定后填报", default=False, db_default=False, editable=False
    )
    level_told_late = models.BooleanField(
        "等级系锁定后填报", default=False, db_default=False, editable=False
    )
    #: By the certificates of the trade, as seen last: when marks were closed or since; None: never yet.
    level_on_file = models.CharField(  # noqa: DJ001
        "锁定时在册证书的等级",
        max_length=1,
        choices=SkillLevel,
        null=True,
        blank=True,
        editable=False,
    )
    #: Why the organizer entered somebody after the last day; "": entered in time.
    late_reason = models.CharField(
        "逾期补报事由", max_length=200, blank=True, db_default="", editable=False
    )
    #: Taking a published result away: who asks for it and why, and who else agreed.
    out_reason = models.CharField(
        "取消成绩事由", max_length=200, blank=True, db_default="", editable=False
    )
    out_asked_by = account_field(
        "取消成绩提出人", is_later=True, blank=True, editable=False, db_index=False
    )
    out_agreed_by = account_field(
        "取消成绩决定人", is_later=True, blank=True, editable=False, db_index=False
    )
    #: Was put forward in the round the contest decides, and began in the final.
    is_seed = models.BooleanField("种子选手", default=False, db_default=False, editable=False)
    state = models.CharField("状态", max_length=12, choices=State, default=State.ENTERED)
    batch = brought_by()
    batch_line = models.PositiveIntegerField("表格行", null=True, blank=True, editable=False)
    edited_at = models.DateTimeField("更正时间", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "参赛"
        ordering = ["item", "number", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["entered", "withdrawn", "disqualified"]),
                name="entry_state_is_known",
            ),
            models.UniqueConstraint(
                fields=["item", "person"],
                name="entry_once_per_item_and_person",
                violation_error_message="该人员在本项目已报名",
            ),
            models.UniqueConstraint(
                fields=["item", "number"],
                condition=~Q(number=""),
                name="entry_number_once_per_item",
                violation_error_message="该参赛号在本项目已使用",
            ),
            models.CheckConstraint(
                condition=Q(number="") | Q(number__regex=f"^{CODE_PATTERN}$"),
                name="entry_number_can_stand_in_an_address",
                violation_error_message=NUMBER_WORDS,
            ),
            models.UniqueConstraint(
                fields=["item", "work_code"],
                condition=~Q(work_code=""),
                name="entry_work_code_once_per_item",
                violation_error_message="该加密号在本项目已使用",
            ),
            models.CheckConstraint(
                condition=Q(batch__isnull=True) | Q(batch_line__isnull=False),
                name="entry_imported_names_its_line",
            ),
            models.CheckConstraint(
                condition=Q(terms__isnull=True, signed_on__isnull=True)
                | Q(terms__isnull=False, signed_on__isnull=False),
                name="entry_signs_terms_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(admitted_by__isnull=True, admitted_on__isnull=True, admitted_for="")
                | Q(~Q(admitted_for=""), admitted_by__isnull=False, admitted_on__isnull=False),
                name="entry_is_admitted_by_somebody_for_a_reason",
                violation_error_message="认定参赛资格须写明理由",
            ),
            models.CheckConstraint(
                condition=Q(since_told_late=False, level_told_late=False) | ~Q(proof=""),
                name="entry_told_late_shows_a_proof",
                violation_error_message="成绩锁定后补填、更正起始日期或等级的，须写明所交证明",
            ),
            models.CheckConstraint(
                condition=Q(out_asked_by__isnull=True, out_agreed_by__isnull=True, out_reason="")
                | Q(
                    Q(out_agreed_by__isnull=True) | ~Q(out_agreed_by=F("out_asked_by")),
                    ~Q(out_reason=""),
                    out_asked_by__isnull=False,
                ),
                name="entry_result_is_taken_away_by_two",
                violation_error_message="取消已公布的成绩须写明事由，由另一人决定",
            ),
            models.CheckConstraint(
                condition=Q(captain__isnull=True) | Q(number="") & ~Q(captain=F("id")),
                name="entry_of_a_mate_has_no_number",
                violation_error_message="参赛号由队长一人持有，队员不另编号",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.person}".strip()

    @property
    def in_records(self) -> str:
        return f"{self.person.name}的参赛"

    @classmethod
    def to_number(cls, item: Item) -> models.QuerySet[Entry]:
        """Who stands in the item, a team by its captain, and has no number yet."""
        return cls.objects.filter(
            item=item, state=cls.State.ENTERED, captain__isnull=True, number=""
        )

    @classmethod
    def unadmitted(cls) -> models.QuerySet[Entry]:
        """Who stands, and of whom nobody found yet that the conditions of entry are met."""
        return cls.objects.filter(state=cls.State.ENTERED, admitted_by__isnull=True)

    @classmethod
    def to_code(cls, item: Item) -> models.QuerySet[Entry]:
        """Whose work has a number and no code yet."""
        rows = cls.objects.filter(
            item=item, state=cls.State.ENTERED, captain__isnull=True, work_code=""
        )
        return rows.exclude(number="")

    @classmethod
    def to_judge(cls, item: Item) -> models.QuerySet[Any]:
        """The works that stand and are judged, each with ``work``: under what."""
        return cls.as_works(cls.objects.filter(state=cls.State.ENTERED), item)

    @classmethod
    def as_works(cls, rows: models.QuerySet[Entry], item: Item) -> models.QuerySet[Any]:
        """Those of ``rows`` that are works of ``item``, with ``work``: the code; where marks came by a sheet the number."""
        rows = rows.filter(item=item)
        if not Mark.came_by_sheet(item):
            return rows.annotate(work=F("work_code")).exclude(work_code="")
        work = Coalesce(NullIf("work_code", Value("")), "number")
        return rows.annotate(work=work).exclude(work="")

    @classmethod
    def whose_result_is_in_question(cls) -> models.QuerySet[Entry]:
        """Whose published result somebody asked to have taken away, while nobody has decided."""
        return cls.objects.filter(state=cls.State.ENTERED, out_asked_by__isnull=False)

    def standing_team(self) -> models.QuerySet[Entry]:
        """Everybody who stands in the same team, the captain first; in an item for one, that one."""
        return self.whole_team().filter(state=self.State.ENTERED)

    def team_taken_out(self) -> list[Entry]:
        """Everybody who went out with this one, the captain first: of more than a team who entered last."""
        if self.state not in self.OUT:
            return []
        captain, *mates = self.whole_team().filter(state=self.state) or [self]
        last = sorted(mates, key=lambda one: one.pk)[-(self.item.team_size - 1) :] if mates else []
        return [captain, *last]

    def whole_team(self) -> models.QuerySet[Entry]:
        """Everybody who is or was of the same team, the captain first."""
        captain = self.captain_id or self.pk
        rows = Entry.objects.filter(Q(pk=captain) | Q(captain=captain))
        rows = rows.select_related("person", "unit")
        return rows.order_by(F("captain_id").asc(nulls_first=True), "pk")

    @property
    def is_judged(self) -> bool:
        """Whether the work (of the team) has been marked, or a sheet about it typed."""
        work = Entry.objects.filter(pk=self.captain_id or self.pk)
        return work.filter(Q(marks__isnull=False) | Q(typed_sheets__isnull=False)).exists()

    @property
    def work_words(self) -> str:
        """As what the work is spoken of where no name is to be read; sheets taken in have no codes."""
        return self.work_code or self.number

    @property
    def late_words(self) -> str:
        return "逾期补报" if self.late_reason else ""

    @property
    def level_words(self) -> str:
        """The level as people write it; 未填 is not 无."""
        if self.present_level is None:
            return "未填"
        return self.get_present_level_display() or "无"


class Mark(models.Model):
    """One value for one aspect from one seat. A mark given anew leaves the old one in its place.

    Values are never changed; ``is_superseded`` alone is set, on the one that counts no more.
    """

    TELLS_OF_PERSONS = True
    RIGHTS = Rights(update=("is_superseded",))
    ORGANIZATION_PATH = "entry__item__competition__organizer__path"
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "mark_fits_its_scheme": "refuse marks beyond their aspect, or in an item that is locked",
        "mark_stays_once_locked": "refuse taking marks away from an item that is locked",
        "mark_counts_once_locked": "refuse a change of which marks count in an item that is locked",
    }

    entry = models.ForeignKey(
        Entry, models.PROTECT, related_name="marks", verbose_name="参赛", db_index=False
    )
    aspect = models.ForeignKey(
        Aspect, models.PROTECT, related_name="+", verbose_name="评分点", db_index=False
    )
    seat = models.SmallIntegerField("裁判席", default=1)
    value = models.DecimalField("分值", max_digits=7, decimal_places=DECIMALS)
    is_superseded = models.BooleanField("已由重评代替", default=False)
    given_by = account_field("打分人", is_later=True, db_index=False)
    given_at = models.DateTimeField("打分时间", auto_now_add=True)
    batch = brought_by(db_index=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评分"
        ordering = ["entry", "aspect", "seat", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entry", "aspect", "seat"],
                condition=Q(is_superseded=False),
                name="mark_once_per_aspect_and_seat",
                violation_error_message="该评分点已有分数，请刷新页面查看",
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0, value__lte=WHOLE),
                name="mark_is_within_one_hundred",
                violation_error_message="分值应在0至100之间",
            ),
            models.CheckConstraint(
                condition=Q(seat__gte=1, seat__lte=MOST_SEATS),
                name="mark_seat_is_one_to_seven",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value.normalize():f}"

    @classmethod
    def was_given_by(cls, user: User, item: Item) -> bool:
        """Whether ``user`` gave, typed or brought in by a sheet a mark of the item."""
        by_sheet = Q(batch__uploaded_by=user) | Q(batch__committed_by=user)
        given = cls.objects.filter(Q(given_by=user) | by_sheet, entry__item=item)
        return given.exists() or item.entries.filter(typed_sheets__typed_by=user).exists()

    @classmethod
    def came_by_sheet(cls, item: Item) -> bool:
        """Whether marks of the item were brought in by a sheet, with names beside them."""
        return cls.objects.filter(entry__item=item, batch__isnull=False).exists()

    @classmethod
    def counting(cls) -> models.QuerySet[Mark]:
        """The marks that count, of those who stand."""
        return cls.objects.filter(entry__state=Entry.State.ENTERED, is_superseded=False)
