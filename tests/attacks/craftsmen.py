"""Attacks on what guards review, lists, titles, pairs and cultivation."""

from tests.attacks import declaring, endorsing, panels, studios
from tests.attacks.attack import APP, Attack
from tests.attacks.generated import COLUMNS, copied

STATES = {
    "talents_publicnotice": ("talents.publicnotice", "public_notice", "draft", "posted"),
    "talents_objection": ("talents.objection", "objection", "received", "looked-into"),
    "talents_cultivation": ("talents.cultivation", "cultivation", "going", "passed"),
    "talents_cultivationreport": (
        "talents.cultivationreport",
        "cultivation_report",
        "due",
        "submitted",
    ),
    "talents_mentorship": ("talents.mentorship", "mentorship", "draft", "agreed"),
    "talents_draw": ("talents.draw", "draw", "drawn", "released"),
    "talents_honour": ("talents.honour", "honour", "valid", "doubted"),
    "talents_panel": ("talents.panel", "panel", "draft", "submitted"),
}
ALONG = {
    ("talents_cultivation", "passed"): ", closed_on = ends_on",
    ("talents_cultivationreport", "submitted"): ", words = 'x',"
    " submitted_by_id = (select min(id) from organizations_user)",
    ("talents_draw", "released"): ", released_by_id = drawn_by_id",
    ("talents_honour", "doubted"): ", reason = 'x'",
    ("talents_objection", "looked-into"): ", finding = 'x',"
    " handled_by_id = (select min(id) from organizations_user)",
    ("talents_publicnotice", "posted"): ", starts_on = current_date, ends_on = current_date,"
    " sha256 = repeat('a', 64), posted_by_id = drafted_by_id",
}
NEWCOMER = "(select max(id) from talents_person)"

#: For each CHECK of results, of who looked at lists and of cultivation a change that breaks it and no other.
CHANGES = {
    "talents_honour": {
        "honour_state_is_known": ("state = 'x', reason = 'x'", "state = 'valid'"),
        "honour_revoked_iff_dated": ("revoked_on = named_on", "state = 'valid'"),
        "honour_revoked_for_a_reason": ("reason = 'x'", "state = 'valid'"),
        "honour_revoked_after_it_was_given": ("revoked_on = named_on - 1", "state = 'revoked'"),
        "honour_revoked_by_two_people": ("revoked_by_id = doubted_by_id", "state = 'revoked'"),
        "honour_recalled_after_it_was_revoked": (
            "recall = 'returned', recalled_on = named_on, recalled_by_id = (select min(id) from organizations_user)",
            "state = 'valid'",
        ),
        "honour_lost_certificate_says_why": (
            "recall = 'lost', recalled_on = revoked_on, recalled_by_id = revoked_by_id",
            "state = 'revoked' and revoked_by_id is not null",
        ),
        "honour_year_is_plausible": ("year = 1900",),
        "honour_has_certificate_and_title": ("title = ''",),
    },
    "talents_noticecheck": {
        "notice_check_says_where": ("place = ''",),
        "notice_check_says_why_not": ("is_up = false, told = ''",),
    },
    "talents_educationspend": {
        "education_spend_is_part_of_wages": ("frontline = spent + 1",),
        "education_spend_year_is_plausible": ("year = 1999",),
    },
    "talents_actionpartner": {"partner_stands_after_the_first": ("place = 1",)},
    "talents_cultivation": {
        "cultivation_ends_after_it_begins": ("ends_on = starts_on",),
        "cultivation_closed_iff_dated": ("closed_on = starts_on", "state = 'going'"),
        "cultivation_mentor_is_another": ("mentor_id = person_id",),
        "cultivation_extended_to_a_later_day": ("extensions = 1",),
        "cultivation_certified_only_passed": (
            "certificate_id = (select max(id) from talents_honour)",
            "state = 'going'",
        ),
    },
    "talents_cultivationgoal": {
        "goal_kind_is_known": ("kind = 'x'", "project_id is null"),
        "goal_says_what_and_how_shown": ("goal = ''",),
        "goal_with_a_project_is_of_that_kind": (
            "project_id = (select max(id) from talents_studioproject)",
            "kind <> 'project'",
        ),
        "goal_assessed_says_what_was_reached": ("outcome = 'met', assessed_by_id = set_by_id",),
    },
    "talents_cultivationreport": {
        "cultivation_report_found_at_midterm": ("finding = 'behind'", "not is_midterm"),
        "cultivation_report_says_something_by_somebody": ("words = ''", "state = 'accepted'"),
        "cultivation_report_is_accepted_by_another": (
            "submitted_by_id = accepted_by_id",
            "state = 'accepted'",
        ),
    },
}


