"""Attacks that follow from the catalogue: doubles, dangling references, negative counts, rights."""

from tests.attacks import auditing, budgets, endorsing, panels, second_people, studios
from tests.attacks.attack import APP, CHECK, NO_RIGHT, OWNER, REFERENCE, UNIQUE, Attack
from tests.attacks.catalog import our_tables, withheld

COLUMNS = """
    select a.attname, format_type(a.atttypid, a.atttypmod) from pg_attribute a
    where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    order by a.attnum
"""
KEYS = """
    select i.relname, array(select attname from unnest(x.indkey) with ordinality k (n, place)
        join pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.n order by place),
      pg_get_expr(x.indpred, x.indrelid), x.indexprs is not null
    from pg_index x join pg_class i on i.oid = x.indexrelid
    where x.indisunique and x.indrelid = %s::regclass order by x.indexrelid
"""
REFERENCES = """
    select conname, array(select attname from unnest(conkey) with ordinality k (n, place)
      join pg_attribute a on a.attrelid = conrelid and a.attnum = k.n order by place)
    from pg_constraint where contype = 'f' and conrelid = %s::regclass
"""
#: What ``PositiveIntegerField`` and its like bring: the column is not below zero.
NOT_NEGATIVE = """
    select conname, attname from pg_constraint k
    join pg_attribute a on a.attrelid = conrelid and a.attnum = conkey[1]
    where contype = 'c' and conrelid = %s::regclass and conname like '%%\\_check'
"""
#: A value that no row of the table has, by type of the column; the first are taken rather.
FRESH = {
    "date": '"{c}" + 10000',
    "bytea": "\"{c}\" || '\\x01'",
    "character varying": "left(\"{c}\", 30) || 'Z'",
    "integer": '(select max("{c}") + 1000 from {t})',
    "bigint": '(select max("{c}") + 1000 from {t})',
    "smallint": '(select max("{c}") + 1 from {t})',
    "timestamp with time zone": "\"{c}\" + interval '1 day'",
}
SHAPED = {
    "digest": "encode(sha256(\"digest\"::bytea), 'hex')",
    "path": "'/999999/'",
    "uscc": "'9' || left(uscc, 17)",
    "result_id": "result_id",
    "reverses_id": "reverses_id",
    "red_id": "red_id",
    "claim_id": "claim_id",
    "payment_id": "payment_id",
    "line": None,
    "source": None,
    "role": None,
    "decided_by_id": "decided_by_id",
    "evaluation_id": (
        "(select max(id) from academies_evaluation e where closed_on is null and id not in"
        " (select evaluation_id from academies_rectification where evaluation_id is not null))"
    ),
    "kind": None,
    "party": "'unit'",
} | auditing.SHAPED
SHAPED |= panels.SHAPED
#: Rows that a copy or a change is made of, where not any will do.
ROWS = {
    "talents_honour": "state = 'valid' and nomination_id is not null",
    "talents_mentorship": "state = 'draft'",
    "talents_pairconsent": (
        "party = 'apprentice' and mentorship_id = (select min(mentorship_id) from talents_pairconsent)"
    ),
    "talents_cultivationreport": "state = 'due'",
    "talents_publicnotice": "state = 'draft'",
    "talents_noticeentry": "notice_id = (select id from talents_publicnotice where state = 'draft')",
    "talents_objection": "state = 'received'",
    "talents_review": "status = 'assigned'",
    "competitions_promotion": "state = 'certified'",
    "academies_evaluation": "closed_on is not null",
    "academies_rectification": "state = 'demanded' and evaluation_id is not null",
    "academies_review": "state = 'draft'",
    "academies_trainingreport": "state = 'draft'",
    "reports_targetreport": "state = 'draft'",
    "organizations_organization": "uscc <> '' and valid_until is null",
    "reports_figure": "report_id = (select id from reports_targetreport where state = 'draft')",
    "reports_figurerows": (
        "figure_id = (select f.id from reports_figure f join reports_targetreport r"
        " on r.id = f.report_id where r.state = 'draft')"
    ),
}
ROWS |= auditing.ROWS | budgets.ROWS | endorsing.ROWS | panels.ROWS | studios.ROWS
ROWS |= {
    "subsidies_allocation": "state = 'drawn'",
    "subsidies_share": (
        "allocation_id = (select id from subsidies_allocation where state = 'drawn')"
    ),
    "subsidies_payeeaccount": "state = 'held'",
    "subsidies_fund": "state = 'open'",
    "subsidies_account": "moved_at is null and academy_id is not null",
    "subsidies_grant": "state = 'draft'",
    "subsidies_payment": "state = 'planned'",
    "subsidies_claim": "state = 'filed'",
    "subsidies_payout": "state = 'drawn'",
    "subsidies_settlement": "state = 'submitted'",
    "subsidies_expense": "red_id is null",
}
#: Triggers that would refuse first; what they themselves refuse, the attacks on rules say.
DISARMED = {
    "organizations_membership": (
        "delegation_follows_its_source",
        "membership_admins_are_separate",
        "membership_holder_is_known",
    ),
    "academies_reviewevidence": ("review_evidence_stays",),
    "talents_cultivation": (
        "cultivation_moves_on_record",
        "cultivation_begins_at_the_first_state",
    ),
    "subsidies_project": ("project_is_approved_once",),
    "subsidies_account": ("account_opens_empty",),
    "subsidies_entry": ("entry_obeys_and_is_chained", "entry_moves_balances", "entry_balances"),
    "subsidies_posting": ("posting_comes_with_its_entry",),
    "subsidies_expense": ("expense_is_what_was_booked",),
    "subsidies_payment": ("payment_is_what_was_booked", "payment_pays_where_it_was_ordered"),
    "subsidies_claim": ("claim_stands", "claim_climbs"),
    "subsidies_payout": ("payout_takes_other_people",),
    "subsidies_settlement": ("settlement_leaves_nothing",),
    "subsidies_allocation": ("allocation_fits_the_budget",),
    "subsidies_evidence": ("evidence_is_used_once",),
    "subsidies_grant": ("grant_keeps_to_its_share", "grant_matches_its_lead"),
    "subsidies_share": ("share_stays_as_signed",),
    "subsidies_transfer": (
        "transfer_is_what_was_booked",
        "transfer_takes_other_people",
        "transfer_goes_where_it_was_confirmed",
    ),
} | auditing.DISARMED
DISARMED |= panels.DISARMED | budgets.DISARMED | second_people.DISARMED
#: Columns of keys that the database fills by itself, and what it fills them from.
FILLED_FROM = {"invoice_key": "invoice_number"}
#: What else has to be set so that only the reference, or only the sign, is wrong; and of which row.
DANGLING = {
    ("organizations_membership", "stands_for_id"): (
        "stands_for_id = -1, role = 'handler', valid_until = valid_from + 9, reason = 'x'",
    ),
    ("subsidies_project", "approved_by_id"): (
        "approved_by_id = -1, decision = 'x', approved_at = now(), needs_approval = true, told = 'x'",
    ),
    ("academies_academy", "host_id"): ("host_id = -1, organization_id = -1",),
    ("academies_academy", "organization_id"): ("host_id = -1, organization_id = -1",),
    ("academies_academy", "supervising_union_id"): (
        "supervising_union_id = -1, host_id = organization_id",
    ),
    ("talents_honour", "revoked_by_id"): ("revoked_by_id = -1", "state = 'revoked'"),
    ("talents_honour", "recalled_by_id"): (
        "recalled_by_id = -1, recall = 'returned', recalled_on = revoked_on",
        "state = 'revoked'",
    ),
    ("talents_publicnotice", "posted_by_id"): ("posted_by_id = -1", "state = 'posted'"),
    ("talents_objection", "decided_by_id"): ("decided_by_id = -1", "state = 'upheld'"),
    ("talents_cultivationreport", "submitted_by_id"): (
        "submitted_by_id = -1",
        "state = 'accepted'",
    ),
    ("talents_cultivationreport", "accepted_by_id"): ("accepted_by_id = -1", "state = 'accepted'"),
    ("talents_draw", "released_by_id"): ("released_by_id = -1", "state = 'released'"),
    ("talents_nomination", "batch_id"): ("batch_id = -1, batch_line = 1",),
    ("talents_cultivationgoal", "assessed_by_id"): (
        "assessed_by_id = -1, outcome = 'met', reached = 'x'",
    ),
    ("talents_cultivationgoal", "project_id"): ("project_id = -1, kind = 'project'",),
    ("talents_actionentry", "batch_id"): ("batch_id = -1, batch_line = 1",),
    ("competitions_entry", "captain_id"): ("captain_id = -1", "captain_id is not null"),
    ("competitions_entry", "batch_id"): ("batch_id = -1, batch_line = 1",),
    ("competitions_item", "checked_by_id"): ("checked_by_id = -1", "state = 'locked'"),
    ("competitions_item", "locked_by_id"): ("locked_by_id = -1", "state = 'locked'"),
    ("competitions_appeal", "decided_by_id"): ("decided_by_id = -1", "state = 'upheld'"),
    ("competitions_promotion", "certificate_id"): ("certificate_id = -1", "state = 'certified'"),
    ("reports_targetreport", "sealed_by_id"): ("sealed_by_id = -1", "state = 'sealed'"),
    ("subsidies_claim", "called_by_id"): ("called_by_id = -1, called_to = 'x', called_at = now()",),
    ("subsidies_claim", "place_id"): ("place_id = -1, certificate_id = null",),
    ("subsidies_claim", "honour_id"): (
        "honour_id = -1, certificate_id = null, kind = 'award', line = 'award'",
    ),
    ("subsidies_allocation", "signed_by_id"): ("signed_by_id = -1", "state = 'signed'"),
    ("subsidies_payeeaccount", "called_by_id"): ("called_by_id = -1", "state = 'confirmed'"),
    ("subsidies_settlement", "confirmed_by_id"): ("confirmed_by_id = -1", "state = 'confirmed'"),
    ("subsidies_transfer", "payment_id"): ("payment_id = -1, claim_id = null",),
    ("subsidies_fund", "signed_by_id"): (
        "signed_by_id = -1, drawn_up_by_id = (select max(id) from organizations_user)",
    ),
}
_DONE = (
    ("activated_by_id", "(select max(id) from organizations_user)"),
    ("result_id", "(select max(id) from policies_policyedition)"),
)
DANGLING |= (
    auditing.DANGLING
    | endorsing.DANGLING
    | panels.DANGLING
    | second_people.DANGLING
    | studios.DANGLING
    | {
        ("policies_editiondraft", key): (
            "state = 'activated', activated_by_id = {}, result_id = {}".format(
                *("-1" if part == key else value for part, value in _DONE)
            ),
            "state = 'draft'",
        )
        for key in ("activated_by_id", "result_id")
    }
)
#: What stands before such a reference otherwise.
UNGUARDED = {
    "sealed_by_id": "report_is_sealed",
    "activated_by_id": "draft_moves_on_record",
    "result_id": "draft_moves_on_record",
}
NEGATIVE = {
    ("intake_importbatch", part): (f"{part} = -1, row_count = -1",)
    for part in ("accepted_count", "refused_count", "dropped_count")
} | {
    ("talents_assessmentrun", "parts_left"): ("parts_left = -1", "status = 'running'"),
    ("talents_actionentry", "batch_line"): (
        "batch_line = -1, batch_id = (select min(id) from intake_importbatch)",
    ),
}
NEGATIVE |= panels.NEGATIVE
#: Columns of keys that may be empty, and then are no double of each other.
OPTIONAL = {
    "result_id", "owner_digest", "nomination_id", "reverses_id", "red_id", "certificate_id",
    "evaluation_id", "rectification_id", "returned_id", "reserve_id", "payment_id", "claim_id", "rank",
    "expert_id", "staff_id",
}  # fmt: skip
#: Changes are refused by a trigger here, whatever they are: only what is added can be wrong.
NEVER_CHANGED = {
    "workflow_record", "policies_policyedition", "policies_editiondefault",
    "policies_defaultconfirmation", "talents_assessment", "subsidies_account", "subsidies_entry",
    "subsidies_posting", "subsidies_expense", "subsidies_entitlement",
}  # fmt: skip


