"""The panel of a round: entering its meeting and votes, confirming by another, correcting, printing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from organizations.roles import STAFF
from pages.forms import posted
from pages.permissions import for_roles
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.papers import paper_leaves
from talents.documents.panels import minutes_of
from talents.forms.panels import (
    ExchangeForm,
    PanelCorrectionForm,
    PanelForm,
    RecusalForm,
    VotesForm,
)
from talents.permissions.panels import (
    PANEL_READERS,
    may_confirm_panel,
    may_convene,
    may_correct_panel,
    may_drop_panel,
    may_enter_votes,
    may_return_panel,
)
from talents.rules.panels import PanelRule
from talents.selectors.panels import decisions_of, members_of, panels_in_scope
from talents.services.exchanging import exchange
from talents.services.panel_corrections import correct_panel
from talents.services.panels import convene_panel, declare_recusal, enter_votes
from talents.views.access import round_or_404, round_trail
from talents.workflow.composing import composition_of_panel
from talents.workflow.panels import confirm_panel, drop_panel, return_panel, submit_panel
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest
    from talents.models import Panel, SelectionRound

Trail = tuple[tuple[str, str], ...]
for_panel_readers = for_roles(PANEL_READERS)
SUBMIT = Deed(
    "报送确认",
    "把“{row}”的表决结果报送确认吗？",
    submit_panel,
    ("报送后不能再改，退回后才能修改；", "由录入人以外的审批人对照会议纪要确认。"),
    form=None,
    said="已报送，待另一位审批人确认",
)
CONFIRM = Deed(
    "确认表决结果",
    "确认“{row}”的表决结果吗？",
    confirm_panel,
    ("确认后不能再改，须更正的写明事由另行录入、另行确认；", "公示名单和候补按表决结果拟定。"),
    form=None,
    said="表决结果已确认，公示名单照此拟定",
)
RETURN = Deed(
    "退回修改",
    "把“{row}”退回录入人修改吗？",
    return_panel,
    ("录入人修改后重新报送。",),
    said="已退回录入人",
)
DROP = Deed(
    "作废会议录入",
    "作废“{row}”的录入吗？",
    drop_panel,
    ("作废的录入留在记录里；", "此后可以另行录入。"),
    said="已作废，可以另行录入",
    tone="bad",
)


def _panel_or_404(request: SignedRequest, pk: int) -> Panel:
    return get_object_or_404(panels_in_scope(request.user), pk=pk)


def _desk_trail(selection: SelectionRound) -> Trail:
    desk = reverse("talents:review-desk", args=[selection.code])
    return (*round_trail(selection), ("评审", desk))


def _trail(panel: Panel) -> Trail:
    own = reverse("talents:panel", args=[panel.pk])
    return (*_desk_trail(panel.round), ("评审委员会", own))


@for_form
@for_roles(STAFF)
def panel_new(request: SignedRequest, code: str) -> HttpResponse:
    """Enter that the panel met."""
    selection, user = round_or_404(request, code), request.user
    may_convene.check(user, selection)
    form = PanelForm(posted(request), selection=selection, user=user)

    def convene() -> HttpResponse:
        tabled = form.cleaned_data["tabled"]
        panel = convene_panel(
            selection.pk,
            form.minutes,
            form.seats,
            tabled=tabled,
            leaves_out=form.leaves_out,
            actor=user,
        )
        return done(request, "会议已录入，请填写表决结果", "talents:panel", panel.pk)

    page = FormPage(
        title="录入评审委员会会议",
        button="录入",
        kicker=selection.name,
        lead=PanelRule.of(selection).in_words,
        trail=_desk_trail(selection),
        cancel_href=reverse("talents:review-desk", args=[code]),
    )
    return form_page(request, form, page, convene)


@require_safe
@for_panel_readers
def panel_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One meeting: who sat, who stood back, the votes, and what is next."""
    panel, user = _panel_or_404(request, pk), request.user
    context: dict[str, Any] = {
        "panel": panel,
        "round": panel.round,
        "rule": PanelRule.of(panel.round),
        "members": members_of(user, panel),
        "lines": decisions_of(user, panel),
        "composition": composition_of_panel(panel),
        "may_enter": may_enter_votes.offer(user, panel),
        "may_confirm": may_confirm_panel.offer(user, panel),
        "may_return": may_return_panel.offer(user, panel),
        "may_drop": may_drop_panel.offer(user, panel),
        "may_correct": may_correct_panel.offer(user, panel),
        "history": history_of(subject_of(panel), user),
    }
    return render(request, "talents/panel.html", context)


