"""Red flags (疑点) in what was spent: for auditors and unions to look at, never a punishment by itself.

Each is one statement over everything within reach; a row says which expenses, how much, and which
line was crossed. The lines are parameters of the policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from subsidies.models.prints import METHOD
from subsidies.rules.eligibility import is_loaded, policy_on

if TYPE_CHECKING:
    from collections.abc import Collection
    from decimal import Decimal

#: Parameter of the policy → what is taken where it says nothing.
LINES = {
    "split_limit_yuan": 50_000,
    "split_window_days": 30,
    "year_end_percent": 40,
    "round_sum_yuan": 10_000,
    # of the bits of a print; scans of other sheets on the same form differ in more than the first
    "same_image_bits": 24,
    "alike_image_bits": 64,
}
#: Expenses that stand, within reach; statements name it ``<standing>``.
STANDING = "from subsidies_expense x where x.red_id is null and x.academy_id = any(%(academies)s)"


@dataclass(frozen=True, slots=True)
class Flag:
    """One kind of suspicion: ``rule`` says the line, the statement who crossed it."""

    code: str
    title: str
    rule: str
    statement: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a line was crossed: whose (None: of people), which expenses, how much, in words."""

    academy_id: int | None
    expenses: list[int]
    amount: Decimal
    words: str
    accounts: tuple[int, ...] = ()  # of the academy, where an account is what is odd
    claims: tuple[int, ...] = ()  # of people, where they are what is odd