#: Controls that others imply: nothing could be told from their absence.
EQUIVALENT = (
    {
        "academies_trainingclass.class_as_enrolments_know_it": "the primary key; a reference needs it",
        "intake_importbatch.intake_importbatch_row_count_check": "a sum of counts none of which is negative",
        "reports_targetreport.reports_targetreport_year_check": "report_year_is_plausible",
        "reports_targetreport.reports_targetreport_edition_no_check": "report_issued_again_says_why",
        "talents_cultivation.cultivation_state_is_known": "cultivation_closed_iff_dated",
        "talents_cultivation.talents_cultivation_extensions_check": "cultivation_extended_to_a_later_day",
        "talents_mentorship.mentorship_state_is_known": "mentorship_closed_iff_dated",
        "talents_publicnotice.talents_publicnotice_places_check": "public_notice_has_places_and_days",
        "talents_publicnotice.talents_publicnotice_days_check": "public_notice_has_places_and_days",
        "talents_honour.talents_honour_year_check": "honour_year_is_plausible",
        "talents_educationspend.talents_educationspend_year_check": "education_spend_year_is_plausible",
        "talents_actionpartner.talents_actionpartner_place_check": "partner_stands_after_the_first",
        "talents_draw.talents_draw_per_candidate_check": "draw_of_at_least_one",
        "talents_review.talents_review_look_check": "review_is_looked_at_twice_at_most",
        "talents_nomination.talents_nomination_rank_check": "nomination_rank_from_one",
        "talents_quotaallocation.talents_quotaallocation_places_check": "places_between_1_and_10000",
        "talents_selectionround.talents_selectionround_year_check": "round_year_is_plausible",
        "workflow_attachment.workflow_attachment_size_check": "attachment_not_empty",
    }
    | endorsing.EQUIVALENT
    | studios.EQUIVALENT
)


