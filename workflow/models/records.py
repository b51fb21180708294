"""The append-only record of what happened, chained by hash so that a change shows."""

from __future__ import annotations

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from organizations.models import Organization, account_field
from organizations.rights import APPEND_ONLY, READ_ONLY
from organizations.roles import STAFF_AND_OVERSIGHT, Role
from organizations.scoping import OpenQuerySet
from workflow.models.withholding import RecordQuerySet
from workflow.texts.controls import CONTROL_CHARACTERS


class Record(models.Model):
    """One thing that happened to one subject: by whom, when, from what, to what, with what words.

    ``sequence``, ``at``, ``previous_hash`` and ``hash`` are filled by a trigger; UPDATE, DELETE and
    TRUNCATE are refused by the database (JX001), for its owner too.
    """

    RIGHTS = APPEND_ONLY
    ORGANIZATION_PATH = "organization__path"
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "record_append": "number, date and hash each new record",
        "record_is_append_only": "refuse every change and deletion",
        "record_is_never_truncated": "refuse emptying the table",
    }
    VISIBLE_TO_ROLES = STAFF_AND_OVERSIGHT | {
        Role.NOMINATOR,
        Role.ACADEMY_MANAGER,
        Role.AUDIT_ADMIN,
    }

    class Kind(models.TextChoices):
        TRANSITION = "transition", "状态变更"
        CHANGE = "change", "数据更正"
        IMPORT = "import", "批量导入"
        JOB = "job", "后台任务"
        REVEAL = "reveal", "查看敏感信息"
        EXPORT = "export", "导出"
        LOGIN = "login", "登录"
        GRANT = "grant", "授权"
        POLICY = "policy", "政策版本"

    chain = models.CharField("链", max_length=60, editable=False)
    sequence = models.BigIntegerField("序号", default=0, editable=False)
    kind = models.CharField("类别", max_length=20, choices=Kind)
    subject = models.CharField("对象", max_length=100)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name="所属组织"
    )
    code = models.CharField("动作代码", max_length=60)
    action = models.CharField("动作", max_length=60)
    source = models.CharField("原状态", max_length=40, blank=True)
    target = models.CharField("新状态", max_length=40, blank=True)
    before = models.JSONField("变更前", default=dict, blank=True, encoder=DjangoJSONEncoder)
    after = models.JSONField("变更后", default=dict, blank=True, encoder=DjangoJSONEncoder)
    note = models.TextField("意见或事由", blank=True)
    actor = account_field("经办人")
    at = models.DateTimeField("时间", db_default=Now(), editable=False)
    previous_hash = models.BinaryField("前一条哈希", default=b"", editable=False)
    hash = models.BinaryField("哈希", default=b"", editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "留痕记录"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "transition",
                        "change",
                        "import",
                        "job",
                        "reveal",
                        "export",
                        "login",
                        "grant",
                        "policy",
                    ]
                ),
                name="record_kind_is_known",
            ),
            models.UniqueConstraint(fields=["chain", "sequence"], name="record_once_in_its_chain"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z]+\.[a-z]+(-[a-z]+)*$"), name="record_has_a_code"
            ),
            models.CheckConstraint(
                condition=~Q(
                    *(
                        (f"{field}__regex", CONTROL_CHARACTERS)
                        for field in ("subject", "action", "source", "target", "note")
                    ),
                    _connector=Q.OR,
                ),
                name="record_has_no_control_characters",
                violation_error_message="文字中含有看不见的控制字符，请删去后重新填写",
            ),
            models.CheckConstraint(
                condition=~Q(kind="reveal") | ~Q(note=""),
                name="record_of_reveal_gives_a_reason",
                violation_error_message="查看敏感信息须填写事由",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject", "-id"], name="record_by_subject"),
            models.Index(fields=["actor", "-id"], name="record_by_actor"),
            models.Index(fields=["kind", "-id"], name="record_by_kind"),
            models.Index(fields=["organization", "-id"], name="record_by_organization"),
        ]

    def __str__(self) -> str:
        return f"{self.action}（第{self.sequence}条）"

    @classmethod
    def newest_change(cls) -> int:
        """The newest record of anything that is now otherwise than before; 0 while there is none."""
        kinds = [cls.Kind.TRANSITION, cls.Kind.CHANGE, cls.Kind.IMPORT]
        rows = cls.objects.filter(kind__in=kinds).order_by("-pk")
        return rows.values_list("pk", flat=True).first() or 0

    @classmethod
    def looks_at(cls, subject: str) -> models.QuerySet[Record]:
        """Who opened a sensitive value of ``subject``, when and why: told to whom it is about."""
        rows = cls.objects.filter(subject=subject, kind=cls.Kind.REVEAL)
        return rows.select_related("actor").order_by("-pk")


class ChainHead(models.Model):
    """The last link of each chain; moved only by the trigger that appends a record."""

    RIGHTS = READ_ONLY
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "chain_head_is_never_truncated": "refuse emptying the table",
        "chain_head_has_its_record": "let a head move only to a record that stays",
        "chain_head_has_its_entry": "let a head of the ledger move only to an entry that stays",
    }

    chain = models.CharField("链", max_length=60, primary_key=True)
    sequence = models.BigIntegerField("序号", default=0)
    hash = models.BinaryField("哈希", default=b"")

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "记录链链头"

    def __str__(self) -> str:
        return f"链头（第{self.sequence}条）"
