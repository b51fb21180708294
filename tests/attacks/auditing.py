"""Audits as the product leaves them, and attacks on what keeps them: after the report, after the review."""

from academies.models import Rectification
from audits.models import Finding
from audits.services.withdrawing import doubt, withdraw
from organizations.models import User
from organizations.roles import Role
from tests.attacks.attack import APP, OWNER, RECORD, Attack
from tests.factories.audits import audited, concluded, finding_of, paper_of, sample_of
from tests.factories.organizations import UserFactory, account
from tests.factories.workflow import moved

STATES = {
    "audits_engagement": ("audits.engagement", "engagement", "open", "reported"),
    "audits_paper": ("audits.paper", "paper", "planned", "done"),
    "audits_finding": ("audits.finding", "finding", "draft", "issued"),
}
SOMEBODY = "(select min(id) from organizations_user)"
SPARE = "(select id from academies_rectification where origin = 'spare')"
ALONG = {
    ("audits_engagement", "reported"): (
        f", conclusion = 'x', reported_at = now(), reported_by_id = {SOMEBODY}"
    ),
    ("audits_paper", "done"): (f", seen = 'x', prepared_at = now(), prepared_by_id = {SOMEBODY}"),
    ("audits_finding", "issued"): (f", rectification_id = {SPARE}, issued_by_id = {SOMEBODY}"),
}
#: Rows that copies and changes are made of, and triggers that would refuse first.
ROWS = {
    "audits_engagement": "state = 'open'",
    "audits_sample": "engagement_id = (select max(engagement_id) from audits_sample)",
    "audits_paper": "state = 'planned'",
    "audits_finding": "state = 'draft'",
}
DISARMED = {
    "audits_paper": ("paper_is_of_an_open_audit", "paper_stays_as_reviewed"),
    "audits_finding": ("finding_is_of_an_open_audit", "finding_keeps_its_thread"),
}
OTHER = "(select max({c}) + 1000 from audits_finding)"
SHAPED = {
    key: f"case when {key} is not null then {OTHER.format(c=key)} end"
    for key in ("rectification_id", "returned_id")
}
DANGLING = {
    ("audits_finding", "rectification_id"): ("rectification_id = -1", "state = 'issued'"),
    ("academies_rectification", "academy_id"): (
        "academy_id = -1",
        "state = 'demanded' and academy_id is not null",
    ),
}
CHANGES = {
    "audits_engagement": {
        "engagement_has_number_and_title": ("title = ''",),
        "engagement_reported_says_what_and_by_whom": ("conclusion = ''", "state = 'reported'"),
        "engagement_closed_says_by_whom": ("closed_by_id = null", "state = 'closed'"),
        "engagement_is_closed_by_another": ("closed_by_id = reported_by_id", "state = 'closed'"),
    },
    "audits_sample": {
        "sample_method_is_known": ("method = 'x'",),
        "sample_is_drawn_from_something_by_a_seed": ("seed = ''",),
        "sample_digest_shape": ("digest = 'x'",),
        "sample_keeps_what_it_was_drawn_from": ("numbers = '{1}', population = 2",),
    },
    "audits_paper": {
        "paper_marks_are_known": ("marks = '{x}'",),
        "paper_done_says_what_was_seen": ("seen = ''", "state = 'done'"),
        "paper_reviewed_says_by_whom": ("reviewed_by_id = null", "state = 'reviewed'"),
        "paper_is_reviewed_by_another": ("reviewed_by_id = prepared_by_id", "state = 'reviewed'"),
    },
    "audits_finding": {
        "finding_kind_is_known": ("kind = 'x'",),
        "finding_says_what_why_and_what_next": ("basis = ''",),
        "finding_refunds_no_more_than_it_is_about": ("refund = amount + 1",),
        "finding_issued_demands_rectification": ("issued_by_id = null", "state = 'issued'"),
        "finding_closed_says_by_whom": ("closed_by_id = null", "state = 'closed'"),
        "finding_is_withdrawn_by_two": ("closed_by_id = doubted_by_id", "state = 'withdrawn'"),
        "finding_is_closed_by_another": ("closed_by_id = found_by_id", "state = 'closed'"),
    },
}


