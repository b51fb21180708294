"""Attacks on the triggers, and on the rights to single columns: what no constraint can say."""

from tests.attacks import (
    auditing,
    claims,
    contests,
    craftsmen,
    endorsing,
    evaluating,
    payees,
    serving,
    studios,
)
from tests.attacks.attack import APP, NO_RIGHT, OWNER, RECORD, Attack
from tests.attacks.generated import COLUMNS, copied

STATES = {
    "talents_selectionround": ("talents.selectionround", "round", "open", "closed"),
    "talents_nomination": ("talents.nomination", "nomination", "draft", "checked"),
    "reports_targetreport": ("reports.targetreport", "report", "draft", "sealed"),
    "policies_editiondraft": ("policies.editiondraft", "draft", "draft", "submitted"),
    "subsidies_fund": ("subsidies.fund", "fund", "open", "closed"),
    "subsidies_grant": ("subsidies.grant", "grant", "draft", "submitted"),
    "subsidies_payment": ("subsidies.payment", "payment", "planned", "ordered"),
}
for each in (auditing, evaluating, contests, craftsmen, endorsing, studios, claims, payees):
    STATES |= each.STATES
SEALING = ", sha256 = repeat('a', 64), sealed_at = now(), sealed_by_id = requested_by_id, data_as_of = now(), signed_as = 'x'"
#: What else changes with a state, or else another rule would refuse the move.
ALONG = {("reports_targetreport", "sealed"): SEALING}
for each in (contests, craftsmen, endorsing, studios, evaluating, auditing, payees):
    ALONG |= each.ALONG
SEALED = "(select id from reports_targetreport where state = 'sealed')"
OF_SEALED = f"(select min(id) from reports_figure where report_id = {SEALED})"
CHECKED = "(select min(nomination_id) from talents_assessment)"
DONE = "(select id from talents_assessmentrun where status = 'done')"
CLASS = "(select min(id) from academies_trainingclass)"
#: A table of the session's own does not stand in for the record: triggers look in our schema first.
SHADOW = (
    "create temp table workflow_record as select * from public.workflow_record limit 0;"
    " insert into workflow_record (subject, kind, source, target, at, id) select"
    " 'talents.selectionround:' || id, 'transition', 'open', 'closed', now() + interval '1 h', 1"
    " from talents_selectionround;"
    " update talents_selectionround set state = 'closed' where state = 'open'"
)
NEWCOMER = (
    "(select min(id) from talents_person where id not in (select person_id from talents_nomination"
    " union select person_id from academies_enrolment union select person_id from competitions_entry))"
)
YEAR = "(select {} from academies_academyyear where year = 2025)"


def attacks(database):
    yield from _records()
    yield from _states(database)
    yield from _verdicts()
    yield from _places()
    yield from _reports(database)
    yield from _counts(database)
    yield from serving.attacks(database)
    yield from _attachments()
    yield from _evaluations()
    yield from _training_reports()
    yield from contests.attacks(database)


def _copy(database, table, **replaced):
    columns = dict(database.execute(COLUMNS, [table]).fetchall())
    return copied(database, table, columns, replaced)


def _records():
    add = RECORD.format(subject="x:1", source="", target="")
    last = "(select r from workflow_record r where chain = 'main' order by id desc limit 1)"
    yield Attack(
        APP, "workflow_record.record_append", add, then=f"select ({last}).sequence > 0 and ({last}).hash <> ''"
    )  # fmt: skip
    for table, trigger, statement in (
        ("workflow_record", "record_is_append_only", "update workflow_record set note = 'x'"),
        ("workflow_record", "record_is_append_only", "delete from workflow_record"),
        ("workflow_record", "record_is_never_truncated", "truncate workflow_record"),
        ("workflow_chainhead", "chain_head_is_never_truncated", "truncate workflow_chainhead"),
        ("policies_policyedition", "policies_edition_is_immutable",
         "update policies_policyedition set text = replace(text, '5年', '1年')"),
        ("policies_policyedition", "policies_edition_is_immutable", "delete from policies_policyedition"),
        ("policies_policyedition", "policies_edition_is_not_truncated", "truncate policies_policyedition cascade"),
    ):  # fmt: skip
        yield Attack(OWNER, f"{table}.{trigger}", statement, "JX001", trigger)
    for name, table in (("default", "editiondefault"), ("confirmation", "defaultconfirmation")):
        table, still, whole = (  # noqa: PLW2901 - the same by its full name
            f"policies_{table}", f"policies_{name}_is_immutable", f"policies_{name}_is_not_truncated",
        )  # fmt: skip
        for statement in (f"update {table} set digest = repeat('a', 64)", f"delete from {table}"):
            yield Attack(OWNER, f"{table}.{still}", statement, "JX001", still)
        yield Attack(OWNER, f"{table}.{whole}", f"truncate {table} cascade", "JX001", whole)


