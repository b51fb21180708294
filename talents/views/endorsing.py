"""The road of a nomination: the unit's notice, offices asked and their replies, opinions by level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organizations.roles import STAFF
from pages.forms import posted
from pages.permissions import for_roles
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page
from talents.forms.endorsing import (
    AnswerForm,
    NoticeResultForm,
    ObjectForm,
    OpinionForm,
    PutRightForm,
    UnitNoticeForm,
)
from talents.permissions.endorsing import (
    may_answer,
    may_ask_offices,
    may_close_notice,
    may_dispute_later,
    may_endorse,
    may_object_later,
    may_put_right,
    may_put_up,
    may_submit,
)
from talents.rules.endorsing import EndorsementRule, noticed
from talents.selectors.endorsing import (
    clearances_in_scope,
    endorsements_in_scope,
    unit_notices_in_scope,
)
from talents.tables.endorsing import ClearanceTable, EndorsementTable
from talents.views.access import for_filers, for_readers, nomination_or_404, nomination_trail
from talents.views.scans import scan_answer
from talents.workflow.endorsing import (
    answer_clearance,
    ask_offices,
    close_notice,
    dispute_later,
    endorse,
    object_later,
    put_objection_right,
    put_up_notice,
    submit_nomination,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from organizations.models import User
    from pages.permissions import SignedRequest
    from talents.forms.endorsing import ReplyForm
    from talents.models import Clearance
    from workflow.permissions import Permission

SUBMIT = Deed(
    "报送",
    "以本单位名义推荐，报送上级工会吗？",
    submit_nomination,
    ("报送后不能再更正，确需更正的由上级工会退回；", "意见印入推荐审批表“所在单位意见”栏。"),
    form=OpinionForm,
    said="已报送上级工会",
)
DISPUTE = Deed(
    "改登公示有异议",
    "把“{row}”的结果改登为有异议吗？",
    dispute_later,
    ("原结果和盖章件保留；", "自此各级不能推荐和确认；核实后不存在问题的，重新公示、报送。"),
    said="公示结果已改登为有异议",
    tone="bad",
)
ASK = Deed(
    "征求部门意见",
    "就这名人选向政策所列的各部门征求意见吗？",
    ask_offices,
    ("逐部门登记为待答复；可打印征求意见表送出，收到复函后逐项登记。",),
    form=None,
)
ENDORSE = Deed(
    "出具推荐意见",
    "同意推荐吗？不同意的，请返回人选页面退回，并逐项写明问题。",
    endorse,
    ("意见印入推荐审批表本级意见栏；", "出具后送交上一级，占用本级一个推荐名额。"),
    form=OpinionForm,
    said="已出具推荐意见",
)


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What may be registered of an office's reply; ``lead`` is told after the reply that stands."""

    may: Permission[[User, Clearance]]
    form: type[ReplyForm]
    act: Callable[..., object]
    title: str
    button: str
    lead: str = ""
    said: str


ANSWER = Reply(
    may=may_answer,
    form=AnswerForm,
    act=answer_clearance,
    title="登记答复",
    button="登记",
    said="部门答复已登记",
)
PUT_RIGHT = Reply(
    may=may_put_right,
    form=PutRightForm,
    act=put_objection_right,
    title="更正部门异议",
    button="更正",
    lead="原答复、登记人和更正事由都保留；有新的复函的，填写新的文号和日期。",
    said="部门异议已更正",
)
OBJECT = Reply(
    may=may_object_later,
    form=ObjectForm,
    act=object_later,
    title="改登有异议",
    button="改登",
    lead="原答复、登记人和事由都保留；自此不能推荐、确认、列入名单和命名，异议消除的由另一人更正。",
    said="已改登有异议",
)


@for_readers
@list_page()
def endorsement_list(request: SignedRequest) -> EndorsementTable:
    """Opinions of all levels within reach, what waits first."""
    return EndorsementTable(request)


@for_readers
@list_page()
def clearance_list(request: SignedRequest) -> ClearanceTable:
    """What offices were asked and replied."""
    return ClearanceTable(request)


