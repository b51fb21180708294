"""Review: the pool of experts, who was drawn for whom, and the marks each gave on their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from intake.models import brought_by
from organizations.models import Organization, account_field
from organizations.rights import KEPT, Rights
from organizations.roles import STAFF, Role
from organizations.scoping import ScopedQuerySet
from talents.models.nominations import Nomination
from talents.models.rounds import SelectionRound
from talents.models.withheld import SaidOfCandidates
from workflow.corrections import Correctable

if TYPE_CHECKING:
    from organizations.models import User

#: The forces in the order of forms: column of the nomination without ``force_`` → label.
FORCES = {
    "leading": "引领力",
    "practice": "实践力",
    "innovation": "创新力",
    "tackling": "攻关力",
    "passing": "传承力",
}
LEAST_MARK, MOST_MARK = 0, 100
#: The marks belong to the review's own table alone; nobody below the organizer sees them.
READERS = STAFF | {Role.AUDITOR}


class Expert(models.Model):
    """One person who may be drawn to review; known to a round by code, never by name."""

    TELLS_OF_PERSONS = True
    RIGHTS = KEPT
    ORGANIZATION_PATH = "organization__path"
    VISIBLE_TO_ROLES = READERS
    CORRECTABLE = Correctable(("name", "unit", "fields", "user", "left_on"))

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="experts", verbose_name="专家库所属工会"
    )
    code = models.CharField("专家编号", max_length=20)
    name = models.CharField("姓名", max_length=60, blank=True)
    unit = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="工作单位",
        help_text="与人选同一单位的，抽取时自动回避",
    )
    fields = models.CharField(
        "专业（工种）", max_length=200, blank=True, help_text="多个用顿号隔开，如 焊工、钳工"
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="expert",
        verbose_name="账号",
    )
    left_on = models.DateField("出库日期", null=True, blank=True)
    batch = brought_by()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评审专家"
        ordering = ["organization", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "code"],
                name="expert_once_in_its_pool",
                violation_error_message="该专家编号已在库中",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9A-Z-]+$"),
                name="expert_code_is_plain",
                violation_error_message="专家编号只用大写字母、数字和短横线",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()


class Draw(models.Model):
    """Which experts a seed gave to which candidates of a round; anybody can draw it again.

    ``drawn`` is ``{nomination: [expert, …]}`` by id. Every draw stays on file, so that nobody draws
    until the lot suits them; the newest counts until it is released.
    """

    RIGHTS = Rights(update=("state", "released_by_id"), delete=False)
    TRIGGERS: ClassVar = {
        "draw_moves_on_record": "refuse a move of the state without its record",
        "draw_begins_at_the_first_state": "refuse a new one in a later state",
    }
    NAMED_WITH = ("round",)
    ORGANIZATION_PATH = "round__organizer__path"
    VISIBLE_TO_ROLES = READERS

    class State(models.TextChoices):
        DRAWN = "drawn", "已抽取"
        RELEASED = "released", "已分发"
        FOLLOWED = "followed", "已由替补续发"

    round = models.ForeignKey(
        SelectionRound, models.PROTECT, related_name="draws", verbose_name="轮次"
    )
    seed = models.BigIntegerField("随机种子")
    per_candidate = models.PositiveSmallIntegerField("每名人选的专家数")
    drawn = models.JSONField("抽取结果")
    sha256 = models.CharField("结果摘要", max_length=64)
    drawn_by = account_field("抽取人")
    drawn_at = models.DateTimeField("抽取时间", auto_now_add=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAWN)
    released_by = account_field("分发人", is_later=True, db_index=False)
    substitutes = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="所替补的抽取",
        db_index=False,
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "专家抽取"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(state="released"),
                name="draw_released_once_per_round",
                violation_error_message="本轮次已分发过评审材料",
            ),
            models.CheckConstraint(
                condition=Q(state="drawn", released_by__isnull=True)
                | Q(state__in=["released", "followed"], released_by__isnull=False),
                name="draw_released_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(seed__gte=0, per_candidate__gte=1), name="draw_of_at_least_one"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="draw_digest_is_sha256"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} 种子{self.seed}"


class ReviewQuerySet(SaidOfCandidates):
    """Marks; an expert has their own."""

    def waiting(self) -> ReviewQuerySet:
        """What marks are still to come for: of the expert, or of another in the place of a paper taken back."""
        return self.filter(status__in=[Review.Status.ASSIGNED, Review.Status.TAKEN])

    def that_count(self) -> ReviewQuerySet:
        """Marks given, but those of whom another looked a second time for."""
        relieved = Review.objects.filter(
            nomination=models.OuterRef("nomination"),
            expert=models.OuterRef("expert"),
            look=2,
            status=Review.Status.REPLACED,
        )
        given = self.filter(status=Review.Status.SUBMITTED, is_recused=False)
        return given.exclude(models.Exists(relieved))

    def _within(self, paths: list[str], user: User) -> Q:
        return super()._within(paths, user) | Q(expert__user=user)


class Review(models.Model):
    """One expert's marks for one candidate; once submitted they are neither changed nor seen by others.

    ``look`` 2 is a second look where the first ones lay too far apart: both stay, the later counts.
    A paper nothing is handed in for is taken back for a reason; another expert takes its place, or another
    person decides that there are fewer marks.
    """

    TRIGGERS: ClassVar = {
        "review_is_sealed": "refuse changing what was submitted or taken back, and deleting what was not imported",
    }
    NAMED_WITH = ("nomination",)
    ORGANIZATION_PATH = "nomination__round__organizer__path"
    VISIBLE_TO_ROLES = READERS

    class Status(models.TextChoices):
        ASSIGNED = "assigned", "待评审"
        SUBMITTED = "submitted", "已提交"
        TAKEN = "taken", "已收回待替补"
        REPLACED = "replaced", "已由他人替补"
        WAIVED = "waived", "已收回不再补评"

    nomination = models.ForeignKey(
        Nomination, models.PROTECT, related_name="reviews", verbose_name="推荐"
    )
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="reviews", verbose_name="专家")
    look = models.PositiveSmallIntegerField("第几次评审", default=1)
    draw = models.ForeignKey(
        Draw, models.PROTECT, null=True, related_name="reviews", verbose_name="所据抽取"
    )
    mark_leading = models.DecimalField("引领力", max_digits=5, decimal_places=2, null=True)
    mark_practice = models.DecimalField("实践力", max_digits=5, decimal_places=2, null=True)
    mark_innovation = models.DecimalField("创新力", max_digits=5, decimal_places=2, null=True)
    mark_tackling = models.DecimalField("攻关力", max_digits=5, decimal_places=2, null=True)
    mark_passing = models.DecimalField("传承力", max_digits=5, decimal_places=2, null=True)
    remark = models.CharField("评语", max_length=500, blank=True)
    is_recused = models.BooleanField("回避", default=False)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.ASSIGNED)
    submitted_at = models.DateTimeField("提交时间", null=True)
    taken_by = account_field("收回人", is_later=True, db_index=False)
    taken_at = models.DateTimeField("收回时间", null=True)
    taken_reason = models.CharField(
        "收回事由", max_length=200, blank=True, default="", db_default=""
    )
    waived_by = account_field("决定不再补评的人", is_later=True, db_index=False)
    waived_at = models.DateTimeField("决定不再补评的时间", null=True)
    waived_reason = models.CharField(
        "不再补评的理由", max_length=200, blank=True, default="", db_default=""
    )
    batch = brought_by(related_name="reviews")
    batch_line = models.PositiveIntegerField("导入表格行", null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "专家评分"
        ordering = ["nomination", "expert", "look"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["nomination", "expert", "look"],
                name="review_once_per_expert_and_look",
                violation_error_message="该专家已评过这名人选",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["assigned", "submitted", "taken", "replaced", "waived"]),
                name="review_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(look__in=[1, 2]), name="review_is_looked_at_twice_at_most"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"mark_{force}__isnull": True})
                    | Q(**{f"mark_{force}__gte": LEAST_MARK, f"mark_{force}__lte": MOST_MARK}),
                    name=f"review_{force}_from_0_to_100",
                    violation_error_message=f"{label}应在0至100之间",
                )
                for force, label in FORCES.items()
            ),
            models.CheckConstraint(
                condition=~Q(status="submitted") & Q(submitted_at__isnull=True)
                | Q(status="submitted", submitted_at__isnull=False)
                & (Q(is_recused=True) | Q(**{f"mark_{force}__isnull": False for force in FORCES})),
                name="review_submitted_with_all_marks",
                violation_error_message="提交时五项评分都须填写，或写明回避",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["assigned", "submitted"],
                    taken_by__isnull=True,
                    taken_at__isnull=True,
                    taken_reason="",
                )
                | Q(
                    status__in=["taken", "replaced", "waived"],
                    taken_by__isnull=False,
                    taken_at__isnull=False,
                )
                & ~Q(taken_reason=""),
                name="review_taken_back_for_a_reason",
                violation_error_message="收回评审材料须写明事由",
            ),
            models.CheckConstraint(
                condition=~Q(status="waived")
                & Q(waived_by__isnull=True, waived_at__isnull=True, waived_reason="")
                | Q(status="waived", waived_by__isnull=False, waived_at__isnull=False)
                & ~Q(waived_reason="")
                & ~Q(waived_by=F("taken_by")),
                name="review_waived_by_another_for_a_reason",
                violation_error_message="不再补评须由收回人以外的人决定，并写明理由",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nomination_id}:{self.expert_id}"