def disarmed(table, statement):
    """``statement`` after the triggers of ``table`` that would refuse it first were switched off."""
    off = [f"alter table {table} disable trigger {name}" for name in DISARMED.get(table, ())]
    return "; ".join([*off, statement])


def role_for(database, table):
    return APP if may_write(database, table) and table not in DISARMED else OWNER


def attacks(database):
    for table in our_tables():
        columns = dict(database.execute(COLUMNS, [table]).fetchall())
        for kind in (_doubles, _references, _negatives, _rights):
            for attack in kind(database, table, columns):
                if attack.control not in EQUIVALENT:
                    yield attack


def may_write(database, table):
    return not {"INSERT", "UPDATE"} & set(withheld(database, table))


#: How the condition begins that says by itself which row is meant.
FINDS_ITSELF = (
    "state = ", "((state)::text = '", '"entry_id" is not null', '"red_id" is not null',
    '"rectification_id" is not null', '"returned_id" is not null', '"reserve_id" is not null',
)  # fmt: skip


def row_of(table, where=""):
    names_state = "(state)" in where and not where.startswith("(NOT ")
    says_state = where.startswith(FINDS_ITSELF) or names_state
    usual = "" if says_state else ROWS.get(table)
    conditions = " and ".join(filter(None, [usual, where])) or "true"
    return f"(select ctid from {table} where {conditions} limit 1)"


