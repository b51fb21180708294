"""The plan set against what is on file: what is new, what it corrects; written, and taken back."""

from __future__ import annotations

from collections import Counter
from copy import copy
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from competitions.imports.plan.clashing import clashing
from competitions.imports.plan.form import COLUMN_OF, heading_of
from competitions.imports.plan.reading import Reader, Row, as_day, year_in
from competitions.imports.plan.undoing import stored
from competitions.models import Chain, Competition, Item
from competitions.models.competitions import LAST_YEAR, with_codes
from competitions.models.tiers import OPEN_TO_ALL, PLAIN
from competitions.permissions import KEEPERS, may_change_marks, may_hold_for
from competitions.permissions.kinds import DECISIVE, may_set_kind
from competitions.rules.editions import edition_for, rules_of
from competitions.services import contests
from intake.kinds import registers
from intake.kinds.registers import Fault, Line, Plan
from organizations.models import Organization
from policies.library.editions import policy_by_digest
from workflow.texts.folding import fold_code, fold_header

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from intake.kinds.registers import Became
    from intake.models import ImportBatch
    from organizations.models import User
    from policies.library.policy import Policy
    from workflow.refusals import DomainError


class PlanRegister(registers.Register):
    """Contests and items of whoever hands the plan in."""

    model, roles = "competitions.competition", KEEPERS
    title = "竞赛计划"

    def __init__(self) -> None:
        self.trail = (("技能竞赛", reverse("competitions:list")),)


def plan_of(rows: Iterable[Line], *, actor: User) -> Plan[Row]:
    """Read every row, name every fault, tell new from changed. Touches nothing."""
    lines, plan = list(rows), Plan[Row]()
    on_file = _OnFile(lines, actor)
    first: dict[str, Row] = {}
    for line in lines:
        tiers = on_file.tiers[fold_code(line.cells["contest"]).upper()]
        row = Reader(line.line, line.cells, on_file.bodies, tiers, plan.faults).row()
        row.contest = on_file.contests.get(row.contest_code.upper())
        row.item = on_file.items.get(row.code.upper())
        plan.entries.append(row)
        _check_doubles(row, first, plan.faults)
        _check_contest(row, first[row.contest_code.upper()], on_file, plan.faults)
        _check_kind(row, on_file, plan.faults)
        _check_item(row, on_file, plan.faults)
    _check_stages(plan, on_file)
    faulty = {fault.line for fault in plan.faults}  # of what is another's nothing is told
    plan.doubts += clashing([row for row in plan.entries if row.line not in faulty], actor)
    for row in plan.entries:
        is_first = first[row.contest_code.upper()] is row
        corrects = (
            [] if row.line in faulty else _corrections(row, on_file.items, of_contest=is_first)
        )
        plan.doubts += corrects
        if row.item is None:
            plan.new.append(row)
        elif corrects:
            plan.changed.append(row)
    return plan


class _OnFile:
    """What the rows are held against, asked once for all of them."""

    def __init__(self, lines: list[Line], actor: User) -> None:
        self.actor = actor
        codes = {key: {fold_code(line.cells[key]).upper() for line in lines} for key in ("contest", "item", "follows")}  # fmt: skip
        named = codes["item"] | codes["follows"]
        items = Item.objects.select_related("competition__organizer", "follows")
        self.items = {i.code.upper(): i for i in with_codes(items, named)}
        rows = Competition.objects.select_related("organizer", "edition")
        self.contests = {c.code.upper(): c for c in with_codes(rows, codes["contest"])}
        self.seen = set(Item.objects.visible_to(actor).filter(pk__in=[i.pk for i in self.items.values()]).values_list("pk", flat=True))  # fmt: skip
        self.bodies = _bodies(actor)
        self.tiers = _tiers(lines, self.contests)
        self._chains: dict[int, set[str]] = {}
        self._held: dict[int, str] = {}

    def chains(self, organizer: Organization) -> set[str]:
        if organizer.pk not in self._chains:
            self._chains[organizer.pk] = set(Chain.listed_for(organizer))
        return self._chains[organizer.pk]

    def refusal(self, organizer: Organization) -> str:
        """Why the actor does not hold contests for this body; "" where he does."""
        if organizer.pk not in self._held:
            refused = may_hold_for.why_not(self.actor, organizer)
            self._held[organizer.pk] = refused.message if refused else ""
        return self._held[organizer.pk]


