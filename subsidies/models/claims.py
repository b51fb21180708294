"""What a person may draw: a claim, from who files it to the bank's receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F, Q

from competitions.models import BoardLine
from organizations.models import Organization
from organizations.rights import KEPT
from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet
from policies.models import PolicyEdition
from subsidies.models.funds import Fund, Line, money
from subsidies.models.grants import by
from subsidies.models.ledger import Entry
from talents.models import Certificate, Honour, Person, SkillLevel

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: Signs of an account number of which the last few are shown.
SHOWN_DIGITS = 4


class Claim(models.Model):
    """Money of one person for one title, certificate or place in a contest; paid once, under one policy edition.

    ``matter`` is what it is drawn for (a title, a trade and level): nobody draws twice for it. The
    account is kept encrypted and shown by its last digits.
    """

    RIGHTS = KEPT
    TELLS_OF_PERSONS = True
    NAMED_WITH = ("person",)
    ORGANIZATION_PATH = "organization__path"
    ALSO_SEEN_FROM = ("payer__path",)
    VISIBLE_TO_ROLES = FILING
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "claim_moves_on_record": "let a state move only with its record",
        "claim_begins_at_the_first_state": "let a claim begin as filed",
        "claim_climbs": "refuse a level that is not above what was drawn for in that trade",
        "claim_account_is_its_own": "let nothing go to one account for two people before somebody called",
        "claim_stands": "let money go only for a title in force, and as it was booked",
    }

    class Kind(models.TextChoices):
        AWARD = "award", "工匠奖励"
        BOOST = "boost", "职业发展助推"
        STUDIO = "studio", "创新工作室助推"

    class State(models.TextChoices):
        FILED = "filed", "待审核"
        ENDORSED = "endorsed", "待批准"
        APPROVED = "approved", "待付款"
        LISTED = "listed", "已列清单"
        PAID = "paid", "已付款"
        REFUSED = "refused", "不予发放"

    kind = models.CharField("项目", max_length=10, choices=Kind)
    line = models.CharField("预算科目", max_length=10, choices=Line)
    person = models.ForeignKey(Person, models.PROTECT, related_name="claims", verbose_name="人员")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="工作单位"
    )
    payer = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="出资单位"
    )
    fund = models.ForeignKey(
        Fund,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        verbose_name="专项资金",
    )
    edition = models.ForeignKey(
        PolicyEdition, models.PROTECT, related_name="+", verbose_name="政策版本"
    )
    title = models.CharField("事由", max_length=120)
    matter = models.CharField("事由编码", max_length=160, editable=False)
    honour = models.ForeignKey(
        Honour, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name="称号"
    )
    certificate = models.ForeignKey(
        Certificate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        verbose_name="技能证书",
    )
    place = models.ForeignKey(
        BoardLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        verbose_name="竞赛名次",
        db_index=False,
    )
    certificate_number = models.CharField("证书编号", max_length=40)
    trade = models.CharField("职业（工种）", max_length=60, blank=True)
    level = models.CharField("技能等级", max_length=1, choices=SkillLevel, blank=True)
    issued_on = models.DateField("发证（命名）日期")
    is_member = models.BooleanField("工会会员", null=True, blank=True)
    gross = money("应发（元）")
    tax = money("扣税（元）")
    net = money("实发（元）")
    bank = models.CharField("开户行", max_length=60, blank=True)
    account_cipher = models.BinaryField("账号密文", null=True, blank=True)
    account_mask = models.CharField("收款账号（掩码）", max_length=40, blank=True)
    #: Of the number alone; by it one account of two is seen, and nothing is told. None: filed before.
    account_digest = models.BinaryField("账号摘要", max_length=32, null=True, editable=False)
    account_by = by("账号填报人")
    #: Of an account that is on others' claims as well: who asked the person, on which number.
    called_by = by("回访人")
    called_to = models.CharField(
        "接听人及电话", max_length=120, blank=True, default="", db_default=""
    )
    called_at = models.DateTimeField("回访时间", null=True, blank=True, editable=False)
    state = models.CharField("状态", max_length=10, choices=State, default=State.FILED)
    filed_by = by("提出人")
    endorsed_by = by("审核人")
    opinion = models.CharField("审核意见", max_length=500, blank=True)
    approved_by = by("批准人")
    reserve = models.OneToOneField(
        Entry,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="claim",
        verbose_name="预占凭证",
        db_constraint=False,
    )
    filed_at = models.DateTimeField("提出时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "个人申领"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "kind", "matter"],
                condition=~Q(state="refused"),
                name="claim_once_per_person_and_matter",
                violation_error_message="该人员同一事由已申领过，只发一次",
            ),
            models.UniqueConstraint(
                fields=["kind", "certificate_number"],
                condition=~Q(state="refused"),
                name="claim_once_per_certificate",
                violation_error_message="该证书编号已用于申领，一个编号只能用一次",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["award", "boost", "studio"]) & Q(line=F("kind")),
                name="claim_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["filed", "endorsed", "approved", "listed", "paid", "refused"]
                ),
                name="claim_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["award", "studio"],
                    honour__isnull=False,
                    certificate__isnull=True,
                    place__isnull=True,
                )
                | Q(
                    kind="boost",
                    honour__isnull=True,
                    certificate__isnull=False,
                    place__isnull=True,
                )
                | Q(
                    kind="boost",
                    honour__isnull=True,
                    certificate__isnull=True,
                    place__isnull=False,
                ),
                name="claim_rests_on_one_ground",
                violation_error_message="请指明据以申领的称号、技能证书或竞赛名次",
            ),
            models.CheckConstraint(
                condition=Q(gross__gt=0, tax__gte=0, net__gt=0, gross=F("tax") + F("net")),
                name="claim_gross_is_tax_and_net",
                violation_error_message="应发金额应等于扣税与实发之和，实发应大于零",
            ),
            models.CheckConstraint(
                condition=~Q(matter="") & ~Q(certificate_number="") & ~Q(title=""),
                name="claim_says_what_for",
            ),
            models.CheckConstraint(
                condition=Q(account_cipher__isnull=True, account_mask="", bank="")
                | Q(account_cipher__isnull=False) & ~Q(account_mask="") & ~Q(bank=""),
                name="claim_account_is_whole",
                violation_error_message="收款账号与开户行须一并填写",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "listed", "paid"])
                | Q(
                    fund__isnull=False,
                    reserve__isnull=False,
                    approved_by__isnull=False,
                    account_cipher__isnull=False,
                ),
                name="claim_approved_is_reserved_and_says_where_to",
                violation_error_message="批准发放前须有预算预占和收款账号",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["award", "studio"])
                | ~Q(state__in=["approved", "listed", "paid"])
                | Q(endorsed_by__isnull=False, is_member=True),
                name="claim_boost_was_looked_into_above",
                violation_error_message="助推资助须经上级工会核实在职和会员身份",
            ),
            models.CheckConstraint(
                condition=Q(called_by__isnull=True, called_to="")
                | Q(called_by__isnull=False, called_at__isnull=False)
                & ~Q(called_to="")
                & ~Q(called_by=F("account_by"))
                & ~Q(called_by=F("filed_by")),
                name="claim_is_called_back_by_another",
                violation_error_message="回访须写明接听人和电话，由提出人、账号填报人以外的财务人员办理",
            ),
            models.CheckConstraint(
                condition=~Q(filed_by=F("endorsed_by"))
                & ~Q(filed_by=F("approved_by"))
                & ~Q(endorsed_by=F("approved_by")),
                name="claim_steps_are_taken_by_different_people",
                violation_error_message="提出、审核、批准须由不同的人办理",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}{self.title}"

    @classmethod
    def not_compared(cls) -> QuerySet[Any]:
        """With an account, filed before accounts were compared, and not digested since; of everybody's."""
        return cls.objects.filter(account_cipher__isnull=False, account_digest__isnull=True)

    @property
    def payee(self) -> str:
        """Whom the money goes to: the unit of a studio, else the person."""
        is_of_unit = self.kind == self.Kind.STUDIO
        return self.organization.name if is_of_unit else self.person.name

    @property
    def in_records(self) -> str:
        return f"{self.person.name}的{self.get_kind_display()}申领"

    @property
    def facts(self) -> list[dict[str, Any]]:
        """What it says, label by label, as pages show it."""
        shown = {
            "证书编号": self.certificate_number,
            "职业（工种）": self.trade,
            "技能等级": self.get_level_display(),
            "发证（命名）日期": self.issued_on,
            "开户行": self.bank,
            "收款账号": self.account_mask,
            "审核意见": self.opinion,
        }
        return [{"label": label, "value": value} for label, value in shown.items() if value]
