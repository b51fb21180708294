"""Public notice: the list as it was put up, its clock in working days, and what people object to."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from organizations.models import Organization, User, account_field
from organizations.rights import Rights
from organizations.roles import FILING, STAFF, Role
from organizations.scoping import ScopedQuerySet
from talents.models.nominations import Nomination
from talents.models.panels import Panel
from talents.models.rounds import SelectionRound
from talents.models.withheld import own_digests
from workflow.models import Attachment

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

#: Of lists that nobody outside was ever shown.
NEVER_UP = ("draft", "dropped")


class PublicNotice(models.Model):
    """One list put up for everybody to read; from then on nothing in it is changed.

    What has to be put right goes up as the next version, whose clock starts anew. ``named_count`` moves
    by a guarded UPDATE only, so that no more are named than the list has places for; a place is added by
    a decision alone, for whom an objection was wrongly upheld. A list ``of_level``
    is of those whom a body between the unit and the organizer is going to recommend: it names nobody,
    each further one stands beside the earlier ones, and ``version`` counts them.
    """

    RIGHTS = Rights(
        update=("state", "starts_on", "ends_on", "sha256", "posted_by_id", "places", "named_count"),
        delete=False,
    )
    TRIGGERS: ClassVar = {
        "public_notice_moves_on_record": "refuse a move of the state without its record",
        "public_notice_begins_at_the_first_state": "refuse a new one in a later state",
    }
    NAMED_WITH = ("round",)
    ORGANIZATION_PATH = "organization__path"
    VISIBLE_TO_ROLES = FILING
    VISIBLE_FROM_BELOW = ~Q(state__in=NEVER_UP)

    class State(models.TextChoices):
        DRAFT = "draft", "待公示"
        POSTED = "posted", "公示中"
        REPLACED = "replaced", "已由新版替代"
        CONCLUDED = "concluded", "已公布"
        DROPPED = "dropped", "已作废"

    round = models.ForeignKey(
        SelectionRound, models.PROTECT, related_name="notices", verbose_name="轮次"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="公示单位"
    )
    panel = models.ForeignKey(
        Panel,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name="所据表决结果",
        db_index=False,
    )
    of_level = models.BooleanField("拟推荐人选的公示", default=False, db_default=False)
    version = models.PositiveSmallIntegerField("版次", default=1)
    places = models.PositiveSmallIntegerField("拟命名人数")
    named_count = models.PositiveSmallIntegerField("已命名人数", default=0)
    minutes_number = models.CharField("会议纪要编号", max_length=60)
    posted_at = models.CharField("公示地点或网址", max_length=200)
    contact = models.CharField("受理异议的部门和电话", max_length=120)
    days = models.PositiveSmallIntegerField("公示工作日数")
    starts_on = models.DateField("公示开始", null=True)
    ends_on = models.DateField("公示期满", null=True)
    sha256 = models.CharField("名单摘要", max_length=64, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    drafted_by = account_field("拟定人")
    posted_by = account_field("发布人", is_later=True, db_index=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公示"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "organization", "version"],
                name="public_notice_once_per_version",
                violation_error_message="这一版公示已拟定",
            ),
            models.UniqueConstraint(
                fields=["round", "organization"],
                condition=Q(state="draft"),
                name="public_notice_one_drawn_up_at_a_time",
                violation_error_message="本轮次已有一份名单待发布，请先发布或作废",
            ),
            models.UniqueConstraint(
                fields=["round", "organization"],
                condition=Q(state__in=["posted", "concluded"], of_level=False),
                name="public_notice_one_up_at_a_time",
                violation_error_message="本轮次已有一份公示在挂或已命名公布",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["draft", "dropped"],
                    starts_on__isnull=True,
                    ends_on__isnull=True,
                    sha256="",
                )
                | Q(
                    state__in=["posted", "replaced", "concluded"],
                    starts_on__isnull=False,
                    ends_on__gte=F("starts_on"),
                    posted_by__isnull=False,
                    sha256__regex=r"^[0-9a-f]{64}$",
                ),
                name="public_notice_posted_is_dated_and_sealed",
            ),
            models.CheckConstraint(
                condition=Q(named_count__lte=F("places")),
                name="public_notice_names_no_more_than_its_places",
                violation_error_message="命名人数不能超过拟命名人数",
            ),
            models.CheckConstraint(
                condition=Q(places__gte=1, days__gte=1),
                name="public_notice_has_places_and_days",
                violation_error_message="拟命名人数和公示天数至少为1",
            ),
            models.CheckConstraint(
                condition=Q(of_level=False)
                | Q(named_count=0, panel__isnull=True, state__in=["draft", "posted", "dropped"]),
                name="public_notice_of_a_level_names_nobody",
                violation_error_message="拟推荐人选的公示不据以命名",
            ),
        ]

    def __str__(self) -> str:
        if self.of_level:
            return f"{self.organization}拟推荐人选公示（第{self.version}批）"
        return f"{self.round}公示" + (f"（第{self.version}版）" if self.version > 1 else "")

    @property
    def chosen_as(self) -> str:
        """What those on it, and not in reserve, are put up as."""
        return "拟推荐" if self.of_level else "拟命名"

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.ends_on is not None and self.ends_on < timezone.localdate()

    @property
    def standing(self) -> str:
        """The state in words; of one that is up whether its days are over."""
        is_past = self.state == self.State.POSTED and self.is_over
        return "公示期满" if is_past else self.get_state_display()

    @property
    def has_named(self) -> bool:
        """Whether somebody was named by it, also where the rest of it went up again since."""
        is_replaced = self.state == self.State.REPLACED and self.named_count > 0
        return self.state == self.State.CONCLUDED or is_replaced

    @property
    def takes_objections(self) -> bool:
        """Whether it is up today."""
        begun = self.starts_on is not None and self.starts_on <= timezone.localdate()
        return self.state == self.State.POSTED and begun and not self.is_over

    @classmethod
    def published(cls) -> models.QuerySet[PublicNotice]:
        """Those that were put up, for everybody."""
        return cls.objects.exclude(state__in=NEVER_UP).select_related("round", "organization")


class NoticeEntry(models.Model):
    """One line of the list: public fields only, as they stood when it went up."""

    TELLS_OF_PERSONS = True
    RIGHTS = Rights(update=False)
    TRIGGERS: ClassVar = {"entry_is_frozen": "refuse changing a list that was put up"}
    NAMED_WITH = ("nomination",)
    ORGANIZATION_PATH = "notice__organization__path"
    VISIBLE_TO_ROLES = FILING
    VISIBLE_FROM_BELOW = ~Q(notice__state__in=NEVER_UP)

    notice = models.ForeignKey(
        PublicNotice, models.PROTECT, related_name="entries", verbose_name="公示"
    )
    nomination = models.ForeignKey(
        Nomination, models.PROTECT, related_name="+", verbose_name="推荐"
    )
    position = models.PositiveSmallIntegerField("次序")
    is_reserve = models.BooleanField("候补", default=False)
    name = models.CharField("姓名", max_length=60)
    unit = models.CharField("单位", max_length=120)
    post = models.CharField("职务/岗位", max_length=60, blank=True)
    trade = models.CharField("职业（工种）", max_length=60, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公示名单"
        ordering = ["notice", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["notice", "nomination"], name="entry_once_per_nomination"
            ),
            models.UniqueConstraint(fields=["notice", "position"], name="entry_once_per_position"),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.unit}）"

    @classmethod
    def published(cls, notice: PublicNotice) -> models.QuerySet[NoticeEntry]:
        """The list of a notice that was put up."""
        return cls.objects.filter(notice=notice).order_by("position")


class ObjectionQuerySet(ScopedQuerySet):
    """Objections as those read them who look into them: one about oneself is to its person as absent."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        rows = super().visible_to(user)
        return rows.but_about(user) if isinstance(user, User) else rows

    def but_about(self, user: User) -> Self:
        """Without those about this person, or about whom they stand in for."""
        own = own_digests(user)
        return self.exclude(entry__nomination__person__identity_digest__in=own) if own else self