def _states(database):
    for table, (label, name, source, target) in STATES.items():
        pk = database.execute(f"select max(id) from {table} where state = %s", [source]).fetchone()[
            0
        ]
        more = ALONG.get((table, target), "")
        move = f"update {table} set state = '{target}'{more} where id = {pk}"
        back = f"update {table} set state = '{source}' where id = {pk}"
        told = RECORD.format(subject=f"{label}:{pk}", source=source, target=target)
        trigger = f"{name}_moves_on_record"
        ways = {
            "without a record": move,
            "with the record afterwards": f"{move}; {told}",
            "from another state": f"{RECORD.format(subject=f'{label}:{pk}', source='x', target=target)}; {move}",
            "to another state": f"{RECORD.format(subject=f'{label}:{pk}', source=source, target='x')}; {move}",
            "by another row's record": f"{RECORD.format(subject=f'{label}:{pk + 1}', source=source, target=target)}; {move}",
            "by a record of another kind": f"{told.replace('transition', 'change')}; {move}",
        }  # fmt: skip
        if not more:
            ways["there and back by one record"] = f"{told}; {move}; {back}"
        for statement in ways.values():
            for role in (APP, OWNER):
                yield Attack(role, f"{table}.{trigger}", statement, "JX006", trigger)
        yield Attack(APP, f"{table}.{trigger}", f"{told}; {move}", then="select true")
    yield Attack(
        APP,
        "talents_selectionround.round_moves_on_record",
        SHADOW,
        "JX006",
        "round_moves_on_record",
    )
    yield from _first_states(database)


def _first_states(database):
    first = "begins_at_the_first_state"
    yield Attack(
        APP, f"talents_selectionround.round_{first}",
        "insert into talents_selectionround (code, name, edition_id, tier, year, organizer_id,"
        " reference_day, version, by_levels, state) select 'new', name, edition_id, tier, year, organizer_id,"
        " reference_day, 1, false, 'open' from talents_selectionround limit 1", "JX006", f"round_{first}",
    )  # fmt: skip
    yield Attack(
        APP, f"reports_targetreport.report_{first}",
        "insert into reports_targetreport (policy, policy_edition_id, year, organization_id, place_code,"
        " place_name, edition_no, reason, state, requested_by_id, requested_at, figure_count, sha256,"
        " sealed_at, sealed_by_id, data_as_of, signed_as) select 'x', policy_edition_id, 2030,"
        " organization_id, 'x', 'x', 1, '', state, requested_by_id, now(), 0, sha256, now(), sealed_by_id,"
        " now(), 'x' from reports_targetreport where state = 'sealed'", "JX006", f"report_{first}",
    )  # fmt: skip
    copy = _copy(
        database,
        "talents_nomination",
        id="id + 1000",
        state="'checked'",
        person_id=NEWCOMER,
        rank="null",
    )
    yield Attack(
        APP, f"talents_nomination.nomination_{first}", copy, "JX006", f"nomination_{first}"
    )

    copy = _copy(
        database, "talents_honour", id="id + 1000", state="'doubted'", reason="'x'",
        certificate_number="'new'", nomination_id="null",
    )  # fmt: skip
    yield Attack(APP, f"talents_honour.honour_{first}", copy, "JX006", f"honour_{first}")
    copy = _copy(
        database, "policies_editiondraft", id="id + 1000", state="'submitted'", code="'x'",
        result_id="null", activated_by_id="null",
    )  # fmt: skip
    yield Attack(APP, f"policies_editiondraft.draft_{first}", copy, "JX006", f"draft_{first}")


def _verdicts():
    table = "talents_assessment"
    yield Attack(
        APP, f"{table}.verdict_goes_with_its_nomination", f"delete from {table} where run_id = {DONE}",
        "JX003", "verdict_goes_with_its_nomination",
    )  # fmt: skip
    yield Attack(
        APP, f"{table}.verdict_comes_from_a_running_check",
        f"insert into {table} (run_id, nomination_id, version, met, known, overall, observed)"
        f" select {DONE}, max(n.id), 1, 0, 0, 1, '{{}}' from talents_nomination n",
        "JX003", "verdict_comes_from_a_running_check",
    )  # fmt: skip
    yield Attack(
        OWNER, f"{table}.verdict_is_never_changed", f"update {table} set overall = 1 - overall",
        "JX003", "verdict_is_never_changed",
    )  # fmt: skip
    yield Attack(
        OWNER, f"{table}.verdicts_are_never_emptied", f"truncate {table}",
        "JX003", "verdicts_are_never_emptied",
    )  # fmt: skip
    yield Attack(
        APP, "talents_nomination.nomination_assessed_is_kept",
        f"delete from talents_employment where nomination_id = {CHECKED};"
        f" update talents_assessmentrun set status = 'done', finished_at = now(), parts_left = 0;"
        f" delete from talents_nomination where id = {CHECKED}",
        "JX003", "nomination_assessed_is_kept",
    )  # fmt: skip


