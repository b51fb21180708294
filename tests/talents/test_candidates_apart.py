"""Who stands in a round has no hand in what its candidates are measured by: marks, experts, places, the panel."""

import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from intake import services as imports
from intake.models import ImportBatch
from intake.services import Upload
from organizations.roles import Role
from talents.imports.reviews import REVIEWS, ReviewSubject
from talents.models import Review, SelectionRound
from talents.permissions import may_set_composition
from talents.permissions.panels import may_convene
from talents.permissions.reviews import may_order_look, may_release
from talents.permissions.taking_back import may_take_back
from talents.services.drawing import draw_experts
from talents.services.quotas import allocate_quotas
from talents.services.reviewing import order_second_look
from talents.workflow.panels import drop_panel
from tests.accounts.lending import again, lend
from tests.factories.organizations import account, with_child
from tests.factories.panels import FORCES, convened, reviewed_round
from tests.factories.reviews import ExpertFactory, judged
from tests.inputs import FIXTURES, take_in_beijing
from tests.refusals import refused
from tests.talents.test_oneself import oneself
from tests.talents.test_publicity import city, selection  # noqa: F401

pytestmark = pytest.mark.django_db
OWN = "own-nomination"


class TestMarksByTheSheet:
    @pytest.fixture
    def called(self):
        body = take_in_beijing()
        out = io.StringIO()
        call_command(
            "create_round", "BJ-2026", policy="beijing-craftsman-selection-2024",
            tier="beijing-great", year="2026", reference_day="2026-06-30", stdout=out,
        )  # fmt: skip
        table = str(FIXTURES / "nominations-beijing-great-2026.xlsx")
        call_command("import_nominations", table, round="BJ-2026", stdout=out)
        found = SelectionRound.objects.get(code="BJ-2026")
        judged(found)
        return body, found

    def test_are_neither_handed_in_nor_filed_nor_taken_back_by_a_candidate(self, called, client):
        body, called_round = called
        me = oneself(called_round.nominations.order_by("pk")[3], Role.HANDLER, body)
        other = account(Role.HANDLER, body)
        client.force_login(me)
        upload = reverse("intake:upload", args=["reviews", called_round.code])
        assert client.get(upload).status_code in {403, 409}
        marks = (FIXTURES / "reviews-beijing-great-2026.xlsx").read_bytes()
        imports.receive_whole(
            Upload(marks, "评分.xlsx", ReviewSubject(called_round), body, other), REVIEWS
        )
        batch = ImportBatch.objects.get(kind="talents.reviews")

        assert refused(imports.commit, batch.pk, actor=me) == OWN
        assert not Review.objects.exists()
        imports.commit(batch.pk, actor=other)
        assert refused(imports.revert, batch.pk, actor=me, note="评分登记有误") == OWN
        assert Review.objects.exists()


@pytest.mark.parametrize("role", [Role.HANDLER, Role.APPROVER])
def test_a_candidate_and_whoever_stands_in_for_one_leave_the_round_to_others(city, role):  # noqa: F811
    selection = reviewed_round(city)  # noqa: F811
    me = oneself(selection.nominations.first(), role, city)
    deputy = account(role, city)
    lend(me, deputy)
    unit = with_child(city, "district")
    places = {"organization_id": unit.pk, "places": 3, "note": "按方案"}
    for nobody in (me, again(deputy)):
        assert refused(draw_experts, selection.pk, 7, actor=nobody) == OWN
        assert refused(allocate_quotas, selection.pk, actor=nobody, **places) == OWN
        assert may_set_composition.why_not(nobody, selection).code == OWN
        assert may_convene.why_not(nobody, selection).code == OWN
    panel = convened(selection)
    assert refused(drop_panel, panel.pk, actor=me, note="另行开会") == OWN
    drop_panel(panel.pk, actor=account(role, city), note="另行开会")


@pytest.mark.parametrize("role", [Role.HANDLER, Role.APPROVER])
def test_nor_do_they_have_marks_that_lie_apart_given_again(city, role):  # noqa: F811
    selection = reviewed_round(city)  # noqa: F811
    last = selection.nominations.last()
    Review.objects.create(
        nomination=last, expert=ExpertFactory(organization=city), status="submitted",
        submitted_at=timezone.now(), **{f"mark_{force}": 10 for force in FORCES},
    )  # fmt: skip
    me = oneself(selection.nominations.first(), role, city)
    deputy = account(role, city)
    lend(me, deputy)

    for nobody in (me, again(deputy)):
        assert refused(order_second_look, selection.pk, actor=nobody, note="分差超限") == OWN
    assert may_order_look.allows(account(role, city), selection)


def test_nor_does_a_candidate_hand_papers_out_or_take_those_of_others_back(selection, city):  # noqa: F811
    judged(selection)
    ExpertFactory.create_batch(6, organization=city)
    draw = draw_experts(selection.pk, 7, actor=account(Role.HANDLER, city))
    mine, other = selection.nominations.order_by("pk")[:2]
    me = oneself(mine, Role.APPROVER, city)
    paper = Review.objects.create(nomination=other, expert=ExpertFactory(organization=city))

    assert may_release.why_not(me, draw).code == OWN
    assert may_take_back.why_not(me, paper).code == OWN
    assert may_release.allows(account(Role.APPROVER, city), draw)
