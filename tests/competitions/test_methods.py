"""A trade is decided by its contest or by experts: the list waits for the one and asks nobody of the other."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from competitions import workflow
from competitions.models import Item, Trial
from competitions.rules.trials import contests_told, placed_candidates, seeds_of
from competitions.services import entries
from competitions.services.leaving import ask_away, keep_result, take_away
from competitions.services.trials import decide_trade, seed
from organizations.roles import Role
from talents.models import Nomination, Review
from talents.models.reviews import FORCES
from talents.rules.contests import contested
from talents.rules.merit import moved_since
from talents.workflow.panels import confirm_panel
from talents.workflow.publicity import Slate, draft_notice, post_notice
from tests.competitions.jury import decided as upheld
from tests.competitions.test_contest_flow import published, refused
from tests.competitions.test_trials import SLATE, city, hands, scene  # noqa: F401
from tests.competitions.windows import DAYS, appeals_over, later
from tests.factories.competitions import EntryFactory, ItemFactory, marked
from tests.factories.organizations import account
from tests.factories.panels import submitted
from tests.factories.reviews import ExpertFactory
from tests.factories.workflow import moved

pytestmark = pytest.mark.django_db
ONE = Slate(1, 0, SLATE.minutes_number, SLATE.posted_at, SLATE.contact)
WELDING = "6-18-02-04"


def reviewed(nomination, points):
    expert = ExpertFactory(organization=nomination.round.organizer, user=None)
    Review.objects.create(
        nomination=nomination, expert=expert, status="submitted", submitted_at=timezone.now(),
        **{f"mark_{force}": points for force in FORCES},
    )  # fmt: skip


@pytest.fixture
def decided(scene, hands):  # noqa: F811
    """The final decides about welders; nothing is known of it yet."""
    selection, welders, lathe, _, final = scene
    decide_trade(final.pk, selection, "焊工", actor=hands["handler"])
    return selection, welders, lathe, Item.objects.get(pk=final.pk)


def finished(final, hands, *order, with_=()):  # noqa: F811
    """The final is over, these first; ``with_`` began in it, too."""
    for person in with_:
        EntryFactory(item=final, person=person)
    entries.draw_numbers(final.pk, actor=hands["handler"])
    places = [row.person_id for row in order]
    for entry in final.entries.all():
        place = places.index(entry.person_id) if entry.person_id in places else 9
        marked(entry, 40 - place, 3, 3, 3)
    published(final, hands)


def test_the_list_waits_for_the_result_of_the_contest(decided, hands):  # noqa: F811
    selection, welders, lathe, final = decided
    reviewed(welders[0], 99)
    act = draft_notice, selection.pk, ONE
    assert refused(*act, actor=hands["handler"]) == "contest-not-over"

    seed(final.pk, actor=hands["handler"])
    finished(final, hands, welders[1], welders[0])
    expert = ExpertFactory(organization=selection.organizer)
    Review.objects.create(nomination=welders[1], expert=expert)  # nobody waits for the marks of it

    listed = later(
        draft_notice,
        selection.pk,
        Slate(3, 0, ONE.minutes_number, ONE.posted_at, ONE.contact),
        actor=hands["handler"],
    )
    order = list(listed.entries.order_by("position").values_list("nomination", flat=True))
    assert order == [lathe.pk, welders[1].pk, welders[0].pk] or order == [
        welders[1].pk, lathe.pk, welders[0].pk,
    ], "marks of experts count for no welder"  # fmt: skip


def test_nobody_is_waited_for_where_no_candidate_of_the_trade_is_in_the_running(decided, hands):  # noqa: F811
    selection, welders, lathe, _ = decided
    moved(Nomination.objects.filter(pk__in=[w.pk for w in welders]), Nomination.State.DRAFT)
    notice = draft_notice(selection.pk, ONE, actor=hands["handler"])
    assert notice.entries.get().nomination == lathe


def test_a_candidate_of_another_trade_is_not_placed_by_the_contest_he_starts_in(decided, hands):  # noqa: F811
    selection, welders, lathe, final = decided
    seed(final.pk, actor=hands["handler"])
    finished(final, hands, lathe, *welders, with_=[lathe.person])
    assert {one.nomination for one in later(placed_candidates, selection)} == {
        w.pk for w in welders
    }


def test_marks_alone_put_no_welder_on_the_list_who_did_not_start(decided, hands):  # noqa: F811
    selection, welders, _, final = decided
    seed(final.pk, actor=hands["handler"])
    final.entries.filter(person=welders[0].person).delete()
    reviewed(welders[0], 99)
    finished(final, hands, welders[1])
    slate = Slate(3, 0, ONE.minutes_number, ONE.posted_at, ONE.contact, leaves_out=True)
    assert refused(later, draft_notice, selection.pk, slate, actor=hands["handler"]) == "slate-too-short"  # fmt: skip


@pytest.mark.parametrize(
    ("occupation", "is_of_it"),
    [("焊工", True), ("焊 工", True), ("电焊工", True), ("车工", False), ("", False)],
)
def test_a_trade_is_known_by_its_code_under_another_name(decided, occupation, is_of_it):
    """Two items of contests that were announced have the code of welding, one calls it 电焊工."""
    selection, welders, _, final = decided
    other = ItemFactory(competition=final.competition, occupation="电焊工", occupation_code=WELDING)
    Item.objects.filter(pk__in=[final.pk, other.pk]).update(occupation_code=WELDING)
    Nomination.objects.filter(pk=welders[0].pk).update(occupation=occupation)
    trial = Trial.objects.select_related("item").get(item=final.pk)
    assert (welders[0] in seeds_of(trial)) == is_of_it
    (contest,) = contests_told(selection)
    assert contest.has(occupation) == is_of_it


def test_the_page_of_the_round_and_its_form_say_which_trade_is_decided_how(decided, hands, client):  # noqa: F811
    selection, _, _, final = decided
    client.force_login(hands["approver"])
    page = client.get(reverse("talents:round", args=[selection.code])).content.decode()
    methods = page.partition("评选办法")[2]
    assert reverse("competitions:item", args=[final.code]) in methods
    for said in ("焊工", "等待成绩", "其余职业（工种）", "专家评审"):
        assert said in methods
    form = client.get(reverse("talents:round-edit", args=[selection.code])).content.decode()
    assert "由竞赛决定的职业（工种）：焊工" in form


def drafting(selection, hands, places=3):  # noqa: F811
    slate = Slate(places, 0, ONE.minutes_number, ONE.posted_at, ONE.contact)
    return partial(draft_notice, selection.pk, slate, actor=hands["handler"])


def test_no_list_is_drawn_up_by_places_that_may_still_change(decided, hands, city, client):  # noqa: F811
    selection, welders, _, final = decided
    seed(final.pk, actor=hands["handler"])
    finished(final, hands, *welders)
    draft, second, chair = (
        drafting(selection, hands),
        account(Role.APPROVER, city),
        account(Role.HANDLER, city),
    )
    assert refused(draft) == "contest-not-over", "within the days of appealing"
    assert placed_candidates(selection) == []
    client.force_login(hands["approver"])
    page = client.get(reverse("talents:round", args=[selection.code])).content.decode()
    assert "等待成绩" in page
    assert "的申诉期到" in page

    entry = final.entries.get(person=welders[1].person)
    filed = workflow.appeal(entry.pk, "第一项少记一分半", actor=hands["handler"])
    assert refused(later, draft) == "contest-not-over", "while an appeal waits"
    upheld(filed, chair, is_upheld=True, verdict="复核属实，应予重评")
    assert refused(later, draft) == "contest-not-over", "until it is carried out"
    workflow.mark_anew(final.pk, actor=chair, note="核对原始记录后办理")
    assert refused(later, draft) == "contest-not-over"
    published(final, {**hands, "second": second})
    ask_away(entry.pk, actor=hands["approver"], note="查实冒名顶替，由他人代为比赛")
    assert refused(later, draft) == "contest-not-over", "while a result is in question"
    keep_result(entry.pk, actor=second, note="核对录像，属本人参赛")

    assert later(draft).entries.count() == 3


def test_a_list_is_neither_put_up_nor_named_by_places_that_have_changed_since(decided, hands, city):  # noqa: F811
    selection, welders, _, final = decided
    seed(final.pk, actor=hands["handler"])
    finished(final, hands, *welders)
    second, why = account(Role.APPROVER, city), "查实冒名顶替，由他人代为比赛"
    with appeals_over():
        notice = drafting(selection, hands, places=2)()
        post = partial(
            post_notice, notice.pk, starts_on=timezone.localdate(), actor=hands["approver"]
        )
        entry = final.entries.get(person=welders[0].person)
        ask_away(entry.pk, actor=hands["approver"], note=why)
        assert refused(post) == "contest-not-over"
        take_away(entry.pk, actor=second, note=why)
    with travel(timezone.now() + timedelta(days=2 * DAYS)):
        assert refused(partial(post, starts_on=timezone.localdate())) == "contest-moved"


def test_a_panel_is_confirmed_only_by_places_as_they_were_on_its_table(decided, hands, city):  # noqa: F811
    selection, welders, _, final = decided
    seed(final.pk, actor=hands["handler"])
    finished(final, hands, *welders)
    second, why = account(Role.APPROVER, city), "查实冒名顶替，由他人代为比赛"
    entry = final.entries.get(person=welders[0].person)
    with appeals_over():
        panel = submitted(selection, "name", "name", "name", actor=hands["handler"], tabled=3)
        ask_away(entry.pk, actor=hands["approver"], note=why)
        assert refused(confirm_panel, panel.pk, actor=second) == "contest-not-over"
        take_away(entry.pk, actor=second, note=why)
    with travel(timezone.now() + timedelta(days=2 * DAYS)):
        assert refused(confirm_panel, panel.pk, actor=second) == "contest-moved"
        assert moved_since(panel) == [welders[0].person.name, welders[1].person.name]


@pytest.mark.parametrize(
    ("occupation", "code", "is_of_it"),
    [
        ("焊接技术", WELDING, True),
        ("焊工", "6-18-01-01", False),
        ("焊工", "", True),
        ("焊接技术", "", False),
    ],
)
def test_a_code_on_the_nomination_decides_before_the_name(decided, occupation, code, is_of_it):
    """By code where both tell one; else by name."""
    selection, welders, _, final = decided
    Item.objects.filter(pk=final.pk).update(occupation_code=WELDING)
    told = {"occupation": occupation, "occupation_code": code}
    Nomination.objects.filter(pk=welders[0].pk).update(**told)
    trial = Trial.objects.select_related("item").get(item=final.pk)
    assert (welders[0] in seeds_of(trial)) == is_of_it
    assert (welders[0].pk in contested(selection)) == is_of_it
    Item.objects.filter(pk=final.pk).update(occupation_code="")
    assert (welders[0].pk in contested(selection)) == (occupation == "焊工"), "it tells no code"