@for_form
@for_filers
def unit_notice_new(request: SignedRequest, pk: int) -> HttpResponse:
    """Register that the unit's notice hangs."""
    nomination = nomination_or_404(request, pk)
    may_put_up.check(request.user, nomination)
    form = UnitNoticeForm(posted(request))

    def put_up() -> HttpResponse:
        made = put_up_notice(pk, actor=request.user, **form.cleaned_data)
        return done(request, f"单位公示已登记，{made.ends_on}期满", "talents:nomination", pk)

    days = EndorsementRule.of(nomination.round).days
    page = FormPage(
        title="单位公示",
        button="登记公示",
        lead=f"公示内容：{noticed(nomination)}。公示不少于{days}个工作日，内容更正的须重新公示。",
        trail=nomination_trail(nomination),
        cancel_href=reverse("talents:nomination", args=[pk]),
    )
    return form_page(request, form, page, put_up)


@for_form
@for_filers
def unit_notice_close(request: SignedRequest, pk: int) -> HttpResponse:
    """Say what came of the notice, with its stamped scan."""
    notice = get_object_or_404(unit_notices_in_scope(request.user), pk=pk)
    may_close_notice.check(request.user, notice)
    form = NoticeResultForm(posted(request), request.FILES or None)
    nomination = notice.nomination

    def close() -> HttpResponse:
        close_notice(pk, actor=request.user, **form.told)
        return done(request, "公示结果已登记", "talents:nomination", nomination.pk)

    page = FormPage(
        title="登记公示结果",
        button="登记",
        lead=f"{notice.place}，{notice.starts_on}至{notice.ends_on}：{notice.told}。",
        trail=nomination_trail(nomination),
        cancel_href=reverse("talents:nomination", args=[nomination.pk]),
    )
    return form_page(request, form, page, close)


@for_form
@for_filers
def unit_notice_dispute(request: SignedRequest, pk: int) -> HttpResponse:
    """Say that somebody objected after all."""
    notice = get_object_or_404(unit_notices_in_scope(request.user), pk=pk)
    may_dispute_later.check(request.user, notice)
    return decided(request, DISPUTE, notice, nomination_trail(notice.nomination))


@require_safe
@never_cache
@for_readers
def unit_notice_scan(request: SignedRequest, pk: int) -> HttpResponse:
    """The stamped scan, to be saved; nothing of it is opened by the house."""
    notice = get_object_or_404(unit_notices_in_scope(request.user), pk=pk)
    if notice.scan is None:
        raise Http404
    return scan_answer(notice.scan)


@for_form
@for_filers
def nomination_submit(request: SignedRequest, pk: int) -> HttpResponse:
    """Recommend as the unit."""
    nomination = nomination_or_404(request, pk)
    may_submit.check(request.user, nomination)
    return decided(request, SUBMIT, nomination, nomination_trail(nomination))


@for_form
@for_roles(STAFF)
def offices_ask(request: SignedRequest, pk: int) -> HttpResponse:
    """Ask the offices that were not asked yet."""
    nomination = nomination_or_404(request, pk)
    may_ask_offices.check(request.user, nomination)
    return decided(request, ASK, nomination, nomination_trail(nomination))


@for_form
@for_roles(STAFF)
def clearance_answer(request: SignedRequest, pk: int) -> HttpResponse:
    """Register one reply."""
    return _registered(request, pk, ANSWER)


@for_form
@for_roles(STAFF)
def clearance_put_right(request: SignedRequest, pk: int) -> HttpResponse:
    """Register that an office objects no longer, or never did."""
    return _registered(request, pk, PUT_RIGHT)


@for_form
@for_roles(STAFF)
def clearance_object(request: SignedRequest, pk: int) -> HttpResponse:
    """Register that an office objects after all."""
    return _registered(request, pk, OBJECT)


def _registered(request: SignedRequest, pk: int, reply: Reply) -> HttpResponse:
    found = get_object_or_404(clearances_in_scope(request.user), pk=pk)
    reply.may.check(request.user, found)
    form = reply.form(posted(request))

    def register() -> HttpResponse:
        reply.act(pk, actor=request.user, **form.told)
        return done(request, reply.said, "talents:nomination", found.nomination_id)

    page = FormPage(
        title=f"{reply.title}：{found.office}",
        button=reply.button,
        lead=f"原答复：{found.reply}。{reply.lead}" if reply.lead else "",
        trail=nomination_trail(found.nomination),
        cancel_href=reverse("talents:nomination", args=[found.nomination_id]),
    )
    return form_page(request, form, page, register)


@for_form
@for_filers
def endorsement_give(request: SignedRequest, pk: int) -> HttpResponse:
    """Recommend as the level that was asked."""
    found = get_object_or_404(endorsements_in_scope(request.user), pk=pk)
    may_endorse.check(request.user, found)
    return decided(request, ENDORSE, found, nomination_trail(found.nomination))
