"""Attacks on people's money: paid without being booked, for a title taken back, by the same hands."""

from organizations.roles import Role
from subsidies.models import Payment, Payout, Transfer
from talents.workflow.honours import doubt_honour
from tests.attacks.attack import APP, OWNER, Attack
from tests.attacks.generated import COLUMNS, copied
from tests.factories.academies import AcademyFactory
from tests.factories.organizations import UserFactory, account
from tests.factories.subsidies import (
    approved_claim,
    award_claim,
    boost_claim,
    drawn_payout,
    fund_of,
    settlement_in,
    signed_payout,
)

STATES = {
    "subsidies_claim": ("subsidies.claim", "claim", "filed", "refused"),
    "subsidies_payout": ("subsidies.payout", "payout", "drawn", "cancelled"),
    "subsidies_settlement": ("subsidies.settlement", "settlement", "submitted", "returned"),
}
CHANGES = {
    "subsidies_claim": {
        "claim_kind_is_known": ("line = 'academy'",),
        "claim_state_is_known": ("state = 'x'",),
        "claim_rests_on_one_ground": ("certificate_id = null", "certificate_id is not null"),
        "claim_gross_is_tax_and_net": ("net = net + 1",),
        "claim_says_what_for": ("title = ''",),
        "claim_account_is_whole": ("bank = ''",),
        "claim_approved_is_reserved_and_says_where_to": ("fund_id = null", "state = 'approved'"),
        "claim_boost_was_looked_into_above": ("is_member = false", "state = 'paid'"),
        "claim_steps_are_taken_by_different_people": ("endorsed_by_id = filed_by_id",),
        "claim_is_called_back_by_another": (
            "called_to = 'x', called_at = now(), account_by_id = filed_by_id, called_by_id = filed_by_id",
        ),
    },
    "subsidies_payout": {
        "payout_line_is_known": ("line = 'x'",),
        "payout_state_is_known": ("state = 'x'", "state = 'drawn'"),
        "payout_is_signed_by_another": ("signed_by_id = drawn_by_id", "state = 'drawn'"),
        "payout_signed_says_by_whom_and_what": ("digest = ''", "state = 'signed'"),
    },
    "subsidies_settlement": {
        "settlement_state_is_known": ("state = 'x'",),
        "settlement_received_is_spent_and_left": ("received = received + 1",),
        "settlement_left_is_carried_or_given_back": ("carried = carried + 1",),
        "settlement_says_what_came_of_it": ("results = ''",),
        "settlement_confirmed_says_by_whom": ("confirmed_by_id = null", "state = 'confirmed'"),
        "settlement_is_confirmed_by_another": (
            "confirmed_by_id = drawn_by_id",
            "state = 'confirmed'",
        ),
    },
    "subsidies_transfer": {
        "transfer_pays_a_claim_or_a_payment": ("claim_id = null", "payment_id is null"),
        "transfer_is_some_money_to_somebody": ("amount = 0",),
        "transfer_answered_was_paid": ("receipt = 'x'", "entry_id is null"),
    },
}


def claimed(city):
    """A claim at every stage: filed twice, approved for a title in doubt, listed, paid."""
    fund = fund_of(city.city, year=2024, source="upper")
    unit = city.east
    boost_claim(unit, city.city)
    doubted = approved_claim(award_claim(unit, city.city), fund)
    handler = account(Role.HANDLER, city.city)
    doubt_honour(doubted.honour_id, actor=handler, note="x")
    drawn_payout(approved_claim(boost_claim(unit, city.city), fund))
    listed = approved_claim(award_claim(unit, city.city), fund)
    drawn_payout(listed)
    doubt_honour(listed.honour_id, actor=handler, note="x")
    signed_payout(approved_claim(boost_claim(unit, city.city), fund))
    academys = Payout.objects.create(fund=fund, line="academy", number="x", drawn_by=UserFactory())
    payment = Payment.objects.filter(state="planned").first()
    goes_to = payment.grant.academy.payee_accounts.get(state="confirmed")
    Transfer.objects.create(
        payout=academys, position=1, payment=payment, payee=goes_to.holder, bank=goes_to.bank,
        account_cipher=goes_to.account_cipher, account_mask=goes_to.account_mask, amount=1,
    )  # fmt: skip
    _settled(city)


def _settled(city):
    """The account of a year that was handed in, and one that was confirmed."""
    for state in ("submitted", "confirmed"):
        settlement_in(state, AcademyFactory(supervising_union=city.city))


def attacks(database):
    yield from _claims(database)
    yield from _settlements(database)
    yield from _payouts(database)


def _copy(database, table, where, **replaced):
    columns = dict(database.execute(COLUMNS, [table]).fetchall())
    return copied(database, table, columns, replaced, where)


