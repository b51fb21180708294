"""Red flags in rosters: every planted pattern is found where it was planted, and nowhere else."""

from datetime import date, timedelta

import pytest
from django.db import Error, transaction
from django.urls import reverse

from academies.models import Academy, Enrolment, TrainingClass
from academies.selectors.flags import FLAGS, suspicions
from intake.services.rows import telephone_digest
from organizations.models import User
from organizations.roles import Role
from policies.library.editions import load_library
from tests.factories.academies import AcademyFactory, ClassFactory, RoomFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import PersonFactory
from workflow.models import WorkingDay
from workflow.refusals.database import refusal_of

YEAR = 2025
MAY = date(2025, 5, 12)


class City:
    """Academies of one city, each with what was planted in it."""

    def __init__(self):
        load_library(actor=User.objects.system())
        self.city = OrganizationFactory(code="BJ", kind="city")
        self.union = with_child(self.city, "district", code="D1")
        self.people = PersonFactory.create_batch(
            94, organization=self.union, birth_on=date(1985, 1, 1)
        )
        self.taken = 0

    def academy(self, code, **facts):
        return AcademyFactory(code=code, supervising_union=self.union, **facts)

    def fresh(self, count):
        found = self.people[self.taken : self.taken + count]
        self.taken += count
        return found

    def taught(  # noqa: PLR0913 - what may be odd about a class
        self, academy, people, *, year=YEAR, employers=8, attendance=None, phone="", **facts
    ):
        """A sound class of ``people``: a week in May, many employers, somebody missing an hour."""
        day = MAY.replace(year=year) + timedelta(days=facts.pop("after", 0))
        facts = {"starts_on": day, "ends_on": day + timedelta(days=3), "hours": 24} | facts
        of = ClassFactory(academy=academy, year=year, room="一号楼", **facts)
        Enrolment.objects.bulk_create(
            Enrolment(
                training_class=of, academy=academy, year=year, is_practical=of.is_practical,
                person=person, passed=True, employer=f"单位{n % employers}",
                attendance=attendance or 80 + n % 21, phone_digest=telephone_digest(phone),
            )
            for n, person in enumerate(people)
        )  # fmt: skip
        return of


def planted():
    """The city, and by pattern the codes of the academies in which it was planted."""
    city = City()
    sound = city.academy("A-SOUND")
    regulars = city.fresh(24)
    city.taught(sound, regulars, planned_count=24)
    city.taught(sound, regulars, after=10)  # the same people again, another week
    for code in ("A-HERE", "A-THERE"):
        city.taught(
            city.academy(code), regulars[:3] if code == "A-HERE" else regulars[:2], after=30
        )
    twice = city.fresh(20)
    copied = city.academy("A-COPIED")
    city.taught(copied, twice, year=YEAR - 1)
    city.taught(copied, twice[:19] + city.fresh(1), after=40)
    city.taught(city.academy("A-FULL"), city.fresh(20), after=50, attendance=100)
    city.taught(city.academy("A-OVER"), city.fresh(13), after=60, planned_count=10)
    over, within = city.academy("A-ROOM"), city.academy("A-SEATED")
    RoomFactory(academy=over, name="一号楼", capacity=3)
    RoomFactory(academy=within, name="一号楼", capacity=4)
    RoomFactory(academy=sound, name="二号楼", capacity=1)  # not where it teaches
    few = city.fresh(4)
    city.taught(over, few, after=65)
    city.taught(over, few, after=90, form="online")  # nobody sits there
    city.taught(within, few, after=100)
    city.taught(city.academy("A-HOURS"), city.fresh(2), after=70, hours=49)
    holiday = date(2025, 10, 1)
    WorkingDay.objects.update_or_create(day=holiday, defaults={"is_working": False})
    city.taught(
        city.academy("A-HOLIDAY"), city.fresh(2), starts_on=holiday, ends_on=holiday, hours=8
    )
    for code in ("A-PHONE", "A-PHONED"):
        city.taught(city.academy(code), city.fresh(2), after=75, phone="13800138000")
    city.taught(city.academy("A-OWN"), old_hand := city.fresh(1), after=75, phone="13800138001")
    city.taught(Academy.objects.get(code="A-OWN"), old_hand, after=85, phone="13800138001")
    old = PersonFactory(organization=city.union, birth_on=date(1950, 1, 1))
    city.taught(city.academy("A-AGE"), [old], after=80)
    return city, {
        "two_places": {"A-HERE", "A-THERE"},
        "copied": {"A-COPIED"},
        "full_attendance": {"A-FULL"},
        "over_planned": {"A-OVER"},
        "over_room": {"A-ROOM"},
        "long_days": {"A-HOURS"},
        "holidays": {"A-HOLIDAY"},
        "age": {"A-AGE"},
        "one_phone": {"A-PHONE", "A-PHONED"},
    }


