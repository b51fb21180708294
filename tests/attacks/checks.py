"""For each CHECK that has a name of its own, a change that breaks it and no other."""

from tests.attacks import (
    auditing,
    claims,
    craftsmen,
    endorsing,
    evaluating,
    panels,
    payees,
    second_people,
    studios,
)
from tests.attacks.attack import APP, CHECK, Attack
from tests.attacks.generated import (
    COLUMNS,
    DISARMED,
    NEVER_CHANGED,
    changed,
    copied,
    disarmed,
    fresh,
    role_for,
)

#: What makes a copied expense another one.
ANEW = "voucher = 'x', invoice_number = 'x', entry_id = 0"
#: Table → constraint → what is set, and of which row.
CHANGES = {
    "organizations_credentialreset": {
        "reset_takes_two_people": ("approved_by_id = asked_by_id",),
        "reset_is_not_ones_own": ("owner_id = asked_by_id",),
    },
    "organizations_organization": {
        "organization_kind_is_known": ("kind = 'x'",),
        "organization_path_shape": ("path = 'x'",),
        "organization_ends_after_it_begins": ("valid_until = valid_from",),
        "organization_region_code_has_six_digits": ("region_code = '11'",),
        "organization_below_the_top_has_a_parent": ("parent_id = null", "kind = 'district'"),
    },
    "organizations_user": {
        "system_account_is_no_superuser": ("is_superuser = true", "username = 'system'"),
    },
    "organizations_membership": {
        "membership_role_is_known": ("role = 'king'",),
        "membership_ends_after_it_begins": ("valid_until = valid_from",),
    },
    "workflow_attachment": {
        "attachment_kind_is_known": ("kind = 'exe'",),
        "attachment_digest_shape": ("sha256 = 'x'",),
        "attachment_not_empty": ("size = 0",),
    },
    "workflow_job": {
        "job_status_is_known": ("status = 'x'", "status = 'queued'"),
        "job_runs_only_under_a_lease": ("lease_until = null", "status = 'running'"),
        "job_progress_within_total": ("progress_done = progress_total + 1",),
        "job_parked_says_why": ("status = 'parked', error = ''",),
    },
    "workflow_notice": {"notice_links_inside_the_portal": ("href = 'https://evil.example/'",)},
    "workflow_record": {
        "record_kind_is_known": ("kind = 'x'",),
        "record_has_a_code": ("code = '改'",),
        "record_has_no_control_characters": ("note = E'\\x1f'",),
        "record_of_reveal_gives_a_reason": ("note = ''", "kind = 'reveal'"),
    },
    "pages_savedview": {"saved_view_has_a_name": ("name = ''",)},
    "pages_formdraft": {
        "form_draft_belongs_to_a_page": ("path = 'x'",),
        "form_draft_says_something": ("sealed = ''",),
    },
    "intake_importbatch": {
        "import_rows_accepted_refused_or_dropped": ("row_count = row_count + 1",),
        "import_status_agrees_with_its_dates": ("status = 'x'", "status = 'reading'"),
    },
    "intake_importrow": {
        "import_row_effect_is_known": ("effect = 'x'",),
        "import_row_outcome_is_known": ("outcome = 'x'",),
        "import_row_committed_names_its_object": ("outcome = 'committed', object_id = null",),
        "import_row_dropped_says_why": ("outcome = 'dropped', note = ''",),
    },
    "intake_importfinding": {"import_finding_severity_is_known": ("severity = 'x'",)},
    "policies_policyedition": {
        "edition_ends_after_it_starts": ("effective_until = effective_from",),
        "edition_digest_is_sha256": ("digest = 'x'",),
        "edition_status_is_known": ("status = 'x'",),
    },
    "policies_editiondefault": {"default_digest_is_sha256": ("digest = 'x'",)},
    "policies_defaultconfirmation": {"confirmation_names_its_document": ("document_number = ''",)},
    "policies_editiondraft": {
        "draft_state_is_known": ("state = 'x'", "state = 'draft'"),
        "draft_has_a_result_once_activated": ("result_id = base_id", "state = 'draft'"),
        "draft_is_activated_by_another": ("activated_by_id = drafted_by_id", "state = 'activated'"),
        "draft_ends_after_it_starts": ("effective_until = effective_from",),
    },
    "talents_person": {"person_has_a_name": ("name = ''",)},
    "talents_employment": {
        "employment_ends_after_it_begins": ("end_month = start_month - 1",),
        "employment_start_is_a_month": ("start_month = 1",),
        "employment_end_is_a_month": ("end_month = 99999",),
    },
    "talents_certificate": {"certificate_has_a_number": ("number = ''",)},
    "talents_selectionround": {
        "round_state_is_known": ("state = 'x'",),
        "round_year_is_plausible": ("year = 1999",),
        "round_closes_after_it_opens": ("opens_on = closes_on + 1", "closes_on is not null"),
        "round_has_code_and_tier": ("tier = ''",),
    },
    "talents_quotaallocation": {"places_between_1_and_10000": ("places = 10001",)},
    "talents_nomination": {
        "nomination_state_is_known": ("state = 'x'",),
        "nomination_rank_from_one": ("rank = 0",),
        "nomination_category_is_known": ("category = 'x'",),
        "nomination_occupation_code_is_of_the_list": ("occupation_code = '电工'",),
        "nomination_imported_names_its_line": ("batch_line = null", "batch_id is not null"),
    },
    "talents_expert": {"expert_code_is_plain": ("code = 'e 1'",)},
    "talents_draw": {
        "draw_of_at_least_one": ("per_candidate = 0",),
        "draw_digest_is_sha256": ("sha256 = 'x'",),
        "draw_released_by_somebody": ("released_by_id = drawn_by_id", "state = 'drawn'"),
    },
    "talents_actionentry": {
        "action_entry_fits_its_kind": ("sort = 'design'", "kind = 'seed'"),
        "action_entry_says_something": ("told = ''",),
        "action_entry_imported_names_its_line": ("batch_line = 1", "batch_id is null"),
    },
    "talents_pairconsent": {
        "consent_party_is_known": ("party = 'x'",),
        "consent_of_the_unit_is_by_account": ("party = 'unit', scan_id = 1",),
    },
    "talents_pairlog": {
        "pair_log_says_something": ("words = ''",),
        "pair_log_is_confirmed_by_two": ("apprentice_by_id = master_by_id",),
    },
    "talents_mentorship": {
        "mentorship_joins_two_people": ("apprentice_id = master_id",),
        "mentorship_ends_after_it_begins": ("ends_on = starts_on",),
        "mentorship_closed_iff_dated": ("closed_on = starts_on", "state = 'draft'"),
        "mentorship_early_reason_is_of_who_is_done": ("early_reason = 'x'", "state = 'draft'"),
        "mentorship_is_agreed_by_another": ("proposed_by_id = agreed_by_id", "state = 'agreed'"),
    },
    "talents_review": {
        "review_status_is_known": ("status = 'x'", "status = 'assigned'"),
        "review_is_looked_at_twice_at_most": ("look = 3", "status = 'assigned'"),
        "review_submitted_with_all_marks": (
            "status = 'submitted', submitted_at = now()",
            "status = 'assigned'",
        ),
        **{
            f"review_{force}_from_0_to_100": (f"mark_{force} = 101", "status = 'assigned'")
            for force in ("leading", "practice", "innovation", "tackling", "passing")
        },
    },
    "talents_assessmentrun": {"run_done_iff_dated": ("finished_at = null", "status = 'done'")},
    "talents_assessment": {"assessment_overall_is_known": ("overall = 3",)},
    "academies_academy": {
        "academy_tier_is_known": ("tier = 'x'",),
        "academy_has_code_and_name": ("name = ''",),
        "academy_code_can_stand_in_an_address": ("code = 'a/b'",),
        "academy_belongs_to_host_or_union": (
            "organization_id = (select max(id) from organizations_organization)",
        ),
        "academy_withdrawn_after_designated": ("withdrawn_on = designated_on - 1",),
        "academy_designated_in_a_plausible_year": ("designated_on = '1900-01-01'",),
    },
    "academies_brand": {
        "brand_has_a_name": ("name = ''",),
        "brand_ends_after_it_begins": ("until = since - 1",),
    },
    "academies_room": {
        "room_has_a_name": ("name = ''",),
        "room_takes_somebody": ("capacity = 0",),
    },
    "academies_evaluation": {
        "evaluation_grade_is_known": ("grade = 'x', due_on = null, closed_on = null",),
        "evaluation_year_is_plausible": ("year = 1999",),
        "evaluation_follows_its_year": ("year = 2027",),
        "evaluation_rectifies_only_a_failure": ("grade = 'qualified'",),
        "evaluation_due_after_it_was_made": ("due_on = evaluated_on - 1",),
        "evaluation_proposal_says_why_and_by_whom": ("proposal = '{\"year\": 2020}'",),
        "evaluation_is_corrected_by_another": (
            (
                "proposed_by_id = (select min(id) from organizations_user),"
                " corrected_by_id = (select min(id) from organizations_user)"
            ),
        ),
        "evaluation_closed_after_it_was_made": ("closed_on = evaluated_on - 1",),
    },
    "academies_rectification": {
        "rectification_names_the_problem": ("problem = ''",),
        "rectification_is_of_an_evaluation_or_an_audit": ("origin = 'x'",),
        "rectification_proved_says_how_and_by_whom": ("proof = ''", "state = 'proved'"),
        "rectification_closed_was_checked": ("finding = ''", "state = 'closed'"),
        "rectification_is_not_checked_by_the_prover": (
            "checked_by_id = proved_by_id",
            "state = 'closed'",
        ),
        "rectification_is_not_checked_by_the_evaluator": (
            "checked_by_id = demanded_by_id",
            "state = 'closed'",
        ),
    },
    "academies_trainingreport": {
        "training_report_period_is_plausible": ("part = 13", "state = 'draft'"),
        "training_report_period_is_in_its_year": ("year = 2019", "state = 'draft'"),
        "training_report_is_due_after_its_period": ("due_on = last_on", "state = 'draft'"),
        "training_report_is_certified_by_another": (
            "certified_by_id = prepared_by_id",
            "state = 'certified'",
        ),
        "training_report_is_accepted_by_another": (
            "accepted_by_id = certified_by_id",
            "state = 'certified'",
        ),
        "training_report_state_agrees_with_its_signatures": (
            "digest = ''",
            "state = 'certified'",
        ),
    },
    "academies_campaign": {
        "campaign_year_is_plausible": ("year = 1999",),
        "campaign_has_a_seed": ("seed = 'x'",),
    },
    "academies_academyyearperson": {"year_person_counts_agree": ("practical_times = times + 1",)},
    "academies_academyyear": {"academy_year_counts_agree": ("practical_classes = classes + 1",)},
    "academies_trainingclass": {
        "class_has_number_and_name": ("name = ''",),
        "class_ends_after_it_starts": ("ends_on = starts_on - 1",),
        "class_year_is_plausible": (
            "year = 1999, starts_on = '1999-05-01', ends_on = '1999-05-02'",
        ),
        "class_is_held_in_its_year": ("starts_on = starts_on + 366, ends_on = ends_on + 366",),
        "class_hours_positive": ("hours = 0",),
    },
    "academies_enrolment": {
        "enrolment_attendance_is_a_percentage": ("attendance = 101",),
        "enrolment_level_does_not_fall": ("passed = true, level_before = '1', level_after = '5'",),
    },
    "competitions_competition": {
        "competition_kind_is_asked_for_a_reason": ("kind_asked_for = 'x'",),
        "competition_state_is_known": ("state = 'x'",),
        "competition_level_is_known": ("level = 'x'",),
        "competition_class_is_known": ("contest_class = 'x'",),
        "competition_code_can_stand_in_an_address": ("code = 'a/b'",),
        "competition_has_a_name": ("name = ''",),
        "competition_year_is_plausible": ("year = 1999",),
        "competition_ends_after_it_starts": ("ends_on = starts_on - 1",),
        "competition_entries_end_after_they_begin": ("entries_until = entries_from - 1",),
    },
    "competitions_chain": {"chain_says_what_and_by_what": ("basis = ''",)},
    "competitions_item": {
        "item_occupation_code_is_of_the_national_list": ("occupation_code = '电工'",),
        "item_stage_is_known": ("stage = 'x'",),
        "item_group_is_known": ("\"group\" = 'x'",),
        "item_code_can_stand_in_an_address": ("code = 'a/b'",),
        "item_has_a_name": ("name = ''",),
        "item_team_has_members": ("team_size = 0",),
        "item_ends_after_it_starts": ("ends_on = starts_on - 1",),
        "item_does_not_follow_itself": ("follows_id = id",),
        "item_is_not_locked_by_who_coded_it": ("coded_by_id = checked_by_id", "state = 'locked'"),
        "item_is_locked_by_two": ("locked_by_id = checked_by_id", "state = 'locked'"),
    },
    "competitions_aspect": {
        "aspect_maximum_is_positive": ("maximum = 0",),
        "aspect_is_judged_by_one_to_seven": ("seats = 8",),
        "aspect_benchmarks_are_none_or_four": ("benchmarks = '{x}'",),
    },
    "competitions_entry": {
        "entry_state_is_known": ("state = 'x'",),
        "entry_imported_names_its_line": ("batch_line = null", "batch_id is not null"),
        "entry_number_can_stand_in_an_address": ("number = 'a/b'", "number <> ''"),
        "entry_of_a_mate_has_no_number": ("number = 'x'", "captain_id is not null"),
    },
    "competitions_judge": {"judge_seat_is_one_to_seven": ("seat = 8",)},
    "competitions_board": {
        "board_is_numbered_from_one": ("number = 0",),
        "board_digest_is_sha256": ("digest = 'x'",),
        "board_published_again_says_why": ("number = 2, reason = ''",),
    },
    "competitions_boardline": {
        "board_line_rank_and_total_are_possible": ("total = 101",),
        "board_line_medal_follows_rank": ("medal = 'gold', rank = 2",),
    },
    "competitions_appeal": {
        "appeal_says_why": ("grounds = ''",),
        "appeal_is_decided_by_another_in_words": ("verdict = 'x'", "state = 'filed'"),
    },
    "competitions_award": {
        "award_of_a_person_is_a_title": ("kind = 'unit'", "kind <> 'unit'"),
        "award_says_to_whom": ("name = ''",),
    },
    "competitions_typedsheet": {"typed_seat_is_one_to_seven": ("seat = 8",)},
    "competitions_trial": {"trial_names_its_trade": ("trade = ''",)},
    "competitions_promotion": {
        "promotion_is_certified_by_a_certificate": ("state = 'x'",),
        "promotion_leads_to_another_level_up_to_the_fifth": ("target = 'S'",),
    },
    "competitions_mark": {
        "mark_is_within_one_hundred": ("value = 101",),
        "mark_seat_is_one_to_seven": ("seat = 8",),
    },
    "reports_targetreport": {
        "report_sealed_iff_hashed_and_signed": ("state = 'x'", "state = 'draft'"),
        "report_issued_again_says_why": ("edition_no = 2, reason = ''", "state = 'draft'"),
        "report_year_is_plausible": ("year = 1999", "state = 'draft'"),
    },
    "reports_figure": {
        "figure_kind_is_known": ("kind = 'x'",),
        "figure_is_met_as_it_stands": ("standing = 'x'",),
        "figure_without_data_has_no_actual": ("actual = 1",),
    },
    "reports_figurerows": {"rows_are_as_many_as_they_say": ("row_count = row_count + 1",)},
}
CHANGES |= (
    auditing.CHANGES
    | craftsmen.CHANGES
    | endorsing.CHANGES
    | evaluating.CHANGES
    | panels.CHANGES
    | studios.CHANGES
    | {
        "subsidies_fund": {
            "fund_source_is_known": ("source = 'x'",),
            "fund_state_is_known": ("state = 'x'", "state = 'open'"),
            "fund_year_is_plausible": ("year = 1999",),
            "fund_budget_takes_two_people": ("signed_by_id = drawn_up_by_id", "state = 'signed'"),
            "fund_signed_says_by_whom": ("signed_by_id = null", "state = 'signed'"),
        },
        "subsidies_budgetline": {
            "budget_line_is_known": ("line = 'x'",),
            "budget_line_is_some_money": ("amount = 0",),
        },
        "subsidies_account": {
            "account_line_is_known": ("line = 'x'",),
            "account_kind_fits_its_owner": ("kind = 'source'",),
            "account_is_never_overdrawn": ("balance = -1, line = 'award'",),
        },
        "subsidies_entry": {
            "entry_is_some_money": ("amount = 0, key = 'x'",),
            "entry_red_says_what_and_why": ("reason = 'mistyped', key = 'x'",),
            "entry_is_confirmed_by_another": ("approved_by_id = made_by_id, key = 'x'",),
            "entry_of_public_money_takes_two": (
                "approved_by_id = null, key = 'x'",
                "kind = 'reserve'",
            ),
        },
        "subsidies_grant": {
            "grant_state_is_known": ("state = 'x'", "state = 'draft'"),
            "grant_asks_for_some_money": ("applied = 0",),
            "grant_audience_is_known": ("audience = 'all'",),
            "grant_gives_no_more_than_asked": ("approved = applied + 1",),
            "grant_approved_says_how_much": ("approved = null", "state = 'paid'"),
            "grant_steps_are_taken_by_different_people": ("approved_by_id = applied_by_id",),
        },
        "subsidies_entitlement": {
            "entitlement_denied_says_why": ("is_entitled = false, words = ''",),
        },
        "subsidies_project": {
            "project_is_some_money_for_a_use": ("amount = 0",),
            "project_open_item_says_what": ("needs_approval = true, told = ''",),
            "project_approved_says_by_whom": ("decision = 'x'",),
        },
        "subsidies_payment": {
            "payment_state_is_known": ("state = 'x'", "state = 'paid'"),
            "payment_is_some_money": ("amount = 0",),
            "payment_is_checked_by_another": ("checked_by_id = ordered_by_id",),
            "payment_made_names_its_entry": ("entry_id = null", "state = 'paid'"),
        },
        "subsidies_expense": {
            "expense_is_some_money": (f"amount = 0, {ANEW}",),
            "expense_says_what_for": (f"payee = '', {ANEW}",),
        },
    }
    | claims.CHANGES
    | payees.CHANGES
)
CHANGES |= {name: CHANGES.get(name, {}) | more for name, more in second_people.CHANGES.items()}


def attacks(database):
    for table, constraints in CHANGES.items():
        columns = dict(database.execute(COLUMNS, [table]).fetchall())
        for name, (assignments, *where) in constraints.items():
            if table in NEVER_CHANGED:
                replaced = dict(part.split(" = ", 1) for part in assignments.split(", "))
                added = fresh(table, columns, ["id"]) if "id" in columns else {}
                statement = copied(database, table, columns, added | replaced, *where)
            else:
                statement = changed(table, assignments, *where)
            role = APP if table in NEVER_CHANGED - set(DISARMED) else role_for(database, table)
            yield Attack(role, f"{table}.{name}", disarmed(table, statement), CHECK, name)
