"""Who holds a title of the tier already: excluded where the policy says so, pointed out elsewhere."""

import pytest
from django.urls import reverse

from organizations.roles import Role
from talents.models import Honour
from talents.workflow import confirm_chosen, confirm_nomination
from talents.workflow.honours import doubt_honour, revoke_honour
from tests.factories.honours import HonourFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.policies import amended
from tests.factories.talents import POLICY, RoundFactory, eligible_nomination
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
EXCLUDING = (
    'title = "已有同层级称号者不再推荐"\nenabled = false',
    'title = "已有同层级称号者不再推荐"\nenabled = true',
)


class Scene:
    """One round, one approver above, and candidates with titles of several kinds."""

    def __init__(self, check, *, excludes):
        self.city = OrganizationFactory(kind="city")
        self.unit = with_child(self.city, "unit")
        self.staff = account(Role.APPROVER, self.city)
        edition = amended(POLICY, instead=EXCLUDING if excludes else ("", ""))
        self.round = RoundFactory(organizer=self.city, edition=edition)
        self.scheme, self.check = edition.code, check

    def candidate(self, **titled):
        made = eligible_nomination(round=self.round, unit=self.unit)
        if titled:
            facts = {"scheme": self.scheme, "organization": self.city} | titled
            HonourFactory(person=made.person, **facts)
        return made


@pytest.fixture
def excluding(check):
    return Scene(check, excludes=True)


def test_a_holder_of_the_tier_is_not_confirmed_and_is_told_by_which_certificate(excluding):
    holder = excluding.candidate(tier="beijing-great")
    excluding.check(excluding.round)

    with pytest.raises(DomainError) as refused:
        confirm_nomination(holder.pk, actor=excluding.staff)

    number = Honour.objects.get().certificate_number
    assert refused.value.code == "same-tier-held"
    assert f"北京大工匠（2025年9月1日，证书{number}）" in refused.value.message


@pytest.mark.parametrize(
    "titled",
    [{"tier": "district"}, {"tier": "beijing-great", "scheme": "yantai-craftsman-2023"}, {}],
    ids=["of another tier", "of another programme", "none"],
)
def test_another_title_is_no_hindrance(excluding, titled):
    made = excluding.candidate(**titled)
    excluding.check(excluding.round)

    assert confirm_nomination(made.pk, actor=excluding.staff).state == "checked"


def test_what_was_taken_back_is_no_hindrance_and_what_is_only_doubted_is(excluding):
    made = excluding.candidate(tier="beijing-great")
    honour = Honour.objects.get()
    doubt_honour(honour.pk, actor=account(Role.HANDLER, excluding.city), note="群众来信反映")
    excluding.check(excluding.round)
    with pytest.raises(DomainError, match="已有同层级称号"):
        confirm_nomination(made.pk, actor=excluding.staff)

    revoke_honour(honour.pk, actor=excluding.staff)

    assert confirm_nomination(made.pk, actor=excluding.staff).state == "checked"


def test_of_many_chosen_holders_are_left_and_the_page_says_how_many(excluding, client):
    holder, other = excluding.candidate(tier="beijing-great"), excluding.candidate()
    excluding.check(excluding.round)
    client.force_login(excluding.staff)
    page = client.get(reverse("talents:round-confirm", args=[excluding.round.code]))

    done = confirm_chosen(excluding.round.pk, [holder.pk, other.pk], actor=excluding.staff)

    assert "1 名人选在名录中已有同层级称号" in page.content.decode()
    assert done.confirmed == [other.pk]
    assert {pk: refusal.code for pk, refusal in done.refused.items()} == {
        holder.pk: "same-tier-held"
    }


def test_where_the_policy_does_not_say_so_people_judge_and_the_page_points_it_out(check, client):
    scene = Scene(check, excludes=False)
    holder = scene.candidate(tier="beijing-great")
    check(scene.round)
    client.force_login(scene.staff)

    page = client.get(reverse("talents:nomination", args=[holder.pk])).content.decode()
    confirmed = confirm_nomination(holder.pk, actor=scene.staff)

    assert "名录中已有同层级称号，请审核人判断" in page
    assert Honour.objects.get().certificate_number in page
    assert confirmed.state == "checked"
