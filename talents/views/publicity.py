"""Public notice: drawing a list up, putting it up, naming; and the pages for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organizations.models import Organization
from organizations.roles import STAFF
from pages.forms import posted
from pages.permissions import for_roles
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, Question, done, for_form, form_page, say_refusal
from pages.views.lists import list_page
from policies.wording import chinese_day
from talents.forms.publicity import (
    AddedPlaceForm,
    LevelSlateForm,
    NamingForm,
    ObjectionForm,
    PostForm,
    PostingForm,
    ReceiptForm,
    SlateForm,
)
from talents.permissions import may_run
from talents.permissions.publicity import (
    OBJECTION_READERS,
    may_add_place,
    may_check_posting,
    may_draft_notice,
    may_draft_of_level,
    may_drop,
    may_enter_objection,
    may_name,
    may_post,
)
from talents.rules.endorsing import EndorsementRule
from talents.rules.left_out import left_out, left_out_words
from talents.rules.levels import to_be_put_up
from talents.rules.merit import tie_words, ties_told
from talents.rules.panels import Decided, panel_that_decided, slate_of
from talents.rules.postings import unseen_days
from talents.rules.succession import Succession, list_that_named
from talents.selectors.outcomes import outcomes_of, situations_of
from talents.selectors.panels import panels_in_scope
from talents.selectors.publicity import (
    checks_in_scope,
    checks_of,
    decision_of,
    notices_in_scope,
    public_notices,
)
from talents.services.postings import check_posting
from talents.tables.publicity import PublicNoticeTable
from talents.views.access import for_readers, round_or_404, round_trail
from talents.views.scans import scan_answer
from talents.workflow.added_places import add_place
from talents.workflow.composing import composition_of, passed_over_words
from talents.workflow.levels import draft_level_notice
from talents.workflow.objections import consequence_of, receive_objection, status_of
from talents.workflow.publicity import days_up, draft_notice, drop_notice, name_chosen, post_notice
from workflow.records import subject_of
from workflow.refusals import DomainError
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from pages.permissions import SignedRequest
    from talents.models import Panel, PublicNotice, SelectionRound

for_handlers = for_roles(OBJECTION_READERS)
DROP = Deed(
    "作废名单",
    "作废“{row}”的这份名单吗？",
    drop_notice,
    ("名单没有公示过，作废后可以重新拟定；", "事由计入留痕，作废的名单和次序都保留。"),
    said="名单已作废，可以重新拟定",
    tone="bad",
)


ADD_PLACE = Deed(
    "增补名额",
    "为异议改判不成立的人选，在“{row}”增补1个名额吗？",
    add_place,
    (
        "名额已由候补递补、命名的不变，另行增补一个，超出轮次原定的命名人数；",
        "增补后由审批人另行发文补充命名；决定、事由和增补后的人数计入留痕。",
    ),
    form=AddedPlaceForm,
    said="名额已增补，请另行发文补充命名",
)


def _notice_or_404(request: SignedRequest, pk: int) -> PublicNotice:
    return get_object_or_404(notices_in_scope(request.user), pk=pk)


def _trail(notice: PublicNotice) -> tuple[tuple[str, str], ...]:
    return (*round_trail(notice.round), ("公示", reverse("talents:notice", args=[notice.pk])))


@for_form
@for_roles(STAFF)
def notice_new(request: SignedRequest, code: str) -> HttpResponse:
    """Draw the list up from the ranking."""
    selection = round_or_404(request, code)
    may_draft_notice.check(request.user, selection)
    named = list_that_named(selection)
    panel = panel_that_decided(selection)
    ties = "" if panel or named else ties_told(selection)
    told = f"{ties}。" if ties else ""
    form = _slate_form(request, selection, panel, named)
    by = "评审委员会的表决结果" if panel else "名次"
    if named:
        by = f"{named}余下的名额和人选"

    def draw_up() -> HttpResponse:
        notice = draft_notice(selection.pk, form.slate, actor=request.user)
        words = f"名单已按{by}拟定，待另一位审批人核对后发布"
        return done(request, words, "talents:notice", notice.pk)

    page = FormPage(
        title="拟定公示名单",
        button="拟定",
        lead=f"按{by}取人；{told}公示{days_up(selection)}个工作日。已有公示在挂的，拟定的是新版：新版发布时替代原公示，期限重新起算；发布之前原公示仍然有效。",
        trail=round_trail(selection),
        cancel_href=reverse("talents:review-desk", args=[code]),
    )
    return form_page(request, form, page, draw_up)


def _slate_form(
    request: SignedRequest,
    selection: SelectionRound,
    panel: Panel | None,
    named: PublicNotice | None,
) -> SlateForm:
    """How many and by which minutes is asked where neither a panel nor a list that has named says it."""
    if named is None:
        return SlateForm(
            posted(request),
            decided=slate_of(panel) if panel else None,
            left_out=left_out_words(left_out(selection)),
        )
    course = Succession(named)
    places = len(course.in_their_places)
    left = Decided(places, len(course.goes_up_again) - places, named.minutes_number)
    return SlateForm(posted(request), decided=left, by=f"{named}余下的名额")


@for_form
@for_roles(STAFF)
def level_notice_new(request: SignedRequest, code: str, body: int) -> HttpResponse:
    """Draw up whom a body between unit and organizer is going to recommend."""
    selection = round_or_404(request, code)
    level = get_object_or_404(Organization.objects.visible_to(request.user), pk=body)
    may_draft_of_level.check(request.user, selection, level)
    form = LevelSlateForm(posted(request), waiting=to_be_put_up(selection, level))

    def draw_up() -> HttpResponse:
        notice = draft_level_notice(selection.pk, level.pk, form.slate, actor=request.user)
        return done(request, "名单已拟定，待另一位审批人核对后发布", "talents:notice", notice.pk)

    rule = EndorsementRule.of(selection)
    asks = (
        "期满没有异议后出具推荐意见"
        if rule.asks_levels
        else "本轮次所用政策版次未作要求，公示的，期满后才能出具推荐意见"
    )
    page = FormPage(
        title="公示拟推荐人选",
        kicker=level.name,
        button="拟定",
        lead=f"以“{level}”名义公示{rule.level_days}个工作日，{asks}；对某一名人选的异议只暂缓其本人。",
        trail=round_trail(selection),
        cancel_href=reverse("talents:round", args=[code]),
    )
    return form_page(request, form, page, draw_up)


@require_safe
@for_readers
def notice_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One list, with what holds whom and what is next."""
    notice, user = _notice_or_404(request, pk), request.user
    course = Succession(notice)
    context = {
        "notice": notice,
        "round": notice.round,
        "entries": situations_of(user, course),
        "may_see_panel": notice.panel_id
        and panels_in_scope(user).filter(pk=notice.panel_id).exists(),
        "order_words": _order_words(notice),
        "tie_words": _tie_words(notice),
        "passed_over": passed_over_words(course),
        "composition": composition_of(course)
        if not notice.of_level and may_run.allows(user, notice.round.organizer)
        else None,
        "may_draft_again": course.wants_new_version and may_draft_notice.allows(user, notice.round),
        "may_post": may_post.offer(user, notice),
        "may_drop": may_drop.offer(user, notice),
        "may_add_place": may_add_place.allows(user, notice),
        "may_name": may_name.offer(user, notice),
        "checks": checks_of(user, notice),
        "unseen_words": "、".join(map(chinese_day, unseen_days(notice, timezone.localdate()))),
        "may_check": may_check_posting.offer(user, notice),
        "may_enter": may_enter_objection.offer(user, notice),
        "history": history_of(subject_of(notice), user),
    }
    return render(request, "talents/notice.html", context)


