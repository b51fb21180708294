"""The lists of nominations: of all rounds, of one, and what of one waits to be confirmed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from pages.forms import ReasonForm, WordsForm
from pages.tables import Button, Empty, Group, Table
from pages.tables.bulk import Bulk, for_user, one_by_one
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST, Order
from policies.rules.verdicts import label_of
from talents import workflow
from talents.filters import NominationFilter, RoundNominationFilter
from talents.permissions import may_decide, may_decide_some, may_export, may_file_in, may_import
from talents.rules import evaluation_of
from talents.selectors.deciding import ready_in_round, standings, waiting_elsewhere
from talents.selectors.explanations import for_people
from talents.selectors.nominations import nominations_of_all_rounds, nominations_of_round
from talents.tables.rounds import trail_of
from workflow.records import subject_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from organizations.models import Organization
    from talents.models import AssessmentRun, SelectionRound

#: More persons than this in one file is a matter for two people, which a download is not.
MOST_PERSONS = 1000


class Nominations(Table):
    """The columns in which candidates are listed; of sensitive ones only what is masked."""

    unit, workbook = "名", "推荐名单"
    nothing_found = Empty("没有符合条件的人选", "请放宽筛选条件后再查。")

    row_number = Column("序号", number=True, exported=True)
    person = Column(
        "姓名",
        path="person.name",
        link="talents:nomination",
        title=True,
        sort="person__name_pinyin",
    )
    sex = Column("性别", path="person.get_sex_display", hidden=True, exported=True)
    identity = Column(
        "公民身份号码（掩码）",
        path="person.identity_mask",
        hidden=True,
        exported=True,
        width=22,
        css="figures",
    )
    unit_name = Column("推荐单位", path="unit.name", sort="unit__name")
    post = Column("职务/岗位", hidden=True, exported=True)
    occupation = Column("职业（工种）", sort="occupation")
    occupation_code = Column("职业编码", css="figures", hidden=True, exported=True)
    skill_level = Column("技能等级", choice="skill_level", blank="未填", sort="skill_level")
    certificate_number = Column("证书编号", hidden=True, exported=True, width=26, css="figures")
    rank = Column("排序", number=True, sort="rank")
    state = Column(
        "状态",
        path="standing",
        cell="talents/_nomination_state.html",
        text=lambda row: row.standing,
        sort="state",
    )
    overall = Column(
        "核验结果",
        cell="talents/_verdict_link.html",
        text=lambda row: label_of(row.overall),
        badge=True,
    )

    def exported(self) -> list[Column]:
        """Under the headings of the forms that people know."""
        heads = {"skill_level": "职业技能等级", "rank": "推荐排序"}
        return [replace(c, heading=heads.get(c.name, c.heading)) for c in super().exported()]

    def export_note(self) -> str:
        return f"导出人 {self.user}，{timezone.localdate()}；身份号码已按规定遮盖"

    def check_export(self, count: int) -> None:
        may_export.check(self.user)
        if count > MOST_PERSONS:
            message = (
                f"一次最多导出{MOST_PERSONS}人，当前条件下超过此数；"
                "请按所属工会或核验结果缩小范围，分批导出"
            )
            raise DomainError("export-too-many", message)


def _decides(table: Table) -> DomainError | None:
    """Who confirms and gives back many at once."""
    return may_decide.why_not(table.user, table.scope["round"])


def _confirm(table: Table, keys: Sequence[int], note: str) -> Mapping[int, DomainError]:
    selection = table.scope["round"]
    return workflow.confirm_chosen(selection.pk, keys, actor=table.user, note=note).refused


CONFIRM = Bulk(
    "confirm",
    "确认推荐",
    _confirm,
    may=_decides,
    form=WordsForm,
    consequences=(
        "确认即表示您已看过这些人选，并对须由人判断的条件作出判断；",
        "确认后推荐单位不能直接更正，须由主管工会退回草稿；",
        "每名人选各留一条记录；不能确认的逐名说明原因，不影响其他人选。",
    ),
)
GIVE_BACK = Bulk(
    "return",
    "退回草稿",
    one_by_one(lambda pk, user, note: workflow.return_nomination(pk, actor=user, note=note)),
    may=_decides,
    form=ReasonForm,
    tone="bad",
    consequences=("推荐单位会看到所写的事由；在其更正或说明情况之前，这些人选不能确认。",),
)


_confirm_each = one_by_one(lambda pk, user, note: workflow.confirm_nomination(pk, actor=user))


class NominationTable(Nominations):
    title = "推荐人选"
    lead = "您有权查看的全部轮次的推荐人选，新登记的在前。"
    filterset, order = NominationFilter, NEWEST_FIRST
    bulk = (
        replace(CONFIRM, act=_confirm_each, may=for_user(may_decide_some)),
        replace(GIVE_BACK, may=for_user(may_decide_some)),
    )

    round = Column("轮次", path="round.name")

    def rows(self) -> QuerySet[Any]:
        return nominations_of_all_rounds(self.user)

    def empty(self) -> Empty:
        how = "在申报中的轮次里导入汇总表或登记人选。"
        return Empty("还没有推荐人选", how, reverse("talents:rounds"), "查看选树轮次")


class RoundNominationTable(Nominations):
    """The candidates of one round; ``round`` and its current ``run`` are given."""

    round: SelectionRound
    run: AssessmentRun | None
    title = "推荐名单"
    bulk = (CONFIRM, GIVE_BACK)

    def rows(self) -> QuerySet[Any]:
        return nominations_of_round(self.user, self.round, self.run)

    def bound_filter(self) -> Any:
        self.kicker = self.round.name
        self.trail = trail_of(self.round)
        criteria = evaluation_of(self.run).criteria if self.run else ()
        return RoundNominationFilter(
            self.query, queryset=self.rows(), user=self.user, run=self.run, criteria=criteria
        )

    def context(self) -> dict[str, Any]:
        return {"round": self.round, "run": self.run}

    @property
    def remark(self) -> str:  # type: ignore[override]
        return may_file_in.offer(self.user, self.round).reason

    def buttons(self) -> list[Button]:
        if not may_file_in.allows(self.user, self.round):
            return []
        found = [
            Button(
                "登记一名人选",
                reverse("talents:nomination-new", args=[self.round.code]),
                is_main=True,
            )
        ]
        if may_import.allows(self.user, self.round):
            address = reverse("intake:upload", args=["nominations", self.round.code])
            found.append(Button("导入汇总表", address, "upload"))
        return found

    def empty(self) -> Empty:
        if not may_file_in.allows(self.user, self.round):
            return Empty("还没有推荐人选", "推荐单位申报后，人选会列在这里。")
        address = reverse("talents:nomination-new", args=[self.round.code])
        return Empty("还没有推荐人选", "导入推荐人选汇总表，或逐名登记。", address, "登记一名人选")

    def export_subject(self) -> str:
        return subject_of(self.round)

    def export_organization(self) -> Organization:
        return self.round.organizer

    def export_title(self) -> str:
        return f"{self.round.name}推荐名单"


class ReadyTable(Nominations):
    """Whom an approver may confirm now, union by union; ``round`` and its current ``run`` are given."""

    round: SelectionRound
    run: AssessmentRun | None
    title, workbook, page_size = "确认合格人选", "", 200
    lead = "最近一次核验合格、此后没有更正的草稿，按工会列出。请逐名判断，勾选后办理。"
    bulk = (CONFIRM, GIVE_BACK)
    order = Order("union_code")
    rank = Column("排序", number=True, sort="rank", blank="未排")

    row_number = certificate_number = sex = identity = state = None  # type: ignore[assignment]
    to_judge = Column("供判断的材料", cell="talents/_to_judge.html")

    def rows(self) -> QuerySet[Any]:
        return ready_in_round(self.user, self.round, self.run)

    def choosable(self) -> QuerySet[Any]:
        """Also who was ready when the page was drawn: of them it is said why they are not now."""
        return nominations_of_round(self.user, self.round, self.run)

    def bound_filter(self) -> Any:
        self.kicker, self.trail = self.round.name, trail_of(self.round)
        found = RoundNominationFilter(self.query, queryset=self.rows(), user=self.user, run=None)
        del found.filters["state"]
        return found

    def groups(self, rows: list[Any]) -> list[Group | None]:
        if self.sorting != self.order:
            return super().groups(rows)
        known = standings(self.user, self.round, {row.union_code for row in rows})
        heads = {code: Group(body.name, body.in_words) for code, body in known.items()}
        return [heads.get(row.union_code) for row in rows]

    def empty(self) -> Empty:
        if self.run is None:
            return Empty("尚未核验", "核验合格的人选列在这里。请先在轮次工作台发起资格核验。")
        return Empty("没有待您确认的人选", "合格的草稿都已办理，或须由他人先行办理。")

    def context(self) -> dict[str, Any]:
        context: dict[str, Any] = {"round": self.round, "run": self.run}
        if self.run is not None:
            context["human"] = for_people(self.run)
            context["waiting"] = waiting_elsewhere(self.user, self.round, self.run)
        return context