def attacks(database):
    yield from _craftsmen(database)
    yield from panels.attacks(database, _copy)
    yield from declaring.attacks()
    yield from _lists(database)
    yield from endorsing.attacks(database, _copy)
    yield from studios.attacks(database, _copy)


def _copy(database, table, **replaced):
    columns = dict(database.execute(COLUMNS, [table]).fetchall())
    return copied(database, table, columns, replaced)


def _craftsmen(database):
    """Draws, marks and titles: begun at the first state, then sealed or kept."""
    first = "begins_at_the_first_state"
    copy = _copy(
        database, "talents_draw", id="id + 1000", state="'released'", released_by_id="drawn_by_id",
        round_id="(select max(id) + 1 from talents_selectionround)",
    )  # fmt: skip
    yield Attack(APP, f"talents_draw.draw_{first}", copy, "JX006", f"draw_{first}")
    sealed = "review_is_sealed"
    for statement in (
        "update talents_review set mark_leading = 99 where status = 'submitted'",
        "delete from talents_review where batch_id is null",
    ):
        yield Attack(APP, f"talents_review.{sealed}", statement, "JX003", sealed)
    kept = "honour_named_here_is_kept"
    yield Attack(APP, f"talents_honour.{kept}", "delete from talents_honour", "JX003", kept)
    kept = "action_entry_entered_here_is_kept"
    yield Attack(
        APP, f"talents_actionentry.{kept}", "delete from talents_actionentry", "JX003", kept
    )


def _lists(database):
    """Lists, objections, pairs and the years of who is cultivated."""
    first = "begins_at_the_first_state"
    copy = _copy(
        database, "talents_objection", id="id + 1000", state="'looked-into'", receipt="'new'",
        finding="'x'", handled_by_id="(select min(id) from organizations_user)",
    )  # fmt: skip
    yield Attack(APP, f"talents_objection.objection_{first}", copy, "JX006", f"objection_{first}")
    copy = _copy(
        database, "talents_publicnotice", id="id + 1000", state="'posted'", version="9",
        round_id="(select max(id) + 1 from talents_selectionround)", starts_on="current_date",
        ends_on="current_date", sha256="repeat('a', 64)", posted_by_id="drafted_by_id",
    )  # fmt: skip
    yield Attack(
        APP, f"talents_publicnotice.public_notice_{first}", copy, "JX006", f"public_notice_{first}"
    )
    copy = _copy(
        database, "talents_mentorship", id="id + 1000", state="'agreed'", master_id=NEWCOMER,
        agreed_by_id="null", closed_on="null",
    )  # fmt: skip
    yield Attack(
        APP, f"talents_mentorship.mentorship_{first}", copy, "JX006", f"mentorship_{first}"
    )
    copy = _copy(
        database, "talents_cultivation", id="id + 1000", state="'passed'",
        closed_on="ends_on",
    )  # fmt: skip
    yield Attack(
        APP, f"talents_cultivation.cultivation_{first}", copy, "JX006", f"cultivation_{first}"
    )
    copy = _copy(
        database, "talents_cultivationreport", id="id + 1000", state="'submitted'", number="99",
        words="'x'", submitted_by_id="(select min(id) from organizations_user)",
    )  # fmt: skip
    yield Attack(
        APP, f"talents_cultivationreport.cultivation_report_{first}", copy, "JX006",
        f"cultivation_report_{first}",
    )  # fmt: skip
    up = "(select min(id) from talents_publicnotice where state = 'posted')"
    for statement in (
        f"delete from talents_noticeentry where notice_id = {up}",
        (
            f"insert into talents_noticeentry (notice_id, nomination_id, position, is_reserve, name, unit,"
            f" post, trade) select {up}, nomination_id, 99, false, 'x', 'x', '', '' from talents_noticeentry"
            " limit 1"
        ),
    ):
        yield Attack(
            APP, "talents_noticeentry.entry_is_frozen", statement, "JX003", "entry_is_frozen"
        )