def _order_words(notice: PublicNotice) -> str:
    if notice.of_level:
        return "按推荐单位排列；发布后不能再改"
    return f"按{'评审委员会的表决结果' if notice.panel_id else '名次'}；发布后不能再改"


def _tie_words(notice: PublicNotice) -> str:
    """Of a list by rank that is not decided yet."""
    if notice.of_level or notice.panel_id or notice.state != notice.State.DRAFT:
        return ""
    return tie_words(notice.round, notice.places)


@for_form
@for_roles(STAFF)
def notice_drop(request: SignedRequest, pk: int) -> HttpResponse:
    """Give up a list that was not put up."""
    notice = _notice_or_404(request, pk)
    may_drop.check(request.user, notice)
    return decided(request, DROP, notice, _trail(notice))


@for_form
@for_roles(STAFF)
def notice_add_place(request: SignedRequest, pk: int) -> HttpResponse:
    """Add a place for whom an objection was wrongly upheld."""
    notice = _notice_or_404(request, pk)
    may_add_place.check(request.user, notice)
    return decided(request, ADD_PLACE, notice, _trail(notice))


@for_form
@for_roles(STAFF)
def notice_check(request: SignedRequest, pk: int) -> HttpResponse:
    """Say whether the list can be read where it was put up."""
    notice = _notice_or_404(request, pk)
    may_check_posting.check(request.user, notice)
    form = PostingForm(posted(request), request.FILES or None, initial={"place": notice.posted_at})

    def look() -> HttpResponse:
        check_posting(pk, form.seen, actor=request.user)
        return done(request, "公示查看情况已登记", "talents:notice", pk)

    page = FormPage(
        title="登记公示查看",
        button="登记",
        lead="公示期内每个工作日查看一次：网页能否打开、张贴处是否完好，附截图或照片。",
        trail=_trail(notice),
        cancel_href=reverse("talents:notice", args=[pk]),
    )
    return form_page(request, form, page, look)


