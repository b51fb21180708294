"""一带一, 一带多, 多带一: told by the agreements themselves, on lists and pages."""

from datetime import date

import pytest
from django.urls import reverse

from organizations.roles import Role
from talents.models import Mentorship
from tests.factories.growth import PairFactory
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.talents import PersonFactory
from tests.factories.workflow import moved

pytestmark = pytest.mark.django_db


def bound(master, apprentice, **facts):
    """An agreement that waits to be taken on file."""
    return PairFactory(
        master=master, apprentice=apprentice, organization=master.organization, **facts
    )


def on_file(master, apprentice, **facts):
    made = bound(master, apprentice, **facts)
    moved(Mentorship.objects.filter(pk=made.pk), Mentorship.State.AGREED)
    return made


def modes():
    return {str(row): row.mode_in_words for row in Mentorship.by_mode(Mentorship.objects.all())}


def test_the_mode_of_a_pair_follows_from_who_else_is_bound_at_the_time():
    unit = OrganizationFactory(kind="city")
    old, young, third, other = (
        PersonFactory(name=name, organization=unit) for name in ("甲", "乙", "丙", "丁")
    )
    on_file(old, young)
    assert modes() == {"甲带乙": "一带一"}

    on_file(old, third)
    assert modes() == {"甲带乙": "一带多", "甲带丙": "一带多"}

    on_file(other, young)
    assert modes() == {"甲带乙": "一带多、多带一", "甲带丙": "一带多", "丁带乙": "多带一"}
    # what ended before, or has not been taken on file, is no company
    bound(other, third)
    on_file(other, old, starts_on=date(2027, 4, 1), ends_on=date(2028, 1, 1))
    assert modes()["甲带丙"] == "一带多"
    assert modes()["丁带甲"] == "一带一"


def test_the_list_says_the_mode_and_is_asked_for_it(client):
    unit = OrganizationFactory(kind="city")
    first, second, third = (PersonFactory(name=f"戊{n}", organization=unit) for n in "一二三")
    on_file(first, second)
    on_file(first, third)
    client.force_login(account(Role.HANDLER, unit))

    page = client.get(reverse("talents:pairs"), {"mode": "many"}).content.decode()
    none = client.get(reverse("talents:pairs"), {"mode": "one"}).content.decode()

    assert page.count("一带多</td>") == 2
    assert "戊二" not in none
