"""The next edition of a policy while it is drafted: what it changes, by which document, since when."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from organizations.models import Organization, account_field
from organizations.rights import KEPT
from organizations.scoping import ScopedQuerySet
from policies.library.policy import Status
from policies.models.defaults import LONGEST_DOCUMENT
from policies.models.editions import PolicyEdition
from workflow.corrections import Correctable

#: What one says of the edition as a whole.
HEAD = (
    "title", "status", "document_number", "document_title", "publisher", "issued_on",
    "effective_from", "effective_until", "summary", "provenance",
)  # fmt: skip


def changes_in_words(draft: EditionDraft) -> dict[str, str]:
    """The changed items by name, with what they are set to: so they stand in the record."""
    return {change["set"]["title"]: change["words"] for change in draft.changes.values()}


class EditionDraft(models.Model):
    """A draft of the edition after ``base``; once activated there is an edition with its words.

    ``changes`` has the items that say otherwise, by section and code: what is ``set`` in the file, and
    how that is told to people (``words``). Whoever wrote any of it is among
    ``handled_by`` and does not activate it.
    """

    RIGHTS = KEPT
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "draft_moves_on_record": "refuse a move of the state without its record",
        "draft_begins_at_the_first_state": "refuse a new one in a later state",
    }
    ORGANIZATION_PATH = "organization__path"
    NAMED_WITH = ("base",)
    CORRECTABLE = Correctable(HEAD, besides=changes_in_words, all_by="handled_by")

    STATUS_LABELS: ClassVar = ((Status.TRIAL.value, "试行"), (Status.IN_FORCE.value, "正式"))

    class State(models.TextChoices):
        DRAFT = "draft", "起草中"
        SUBMITTED = "submitted", "待生效"
        ACTIVATED = "activated", "已生效"
        DROPPED = "dropped", "已放弃"

    code = models.CharField("政策编码", max_length=80)
    base = models.ForeignKey(
        PolicyEdition, models.PROTECT, related_name="+", verbose_name="所据版本"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="起草工会"
    )
    title = models.CharField("政策名称", max_length=200)
    status = models.CharField(
        "文件性质",
        max_length=20,
        choices=STATUS_LABELS,
    )
    document_number = models.CharField("文号", max_length=LONGEST_DOCUMENT)
    document_title = models.CharField("文件标题", max_length=200)
    publisher = models.CharField("发文机关", max_length=200)
    issued_on = models.DateField("印发日期")
    effective_from = models.DateField("施行日期", help_text="自当日起按新版办理")
    effective_until = models.DateField(
        "失效日期", null=True, blank=True, help_text="当日起不再有效；未定的不填"
    )
    summary = models.TextField("摘要", max_length=2000)
    provenance = models.TextField("资料情况", max_length=1000, blank=True)
    changes = models.JSONField("修改的条文", default=dict, blank=True, encoder=DjangoJSONEncoder)
    state = models.CharField("状态", max_length=12, choices=State, default=State.DRAFT)
    drafted_by = account_field("起草人")
    handled_by = ArrayField(models.BigIntegerField(), default=list, verbose_name="经手人")
    drafted_at = models.DateTimeField("起草时间", auto_now_add=True)
    edited_at = models.DateTimeField("修改时间", null=True)
    version = models.PositiveIntegerField("修改次数", default=1)
    activated_by = account_field("生效人", is_later=True)
    result = models.OneToOneField(
        PolicyEdition,
        models.PROTECT,
        null=True,
        related_name="draft",
        verbose_name="生效的版本",
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "新版次草稿"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(state__in=["draft", "submitted"]),
                name="draft_once_per_policy",
                violation_error_message="该政策已有在办的新版次草稿，请在其上修改，或先放弃",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "activated", "dropped"]),
                name="draft_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="activated", result__isnull=False, activated_by__isnull=False)
                | ~Q(state="activated") & Q(result__isnull=True, activated_by__isnull=True),
                name="draft_has_a_result_once_activated",
                violation_error_message="生效的草稿须有版本和生效人",
            ),
            models.CheckConstraint(
                condition=Q(activated_by__isnull=True) | ~Q(activated_by=F("drafted_by")),
                name="draft_is_activated_by_another",
                violation_error_message="起草的人不能使自己的草稿生效，须由其他审批人办理",
            ),
            models.CheckConstraint(
                condition=Q(effective_until__isnull=True)
                | Q(effective_until__gt=F("effective_from")),
                name="draft_ends_after_it_starts",
                violation_error_message="失效日期须晚于施行日期",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}第{self.number}版（{self.get_state_display()}）"

    @property
    def number(self) -> int:
        """The edition it is to be."""
        return self.base.edition + 1

    @property
    def document(self) -> dict[str, str]:
        """How its file cites the document it follows."""
        title = f"{self.document_title}（{self.document_number}）"
        return {"publisher": self.publisher, "title": title, "published": str(self.issued_on)}

    @property
    def changed(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The changed items, by section and code."""
        pairs = ((key.split(".", 1), change["set"]) for key, change in self.changes.items())
        return {(section, item): change for (section, item), change in pairs}
