"""Nominations: one person put forward by one unit in one round."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from intake.models import brought_by
from organizations.models import Organization, account_field
from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet
from talents.models.persons import Person, SkillLevel
from talents.models.rounds import SelectionRound
from workflow.corrections import Correctable
from workflow.texts.occupations import OCCUPATION_PATTERN, OCCUPATION_WORDS


def _segments(nomination: Nomination) -> dict[str, str]:
    rows = nomination.employments.order_by("start_month", "pk")
    return {"segments": "；".join(row.in_words for row in rows)}


class Nomination(models.Model):
    """What a unit filed about a person for one round: the evidence the round is judged by."""

    TELLS_OF_PERSONS = True
    ORGANIZATION_PATH = "unit__path"
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "nomination_moves_on_record": "refuse a move of the state without its record",
        "nomination_begins_at_the_first_state": "refuse a new one in a later state",
        "nomination_confirmed_within_places": "refuse to confirm more than the places",
        "nomination_assessed_is_kept": "refuse deleting what a verdict speaks of",
    }
    VISIBLE_TO_ROLES = FILING
    NAMED_WITH = ("person",)
    CORRECTABLE = Correctable(
        (
            "unit", "post", "occupation", "occupation_code", "skill_level", "certificate_number", "honours_text",
            "patents_count", "apprentices_count", "force_leading", "force_practice",
            "force_innovation", "force_tackling", "force_passing", "rank", "category", "is_migrant",
            "is_non_public", "is_key_industry",
        ),
        organization="unit",
        besides=_segments,
        by="filed_by",
        all_by="handled_by",
    )  # fmt: skip

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        CHECKED = "checked", "已确认"

    class Category(models.TextChoices):
        """What somebody counts as in the make-up of a slate; one each."""

        WORKER = "worker", "产业工人"
        FRONTLINE = "frontline", "其他一线职工和专业技术人员"
        SCIENCE = "science", "科教人员"
        MANAGER = "manager", "管理人员"
        HEAD = "head", "单位负责人"

    round = models.ForeignKey(
        SelectionRound, models.PROTECT, related_name="nominations", verbose_name="轮次"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="nominations", verbose_name="人选"
    )
    unit = models.ForeignKey(
        Organization, models.PROTECT, related_name="nominations", verbose_name="推荐单位"
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    post = models.CharField("职务/岗位", max_length=60, blank=True)
    occupation = models.CharField("职业（工种）", max_length=60, blank=True)
    #: Where it is told, it says which trade this is, however the trade is called.
    occupation_code = models.CharField(
        "职业编码",
        max_length=20,
        blank=True,
        db_default="",
        validators=[RegexValidator(rf"^{OCCUPATION_PATTERN}\Z", OCCUPATION_WORDS)],
        help_text="如6-18-02-04；填写的，由竞赛决定的职业按编码对应，不论名称怎样写",
    )
    skill_level = models.CharField("职业技能等级", max_length=1, choices=SkillLevel, blank=True)
    certificate_number = models.CharField("证书编号", max_length=30, blank=True)
    honours_text = models.TextField("获得荣誉", blank=True)
    patents_count = models.PositiveIntegerField("专利成果数", null=True, blank=True)
    apprentices_count = models.PositiveIntegerField("带徒人数", null=True, blank=True)
    force_leading = models.TextField("引领力", blank=True)
    force_practice = models.TextField("实践力", blank=True)
    force_innovation = models.TextField("创新力", blank=True)
    force_tackling = models.TextField("攻关力", blank=True)
    force_passing = models.TextField("传承力", blank=True)
    rank = models.PositiveIntegerField("推荐排序", null=True, blank=True)
    category = models.CharField(
        "人员类别", max_length=10, choices=Category, blank=True, db_default=""
    )
    is_migrant = models.BooleanField("农民工", null=True, blank=True)
    is_non_public = models.BooleanField("非公有制单位", null=True, blank=True)
    is_key_industry = models.BooleanField("重点产业", null=True, blank=True)
    row_number = models.PositiveIntegerField("序号", null=True, blank=True)
    batch = brought_by(editable=True, related_name="nominations")
    batch_line = models.PositiveIntegerField("导入表格行", null=True, blank=True)
    #: Who last filed or corrected it by form; of an import it is who uploaded the file.
    filed_by = account_field("填报人", is_later=True, blank=True, db_index=False)
    #: Accounts that ever filed, corrected, restored or imported it: they do not confirm it.
    handled_by = ArrayField(
        models.BigIntegerField(), verbose_name="经手账号", default=list, editable=False
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    edited_at = models.DateTimeField("最近更正", null=True, blank=True)
    #: Increases with every correction: a form that saw an older one is refused, not overwritten.
    version = models.PositiveIntegerField("版本", default=1)
    #: In which version it was given back: as long as that is the present one, it waits for its unit.
    returned_version = models.PositiveIntegerField(
        "退回时的版本", null=True, blank=True, editable=False
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "推荐"
        ordering = ["round", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(occupation_code="")
                | Q(occupation_code__regex=f"^{OCCUPATION_PATTERN}$"),
                name="nomination_occupation_code_is_of_the_list",
                violation_error_message=OCCUPATION_WORDS,
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "checked"]), name="nomination_state_is_known"
            ),
            models.UniqueConstraint(
                fields=["round", "person"],
                name="nomination_once_per_round_and_person",
                violation_error_message="该人员在本轮次已被推荐",
            ),
            models.UniqueConstraint(
                fields=["round", "unit", "rank"],
                name="nomination_ranked_once_by_its_unit",
                deferrable=models.Deferrable.IMMEDIATE,
                violation_error_message="该单位在本轮次已把这一位次排给另一名人选，请另填位次或对调排序",
            ),
            models.CheckConstraint(
                condition=Q(rank__isnull=True) | Q(rank__gte=1),
                name="nomination_rank_from_one",
                violation_error_message="推荐排序应从1开始",
            ),
            models.CheckConstraint(
                condition=Q(category__in=["", "worker", "frontline", "science", "manager", "head"]),
                name="nomination_category_is_known",
            ),
            models.CheckConstraint(
                condition=Q(batch__isnull=True) | Q(batch_line__isnull=False),
                name="nomination_imported_names_its_line",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["round", "id"], name="nomination_by_round"),
            models.Index(fields=["unit", "round", "id"], name="nomination_by_unit"),
            models.Index(fields=["round", "state", "id"], name="nomination_by_round_and_state"),
            models.Index(
                fields=["round", "edited_at"],
                condition=Q(edited_at__isnull=False),
                name="nomination_edited_by_round",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}（{self.unit}）"

    @property
    def in_records(self) -> str:
        return f"{self.person.name}的推荐"

    @property
    def awaits_unit(self) -> bool:
        """Whether it was given back and nobody has corrected it or answered since."""
        return self.state == self.State.DRAFT and self.returned_version == self.version

    @property
    def traits(self) -> str:
        """The groups of a slate that were ticked, in words."""
        told = {
            "农民工": self.is_migrant,
            "非公有制单位": self.is_non_public,
            "重点产业": self.is_key_industry,
        }
        return "、".join(title for title, is_so in told.items() if is_so)

    @property
    def standing(self) -> str:
        """The state in words; of what was given back whose turn it is."""
        return AWAITED if self.awaits_unit else self.get_state_display()


#: The same as ``awaits_unit``, asked of rows.
AWAITS_UNIT = Q(state=Nomination.State.DRAFT, returned_version=F("version"))
AWAITED = "已退回，待单位更正"