def examined(city):
    """An audit under way with a paper and a finding at every step; one reported, one filed away."""
    closed = concluded(audited(city.evaluated, expenses=1))
    type(closed).objects.filter(pk=closed.pk).update(closed_by=UserFactory())
    moved(type(closed).objects.filter(pk=closed.pk), "closed")
    concluded(audited(expenses=1))
    owed = audited(expenses=1)
    finding_of(owed, owed.fund.expenses.get(), state="proved", refund=2)
    wrong = audited(expenses=1)
    finding = finding_of(wrong, wrong.fund.expenses.get(), state="issued")
    one, other = (account(Role.AUDITOR, wrong.organization) for _ in range(2))
    doubt(finding.pk, actor=one, note="认定有误")
    withdraw(finding.pk, actor=other, note="认定有误")
    gone = audited(expenses=1)
    expense = gone.fund.expenses.get()
    finding_of(gone, expense, state="returned", refund=expense.amount)
    audit = audited(expenses=9)
    sample_of(audit, size=1)
    of = iter(audit.fund.expenses.exclude(papers__engagement=audit).order_by("pk"))
    for state in ("reviewed", "done", "planned"):
        paper_of(audit, next(of), state=state)
    for state, refund in (("issued", 0), ("returned", 1), ("closed", 1), ("draft", 0)):
        finding_of(audit, next(of), state=state, refund=refund)
    Rectification.objects.create(
        academy=Finding.objects.latest("pk").academy, origin="spare", number=1, problem="x",
        due_on="2026-12-31", demanded_by=User.objects.system(),
    )  # fmt: skip


def attacks(database):
    yield from _first_states()
    yield from _after_the_report()
    yield from _papers()
    yield from _threads()
    yield from _money()
    yield from _disallowed()


def _first_states():
    """Nothing begins in the middle of its way."""
    first = "begins_at_the_first_state"
    for table, name, names, values in (
        ("audits_engagement", "engagement",
         ("organization_id, fund_id, number, title, scope, state, led_by_id, opened_at, conclusion,"
         " reported_by_id, reported_at"),
         ("organization_id, fund_id, 'new', title, scope, 'reported', led_by_id, now(), conclusion,"
         " reported_by_id, now() from audits_engagement where state = 'reported'")),
        ("audits_paper", "paper",
         "engagement_id, expense_id, state, marks, seen, opinion, prepared_by_id, prepared_at",
         ("g.id, e.id, 'done', '{}', 'x', '', g.led_by_id, now() from audits_engagement g"
         " join subsidies_expense e on e.fund_id = g.fund_id left join audits_paper p"
         " on p.expense_id = e.id where g.state = 'open' and p.id is null limit 1")),
        ("audits_finding", "finding",
         ("engagement_id, number, academy_id, kind, fact, basis, advice, amount, refund, due_on, state,"
         " found_by_id, issued_by_id, doubt, rectification_id"),
         ("engagement_id, 99, academy_id, kind, fact, basis, advice, amount, 0, due_on, 'issued',"
         f" found_by_id, found_by_id, '', {SPARE} from audits_finding where state = 'draft'")),
        ("academies_rectification", "rectification",
         ("evaluation_id, origin, number, problem, due_on, state, owner, measure, proof, finding,"
         " demanded_by_id, demanded_at, proved_by_id, proved_at"),
         ("evaluation_id, origin, 99, problem, due_on, state, owner, measure, proof, finding,"
         " demanded_by_id, demanded_at, proved_by_id, proved_at from academies_rectification"
         " where state = 'proved' and evaluation_id is not null")),
    ):  # fmt: skip
        trigger = f"{name}_{first}"
        statement = f"insert into {table} ({names}) select {values}"
        yield Attack(APP, f"{table}.{trigger}", statement, "JX006", trigger)


def _after_the_report():
    """Nothing is drawn, written or found in an audit that is reported; nothing of another fund."""
    done = "(select min(id) from audits_engagement where state = 'reported')"
    for table, name, statement in (
        ("audits_sample", "sample",
         ("insert into audits_sample (engagement_id, method, size, seed, numbers, as_of, population, total, digest,"
         f" drawn_by_id, drawn_at) select {done}, method, size, seed, numbers, as_of, population, total, digest,"
         " drawn_by_id, now() from audits_sample limit 1")),
        ("audits_paper", "paper",
         ("insert into audits_paper (engagement_id, expense_id, state, marks, seen, opinion) select"
         " g.id, e.id, 'planned', '{}', '', '' from audits_engagement g join subsidies_expense e"
         f" on e.fund_id = g.fund_id where g.id = {done}")),
        ("audits_paper", "paper",
         ("insert into audits_paper (engagement_id, expense_id, state, marks, seen, opinion) select"
         " g.id, e.id, 'planned', '{}', '', '' from audits_engagement g join subsidies_expense e"
         " on e.fund_id <> g.fund_id where g.state = 'open' limit 1")),
        ("audits_finding", "finding",
         ("insert into audits_finding (engagement_id, number, academy_id, kind, fact, basis, advice,"
         f" amount, refund, due_on, state, doubt, found_by_id) select {done}, 99, academy_id, kind, fact, basis,"
         " advice, amount, refund, due_on, 'draft', '', found_by_id from audits_finding limit 1")),
    ):  # fmt: skip
        trigger = f"{name}_is_of_an_open_audit"
        yield Attack(APP, f"{table}.{trigger}", statement, "JX023", trigger)


def _papers():
    stays = "paper_stays_as_reviewed"
    for statement in (
        "update audits_paper set seen = 'y' where state = 'reviewed'",
        "update audits_paper set marks = '{use}' where state = 'reviewed'",
        (
            "update audits_paper set expense_id = (select max(id) from subsidies_expense)"
            " where state = 'planned'"
        ),
    ):
        yield Attack(APP, f"audits_paper.{stays}", statement, "JX023", stays)


