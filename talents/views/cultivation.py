"""Who is cultivated: the list, one person's years with their reports, and what is decided of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from organizations.roles import STAFF
from pages.forms import WordsForm, posted
from pages.permissions import for_roles
from pages.readings import count_read
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page
from policies.wording import chinese_day
from talents.forms.growth import (
    CultivationForm,
    ExtendForm,
    MidtermForm,
    MoveForm,
    PassForm,
    ReportForm,
)
from talents.permissions.growth import (
    may_accept,
    may_assess_goals,
    may_chase_report,
    may_extend,
    may_move,
    may_pass,
    may_plan,
    may_report,
    may_stop,
)
from talents.selectors.attainments import Sight, attainments_of
from talents.selectors.growth import cultivations_in_scope, reports_in_scope
from talents.selectors.plans import aims_of, warnings_of
from talents.services.cultivating import move_cultivation
from talents.tables.growth import CultivationTable
from talents.views.access import for_filers, for_readers
from talents.workflow.cultivation import (
    accept_report,
    chase_report,
    cultivate,
    extend_cultivation,
    give_report_back,
    pass_cultivation,
    report,
    stop_cultivation,
)
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest
    from talents.models import Cultivation


DEEDS = {
    "pass": Deed(
        "期满合格",
        "认定“{row}”期满合格吗？",
        pass_cultivation,
        (
            "应报的报备全部接收后才能办理，由登记人以外的审批人评价；",
            "评价意见计入留痕记录，同时发出培育合格证书，载入名录，可公开核验。",
        ),
        form=PassForm,
    ),
    "extend": Deed(
        "延期",
        "延长“{row}”的培育期吗？",
        extend_cultivation,
        ("培育期延至新的期满日期，按期增加报备；", "事由计入留痕记录，并通知培养单位。"),
        form=ExtendForm,
    ),
    "stop": Deed(
        "终止培育",
        "终止“{row}”的培育吗？",
        stop_cultivation,
        ("此后不再报备；", "已有的报备保留。"),
        tone="bad",
    ),
}
MIDTERM = Deed(
    "接收中期检查",
    "接收“{row}”的中期检查吗？",
    accept_report,
    ("须作出结论，接收后不再更改；", "认定进度滞后的，提醒培养单位调整方案。"),
    form=MidtermForm,
)
REPORT_DEEDS = {
    "accept": Deed(
        "接收报备", "接收“{row}”的报备吗？", accept_report, ("接收后不再更改。",), form=WordsForm
    ),
    "chase": Deed(
        "催办",
        "催办“{row}”吗？",
        chase_report,
        ("通知培养单位尽快报备，同一份一天催办一次。",),
        form=None,
        said="已催办，通知已送培养单位",
    ),
    "return": Deed(
        "退回报备", "退回“{row}”的报备吗？", give_report_back, ("由培养单位重新报送。",)
    ),
}
LIST = (("工匠培育", "talents:cultivations"),)


def _trail(row: Cultivation | None = None) -> tuple[tuple[str, str], ...]:
    top = tuple((label, reverse(name)) for label, name in LIST)
    return (*top, (str(row), reverse("talents:cultivation", args=[row.pk]))) if row else top


@for_readers
@list_page()
def cultivation_list(request: SignedRequest) -> CultivationTable:
    """All within reach."""
    return CultivationTable(request)


@require_safe
@for_readers
def cultivation_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One person's years: the plan, the reports with what is next, what happened."""
    row, user = get_object_or_404(cultivations_in_scope(request.user), pk=pk), request.user
    count_read(user, type(row), 1)
    reports = reports_in_scope(user).filter(cultivation=row).order_by("number")
    sight = Sight(user)
    known = attainments_of(row.person, sight, since=row.starts_on)
    aims = aims_of(row, sight, known)
    context = {
        "row": row,
        "today": timezone.localdate(),
        "reports": [
            (
                one,
                may_report.offer(user, one),
                may_accept.offer(user, one),
                may_chase_report.offer(user, one),
            )
            for one in reports
        ],
        "may_pass": may_pass.offer(user, row),
        "may_extend": may_extend.offer(user, row),
        "may_stop": may_stop.offer(user, row),
        "may_move": may_move.offer(user, row),
        "may_plan": may_plan.offer(user, row),
        "may_assess": may_assess_goals.offer(user, row),
        "aims": aims,
        "warnings": warnings_of(row, aims, known),
        "attainments": known,
        "history": history_of(subject_of(row), user),
    }
    return render(request, "talents/cultivation.html", context)


