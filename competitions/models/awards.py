"""What was given by a board: medals, and the prizes of who coached and who sent the best."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from competitions.models.competitions import READERS
from competitions.models.results import Board, BoardLine
from organizations.models import Organization
from organizations.rights import APPEND_ONLY
from organizations.scoping import ScopedQuerySet
from talents.models import Honour


class Award(models.Model):
    """One award that rests on one line of a board. A person's is a title of the register, and is
    taken back there; a unit's has a certificate of its own, which counts as long as the newest board
    bears it out.
    """

    RIGHTS = APPEND_ONLY
    TELLS_OF_PERSONS = True
    ORGANIZATION_PATH = "line__board__item__competition__organizer__path"
    VISIBLE_TO_ROLES = READERS
    VISIBLE_FROM_BELOW = ~Q(line__board__item__competition__state="draft")

    class Kind(models.TextChoices):
        GOLD = "gold", "金牌"
        SILVER = "silver", "银牌"
        BRONZE = "bronze", "铜牌"
        COACH = "coach", "教练传承奖"
        UNIT = "unit", "单位优胜奖"

    line = models.ForeignKey(
        BoardLine, models.PROTECT, related_name="awards", verbose_name="名次", db_index=False
    )
    kind = models.CharField("奖项", max_length=6, choices=Kind)
    name = models.CharField("获奖者", max_length=120)
    honour = models.OneToOneField(
        Honour, models.PROTECT, null=True, related_name="award", verbose_name="证书"
    )
    unit = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="获奖单位",
        db_index=False,
    )

    #: Of a unit's prize; a person's stand with the title.
    certificate_number = models.CharField("证书编号", max_length=20, blank=True)
    document_number = models.CharField("授奖文号", max_length=100, blank=True)
    given_on = models.DateField("授奖日期", null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "竞赛奖项"
        ordering = ["line", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["line", "kind"],
                name="award_once_per_line_and_kind",
                violation_error_message="该名次的这一奖项已经授予",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["gold", "silver", "bronze", "coach"], honour__isnull=False)
                | Q(kind="unit", honour__isnull=True),
                name="award_of_a_person_is_a_title",
                violation_error_message="授予个人的奖项须登记证书",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="award_says_to_whom"),
            models.UniqueConstraint(
                fields=["certificate_number"],
                condition=~Q(certificate_number=""),
                name="award_certificate_is_numbered_once",
                violation_error_message="该证书编号已使用，请重新授奖",
            ),
            models.CheckConstraint(
                condition=Q(certificate_number="", document_number="", given_on__isnull=True)
                | Q(
                    ~Q(certificate_number="") & ~Q(document_number=""),
                    kind="unit",
                    given_on__isnull=False,
                ),
                name="award_certificate_says_by_which_decision",
                violation_error_message="单位奖证书须写明文号和日期",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}{self.get_kind_display()}"

    @property
    def standing(self) -> str:
        if self.honour:
            return "已撤销" if self.honour.state == Honour.State.REVOKED else "有效"
        return "有效" if self.is_borne_out else "已失效"

    @property
    def is_borne_out(self) -> bool:
        """Whether the newest board has its line as it was, of rows ``with_standing``."""
        return getattr(self, "borne_out", True)

    @property
    def number(self) -> str:
        """Of the certificate, a person's or a unit's."""
        return self.honour.certificate_number if self.honour else self.certificate_number

    @classmethod
    def with_standing(cls, rows: models.QuerySet[Award]) -> models.QuerySet[Award]:
        """``rows``, each asked whether the newest board has its line as it was."""
        boards = Board.objects.filter(item=OuterRef(OuterRef("line__board__item")))
        same = BoardLine.objects.filter(
            board=Subquery(boards.order_by("-number").values("pk")[:1]),
            entry=OuterRef("line__entry"),
            medal=OuterRef("line__medal"),
        )
        return rows.annotate(borne_out=Exists(same))

    @classmethod
    def published(cls) -> models.QuerySet[Award]:
        """Awards are given in public, and so is what was taken back."""
        rows = cls.objects.select_related("honour", "line__board__item__competition__organizer")
        return cls.with_standing(rows)
