"""How people grow: masters and apprentices by agreement, and the years of those who are cultivated."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from organizations.models import Organization
from organizations.rights import KEPT
from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet
from talents.models.persons import Person, SkillLevel


class Mentorship(models.Model):
    """One master and one apprentice for some years; several pairs make 一带多 and 多带一."""

    TELLS_OF_PERSONS = True
    RIGHTS = KEPT
    TRIGGERS: ClassVar = {
        "mentorship_moves_on_record": "refuse a move of the state without its record",
        "mentorship_begins_at_the_first_state": "refuse a new one in a later state",
    }
    NAMED_WITH = ("master", "apprentice")
    ORGANIZATION_PATH = "organization__path"
    VISIBLE_TO_ROLES = FILING

    class State(models.TextChoices):
        DRAFT = "draft", "待备案"
        AGREED = "agreed", "带教中"
        FINISHED = "finished", "已出师"
        ENDED = "ended", "已终止"

    master = models.ForeignKey(
        Person, models.PROTECT, related_name="apprenticeships_led", verbose_name="师傅"
    )
    apprentice = models.ForeignKey(
        Person, models.PROTECT, related_name="apprenticeships", verbose_name="徒弟"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="签约单位"
    )
    trade = models.CharField("职业（工种）", max_length=60)
    goals = models.TextField("带教目标")
    starts_on = models.DateField("协议开始")
    ends_on = models.DateField("协议期满")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    closed_on = models.DateField("结束日期", null=True)
    level_after = models.CharField("出师时等级", max_length=1, choices=SkillLevel, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填报人"
    )
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="备案人",
        db_index=False,
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "师徒结对"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "agreed", "finished", "ended"]),
                name="mentorship_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(master=F("apprentice")),
                name="mentorship_joins_two_people",
                violation_error_message="师傅和徒弟不能是同一人",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="mentorship_ends_after_it_begins",
                violation_error_message="协议期满须晚于开始",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "agreed"], closed_on__isnull=True)
                | Q(state__in=["finished", "ended"], closed_on__isnull=False),
                name="mentorship_closed_iff_dated",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("proposed_by")),
                name="mentorship_is_agreed_by_another",
                violation_error_message="师徒协议须由填报人以外的人备案",
            ),
            models.UniqueConstraint(
                fields=["master", "apprentice"],
                condition=Q(state__in=["draft", "agreed"]),
                name="mentorship_once_at_a_time",
                violation_error_message="这对师徒已有在办或在期的协议",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "starts_on"], name="mentorship_by_body_and_start")
        ]

    def __str__(self) -> str:
        return f"{self.master}带{self.apprentice}"