@require_safe
@never_cache
@for_handlers
def notice_check_scan(request: SignedRequest, pk: int) -> HttpResponse:
    """The picture of what was seen, to be saved."""
    found = get_object_or_404(checks_in_scope(request.user), pk=pk)
    if found.scan is None:
        raise Http404
    return scan_answer(found.scan)


@for_form
@for_roles(STAFF)
def notice_post(request: SignedRequest, pk: int) -> HttpResponse:
    """Put it up from a day on."""
    notice, form = _notice_or_404(request, pk), PostForm(posted(request))
    may_post.check(request.user, notice)

    def put_up() -> HttpResponse:
        starts_on = form.cleaned_data["starts_on"]
        up = post_notice(pk, starts_on=starts_on, actor=request.user)
        return done(request, f"名单已公示，{up.ends_on}期满", "talents:notice", pk)

    page = Question(
        title="发布公示",
        question=f"发布“{notice}”吗？",
        consequences=(
            "名单即时对外公开，此后不能再改；须更正的，另拟新版，期限重新起算；",
            f"自开始之日起{notice.days}个工作日期满，期满后才能{'出具推荐意见' if notice.of_level else '命名'}。",
        ),
        trail=_trail(notice),
        cancel_href=reverse("talents:notice", args=[pk]),
    )
    return form_page(request, form, page, put_up)


@for_form
@for_roles(STAFF)
def notice_name(request: SignedRequest, pk: int) -> HttpResponse:
    """Name those whom nothing holds."""
    notice, form = _notice_or_404(request, pk), NamingForm(posted(request))
    may_name.check(request.user, notice)

    def give() -> HttpResponse:
        number = form.cleaned_data["document_number"]
        honours = name_chosen(pk, document_number=number, actor=request.user)
        return done(request, f"已命名{len(honours)}名，证书编号已生成", "talents:notice", pk)

    page = Question(
        title="命名公布",
        question=f"按“{notice}”命名吗？",
        consequences=(
            "没有异议、异议不成立的依次命名；",
            "异议未办结的只暂缓本人、保留名额，办结后按同一名单另行发文补充命名；",
            "异议成立的、推荐已退回的不命名，由候补递补；",
            *([f"{words}；"] if (words := passed_over_words(Succession(notice))) else []),
            "称号和证书编号即时载入名录，不能删除，只能按程序撤销。",
        ),
        trail=_trail(notice),
        cancel_href=reverse("talents:notice", args=[pk]),
    )
    return form_page(request, form, page, give)


@list_page()
def public_notice_list(request: HttpRequest) -> PublicNoticeTable:
    """What is up, for everybody."""
    return PublicNoticeTable(request)


@require_safe
def public_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One list for everybody: public fields only; once it named, with whom it named by what."""
    context = _up(pk)
    context |= decision_of(context["notice"])
    return render(request, "talents/public_notice.html", context)


@for_form
@never_cache
def object_to(request: HttpRequest, pk: int) -> HttpResponse:
    """Object to somebody on the list; the receipt number is shown once."""
    context = _up(pk)
    form = ObjectionForm(request.POST or None, entries=context["entries"])
    status = 200
    if request.method != "POST" and not context["notice"].takes_objections:
        return render(request, "talents/object_closed.html", context)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = receive_objection(form.cleaned_data["entry"], form.reported)
            except DomainError as refusal:
                say_refusal(form, refusal)
                status = 409
            else:
                return render(request, "talents/objected.html", context | {"objection": made})
    return render(request, "talents/object.html", context | {"form": form}, status=status)


@require_safe
@never_cache
def receipt(request: HttpRequest) -> HttpResponse:
    """How an objection stands, for who knows its number; nothing of its words."""
    form = ReceiptForm(request.GET or None)
    found: Any = None
    if form.is_bound and form.is_valid():
        found = status_of(form.cleaned_data["number"])
        if found is None:
            form.add_error("number", "没有这个受理编号，请核对后再查")
    context = {"form": form, "found": found, "then": consequence_of(found) if found else ""}
    return render(request, "talents/receipt.html", context)


def _up(pk: int) -> dict[str, Any]:
    notice = get_object_or_404(public_notices(), pk=pk)
    return {"notice": notice, "entries": outcomes_of(notice)}