def _bodies(actor: User) -> dict[str, Organization | None]:
    """Bodies within reach by code and, where only one has it, by name."""
    found: dict[str, Organization | None] = {}
    rows = list(Organization.objects.visible_to(actor))
    times = Counter(fold_header(body.name) for body in rows)
    for body in rows:
        name = fold_header(body.name)
        found[name] = body if times[name] == 1 else None
    return found | {body.code.upper(): body for body in rows}


def _tiers(lines: Iterable[Line], contests: dict[str, Competition]) -> dict[str, dict[str, str]]:
    """By contest, in capitals, what its tiers may be called: as the rules have them that it is or will
    be held by.
    """
    told: dict[str, tuple[int | None, date | None]] = {}
    for line in lines:
        code = fold_code(line.cells["contest"]).upper()
        year, day = told.get(code, (None, None))
        told[code] = (
            year or year_in(line.cells["year"]),
            day or as_day(line.cells["contest_starts"]),
        )
    by_day: dict[tuple[int | None, date | None], dict[str, str]] = {}
    for when in set(told.values()):
        edition = edition_for(when[0] or LAST_YEAR, when[1])
        by_day[when] = _titles(policy_by_digest(edition.digest) if edition else None)
    return {
        code: _titles(rules_of(contests[code])) if code in contests else by_day[when]
        for code, when in told.items()
    }


def _titles(rules: Policy | None) -> dict[str, str]:
    """What the tiers of these rules may be called; one plain tier where they know of none."""
    tiers = [(tier.code, tier.title) for tier in rules.tiers] if rules else []
    told = {fold_header(title): code for code, title in [*(tiers or [PLAIN]), OPEN_TO_ALL]}
    return told | {"公开挑战": OPEN_TO_ALL[0]}


def _check_doubles(row: Row, first: dict[str, Row], faults: list[Fault]) -> None:
    first.setdefault(row.contest_code.upper(), row)
    key = f"item:{row.code.upper()}"
    if row.code and first.setdefault(key, row) is not row:
        message = f"项目编码“{row.code}”与第{first[key].line}行重复"
        faults.append(Fault(row.line, "item", "code-repeated", message))


def _check_contest(row: Row, first: Row, on_file: _OnFile, faults: list[Fault]) -> None:
    """What the row says of its contest: as the first row that names it, and as it is on file."""

    def refuse(key: str, code: str, message: str) -> None:
        faults.append(Fault(row.line, key, code, message))

    chain = row.contest_facts.get("chain")
    if first is not row:
        for key in _said_otherwise(row, first):
            refuse(key, "contest-differs", "与前面同一竞赛的行填写的不同，请核对")
        # what any row says of a contest is said of it: all of its rows read it from one place
        first.contest_facts.update(row.contest_facts | first.contest_facts)
        row.contest_facts = first.contest_facts
    contest, organizer = row.contest, row.organizer
    if contest and organizer == contest.organizer and row.year not in {None, contest.year}:
        refuse("year", "year-differs", f"“{contest}”登记的年度是{contest.year}，登记后不改")
    if organizer is None:
        return
    if contest and organizer != contest.organizer:
        refuse("organizer", "role-required", f"“{row.contest_code}”已由其他单位登记，请核对编码")
    elif refusal := on_file.refusal(organizer):
        refuse("organizer", "role-required", refusal)
    elif chain and not ((contest and contest.chain == chain) or chain in on_file.chains(organizer)):
        message = (
            f"“{chain}”不在“{organizer.name}”适用的产业链清单中；确需增加的，请由市总工会先列入"
        )
        refuse("chain", "chain-not-listed", message)


