"""Nominations on their way as the product leaves them, and attacks on what keeps notices and opinions."""

from datetime import date

from organizations.models import User
from talents.models import Clearance, Nomination, Shortcoming, UnitNotice
from talents.workflow.endorsing import answer_clearance, endorse
from tests.attacks.attack import APP, Attack
from tests.factories.endorsing import asked_of, levelled_round, notice_clear, notice_up, paper_of
from tests.factories.talents import NominationFactory
from tests.factories.workflow import moved

SOMEBODY = "(select min(id) from organizations_user)"
STATES = {
    "talents_unitnotice": ("talents.unitnotice", "unit_notice", "up", "disputed"),
    "talents_clearance": ("talents.clearance", "clearance", "asked", "clear"),
    "talents_endorsement": ("talents.endorsement", "endorsement", "asked", "given"),
}
ALONG = {
    ("talents_unitnotice", "disputed"): (
        f", finding = 'x', closed_on = current_date, closed_by_id = {SOMEBODY}"
    ),
    ("talents_clearance", "clear"): (
        f", reply = 'x', answered_on = current_date, answered_by_id = {SOMEBODY}"
    ),
    ("talents_endorsement", "given"): (
        ", opinion = 'x', decided_on = current_date,"
        " decided_by_id = (select max(id) from organizations_user)"
    ),
}
ROWS = {
    "talents_unitnotice": "state = 'up'",
    "talents_clearance": "state = 'asked'",
    "talents_endorsement": "state = 'asked'",
}
DANGLING = {
    ("talents_unitnotice", "closed_by_id"): ("closed_by_id = -1", "state = 'clear'"),
    ("talents_unitnotice", "scan_id"): ("scan_id = -1", "state = 'clear'"),
    ("talents_clearance", "answered_by_id"): ("answered_by_id = -1", "state = 'clear'"),
    ("talents_objection", "entered_by_id"): (
        "entered_by_id = -1, channel = 'letter', received_on = current_date",
        "state = 'received'",
    ),
    ("talents_endorsement", "decided_by_id"): ("decided_by_id = -1", "state = 'given'"),
}
EQUIVALENT = {
    "talents_endorsement.talents_endorsement_level_check": "endorsement_level_from_one",
}
CHANGES = {
    "talents_unitnotice": {
        "unit_notice_ends_after_it_begins": ("ends_on = starts_on - 1",),
        "unit_notice_is_clear_once_it_ended_with_its_scan": ("scan_id = null", "state = 'clear'"),
    },
    "talents_clearance": {
        "clearance_names_its_office": ("office = ''",),
        "clearance_answered_says_what_and_when": ("reply = ''", "state = 'clear'"),
    },
    "talents_endorsement": {
        "endorsement_decided_says_what_and_who": ("opinion = ''", "state = 'given'"),
        "endorsement_level_from_one": ("level = 0",),
        "endorsement_late_was_given": ("is_late = true", "state = 'asked'"),
    },
    "talents_publicnotice": {
        "public_notice_posted_is_dated_and_sealed": ("sha256 = 'x'", "state = 'posted'"),
        "public_notice_names_no_more_than_its_places": ("named_count = places + 1",),
        "public_notice_has_places_and_days": ("days = 0",),
        "public_notice_of_a_level_names_nobody": ("of_level = true, named_count = places",),
    },
    "talents_objection": {
        "objection_is_decided_by_another_than_looked_into_it": (
            "decided_by_id = handled_by_id",
            "state = 'upheld'",
        ),
        "objection_in_ones_name_says_whose": ("is_anonymous = false", "state = 'received'"),
        "objection_entered_by_staff_says_when_it_came": (
            "channel = 'letter'",
            "state = 'received'",
        ),
    },
    "talents_paper": {"paper_kind_is_known": ("kind = 'x'",)},
    "talents_shortcoming": {
        "shortcoming_kind_is_known": ("kind = 'x'",),
        "shortcoming_names_its_field": ("field = ''",),
    },
}


def endorsed(city):
    """One notice up and one clear, an office asked and one that replied, an opinion asked and one given."""
    selection, system = levelled_round(city.city), User.objects.system()
    first, second = (NominationFactory(round=selection, unit=city.east) for _ in range(2))
    notice_up(first)
    paper_of(first)
    notice_clear(second)
    for office in ("税务", "审计"):
        asked = Clearance.objects.create(
            nomination=second, office=office, asked_on=date(2026, 3, 2), asked_by=system
        )
    answer_clearance(
        asked.pk, is_clear=True, reply="无异议", answered_on=date(2026, 3, 9), actor=system
    )
    asked_of(first)
    endorse(asked_of(second).pk, note="同意推荐", actor=system)
    Shortcoming.objects.create(
        nomination=first, version=1, field="职务/岗位", kind="doubt", returned_by=system
    )
    for row in (first, second):  # what waits as a draft elsewhere is the newest of its kind
        moved(Nomination.objects.filter(pk=row.pk), "checked")
    assert UnitNotice.objects.count() == Nomination.objects.filter(round=selection).count() == 2


def attacks(database, copy):
    """A notice, a reply and an opinion are begun at their first states."""
    first = "begins_at_the_first_state"
    for table, prefix, replaced in (
        (
            "talents_unitnotice", "unit_notice",
            {
                "state": "'disputed'", "finding": "'x'", "closed_on": "current_date",
                "closed_by_id": SOMEBODY,
            },
        ),
        (
            "talents_clearance", "clearance",
            {
                "state": "'clear'", "reply": "'x'", "answered_on": "current_date",
                "answered_by_id": SOMEBODY, "office": "'another'",
            },
        ),
        (
            "talents_endorsement", "endorsement",
            {
                "state": "'returned'", "opinion": "'x'", "decided_on": "current_date",
                "decided_by_id": SOMEBODY,
            },
        ),
    ):  # fmt: skip
        statement = copy(database, table, id="id + 1000", **replaced)
        yield Attack(APP, f"{table}.{prefix}_{first}", statement, "JX006", f"{prefix}_{first}")
