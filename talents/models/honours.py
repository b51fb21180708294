"""The register of honours: who was named what, by which decision, and whether it still stands."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from intake.models import brought_by
from organizations.models import Organization, account_field
from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet
from talents.models.nominations import Nomination
from talents.models.persons import Person
from workflow.corrections import Correctable

FIRST_YEAR, LAST_YEAR = 1950, 2100
#: A number stands in the address of its page.
CERTIFICATE = r"^[^/\\?#%\s]+$"

#: Tiers of certificates for cultivation that ended well begin so: they are no step of a ladder and no title.
CULTIVATED = "cultivated-"


class Honour(models.Model):
    """One title of one person, under one certificate; a revoked one stays and is not counted.

    ``scheme`` is the code of the policy whose ladder has the ``tier``; ``title`` stands as it was
    given. ``unit`` is where the person worked then: it does not follow later changes.
    """

    TELLS_OF_PERSONS = True
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "honour_moves_on_record": "refuse a move of the state without its record",
        "honour_begins_at_the_first_state": "refuse a new one in a later state",
        "honour_named_here_is_kept": "refuse deleting what was named here, not imported",
    }
    ORGANIZATION_PATH = "organization__path"
    ALSO_SEEN_FROM = ("person__organization__path",)
    VISIBLE_TO_ROLES = FILING
    NAMED_WITH = ("person",)
    CORRECTABLE = Correctable(("unit", "trade", "document_number"), organization="organization")

    class State(models.TextChoices):
        VALID = "valid", "有效"
        DOUBTED = "doubted", "撤销待复核"
        REVOKED = "revoked", "已撤销"

    class Recall(models.TextChoices):
        """What became of the certificate of a title that was taken back."""

        RETURNED = "returned", "证书已收回"
        LOST = "lost", "证书遗失，未能收回"

    person = models.ForeignKey(Person, models.PROTECT, related_name="honours", verbose_name="姓名")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="honours", verbose_name="命名工会"
    )
    nomination = models.OneToOneField(
        Nomination,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="honour",
        verbose_name="所据推荐",
    )
    unit = models.CharField("工作单位", max_length=120, blank=True)
    trade = models.CharField("职业（工种）", max_length=60, blank=True)
    title = models.CharField("称号", max_length=60)
    #: What it was won in, where that is not said by the title: a contest and its item.
    occasion = models.CharField("获奖竞赛", max_length=200, blank=True, default="", db_default="")
    scheme = models.CharField("制度编码", max_length=60)
    tier = models.CharField("层级", max_length=60)
    year = models.PositiveSmallIntegerField("年度")
    named_on = models.DateField("命名日期")
    document_number = models.CharField("命名文号", max_length=60, blank=True)
    certificate_number = models.CharField(
        "证书编号",
        max_length=40,
        unique=True,
        error_messages={"unique": "该证书编号已登记，一个编号只能用一次"},
    )
    #: The certificates before this one, the oldest first: number, reason, replaced_on.
    former_certificates = models.JSONField(
        "原证书", default=list, blank=True, editable=False, db_default=[]
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.VALID)
    revoked_on = models.DateField("撤销日期", null=True, blank=True)
    reason = models.CharField("撤销事由", max_length=200, blank=True)
    doubted_by = account_field(
        "提出撤销", is_later=True, blank=True, editable=False, db_index=False
    )
    revoked_by = account_field(
        "复核撤销", is_later=True, blank=True, editable=False, db_index=False
    )
    recall = models.CharField(
        "证书收回",
        max_length=10,
        choices=Recall,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    recalled_on = models.DateField("收回日期", null=True, editable=False)
    recall_note = models.CharField(
        "收回说明", max_length=200, blank=True, default="", db_default="", editable=False
    )
    recalled_by = account_field("收回登记人", is_later=True, editable=False, db_index=False)
    batch = brought_by()
    batch_line = models.PositiveIntegerField("导入表格行", null=True, blank=True, editable=False)
    edited_at = models.DateTimeField("更正时间", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工匠称号"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["valid", "doubted", "revoked"]), name="honour_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="revoked") & Q(revoked_on__isnull=True, revoked_by__isnull=True)
                | Q(state="revoked", revoked_on__isnull=False),
                name="honour_revoked_iff_dated",
                violation_error_message="撤销的称号须写明撤销日期，有效的不写",
            ),
            models.CheckConstraint(
                condition=Q(state="valid", reason="") | ~Q(state="valid") & ~Q(reason=""),
                name="honour_revoked_for_a_reason",
                violation_error_message="撤销称号须写明事由",
            ),
            models.CheckConstraint(
                condition=Q(revoked_on__isnull=True) | Q(revoked_on__gte=F("named_on")),
                name="honour_revoked_after_it_was_given",
                violation_error_message="撤销日期不能早于命名日期",
            ),
            models.CheckConstraint(
                condition=~Q(state="revoked")
                | Q(doubted_by__isnull=True, revoked_by__isnull=True, batch__isnull=False)
                | Q(doubted_by__isnull=False, revoked_by__isnull=False)
                & ~Q(revoked_by=F("doubted_by")),
                name="honour_revoked_by_two_people",
                violation_error_message="撤销称号须由提出人以外的人复核",
            ),
            models.CheckConstraint(
                condition=Q(recall="", recalled_on__isnull=True, recalled_by__isnull=True)
                | Q(
                    recall__in=["returned", "lost"],
                    state="revoked",
                    recalled_on__gte=F("revoked_on"),
                    recalled_by__isnull=False,
                ),
                name="honour_recalled_after_it_was_revoked",
                violation_error_message="证书收回在称号撤销之后登记，写明收回日期和登记人",
            ),
            models.CheckConstraint(
                condition=~Q(recall="lost") | ~Q(recall_note=""),
                name="honour_lost_certificate_says_why",
                violation_error_message="证书遗失、未能收回的，请写明情况",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                name="honour_year_is_plausible",
                violation_error_message=f"年度应在{FIRST_YEAR}至{LAST_YEAR}之间",
            ),
            models.CheckConstraint(
                condition=Q(certificate_number__regex=CERTIFICATE) & ~Q(title="") & ~Q(tier=""),
                name="honour_has_certificate_and_title",
                violation_error_message="请填写证书编号（不含空格、斜线）和称号",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["scheme", "tier", "year"], name="honour_by_tier_and_year"),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.certificate_number}）"

    @classmethod
    def published(cls) -> models.QuerySet[Honour]:
        """The register for everybody: whoever was named was named in public, and so was taken from."""
        return cls.objects.select_related("person", "organization")

    @classmethod
    def once_under(cls, number: str) -> models.QuerySet[Honour]:
        """Whose certificate had that number before it was issued again, for everybody."""
        return cls.published().filter(former_certificates__contains=[{"number": number}])

    @property
    def occasion_label(self) -> str:
        """What ``occasion`` is called: a contest, or years of cultivation."""
        return "培育" if self.is_cultivated else "获奖竞赛"

    @property
    def is_cultivated(self) -> bool:
        """Whether it is the certificate of years of cultivation, not a title."""
        return self.tier.startswith(CULTIVATED)

    @property
    def recall_in_words(self) -> str:
        """Where the certificate of a title that was taken back is, for everybody.

        Of one that was registered as taken back already nothing is known until a recall is entered.
        """
        if self.state != self.State.REVOKED:
            return ""
        if self.recall == self.Recall.RETURNED:
            return f"证书原件已于{self.recalled_on:%Y年%-m月%-d日}收回"
        if self.recall == self.Recall.LOST:
            return "证书原件遗失，未能收回，声明作废"
        return "证书原件正在收回" if self.revoked_by_id else ""

    @property
    def in_records(self) -> str:
        return f"{self.person.name}的{self.title}称号"