def _places():
    """Two candidates of one body: with one place for both, the second is not confirmed."""
    confirm = "nomination_confirmed_within_places"
    last = "(select max(id) from talents_nomination where state = 'draft')"
    told = RECORD.format(
        subject=f"talents.nomination:' || {last} || '", source="draft", target="checked"
    )
    move = f"{told}; update talents_nomination set state = 'checked' where id = {last}; "
    places = "update talents_quotaallocation set {}; "
    elsewhere = (
        "organization_id = (select min(o.id) from organizations_organization o where not exists (select"
        " from organizations_organization u join talents_nomination n on n.unit_id = u.id"
        " where starts_with(u.path, o.path)))"
    )
    for given in (places.format("places = 1") + move + move, places.format(elsewhere) + move):
        yield Attack(APP, f"talents_nomination.{confirm}", given, "JX008", confirm)
    cover = "places_cover_the_confirmed"
    for fewer in (
        places.format("places = 1"), places.format(elsewhere), "delete from talents_quotaallocation"
    ):  # fmt: skip
        yield Attack(APP, f"talents_quotaallocation.{cover}", move + move + fewer, "JX008", cover)


def _reports(database):
    yield Attack(
        APP, "reports_targetreport.report_is_sealed",
        f"update reports_targetreport set year = 2024 where id = {SEALED}", "JX005", "report_is_sealed",
    )  # fmt: skip
    yield Attack(
        OWNER, "reports_targetreport.report_is_sealed",
        "alter table reports_figurerows disable trigger user; alter table reports_figure disable trigger user;"
        f" delete from reports_targetreport where id = {SEALED}", "JX005", "report_is_sealed",
    )  # fmt: skip
    figure = (
        "insert into reports_figure (report_id, position, kind, code, standard, measure, title, unit,"
        " organization_id, place_code, place_name, is_total, period, tolerance, standing, note)"
        f" select {SEALED}, 999, 'target', 'x', '', 'x', 'x', '', organization_id, 'x', 'x', false, '', 0,"
        " 'no-data', '' from reports_figure limit 1"
    )
    rows = (
        "insert into reports_figurerows (figure_id, position, part, query, params, ids, subjects, said,"
        f" row_count, distinct_count, digest) select {OF_SEALED}, 9, '', 'x', '{{}}', '{{}}', '{{}}', '{{}}',"
        " 0, 0, 'x'"
    )
    of = {"figure": f"report_id = {SEALED}", "figurerows": f"figure_id = {OF_SEALED}"}
    for name, insert in (("figure", figure), ("figurerows", rows)):
        table = f"reports_{name}"
        change = {"figure": "actual = null, note = 'x'", "figurerows": "said = said"}[name]
        spare = (
            "alter table reports_figurerows disable trigger user; delete from reports_figurerows; "
        )
        delete = (spare if name == "figure" else "") + f"delete from {table} where {of[name]}"
        yield Attack(APP, f"{table}.{name}_is_sealed_insert", insert, "JX005", "report_is_sealed")
        yield Attack(
            OWNER, f"{table}.{name}_is_sealed_update", f"update {table} set {change} where {of[name]}",
            "JX005", "report_is_sealed",
        )  # fmt: skip
        yield Attack(OWNER, f"{table}.{name}_is_sealed_delete", delete, "JX005", "report_is_sealed")
    for name in ("figure", "figurerows"):
        never = f"{name}_is_never_truncated"
        yield Attack(
            OWNER, f"reports_{name}.{never}", f"truncate reports_{name} cascade", "JX005", never
        )
    never = "report_is_never_truncated"
    yield Attack(
        OWNER,
        f"reports_targetreport.{never}",
        "truncate reports_targetreport cascade",
        "JX005",
        never,
    )