@for_form
@for_roles(STAFF)
def cultivation_new(request: SignedRequest) -> HttpResponse:
    """Begin somebody's cultivation."""
    form = CultivationForm(posted(request), user=request.user)

    def begin() -> HttpResponse:
        facts = form.cleaned_data
        made = cultivate(
            facts["person"].pk,
            form.course,
            organization_id=facts["organization"].pk,
            mentor_id=facts["mentor"].pk if facts["mentor"] else None,
            actor=request.user,
        )
        return done(request, f"已登记，{made.ends_on}期满", "talents:cultivation", made.pk)

    page = FormPage(
        title="登记培育对象",
        button="登记",
        trail=_trail(),
        cancel_href=reverse("talents:cultivations"),
    )
    return form_page(request, form, page, begin)


@for_form
@for_roles(STAFF)
def cultivation_move(request: SignedRequest, pk: int) -> HttpResponse:
    """Register a change of unit or post."""
    row = get_object_or_404(cultivations_in_scope(request.user), pk=pk)
    may_move.check(request.user, row)
    initial = {"organization": row.organization_id}
    form = MoveForm(posted(request), initial=initial, user=request.user)

    def move() -> HttpResponse:
        facts = form.cleaned_data
        move_cultivation(
            pk,
            organization_id=facts["organization"].pk,
            post=facts["post"],
            note=facts["note"],
            actor=request.user,
        )
        return done(request, "变更已登记，双方单位已收到通知", "talents:cultivation", pk)

    page = FormPage(
        title="变更培养单位或岗位",
        button="登记变更",
        kicker=row,
        lead="培育期、报备日期和已有的报备不变，此后由新单位报备；人员档案的工作单位另行更正。",
        trail=_trail(row),
        cancel_href=reverse("talents:cultivation", args=[pk]),
    )
    return form_page(request, form, page, move)


@for_form
@for_filers
def cultivation_decide(request: SignedRequest, pk: int, decision: str) -> HttpResponse:
    """Say that it ended well, or end it before its time."""
    row = get_object_or_404(cultivations_in_scope(request.user), pk=pk)
    deed = DEEDS[decision]
    if decision == "pass":
        goals = row.goals.order_by("due_on", "pk")
        told = (f"{one}——{one.get_outcome_display() or '未登记'}：{one.reached}；" for one in goals)
        early = (_early(row),) if timezone.localdate() < row.ends_on else ()
        deed = replace(deed, consequences=(*early, *told, *deed.consequences))
    return decided(request, deed, row, _trail(row))


def _early(row: Cultivation) -> str:
    end = chinese_day(row.ends_on)
    return f"培育期至{end}，现在办理为提前评价，须写明事由；证书写明实际的培育起止日期；"


@for_form
@for_filers
def report_new(request: SignedRequest, pk: int) -> HttpResponse:
    """Report what is due."""
    due = get_object_or_404(reports_in_scope(request.user), pk=pk)
    form = ReportForm(posted(request), initial={"words": due.words})
    back = reverse("talents:cultivation", args=[due.cultivation_id])

    def send() -> HttpResponse:
        report(pk, words=form.cleaned_data["words"], actor=request.user)
        return done(request, "已报备，待主管工会审核", "talents:cultivation", due.cultivation_id)

    page = FormPage(
        title=f"第{due.number}期{'中期检查' if due.is_midterm else '报备'}",
        button="报备",
        kicker=due.cultivation,
        lead=f"应于{chinese_day(due.due_on)}前（含当日）报送。培养方案：{due.cultivation.plan}",
        trail=_trail(due.cultivation),
        cancel_href=back,
        keeps_draft=True,
    )
    return form_page(request, form, page, send)


@for_form
@for_filers
def report_decide(request: SignedRequest, pk: int, decision: str) -> HttpResponse:
    """Take a report or give it back."""
    sent = get_object_or_404(reports_in_scope(request.user), pk=pk)
    deed = MIDTERM if decision == "accept" and sent.is_midterm else REPORT_DEEDS[decision]
    return decided(request, deed, sent, _trail(sent.cultivation))
