"""Attacks on what a second person does, or somebody for a reason: papers taken back, replies put right, ends before time."""

from tests.attacks.attack import SOMEBODY

_TAKEN = f"taken_by_id = {SOMEBODY}, taken_at = now(), taken_reason = 'x'"

#: For each CHECK a change that breaks it and no other; and of which row.
CHANGES = {
    "talents_review": {
        "review_taken_back_for_a_reason": ("taken_reason = 'x'", "status = 'assigned'"),
        "review_waived_by_another_for_a_reason": (
            (
                f"status = 'waived', {_TAKEN}, waived_by_id = {SOMEBODY}, waived_at = now(),"
                " waived_reason = 'x'"
            ),
            "status = 'assigned'",
        ),
    },
    "talents_clearance": {
        "clearance_put_right_by_another_for_a_reason": (
            (
                "objected_by_id = answered_by_id, objected_on = answered_on, objection = 'x',"
                " corrected_for = 'x'"
            ),
            "state = 'clear' and answered_on is not null",
        ),
        "clearance_objected_later_for_a_reason": (
            f"cleared_reply = 'x', cleared_on = answered_on, cleared_by_id = {SOMEBODY}",
            "state = 'clear' and answered_on is not null",
        ),
    },
    "talents_cultivation": {
        "cultivation_passed_early_for_a_reason": (
            "closed_on = ends_on - 1, early_reason = ''",
            "state = 'passed'",
        ),
        "cultivation_is_passed_by_another": (
            f"started_by_id = {SOMEBODY}, passed_by_id = {SOMEBODY}",
            "state = 'passed'",
        ),
    },
    "competitions_item": {
        "item_reopening_is_asked_of_locked_marks": ("reopen_reason = 'x'", "state = 'locked'"),
    },
    "competitions_entry": {
        "entry_is_admitted_by_somebody_for_a_reason": ("admitted_for = 'x'",),
        "entry_told_late_shows_a_proof": ("level_told_late = true, proof = ''",),
        "entry_result_is_taken_away_by_two": (
            f"out_asked_by_id = {SOMEBODY}, out_agreed_by_id = {SOMEBODY}, out_reason = 'x'",
        ),
    },
}
#: What else has to be set so that only the reference is wrong; and of which row.
DANGLING = {
    ("subsidies_budgetchange", "signed_by_id"): ("signed_by_id = -1", "state = 'signed'"),
    ("talents_cultivation", "certificate_id"): (
        "certificate_id = -1, state = 'passed', closed_on = ends_on",
    ),
    ("talents_review", "taken_by_id"): (
        "status = 'taken', taken_by_id = -1, taken_at = now(), taken_reason = 'x'",
        "status = 'assigned'",
    ),
    ("talents_review", "waived_by_id"): (
        f"status = 'waived', {_TAKEN}, waived_by_id = -1, waived_at = now(), waived_reason = 'x'",
        "status = 'assigned'",
    ),
    ("talents_clearance", "objected_by_id"): (
        "objected_by_id = -1, objected_on = answered_on, objection = 'x', corrected_for = 'x'",
        "state = 'clear' and answered_on is not null",
    ),
    ("talents_clearance", "cleared_by_id"): (
        "cleared_by_id = -1, cleared_on = answered_on, cleared_reply = 'x', objected_for = 'x'",
        "state = 'clear' and answered_on is not null",
    ),
    ("competitions_competition", "kind_asked_by_id"): (
        "asked_level = level, kind_asked_for = 'x', kind_asked_by_id = -1",
    ),
    ("competitions_item", "reopen_asked_by_id"): (
        "reopen_asked_by_id = -1, reopen_reason = 'x'",
        "state = 'locked'",
    ),
    ("competitions_entry", "admitted_by_id"): (
        "admitted_by_id = -1, admitted_for = 'x', admitted_on = current_date",
    ),
    ("competitions_entry", "out_asked_by_id"): ("out_asked_by_id = -1, out_reason = 'x'",),
    ("competitions_entry", "out_agreed_by_id"): (
        f"out_asked_by_id = {SOMEBODY}, out_agreed_by_id = -1, out_reason = 'x'",
    ),
}
#: Triggers that would refuse first; what they themselves refuse, the attacks on rules say.
DISARMED = {
    "academies_evaluation": (
        "evaluation_changes_by_an_answer_of_two",
        "evaluation_is_put_right_by_two",
    ),
    "academies_phonecheck": ("phone_check_keeps_what_was_said",),
}
