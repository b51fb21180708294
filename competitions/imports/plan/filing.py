"""The plan set against what is on file: what is new, what it corrects; written, and taken back."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from competitions.imports.plan.form import OF_CONTEST
from competitions.imports.plan.reading import Reader, Row, year_in
from competitions.models import Chain, Competition, Item
from competitions.models.competitions import with_codes
from competitions.models.tiers import OPEN_TO_ALL, PLAIN
from competitions.permissions import KEEPERS, may_change_marks, may_hold_for
from competitions.rules.editions import edition_for
from competitions.services import contests
from intake.kinds import registers
from intake.kinds.registers import Fault, Line, Plan
from organizations.models import Organization
from policies.library.editions import policy_by_digest
from workflow.texts.folding import fold_code, fold_header

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.kinds.registers import Became
    from intake.models import ImportBatch, ImportRow
    from organizations.models import User

CONTEST_KEY = {name: key for key, name in OF_CONTEST.items()}


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
        row = Reader(line.line, line.cells, on_file.bodies, on_file.tiers, plan.faults).row()
        row.contest = on_file.contests.get(row.contest_code.upper())
        row.item = on_file.items.get(row.code.upper())
        plan.entries.append(row)
        _check_doubles(row, first, plan.faults)
        _check_contest(row, first[row.contest_code.upper()], on_file, plan.faults)
        _check_item(row, on_file, plan.faults)
    _check_stages(plan, on_file)
    for row in plan.entries:
        if row.item is None:
            plan.new.append(row)
        elif _differing(row.item, _item_facts(row, on_file.items)) or (
            row.contest and _differing(row.contest, row.contest_facts)
        ):
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
        self.tiers = _tiers(lines)
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


def _tiers(lines: Iterable[Line]) -> dict[str, str]:
    """What tiers may be called: as the rules of the years in the plan have them."""
    found = {fold_header(OPEN_TO_ALL[1]): OPEN_TO_ALL[0], "公开挑战": OPEN_TO_ALL[0]}
    for year in sorted({year for line in lines if (year := year_in(line.cells["year"]))}):
        edition = edition_for(year)
        if edition:
            tiers = policy_by_digest(edition.digest).tiers
            found |= {fold_header(tier.title): tier.code for tier in tiers}
    return {fold_header(PLAIN[1]): PLAIN[0]} | found


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


def _said_otherwise(row: Row, first: Row) -> list[str]:
    """The columns in which a row says otherwise about its contest than the first that names it."""
    told = {**row.contest_facts, "year": row.year, "organizer": row.organizer}
    before = {**first.contest_facts, "year": first.year, "organizer": first.organizer}
    differing = [n for n, value in told.items() if n in before and before[n] != value]
    return [CONTEST_KEY.get(name, name) for name in differing]


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
        code = "role-required" if refusal.code == "role-required" else "marking-closed"
        faults.append(Fault(row.line, "item", code, refusal.message))


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


def carry_out(batch: ImportBatch, plan: Plan[Row], actor: User) -> Became:
    """Register and correct what the table asks for; earlier stages before those that follow them."""
    became: dict[int, tuple[int, dict[str, Any] | None]] = {}
    made = {row.contest_code.upper(): row.contest for row in plan.entries}
    items = {row.code.upper(): row.item for row in plan.entries if row.item}
    others = {row.follows.upper() for row in plan.entries if row.follows} - items.keys()
    items |= {item.code.upper(): item for item in with_codes(Item.objects.all(), others)}
    for row in _in_order([*plan.new, *plan.changed]):
        before: dict[str, Any] = {}
        code = row.contest_code.upper()
        contest = made[code]
        if contest is None:
            contest = made[code] = contests.register_competition(
                row.contest_code, row.year or 0, _organizer(row), _whole(row), actor=actor
            )
            before["contest"] = None
        elif row.contest and _differing(contest, row.contest_facts):
            before["contest"] = _stored(contest)
            facts = _kept(contest) | row.contest_facts
            contests.correct_competition(contest.pk, facts, actor=actor, note=registers.CORRECTED)
            contest.refresh_from_db()
        facts = _item_facts(row, items)
        if row.item is None:
            item = contests.register_item(contest.pk, row.code, facts, actor=actor)
            before["item"] = None
        else:
            item = row.item
            if _differing(item, facts):
                before["item"] = _stored(item)
                facts = _kept(item) | facts
                contests.correct_item(item.pk, facts, actor=actor, note=registers.CORRECTED)
        items[row.code.upper()] = item
        became[row.line] = (item.pk, before)
    return became


def _organizer(row: Row) -> Organization:
    if row.organizer is None:  # a plan with such a row has a fault
        raise Organization.DoesNotExist
    return row.organizer


def _whole(row: Row) -> dict[str, Any]:
    """What the row says of its contest, the rest as it is where nothing is told."""
    return _kept(Competition()) | row.contest_facts


def _kept(row: Competition | Item) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.CORRECTABLE.fields}


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


def take_back(batch: ImportBatch, rows: list[ImportRow], actor: User) -> None:
    """Set back what the table changed, remove what it brought: later stages first, contests last."""
    brought: list[int] = []
    items = Item.objects.in_bulk([row.object_id for row in rows if row.object_id])
    for row in sorted(rows, key=lambda row: -(row.object_id or 0)):
        item = items.get(row.object_id or 0)
        if item is None or row.before is None:
            continue
        before = row.before
        if "item" in before:
            _set_back_item(item, before["item"], actor)
        if before.get("contest"):
            facts = _restored(before["contest"])
            note = registers.RESTORED
            contests.correct_competition(item.competition_id, facts, actor=actor, note=note)
        elif "contest" in before:
            brought.append(item.competition_id)
    for pk in brought:
        contests.remove_competition(pk, actor=actor, note=registers.WITHDRAWN)


def _set_back_item(item: Item, before: dict[str, Any] | None, actor: User) -> None:
    if before is None:
        contests.remove_item(item.pk, actor=actor, note=registers.WITHDRAWN)
        return
    facts = _restored(before)
    contests.correct_item(item.pk, facts, actor=actor, note=registers.RESTORED)


def _stored(row: Competition | Item) -> dict[str, Any]:
    """The facts as they can be set back: days as text, the stage that is followed by its key."""
    told = _kept(row) | ({"follows": row.follows_id} if isinstance(row, Item) else {})
    return {n: v.isoformat() if isinstance(v, date) else v for n, v in told.items()}


def _restored(told: dict[str, Any]) -> dict[str, Any]:
    """What ``_stored`` kept, as the model has it."""
    facts: dict[str, Any] = {
        name: date.fromisoformat(value)
        if value and name.endswith(("_on", "_from", "_until"))
        else value
        for name, value in told.items()
    }
    if facts.get("follows"):
        facts["follows"] = Item.objects.get(pk=facts["follows"])
    return facts