@for_form
@for_roles(STAFF)
def panel_votes(request: SignedRequest, pk: int) -> HttpResponse:
    """The votes and decisions of all on the table, on one sheet."""
    panel, user = _panel_or_404(request, pk), request.user
    may_enter_votes.check(user, panel)
    form = VotesForm(posted(request), lines=list(decisions_of(user, panel)))

    def enter() -> HttpResponse:
        enter_votes(pk, form.votes(), actor=user)
        return done(request, "表决结果已保存", "talents:panel", pk)

    page = FormPage(
        title="填写表决结果",
        kicker=panel,
        lead=PanelRule.of(panel.round).in_words,
        trail=_trail(panel),
        cancel_href=reverse("talents:panel", args=[pk]),
        template="talents/panel_votes.html",
        context={"panel": panel},
    )
    return form_page(request, form, page, enter)


@for_form
@for_roles(STAFF)
def panel_recusal(request: SignedRequest, pk: int) -> HttpResponse:
    """Put down that a member stands back."""
    panel, user = _panel_or_404(request, pk), request.user
    may_enter_votes.check(user, panel)
    members, lines = members_of(user, panel), decisions_of(user, panel)
    form = RecusalForm(posted(request), members=members, lines=lines)

    def put_down() -> HttpResponse:
        declare_recusal(pk, **form.facts, actor=user)
        return done(request, "回避已登记，应投票数相应减少", "talents:panel", pk)

    page = FormPage(
        title="登记委员回避",
        button="登记",
        kicker=panel,
        lead="按在册资料应当回避的已自动登记；委员本人申明的在此登记。",
        trail=_trail(panel),
        cancel_href=reverse("talents:panel", args=[pk]),
    )
    return form_page(request, form, page, put_down)


@for_form
@for_roles(STAFF)
def panel_exchange(request: SignedRequest, pk: int) -> HttpResponse:
    """Make the exchange that mends how the slate is made up; the smallest one is filled in."""
    panel, user = _panel_or_404(request, pk), request.user
    may_enter_votes.check(user, panel)
    lines, made = decisions_of(user, panel), composition_of_panel(panel)
    first = {}
    if made is not None and made.swaps:
        keys = dict(lines.values_list("nomination", "pk"))
        first = {part: keys[getattr(made.swaps[0], part).pk] for part in ("out", "into")}
    form = ExchangeForm(posted(request), lines=lines, initial=first)

    def make() -> HttpResponse:
        exchange(pk, **form.facts, actor=user)
        return done(request, "已调换，理由记入两人的决定", "talents:panel", pk)

    page = FormPage(
        title="按结构比例调换",
        button="调换",
        kicker=panel,
        lead="票数不变，换下的列入后备；因此名次在前而被越过的，记同一理由。报送后由另一位审批人确认，公示名单照此拟定。",
        trail=_trail(panel),
        cancel_href=reverse("talents:panel", args=[pk]),
    )
    return form_page(request, form, page, make)


@for_form
@for_roles(STAFF)
def panel_correct(request: SignedRequest, pk: int) -> HttpResponse:
    """Begin the correction of a confirmed meeting."""
    panel, user = _panel_or_404(request, pk), request.user
    may_correct_panel.check(user, panel)
    form = PanelCorrectionForm(posted(request), initial=PanelCorrectionForm.initial_of(panel))

    def begin() -> HttpResponse:
        made = correct_panel(pk, form.minutes, actor=user, note=form.cleaned_data["note"])
        words = "已按原会议另行录入，请改正票数、决定后报送确认"
        return done(request, words, "talents:panel", made.pk)

    page = FormPage(
        title="更正表决结果",
        button="开始更正",
        kicker=panel,
        lead="原会议保持不变；更正经另一位审批人确认后替代原结果，已公示的须另行公示。",
        trail=_trail(panel),
        cancel_href=reverse("talents:panel", args=[pk]),
    )
    return form_page(request, form, page, begin)


def _decided(deed: Deed) -> Any:
    """A page that asks and does it."""

    @for_form
    @for_roles(STAFF)
    def page(request: SignedRequest, pk: int) -> HttpResponse:
        panel = _panel_or_404(request, pk)
        return decided(request, deed, panel, _trail(panel))

    return page


panel_submit, panel_confirm = _decided(SUBMIT), _decided(CONFIRM)
panel_return, panel_drop = _decided(RETURN), _decided(DROP)


@require_safe
@for_panel_readers
def panel_paper(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """评审委员会会议纪要, from the same data."""
    panel, user = _panel_or_404(request, pk), request.user
    lines, members = list(decisions_of(user, panel)), list(members_of(user, panel))
    return paper_leaves(
        request, minutes_of(panel, members, lines), f"评审委员会会议纪要-{panel.round.name}", kind,
        organization=panel.round.organizer, count=len(lines),
    )  # fmt: skip