def _check_kind(row: Row, on_file: _OnFile, faults: list[Fault]) -> None:
    """Level and class of a contest with locked marks are not changed by a table."""
    if row.contest is None or row.organizer != row.contest.organizer:
        return
    if on_file.refusal(row.organizer):
        return
    changed = _differing(row.contest, row.contest_facts).keys() & set(DECISIVE)
    if changed and (held := may_set_kind.why_not(on_file.actor, row.contest)):
        key = COLUMN_OF[Competition][min(changed)]
        faults.append(Fault(row.line, key, _code_of(held), held.message))


def _said_otherwise(row: Row, first: Row) -> list[str]:
    """The columns in which a row says otherwise about its contest than the first that names it."""
    told = {**row.contest_facts, "year": row.year, "organizer": row.organizer}
    before = {**first.contest_facts, "year": first.year, "organizer": first.organizer}
    differing = [n for n, value in told.items() if n in before and before[n] != value]
    return [COLUMN_OF[Competition].get(name, name) for name in differing]


def _check_item(row: Row, on_file: _OnFile, faults: list[Fault]) -> None:
    item = row.item
    if item is None:
        return
    if row.contest is None or item.competition_id != row.contest.pk:
        message = f"项目编码“{row.code}”已由另一竞赛使用，请另编"
        faults.append(Fault(row.line, "item", "item-elsewhere", message))
    elif _differing(item, _item_facts(row, on_file.items)) and (
        refusal := may_change_marks.why_not(on_file.actor, item)
    ):
        faults.append(Fault(row.line, "item", _code_of(refusal), refusal.message))


def _code_of(refusal: DomainError) -> str:
    """Whether a row is refused for who hands it in, or for what became of the item meanwhile."""
    is_of_person = refusal.code in {"role-required", "party-to-the-item"}
    return "role-required" if is_of_person else "marking-closed"


def _check_stages(plan: Plan[Row], on_file: _OnFile) -> None:
    """Each stage that is followed is in the table or on file within reach, and none leads back."""
    rows = {row.code.upper(): row for row in plan.entries}
    for row in plan.entries:
        if not row.follows:
            continue
        code = row.follows.upper()
        known = on_file.items.get(code)
        if code not in rows and (known is None or known.pk not in on_file.seen):
            message = f"没有编码为“{row.follows}”的项目，请先登记该赛段或写在同一表中"
            plan.faults.append(Fault(row.line, "follows", "follows-unknown", message))
        elif _leads_back(row, rows, on_file.items):
            message = f"“{row.follows}”由“{row.code}”晋级而来，赛段不能首尾相接"
            plan.faults.append(Fault(row.line, "follows", "follows-unknown", message))


def _leads_back(row: Row, rows: dict[str, Row], items: dict[str, Item]) -> bool:
    seen, code = set(), (row.follows or "").upper()
    while code and code not in seen:
        if code == row.code.upper():
            return True
        seen.add(code)
        told, known = rows.get(code), items.get(code)
        if told is not None and told.follows is not None:
            code = told.follows.upper()
        else:
            code = known.follows.code.upper() if known and known.follows else ""
    return False


def _item_facts(row: Row, items: dict[str, Item]) -> dict[str, Any]:
    """What the row says of its item; a stage that is still to be made stands for itself."""
    facts = dict(row.facts)
    if row.follows is not None:
        facts["follows"] = items.get(row.follows.upper(), row.follows) if row.follows else None
    return facts


def _differing(on_file: Competition | Item, facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if getattr(on_file, name) != value}


