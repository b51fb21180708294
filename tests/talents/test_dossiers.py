"""The three dossiers: what a master, an apprentice, a craftsman has to show, each outcome once."""

from datetime import date

import pytest
from django.urls import reverse

from organizations.roles import Role
from talents.models import Mentorship
from tests.factories.growth import PairFactory, logged
from tests.factories.honours import HonourFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import PersonFactory
from tests.factories.workflow import moved
from workflow.models import Record

pytestmark = pytest.mark.django_db
State = Mentorship.State


class Scene:
    """A master with an apprentice who is done twice, one who is not, and one who only signed."""

    def __init__(self):
        self.city = OrganizationFactory(kind="city")
        self.unit = with_child(self.city, "unit")
        self.master = PersonFactory(organization=self.unit, name="师大山")
        self.twice, self.going, self.draft = (
            PersonFactory(organization=self.unit, name=name) for name in ("徒甲", "徒乙", "徒丙")
        )
        self.finished("4", date(2023, 5, 1))
        self.finished("3", date(2025, 5, 1))
        self.current = self.pair(self.going, State.AGREED)
        self.pair(self.draft, State.DRAFT)
        logged(self.current, words="讲解并练习管道仰焊")
        logged(self.current, words="只有徒弟确认的一次", master_by=None)

    def pair(self, apprentice, state, **facts):
        made = PairFactory(
            organization=self.unit, master=self.master, apprentice=apprentice, **facts
        )
        if state != State.DRAFT:
            moved(Mentorship.objects.filter(pk=made.pk), state)
        return made

    def finished(self, level, day):
        made = self.pair(self.twice, State.DRAFT)
        Mentorship.objects.filter(pk=made.pk).update(level_after=level)
        moved(Mentorship.objects.filter(pk=made.pk), State.FINISHED, closed_on=day)


@pytest.fixture
def scene():
    return Scene()


def page(client, person, what):
    return client.get(reverse("talents:dossier", args=[person.pk, what])).content.decode()


@pytest.fixture
def reader(scene, client):
    client.force_login(account(Role.NOMINATOR, scene.unit))
    return client


def test_an_apprentice_done_twice_is_credited_once_with_the_higher_level(scene, reader):
    shown = page(reader, scene.master, "master")

    assert "2人" in shown, "who only signed is no apprentice yet"
    assert "1人（同一徒弟只计一次）" in shown
    outcome = shown[shown.index("带徒成果") : shown.index("带徒协议")]
    assert outcome.count("徒甲") == 1
    assert "高级工" in outcome
    assert "中级工" not in outcome
    assert "徒丙" not in shown


def test_days_of_teaching_count_once_both_have_confirmed(scene, reader):
    shown = page(reader, scene.going, "apprentice")

    assert "讲解并练习管道仰焊" in shown
    assert "只有徒弟确认的一次" not in shown
    assert "师大山" in shown
    assert "尚未出师" in shown


def test_a_craftsman_shows_titles_and_those_taken_back_do_not_count(scene, reader):
    HonourFactory(person=scene.master, organization=scene.city)
    shown = page(reader, scene.master, "craftsman")

    assert "1项" in shown
    assert "北京大工匠" in shown


def test_the_passport_and_the_pair_lead_to_them(scene, reader):
    passport = reader.get(reverse("talents:passport", args=[scene.master.pk])).content.decode()
    pair = reader.get(reverse("talents:pair", args=[scene.current.pk])).content.decode()

    own = reverse("talents:dossier", args=[scene.master.pk, "master"])
    assert own in passport
    assert reverse("talents:dossier", args=[scene.master.pk, "apprentice"]) not in passport
    assert own in pair
    assert reverse("talents:dossier", args=[scene.going.pk, "apprentice"]) in pair


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")])
@pytest.mark.parametrize("what", ["master", "apprentice", "craftsman"])
def test_each_is_printed_from_the_same_data(scene, reader, what, kind, begins):
    answer = reader.get(reverse("talents:dossier-paper", args=[scene.master.pk, what, kind]))

    assert answer.status_code == 200
    assert answer.content.startswith(begins)


def test_a_dossier_on_paper_is_traced_by_the_code_at_its_foot(scene, reader):
    reader.get(reverse("talents:dossier-paper", args=[scene.master.pk, "master", "pdf"]))

    record = Record.objects.get(kind=Record.Kind.EXPORT)
    assert record.subject == f"talents.person:{scene.master.pk}"
    page = reader.get(reverse("portal:paper-check"), {"code": record.after["paper"]})
    assert "《名师卷宗》" in page.content.decode()
    assert "与登记一致" in page.content.decode()


def test_other_kinds_and_other_units_are_not_there(scene, reader, client):
    unknown = reader.get(reverse("talents:dossier", args=[scene.master.pk, "x"])).status_code
    client.force_login(account(Role.NOMINATOR, with_child(scene.city, "unit")))
    foreign = client.get(reverse("talents:dossier", args=[scene.master.pk, "master"])).status_code

    assert (unknown, foreign) == (404, 404)
