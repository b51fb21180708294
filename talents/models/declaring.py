"""What experts who were drawn declare before any paper goes out: nothing stands between, or with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q

from organizations.models import Organization, account_field
from organizations.rights import APPEND_ONLY, Rights
from organizations.scoping import ScopedQuerySet
from talents.models.reviews import READERS, Draw, Expert
from talents.models.rounds import SelectionRound

if TYPE_CHECKING:
    from organizations.models import User


class DeclarationQuerySet(ScopedQuerySet):
    """An expert has their own."""

    def _within(self, paths: list[str], user: User) -> Q:
        return super()._within(paths, user) | Q(expert__user=user)


class Declaration(models.Model):
    """What one expert declares for a whole round, once; whoever is late is passed over in it.

    It is asked with the draw that first gave the expert a candidate, and holds for later draws.
    """

    TELLS_OF_PERSONS = True
    RIGHTS = Rights(update=("status", "answered_at", "answered_by_id"), delete=False)
    TRIGGERS: ClassVar = {"declaration_is_given_once": "refuse changing what was declared"}
    NAMED_WITH = ("expert", "round")
    ORGANIZATION_PATH = "round__organizer__path"
    VISIBLE_TO_ROLES = READERS

    class Status(models.TextChoices):
        ASKED = "asked", "待申报"
        CLEAR = "clear", "无回避情形"
        RECUSED = "recused", "有回避情形"
        LAPSED = "lapsed", "逾期未申报"

    round = models.ForeignKey(
        SelectionRound, models.PROTECT, related_name="declarations", verbose_name="轮次"
    )
    expert = models.ForeignKey(
        Expert, models.PROTECT, related_name="declarations", verbose_name="专家"
    )
    draw = models.ForeignKey(
        Draw,
        models.PROTECT,
        related_name="declarations",
        verbose_name="所据抽取",
        db_index=False,
    )
    due_on = models.DateField("申报期限")
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.ASKED)
    answered_at = models.DateTimeField("办结时间", null=True)
    answered_by = account_field("办理人", is_later=True, db_index=False)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "专家回避申报"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "expert"],
                name="declaration_once_per_round_and_expert",
                violation_error_message="该专家在本轮次已有回避申报",
            ),
            models.CheckConstraint(
                condition=Q(status="asked", answered_at__isnull=True, answered_by__isnull=True)
                | Q(
                    status__in=["clear", "recused", "lapsed"],
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                ),
                name="declaration_answered_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.expert.code}的回避申报"


class DeclaredTie(models.Model):
    """With which unit, or with whom by name, an expert says to have to do; never shown to other experts."""

    TELLS_OF_PERSONS = True
    RIGHTS = APPEND_ONLY
    TRIGGERS: ClassVar = {
        "declared_tie_comes_with_its_declaration": "refuse adding to what was declared"
    }
    NAMED_WITH = ("declaration__expert",)
    ORGANIZATION_PATH = "declaration__round__organizer__path"
    VISIBLE_TO_ROLES = READERS

    declaration = models.ForeignKey(
        Declaration, models.PROTECT, related_name="ties", verbose_name="回避申报"
    )
    unit = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name="回避的单位"
    )
    name = models.CharField("回避的姓名或单位名称", max_length=120, blank=True)
    reason = models.CharField("缘由", max_length=200)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申报的回避情形"
        ordering = ["declaration", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["declaration", "unit", "name"],
                nulls_distinct=False,
                name="declared_tie_once",
                violation_error_message="同一单位、同一姓名只申报一次",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False, name="") | Q(unit__isnull=True) & ~Q(name=""),
                name="declared_tie_is_with_a_unit_or_a_name",
                violation_error_message="回避情形须写明单位或姓名",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="declared_tie_says_why",
                violation_error_message="请写明回避的缘由",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.unit)