def _corrections(row: Row, items: dict[str, Item], *, of_contest: bool) -> list[Fault]:
    """Everything on file that filing the row changes, cell by cell; of its contest once, by its first row."""
    found = []
    if row.contest and of_contest:
        found += _told(row.line, row.contest, _differing(row.contest, row.contest_facts))
    if row.item:
        found += _told(row.line, row.item, _differing(row.item, _item_facts(row, items)))
    return found


def _told(line: int, on_file: Competition | Item, facts: dict[str, Any]) -> list[Fault]:
    made, was = copy(on_file), on_file.CORRECTABLE.recorded(on_file)
    # a stage that is made by the same table has no name yet but its code
    named = {"follows": facts["follows"]} if isinstance(facts.get("follows"), str) else {}
    for name in facts.keys() - named.keys():
        setattr(made, name, facts[name])
    is_now = made.CORRECTABLE.recorded(made) | named
    columns = COLUMN_OF[type(on_file)]
    return [
        Fault(line, columns[name], "will-correct", f"更正{on_file}的{heading_of(on_file, name)}：{_written(was[name])}改为{_written(is_now[name])}")
        for name in facts
    ]  # fmt: skip


def _written(value: Any) -> str:
    return "空" if value == "" else f"“{value}”"


def carry_out(batch: ImportBatch, plan: Plan[Row], actor: User) -> Became:
    """Register and correct what the table asks for; earlier stages before those that follow them."""
    became: dict[int, tuple[int, dict[str, Any] | None]] = {}
    made = {row.contest_code.upper(): row.contest for row in plan.entries}
    items = {row.code.upper(): row.item for row in plan.entries if row.item}
    others = {row.follows.upper() for row in plan.entries if row.follows} - items.keys()
    items |= {item.code.upper(): item for item in with_codes(Item.objects.all(), others)}
    for step, row in enumerate(_in_order([*plan.new, *plan.changed])):
        before: dict[str, Any] = {"step": step, "became": {}}
        code = row.contest_code.upper()
        contest = made[code]
        if contest is None:
            contest = made[code] = contests.register_competition(
                row.contest_code, row.year or 0, _organizer(row), row.contest_facts, actor=actor
            )
            _note(before, "contest", contest, None, contest.CORRECTABLE.fields)
        elif row.contest and (facts := _differing(contest, row.contest_facts)):
            was = stored(contest, facts)
            made[code] = contest = contests.correct_competition(
                contest.pk, {"chain": contest.chain} | facts, actor=actor, note=registers.CORRECTED
            )
            _note(before, "contest", contest, was, facts)
        facts = _item_facts(row, items)
        if row.item is None:
            item = contests.register_item(contest.pk, row.code, facts, actor=actor)
            _note(before, "item", item, None, item.CORRECTABLE.fields)
        else:
            item = row.item
            if facts := _differing(item, facts):
                was = stored(item, facts)
                item = contests.correct_item(item.pk, facts, actor=actor, note=registers.CORRECTED)
                _note(before, "item", item, was, facts)
        items[row.code.upper()] = item
        became[row.line] = (item.pk, before)
    return became


def _note(
    before: dict[str, Any],
    kind: str,
    row: Competition | Item,
    was: dict[str, Any] | None,
    names: Iterable[str],
) -> None:
    """Keep what stood there (None: nothing) and what it became, field by field, for the undo."""
    before[kind] = was
    before["became"][kind] = stored(row, names)


def _organizer(row: Row) -> Organization:
    if row.organizer is None:  # a plan with such a row has a fault
        raise Organization.DoesNotExist
    return row.organizer


def _in_order(rows: list[Row]) -> list[Row]:
    """A stage after the one that it follows, else as in the table."""
    waiting = {row.code.upper(): row for row in sorted(rows, key=lambda row: row.line)}
    ordered: list[Row] = []

    def put(code: str) -> None:
        row = waiting.pop(code, None)
        if row is not None:
            put((row.follows or "").upper())
            ordered.append(row)

    while waiting:
        put(next(iter(waiting)))
    return ordered