FLAGS = (
    Flag(
        "near-duplicate",
        "疑似重复报销",
        "同一收款单位、同一金额、7日之内的不同发票，或同额发票号码只是数字换位",
        """
        select min(a.academy_id), array[a.id, b.id], a.amount, '与另一笔支出收款单位、金额相同，'
          || '日期相差' || abs(a.spent_on - b.spent_on) || '日'
        from (select * <standing>) a
        join (select * <standing>) b on b.amount = a.amount and b.id > a.id and (
          (b.payee = a.payee and abs(b.spent_on - a.spent_on) <= 7)
          or (length(b.invoice_key) = length(a.invoice_key)
            and translate(b.invoice_key, '0123456789', '') = translate(a.invoice_key, '0123456789', '')
            and (select string_agg(c, '' order by c) from regexp_split_to_table(b.invoice_key, '') c)
              = (select string_agg(c, '' order by c) from regexp_split_to_table(a.invoice_key, '') c)))
        group by a.id, b.id, a.amount, a.spent_on, b.spent_on
        """,
    ),
    Flag(
        "split",
        "疑似化整为零",
        "同一学院向同一收款单位（名称相同或统一社会信用代码相同）连续付款，单笔都不到限额，期间合计超过限额",
        """
        select academy_id, ids, total, '向“' || (select string_agg(distinct p, '”“') from unnest(payees) p)
          || '”在' || %(split_window_days)s::int || '日内付款'
          || cardinality(ids) || '笔，单笔均不到' || to_char(%(split_limit_yuan)s::int, 'FM999,999,999') || '元，合计'
          || to_char(total, 'FM999,999,999,990.00') || '元'
        from (
          select x.academy_id, x.spent_on, array_agg(x.payee) over w as payees,
            array_agg(x.id) over w as ids, sum(x.amount) over w as total, count(*) over w as times,
            lead(x.spent_on) over (partition by x.academy_id, x.whose order by x.spent_on) as later
          from (
            select x.*, coalesce(o.uscc, x.folded) as whose
            from (
              select x.*, translate(x.payee, '（）　 ', '()') as folded
              <standing> and x.amount < %(split_limit_yuan)s::int
            ) x
            left join (
              select translate(name, '（）　 ', '()') as folded, min(uscc) as uscc
              from organizations_organization where uscc <> '' group by 1
            ) o on o.folded = x.folded
          ) x
          window w as (partition by x.academy_id, x.whose order by x.spent_on
            range between make_interval(days => %(split_window_days)s::int) preceding and current row)
        ) s
        where times > 1 and total >= %(split_limit_yuan)s::int
          and (later is null or later > spent_on + %(split_window_days)s::int)
        """,
    ),
    Flag(
        "year-end",
        "年底突击花钱",
        "12月支出占全年支出的比例超过限度",
        """
        select academy_id, array_agg(id) filter (where extract(month from spent_on) = 12),
          sum(amount) filter (where extract(month from spent_on) = 12),
          extract(year from min(spent_on)) || '年12月支出占全年'
          || round(100 * sum(amount) filter (where extract(month from spent_on) = 12) / sum(amount))
          || '%%，超过' || %(year_end_percent)s::int || '%%'
        from (select x.* <standing>) x group by academy_id, fund_id
        having 100 * sum(amount) filter (where extract(month from spent_on) = 12)
          > %(year_end_percent)s::int * sum(amount)
        """,
    ),
    Flag(
        "round-sum",
        "大额整数支出",
        "金额是整万元的单笔支出",
        """
        select academy_id, array[id], amount, to_char(amount, 'FM999,999,999,990') || '元，整'
          || to_char(%(round_sum_yuan)s::int, 'FM999,999,999') || '元的倍数'
        <standing> and amount %% %(round_sum_yuan)s::int = 0
        """,
    ),
    Flag(
        "reinvoiced",
        "冲销后又报销",
        "发票作废、红冲或者审计认定冲销之后，同一发票再次列支",
        """
        select x.academy_id, array[w.id, x.id], x.amount,
          '凭证' || case when w.academy_id = any(%(academies)s) then '“' || w.voucher || '”'
            else '（其他学院，不在您的范围内）' end || case r.reason when 'invoice' then '因发票作废或红冲'
            else '因审计认定' end || '已冲销，同一发票又以“' || x.voucher || '”列支'
        from subsidies_expense w
        join subsidies_entry r on r.id = w.red_id and r.reason in ('invoice', 'finding')
        join (select * <standing>) x on x.invoice_key = w.invoice_key
        where not exists (
          select from subsidies_entry e where e.id = x.entry_id and e.key = 'rest:' || r.id
        )
        """,
    ),
    Flag(
        "same-image",
        "同一图像用于两笔支出",
        "合同、签到、照片等的图像特征几乎相同，或发票、凭证金额相同而图像相近，可能是同一份原件重新扫描、另存后再次使用",
        """
        with seen as (
          select p.id as print_id, x.id, x.amount, p.bits, e.kind in ('invoice', 'electronic', 'voucher') as is_form
          from (select * <standing>) x
          join subsidies_evidence e on e.expense_id = x.id
          join subsidies_evidenceprint p on p.evidence_id = e.id and p.bits is not null
            and p.method = %(print_method)s
        ), alike as (
          -- of who differs in a few bits of 1,024, some 64 in a row are the same (decision 0021)
          select array_agg(print_id) as prints from seen, generate_series(0, 30) part
          group by part, substring(bits from 1 + 32 * part for 64)::bit(64)::bigint
          having count(*) > 1 and not bool_and(is_form)
        ), near as (
          select distinct a, b from alike, unnest(prints) a, unnest(prints) b where b > a
        ), pairs as (
          select least(a.id, b.id) as first, greatest(a.id, b.id) as second, bit_count(a.bits # b.bits) as apart
          from near join seen a on a.print_id = near.a join seen b on b.print_id = near.b
          where a.id <> b.id and bit_count(a.bits # b.bits) <= %(same_image_bits)s::int
            -- forms filled in otherwise may look as much alike as one saved anew
            and not (a.is_form and b.is_form)
          union
          select a.id, b.id, bit_count(a.bits # b.bits)
          from seen a join seen b on b.amount = a.amount and b.id > a.id
          where bit_count(a.bits # b.bits) <= %(alike_image_bits)s::int
        )
        select two.academy_id, array[one.id, two.id], two.amount, '与凭证“' || one.voucher || '”的扫描件'
          || case when apart <= %(same_image_bits)s::int then '图像相同' else '图像相近、金额相同' end
          || '，一千零二十四处特征中不同的有' || apart || '处'
        from (select first, second, min(apart) as apart from pairs group by 1, 2) p
        join subsidies_expense one on one.id = p.first join subsidies_expense two on two.id = p.second
        """,
    ),
    Flag(
        "shared-account",
        "不同学院、个人共用收款账户",
        "学院的收款账号与不同举办单位的另一家学院，或与职工个人申领的收款账号相同",
        """
        with used as (
          select a.academy_id, a.account_digest, array_agg(a.id) as accounts, min(c.host_id) as host_id, min(c.name) as name
          from subsidies_payeeaccount a join academies_academy c on c.id = a.academy_id
          where a.account_digest is not null and a.state <> 'refused'
          group by a.academy_id, a.account_digest
        ), shared as (
          select u.academy_id, u.account_digest, u.accounts,
            '与' || string_agg(distinct case when o.academy_id = any(%(academies)s) then '“' || o.name || '”'
              else '其他学院（不在您的范围内）' end, '、') as whose
          from used u join used o on o.account_digest = u.account_digest and o.academy_id <> u.academy_id
            and (o.host_id is null or u.host_id is null or o.host_id <> u.host_id)
          group by 1, 2, 3
          union all
          select u.academy_id, u.account_digest, u.accounts,
            '与' || count(distinct k.person_id) || '名职工个人申领的'
          from used u join subsidies_claim k on k.account_digest = u.account_digest
          group by 1, 2, 3
        )
        select s.academy_id, '{}'::bigint[], coalesce((
            select sum(balance) from subsidies_account g
            where g.academy_id = s.academy_id and g.kind in ('held', 'spent')
          ), 0), '收款账号' || string_agg(s.whose, '，') || '收款账号相同', min(s.accounts)
        from shared s where s.academy_id = any(%(academies)s) group by s.academy_id, s.account_digest
        """,
    ),
    Flag(
        "people-share-account",
        "多人共用收款账户",
        "两名以上职工的个人申领填了同一个收款账号（工作室助推付给单位的不计）",
        """
        select null::bigint, '{}'::bigint[], sum(c.gross), count(distinct c.person_id) || '名职工（'
          || string_agg(distinct p.name, '、') || '）的申领填了同一收款账号' || min(c.account_mask)
          || case when bool_and(c.called_by_id is not null) then '，都已回访本人确认'
            else '，有的还没有回访本人' end,
          '{}'::bigint[], array_agg(c.id order by c.id)
        from subsidies_claim c join talents_person p on p.id = c.person_id
        where c.id = any(%(claims)s) and c.state <> 'refused'
        group by c.account_digest having count(distinct c.person_id) > 1
        """,
    ),
    Flag(
        "revival",
        "终止后改名再报",
        "与已终止补助的学院同一举办单位、同一统一社会信用代码或同一收款账号的学院仍在列支",
        """
        with ended as materialized (
          select e.id, e.name, e.host_id from academies_academy e
          where academies_payment_bar(e.id) = 'subsidy-ended'
        ), again as (
          select e.id as ended, e.name, c.id, '举办单位' as what
          from ended e
          join organizations_organization h on h.id = e.host_id
          join organizations_organization o on o.id = h.id or (o.uscc <> '' and o.uscc = h.uscc)
          join academies_academy c on c.host_id = o.id and c.id <> e.id
          union
          select e.id, e.name, b.academy_id, '收款账号'
          from ended e
          join subsidies_payeeaccount a on a.academy_id = e.id and a.account_digest is not null
          join subsidies_payeeaccount b on b.account_digest = a.account_digest and b.academy_id <> e.id
            and b.state <> 'refused'
        )
        select x.academy_id, array_agg(x.id), sum(x.amount), r.words
        from (
          select id, string_agg(same || whose || '相同', '；' order by whose) as words
          from (
            select a.id, string_agg(distinct a.what, '、') as same,
              '与已终止补助的' || case when a.ended = any(%(academies)s) then '“' || a.name || '”'
                else '其他学院（不在您的范围内）' end as whose
            from again a group by 1, 3
          ) a group by id
        ) r
        join (select * <standing>) x on x.academy_id = r.id
        group by x.academy_id, r.words
        """,
    ),
)  # fmt: skip


def lines_today() -> dict[str, int]:
    """The lines as the policy of today draws them."""
    policy = policy_on(timezone.localdate()) if is_loaded() else None
    drawn = {code: policy.parameter(code) if policy else None for code in LINES}
    return {
        code: int(found.number) if found and found.number is not None else LINES[code]
        for code, found in drawn.items()
    }


def hits(flag: Flag, academies: Collection[int], claims: Collection[int] = ()) -> list[Hit]:
    """Every place where ``flag`` is raised among these academies and claims, the largest sum first."""
    values: dict[str, Any] = {"academies": list(academies), "claims": list(claims)}
    values |= {"print_method": METHOD, **lines_today()}
    with connection.cursor() as cursor:
        cursor.execute(flag.statement.replace("<standing>", STANDING), values)
        found = [Hit(*row) for row in cursor.fetchall()]
    return sorted(found, key=lambda hit: -hit.amount)
