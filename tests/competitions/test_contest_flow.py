"""A contest from its entries to a higher level: who may, who is refused, what is kept."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse
from time_machine import travel

from competitions import workflow
from competitions.models import Aspect, Board, Item, Mark, Promotion
from competitions.selectors.board import board_of, differences
from competitions.selectors.eligibility import findings_about
from competitions.services import contests, entries, leaving
from competitions.services.judging import assign_judge, give_marks
from competitions.services.promotions import propose
from organizations.roles import Role
from talents.models import Certificate, Studio, StudioMember
from tests.competitions.jury import decided
from tests.competitions.sheets import identity
from tests.competitions.windows import later
from tests.factories.competitions import (
    CompetitionFactory,
    EntryFactory,
    ItemFactory,
    JudgeFactory,
    SchemeFactory,
    marked,
)
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import PersonFactory
from tests.factories.workflow import moved
from workflow.models import Notice, Record
from workflow.refusals import DomainError
from workflow.texts.identity import read_identity

pytestmark = pytest.mark.django_db
REASON = "核对原始记录后办理"
NUMBER = "S000011000000262200001"


@pytest.fixture
def city():
    return OrganizationFactory(kind="city", code="BJ", name="北京市总工会")


@pytest.fixture
def hands(city):
    """A handler and an approver of the organizer, and a unit below it with somebody who enters."""
    unit = with_child(city, "unit", code="U1", name="通州建筑示例公司")
    return {
        "handler": account(Role.HANDLER, city),
        "approver": account(Role.APPROVER, city),
        "unit": unit,
        "nominator": account(Role.NOMINATOR, unit),
    }


@pytest.fixture
def item(city):
    """An item of an announced contest, with its scheme."""
    call_command("load_policies", verbosity=0)
    contest = CompetitionFactory(organizer=city, entries_until=None)
    moved(type(contest).objects.filter(pk=contest.pk), "announced")
    return SchemeFactory(item=ItemFactory(competition=contest)).item


def refused(act, *args, **words):
    with pytest.raises(DomainError) as refusal:
        act(*args, **words)
    return refusal.value.code


def seats(item, city):
    """Three judges, each in a seat."""
    judges = [account(Role.JUDGE, city) for _ in range(3)]
    return [JudgeFactory(item=item, user=user, seat=n) for n, user in enumerate(judges, start=1)]


def given(judge, entry, *values, seen=0):
    """What a judge writes down for the aspects of the seat."""
    scheme = judge.item.schemes.get()
    ours = list(scheme.aspects.all()) if judge.seat == 1 else [scheme.aspects.last()]
    told = {aspect.pk: Decimal(str(value)) for aspect, value in zip(ours, values, strict=True)}
    return give_marks(judge.pk, entry.number, told, seen=seen, actor=judge.user)


def newest(judge, entry):
    return Mark.objects.filter(entry=entry, seat=judge.seat).latest("pk").pk


def published(item, hands):
    workflow.check_marks(item.pk, actor=hands["handler"])
    workflow.lock_marks(item.pk, actor=hands["approver"])
    return workflow.publish(item.pk, actor=hands["approver"], note=REASON)


def test_a_unit_enters_its_people_and_each_condition_says_why(item, hands):
    born = read_identity(identity(1), today=date(2026, 1, 1))
    facts = {"present_level": "3", "in_city_since": date(2026, 1, 5)}
    who = entries.Entrant("张三", born)

    entry = entries.enter(item.pk, who, facts, unit=hands["unit"], actor=hands["nominator"])

    assert (entry.number, entry.employer) == ("", "通州建筑示例公司")
    told = {f.code: (f.met, f.actual) for f in findings_about(entry)}
    assert told["age_min"] == (True, 2026 - born.birth_on.year)
    assert told["in_city"] == (False, 7)
    assert told["retirement"] == (None, None)
    again = refused(
        entries.enter, item.pk, who, facts, unit=hands["unit"], actor=hands["nominator"]
    )
    assert again == "entry-once-per-item-and-person"
    other = entries.Entrant("李四", born)
    assert (
        refused(entries.enter, item.pk, other, facts, unit=hands["unit"], actor=hands["handler"])
        == "name-conflict"
    )
    type(item.competition).objects.update(entries_until=date(2026, 7, 31))
    with travel(date(2026, 8, 1)):
        late = entries.Entrant("王五", read_identity(identity(2), today=date(2026, 1, 1)))
        words = {"unit": hands["unit"], "actor": hands["nominator"]}
        assert refused(entries.enter, item.pk, late, facts, **words) == "entries-over"


def test_who_is_close_to_somebody_judged_does_not_judge(item, hands, city):
    EntryFactory(item=item, unit=hands["unit"])
    ours, none = account(Role.JUDGE, hands["unit"]), account(Role.HANDLER, city)
    fine = account(Role.JUDGE, city)

    for user in (ours, none):
        assert (
            refused(assign_judge, item.pk, user, 1, actor=hands["handler"]) == "judge-in-conflict"
        )
    assert assign_judge(item.pk, fine, 1, actor=hands["handler"]).seat == 1
    assert refused(assign_judge, item.pk, fine, 2, actor=hands["handler"]) == "judge-once-per-item"
    other = account(Role.JUDGE, city)
    assert (
        refused(assign_judge, item.pk, other, 1, actor=hands["handler"])
        == "judge-seat-is-taken-once"
    )


def test_who_works_in_a_studio_with_somebody_judged_does_not_judge(item, hands, city):
    entry = EntryFactory(item=item)
    judge, other = account(Role.JUDGE, city), account(Role.JUDGE, city)
    own = PersonFactory(organization=city, identity_digest=bytes(judge.owner_digest))
    studio = Studio.objects.create(
        name="李焊花创新工作室", organization=city, leader=entry.person, field="焊接",
        founded_on=date(2015, 1, 1), proposed_by=hands["handler"],
    )  # fmt: skip
    there = {"studio": studio, "person": own, "joined_on": date(2020, 1, 1)}
    member = StudioMember.objects.create(**there)
    assigning = {"actor": hands["handler"]}

    with pytest.raises(DomainError, match=f"同在“{studio.name}”"):
        assign_judge(item.pk, judge, 1, **assigning)
    member.left_on = date(2026, 1, 31)
    member.save()
    assert assign_judge(item.pk, judge, 1, **assigning).seat == 1  # left before today
    StudioMember.objects.create(studio=studio, person=own, joined_on=date(2026, 2, 1))
    assert refused(given, item.judges.get(), entry, 40, 3) == "judge-in-conflict"
    assert assign_judge(item.pk, other, 2, **assigning).seat == 2


def test_a_sheet_sent_twice_is_written_once_and_one_seen_before_a_change_is_refused(item, city):
    entry = EntryFactory(item=item, number="001")
    judge = seats(item, city)[0]

    assert given(judge, entry, 38.5, 2) == 2
    assert given(judge, entry, 38.5, 2) == 0  # the telephone sends again what it had kept
    with pytest.raises(DomainError) as stale:
        given(judge, entry, 30, 2)
    assert stale.value.code == "edited-meanwhile"
    assert given(judge, entry, 39, 2, seen=newest(judge, entry)) == 1

    kept = Mark.objects.filter(entry=entry, aspect__code="A1").order_by("pk")
    assert [(m.value, m.is_superseded) for m in kept] == [(38.5, True), (39, False)]
    too_much = refused(given, judge, entry, 41, 2, seen=newest(judge, entry))
    assert too_much == "mark-fits-its-scheme"
    other = JudgeFactory(item=item, seat=4)
    asked = {"values": {}, "seen": 0, "actor": judge.user}
    with pytest.raises(DomainError, match="不是您执裁"):
        give_marks(other.pk, "001", **asked)


def test_judges_far_apart_judge_again_before_two_different_people_lock(item, hands, city):
    entry = EntryFactory(item=item, number="001")
    judges = seats(item, city)
    given(judges[0], entry, 40, 3)
    given(judges[1], entry, 3)
    locking = {"actor": hands["handler"]}
    assert refused(workflow.check_marks, item.pk, **locking) == "marks-incomplete"
    given(judges[2], entry, 1)
    assert refused(workflow.check_marks, item.pk, **locking) == "judges-apart"
    given(judges[2], entry, 2, seen=newest(judges[2], entry))

    workflow.check_marks(item.pk, **locking)

    assert refused(given, judges[0], entry, 1, 1) == "marking-closed"
    assert refused(workflow.lock_marks, item.pk, **locking) == "locked-by-the-same"
    workflow.lock_marks(item.pk, actor=hands["approver"])
    assert refused(workflow.publish, item.pk, **locking) == "role-required"
    workflow.publish(item.pk, actor=hands["approver"])
    (line,) = Board.objects.get().lines.all()
    assert (line.rank, line.total, line.medal) == (1, Decimal("93.33"), "gold")


def test_an_upheld_appeal_leads_to_a_second_edition_and_touches_no_other_item(item, hands, city):
    first, second = (EntryFactory(item=item, unit=hands["unit"]) for _ in range(2))
    marked(first, 40, 3, 3, 3)
    marked(second, 39, 3, 3, 3)
    elsewhere = SchemeFactory(item=ItemFactory(competition=item.competition)).item
    marked(EntryFactory(item=elsewhere), 20, 1, 1, 1)
    before = board_of(elsewhere)
    published(item, hands)
    filed = workflow.appeal(second.pk, "第一项少记两分", actor=hands["nominator"])
    assert refused(workflow.appeal, second.pk, REASON, actor=hands["nominator"]) == (
        "appeal-one-at-a-time-per-entry"
    )
    own = refused(
        workflow.decide, filed.pk, is_upheld=True, verdict=REASON, actor=hands["nominator"]
    )
    assert own == "role-required"
    assert refused(workflow.mark_anew, item.pk, actor=hands["approver"], note=REASON) == (
        "no-appeal-upheld"
    )
    decided(filed, hands["approver"], is_upheld=True, verdict="复核录像，应为39.9分")
    workflow.mark_anew(item.pk, actor=hands["approver"], note="按仲裁意见改第一项")
    judge = seats(item, city)[0]
    given(judge, second, 40, 3, seen=newest(judge, second))
    published(item, hands)

    old, new = Board.objects.filter(item=item).order_by("number")
    assert [(line.rank, line.total) for line in old.lines.all()] == [(1, 100), (2, 99)]
    assert [(d.number, d.before, d.after) for d in differences(old, new)] == [
        (second.number, (2, Decimal(99)), (1, Decimal(100)))
    ]
    assert board_of(elsewhere) == before
    assert Notice.objects.filter(recipient=hands["nominator"], title__contains="申诉成立").exists()
    with travel(date(2026, 12, 31)):
        late = refused(workflow.appeal, first.pk, REASON, actor=hands["nominator"])
    assert late == "appeals-over"


def test_who_is_disqualified_is_off_the_board_and_everybody_else_keeps_their_marks(item, hands):
    first, second, third = EntryFactory.create_batch(3, item=item)
    for place, entry in enumerate((first, second, third)):
        marked(entry, 40 - place, 3, 3, 3)
    before = {p.entry_id: p.total for p in board_of(item)}

    leaving.disqualify_entry(first.pk, actor=hands["approver"], note="使用违禁工具")

    after = {p.entry_id: (p.rank, p.total) for p in board_of(item)}
    assert after == {second.pk: (1, before[second.pk]), third.pk: (2, before[third.pk])}
    assert Mark.objects.filter(entry=first).count() == 4
    assert Record.objects.get(code="competitions.disqualify").note == "使用违禁工具"


def test_who_rises_is_certified_once_a_year_per_trade(item, hands):
    best = EntryFactory(item=item, unit=hands["unit"])
    marked(best, 40, 3, 3, 3)
    assert refused(later, propose, item.pk, actor=hands["handler"]) == "board-not-published"
    published(item, hands)
    assert later(propose, item.pk, actor=hands["handler"]) == 1
    assert refused(later, propose, item.pk, actor=hands["handler"]) == "nobody-new-rises"
    promotion = Promotion.objects.get()
    assert (promotion.present, promotion.target) == ("3", "2")
    wrong = NUMBER[:15] + "1" + NUMBER[16:]
    mismatch = refused(later, workflow.certify, promotion.pk, wrong, actor=hands["handler"])
    assert mismatch == "certificate-level-mismatch"

    later(workflow.certify, promotion.pk, NUMBER, actor=hands["handler"])

    certificate = Certificate.objects.get(person=best.person)
    assert (certificate.number, certificate.level, certificate.occupation) == (NUMBER, "2", "焊工")
    other = SchemeFactory(item=ItemFactory(competition=item.competition)).item
    marked(EntryFactory(item=other, person=best.person, present_level="2"), 40, 3, 3, 3)
    published(other, hands)
    assert refused(later, propose, other.pk, actor=hands["handler"]) == "nobody-new-rises"
    told = Notice.objects.filter(recipient=hands["nominator"]).latest("pk")
    assert "已晋升技师" in told.title


def test_the_best_of_a_stage_go_on_with_whoever_shares_the_last_place(item, hands):
    people = EntryFactory.create_batch(4, item=item)
    for measured, entry in zip((40, 39, 39, 38), people, strict=True):
        marked(entry, measured, 3, 3, 3)
    final = ItemFactory(competition=item.competition, follows=item)
    assert refused(entries.take_over_qualified, final.pk, actor=hands["handler"]) == (
        "nobody-qualified"
    )
    Item.objects.filter(pk=item.pk).update(places=2)
    published(item, hands)

    assert entries.take_over_qualified(final.pk, actor=hands["handler"]) == 3
    assert entries.take_over_qualified(final.pk, actor=hands["handler"]) == 0
    assert set(final.entries.values_list("person", flat=True)) == {e.person_id for e in people[:3]}


def test_a_judge_marks_by_number_and_never_sees_a_name(client, item, city):
    entry = EntryFactory(item=item, number="007")
    judge = seats(item, city)[0]
    client.force_login(judge.user)
    address = reverse("competitions:marking", args=[item.code, "007"])

    pages = [
        client.get(reverse(name, args=args)).content.decode()
        for name, args in (
            ("portal:home", []),
            ("competitions:my-items", []),
            ("competitions:judging", [item.code]),
            ("competitions:marking", [item.code, "007"]),
        )
    ]
    measured, judged = Aspect.objects.filter(scheme__item=item)
    sent = {f"aspect_{measured.pk}": "38.25", f"aspect_{judged.pk}": "3", "seen": "0", "judge": judge.pk}  # fmt: skip
    bad = client.post(address, sent | {f"aspect_{measured.pk}": "41"})
    saved = client.post(address, sent)

    assert [item.name in page for page in pages] == [True] * 4
    assert not [page for page in pages if entry.person.name in page]
    assert (bad.status_code, saved.status_code) == (422, 302)
    assert set(Mark.objects.values_list("seat", "value")) == {(1, Decimal("38.25")), (1, 3)}
    hidden = client.get(reverse("competitions:entry", args=[entry.pk]))
    assert hidden.status_code == 403


def test_every_page_of_an_item_shows_how_far_it_is(client, item, hands, city):
    person = marked(EntryFactory(item=item, unit=hands["unit"]), 40, 3, 3, 3)
    seats(item, city)
    client.force_login(hands["approver"])

    def page(name, *args):
        answer = client.get(reverse(f"competitions:{name}", args=args))
        assert answer.status_code == 200, name
        return answer.content.decode()

    assert "核对并锁定" in page("item", item.code)
    assert "年满16周岁" in page("entry", person.pk)
    published(item, hands)
    later(propose, item.pk, actor=hands["handler"])
    shown = page("item", item.code)
    assert "第1版" in shown
    assert "金牌" in shown
    assert "登记证书" in page("promotions", item.code)
    assert "市级二类" in page("competition", item.competition.code)
    for book in (
        client.post(reverse("competitions:promotions-export", args=[item.code])),
        client.get(reverse("competitions:results", args=[item.competition.code, "xlsx"])),
    ):
        assert (book.status_code, ".xlsx" in book["Content-Disposition"]) == (200, True)
        assert book.getvalue()[:2] == b"PK"
    assert Record.objects.filter(code="pages.exported").count() == 2
    client.force_login(hands["nominator"])
    assert "金牌" in page("item", item.code)
    client.logout()
    public = client.get(reverse("competitions:board", args=[item.code])).content.decode()
    assert person.person.name in public
    assert item.name in client.get(reverse("competitions:calendar")).content.decode()


def test_contests_are_registered_announced_and_closed_on_record(hands, city):
    facts = {
        "name": "技能竞赛", "level": "city", "contest_class": "second", "chain": "",
        "starts_on": date(2026, 9, 1), "ends_on": None, "entries_from": None,
        "entries_until": None, "document_number": "",
    }  # fmt: skip
    handler = hands["handler"]
    made = contests.register_competition("C-1", 2026, city, facts, actor=handler)
    assert refused(workflow.announce, made.pk, actor=handler) == "contest-without-items"
    item = ItemFactory(competition=made)
    workflow.announce(made.pk, actor=handler)
    assert Notice.objects.filter(
        recipient=hands["nominator"], title__contains="竞赛已发布"
    ).exists()
    assert refused(workflow.close, made.pk, actor=handler) == "items-not-published"
    wrong = {"version": made.version + 3, "actor": handler, "note": REASON}
    assert refused(contests.correct_competition, made.pk, facts, **wrong) == "edited-meanwhile"
    assert refused(contests.correct_competition, made.pk, facts | {"ends_on": date(2026, 8, 1)},
                   version=made.version, actor=handler, note=REASON)  # fmt: skip
    assert item.code
