"""Who of a pair has agreed, each by themselves, and what the two did together, said by both."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from organizations.models import account_field
from organizations.rights import Rights
from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet
from talents.models.growth import Mentorship
from workflow.models import Attachment

ABOUT = ("mentorship__master__identity_digest", "mentorship__apprentice__identity_digest")


class PairConsent(models.Model):
    """One of the three parties agrees: by account, or on the paper whose scan goes along."""

    TELLS_OF_PERSONS = True
    RIGHTS = Rights(update=False, delete=False)
    NAMED_WITH = ("mentorship__master", "mentorship__apprentice")
    ORGANIZATION_PATH = "mentorship__organization__path"
    ABOUT = ABOUT
    VISIBLE_TO_ROLES = FILING

    class Party(models.TextChoices):
        MASTER = "master", "师傅"
        APPRENTICE = "apprentice", "徒弟"
        UNIT = "unit", "单位"

    mentorship = models.ForeignKey(
        Mentorship, models.PROTECT, related_name="consents", verbose_name="师徒结对"
    )
    party = models.CharField("哪一方", max_length=10, choices=Party)
    scan = models.ForeignKey(
        Attachment, models.PROTECT, null=True, related_name="+", verbose_name="签字协议扫描件"
    )
    given_by = account_field("确认人")
    given_at = models.DateTimeField("确认时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "师徒协议确认"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mentorship", "party"],
                name="consent_once_per_party",
                violation_error_message="这一方已确认过",
            ),
            models.UniqueConstraint(
                fields=["mentorship", "given_by"],
                condition=Q(scan__isnull=True),
                name="consent_by_another_for_each_party",
                violation_error_message="同一人不能代表两方确认",
            ),
            models.CheckConstraint(
                condition=Q(party__in=["master", "apprentice", "unit"]),
                name="consent_party_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(party="unit") | Q(scan__isnull=True),
                name="consent_of_the_unit_is_by_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentorship}：{self.get_party_display()}确认"


class PairLog(models.Model):
    """One day of teaching; it counts once master and apprentice have both confirmed it."""

    TELLS_OF_PERSONS = True
    RIGHTS = Rights(update=("master_by_id", "apprentice_by_id"), delete=False)
    NAMED_WITH = ("mentorship__master", "mentorship__apprentice")
    ORGANIZATION_PATH = "mentorship__organization__path"
    ABOUT = ABOUT
    VISIBLE_TO_ROLES = FILING

    mentorship = models.ForeignKey(
        Mentorship, models.PROTECT, related_name="logs", verbose_name="师徒结对"
    )
    held_on = models.DateField("带教日期")
    words = models.CharField("带教内容", max_length=500)
    written_by = account_field("记录人")
    master_by = account_field("师傅确认", is_later=True, db_index=False)
    apprentice_by = account_field("徒弟确认", is_later=True, db_index=False)
    written_at = models.DateTimeField("记录时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "带教日志"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(words=""), name="pair_log_says_something"),
            models.CheckConstraint(
                condition=Q(master_by__isnull=True)
                | Q(apprentice_by__isnull=True)
                | ~Q(master_by=F("apprentice_by")),
                name="pair_log_is_confirmed_by_two",
                violation_error_message="带教日志由师傅和徒弟各自确认",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentorship} {self.held_on}"

    @property
    def is_confirmed(self) -> bool:
        return self.master_by_id is not None and self.apprentice_by_id is not None
