"""The files of the yearly evaluation, and who is called by telephone for one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from academies.filters.reviews import (
    CampaignFilter,
    CheckFilter,
    EvidenceFilter,
    MarkFilter,
    ReviewFilter,
)
from academies.forms.reviews import CallForm
from academies.models import PhoneCheck, Review
from academies.permissions import may_endorse, may_open_campaign, may_read_all_marks
from academies.selectors.reviews import (
    campaigns_in_scope,
    checks_in_scope,
    evidence_in_scope,
    marks_in_scope,
    reviews_in_scope,
)
from academies.services.calls import checks_of
from academies.workflow.reviews import call
from pages.tables import Button, Empty, Table
from pages.tables.bulk import Bulk, one_by_one
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from workflow.records import subject_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import Organization

TONES = {"draft": "", "filed": "info", "endorsed": "warn", "graded": "good"}


def punctuality(row: Review) -> str:
    """Whether it is late, or may be by exception, in words."""
    if row.is_overdue:
        return f"逾期{(timezone.localdate() - row.self_due_on).days}日"
    if row.extended_until is None:
        return ""
    return f"{'退回，重报期限' if row.fault else '准予延期至'}{row.extended_until}"


def objection(row: Review) -> str:
    """How far an objection to the grade has come, in words."""
    if not row.objection:
        return ""
    if row.answer:
        return "已答复"
    return "待复核" if row.regrade_to else "待答复"


class ReviewTable(Table):
    title, unit, workbook = "评价工作", "家", "评价工作"
    lead = "统计数由培训记录计出；自评、初审、评分、评定各由不同的人办理。"
    filterset, order = ReviewFilter, NEWEST_FIRST
    nothing_found = Empty("没有符合条件的评价件")

    academy = Column(
        "学院", path="academy.name", link="academies:review", title=True, sort="academy__name"
    )
    year = Column("年度", path="campaign.year", css="figures", sort="campaign__year")
    union = Column("主管工会", path="academy.supervising_union")
    self_due_on = Column("自评期限", css="nowrap")
    punctual = Column("及时", value=punctuality)
    experts = Column("专家评分", value=lambda row: f"{row.experts}份", number=True)
    grade = Column("等次", path="evaluation.get_grade_display")
    objection = Column("异议", value=objection)
    state = Column("状态", choice="state", tones=TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        return reviews_in_scope(self.user)

    def buttons(self) -> list[Button]:
        if not may_open_campaign.allows(self.user):
            return []
        return [
            Button("发起年度评价", reverse("academies:campaign-new"), is_main=True),
            Button("补列学院", reverse("academies:campaign-add")),
        ]

    def empty(self) -> Empty:
        return Empty("还没有评价件", "市总工会发起年度审核评价后，每家首都工匠学院一件。")


def _calls(outcome: str, label: str, tone: str = "") -> Bulk:
    def done(pk: int, user: Any, note: str) -> Any:
        return call(pk, outcome, actor=user, note=note)

    return Bulk(outcome, label, one_by_one(done), may=_may_call, form=CallForm, tone=tone)


def _may_call(table: Table) -> DomainError | None:
    review = table.scope.get("review")
    if review is None:
        return DomainError("called-file-by-file", "请在各评价件的页面上登记抽查结果")
    return may_endorse.why_not(table.user, review)


class CheckTable(Table):
    """Who was drawn to be called for one ``review``, or for all of them."""

    review: Review | None = None
    title, unit, workbook, heading = "电话抽查", "人", "电话抽查", "电话抽查"
    filterset, order = CheckFilter, NEWEST_FIRST
    bulk = tuple(_calls(value, label) for value, label in PhoneCheck.Outcome.choices)

    name = Column("姓名", path="person.name", title=True, css="unbroken")
    identity = Column("公民身份号码", path="person.identity_mask", css="figures unbroken")
    place = Column("抽取次序", css="figures")
    outcome = Column(
        "结果", choice="outcome", badge=True,
        tones={"confirmed": "good", "denied": "bad", "unreached": "warn"},
    )  # fmt: skip
    called_by = Column("抽查人")
    earlier = Column("此前登记", path="corrections")

    def rows(self) -> QuerySet[Any]:
        rows = checks_in_scope(self.user)
        return rows if self.review is None else rows.filter(pk__in=checks_of(self.review))

    def empty(self) -> Empty:
        if not may_read_all_marks.allows(self.user):
            return Empty("抽查名单由主管工会办理")
        return Empty(
            "还没有抽取", "学院报送自评时，按记录的种子从全年学员中抽取，未接通的依次递补。"
        )

    def export_subject(self) -> str:
        return subject_of(self.review) if self.review else super().export_subject()

    def export_organization(self) -> Organization | None:
        return self.review.academy.organization if self.review else super().export_organization()


class MarkTable(Table):
    title, unit, workbook = "专家评分", "份", "专家评分"
    filterset, order = MarkFilter, NEWEST_FIRST

    academy = Column("学院", path="review.academy.name", title=True)
    expert = Column("专家")
    total = Column("总分", number=True)
    words = Column("评语")

    def rows(self) -> QuerySet[Any]:
        return marks_in_scope(self.user)


class EvidenceTable(Table):
    title, unit, workbook = "自评佐证", "份", "自评佐证"
    filterset, order = EvidenceFilter, NEWEST_FIRST

    academy = Column("学院", path="review.academy.name", title=True)
    item = Column("评价项目")
    file = Column("文件", path="file.filename")
    told = Column("说明")
    valid_until = Column("有效期至", value=lambda row: row.validity)
    uploaded_at = Column("上传时间", css="figures")

    def rows(self) -> QuerySet[Any]:
        return evidence_in_scope(self.user)


class CampaignTable(Table):
    title, unit, workbook = "审核评价安排", "次", "审核评价安排"
    filterset, order = CampaignFilter, NEWEST_FIRST

    year = Column("年度", css="figures", title=True)
    organization = Column("评价单位")
    edition = Column("政策版本")
    self_due_on = Column("自评期限", css="nowrap")
    seed = Column("抽样种子", css="figures")
    opened_by = Column("发起人")

    def rows(self) -> QuerySet[Any]:
        return campaigns_in_scope(self.user)
