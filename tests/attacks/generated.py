"""Attacks that follow from the catalogue: doubles, dangling references, negative counts, rights."""

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
}
SHAPED = {
    "digest": "encode(sha256(\"digest\"::bytea), 'hex')",
    "path": "'/999999/'",
    "uscc": "'9' || left(uscc, 17)",
    "result_id": "result_id",
    "role": None,
    "evaluation_id": (
        "(select max(id) from academies_evaluation e where closed_on is null and id not in"
        " (select evaluation_id from academies_rectification))"
    ),
    "kind": None,
}
#: Rows that a copy or a change is made of, where not any will do.
ROWS = {
    "academies_evaluation": "closed_on is not null",
    "academies_rectification": "state = 'demanded'",
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
#: What else has to be set so that only the reference, or only the sign, is wrong; and of which row.
DANGLING = {
    ("academies_academy", "host_id"): ("host_id = -1, organization_id = -1",),
    ("academies_academy", "organization_id"): ("host_id = -1, organization_id = -1",),
    ("academies_academy", "supervising_union_id"): (
        "supervising_union_id = -1, host_id = organization_id",
    ),
    ("talents_nomination", "batch_id"): ("batch_id = -1, batch_line = 1",),
    ("reports_targetreport", "sealed_by_id"): ("sealed_by_id = -1", "state = 'sealed'"),
}
_DONE = (
    ("activated_by_id", "(select max(id) from organizations_user)"),
    ("result_id", "(select max(id) from policies_policyedition)"),
)
DANGLING |= {
    ("policies_editiondraft", key): (
        "state = 'activated', activated_by_id = {}, result_id = {}".format(
            *("-1" if part == key else value for part, value in _DONE)
        ),
        "state = 'draft'",
    )
    for key in ("activated_by_id", "result_id")
}
#: What stands before such a reference otherwise.
UNGUARDED = {
    "sealed_by_id": "report_is_sealed",
    "activated_by_id": "draft_moves_on_record",
    "result_id": "draft_moves_on_record",
}
NEGATIVE = {
    ("intake_importbatch", part): (f"{part} = -1, row_count = -1",)
    for part in ("accepted_count", "refused_count", "dropped_count")
} | {("talents_assessmentrun", "parts_left"): ("parts_left = -1", "status = 'running'")}
#: Columns of keys that may be empty, and then are no double of each other.
OPTIONAL = {"result_id", "owner_digest", "evaluation_id"}
#: Changes are refused by a trigger here, whatever they are: only what is added can be wrong.
NEVER_CHANGED = {
    "workflow_record", "policies_policyedition", "policies_editiondefault",
    "policies_defaultconfirmation", "talents_assessment",
}  # fmt: skip


#: Controls that others imply: nothing could be told from their absence.
EQUIVALENT = {
    "academies_trainingclass.class_as_enrolments_know_it": "the primary key; a reference needs it",
    "intake_importbatch.intake_importbatch_row_count_check": "a sum of counts none of which is negative",
    "reports_targetreport.reports_targetreport_year_check": "report_year_is_plausible",
    "reports_targetreport.reports_targetreport_edition_no_check": "report_issued_again_says_why",
    "talents_nomination.talents_nomination_rank_check": "nomination_rank_from_one",
    "talents_quotaallocation.talents_quotaallocation_places_check": "places_between_1_and_10000",
    "talents_selectionround.talents_selectionround_year_check": "round_year_is_plausible",
    "workflow_attachment.workflow_attachment_size_check": "attachment_not_empty",
}


def attacks(database):
    for table in our_tables():
        columns = dict(database.execute(COLUMNS, [table]).fetchall())
        for kind in (_doubles, _references, _negatives, _rights):
            for attack in kind(database, table, columns):
                if attack.control not in EQUIVALENT:
                    yield attack


def may_write(database, table):
    return not {"INSERT", "UPDATE"} & set(withheld(database, table))


def row_of(table, where=""):
    usual = "" if where.startswith("state = ") else ROWS.get(table)
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
            known = [f'"{column}" is not null' for column in key if column in OPTIONAL]
            where = " and ".join([*known, *filter(None, [predicate])])
            statement = copied(database, table, columns, replaced, where)
        if name == "record_once_in_its_chain":  # the trigger would give it a number of its own
            statement = f"alter table {table} disable trigger record_append; {statement}"
        role = APP if may_write(database, table) else OWNER
        yield Attack(role, f"{table}.{name}", statement, UNIQUE, name)


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
            statement, role = copied(database, table, columns, replaced), APP
        else:
            dangling = DANGLING.get((table, key[0]), (f"{key[0]} = -1",))
            statement, role = changed(table, *dangling), OWNER
        if guard := UNGUARDED.get(key[0]):
            statement = f"alter table {table} disable trigger {guard}; {statement}"
        statement += f'; set constraints "{name}" immediate'
        yield Attack(role, f"{table}.{name}", statement, REFERENCE, name)


def _negatives(database, table, columns):
    for name, column in database.execute(NOT_NEGATIVE, [table]).fetchall():
        if table in NEVER_CHANGED:
            statement = copied(database, table, columns, {column: "-1"})
        else:
            statement = changed(table, *NEGATIVE.get((table, column), (f"{column} = -1",)))
        yield Attack(OWNER, f"{table}.{name}", statement, CHECK, name)


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
