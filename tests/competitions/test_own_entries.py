"""An entrant with an account of his own sees his contests and appeals in person; nobody else's are there."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competitions import workflow
from competitions.models import Appeal, Entry
from organizations.roles import Role
from talents.models import Person
from tests.competitions.jury import decided
from tests.competitions.test_contest_flow import published, refused
from tests.competitions.windows import appeals_over
from tests.factories.competitions import EntryFactory, ItemFactory, SchemeFactory, marked
from tests.factories.organizations import account
from workflow.models import Notice

pytestmark = pytest.mark.django_db
GROUNDS = "第一项少记一分半，请核对原始记录"


def oneself(entry):
    """The account of an entrant himself, who serves nowhere else."""
    user = account(Role.CRAFTSMAN, entry.unit)
    Person.objects.filter(pk=entry.person_id).update(identity_digest=bytes(user.owner_digest))
    entry.person.refresh_from_db()
    return user


@pytest.fixture
def entrant(item, hands):
    """Who is entered in the item before anything is marked."""
    entry = EntryFactory(item=item, unit=hands["unit"], in_city_since=None)
    return entry, oneself(entry)


def test_his_own_entry_and_what_is_owed_stand_on_his_home_and_pages(client, entrant, item):
    entry, user = entrant
    client.force_login(user)
    page = reverse("competitions:own-entry", args=[entry.pk])

    assert page in client.get(reverse("portal:home")).content.decode()
    assert "须补交证明" in client.get(reverse("competitions:own")).content.decode()
    shown = client.get(page).content.decode()
    assert "成绩尚未公布" in shown
    assert entry.work_code not in shown.replace(entry.number, "")
    assert reverse("competitions:own-appeal", args=[entry.pk]) not in shown


def test_he_appeals_in_person_and_is_told_what_came_of_it(client, podium, hands):
    second = podium[1]
    user = oneself(second)
    client.force_login(user)
    appealing = reverse("competitions:own-appeal", args=[second.pk])
    page = reverse("competitions:own-entry", args=[second.pk])
    shown = client.get(page).content.decode()
    assert "第2名" in shown
    assert appealing in shown

    assert client.post(appealing, {"grounds": GROUNDS}).url == page
    filed = Appeal.objects.get()
    assert (filed.filed_by, filed.entry) == (user, second)
    decided(filed, hands["second"], is_upheld=False, verdict="核对原始记录无误，维持")

    assert Notice.objects.get(recipient=user, title__startswith="申诉").href == page
    assert "核对原始记录无误" in client.get(page).content.decode()


def test_nobody_elses_entry_is_his_and_the_days_hold_for_him_too(client, podium):
    first, second = podium[:2]
    user = oneself(second)
    client.force_login(user)

    for name in ("own-entry", "own-appeal"):
        assert client.get(reverse(f"competitions:{name}", args=[first.pk])).status_code == 404
    with pytest.raises(Entry.DoesNotExist):
        workflow.appeal(first.pk, GROUNDS, actor=user)
    assert client.get(reverse("competitions:entry", args=[second.pk])).status_code == 403
    with appeals_over():
        assert refused(workflow.appeal, second.pk, GROUNDS, actor=user) == "appeals-over"


def about_contests(asked):
    return sum("competitions_" in query["sql"] for query in asked.captured_queries)


def test_his_list_asks_no_more_about_contests_the_longer_it_gets(client, podium, item, hands):
    user = oneself(podium[1])
    client.force_login(user)
    page = reverse("competitions:own")
    client.get(page)
    with CaptureQueriesContext(connection) as of_one:
        client.get(page)
    for place in range(2):
        other = SchemeFactory(item=ItemFactory(competition=item.competition)).item
        marked(EntryFactory(item=other, person=podium[1].person), 40 - place, 3, 3, 3)
        published(other, hands)

    with CaptureQueriesContext(connection) as of_three:
        shown = client.get(page).content.decode()

    assert shown.count("第1名") == 2
    assert "第2名" in shown
    assert about_contests(of_three) == about_contests(of_one)


def test_when_the_board_is_published_he_is_told_himself(item, hands, entrant):
    entry, user = entrant
    published(marked(entry, 40, 3, 3, 3).item, hands)

    told = Notice.objects.get(recipient=user)
    assert told.href == reverse("competitions:own")
    assert "您的竞赛成绩已公布" in told.title