def changed(table, assignments, where=""):
    return f"update {table} set {assignments} where ctid = {row_of(table, where)}"


def copied(database, table, columns, replaced, where=""):
    """INSERT of a row as another one, with other values in ``replaced`` (column → SQL)."""
    values = ", ".join(replaced.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    return (
        f"insert into {table} ({names}) overriding system value"
        f" select {values} from {table} where ctid = {row_of(table, where)}"
    )


def fresh(table, columns, key):
    """Another value for that column of a key which takes one most easily."""
    key = [FILLED_FROM.get(column, column) for column in key]
    types = {column: columns[column].partition("(")[0] for column in key}
    free = [c for c in key if SHAPED.get(c, "") is not None and types[c] in FRESH]
    column = min(free, key=lambda c: list(FRESH).index(types[c]))
    is_shaped = column in SHAPED and table not in {"pages_savedview", "pages_formdraft"}
    value = SHAPED[column] if is_shaped else FRESH[types[column]].format(c=column, t=table)
    return {column: value}


def _doubles(database, table, columns):
    """A second row that agrees with the first in the columns of one key and in no other key."""
    keys = database.execute(KEYS, [table]).fetchall()
    for name, key, predicate, is_expression in keys:
        others = [set(cols) - set(key) for other, cols, _, _ in keys if other != name]
        if is_expression and table == "organizations_user":
            replaced = fresh(table, columns, ["id"])
            replaced |= {"username": "upper(username)", "owner_digest": "null"}
            statement = copied(database, table, columns, replaced, "username <> upper(username)")
        else:
            replaced = {}
            for other in filter(None, others):
                replaced |= fresh(table, columns, sorted(other))
            if table == "reports_targetreport":  # an edition after the first says why
                replaced["reason"] = "'x'"
            if table == "subsidies_payment" and key != ["entry_id"]:
                replaced.pop("entry_id", None)  # none has been made
            known = [f'"{column}" is not null' for column in key if column in OPTIONAL]
            if table in {"subsidies_payment", "subsidies_transfer"} and key == ["entry_id"]:
                known = ['"entry_id" is not null']
            where = " and ".join([*known, *filter(None, [predicate])])
            statement = copied(database, table, columns, replaced, where)
        if name == "record_once_in_its_chain":  # the trigger would give it a number of its own
            statement = f"alter table {table} disable trigger record_append; {statement}"
        role = role_for(database, table)
        yield Attack(role, f"{table}.{name}", disarmed(table, statement), UNIQUE, name)


def _references(database, table, columns):
    """A row that refers to nothing."""
    for name, key in database.execute(REFERENCES, [table]).fetchall():
        if len(key) > 1:
            continue
        if table in NEVER_CHANGED:
            replaced = {}
            for _, unique, _, _ in database.execute(KEYS, [table]).fetchall():
                replaced |= fresh(table, columns, sorted(unique))
            replaced |= {key[0]: "-1"}
            statement, role = copied(database, table, columns, replaced), role_for(database, table)
        else:
            dangling = DANGLING.get((table, key[0]), (f"{key[0]} = -1",))
            statement, role = changed(table, *dangling), OWNER
        if guard := UNGUARDED.get(key[0]):
            statement = f"alter table {table} disable trigger {guard}; {statement}"
        statement = disarmed(table, statement) + f'; set constraints "{name}" immediate'
        yield Attack(role, f"{table}.{name}", statement, REFERENCE, name)


def _negatives(database, table, columns):
    for name, column in database.execute(NOT_NEGATIVE, [table]).fetchall():
        if table in NEVER_CHANGED:
            statement = copied(database, table, columns, {column: "-1"})
        else:
            statement = changed(table, *NEGATIVE.get((table, column), (f"{column} = -1",)))
        yield Attack(OWNER, f"{table}.{name}", disarmed(table, statement), CHECK, name)


def _rights(database, table, columns):
    """What the application has no right to is refused before any row is looked at."""
    words = {
        "INSERT": f"insert into {table} select * from {table} where false",
        "UPDATE": f"update {table} set {next(iter(columns))} = {next(iter(columns))} where false",
        "DELETE": f"delete from {table} where false",
        "TRUNCATE": f"truncate {table}",
        "TRIGGER": (
            f"create trigger mine before insert on {table} for each row"
            " execute function suppress_redundant_updates_trigger()"
        ),
    }
    for right in withheld(database, table):
        yield Attack(APP, f"{table}.{right}", words[right], NO_RIGHT)
