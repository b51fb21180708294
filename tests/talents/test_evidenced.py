"""A passport opens every point's evidence: studios, projects, five-small results, papers, as far as one sees."""

import pytest
from django.urls import reverse

from organizations.roles import Role
from tests.factories.actions import seed_of
from tests.factories.endorsing import levelled_round, paper_of
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.studios import named_studio, project_of, titled
from tests.factories.talents import eligible_nomination

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    city = OrganizationFactory(kind="city")
    unit = with_child(city, "unit")
    leader = titled(unit)
    studio = named_studio(unit, leader=leader)
    project_of(studio, title="管道全位置自动焊")
    small = seed_of(unit, kind="small", sort="design", person=leader, told="焊接翻转胎具")
    nomination = eligible_nomination(round=levelled_round(city), unit=unit, person=leader)
    paper = paper_of(nomination, "innovation")
    return unit, leader, {
        "studio": reverse("talents:studio", args=[studio.pk]),
        "small": reverse("talents:action", args=[small.pk]),
        "paper": reverse("talents:evidence-file", args=[paper.pk]),
    }  # fmt: skip


def test_each_point_leads_to_its_evidence(client, scene):
    unit, leader, hrefs = scene
    client.force_login(account(Role.NOMINATOR, unit))

    page = client.get(reverse("talents:passport", args=[leader.pk])).content.decode()

    for words in ("创新工作室", "管道全位置自动焊", "焊接翻转胎具", "小设计", "创新力佐证"):
        assert words in page
    for href in hrefs.values():
        assert f'href="{href}"' in page
        assert client.get(href).status_code == 200


def test_ones_own_file_tells_the_same_without_doors_that_are_shut(client, scene):
    unit, leader, hrefs = scene
    own = bytes(leader.identity_digest)
    client.force_login(account(Role.CRAFTSMAN, unit, user__owner_digest=own))

    page = client.get(reverse("talents:own")).content.decode()

    for words in ("创新工作室", "管道全位置自动焊", "焊接翻转胎具", "创新力佐证"):
        assert words in page
    for href in hrefs.values():
        assert href not in page
