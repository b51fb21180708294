"""Telling people what came of money: who has to act next, and whose money it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from organizations.models import User
from organizations.roles import Role
from organizations.scoping import accounts_that_serve
from subsidies.models import Fund
from workflow.notices import tell
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model, QuerySet

    from organizations.models import Organization
    from subsidies.models import (
        Allocation,
        BudgetChange,
        Grant,
        PayeeAccount,
        Payment,
        Project,
        Settlement,
    )


def _those(roles: Iterable[Role], body: Organization, actor: User) -> QuerySet[User]:
    return (
        User.objects.filter(accounts_that_serve(roles, body.path)).exclude(pk=actor.pk).distinct()
    )


def _say(people: QuerySet[User], title: str, about: Model, href: str, body: str = "") -> None:
    tell(people, title, subject=subject_of(about), href=href, body=body)


def _page(grant: Grant) -> str:
    return reverse("subsidies:grant", args=[grant.pk])


def tell_budget_submitted(fund: Fund, *, actor: User) -> None:
    people = _those([Role.APPROVER], fund.organization, actor)
    _say(people, f"{fund}预算待批准", fund, reverse("subsidies:fund", args=[fund.pk]))


def tell_own(  # noqa: PLR0913 - whose it was, what became of it, where, why, by whom
    whose: User | None, title: str, about: Model, href: str, body: str = "", *, actor: User
) -> None:
    """Whoever drew something up, what another made of it."""
    if whose is not None and whose != actor and whose.is_active:
        tell([whose], title, subject=subject_of(about), href=href, body=body)


def tell_budget(fund: Fund, *, actor: User, note: str = "") -> None:
    """Whoever handed a budget in, that it is in force, or sent back."""
    is_back = fund.state == Fund.State.OPEN
    title = f"{fund}预算已退回，请重编后再提交" if is_back else f"{fund}预算已批准"
    href = reverse("subsidies:fund", args=[fund.pk])
    tell_own(fund.drawn_up_by, title, fund, href, note, actor=actor)


def tell_closed(fund: Fund, *, actor: User) -> None:
    people = _those([Role.FINANCE, Role.HANDLER, Role.AUDITOR], fund.organization, actor)
    _say(people, f"{fund}已结账", fund, reverse("subsidies:fund", args=[fund.pk]))


def tell_submitted(grant: Grant, *, actor: User) -> None:
    people = _those([Role.HANDLER, Role.APPROVER], grant.academy.supervising_union, actor)
    _say(people, f"“{grant.academy}”申报补助待审核", grant, _page(grant))


def tell_endorsed(grant: Grant, *, actor: User) -> None:
    people = _those([Role.APPROVER], grant.fund.organization, actor)
    _say(people, f"“{grant.academy}”的补助待批复", grant, _page(grant))


def tell_returned(grant: Grant, *, actor: User, note: str) -> None:
    people = _those([Role.ACADEMY_MANAGER], grant.academy.organization, actor)
    title = f"“{grant.academy}”的补助申报：{grant.get_state_display()}"
    _say(people, title, grant, _page(grant), note)


def tell_approved(grant: Grant, *, actor: User) -> None:
    people = _those([Role.ACADEMY_MANAGER], grant.academy.organization, actor)
    _say(people, f"补助已批复{grant.approved:,.2f}元", grant, _page(grant), grant.decision)
    people = _those([Role.FINANCE], grant.fund.organization, actor)
    _say(people, f"“{grant.academy}”的补助待制单", grant, _page(grant))


def tell_items(grant: Grant) -> None:
    """The payer's approvers, who approved the grant as well, of what is to be approved item by item."""
    count = grant.projects.filter(needs_approval=True, decision="").count()
    if count:
        people = User.objects.filter(
            accounts_that_serve([Role.APPROVER], grant.fund.organization.path)
        )
        title = f"“{grant.academy}”的补助有{count}项报批事项待批准"
        _say(people.distinct(), title, grant, _page(grant), "批准前不能列支，请逐项批准。")


def tell_item_approved(project: Project, *, actor: User) -> None:
    grant = project.grant
    people = _those([Role.ACADEMY_MANAGER], grant.academy.organization, actor)
    title = f"报批事项已批准：{project.told}"
    body = f"{project.amount:,.2f}元，{project.decision}；可在此数额内列支。"
    _say(people, title, grant, _page(grant), body)


def tell_recalled(payment: Payment, whose: User | None, *, actor: User, note: str) -> None:
    """Whoever drew an order up, that another took it back."""
    grant = payment.grant
    title = f"“{grant.academy}”第{payment.position}期拨款已退回制单"
    tell_own(whose, title, payment, _page(grant), note, actor=actor)


def tell_ordered(payment: Payment, *, actor: User) -> None:
    people = _those([Role.FINANCE], payment.grant.fund.organization, actor)
    _say(people, f"“{payment.grant.academy}”拨款待复核", payment, _page(payment.grant))


