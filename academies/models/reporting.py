"""What an academy reports of a period (按期报送): figures counted from rows, signed by two, accepted by the union."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from academies.models.academies import FIRST_YEAR, LAST_YEAR, OF_ACADEMY, OF_UNION, READERS, Academy
from organizations.models import account_field
from organizations.rights import KEPT
from organizations.scoping import ScopedQuerySet


def _by(name: str) -> models.ForeignKey:
    return account_field(name, is_later=True, blank=True, editable=False, db_index=False)


class TrainingReport(models.Model):
    """One academy's report of one period. Nobody types a figure; ``words`` explain or contest them.

    ``counted`` is what the rows came to when it was signed, ``digest`` a hash of those very rows: what
    changed afterwards is told. Once accepted it stays as it is (migration 0008).
    """

    RIGHTS = KEPT
    ORGANIZATION_PATH = OF_ACADEMY
    ALSO_SEEN_FROM = OF_UNION
    VISIBLE_TO_ROLES = READERS
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "training_report_moves_on_record": "a state moves only with the record of its move",
        "training_report_begins_at_the_first_state": "what is new begins at the first state",
        "training_report_accepted_stays": "an accepted report is not changed unless it is reopened",
    }

    class State(models.TextChoices):
        DRAFT = "draft", "待报送"
        PREPARED = "prepared", "待签发"
        CERTIFIED = "certified", "待接收"
        ACCEPTED = "accepted", "已接收"

    class Fault(models.TextChoices):
        MISSING = "missing", "缺件"
        MISMATCH = "mismatch", "不符"
        DOUBT = "doubt", "存疑"

    academy = models.ForeignKey(
        Academy, models.PROTECT, related_name="reports", verbose_name="工匠学院", db_index=False
    )
    year = models.SmallIntegerField("年度")
    part = models.SmallIntegerField("期次")
    title = models.CharField("报送期", max_length=30)
    first_on = models.DateField("起始日期")
    last_on = models.DateField("截止日期")
    due_on = models.DateField("报送期限")
    state = models.CharField(
        "状态", max_length=10, choices=State, default=State.DRAFT, editable=False
    )
    words = models.CharField("说明或异议", max_length=1000, blank=True)
    counted = models.JSONField("报送时的数", default=dict, editable=False)
    digest = models.CharField("依据行的摘要值", max_length=64, blank=True, editable=False)
    prepared_by, certified_by, accepted_by = _by("编制人"), _by("签发人"), _by("接收人")
    certified_at = models.DateTimeField("报送时间", null=True, blank=True, editable=False)
    accepted_at = models.DateTimeField("接收时间", null=True, blank=True, editable=False)
    fault = models.CharField("退回原因", max_length=10, choices=Fault, blank=True, editable=False)
    fault_words = models.CharField("退回说明", max_length=500, blank=True, editable=False)
    #: What of it was given back, figure by figure and class by class: on, label, fault.
    faults = models.JSONField("逐项退回", default=list, editable=False)
    #: The classes whose rows the academy contests, the words why being in ``words``: class, label.
    contested = models.JSONField("有异议的班次", default=list, editable=False)
    #: Until when one that was accepted is open again, by exception.
    reopened_until = models.DateField("重新开放至", null=True, blank=True, editable=False)
    returns = models.SmallIntegerField("退回次数", default=0, editable=False)
    chased_at = models.DateTimeField("催办时间", null=True, blank=True, editable=False)
    #: How far up its lateness has been told: the academy, its union, the city.
    told_up_to = models.SmallIntegerField("逐级催办", default=0, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "按期报送"
        ordering = ["academy", "-year", "-part"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["academy", "year", "part"], name="training_report_once_per_period"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR, part__gte=1, part__lte=12),
                name="training_report_period_is_plausible",
            ),
            # What ``counts`` relies on: the year's last period ends with the year.
            models.CheckConstraint(
                condition=Q(first_on__year=F("year"), last_on__year=F("year")),
                name="training_report_period_is_in_its_year",
            ),
            models.CheckConstraint(
                condition=Q(first_on__lt=F("last_on"), last_on__lt=F("due_on")),
                name="training_report_is_due_after_its_period",
                violation_error_message="报送期限应在报送期之后",
            ),
            models.CheckConstraint(
                condition=~Q(certified_by=F("prepared_by")),
                name="training_report_is_certified_by_another",
                violation_error_message="签发人不能是编制人",
            ),
            models.CheckConstraint(
                condition=~Q(accepted_by=F("prepared_by")) & ~Q(accepted_by=F("certified_by")),
                name="training_report_is_accepted_by_another",
                violation_error_message="接收人不能是编制人、签发人",
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(state="prepared", prepared_by__isnull=False)
                | Q(
                    state="certified",
                    prepared_by__isnull=False,
                    certified_by__isnull=False,
                    certified_at__isnull=False,
                    digest__regex="^[0-9a-f]{64}$",
                )
                | Q(
                    state="accepted",
                    prepared_by__isnull=False,
                    certified_by__isnull=False,
                    accepted_by__isnull=False,
                    accepted_at__isnull=False,
                    digest__regex="^[0-9a-f]{64}$",
                ),
                name="training_report_state_agrees_with_its_signatures",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.academy}{self.title}培训报送"

    @property
    def fault_title(self) -> str:
        """Why it was given back, in a word: by the union with a typed reason, or by who did not sign."""
        return self.get_fault_display() or "未予签发"

    @property
    def punctuality(self) -> str:
        """Whether it was handed in late, in words that stay true; "" of one that is not in yet."""
        if self.certified_at is None or self.state not in (
            self.State.CERTIFIED,
            self.State.ACCEPTED,
        ):
            return ""
        over = (timezone.localdate(self.certified_at) - self.due_on).days
        return f"迟报{over}日" if over > 0 else "按期"

    @property
    def accepted_digest(self) -> str:
        """The hash of the rows that were accepted; "" while it is not."""
        return self.digest if self.state == self.State.ACCEPTED else ""

    @property
    def has_lapsed(self) -> bool:
        """Whether the day is over until which it was opened again."""
        return self.reopened_until is not None and self.reopened_until < timezone.localdate()

    @property
    def counts(self) -> Q:
        """Which classes count in it: of its year, and over in its period.

        A class that runs on into the next year counts in the last period of its own: no class ends before
        its year begins, so that each is in exactly one report of its year (decision 0026).
        """
        ends = Q(year=self.year, ends_on__gte=self.first_on)
        is_last = self.last_on == date(self.year, 12, 31)
        return ends if is_last else ends & Q(ends_on__lte=self.last_on)
