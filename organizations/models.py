"""Who exists and who belongs where: the union tree, accounts, and their dated roles."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone

from organizations import validators as credit_codes
from organizations.rights import KEPT, Rights
from organizations.roles import (
    EVERYBODY,
    LENDABLE,
    SEPARATED_ADMINS,
    STAFF_AND_OVERSIGHT,
    Role,
)
from organizations.scoping import (
    SYSTEM_USERNAME,
    AccountQuerySet,
    OfAccountsQuerySet,
    ScopedQuerySet,
)


class Organization(models.Model):
    """A body in the union tree, from the national federation down to a unit or host school."""

    ORGANIZATION_PATH = "path"
    VISIBLE_TO_ROLES = EVERYBODY

    class Kind(models.TextChoices):
        NATIONAL = "national", "全国总工会"
        CITY = "city", "市总工会"
        DISTRICT = "district", "区总工会"
        INDUSTRY = "industry", "产业工会"
        GROUP = "group", "集团工会"
        STREET = "street", "街道（园区）工会"
        UNIT = "unit", "基层单位"

    code = models.CharField("编码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("类型", max_length=20, choices=Kind)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级组织",
    )
    path = models.CharField("路径", max_length=255, unique=True, editable=False)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    region_code = models.CharField("区划代码", max_length=6, blank=True)
    industry = models.CharField("行业门类", max_length=40, blank=True)
    valid_from = models.DateField("启用日期")
    valid_until = models.DateField("停用日期", null=True, blank=True, help_text="当日起不再有效")
    name_pinyin = models.CharField("拼音", max_length=240, blank=True, editable=False)
    name_initials = models.CharField("拼音首字母", max_length=80, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "组织机构"
        ordering = ["path"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["national", "city", "district", "industry", "group", "street", "unit"]
                ),
                name="organization_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(path__regex=r"^/(\d+/)+$"),
                name="organization_path_shape",
                violation_error_message="组织路径有误，请从上级组织下重新登记",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="organization_ends_after_it_begins",
                violation_error_message="停用日期应晚于启用日期",
            ),
            models.CheckConstraint(
                condition=Q(region_code="") | Q(region_code__regex=r"^\d{6}$"),
                name="organization_region_code_has_six_digits",
                violation_error_message="区划代码应为6位数字",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=False) | Q(kind="national") | Q(kind="city"),
                name="organization_below_the_top_has_a_parent",
                violation_error_message="除全国总工会、市总工会外，须填写上级组织",
            ),
            models.UniqueConstraint(
                fields=["uscc"],
                condition=~Q(uscc="") & Q(valid_until__isnull=True),
                name="organization_uscc_once_in_force",
                violation_error_message="该统一社会信用代码已登记在另一个组织名下",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["name"], name="organization_by_name"),
            models.Index(
                fields=["name_pinyin"],
                name="organization_by_pinyin",
                opclasses=["text_pattern_ops"],
            ),
            models.Index(
                fields=["name_initials"],
                name="organization_by_initials",
                opclasses=["text_pattern_ops"],
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """The credit code fits the kind of body."""
        if self.uscc and (fault := credit_codes.fault_in(self.uscc, is_host=self.is_host)):
            raise ValidationError({"uscc": ValidationError(fault, code="uscc-invalid")})

    @property
    def is_host(self) -> bool:
        """Whether this is a unit (school, company) rather than a union."""
        return self.kind == self.Kind.UNIT

    @property
    def path_above(self) -> str:
        """The path of the body above; "/" for one at the top, where nobody serves."""
        return self.path[: self.path.rstrip("/").rfind("/") + 1]

    @property
    def depth(self) -> int:
        """How far below the root: 0 for the root itself."""
        return self.path.count("/") - 2

    def ancestors(self) -> models.QuerySet[Organization]:
        """The bodies above, from the top; their names are no secret to those below."""
        above = [int(pk) for pk in self.path.strip("/").split("/")[:-1]]
        return Organization.objects.filter(pk__in=above).order_by("path")


class AccountManager(UserManager.from_queryset(AccountQuerySet)):  # type: ignore[misc]
    """Accounts, and the one that commands and jobs act as."""

    def system(self) -> User:
        """The system account; made on first use, without a password."""
        known = {"display_name": "系统", "is_active": True, "password": make_password(None)}
        return self.get_or_create(username=SYSTEM_USERNAME, defaults=known)[0]


class User(AbstractUser):
    """Someone who signs in; what they may see follows from their memberships."""

    RIGHTS = KEPT
    ORGANIZATION_PATH = "memberships__organization__path"
    VISIBLE_TO_ROLES = SEPARATED_ADMINS
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "user_owner_stays": "refuse to hand an account on to another person",
    }

    display_name = models.CharField("姓名", max_length=60, blank=True)
    #: Keyed digest of the identity number of the one person whose account this is.
    owner_digest = models.BinaryField("本人身份摘要", max_length=32, null=True, blank=True)
    #: Until when a password that administrators set lets its owner in, to set one of their own.
    password_expires_at = models.DateTimeField("临时密码有效至", null=True, blank=True)

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_superuser=False) | ~Q(username=SYSTEM_USERNAME),
                name="system_account_is_no_superuser",
            ),
            models.UniqueConstraint(
                fields=["owner_digest"],
                name="user_once_per_person",
                violation_error_message="此人已有账号，一人只用一个账号；停用的请恢复启用",
            ),
            models.UniqueConstraint(
                Upper("username"),
                name="user_name_once_whatever_its_case",
                violation_error_message="已有只差大小写的同名账号，请另取账号名",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    @classmethod
    def whole_house(cls) -> User:
        """With whose eyes it is asked what is on file at all, whoever reads the answer."""
        return cls.objects.system()

    @property
    def is_system(self) -> bool:
        """Whether this is the account of commands and jobs, which no one can log in to."""
        return self.username == SYSTEM_USERNAME and not self.has_usable_password()


class CredentialReset(models.Model):
    """A password or second factor that one administrator asks to reset and another one resets."""

    RIGHTS = KEPT

    ORGANIZATION_PATH = "owner__memberships__organization__path"
    VISIBLE_TO_ROLES = SEPARATED_ADMINS

    class Kind(models.TextChoices):
        PASSWORD = "password", "重置密码"
        FACTOR = "factor", "取消两步验证"

    owner = models.ForeignKey(User, models.PROTECT, related_name="resets", verbose_name="账号")
    kind = models.CharField("事项", max_length=10, choices=Kind)
    #: The hash of the password that holds from approval on; emptied then.
    sealed = models.CharField("临时密码（散列）", max_length=128, blank=True, editable=False)
    asked_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", db_index=False, verbose_name="申请人"
    )
    asked_at = models.DateTimeField("申请时间", auto_now_add=True)
    approved_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="复核人",
    )
    approved_at = models.DateTimeField("复核时间", null=True, blank=True)

    objects = OfAccountsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "密码与验证重置"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(approved_by=F("asked_by")),
                name="reset_takes_two_people",
                violation_error_message="重置须由另一位管理员复核",
            ),
            models.CheckConstraint(
                condition=~Q(owner=F("asked_by")) & ~Q(owner=F("approved_by")),
                name="reset_is_not_ones_own",
                violation_error_message="不能办理自己账号的重置",
            ),
            models.UniqueConstraint(
                fields=["owner", "kind"],
                condition=Q(approved_at__isnull=True),
                name="reset_asked_once",
                violation_error_message="该账号已有待复核的同类重置，请先办结",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.get_kind_display()}"


class Membership(models.Model):
    """A role held at one organization for a time, valid for its whole subtree."""

    RIGHTS = Rights(update=("valid_until",))
    NAMED_WITH = ("user", "organization")
    ORGANIZATION_PATH = "organization__path"
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "membership_admins_are_separate": "keep the three administrators three persons without other roles",
        "membership_holder_is_known": "give business roles to accounts of known persons only",
        "delegation_follows_its_source": "let a stand-in hold only what was held, once removed, in its time",
        "delegation_ends_with_its_source": "end what a stand-in holds with the role it was lent from",
    }
    VISIBLE_TO_ROLES = STAFF_AND_OVERSIGHT | SEPARATED_ADMINS
    Role = Role

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name="账号")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="memberships", verbose_name="组织"
    )
    role = models.CharField("角色", max_length=20, choices=Role)
    valid_from = models.DateField("生效日期", default=timezone.localdate)
    valid_until = models.DateField("失效日期", null=True, blank=True, help_text="当日起不再有效")
    #: The role of an absent colleague that this account stands in for; empty of a role of its own.
    stands_for = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="stand_ins",
        verbose_name="代理的任职",
    )
    reason = models.CharField("代理事由", max_length=200, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职与角色"
        ordering = ["organization__path", "role", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "organization", "role", "valid_from"],
                name="membership_once_per_role",
                violation_error_message="该账号在此组织已有相同角色",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="membership_role_is_known",
                violation_error_message="角色不在允许范围内",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="membership_ends_after_it_begins",
                violation_error_message="失效日期应晚于生效日期",
            ),
            models.CheckConstraint(
                condition=Q(stands_for__isnull=True)
                | Q(~Q(reason=""), valid_until__isnull=False, role__in=sorted(LENDABLE)),
                name="delegation_is_dated_and_reasoned",
                violation_error_message="代理须写明截止日期和事由，且只能代理业务经办、审批、财务、推荐、学院管理",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.organization}"

    @classmethod
    def lent_around(cls, user: User) -> models.QuerySet[Membership]:
        """What ``user`` lent to others and was lent: one's own business, whatever else one sees."""
        rows = cls.objects.filter(stands_for__isnull=False)
        return rows.filter(Q(stands_for__user=user) | Q(user=user))

    @property
    def last_day(self) -> date | None:
        """The last day on which the role is held; None where no end is set."""
        return self.valid_until - timedelta(days=1) if self.valid_until else None


def account_field(name: str, *, is_later: bool = False, **options: Any) -> models.ForeignKey:
    """The account that did what ``name`` says, from the beginning or (``is_later``) once it was done.

    It is kept as long as the row is; from the account nothing leads back.
    """
    return models.ForeignKey(
        User, models.PROTECT, null=is_later, related_name="+", verbose_name=name, **options
    )