class Objection(models.Model):
    """What somebody objects to about one person on a list; it holds that person alone."""

    TELLS_OF_PERSONS = True
    RIGHTS = Rights(
        update=("state", "finding", "handled_by_id", "decided_by_id", "decided_on"), delete=False
    )
    TRIGGERS: ClassVar = {
        "objection_moves_on_record": "refuse a move of the state without its record",
        "objection_begins_at_the_first_state": "refuse a new one in a later state",
    }
    NAMED_WITH = ("entry",)
    FILES = ("scan",)
    ORGANIZATION_PATH = "entry__notice__organization__path"
    VISIBLE_TO_ROLES = STAFF | {Role.AUDITOR}

    class State(models.TextChoices):
        RECEIVED = "received", "待核查"
        LOOKED_INTO = "looked-into", "待审定"
        UPHELD = "upheld", "异议成立"
        DISMISSED = "dismissed", "异议不成立"

    class Category(models.TextChoices):
        IDENTITY = "identity", "身份、年龄或经历不实"
        DEEDS = "deeds", "事迹、成果不实或不突出"
        DISCIPLINE = "discipline", "违纪违法"
        SAFETY = "safety", "安全、环保事故或欠薪欠保"
        PROCEDURE = "procedure", "推荐、公示程序不合规定"
        OTHER = "other", "其他"

    class Channel(models.TextChoices):
        ONLINE = "online", "网页"
        LETTER = "letter", "来信"
        PHONE = "phone", "来电"
        VISIT = "visit", "来访"
        EMAIL = "email", "电子邮件"

    entry = models.ForeignKey(
        NoticeEntry, models.PROTECT, related_name="objections", verbose_name="所涉人选"
    )
    receipt = models.CharField("受理编号", max_length=20, unique=True)
    category = models.CharField("类别", max_length=12, choices=Category)
    is_anonymous = models.BooleanField("匿名", default=True)
    sender_cipher = models.BinaryField("反映人密文", null=True)
    words_cipher = models.BinaryField("内容密文")
    received_at = models.DateTimeField("登记时间", auto_now_add=True)
    channel = models.CharField(
        "反映方式", max_length=6, choices=Channel, default=Channel.ONLINE, db_default=Channel.ONLINE
    )
    received_on = models.DateField(
        "收到日期", null=True, blank=True, help_text="来信以寄出邮戳或收到之日，来电、来访以当日计"
    )
    scan = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="来信或记录扫描件", db_index=False,
    )  # fmt: skip
    entered_by = account_field("登记人", is_later=True, db_index=False)
    state = models.CharField("状态", max_length=12, choices=State, default=State.RECEIVED)
    finding = models.CharField("核查结论", max_length=500, blank=True)
    handled_by = account_field("核查人", is_later=True, db_index=False)
    decided_by = account_field("审定人", is_later=True, db_index=False)
    decided_on = models.DateField("审定日期", null=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公示异议"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="received", decided_by__isnull=True)
                | Q(state="looked-into", handled_by__isnull=False, decided_by__isnull=True)
                & ~Q(finding="")
                | Q(
                    state__in=["upheld", "dismissed"],
                    decided_by__isnull=False,
                    decided_on__isnull=False,
                )
                & ~Q(finding="")
                & ~Q(decided_by=F("handled_by")),
                name="objection_is_decided_by_another_than_looked_into_it",
                violation_error_message="异议须由核查人以外的人审定，并写明核查结论",
            ),
            models.CheckConstraint(
                condition=Q(is_anonymous=True) | Q(sender_cipher__isnull=False),
                name="objection_in_ones_name_says_whose",
                violation_error_message="实名反映须写明姓名和联系方式",
            ),
            models.CheckConstraint(
                condition=Q(channel="online", entered_by__isnull=True, received_on__isnull=True)
                | Q(
                    channel__in=["letter", "phone", "visit", "email"],
                    entered_by__isnull=False,
                    received_on__isnull=False,
                ),
                name="objection_entered_by_staff_says_when_it_came",
                violation_error_message="代为登记的异议须写明反映方式和收到日期",
            ),
        ]

    def __str__(self) -> str:
        return self.receipt

    @classmethod
    def withheld_from(cls, user: User) -> models.QuerySet[Objection]:
        """Those about this person, or about whom they stand in for: neither on record nor by their scans."""
        own = own_digests(user)
        return cls.objects.filter(entry__nomination__person__identity_digest__in=own)

    @classmethod
    def standing(cls) -> ObjectionQuerySet:
        """Those that hold somebody back: all that were not dismissed, on whatever version of a list."""
        return cls.objects.exclude(state=cls.State.DISMISSED)
