"""Several programmes may stand side by side in one house, each under a root of its own."""

from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from intake.models import ImportBatch
from organizations.models import Membership, Organization, User
from organizations.roles import Role
from organizations.scoping import OpenQuerySet, ScopedQuerySet, holds_role
from pages.models import FormDraft, SentForm
from subsidies.models import Evidence, EvidencePrint
from talents.models import Assessment, AssessmentRun, Nomination, PersonCompletion
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.permissions.tables import ROWS
from tests.permissions.world import PLACES, Scene

SCOPED = [
    model
    for model in apps.get_models()
    if isinstance(rows := model._default_manager.all(), ScopedQuerySet)
    and not isinstance(rows, OpenQuerySet)
]


@pytest.fixture(scope="module")
def lasting_furnished(lasting_world):
    """Rows of every kind below one root; beside it another root with somebody in every role."""
    world = lasting_world
    for row in ROWS:
        for place in PLACES:
            if row.fill:
                row.fill(Scene(world, place), 1)
            elif getattr(row, "target", None):
                row.target(Scene(world, place))
    _judge(Nomination.objects.filter(unit=world.units["own"]).first())
    world.other = OrganizationFactory(code="YT", kind="city", name="烟台市总工会")
    with_child(world.other, "district", code="YT1")
    world.strangers = {role: account(role, world.other) for role in Role}
    return world


@pytest.fixture
def furnished(lasting_furnished):
    """The same for one test; what the test adds is taken back."""
    with transaction.atomic():
        yield lasting_furnished
        transaction.set_rollback(True)


def _judge(nomination):
    """A verdict, a note of what an import filled in, a draft, a form done, a look: nothing lists these."""
    run = AssessmentRun.objects.filter(round__organizer=nomination.unit).first()
    AssessmentRun.objects.filter(pk=run.pk).update(status="running", finished_at=None)
    Assessment.objects.create(
        run=run, nomination=nomination, version=1, met=0, known=0, overall=0, observed=[]
    )
    PersonCompletion.objects.create(
        person=nomination.person, batch=ImportBatch.objects.first(), fields=["sex"]
    )
    owner = Membership.objects.filter(organization=nomination.unit).first().user
    FormDraft.objects.create(owner=owner, path="/talents/", sealed=b"sealed")
    SentForm.objects.create(owner=owner, token=uuid4(), led_to="/talents/")
    EvidencePrint.objects.create(evidence=Evidence.objects.first(), position=0)


def beside(model, root, rows):
    """``rows`` without the few that stand under ``root`` by themselves: bodies, accounts, roles."""
    if model is Organization:
        return rows.exclude(path__startswith=root.path)
    if model is Membership:
        return rows.exclude(organization__path__startswith=root.path)
    if model is User:
        placed = rows.filter(memberships__isnull=False)
        return placed.exclude(memberships__organization__path__startswith=root.path)
    return rows


def test_who_serves_at_one_root_sees_nothing_of_the_other(furnished):
    leaks = []
    for model in SCOPED:
        assert beside(model, furnished.other, model._default_manager.all()).exists(), model
        leaks += [
            (model._meta.label, role)
            for role, user in furnished.strangers.items()
            if beside(model, furnished.other, model.objects.visible_to(user)).exists()
        ]

    assert leaks == []


def test_who_serves_at_either_root_acts_below_it_only(furnished):
    for role, user in furnished.strangers.items():
        assert holds_role(user, {role}, furnished.other.path)
        assert not holds_role(user, {role}, furnished.nation.path)
        assert not holds_role(user, {role}, furnished.district.path)


def test_a_root_sees_all_of_its_own_tree_beside_another(furnished):
    user = account(Role.HANDLER, furnished.nation)

    seen = Organization.objects.visible_to(user)

    assert set(seen) == set(Organization.objects.filter(path__startswith=furnished.nation.path))
    assert Nomination.objects.visible_to(user).filter(unit__path__startswith="/").exists()


@pytest.mark.django_db
def test_the_only_root_is_spared_a_filter_and_no_question_is_asked_for_it():
    user = account(Role.HANDLER, OrganizationFactory(kind="national"))

    with CaptureQueriesContext(connection) as asked:
        alone = str(Nomination.objects.visible_to(user).query)
    OrganizationFactory(kind="city")
    beside_another = str(Nomination.objects.visible_to(User.objects.get(pk=user.pk)).query)

    assert len(asked) == 1
    assert "LIKE" not in alone.upper()
    assert "LIKE" in beside_another.upper()