def _threads():
    keeps = "finding_keeps_its_thread"
    for statement in (
        "update audits_finding set fact = 'y' where state = 'issued'",
        "update audits_finding set refund = 0 where state = 'issued' and refund > 0",
        f"update audits_finding set rectification_id = {SPARE} where state = 'issued'",
        (
            "update audits_finding set rectification_id = (select id from academies_rectification"
            " where evaluation_id is not null limit 1) where state = 'draft'"
        ),
        "update audits_finding set returned_id = null where returned_id is not null",
        (
            "update audits_finding set returned_id = (select min(id) from subsidies_entry)"
            " where returned_id is null and state = 'issued'"
        ),
        (
            "update audits_finding set state = 'closed', closed_by_id = (select max(id) from"
            " organizations_user) where state = 'issued'"
        ),
    ):
        yield Attack(APP, f"audits_finding.{keeps}", statement, "JX023", keeps)


def _money():
    """Found by no audit, yet taken back as found; struck off or settled before the refund is booked."""
    for role in (APP, OWNER):
        yield Attack(
            role, "subsidies_entry.entry_of_a_finding_is_found",
            "select subsidies_post('attack', 'red', taker_id, giver_id, amount, made_by_id, null,"
            " current_date, '', id, 'finding') from subsidies_entry e where kind = 'spend' and not exists"
            " (select from subsidies_expense x join audits_paper p on p.expense_id = x.id where x.entry_id = e.id)"
            " and not exists (select from subsidies_entry where reverses_id = e.id)"
            " and exists (select from subsidies_account a join subsidies_settlement s on true"
            " join subsidies_grant g on g.id = s.grant_id and g.fund_id = a.fund_id where a.id = e.giver_id)",
            "JX023", "expense_is_not_found",
        )  # fmt: skip
    owed = (
        "from audits_finding f where f.state = 'issued' and f.refund > 0 and f.returned_id is null"
    )
    yield Attack(
        APP, "subsidies_entry.entry_waits_for_the_refund",
        "select subsidies_post('attack', 'red', e.taker_id, e.giver_id, e.amount, e.made_by_id, null,"
        " current_date, '', e.id, 'mistyped') from subsidies_entry e join subsidies_expense x on"
        f" x.entry_id = e.id join audits_paper p on p.expense_id = x.id where p.finding_id = (select f.id {owed})",
        "JX023", "refund_takes_it_back",
    )  # fmt: skip
    item = f"(select f.rectification_id {owed})"
    yield Attack(
        APP, "academies_rectification.rectification_waits_for_the_refund",
        RECORD.format(
            subject=f"academies.rectification:' || {item} || '", source="proved", target="closed"
        )
        + "; update academies_rectification set state = 'closed', finding = 'x', checked_at = now(),"
        f" checked_by_id = (select max(id) from organizations_user) where id = {item}",
        "JX023", "refund_outstanding",
    )  # fmt: skip
    grant = (
        "(select g.id from subsidies_grant g join audits_engagement e on e.fund_id = g.fund_id"
        f" where (g.academy_id, e.id) = (select f.academy_id, f.engagement_id {owed}))"
    )
    drawn = "(select min(id) from subsidies_settlement where state = 'submitted')"
    yield Attack(
        OWNER, "subsidies_settlement.settlement_waits_for_refunds",
        "alter table subsidies_settlement disable trigger settlement_leaves_nothing;"
        f" update subsidies_settlement set grant_id = {grant} where id = {drawn}; "
        + RECORD.format(
            subject=f"subsidies.settlement:' || {drawn} || '", source="submitted", target="confirmed"
        )
        + "; update subsidies_settlement set state = 'confirmed',"
        f" confirmed_by_id = (select max(id) from organizations_user) where id = {drawn}",
        "JX023", "refund_outstanding",
    )  # fmt: skip


def _disallowed():
    """What an audit took off the books, brought in again."""
    columns = (
        "academy_id, fund_id, spent_on, project, use, use_title, summary, payee, invoice_code,"
        " invoice_number, amount, voucher"
    )
    told = ", ".join(f"d.{column}" for column in columns.split(", "))
    yield Attack(
        APP, "subsidies_expense.expense_is_not_disallowed",
        f"insert into subsidies_expense ({columns}, entry_id) select {told}, subsidies_post('attack',"
        " 'spend', e.giver_id, e.taker_id, d.amount, e.made_by_id, null, e.booked_on, e.note, null, '',"
        " e.evidence) from subsidies_expense d join subsidies_entry e on e.id = d.entry_id"
        " where subsidies_is_disallowed(d) and not exists (select from subsidies_expense x"
        " where x.invoice_key = d.invoice_key and x.red_id is null) limit 1",
        "JX023", "disallowed_by_audit",
    )  # fmt: skip
