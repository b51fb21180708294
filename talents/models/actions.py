"""What bodies register of their people beside selection: results with their evidence, seeds, own assessment."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from intake.models import brought_by
from organizations.models import Organization, account_field
from organizations.rights import Rights
from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet
from talents.models.persons import Person
from workflow.models import Attachment

#: How a patent is numbered once it is granted: without ZL and without the dot before the check sign.
PATENT_NUMBER = r"^(\d{8}|\d{12})[0-9X]$"


class ActionEntry(models.Model):
    """One entry; entered in error it is withdrawn, on record, not deleted. A result names who made it.

    A seed is a person and stands once for good; an enterprise assesses levels by itself once; a patent
    stands once by its number. What kind of result or of seed it is, is ``sort``. ``person`` made the
    result first, the others are its ``partners``. What an import brought goes with the import.
    """

    TELLS_OF_PERSONS = True
    RIGHTS = Rights(update=("withdrawn_on", "scan_id"))
    NAMED_WITH = ("person",)
    ORGANIZATION_PATH = "organization__path"
    ABOUT = ("person__identity_digest", "partners__person__identity_digest")
    VISIBLE_TO_ROLES = FILING
    TRIGGERS: ClassVar = {
        "action_entry_entered_here_is_kept": "refuse deleting what was entered here, not imported",
    }

    class Kind(models.TextChoices):
        SEED = "seed", "种子工匠"
        PATENT = "patent", "专利"
        FOUR = "four", "四技成果"
        SMALL = "small", "五小成果"
        ASSESSING = "assessing", "自主评价企业"

    class Sort(models.TextChoices):
        STUDENT = "student", "职业院校学生"
        NEWCOMER = "newcomer", "新入职一线工人"
        INVENTIVE = "inventive", "发明专利"
        UTILITY = "utility", "实用新型专利"
        APPEARANCE = "appearance", "外观设计专利"
        RENOVATION = "renovation", "技术革新"
        JOINT = "joint", "技术协作"
        TACKLING = "tackling", "技术攻关"
        DEVISING = "devising", "技术发明"
        INVENTION = "invention", "小发明"
        CREATION = "creation", "小创造"
        RENEWAL = "renewal", "小革新"
        DESIGN = "design", "小设计"
        PROPOSAL = "proposal", "小建议"

    kind = models.CharField("行动", max_length=10, choices=Kind)
    sort = models.CharField("类别", max_length=10, choices=Sort, blank=True)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="单位（院校）"
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="action_entries",
        verbose_name="人员（第一完成人）",
    )
    told = models.CharField(
        "名称（说明）",
        max_length=200,
        help_text="专利、四技、五小写成果名称，种子工匠写孵化载体和导师，自主评价写工种",
    )
    document_number = models.CharField(
        "编号（文号）",
        max_length=60,
        blank=True,
        help_text="专利写专利号，如“ZL202010123456.2”；其他写证明或备案文号",
    )
    held_on = models.DateField("日期", help_text="授权、完成、登记或备案之日")
    scan = models.ForeignKey(
        Attachment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="证书（证明）扫描件",
        db_index=False,
    )
    batch = brought_by()
    batch_line = models.PositiveIntegerField("批次行号", null=True, blank=True, editable=False)
    entered_by = account_field("登记人")
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_on = models.DateField("撤下日期", null=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "成果与行动登记"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="seed", person__isnull=False, sort__in=["student", "newcomer"])
                | Q(
                    kind="patent",
                    person__isnull=False,
                    sort__in=["inventive", "utility", "appearance"],
                    document_number__regex=PATENT_NUMBER,
                )
                | Q(
                    kind="four",
                    person__isnull=False,
                    sort__in=["renovation", "joint", "tackling", "devising"],
                )
                | Q(
                    kind="small",
                    sort__in=["invention", "creation", "renewal", "design", "proposal"],
                )
                | Q(kind="assessing", sort="") & ~Q(document_number=""),
                name="action_entry_fits_its_kind",
                violation_error_message=(
                    "种子工匠、专利、四技成果须写明人员和类别，专利另写专利号，"
                    "五小成果须写明哪一种，自主评价企业须写明备案文号"
                ),
            ),
            models.CheckConstraint(condition=~Q(told=""), name="action_entry_says_something"),
            models.CheckConstraint(
                condition=Q(batch__isnull=True, batch_line__isnull=True)
                | Q(batch__isnull=False, batch_line__isnull=False),
                name="action_entry_imported_names_its_line",
            ),
            models.UniqueConstraint(
                fields=["document_number"],
                condition=Q(kind="patent", withdrawn_on__isnull=True),
                name="patent_once_by_number",
                violation_error_message="这件专利已登记，一个专利号只登记一次",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(kind="seed", withdrawn_on__isnull=True),
                name="seed_once_per_person",
                violation_error_message="此人已登记为种子工匠，同一人只计一次",
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(kind="assessing", withdrawn_on__isnull=True),
                name="assessing_once_per_enterprise",
                violation_error_message="该企业已登记自主评价机制，只计一次",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "held_on"], name="action_entry_by_kind_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.person or self.organization}"

    @property
    def is_result(self) -> bool:
        """Whether it is something made, with who made it and the paper that proves it."""
        return self.kind in RESULTS

    @property
    def number(self) -> str:
        """The number as the paper has it."""
        if self.kind == self.Kind.PATENT:
            return f"ZL{self.document_number[:-1]}.{self.document_number[-1]}"
        return self.document_number


#: Which sorts belong to which kind; own assessment has none.
SORTS: dict[str, frozenset[str]] = {
    ActionEntry.Kind.SEED: frozenset({ActionEntry.Sort.STUDENT, ActionEntry.Sort.NEWCOMER}),
    ActionEntry.Kind.PATENT: frozenset(
        {ActionEntry.Sort.INVENTIVE, ActionEntry.Sort.UTILITY, ActionEntry.Sort.APPEARANCE}
    ),
    ActionEntry.Kind.FOUR: frozenset(
        {
            ActionEntry.Sort.RENOVATION,
            ActionEntry.Sort.JOINT,
            ActionEntry.Sort.TACKLING,
            ActionEntry.Sort.DEVISING,
        }
    ),
    ActionEntry.Kind.SMALL: frozenset(
        {
            ActionEntry.Sort.INVENTION,
            ActionEntry.Sort.CREATION,
            ActionEntry.Sort.RENEWAL,
            ActionEntry.Sort.DESIGN,
            ActionEntry.Sort.PROPOSAL,
        }
    ),
    ActionEntry.Kind.ASSESSING: frozenset({""}),
}
RESULTS = (ActionEntry.Kind.PATENT, ActionEntry.Kind.FOUR, ActionEntry.Kind.SMALL)


class ActionPartner(models.Model):
    """Somebody who made a result together with whom it is registered for, in the order of the paper."""

    TELLS_OF_PERSONS = True
    RIGHTS = Rights(update=False)
    NAMED_WITH = ("person",)
    ORGANIZATION_PATH = "entry__organization__path"
    VISIBLE_TO_ROLES = FILING

    entry = models.ForeignKey(
        ActionEntry, models.CASCADE, related_name="partners", verbose_name="成果"
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="人员")
    place = models.PositiveSmallIntegerField("署名次序")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "成果完成人"
        ordering = ["entry", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entry", "person"],
                name="partner_once_per_result",
                violation_error_message="此人已是这项成果的完成人",
            ),
            models.UniqueConstraint(
                fields=["entry", "place"],
                name="partner_has_a_place_of_their_own",
                violation_error_message="这个署名次序已有别人，请刷新后再办理",
            ),
            models.CheckConstraint(
                condition=Q(place__gte=2),
                name="partner_stands_after_the_first",
                violation_error_message="第一完成人在登记时写明，其他完成人从第二位起",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}（第{self.place}完成人）"
