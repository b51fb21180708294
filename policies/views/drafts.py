"""Drafts of next editions: begun from an edition, written item by item, decided by somebody else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from organizations.roles import STAFF
from pages.forms import ReasonForm, WordsForm, posted
from pages.permissions import for_roles
from pages.views.forms import FormPage, Question, done, form_page
from pages.views.lists import list_page
from policies import workflow
from policies.forms import HeadCorrectionForm, HeadForm, ItemForm
from policies.library.editions import policy_by_digest
from policies.models import EditionDraft
from policies.permissions import (
    DECIDERS,
    DROP,
    READERS,
    RETURN,
    SUBMIT,
    may_activate,
    may_draft,
    may_write,
)
from policies.selectors.drafts import drafts_in_scope, preview, settable
from policies.selectors.editions import editions_of
from policies.services.drafts import begin_draft, change_item, correct_head
from policies.tables import DraftTable
from policies.wording import chinese_day
from workflow.records import subject_of
from workflow.selectors import history_of
from workflow.texts.numbers import natural

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from organizations.models import User
    from pages.permissions import SignedRequest
    from policies.models import PolicyEdition

LIBRARY, DRAFTS = ("政策库", "policies:list"), ("新版次草稿", "policies:drafts")
RETROACTIVE = "施行日期早于今日：自{day}起已办的事项，凡未固定版次的，改按新版计算"


@for_roles(READERS)
@list_page()
def draft_list(request: SignedRequest) -> DraftTable:
    """Drafts within reach, the newest first."""
    return DraftTable(request)


@require_safe
@for_roles(READERS)
def draft_page(request: SignedRequest, pk: int) -> HttpResponse:
    """What a draft changes, what follows, and what is to be done about it."""
    draft, user = _draft_or_404(request.user, pk), request.user
    is_open = draft.state in {EditionDraft.State.DRAFT, EditionDraft.State.SUBMITTED}
    context = {
        "draft": draft,
        "preview": preview(draft, user) if is_open else None,
        "settable": settable(draft) if may_write.allows(user, draft) else [],
        "may_write": may_write.allows(user, draft),
        "may_submit": SUBMIT.why_not(user, draft, draft.organization) is None,
        "may_drop": DROP.why_not(user, draft, draft.organization) is None,
        "may_return": RETURN.why_not(user, draft, draft.organization) is None,
        "may_activate": may_activate.offer(user, draft),
        "retroactive": _retroactive(draft) if is_open else "",
        "records": history_of(subject_of(draft), user),
    }
    return render(request, "policies/draft.html", context)


@for_roles(STAFF)
def begin(request: SignedRequest, code: str, number: int) -> HttpResponse:
    """Begin the edition after this one."""
    edition = next(
        (e for e in editions_of(code, timezone.localdate()) if e.edition == number), None
    )
    if edition is None:
        raise Http404
    if not may_draft.allows(request.user, edition):
        raise PermissionDenied
    form: Any = HeadForm(posted(request), draft=_blank(edition))

    def act() -> HttpResponse:
        draft = begin_draft(edition, form.facts(), actor=request.user)
        return done(request, "已起草，请逐条修改参数", "policies:draft", draft.pk)

    here = reverse("policies:edition", args=[code, number])
    page = FormPage(
        title=f"起草第 {number + 1} 版",
        button="开始起草",
        cancel_href=here,
        trail=(_step(*LIBRARY), (edition.title, here)),
        kicker=edition.title,
        lead="先写明所据文件和施行日期；随后逐条改参数，看影响，再交他人核对生效。原版次至施行日期前一日为止。",
        keeps_draft=True,
    )
    return form_page(request, form, page, act)


def _blank(edition: PolicyEdition) -> EditionDraft:
    """A draft that says what the edition before says, but for what its own document will state."""
    policy = policy_by_digest(edition.digest)
    return EditionDraft(
        code=edition.code,
        base=edition,
        title=edition.title,
        status=edition.status,
        publisher=edition.issuer,
        summary=edition.summary,
        provenance=policy.note,
    )


@for_roles(STAFF)
def edit(request: SignedRequest, pk: int) -> HttpResponse:
    """Put document, dates and name of a draft right."""
    draft = _writable_or_refuse(request, pk)
    kind: Any = HeadCorrectionForm
    form = kind(posted(request), draft=draft)

    def act() -> HttpResponse:
        correct_head(pk, form.facts(), actor=request.user, **form.words)
        return done(request, "已修改", "policies:draft", pk)

    page = _page(draft, "修改文件和日期")
    return form_page(request, form, page, act)


@for_roles(STAFF)
def item(request: SignedRequest, pk: int, section: str, code: str) -> HttpResponse:
    """Set the figures of one item, with the words they rest on."""
    draft = _writable_or_refuse(request, pk)
    found = _settable_or_404(draft, section, code)
    form = ItemForm(posted(request), draft=draft, at=(section, code))

    def act() -> HttpResponse:
        version = form.cleaned_data["version"]
        change_item(pk, (section, code), form.change(), version=version, actor=request.user)
        return done(request, f"已修改“{found}”", "policies:draft", pk)

    links = []
    if (section, code) in draft.changed:
        links = [("恢复原条文", reverse("policies:draft-item-undo", args=[pk, section, code]))]
    page = _page(draft, f"修改：{found}", links=links)
    return form_page(request, form, page, act)


@for_roles(STAFF)
def item_undo(request: SignedRequest, pk: int, section: str, code: str) -> HttpResponse:
    """Have one item say again what it says in the edition before."""
    draft = _writable_or_refuse(request, pk)
    found = _settable_or_404(draft, section, code)

    def act(version: int, note: str) -> HttpResponse:
        change_item(pk, (section, code), None, version=version, actor=request.user)
        return done(request, f"“{found}”已恢复原条文", "policies:draft", pk)

    page = _question(draft, "恢复原条文", f"放弃对“{found}”的修改吗？", ())
    return _ask(request, draft, page, act)


@for_roles(STAFF)
def submit(request: SignedRequest, pk: int) -> HttpResponse:
    """Hand a draft to somebody else."""
    draft = _draft_or_404(request.user, pk)

    def act(version: int, note: str) -> HttpResponse:
        workflow.submit_draft(pk, version=version, actor=request.user, note=note)
        return done(request, "已提交，请其他审批人核对后使其生效", "policies:draft", pk)

    question = f"把《{draft.title}》第{draft.number}版交他人核对生效吗？"
    consequences = (
        "提交后不能再修改，除非审批人退回；",
        "凡起草、修改、提交过的人都不能使其生效。",
    )
    return _ask(request, draft, _question(draft, "提交", question, consequences), act)


@for_roles(DECIDERS)
def activate(request: SignedRequest, pk: int) -> HttpResponse:
    """Put a draft in force as it is shown."""
    draft = _draft_or_404(request.user, pk)

    def act(version: int, note: str) -> HttpResponse:
        workflow.activate_draft(pk, version=version, actor=request.user, note=note)
        return done(request, "已生效", "policies:edition", draft.code, draft.number)

    day = chinese_day(draft.effective_from)
    consequences = [
        f"自{day}起按第{draft.number}版办理，第{draft.base.edition}版至其前一日为止；",
        "已固定版次的轮次和已封存的报告不受影响；",
        "生效后文本以摘要值固定，不能更改或撤回，只能再发新的版次。",
    ]
    if words := _retroactive(draft):
        consequences.append(f"{words}。")
    question = f"使《{draft.title}》第{draft.number}版生效吗？请先与文件逐条核对。"
    return _ask(request, draft, _question(draft, "使其生效", question, consequences), act)


@for_roles(DECIDERS)
def give_back(request: SignedRequest, pk: int) -> HttpResponse:
    """Give a draft back with the reason."""
    return _with_reason(
        request, pk, "退回修改", "退回后由起草的人修改，再次提交。", workflow.return_draft
    )


@for_roles(STAFF)
def drop(request: SignedRequest, pk: int) -> HttpResponse:
    """Give a draft up."""
    return _with_reason(
        request, pk, "放弃起草", "草稿留存备查，不能再修改；可另行起草。", workflow.drop_draft
    )


def _with_reason(
    request: SignedRequest, pk: int, title: str, consequence: str, deed: Callable[..., EditionDraft]
) -> HttpResponse:
    draft, form = _draft_or_404(request.user, pk), ReasonForm(posted(request))

    def act() -> HttpResponse:
        deed(pk, actor=request.user, note=form.cleaned_data["note"])
        return done(request, f"已{title}", "policies:draft", pk)

    question = f"对《{draft.title}》第{draft.number}版草稿{title}吗？"
    page = _question(draft, title, question, (consequence,))
    return form_page(request, form, page, act)


def _ask(
    request: SignedRequest,
    draft: EditionDraft,
    page: Question,
    act: Callable[[int, str], HttpResponse],
) -> HttpResponse:
    """A question about a draft as it is shown: what was changed meanwhile is refused."""
    form = WordsForm(posted(request))
    shown = replace(page, hidden=[("version", request.POST.get("version", draft.version))])
    version = natural(request.POST.get("version", "")) or 0
    return form_page(request, form, shown, lambda: act(version, form.cleaned_data["note"]))


def _question(
    draft: EditionDraft, title: str, question: str, consequences: tuple[str, ...] | list[str]
) -> Question:
    here = reverse("policies:draft", args=[draft.pk])
    trail = (_step(*LIBRARY), _step(*DRAFTS), (str(draft.title), here))
    return Question(
        title=title, question=question, consequences=consequences, trail=trail, cancel_href=here
    )


def _page(
    draft: EditionDraft,
    title: str,
    *,
    corrects: bool = False,
    links: list[tuple[str, str]] | None = None,
) -> FormPage:
    here = reverse("policies:draft", args=[draft.pk])
    return FormPage(
        title=title,
        cancel_href=here,
        trail=(_step(*LIBRARY), _step(*DRAFTS), (draft.title, here)),
        kicker=f"{draft.title}第{draft.number}版草稿",
        corrects=True,
        links=links or (),
    )


def _step(label: str, name: str) -> tuple[str, str]:
    return label, reverse(name)


def _retroactive(draft: EditionDraft) -> str:
    """What an edition that applies from a day gone by does to what was done since."""
    if draft.effective_from >= timezone.localdate():
        return ""
    return RETROACTIVE.format(day=chinese_day(draft.effective_from))


def _draft_or_404(user: User, pk: int) -> EditionDraft:
    return get_object_or_404(drafts_in_scope(user), pk=pk)


def _writable_or_refuse(request: SignedRequest, pk: int) -> EditionDraft:
    draft = _draft_or_404(request.user, pk)
    if not may_write.allows(request.user, draft) and request.method != "POST":
        raise PermissionDenied
    return draft


def _settable_or_404(draft: EditionDraft, section: str, code: str) -> str:
    """The name of an item that has figures to set."""
    for _, lines in settable(draft):
        for line in lines:
            if (line.section, line.code) == (section, code):
                return line.title
    raise Http404
