"""The road of a nomination to its round: unit notice, offices asked, opinion level by level, faults."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from organizations.models import Organization, User, account_field
from organizations.rights import KEPT, Rights
from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet
from talents.models.nominations import Nomination
from talents.models.withheld import ResultsOfCandidates, SaidOfCandidates
from workflow.models import Attachment


class UnitNotice(models.Model):
    """The notice a unit put up about its candidate, as it said; ended by its stamped scan.

    What it says of the candidate is frozen with it: where that changes, another one goes up.
    """

    TELLS_OF_PERSONS = True
    RIGHTS = KEPT
    TRIGGERS: ClassVar = {
        "unit_notice_moves_on_record": "refuse a move of the state without its record",
        "unit_notice_begins_at_the_first_state": "refuse a new one in a later state",
    }
    NAMED_WITH = ("nomination__person",)
    FILES = ()
    WITHHELD_FILES = ("scan",)
    ORGANIZATION_PATH = "nomination__unit__path"
    VISIBLE_TO_ROLES = FILING

    class State(models.TextChoices):
        UP = "up", "公示中"
        CLEAR = "clear", "公示无异议"
        DISPUTED = "disputed", "公示有异议"
        STALE = "stale", "已撤换"

    nomination = models.ForeignKey(
        Nomination, models.PROTECT, related_name="unit_notices", verbose_name="推荐"
    )
    told = models.CharField("公示内容", max_length=300)
    place = models.CharField("公示地点", max_length=200, help_text="如：公司公告栏、厂务公开网")
    starts_on = models.DateField("公示开始")
    ends_on = models.DateField("公示期满")
    state = models.CharField("状态", max_length=10, choices=State, default=State.UP)
    finding = models.CharField("公示结果", max_length=500, blank=True)
    scan = models.ForeignKey(
        Attachment, models.PROTECT, null=True, related_name="+", verbose_name="盖章扫描件"
    )
    put_up_by = account_field("张贴人")
    closed_by = account_field("登记人", is_later=True, db_index=False)
    closed_on = models.DateField("登记日期", null=True)

    objects = ResultsOfCandidates.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位公示"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["nomination"],
                condition=Q(state__in=["up", "clear"]),
                name="unit_notice_one_at_a_time",
                violation_error_message="该人选已有一份单位公示",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="unit_notice_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(state="up", closed_on__isnull=True, closed_by__isnull=True)
                | Q(state="clear", scan__isnull=False, closed_by__isnull=False)
                & Q(closed_on__gt=F("ends_on"))
                | Q(
                    state__in=["disputed", "stale"],
                    closed_by__isnull=False,
                    closed_on__isnull=False,
                )
                & ~Q(finding=""),
                name="unit_notice_is_clear_once_it_ended_with_its_scan",
                violation_error_message="公示期满并上传盖章扫描件后，才能登记无异议",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nomination.person}的单位公示"

    @classmethod
    def withheld_from(cls, user: User) -> models.QuerySet[UnitNotice]:
        """What came of those about this person, or about whom they stand in for: who said what."""
        return cls.objects.about(user)


class Clearance(models.Model):
    """What one office says about one candidate when it is asked (征求意见)."""

    TELLS_OF_PERSONS = True
    RIGHTS = KEPT
    TRIGGERS: ClassVar = {
        "clearance_moves_on_record": "refuse a move of the state without its record",
        "clearance_begins_at_the_first_state": "refuse a new one in a later state",
    }
    NAMED_WITH = ("nomination__person",)
    #: No scan of a reply is kept.
    FILES = ()
    ORGANIZATION_PATH = "nomination__unit__path"
    VISIBLE_TO_ROLES = FILING

    class State(models.TextChoices):
        ASKED = "asked", "待答复"
        CLEAR = "clear", "无异议"
        OBJECTED = "objected", "有异议"

    nomination = models.ForeignKey(
        Nomination, models.PROTECT, related_name="clearances", verbose_name="推荐"
    )
    office = models.CharField("部门", max_length=40)
    state = models.CharField("状态", max_length=10, choices=State, default=State.ASKED)
    reply = models.CharField("答复", max_length=500, blank=True)
    document_number = models.CharField("复函文号", max_length=60, blank=True)
    asked_on = models.DateField("征求日期")
    answered_on = models.DateField("答复日期", null=True)
    asked_by = account_field("征求人")
    answered_by = account_field("登记人", is_later=True, db_index=False)
    #: The objection that was put right, as it stood; ``reply`` is then what came after it.
    objection = models.CharField("原异议", max_length=500, blank=True, default="", db_default="")
    objection_number = models.CharField(
        "原复函文号", max_length=60, blank=True, default="", db_default=""
    )
    objected_on = models.DateField("原答复日期", null=True)
    objected_by = account_field("原登记人", is_later=True, db_index=False)
    corrected_for = models.CharField(
        "更正事由", max_length=200, blank=True, default="", db_default=""
    )
    #: The reply without objection that an objection took the place of, as it stood, and why.
    cleared_reply = models.CharField(
        "原无异议答复", max_length=500, blank=True, default="", db_default=""
    )
    cleared_number = models.CharField(
        "原无异议复函文号", max_length=60, blank=True, default="", db_default=""
    )
    cleared_on = models.DateField("原无异议答复日期", null=True)
    cleared_by = account_field("原无异议登记人", is_later=True, db_index=False)
    objected_for = models.CharField(
        "改登有异议事由", max_length=200, blank=True, default="", db_default=""
    )

    objects = SaidOfCandidates.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "征求意见"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["nomination", "office"],
                name="clearance_once_per_office",
                violation_error_message="已向该部门征求过意见",
            ),
            models.CheckConstraint(condition=~Q(office=""), name="clearance_names_its_office"),
            models.CheckConstraint(
                condition=Q(state="asked", answered_by__isnull=True, answered_on__isnull=True)
                | Q(
                    state__in=["clear", "objected"],
                    answered_by__isnull=False,
                    answered_on__gte=F("asked_on"),
                )
                & ~Q(reply=""),
                name="clearance_answered_says_what_and_when",
                violation_error_message="登记答复须写明内容和日期，日期不早于征求之日",
            ),
            models.CheckConstraint(
                condition=Q(
                    objection="",
                    objection_number="",
                    objected_on__isnull=True,
                    objected_by__isnull=True,
                    corrected_for="",
                )
                | Q(
                    state="clear",
                    objected_on__isnull=False,
                    objected_by__isnull=False,
                    answered_on__gte=F("objected_on"),
                )
                & ~Q(objection="")
                & ~Q(corrected_for="")
                & ~Q(objected_by=F("answered_by")),
                name="clearance_put_right_by_another_for_a_reason",
                violation_error_message="更正部门异议须由原登记人以外的人写明事由，日期不早于原答复",
            ),
            models.CheckConstraint(
                condition=Q(
                    cleared_reply="",
                    cleared_number="",
                    cleared_on__isnull=True,
                    cleared_by__isnull=True,
                    objected_for="",
                )
                | Q(
                    state__in=["clear", "objected"],
                    cleared_on__isnull=False,
                    cleared_by__isnull=False,
                    answered_on__gte=F("cleared_on"),
                )
                & ~Q(cleared_reply="")
                & ~Q(objected_for=""),
                name="clearance_objected_later_for_a_reason",
                violation_error_message="改登有异议须写明事由，日期不早于原答复，原答复保留",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office}：{self.nomination.person}"

    @classmethod
    def withheld_from(cls, user: User) -> models.QuerySet[Clearance]:
        """What offices said about this person, or about whom they stand in for: not on record to them."""
        return cls.objects.about(user)


class Endorsement(models.Model):
    """What one level says of a nomination as it stood in ``version``; a later version asks anew."""

    TELLS_OF_PERSONS = True
    RIGHTS = KEPT
    TRIGGERS: ClassVar = {
        "endorsement_moves_on_record": "refuse a move of the state without its record",
        "endorsement_begins_at_the_first_state": "refuse a new one in a later state",
    }
    NAMED_WITH = ("nomination__person", "organization")
    ORGANIZATION_PATH = "nomination__unit__path"
    VISIBLE_TO_ROLES = FILING

    class State(models.TextChoices):
        ASKED = "asked", "待出具意见"
        GIVEN = "given", "同意推荐"
        RETURNED = "returned", "已退回"

    nomination = models.ForeignKey(
        Nomination, models.PROTECT, related_name="endorsements", verbose_name="推荐"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="哪一级"
    )
    level = models.PositiveSmallIntegerField("级次", help_text="推荐单位为第1级")
    is_last = models.BooleanField("主办工会之下的最后一级", default=False)
    version = models.PositiveIntegerField("所看的资料版本")
    state = models.CharField("状态", max_length=10, choices=State, default=State.ASKED)
    opinion = models.CharField("意见", max_length=500, blank=True)
    asked_at = models.DateTimeField("送达时间", auto_now_add=True)
    decided_by = account_field("经办人", is_later=True)
    decided_on = models.DateField("日期", null=True)
    is_late = models.BooleanField(
        "逾期", default=False, db_default=False, help_text="逐级审核的最后一日以后才出具的"
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "逐级推荐意见"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["nomination", "version", "organization"],
                condition=Q(state__in=["asked", "given"]),
                name="endorsement_once_per_level_and_version",
                violation_error_message="这一级已出具或正在出具意见",
            ),
            models.UniqueConstraint(
                fields=["nomination", "version", "decided_by"],
                condition=Q(state="given"),
                name="endorsement_by_another_at_each_level",
                violation_error_message="同一人不能在两级出具意见",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by__isnull=True, decided_on__isnull=True)
                | Q(
                    state__in=["given", "returned"],
                    decided_by__isnull=False,
                    decided_on__isnull=False,
                )
                & ~Q(opinion=""),
                name="endorsement_decided_says_what_and_who",
                violation_error_message="出具意见须写明意见内容",
            ),
            models.CheckConstraint(condition=Q(level__gte=1), name="endorsement_level_from_one"),
            models.CheckConstraint(
                condition=Q(is_late=False) | Q(state="given"), name="endorsement_late_was_given"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "state"], name="endorsement_by_level_and_state")
        ]

    def __str__(self) -> str:
        return f"{self.organization}对{self.nomination.person}的意见"

    @property
    def is_current(self) -> bool:
        """Whether the papers still stand as this level saw them."""
        return self.version == self.nomination.version


class Shortcoming(models.Model):
    """What of a nomination was given back, field by field; answered by a correction or in words."""

    TELLS_OF_PERSONS = True
    RIGHTS = Rights(update=("answer",))
    NAMED_WITH = ("nomination__person",)
    ORGANIZATION_PATH = "nomination__unit__path"
    VISIBLE_TO_ROLES = FILING

    class Kind(models.TextChoices):
        MISSING = "missing", "缺件"
        MISMATCH = "mismatch", "不符"
        DOUBT = "doubt", "存疑"

    nomination = models.ForeignKey(
        Nomination, models.CASCADE, related_name="shortcomings", verbose_name="推荐"
    )
    version = models.PositiveIntegerField("退回时的版本")
    field = models.CharField("事项", max_length=40)
    kind = models.CharField("问题", max_length=10, choices=Kind)
    answer = models.CharField("说明", max_length=200, blank=True)
    returned_by = account_field("退回人")
    returned_at = models.DateTimeField("退回时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "退回事项"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["missing", "mismatch", "doubt"]),
                name="shortcoming_kind_is_known",
            ),
            models.CheckConstraint(condition=~Q(field=""), name="shortcoming_names_its_field"),
        ]

    def __str__(self) -> str:
        return f"{self.field}：{self.get_kind_display()}"
