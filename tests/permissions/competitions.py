"""Contests, their items, entrants, marks and results. A contest here is held by the unit itself, and
one judge of the district has a seat wherever own and sibling are."""

from datetime import date

from competitions.models import Aspect, Competition, Item, Mark
from organizations.roles import FILING, STAFF, Role
from tests.factories.competitions import (
    AppealFactory,
    ArbiterFactory,
    AwardFactory,
    BoardFactory,
    BoardLineFactory,
    ChainFactory,
    CompetitionFactory,
    EntryFactory,
    ItemFactory,
    JudgeFactory,
    PromotionFactory,
    SchemeFactory,
    TermsFactory,
    TrialFactory,
    TypedSheetFactory,
    for_reserve,
    marked,
)
from tests.factories.organizations import UserFactory
from tests.factories.policies import with_policy
from tests.factories.workflow import moved
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Open, Page

READERS = FILING | {Role.JUDGE}
ENTERERS = STAFF | {Role.NOMINATOR}
APPROVER, JUDGE = frozenset({Role.APPROVER}), frozenset({Role.JUDGE})
OFFICE = STAFF | {Role.AUDITOR}
OVERSIGHT = STAFF | {Role.FINANCE, Role.AUDITOR}
ITEM_DEEDS = (
    "draw", "sign", "code", "qualify", "seed", "give-back", "check", "lock", "unlock", "remark", "propose",
)  # fmt: skip


def contests(scene, count):
    return CompetitionFactory.create_batch(count, organizer=scene.organization)


def items(scene, count):
    return ItemFactory.create_batch(count, competition=contests(scene, 1)[0])


def chains(scene, count):
    """Lists are a city's: every place of the scene is one for them."""
    return ChainFactory.create_batch(count, organization=scene.organization)


def announced_entries(scene, count):
    made = entries(scene, count)
    moved(Competition.objects.filter(items__entries__in=made), "announced")
    return made


def announced_promotions(scene, count):
    made = promotions(scene, count)
    moved(Competition.objects.filter(items__promotions__in=made), "announced")
    return made


def person_of(row):
    return row.person.name


def entries(scene, count):
    return EntryFactory.create_batch(count, item=items(scene, 1)[0])


def schemes(scene, count):
    return [SchemeFactory(item=item) for item in items(scene, count)]


