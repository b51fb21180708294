"""Proving the ledger: chains, debit against credit, balances, and what each entry stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from subsidies.models import Entry, Payout
from subsidies.permissions.claims import SIGN_PAYOUT
from subsidies.rules.bank_files import bank_file, digest_of
from subsidies.rules.chain import entry_sql
from workflow.models import Record
from workflow.records import anchors, chains, subject_of, verification
from workflow.storage import vault

if TYPE_CHECKING:
    from collections.abc import Iterator

LEDGER = chains.Chained("subsidies_entry", entry_sql, "凭证")
PREFIX = "ledger:"


@dataclass(frozen=True, slots=True)
class Broken:
    """One row that does not hold: what it is called (a key of ``PROOFS``), its number, why."""

    what: str
    number: int | str
    problem: str

    def __str__(self) -> str:
        return f"{self.what} {self.number}：{self.problem}"


#: What a signed list is called here; it is named by its number, or its key where it is gone.
LISTS = "付款清单"
#: Each gives the number of what does not hold, and why; one statement over the whole ledger.
PROOFS = {
    "凭证": """
        select e.id, '分录与凭证不符，借贷不平' from subsidies_entry e
        left join lateral (
          select count(*) as sides, sum(s.amount) as total,
            bool_and(s.amount = case s.account_id when e.giver_id then -e.amount
              when e.taker_id then e.amount end and s.at = e.at) as same
          from subsidies_posting s where s.entry_id = e.id
        ) p on true
        where p.sides <> 2 or p.total <> 0 or p.same is distinct from true
    """,
    "凭证账户": """
        select e.id, '账户与业务或所在的链不符' from subsidies_entry e
        left join subsidies_account g on g.id = e.giver_id
        left join subsidies_account t on t.id = e.taker_id
        left join subsidies_entry r on r.id = e.reverses_id
        where g.kind || '>' || t.kind is distinct from (case
            when e.kind <> 'red' and g.kind || t.kind || e.kind = 'sourceheldopening' then 'source>held'
            when e.kind <> 'red' then subsidies_flow(e.kind)
            when (r.giver_id, r.taker_id, r.amount) = (e.taker_id, e.giver_id, e.amount)
              then g.kind || '>' || t.kind end)
          or e.academy_id is distinct from coalesce(g.academy_id, t.academy_id)
          or e.chain <> coalesce('ledger:academy:' || e.academy_id, 'ledger:fund:' || g.fund_id)
    """,
    "分录": """
        select entry_id, '余额与前一笔衔接不上' from (
          select entry_id, balance, amount,
            lag(balance, 1, 0) over (partition by account_id order by at) as before
          from subsidies_posting
        ) p where balance <> before + amount
    """,
    "账户": """
        select a.id, '余额与分录合计不符' from subsidies_account a
        left join (
          select account_id, sum(amount) as total, max(at) as last from subsidies_posting group by 1
        ) p on p.account_id = a.id
        where a.balance <> coalesce(p.total, 0) or a.moved_at is distinct from p.last
          or (a.kind <> 'source' and a.balance < 0)
    """,
    "支出凭证": """
        select e.id, '没有与之相符的支出登记' from subsidies_entry e
        where e.kind = 'spend' and not exists (
          select from subsidies_expense x join subsidies_account a on a.id = e.giver_id
          where x.entry_id = e.id and x.amount = e.amount and x.spent_on = e.booked_on
            and e.evidence = subsidies_evidence(x.use, x.payee, x.invoice_code, x.invoice_number,
              x.voucher, x.project, x.summary)
            and x.fund_id = a.fund_id and x.academy_id = a.academy_id
        )
    """,
    "支出": """
        select x.id, '冲销标记与红字凭证不符' from subsidies_expense x
        left join subsidies_entry r on r.reverses_id = x.entry_id
        where r.id is distinct from x.red_id
    """,
    "拨款凭证": """
        select e.id, '没有对应的拨款' from subsidies_entry e
        where e.kind in ('pay', 'opening', 'receive')
          and not exists (select from subsidies_payment p where p.entry_id = e.id)
    """,
    "拨款": """
        select p.id, '拨款与记账凭证不符' from subsidies_payment p
        left join subsidies_entry e on e.id = p.entry_id
        where (p.entry_id is null) <> (p.state in ('planned', 'ordered', 'dropped')) or e.amount <> p.amount
    """,
    "付款凭证": """
        select e.id, '没有对应的付款明细' from subsidies_entry e
        where e.kind = 'disburse'
          and not exists (select from subsidies_transfer t where t.entry_id = e.id)
    """,
    "付款明细": """
        select t.id, '付款明细与申领（拨款）、记账凭证不符' from subsidies_transfer t
        left join subsidies_entry e on e.id = t.entry_id
        left join subsidies_claim c on c.id = t.claim_id
        left join subsidies_payment p on p.id = t.payment_id
        where t.entry_id is not null and not coalesce(case when t.claim_id is null
          then (e.id, t.amount) = (p.entry_id, p.amount)
          else e.kind = 'disburse' and c.id is not null
            and (t.returned <> '') = exists (select from subsidies_entry r where r.reverses_id = e.id)
            and (t.returned <> '' or (e.amount, t.amount) = (c.gross, c.net)) end, false)
    """,
    "申领": """
        select c.id, '申领与预占凭证不符' from subsidies_claim c
        left join subsidies_entry e on e.id = c.reserve_id
        where (c.reserve_id is not null or c.state in ('approved', 'listed', 'paid'))
          and (e.kind, e.amount) is distinct from ('reserve', c.gross)
    """,
}


def breaks() -> Iterator[Broken]:
    """Whatever of the ledger does not hold, besides its chains, which are proved with the others."""
    with connection.cursor() as cursor:
        for what, statement in PROOFS.items():
            cursor.execute(statement)
            yield from (Broken(what, pk, problem) for pk, problem in cursor.fetchall())
    yield from _altered_lists()


def _altered_lists() -> Iterator[Broken]:
    """Signed lists whose file for the bank is no longer the one that was signed: payee, account, sum."""
    prefix = Payout._meta.label_lower
    signed = Record.objects.filter(subject__startswith=f"{prefix}:", code=SIGN_PAYOUT.name)
    recorded = {row.subject: row.after.get("digest") for row in signed.order_by("pk")}
    for payout in Payout.objects.exclude(digest="").order_by("pk"):
        said = recorded.pop(subject_of(payout), None)
        if not said == payout.digest == _digest_now(payout):
            yield Broken(LISTS, payout.number, "收款人、账号或金额与复核时的摘要值不符")
    for subject in recorded:
        gone = "留痕记录载有复核，但清单已不存在或摘要值被清空"
        yield Broken(LISTS, subject.rpartition(":")[2], gone)


def _digest_now(payout: Payout) -> str | None:
    """The digest of the file as the transfers give it now; None where an account cannot be read."""
    try:
        return digest_of(bank_file(payout))
    except vault.VaultError:
        return None


def every_break() -> Iterator[Broken | chains.Break]:
    """The same with the chains of the ledger, their heads and their anchors."""
    yield from chains.breaks(LEDGER)
    for broken in (*chains.broken_heads(), *anchors.breaks()):
        if broken.chain.startswith(PREFIX) or broken.place == anchors.PLACE:
            yield broken
    yield from breaks()


chains.register(LEDGER)
verification.register(verification.Check("资金台账", breaks, Entry.objects.count))
