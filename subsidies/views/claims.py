"""Claims: the list, one of them, filing, looking into it, approval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from competitions.rules.places import stands_of
from organizations.scoping import bodies_where
from pages.forms import posted
from pages.permissions import for_roles
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, Question, done, for_form, form_page
from pages.views.lists import list_page
from subsidies.forms import OpinionForm
from subsidies.forms.allocations import CallForm
from subsidies.forms.claims import AccountForm, ClaimForm, PaymentForm, PlaceClaimForm, RaiseForm
from subsidies.models.claims import Claim
from subsidies.permissions import FINANCE, PLANNERS
from subsidies.permissions.claims import (
    CLAIMANTS,
    may_approve_claim,
    may_call_back,
    may_endorse_claim,
    may_file,
    may_raise,
    may_refuse_claim,
    may_set_account,
)
from subsidies.rules.claims import BOOST, PLACE, standing
from subsidies.selectors.claims import claimable, claimable_places, claims_in_scope, payers_of
from subsidies.services.claims import (
    Statement,
    brought_unclaimed,
    file_claim,
    raise_awards,
    set_account,
    unclaimed_titles,
    unclaimed_years,
)
from subsidies.tables.claims import ClaimablePlaceTable, ClaimableTable, ClaimTable
from subsidies.views.access import for_approvers, for_staff
from subsidies.workflow.claims import approve_claim, call_back, endorse_claim, refuse_claim
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest

SHOWN = 60
for_readers = for_roles(Claim.VISIBLE_TO_ROLES)
for_claimants = for_roles(CLAIMANTS)


@for_readers
@list_page()
def claim_list(request: SignedRequest) -> ClaimTable:
    """All claims within reach."""
    return ClaimTable(request)


@for_claimants
@list_page()
def claimable_list(request: SignedRequest) -> ClaimableTable:
    """Certificates that money may be claimed for."""
    return ClaimableTable(request)


@require_safe
@for_readers
def claim_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One claim: the sum, the conditions, who did what, how it was paid."""
    found, user = _claim_or_404(request, pk), request.user
    context = {
        "claim": found,
        "facts": found.facts,
        "findings": standing(found, timezone.localdate()),
        "may_set_account": may_set_account.allows(user, found),
        "may_endorse": may_endorse_claim.offer(user, found),
        "may_approve": may_approve_claim.offer(user, found),
        "may_refuse": may_refuse_claim.allows(user, found),
        "may_call_back": may_call_back.offer(user, found),
        "records": history_of(subject_of(found), user),
    }
    return render(request, "subsidies/claim.html", context)


@for_form
@for_claimants
def claim_new(request: SignedRequest, pk: int) -> HttpResponse:
    """File a claim for a certificate of a worker."""
    certificate = get_object_or_404(claimable(request.user), pk=pk)
    may_file.check(request.user, certificate.person.organization)
    form = ClaimForm(posted(request))

    def file() -> HttpResponse:
        said = form.cleaned_data
        made = file_claim(
            BOOST,
            certificate,
            Statement(said["issued_on"], said["is_member"]),
            form.to(),
            actor=request.user,
        )
        return done(request, "申领已提出，待上级工会核实", "subsidies:claim", made.pk)

    page = FormPage(
        title="申领助推资助",
        kicker=certificate.person.name,
        lead=f"{certificate.occupation}{certificate.get_level_display()}，证书编号{certificate.number}",
        button="提出申领",
        trail=(*_trail(), ("可申领助推的证书", reverse("subsidies:claimable"))),
        cancel_href=reverse("subsidies:claimable"),
    )
    return form_page(request, form, page, file)


@for_claimants
@list_page()
def claimable_place_list(request: SignedRequest) -> ClaimablePlaceTable:
    """Places in contests that money may be claimed for."""
    return ClaimablePlaceTable(request)


@for_form
@for_claimants
def claim_place(request: SignedRequest, pk: int) -> HttpResponse:
    """File a claim for a place in a contest."""
    line = get_object_or_404(claimable_places(request.user), pk=pk)
    may_file.check(request.user, line.person.organization)
    if refusal := stands_of([line])[line.pk].refusal:
        raise refusal
    form = PlaceClaimForm(posted(request))

    def file() -> HttpResponse:
        stated = Statement(
            timezone.localdate(line.board.published_at), form.cleaned_data["is_member"]
        )
        made = file_claim(PLACE, line, stated, form.to(), actor=request.user)
        return done(request, "申领已提出，待上级工会核实", "subsidies:claim", made.pk)

    listed = reverse("subsidies:claimable-places")
    page = FormPage(
        title="申领助推资助",
        kicker=line.name,
        lead=f"{line.board.item.competition}{line.board.item}第{line.rank}名",
        button="提出申领",
        trail=(*_trail(), ("可申领助推的竞赛名次", listed)),
        cancel_href=listed,
    )
    return form_page(request, form, page, file)


