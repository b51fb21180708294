"""Contests: what the attacks are made on, and attacks on what no constraint can say."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from competitions.models import Appeal, Entry, Item, Promotion
from intake.models import ImportBatch
from talents.models import Certificate
from tests.attacks.attack import APP, Attack
from tests.attacks.generated import COLUMNS, copied
from tests.factories.competitions import (
    AppealFactory,
    ArbiterFactory,
    AwardFactory,
    BoardLineFactory,
    ChainFactory,
    EntryFactory,
    ItemFactory,
    JudgeFactory,
    PromotionFactory,
    TermsFactory,
    TrialFactory,
    TypedSheetFactory,
    marked,
)
from tests.factories.organizations import UserFactory
from tests.factories.workflow import record
from workflow.models import Record
from workflow.records import subject_of

SOMEBODY = "(select {}(id) from organizations_user)"
STATES = {
    "competitions_competition": ("competitions.competition", "competition", "draft", "announced"),
    "competitions_item": ("competitions.item", "item", "open", "checked"),
    "competitions_entry": ("competitions.entry", "entry", "entered", "withdrawn"),
    "competitions_appeal": ("competitions.appeal", "appeal", "filed", "rejected"),
    "competitions_promotion": ("competitions.promotion", "promotion", "proposed", "refused"),
}
DECIDED = f", verdict = 'x', decided_at = now(), decided_by_id = {SOMEBODY.format('min')}"
ALONG = {
    ("competitions_item", "checked"): f", checked_by_id = {SOMEBODY.format('min')}",
    ("competitions_appeal", "rejected"): DECIDED,
}
#: Entered nowhere, so that a copy of an entry may be theirs.
ELSEWHERE = "(select min(id) from talents_person where id not in (select person_id from competitions_entry))"
#: By table: the name its triggers begin with, and what a copy in a later state says otherwise.
LATER = {
    "competition": {"code": "'new'", "state": "'announced'"},
    "item": {"code": "'new'", "state": "'checked'", "checked_by_id": "1", "locked_by_id": "null"},
    "entry": {"number": "'new'", "work_code": "'new'", "state": "'withdrawn'", "person_id": ELSEWHERE},
    "appeal": {
        "state": "'rejected'", "verdict": "'x'", "decided_at": "now()",
        "decided_by_id": SOMEBODY.format("min"),
    },
    "promotion": {
        "state": "'refused'", "certificate_id": "null", "entry_id": "entry_id + 100000",
    },
}  # fmt: skip


def contested(city):
    """An item that is being marked, entered by a sheet; one that two have locked; what came of it."""
    open_item = ItemFactory(competition__organizer=city.city)
    entry = marked(EntryFactory(item=open_item), 30, 1, 2, 3)
    batch = ImportBatch.objects.first()
    Entry.objects.filter(pk=entry.pk).update(batch=batch, batch_line=3, unit=city.east)
    ItemFactory(competition=open_item.competition, follows=open_item, places=3)
    pairs = ItemFactory(competition=open_item.competition, team_size=2)
    captain = EntryFactory(item=pairs, team="一队")
    EntryFactory(item=pairs, team="一队", number="", captain=captain)
    _served(city, open_item)
    terms = TermsFactory(competition=open_item.competition)
    TrialFactory(item=open_item)
    TypedSheetFactory(entry=entry)
    other = marked(EntryFactory(item__competition=open_item.competition), 30, 1, 2, 3)
    locked = other.item
    _move(city, locked, "checked", checked_by=UserFactory())
    _move(city, Item.objects.get(pk=locked.pk), "locked", locked_by=UserFactory())
    line = BoardLineFactory(board__scheme=open_item.schemes.get(), entry=entry)
    _awarded(city, line)
    AppealFactory(board=line.board, entry=entry)
    decided = AppealFactory(board=line.board, entry=other)
    words = {"verdict": "x", "decided_by": UserFactory(), "decided_at": timezone.now()}
    _move(city, decided, "upheld", **words)
    PromotionFactory(entry=entry)
    risen = PromotionFactory(entry=other, occupation="车工", occupation_code="6-18-01-01")
    certificate = Certificate.objects.create(person=risen.person, number="Y2", level="2")
    _move(city, risen, "certified", certificate=certificate)
    Entry.objects.update(terms=terms, signed_on=date(2026, 7, 1))
    assert (Appeal.objects.count(), Promotion.objects.count()) == (2, 2)


def _served(city, item):
    """Who judges and who arbitrates, the chains of the city, and an announced contest beside."""
    _move(city, TermsFactory(competition__organizer=city.city).competition, "announced")
    JudgeFactory(item=item)
    ArbiterFactory(competition=item.competition)
    ChainFactory(organization=city.city)


def _awarded(city, line):
    given = {"document_number": "京工发〔2026〕1号", "given_on": date(2026, 9, 9)}
    AwardFactory(line=line, certificate_number="JSD202600002", **given)
    prize = {
        "kind": "unit",
        "honour": None,
        "unit": city.east,
        "certificate_number": "JSD202600001",
    }
    AwardFactory(line=line, **given, **prize)


def _move(city, row, state, **along):
    words = {"source": row.state, "target": state}
    with transaction.atomic():
        record(city.city, kind=Record.Kind.TRANSITION, subject=subject_of(row), **words)
        type(row).objects.filter(pk=row.pk).update(state=state, **along)


def _copy(database, table, **replaced):
    columns = dict(database.execute(COLUMNS, [table]).fetchall())
    return copied(database, table, columns, replaced)


def attacks(database):
    first = "begins_at_the_first_state"
    for name, later in LATER.items():
        copy = _copy(database, f"competitions_{name}", id="id + 1000", **later)
        yield Attack(APP, f"competitions_{name}.{name}_{first}", copy, "JX006", f"{name}_{first}")
    yield from _marks(database)
    yield from _teams()
    yield from _stages()
    yield from _awards(database)


def _awards(database):
    """A certificate says by which decision it was given; terms are signed on a day."""
    signs = "entry_signs_terms_on_a_day"
    unsigned = "update competitions_entry set signed_on = null where number <> ''"
    yield Attack(APP, f"competitions_entry.{signs}", unsigned, "23514", signs)
    empty = _copy(database, "competitions_terms", id="id + 1000", number="number + 1", text="''")
    guarded = "terms_go_with_a_draft"
    announced = "(select id from competitions_competition where state <> 'draft' limit 1)"
    gone = f"delete from competitions_terms where competition_id = {announced}"
    yield Attack(APP, f"competitions_terms.{guarded}", gone, "JX007", guarded)
    words = "terms_say_something"
    yield Attack(APP, f"competitions_terms.{words}", empty, "23514", words)
    says = "award_certificate_says_by_which_decision"
    beyond = "(select max({0}) + 1000 from competitions_award)"
    yield Attack(
        APP, f"competitions_award.{says}",
        _copy(
            database, "competitions_award", id="id + 1000", certificate_number="'JSD202600003'",
            document_number="''", line_id=beyond.format("line_id"),
            honour_id=beyond.format("honour_id"),
        ),
        "23514", says,
    )  # fmt: skip


def _teams():
    """A mate goes under a captain of the same item, as far as the team has room."""
    joins = "entry_joins_a_team_of_its_item"
    mate = "(select max(id) from competitions_entry where captain_id is not null)"
    other = f"(select min(id) from competitions_entry where item_id <> (select item_id from competitions_entry where id = {mate}))"
    again = f"update competitions_entry set captain_id = captain_id where id = {mate}"
    for statement in (
        f"update competitions_entry set captain_id = {other} where id = {mate}",
        f"update competitions_item set team_size = 1 where team_size = 2; {again}",
    ):
        yield Attack(APP, f"competitions_entry.{joins}", statement, "JX007", joins)


def _stages():
    """Stages that follow each other have a first."""
    first = "item_stages_have_a_first"
    row = "(select {}(id) from competitions_item)"
    ring = (
        f"update competitions_item set follows_id = {row.format('min')} where id = {row.format('max')};"
        f" update competitions_item set follows_id = {row.format('max')} where id = {row.format('min')}"
    )
    yield Attack(APP, f"competitions_item.{first}", ring, "JX007", first)


def _marks(database):
    """Marks fit their aspect, and stay once two have locked the item; a scheme makes up one hundred."""
    hundred = "scheme_makes_up_one_hundred"
    copy = _copy(database, "competitions_aspect", id="id + 1000", code="'Z9'")
    yield Attack(
        APP, f"competitions_aspect.{hundred}", f"{copy}; set constraints {hundred} immediate",
        "JX007", hundred,
    )  # fmt: skip
    locked = "(select e.id from competitions_entry e join competitions_item i on i.id = e.item_id where i.state = 'locked')"
    mark = (
        "insert into competitions_mark (entry_id, aspect_id, seat, value, is_superseded, given_at)"
        " select entry_id, aspect_id, {seat}, {value}, true, now() from competitions_mark m"
        " join competitions_aspect a on a.id = m.aspect_id where m.seat = 1 and {which} limit 1"
    )
    fits, stays = "mark_fits_its_scheme", "mark_stays_once_locked"
    for seat, value, which in (
        (1, 41, f"a.method = 'measurement' and m.entry_id <> {locked}"),
        (1, 4, f"a.method = 'judgement' and m.entry_id <> {locked}"),
        (1, 1.5, f"a.method = 'judgement' and m.entry_id <> {locked}"),
        (4, 1, f"a.method = 'judgement' and m.entry_id <> {locked}"),
        (1, 1, f"m.entry_id = {locked}"),
    ):
        statement = mark.format(seat=seat, value=value, which=which)
        yield Attack(APP, f"competitions_mark.{fits}", statement, "JX007", fits)
    yield Attack(
        APP, f"competitions_mark.{stays}", f"delete from competitions_mark where entry_id = {locked}",
        "JX007", stays,
    )  # fmt: skip
    yield Attack(
        APP, "competitions_mark.mark_counts_once_locked",
        f"update competitions_mark set is_superseded = true where entry_id = {locked}",
        "JX007", "mark_counts_once_locked",
    )  # fmt: skip