def _claims(database):
    first = "claim_begins_at_the_first_state"
    copy = _copy(
        database, "subsidies_claim", "state = 'filed'", id="id + 1000", state="'endorsed'",
        matter="'x'", certificate_number="'x'", trade="'x'",
    )  # fmt: skip
    yield Attack(APP, f"subsidies_claim.{first}", copy, "JX006", first)
    lower = _copy(
        database, "subsidies_claim", "state = 'filed'", id="id + 1000", level="'3'", matter="'x'",
        certificate_number="'y'",
    )  # fmt: skip
    yield Attack(APP, "subsidies_claim.claim_climbs", lower, "JX023", "claim_climbs")
    own = "claim_account_is_its_own"
    shared = (
        "update subsidies_claim set account_digest = 'x'; "
        "update subsidies_claim set state = 'paid' where state = 'listed'"
    )
    yield Attack(APP, f"subsidies_claim.{own}", shared, "JX017", own)
    stands = "subsidies_claim.claim_stands"
    for statement in (
        "update subsidies_claim set gross = gross + 1, net = net + 1 where state = 'paid'",
        "update subsidies_claim set account_cipher = 'x' where state = 'listed'",
        "update subsidies_claim set state = 'paid' where state = 'listed' and kind = 'boost'",
        (
            "update subsidies_claim set state = 'approved', fund_id = (select min(id) from subsidies_fund),"
            " reserve_id = (select min(id) from subsidies_entry) where state = 'filed'"
        ),
    ):
        yield Attack(APP, stands, statement, "JX017", "claim_stands")
    for statement in (
        "update subsidies_claim set state = 'listed' where state = 'approved'",
        "update subsidies_claim set state = 'paid' where state = 'listed' and kind = 'award'",
    ):
        yield Attack(APP, stands, statement, "JX023", "title_not_in_force")


def _settlements(database):
    first, empty = "settlement_begins_at_the_first_state", "settlement_leaves_nothing"
    copy = _copy(
        database, "subsidies_settlement", "state = 'submitted'", id="id + 1000", state="'returned'",
        grant_id="(select min(id) from subsidies_grant where id not in"
        " (select grant_id from subsidies_settlement))",
    )  # fmt: skip
    yield Attack(APP, f"subsidies_settlement.{first}", copy, "JX006", first)
    yield Attack(
        APP, f"subsidies_settlement.{empty}",
        "update subsidies_settlement set state = 'confirmed', confirmed_by_id = (select max(id)"
        " from organizations_user) where state = 'submitted'", "JX017", empty,
    )  # fmt: skip


def _payouts(database):
    first = "payout_begins_at_the_first_state"
    copy = _copy(
        database, "subsidies_payout", "state = 'drawn'", id="id + 1000", state="'cancelled'",
        number="'y'",
    )  # fmt: skip
    yield Attack(APP, f"subsidies_payout.{first}", copy, "JX006", first)
    hands = (
        "(select c.{hand} from subsidies_transfer t join subsidies_claim c on c.id = t.claim_id"
        " where t.payout_id = o.id)"
    )
    others = "payout_takes_other_people"
    for hand in ("filed_by_id", "endorsed_by_id", "approved_by_id"):
        yield Attack(
            APP, f"subsidies_payout.{others}",
            f"update subsidies_payout o set signed_by_id = {hands.format(hand=hand)}"
            " where state = 'drawn'", "JX019", others,
        )  # fmt: skip
    added = "transfer_takes_other_people"
    columns = "payout_id, position, claim_id, payee, bank, account_cipher, account_mask, amount"
    yield Attack(
        APP, f"subsidies_transfer.{added}",
        "insert into subsidies_payout (fund_id, line, number, state, drawn_by_id, digest, drawn_at)"
        " select fund_id, line, 'z', 'drawn', filed_by_id, '', now() from subsidies_claim"
        f" where state = 'paid'; insert into subsidies_transfer ({columns}, receipt, returned)"
        " select (select max(id) from subsidies_payout), 1, id, 'x', 'x', 'x', 'x', net, '', ''"
        " from subsidies_claim where state = 'paid'", "JX019", added,
    )  # fmt: skip
    booked = "transfer_is_what_was_booked"
    for statement in (
        (
            "update subsidies_transfer set entry_id = (select min(id) from subsidies_entry)"
            " where entry_id is null"
        ),
        "update subsidies_transfer set entry_id = null where entry_id is not null",
    ):
        yield Attack(APP, f"subsidies_transfer.{booked}", statement, "JX017", booked)
    answers = "subsidies_transfer.transfer_answer_takes_another"
    answered = (
        "update subsidies_transfer set receipt = 'a', answered_by_id = (select min(id) from"
        " organizations_user) where entry_id is not null; update subsidies_transfer set {} where entry_id is not null"
    )
    by = "answered_by_id = (select {}(id) from organizations_user)"
    for change, says in (
        ("returned = 'x'", "answer_takes_another"),
        (f"receipt = '', {by.format('min')}", "answer_takes_another"),
        ("receipt = '', answered_by_id = null", "answer_takes_another"),
        (f"receipt = 'b', {by.format('max')}", "receipt_is_not_overwritten"),
    ):
        yield Attack(APP, answers, answered.format(change), "JX017", says)
    back = "update subsidies_transfer set returned = '{}' where entry_id is not null; "
    yield Attack(OWNER, answers, back.format("x") + back.format(""), "JX017", "transfer_came_back")
