"""The due calendar of training reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from academies.filters.evaluations import ReportFilter
from academies.permissions import may_read_flags
from academies.selectors.reporting import AT_HOME, reports_in_scope
from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from academies.models import TrainingReport

TONES = {"draft": "", "prepared": "info", "certified": "warn", "accepted": "good"}


def punctuality(row: TrainingReport) -> str:
    """Whether it was late, in words."""
    if row.state in AT_HOME:
        over = (timezone.localdate() - row.due_on).days
        return f"逾期{over}日" if over > 0 else ""
    return row.punctuality


class TrainingReportTable(Table):
    title, unit, workbook = "按期报送", "期", "按期报送"
    lead = "数字由培训记录逐行计出，学院只核对、说明或提出异议；编制、签发、接收各由一人办理。"
    filterset, order = ReportFilter, NEWEST_FIRST
    nothing_found = Empty("没有符合条件的报送")

    academy = Column(
        "学院", path="academy.name", link="academies:report", title=True, sort="academy__name"
    )
    period = Column("报送期", path="title", sort="first_on")
    union = Column("主管工会", path="academy.supervising_union")
    due_on = Column("期限", css="nowrap", sort="due_on")
    punctual = Column("及时", value=punctuality)
    persons = Column("人数", value=lambda row: row.counted.get("persons"), number=True)
    person_times = Column("人次", value=lambda row: row.counted.get("person_times"), number=True)
    returns = Column("退回", number=True, sort="returns")
    fault = Column("退回原因", choice="fault", hidden=True)
    state = Column("状态", choice="state", tones=TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        return reports_in_scope(self.user)

    def buttons(self) -> list[Button]:
        if not may_read_flags.allows(self.user):
            return []
        return [Button("报送情况", reverse("academies:report-rates"))]

    def empty(self) -> Empty:
        return Empty("还没有到期的报送", "每期结束后自动列出应报送的学院。")