def test_every_pattern_is_found_where_it_was_planted_and_nowhere_else(
    db, client, django_assert_max_num_queries
):
    city, expected = planted()
    auditor = account(Role.AUDITOR, city.union)

    with django_assert_max_num_queries(60):
        found = suspicions(auditor, YEAR)

    by_flag = {}
    for one in found:
        by_flag.setdefault(one.flag.code, set()).add(one.academy.code)
        assert one.line, one.words
    assert by_flag == expected
    client.force_login(auditor)
    page = client.get(reverse("academies:flags") + f"?year={YEAR}").content.decode()
    assert all(flag.title in page for flag in FLAGS if flag.code in expected)
    told = client.get(reverse("academy-flags"), {"year": YEAR}).json()
    assert {(e["flag"], e["academy"]) for e in told} == {
        (flag, code) for flag, codes in expected.items() for code in codes
    }
    client.force_login(account(Role.ACADEMY_MANAGER, city.union))
    assert client.get(reverse("academies:flags")).status_code == 403
    elsewhere = with_child(city.city, "district", code="D2")
    assert suspicions(account(Role.AUDITOR, elsewhere), YEAR) == []


@pytest.mark.parametrize(("persons", "is_flagged"), [(3, False), (4, True), (6, True), (7, False)])
def test_a_year_that_just_reaches_the_standard_and_one_employer_for_all(
    client, db, monkeypatch, persons, is_flagged
):
    city = City()
    monkeypatch.setattr(
        "academies.selectors.flags._thresholds", lambda *_: '[{"tier": "capital", "least": 4}]'
    )
    city.taught(city.academy("A-1"), city.fresh(persons))

    found = suspicions(User.objects.system(), YEAR)

    assert [one.flag.code for one in found] == ["at_threshold"] * is_flagged
    client.force_login(account(Role.AUDITOR, city.union))
    page = client.get(reverse("academies:flags"), {"year": YEAR}).content.decode()
    rows = reverse("academies:rows", args=["A-1", YEAR, "persons"])
    assert (f'href="{rows}"' in page) == is_flagged


def test_an_academy_that_trains_one_employers_people_alone_is_pointed_out(db):
    city = City()
    academy = city.academy("A-1")
    for week in range(5):
        city.taught(academy, city.people[:20], after=7 * week, employers=1)

    other = city.taught(academy, city.people[20:21], after=7 * 6)
    other.enrolments.update(employer="别的单位")

    (found,) = suspicions(User.objects.system(), YEAR)

    assert (found.words, found.class_count) == ("占99.0%", 5)
    assert other not in found.classes


def test_nobody_is_put_in_two_rooms_at_once_and_neither_side_learns_of_the_other(db):
    """Where both classes fill the day; the same people one after the other, or online, may come."""
    city = City()
    here, there = city.academy("A-1"), city.academy("A-2")
    people = city.fresh(3)
    city.taught(here, people, hours=32)
    with pytest.raises(Error) as refused, transaction.atomic():
        city.taught(there, people[:1], hours=32)
    assert refusal_of(refused.value).code == "two-rooms-at-once"
    assert here.name not in refusal_of(refused.value).message
    city.taught(there, people, hours=32, form="online")
    later = city.taught(there, people, hours=32, after=7)
    with pytest.raises(Error), transaction.atomic():
        TrainingClass.objects.filter(pk=later.pk).update(starts_on=MAY, ends_on=MAY)
    city.taught(
        there, people, hours=8, after=1
    )  # two hours a day besides eight: nothing is certain