def tell_order_outdated(payment: Payment, *, actor: User) -> None:
    """What was ordered to an account that another has taken the place of."""
    people = _those([Role.FINANCE], payment.grant.fund.organization, actor)
    title = f"“{payment.grant.academy}”收款账户已变更，已制单的第{payment.position}期须退回制单"
    words = "请退回制单（在付款清单中的作废清单），按现在的账户重新制单。"
    _say(people, title, payment, _page(payment.grant), words)


def tell_paid(payment: Payment, *, actor: User) -> None:
    people = _those([Role.ACADEMY_MANAGER], payment.grant.academy.organization, actor)
    title = f"补助第{payment.position}期{payment.amount:,.2f}元已拨付"
    _say(people, title, payment, _page(payment.grant))


def tell_bounced(payment: Payment, *, actor: User, note: str, told: str = "") -> None:
    """The academy; ``told``: what that changes of a year that is settled."""
    grant = payment.grant
    people = _those([Role.ACADEMY_MANAGER], grant.academy.organization, actor)
    if told:
        title = f"{grant.fund}决算审定后，银行退回补助第{payment.position}期{payment.amount:,.2f}元"
        href = reverse("subsidies:settlement", args=[grant.settlement.pk])
        _say(people, title, payment, href, f"{told}。{note}")
        return
    title = f"补助第{payment.position}期被银行退回，请核对收款账户"
    _say(people, title, payment, _page(grant), note)


def tell_settlement(settlement: Settlement, *, actor: User) -> None:
    grant = settlement.grant
    people = _those([Role.APPROVER], grant.fund.organization, actor)
    href = reverse("subsidies:settlement", args=[settlement.pk])
    _say(people, f"“{grant.academy}”{grant.fund}决算待审定", settlement, href)


def tell_overdue(grant: Grant, words: str, *, actor: User) -> None:
    """The academy whose account of a year is late, and the union above it."""
    people = _those([Role.ACADEMY_MANAGER], grant.academy.organization, actor)
    href = reverse("subsidies:settlement-new", args=[grant.pk])
    _say(people, f"{grant.fund}决算逾期未报", grant, href, f"{words}，请尽快编制并报送。")
    people = _those([Role.HANDLER, Role.APPROVER], grant.academy.supervising_union, actor)
    title = f"“{grant.academy}”{grant.fund}决算逾期未报"
    _say(people, title, grant, _page(grant), f"{words}，请督促学院报送。")


def tell_settled(settlement: Settlement, *, actor: User, note: str = "") -> None:
    grant = settlement.grant
    people = _those([Role.ACADEMY_MANAGER], grant.academy.organization, actor)
    href = reverse("subsidies:settlement", args=[settlement.pk])
    title = f"{grant.fund}决算：{settlement.get_state_display()}"
    _say(people, title, settlement, href, note)


def tell_budget_change(change: BudgetChange, *, actor: User) -> None:
    people = _those([Role.APPROVER], change.fund.organization, actor)
    href = reverse("subsidies:budget-change", args=[change.pk])
    _say(people, f"{change.fund}预算调整待批准", change, href, change.reason)


def tell_change_decided(change: BudgetChange, *, actor: User, note: str = "") -> None:
    href = reverse("subsidies:budget-change", args=[change.pk])
    title = f"{change.fund}预算调整：{change.get_state_display()}"
    tell_own(change.drawn_by, title, change, href, note, actor=actor)


def tell_allocation_decided(allocation: Allocation, *, actor: User, note: str = "") -> None:
    href = reverse("subsidies:allocation", args=[allocation.pk])
    title = f"{allocation.fund}分配方案：{allocation.get_state_display()}"
    tell_own(allocation.drawn_by, title, allocation, href, note, actor=actor)


def tell_allocation(allocation: Allocation, *, actor: User) -> None:
    people = _those([Role.APPROVER], allocation.fund.organization, actor)
    href = reverse("subsidies:allocation", args=[allocation.pk])
    _say(people, f"{allocation.fund}分配方案待批准", allocation, href)


def tell_shares(allocation: Allocation, *, actor: User) -> None:
    """Each academy hears of its own share."""
    fund = allocation.fund
    for share in allocation.shares.filter(amount__gt=0).select_related("academy__organization"):
        people = _those([Role.ACADEMY_MANAGER], share.academy.organization, actor)
        href = reverse("subsidies:grant-new", args=[share.academy.code, fund.year])
        _say(people, f"{fund}可申报{share.amount:,.2f}元", share, href)


def tell_account_held(account: PayeeAccount, *, actor: User) -> None:
    people = _those([Role.FINANCE], account.academy.supervising_union, actor)
    href = reverse("subsidies:account", args=[account.pk])
    _say(people, f"“{account.academy}”收款账户待回访确认", account, href)


def tell_account_decided(account: PayeeAccount, *, actor: User, note: str) -> None:
    people = _those([Role.ACADEMY_MANAGER], account.academy.organization, actor)
    href = reverse("subsidies:account", args=[account.pk])
    title = f"{account}：{account.get_state_display()}"
    _say(people, title, account, href, note)