@for_form
@for_roles(PLANNERS)
def claims_raise(request: SignedRequest) -> HttpResponse:
    """Raise a claim for every title named here that nobody has drawn for, and for those said to be unpaid."""
    payers = payers_of(request.user, bodies_where(request.user, PLANNERS))
    if not payers:
        raise PermissionDenied
    payer, form = payers[0], RaiseForm(posted(request))
    may_raise.check(request.user, payer)
    waiting, years = unclaimed_titles(payer).select_related("person"), unclaimed_years(payer)
    brought = brought_unclaimed(payer).count()

    def act() -> HttpResponse:
        count = raise_awards(payer, actor=request.user, unpaid=form.cleaned_data["unpaid"])
        return done(request, f"已提出{count}笔，并通知所在单位填报收款账号", "subsidies:claims")

    page = Question(
        title="按名录提出奖励",
        question=f"为本系统命名、尚未领取奖励的{waiting.count()}名北京大工匠提出奖励"
        + (f"，为{len(years)}项评审通过的工作室项目提出年度助推资金吗？" if years else "吗？"),
        rows=[
            *(f"{row.person.name}　{row.title}（{row.certificate_number}）" for row in waiting[:SHOWN]),
            *(f"{row.person.name}　{row}" for row in years[:SHOWN]),
        ],
        consequences=(
            "同一称号每人只发一次，撤销和待复核的、政策施行以前命名的不列入；",
            *([f"导入名录中另有{brought}名未见领取记录，可能已由原渠道发放，填写证书编号的才列入；"] if brought else []),
            "所在单位填报收款账号后，由审批人批准，从本年度预算预占。",
        ),
        trail=_trail(),
        cancel_href=reverse("subsidies:claims"),
    )  # fmt: skip
    return form_page(request, form, page, act)


@for_form
@for_claimants
def claim_account(request: SignedRequest, pk: int) -> HttpResponse:
    """Say where the money goes."""
    found = _claim_or_404(request, pk)
    may_set_account.check(request.user, found)
    form = AccountForm(posted(request))

    def save() -> HttpResponse:
        set_account(pk, form.to(), actor=request.user)
        return done(request, "收款账号已填报", "subsidies:claim", pk)

    page = FormPage(
        title="填报收款账号",
        kicker=found.person.name,
        trail=_trail(found),
        cancel_href=reverse("subsidies:claim", args=[pk]),
    )
    return form_page(request, form, page, save)


ENDORSE = Deed(
    "审核申领",
    "{row.person}在“{row.organization}”在职、是工会会员，{row.title}可以上报吗？",
    endorse_claim,
    form=OpinionForm,
    said="已审核，待出资单位批准",
)
APPROVE = Deed(
    "批准发放",
    "批准发放{row.person}的{row.title}，应发{row.gross:,.2f}元吗？",
    approve_claim,
    ("应发金额立即从本年度预算预占；", "应发减去扣税后的实发，付到填报的账号。"),
    form=PaymentForm,
    said="已批准，金额已从预算预占，待财务付款",
)
REFUSE = Deed(
    "不予发放",
    "对{row.person}的{row.title}不予发放吗？",
    refuse_claim,
    ("已预占的金额退回预算；", "事由通知所在单位，确有新情况的可重新申领。"),
    said="已作不予发放处理",
    tone="bad",
)


@for_form
@for_staff
def claim_endorse(request: SignedRequest, pk: int) -> HttpResponse:
    """Confirm employment and membership, above the unit."""
    found = _claim_or_404(request, pk)
    may_endorse_claim.check(request.user, found)
    return decided(request, ENDORSE, found, _trail(found), button="核实无误，审核通过")


@for_form
@for_approvers
def claim_approve(request: SignedRequest, pk: int) -> HttpResponse:
    """Approve the sum, less tax."""
    found = _claim_or_404(request, pk)
    may_approve_claim.check(request.user, found)
    return decided(request, APPROVE, found, _trail(found))


CALL_BACK = Deed(
    "回访确认收款账号",
    "经回访本人，{row.person}的{row.title}付到{row.bank}{row.account_mask}没有错吗？",
    call_back,
    ("该账号也用于其他人的申领，或者是学院的收款账户；", "确认后可以列入付款清单，情况留痕。"),
    form=CallForm,
    said="已登记回访情况",
)


@for_form
@for_roles(FINANCE)
def claim_call(request: SignedRequest, pk: int) -> HttpResponse:
    """Ask the person about an account that is others' too."""
    found = _claim_or_404(request, pk)
    may_call_back.check(request.user, found)
    return decided(request, CALL_BACK, found, _trail(found))


@for_form
@for_staff
def claim_refuse(request: SignedRequest, pk: int) -> HttpResponse:
    """Say no for good."""
    found = _claim_or_404(request, pk)
    may_refuse_claim.check(request.user, found)
    return decided(request, REFUSE, found, _trail(found))


def _trail(claim: Claim | None = None) -> tuple[tuple[str, str], ...]:
    listed = (("个人申领", reverse("subsidies:claims")),)
    if claim is None:
        return listed
    return (*listed, (str(claim.person), reverse("subsidies:claim", args=[claim.pk])))


def _claim_or_404(request: SignedRequest, pk: int) -> Claim:
    return get_object_or_404(claims_in_scope(request.user), pk=pk)