def aspects(scene, count):
    made = schemes(scene, (count + 1) // 2)
    return list(Aspect.objects.filter(scheme__in=made))[:count]


def marks(scene, count):
    entry = EntryFactory(item=items(scene, 1)[0])
    marked(entry, 1, 1, 1, 1)
    for other in EntryFactory.create_batch(count, item=entry.item)[1:]:
        marked(other, 1)
    return list(Mark.objects.filter(entry__item=entry.item))[:count]


def arbiters(scene, count):
    return [ArbiterFactory(competition=contest) for contest in contests(scene, count)]


def judges(scene, count):
    return [JudgeFactory(item=item) for item in items(scene, count)]


def boards(scene, count):
    return [BoardFactory(scheme=scheme) for scheme in schemes(scene, count)]


def lines(scene, count):
    return BoardLineFactory.create_batch(count, board=boards(scene, 1)[0])


def awards(scene, count):
    board = boards(scene, 1)[0]
    return AwardFactory.create_batch(count, line__board=board)


def settled(made):
    """Of items whose marks two have locked: from then on whose they are is read."""
    items = Item.objects.filter(entries__in=[row.entry for row in made]).distinct()
    two = {"checked_by": UserFactory(), "locked_by": UserFactory()}
    moved(Item.objects.filter(pk__in=items.values("pk")), "locked", **two)
    return made


def typed_sheets(scene, count):
    made = entries(scene, count)
    SchemeFactory(item=made[0].item)
    return [TypedSheetFactory(entry=entry) for entry in made]


def a_sheet(scene):
    entry = typed_sheets(scene, 1)[0].entry
    return {"code": entry.item.code, "seat": 2}


def a_typed_number(scene):
    entry = typed_sheets(scene, 1)[0].entry
    return {"code": entry.item.code, "seat": 2, "number": entry.number}


def reserves(scene, count):
    with_policy("contest-promotion")
    return for_reserve(lines(scene, count))


def terms(scene, count):
    return [TermsFactory(competition=contest) for contest in contests(scene, count)]


def an_entry_to_sign(scene):
    """Of a contest that has terms and takes entries."""
    place = an_item_open_to_units(scene)
    item = Item.objects.get(code=place["code"])
    TermsFactory(competition=item.competition)
    return {"pk": EntryFactory(item=item, unit=scene.organization).pk}


def pooled(scene, count):
    """Persons of the place who are in reserve by a contest of its own."""
    return [line.entry.person for line in reserves(scene, count)]


def a_unit_certificate(scene):
    line = lines(scene, 1)[0]
    words = {"document_number": "京工发〔2026〕1号", "given_on": date(2026, 9, 9)}
    number = f"JSD2026{line.pk:05}"
    AwardFactory(line=line, kind="unit", honour=None, certificate_number=number, **words)
    return {"number": number}


def trials(scene, count):
    return [TrialFactory(item=item, trade=item.code) for item in items(scene, count)]


def appeals(scene, count):
    return AppealFactory.create_batch(count, board=boards(scene, 1)[0])


def promotions(scene, count):
    item = items(scene, 1)[0]
    return PromotionFactory.create_batch(count, entry__item=item)


def by_pk(fill, **more):
    return lambda scene: {"pk": fill(scene, 1)[0].pk, **more}


def by_code(fill, **more):
    return lambda scene: {"code": fill(scene, 1)[0].code, **more}


def an_item_open_to_units(scene):
    """One whose contest is announced, and closes its entries on no day."""
    item = items(scene, 1)[0]
    rows = Competition.objects.filter(pk=item.competition_id)
    rows.update(entries_until=None)
    moved(rows, "announced")
    return {"code": item.code}


def a_seat(scene):
    """In the own and the sibling place the judge who asks sits in it."""
    item = SchemeFactory(item=items(scene, 1)[0]).item
    asks = {"user": scene.world.users[Role.JUDGE]} if scene.place != "foreign" else {}
    JudgeFactory(item=item, **asks)
    return {"code": item.code}


def a_work(scene):
    place = a_seat(scene)
    entry = EntryFactory(item=Item.objects.get(code=place["code"]))
    return place | {"number": entry.number}


def a_public_board(scene):
    board = boards(scene, 1)[0]
    moved(Competition.objects.filter(pk=board.item.competition_id), "announced")
    return {"code": board.item.code}


def by_item_of(fill):
    return lambda scene: {"code": fill(scene, 1)[0].item.code}


def name_of(row):
    return row.name


def page_of(row):
    return f"/{row.pk}/change/"


def a_reason(scene):
    return {"note": "核对台账后办理"}


ENDPOINTS = [
    Open("competitions:calendar"),
    Open("competitions:board", target=a_public_board),
    Open("competitions:winners", fill=awards, name_of=name_of, visible_to_all=True),
    Page("competitions:reserves", OVERSIGHT, fill=reserves, name_of=name_of, most_queries=15),
    Action("competitions:reserves-export", OVERSIGHT, actors=OVERSIGHT),
    Open("competitions:certificate", target=a_unit_certificate),
    Open("competitions:certificate-print", target=a_unit_certificate),
    # one query more for which tiers stand in reserve, by each edition of the rules
    Page("competitions:pool", FILING, fill=pooled, name_of=name_of, most_queries=16),
    Action("competitions:pool-export", FILING, actors=FILING),
    Page("competitions:awards", READERS, fill=awards, name_of=name_of),
    Action("competitions:awards-export", READERS, actors=READERS),
    Form(
        "competitions:award-new",
        APPROVER,
        actors=APPROVER,
        target=by_code(items),
        shown=frozenset({409}),
    ),
    Page("competitions:sheets", STAFF, target=by_code(items)),
    Page("competitions:codes", STAFF, target=by_code(items), shown=frozenset({409})),
    Page("competitions:sheet-print", STAFF, target=a_sheet),
    Form("competitions:typing", STAFF, actors=STAFF, target=a_typed_number),
    Form("competitions:trial-new", STAFF, actors=STAFF, target=by_code(items)),
    Form("competitions:coach", ENTERERS, actors=ENTERERS, target=by_pk(entries)),
    Page("competitions:list", READERS, fill=contests, name_of=name_of),
    Action("competitions:list-export", READERS, actors=READERS),
    Page("competitions:items", READERS, fill=items, name_of=name_of),
    Action("competitions:items-export", READERS, actors=READERS),
    Page("competitions:figures", OVERSIGHT, not_a_list="counts by chain"),
    Page(
        "competitions:figures-print",
        OVERSIGHT,
        kwargs={"year": 2026, "kind": "xlsx"},
        not_a_list="counts by chain",
    ),
    Page("competitions:chains", READERS, fill=chains, name_of=name_of),
    Action("competitions:chains-export", READERS, actors=READERS),
    Form("competitions:chain-edit", STAFF, actors=STAFF, target=by_pk(chains), data=a_reason),
    Form("competitions:chain-new", STAFF, actors=STAFF, not_a_list="a form"),
    Page("competitions:participations", OVERSIGHT, fill=announced_entries, name_of=person_of),
    Action("competitions:participations-export", OVERSIGHT, actors=OVERSIGHT),
    Page("competitions:risen", OVERSIGHT, fill=announced_promotions, name_of=person_of),
    Action("competitions:risen-export", OVERSIGHT, actors=OVERSIGHT),
    Form("competitions:new", STAFF, actors=STAFF, not_a_list="a form"),
    Page("competitions:competition", READERS, target=by_code(contests)),
    Form("competitions:edit", STAFF, actors=STAFF, target=by_code(contests)),
    Form("competitions:arbiter-new", STAFF, actors=STAFF, target=by_code(contests)),
    Form(
        "competitions:arbiter-release", STAFF, actors=STAFF, target=by_pk(arbiters), data=a_reason
    ),
    Form("competitions:terms-new", STAFF, actors=STAFF, target=by_code(contests)),
    Form("competitions:entry-sign", ENTERERS, actors=ENTERERS, target=an_entry_to_sign),
    Form("competitions:item-new", STAFF, actors=STAFF, target=by_code(contests)),
    Form("competitions:deed", STAFF, actors=STAFF, target=by_code(contests, deed="announce")),
    Page(
        "competitions:results",
        READERS,
        target=by_code(contests, kind="xlsx"),
        shown=frozenset({409}),
    ),
    Page("competitions:item", READERS, target=by_code(items)),
    Form("competitions:item-edit", STAFF, actors=STAFF, target=by_code(items)),
    Form("competitions:item-deed", STAFF, actors=STAFF, target=by_code(items, deed="check")),
    Form(
        "competitions:result-deed",
        APPROVER,
        actors=APPROVER,
        target=by_code(items, deed="publish"),
    ),
    Form("competitions:scheme-new", STAFF, actors=STAFF, target=by_code(items)),
    Form("competitions:judge-new", STAFF, actors=STAFF, target=by_code(items)),
    Form("competitions:judge-dismiss", STAFF, actors=STAFF, target=by_pk(judges), data=a_reason),
    Page("competitions:entries", FILING, target=by_code(items)),
    Action("competitions:entries-export", FILING, actors=FILING, target=by_code(items)),
    Form("competitions:entry-new", ENTERERS, actors=ENTERERS, target=an_item_open_to_units),
    Page("competitions:entry", FILING, target=by_pk(entries)),
    Form("competitions:entry-edit", ENTERERS, actors=ENTERERS, target=by_pk(entries)),
    Form("competitions:entry-withdraw", ENTERERS, actors=ENTERERS, target=by_pk(entries)),
    Form("competitions:entry-disqualify", APPROVER, actors=APPROVER, target=by_pk(entries)),
    Form("competitions:appeal-new", ENTERERS, actors=ENTERERS, target=by_pk(entries)),
    Page("competitions:appeal", FILING, target=by_pk(appeals)),
    Form("competitions:appeal-decide", STAFF, actors=STAFF, target=by_pk(appeals)),
    Page("competitions:promotions", FILING, target=by_item_of(promotions)),
    Action("competitions:promotions-export", FILING, actors=FILING, target=by_code(items)),
    Form(
        "competitions:promotions-submit",
        STAFF,
        actors=STAFF,
        target=by_item_of(promotions),
        data=a_reason,
    ),
    Form("competitions:certify", STAFF, actors=STAFF, target=by_pk(promotions)),
    Form("competitions:retract", STAFF, actors=STAFF, target=by_pk(promotions), data=a_reason),
    Form("competitions:annul", STAFF, actors=STAFF, target=by_pk(promotions), data=a_reason),
    Form("competitions:decline", STAFF, actors=STAFF, target=by_pk(promotions), data=a_reason),
    Page("competitions:my-items", JUDGE, not_a_list="one's own seats"),
    Page("competitions:judging", JUDGE, target=a_seat),
    Form("competitions:marking", JUDGE, actors=JUDGE, target=a_work),
    ApiResource(
        "competition",
        READERS,
        target=by_pk(contests),
        fill=contests,
        actions={"announce": STAFF, "close": STAFF},
    ),
    ApiResource(
        "competitionitem",
        READERS,
        target=by_pk(items),
        fill=items,
        actions=dict.fromkeys(ITEM_DEEDS, STAFF) | {"publish": APPROVER},
    ),
    ApiResource(
        "competitionentry",
        FILING,
        target=by_pk(entries),
        fill=entries,
        actions={"withdraw": ENTERERS, "disqualify": APPROVER, "appeal": ENTERERS},
        bodies={"appeal": {"grounds": "第一项少记一分半"}},
    ),
    ApiResource(
        "competitionappeal",
        FILING,
        target=by_pk(appeals),
        fill=appeals,
        actions={"decide": STAFF},
        bodies={"decide": {"is_upheld": False, "verdict": "核对无误，维持", "jury": []}},
    ),
    ApiResource("competitionscheme", READERS, target=by_pk(schemes), fill=schemes),
    ApiResource("competitionboard", READERS, target=by_pk(boards), fill=boards),
    Page("competitionboard-lines", READERS, target=by_pk(boards), closed=404),
    ApiResource("competitionaward", READERS, target=by_pk(awards), fill=awards),
    ApiResource(
        "promotion",
        FILING,
        target=by_pk(promotions),
        fill=promotions,
        actions={"certify": STAFF, "decline": STAFF, "retract": STAFF, "annul": STAFF},
        bodies={"certify": {"number": "S000011000000262200001"}},
    ),
    *(
        AdminModel(
            f"competitions.{name}", view=OFFICE, target=by_pk(fill), fill=fill, name_of=page_of
        )
        for name, fill in {
            "competition": contests,
            "chain": chains,
            "item": items,
            "entry": entries,
            "scheme": schemes,
            "aspect": aspects,
            "mark": lambda scene, count: settled(marks(scene, count)),
            "judge": judges,
            "arbiter": arbiters,
            "board": boards,
            "boardline": lines,
            "appeal": appeals,
            "award": awards,
            "trial": trials,
            "terms": terms,
            "typedsheet": lambda scene, count: settled(typed_sheets(scene, count)),
            "promotion": promotions,
        }.items()
    ),
]
