"""The lists of opinions, replies of offices, unit notices and faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from pages.forms import WordsForm
from pages.tables import Empty, Table
from pages.tables.bulk import Bulk, for_user, one_by_one
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from talents.filters.endorsing import (
    ClearanceFilter,
    EndorsementFilter,
    PaperFilter,
    ShortcomingFilter,
    UnitNoticeFilter,
)
from talents.forms.endorsing import OpinionForm
from talents.models import Shortcoming
from talents.permissions.endorsing import answers_somewhere, may_endorse_some
from talents.selectors.endorsing import (
    clearances_in_scope,
    endorsements_in_scope,
    unit_notices_in_scope,
)
from talents.selectors.evidence import evidence_in_scope
from talents.workflow.endorsing import answer_clearance, endorse

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User

TONES = {"asked": "warn", "given": "good", "returned": "bad"}
REPLIES = {"asked": "warn", "clear": "good", "objected": "bad"}
NOTICES = {"up": "info", "clear": "good", "disputed": "bad", "stale": "plain"}

AGREE = Bulk(
    "agree",
    "同意推荐",
    one_by_one(lambda pk, user, note: endorse(pk, note=note, actor=user)),
    may=for_user(may_endorse_some),
    form=OpinionForm,
    consequences=(
        "逐名出具本级意见，各留一条记录；",
        "部门意见不齐、名额已满等不能办理的逐名说明原因，不影响其他人选。",
    ),
)


def _answer_clear(pk: int, user: User, note: str) -> None:
    today = timezone.localdate()
    answer_clearance(pk, is_clear=True, reply=note or "无异议", answered_on=today, actor=user)


CLEAR = Bulk(
    "clear",
    "登记无异议",
    one_by_one(_answer_clear),
    may=for_user(may_endorse_some),
    form=WordsForm,
    consequences=("按今天收到、无异议逐项登记，各留一条记录；有异议的请逐项登记。",),
)


class EndorsementTable(Table):
    title, unit, order, filterset = "逐级推荐意见", "项意见", NEWEST_FIRST, EndorsementFilter
    workbook, bulk = "逐级推荐意见", (AGREE,)
    lead = "推荐单位、上级工会依次出具意见；同一人只在一级出具，资料更正后须重新报送。"

    name = Column(
        "人选", path="nomination.person.name", link="talents:nomination", args=("nomination_id",),
        title=True,
    )  # fmt: skip
    unit_name = Column("推荐单位", path="nomination.unit.name")
    round = Column("轮次", path="nomination.round.name", hidden=True, exported=True)
    organization = Column("哪一级")
    opinion = Column("意见")
    decided_by = Column("经办人", hidden=True, exported=True)
    decided_on = Column("日期", css="figures", sort="decided_on")
    late = Column("时限", value=lambda row: "逾期" if row.is_late else "")
    state = Column("状态", choice="state", tones=TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        return endorsements_in_scope(self.user)

    def empty(self) -> Empty:
        return Empty("没有逐级推荐意见", "推荐单位公示无异议并报送后，列在这里。")


class ClearanceTable(Table):
    title, unit, order, filterset = "征求部门意见", "项意见", NEWEST_FIRST, ClearanceFilter
    workbook, bulk = "征求部门意见", (CLEAR,)
    lead = "向政策所列的部门逐人征求意见，收到复函后登记；有异议的不能推荐。"

    name = Column(
        "人选", path="nomination.person.name", link="talents:nomination", args=("nomination_id",),
        title=True,
    )  # fmt: skip
    unit_name = Column("推荐单位", path="nomination.unit.name")
    office = Column("部门", sort="office")
    reply = Column("答复")
    document_number = Column("复函文号", hidden=True, exported=True)
    asked_on = Column("征求日期", css="figures", sort="asked_on")
    answered_on = Column("答复日期", css="figures")
    state = Column("状态", choice="state", tones=REPLIES, badge=True, sort="state")
    act = Column(
        "登记答复", link="talents:clearance-answer", action=True,
        value=lambda row: row.state == "asked",
    )  # fmt: skip

    def rows(self) -> QuerySet[Any]:
        return clearances_in_scope(self.user)

    def has(self, column: Column) -> bool:
        return not column.action or answers_somewhere(self.user)

    def empty(self) -> Empty:
        return Empty("没有征求部门意见", "在人选页面征求后，逐部门列在这里。")


class UnitNoticeTable(Table):
    title, unit, order, filterset = "单位公示", "份公示", NEWEST_FIRST, UnitNoticeFilter

    name = Column("人选", path="nomination.person.name", title=True)
    told = Column("公示内容")
    place = Column("公示地点")
    starts_on = Column("开始", css="figures")
    ends_on = Column("期满", css="figures")
    state = Column("状态", choice="state", tones=NOTICES, badge=True)

    def rows(self) -> QuerySet[Any]:
        return unit_notices_in_scope(self.user)


class PaperTable(Table):
    title, unit, order, filterset = "推荐佐证材料", "份材料", NEWEST_FIRST, PaperFilter

    name = Column("人选", path="nomination.person.name", title=True)
    unit_name = Column("推荐单位", path="nomination.unit.name")
    kind = Column("材料种类", choice="kind")
    told = Column("说明")
    uploaded_at = Column("上传时间", css="figures")

    def rows(self) -> QuerySet[Any]:
        return evidence_in_scope(self.user)


class ShortcomingTable(Table):
    title, unit, order, filterset = "退回事项", "项", NEWEST_FIRST, ShortcomingFilter

    name = Column("人选", path="nomination.person.name", title=True)
    field = Column("事项")
    kind = Column("问题", choice="kind")
    answer = Column("说明")

    def rows(self) -> QuerySet[Any]:
        rows = Shortcoming.objects.visible_to(self.user)
        return rows.select_related("nomination__person")