def _counts(database):
    """These refuse nothing: what they keep has to have moved with the rows."""
    times, classes = YEAR.format("person_times"), YEAR.format("classes")
    enrolment = _copy(database, "academies_enrolment", id="id + 1000", person_id=NEWCOMER)
    training = _copy(database, "academies_trainingclass", id="id + 1000", number="'new'")
    enrolments = f"select {times} = (select count(*) from academies_enrolment)"
    practical = f"select {YEAR.format('practical_classes')} = (select count(*) from academies_trainingclass where is_practical)"
    held = f"select {classes} = (select count(*) from academies_trainingclass)"
    gone = "delete from academies_enrolment where id = (select max(id) from academies_enrolment)"
    for control, statement, then in (
        ("academies_enrolment.enrolment_counts_added", enrolment, enrolments),
        ("academies_enrolment.enrolment_counts_removed", gone, enrolments),
        ("academies_enrolment.enrolment_counts_corrected",
         "update academies_trainingclass set is_practical = true",
         f"select {YEAR.format('practical_persons')} = (select count(distinct person_id) from academies_enrolment)"),
        ("academies_trainingclass.class_counts_added", training, held),
        ("academies_trainingclass.class_counts_removed",
         (f"delete from academies_enrolment where training_class_id = {CLASS};"
         f" delete from academies_trainingclass where id = {CLASS}"), held),
        ("academies_trainingclass.class_counts_corrected",
         "update academies_trainingclass set is_practical = true", practical),
    ):  # fmt: skip
        yield Attack(APP, control, statement, then=then)
    yield Attack(
        APP, "academies_enrolment.enrolment_follows_its_class",
        "update academies_enrolment set is_practical = not is_practical", "23503", "enrolment_follows_its_class",
    )  # fmt: skip


def _evaluations():
    """The academy is held from here on; rows that the session has not locked bear an older number."""
    yield Attack(
        APP,
        "academies_evaluation.evaluation_locks_its_academy",
        "update academies_evaluation set closed_on = null",
        then="select bool_and(xmax::text::bigint >= pg_current_xact_id()::xid::text::bigint)"
        " from academies_academy where id in (select academy_id from academies_evaluation)",
    )  # fmt: skip
    yield Attack(
        APP, "academies_evaluation.evaluation_closes_when_put_right",
        "update academies_evaluation set closed_on = evaluated_on where closed_on is null",
        "JX021", "evaluation_closes_when_put_right",
    )  # fmt: skip
    item = (
        "insert into academies_rectification (evaluation_id, origin, number, problem, due_on, state, owner,"
        " measure, proof, finding, demanded_by_id, demanded_at) select {}, '', 99, 'x', current_date,"
        " '{}', 'x', 'x', 'x', 'x', demanded_by_id, now() from academies_rectification limit 1"
    )
    closed = "(select max(id) from academies_evaluation where closed_on is not null)"
    demanded = "rectification_is_demanded_while_open"
    yield Attack(
        APP,
        f"academies_rectification.{demanded}",
        item.format(closed, "demanded"),
        "JX021",
        demanded,
    )


def _training_reports():
    stays = "training_report_accepted_stays"
    yield Attack(
        APP, f"academies_trainingreport.{stays}",
        "update academies_trainingreport set words = 'x' where state = 'accepted'", "JX022", stays,
    )  # fmt: skip
    signed = "training_report_begins_at_the_first_state"
    columns = (
        "academy_id, year, title, first_on, last_on, due_on, state, words, counted, digest,"
        " prepared_by_id, certified_by_id, certified_at, fault, fault_words, returns, faults,"
        " contested, told_up_to"
    )
    yield Attack(
        APP, f"academies_trainingreport.{signed}",
        f"insert into academies_trainingreport (part, {columns}) select 9, {columns}"
        " from academies_trainingreport where state = 'certified'", "JX006", signed,
    )  # fmt: skip
    begun = "review_begins_at_the_first_state"
    columns = (
        "items, statement, opinion, fault, fault_words, reason, objection, answer, filed_by_id,"
        " endorsed_by_id"
    )
    yield Attack(
        APP, f"academies_review.{begun}",
        f"insert into academies_review (state, campaign_id, academy_id, {columns}) select 'endorsed',"
        f" campaign_id, (select max(id) + 1 from academies_academy), {columns} from academies_review"
        " where state = 'graded'", "JX006", begun,
    )  # fmt: skip


def _attachments():
    for column, value in (
        ("sha256", "repeat('a', 64)"),
        ("size", "1"),
        ("filename", "'x'"),
        ("kind", "'csv'"),
    ):
        yield Attack(
            APP, "workflow_attachment.UPDATE", f"update workflow_attachment set {column} = {value}", NO_RIGHT
        )  # fmt: skip
