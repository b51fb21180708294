"""Who stands in a round has no hand in what its candidates are measured by: marks, experts, places, the panel."""

import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from intake import services as imports
from intake.kinds.files import file_of
from intake.models import ImportBatch, ImportRow
from intake.services import Upload
from intake.services.originals import hand_out, hand_out_annotated
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
from workflow.models import Attachment
from workflow.records import subject_of
from workflow.selectors import records_in_scope

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

    def handed_in(self, body, called_round):
        me = oneself(called_round.nominations.order_by("pk")[3], Role.HANDLER, body)
        other = account(Role.HANDLER, body)
        marks = (FIXTURES / "reviews-beijing-great-2026.xlsx").read_bytes()
        imports.receive_whole(
            Upload(marks, "评分.xlsx", ReviewSubject(called_round), body, other), REVIEWS
        )
        return me, other, ImportBatch.objects.get(kind="talents.reviews"), marks

    def test_are_neither_handed_in_nor_filed_nor_taken_back_by_a_candidate(self, called, client):
        me, other, batch, _ = self.handed_in(*called)
        client.force_login(me)
        upload = reverse("intake:upload", args=["reviews", called[1].code])
        assert client.get(upload).status_code in {403, 409}
        with pytest.raises(ImportBatch.DoesNotExist):
            imports.commit(batch.pk, actor=me)
        assert not Review.objects.exists()
        imports.commit(batch.pk, actor=other)
        with pytest.raises(ImportBatch.DoesNotExist):
            imports.revert(batch.pk, actor=me, note="评分登记有误")
        assert Review.objects.exists()

    def test_are_known_to_no_candidate_by_any_door(self, called, client):
        me, other, batch, marks = self.handed_in(*called)
        imports.commit(batch.pk, actor=other)
        deputy = account(Role.HANDLER, called[0])
        lend(me, deputy)
        admin = reverse("admin:intake_importbatch_change", args=[batch.pk])
        doors = (
            reverse("intake:file", args=[batch.pk]), reverse("intake:annotated", args=[batch.pk]),
            reverse("intake:attachment", args=[batch.attachment_id]),
            reverse("importbatch-detail", args=[batch.pk]),
            reverse("importbatch-findings", args=[batch.pk]),
            reverse("attachment-detail", args=[batch.attachment_id]),
        )  # fmt: skip
        for reader, answer in ((other, 200), (me, 404), (again(deputy), 404)):
            client.force_login(reader)
            assert {client.get(door).status_code for door in doors} == {answer}
            assert (client.get(admin).status_code == 200) is (answer == 200)
            for model in (ImportBatch, ImportRow, Attachment):
                rows = model.objects.visible_to(reader)
                key = {ImportBatch: "pk", ImportRow: "batch", Attachment: "batches"}[model]
                assert rows.filter(**{key: batch.pk}).exists() is (answer == 200)
            assert records_in_scope(reader).filter(subject=subject_of(batch)).exists() is (
                answer == 200
            )
        for reader in (me, again(deputy)):
            words = {"reader": reader, "reason": "核对评分登记"}
            assert refused(hand_out, batch.attachment, **words) == "import-withheld"
            assert refused(hand_out_annotated, file_of(batch), **words) == "import-withheld"
        assert hand_out(batch.attachment, reader=other, reason="核对评分登记") == marks

    def test_the_sheet_of_nominations_and_those_of_other_rounds_stay_in_sight(self, called):
        body, called_round = called
        me = oneself(called_round.nominations.order_by("pk")[3], Role.HANDLER, body)
        batch = ImportBatch.objects.get(kind="talents.nominations")

        assert ImportBatch.objects.visible_to(me).filter(pk=batch.pk).exists()
        assert ImportRow.objects.visible_to(me).filter(batch=batch).exists()


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
