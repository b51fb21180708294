"""How a file of the yearly evaluation comes to its grade: the panel, a better one by two, the objection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from academies.models.evaluations import Evaluation
from organizations.models import account_field

if TYPE_CHECKING:
    from decimal import Decimal

Grade = Evaluation.Grade
#: Who did what is done later, seen and never typed.
LATER = {"is_later": True, "blank": True, "editable": False, "db_index": False}


def is_better(grade: str, than: str) -> bool:
    order = Grade.values  # the best first
    return order.index(grade) < order.index(than)


class Graded(models.Model):
    """What of a file the grade rests on and says; ``items`` hold what was counted."""

    items = models.JSONField("评价项目", default=list, editable=False)
    reason = models.CharField("评定理由", max_length=500, blank=True)
    #: A better grade than proposed that somebody would give, until another one agrees.
    lifted_to = models.CharField(
        "高于建议的拟评等次", max_length=10, choices=Grade, blank=True, editable=False,
        default="", db_default="",
    )  # fmt: skip
    lifted_by = account_field("高于建议等次的提出人", **LATER)
    graded_by = account_field("评定人", **LATER)
    evaluation = models.OneToOneField(
        Evaluation, models.PROTECT, null=True, related_name="review", verbose_name="审核评价"
    )
    #: Why the telephone sample counts as not met: all of the year were drawn, and too few reached.
    calls_short = models.CharField(
        "电话抽查未达比例", max_length=200, blank=True, editable=False, default="", db_default=""
    )
    #: What the panel came to as the grade was decided or proposed, and the policy's lines for it.
    panel_mean = models.DecimalField(
        "专家评分平均", max_digits=4, decimal_places=1, null=True, editable=False
    )
    panel_passing = models.DecimalField(
        "合格分", max_digits=4, decimal_places=1, null=True, editable=False
    )
    panel_excelling = models.DecimalField(
        "优秀分", max_digits=4, decimal_places=1, null=True, editable=False
    )
    objection = models.CharField("异议", max_length=500, blank=True)
    objected_by = account_field("异议人", **LATER)
    answer = models.CharField("异议答复", max_length=500, blank=True)
    answered_by = account_field("答复人", **LATER)
    #: The grade that the answer would change it to, until another one agrees.
    regrade_to = models.CharField(
        "异议拟改等次", max_length=10, choices=Grade, blank=True, editable=False,
        default="", db_default="",
    )  # fmt: skip
    regrade_by = account_field("改变等次的提出人", **LATER)
    regrade_reason = models.CharField(
        "改变等次的理由", max_length=500, blank=True, editable=False, default="", db_default=""
    )

    class Meta:
        abstract = True

    @property
    def missed(self) -> list[str]:
        """The hard lines that the academy is short of, by name."""
        short = [item["name"] for item in self.items if item.get("is_short")]
        return [*short, "电话抽查"] if self.calls_short else short

    @property
    def panel_grade(self) -> str:
        """What the panel's marks alone come to; "" while nothing was decided or proposed by them."""
        if self.panel_mean is None or self.panel_passing is None or self.panel_excelling is None:
            return ""
        if self.panel_mean < self.panel_passing:
            return Grade.FAILED
        return Grade.QUALIFIED if self.panel_mean < self.panel_excelling else Grade.EXCELLENT

    @property
    def panel(self) -> str:
        """The panel's mean and the grade it and the hard lines propose, in words; "" before."""
        if not self.panel_grade:
            return ""
        lines = f"合格{_plain(self.panel_passing)}分、优秀{_plain(self.panel_excelling)}分"
        proposed = Grade.FAILED if self.missed else self.panel_grade
        return f"平均{self.panel_mean}分（{lines}），建议等次“{Grade(proposed).label}”"

    def passed_over(self, grade: str) -> str:
        """What speaks against ``grade``, in words: hard lines missed, a panel that proposes a worse one."""
        told = []
        if self.missed and grade != Grade.FAILED:
            told.append(f"{'、'.join(self.missed)}未达标准")
        if self.panel_grade and is_better(grade, self.panel_grade):
            label = Grade(self.panel_grade).label
            told.append(f"专家评分平均{self.panel_mean}分（按评分建议“{label}”）")
        return "，".join(told)

    @property
    def lifting(self) -> str:
        """Who gave a better grade than proposed, and over what, in words; "" of any other file."""
        graded = self.evaluation
        over = self.passed_over(graded.grade) if graded is not None else ""
        if graded is None or not over:
            return ""
        if self.regrade_to and self.answer:
            hands = self._regraded_by
        elif self.lifted_to != graded.grade:  # changed by an answer of one, as it once could be
            hands = f"{self.answered_by}一人答复异议时改变，理由：{self.answer}"
        elif graded.edited_at is not None and self.answer:
            hands = (
                f"{self.lifted_by}提出、{self.answered_by}答复异议时复核同意，理由：{self.answer}"
            )
        else:
            hands = f"{self.lifted_by}提出、{self.graded_by}复核同意，理由：{self.reason}"
        return f"{over}，评为“{graded.get_grade_display()}”：{hands}"

    @property
    def _regraded_by(self) -> str:
        agreed = f"{self.answered_by}答复异议时复核同意，理由：{self.answer}"
        return f"{self.regrade_by}提出、{agreed}"

    @property
    def regrading(self) -> str:
        """Who changed the grade by the answer to an objection, in words; "" of any other file."""
        if not self.regrade_to or not self.answer:
            return ""
        return f"改为“{self.get_regrade_to_display()}”：{self._regraded_by}"

    @property
    def regrading_that_waits(self) -> str:
        """Who would change the grade by the answer, and why, until another one agrees."""
        if not self.regrade_to or self.answer:
            return ""
        over, label = self.passed_over(self.regrade_to), self.get_regrade_to_display()
        told = f"{f'{over}，' if over else ''}{self.regrade_by}拟因异议改为“{label}”，须由另一人复核同意"
        return f"{told}。理由：{self.regrade_reason}"

    @property
    def lifting_that_waits(self) -> str:
        """Who would give a better grade than proposed, and over what, until another one agrees."""
        if not self.lifted_to or self.graded_by_id is not None:
            return ""
        label, over = self.get_lifted_to_display(), self.passed_over(self.lifted_to)
        return f"{over}，{self.lifted_by}拟评为“{label}”，须由另一人复核同意"


def _plain(number: Decimal | None) -> str:
    return f"{number.normalize():f}" if number is not None else ""
