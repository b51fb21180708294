"""Attacks on what guards meetings of panels, together with what experts declare before papers go out."""

from tests.attacks import declaring, masking
from tests.attacks.attack import APP, Attack

IN_DRAFT = "panel_id = (select min(id) from talents_panel where state = 'draft')"
#: Rows that a copy or a change is made of.
ROWS = (
    {
        "talents_panel": "state = 'draft'",
        "talents_panelmember": IN_DRAFT,
        "talents_paneldecision": IN_DRAFT,
    }
    | declaring.ROWS
    | masking.ROWS
)
#: What would refuse first.
DISARMED = {"talents_paneldecision": ("panel_decision_counts_its_voters",)}
DANGLING = {
    ("talents_panel", "confirmed_by_id"): ("confirmed_by_id = -1", "state = 'replaced'"),
    ("talents_panel", "corrects_id"): ("corrects_id = -1, reason = 'x'",),
    ("talents_panelmember", "expert_id"): ("expert_id = -1", "expert_id is not null"),
    ("talents_panelmember", "staff_id"): ("staff_id = -1", "staff_id is not null"),
} | declaring.DANGLING
NEGATIVE = {
    ("talents_paneldecision", f"votes_{one}"): (
        "decision = 'name', "
        + ", ".join(f"votes_{x} = {-1 if x == one else 0}" for x in ("for", "against", "abstain")),
    )
    for one in ("for", "against", "abstain")
}
#: Who is the one is not the other: a copy keeps both.
SHAPED = {"expert_id": "expert_id", "staff_id": "staff_id"}
CHANGES = (
    {
        "talents_panel": {
            "panel_confirmed_by_another_than_entered_it": (
                "confirmed_by_id = entered_by_id, confirmed_on = held_on",
            ),
            "panel_has_its_minutes": ("minutes_number = ''",),
            "panel_corrected_for_a_reason": ("corrects_id = id, reason = ''",),
        },
        "talents_panelmember": {
            "panel_member_is_expert_or_staff": (
                "staff_id = (select min(id) from organizations_user)",
                "expert_id is not null",
            ),
            "panel_member_has_a_name": ("name = ''",),
        },
        "talents_paneldecision": {
            "panel_decision_is_known": (
                "decision = 'x', votes_for = 0, votes_against = 0, votes_abstain = 0",
            ),
            "panel_decision_comes_with_its_votes": ("decision = 'name'", "decision = ''"),
            "panel_votes_within_those_who_may_vote": (
                "decision = 'name', votes_for = voters, votes_against = 1, votes_abstain = 0",
            ),
            "panel_departure_has_its_reason": ("departs_from_ranking = true, reason = ''",),
        },
        "talents_panelrecusal": {
            "panel_recusal_ground_is_known": ("ground = 'x'",),
            "panel_recusal_declared_says_why": ("told = ''", "ground = 'declared'"),
        },
    }
    | declaring.CHANGES
    | masking.CHANGES
)


def attacks(database, copied):
    """A meeting begins as a draft; handed in, nothing of it moves, and its voters are those who came."""
    first = "panel_begins_at_the_first_state"
    copy = copied(
        database, "talents_panel", id="id + 1000", state="'submitted'", number="99",
        round_id="(select max(id) from talents_selectionround)", corrects_id="null",
        confirmed_by_id="null", confirmed_on="null",
    )  # fmt: skip
    yield Attack(APP, f"talents_panel.{first}", copy, "JX006", first)
    handed_in = "(select min(id) from talents_panel where state = 'submitted')"
    line = f"(select min(id) from talents_paneldecision where panel_id = {handed_in})"
    for table, trigger, statement in (
        (
            "talents_panelmember", "panel_member_is_frozen",
            (f"insert into talents_panelmember (panel_id, staff_id, name, is_present)"
            f" select {handed_in}, max(id), 'x', false from organizations_user"),
        ),
        (
            "talents_paneldecision", "panel_decision_is_frozen",
            f"update talents_paneldecision set reason = 'x' where id = {line}",
        ),
        (
            "talents_panelrecusal", "panel_recusal_is_frozen",
            (f"insert into talents_panelrecusal (member_id, decision_id, ground, told)"
            f" select min(id), {line}, 'unit', '' from talents_panelmember where panel_id = {handed_in}"),
        ),
        (
            "talents_paneldecision", "panel_decision_counts_its_voters",
            ("update talents_paneldecision set voters = voters + 1 where panel_id ="
            " (select min(id) from talents_panel where state = 'draft')"),
        ),
    ):  # fmt: skip
        yield Attack(APP, f"{table}.{trigger}", statement, "JX003", trigger)
