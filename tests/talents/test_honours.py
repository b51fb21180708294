"""Taking a title back: one proposes, another decides; the certificate says so at once."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from talents.facts.measures import NAMED
from talents.models import Honour
from talents.services.honours import recall_certificate, reissue_certificate
from talents.workflow.honours import doubt_honour, revoke_honour, uphold_honour
from tests.factories.honours import HonourFactory
from tests.factories.organizations import OrganizationFactory, account
from workflow.models import Notice, Record
from workflow.records import subject_of
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def honour():
    return HonourFactory(organization=OrganizationFactory(kind="city"))


@pytest.fixture
def approver(honour):
    return account(Role.APPROVER, honour.organization)


def test_a_title_is_taken_back_by_two_people_and_counts_no_more(honour, approver):
    handler = account(Role.HANDLER, honour.organization)
    asked = {
        "organization": honour.organization.pk, "scheme": honour.scheme, "tiers": [honour.tier],
        "first": "2025-01-01", "last": "2025-12-31",
    }  # fmt: skip

    doubt_honour(honour.pk, actor=handler, note="群众来信反映材料不实")
    assert NAMED.found(asked).count() == 1, "until it is decided the title stands"
    with pytest.raises(DomainError, match="权限"):
        revoke_honour(honour.pk, actor=handler)
    revoked = revoke_honour(honour.pk, actor=approver)

    assert (revoked.state, revoked.revoked_by, revoked.doubted_by) == ("revoked", approver, handler)
    assert NAMED.found(asked).count() == 0
    codes = Record.objects.filter(subject=subject_of(honour)).values_list("code", flat=True)
    assert set(codes) == {"talents.honour-doubted", "talents.honour-revoked"}
    assert Notice.objects.filter(recipient=approver, title__contains="待复核").exists()
    assert Notice.objects.filter(recipient=handler, title__contains="已撤销").exists()


def test_whoever_proposed_it_does_not_decide_it_and_may_drop_it(honour, approver):
    doubt_honour(honour.pk, actor=approver, note="群众来信反映材料不实")

    with pytest.raises(DomainError) as refused:
        revoke_honour(honour.pk, actor=approver)

    assert refused.value.code == "proposer-cannot-revoke"
    assert uphold_honour(honour.pk, actor=approver).state == "valid"


def test_the_page_of_a_certificate_says_whether_it_stands_and_no_digit_of_a_person(client, honour):
    page = reverse("talents:certificate", args=[honour.certificate_number])
    paper = reverse("talents:certificate-print", args=[honour.certificate_number])

    before = client.get(page).content.decode()
    assert "称号有效" in before
    assert "<svg" in before
    assert client.get(paper).content.startswith(b"%PDF")
    doubt_honour(honour.pk, actor=account(Role.HANDLER, honour.organization), note="材料不实")
    revoke_honour(honour.pk, actor=account(Role.APPROVER, honour.organization))

    assert "该称号已撤销" in client.get(page).content.decode()
    listed = client.get(reverse("talents:directory"), {"q": honour.person.name}).content.decode()
    assert "已撤销" in listed
    assert honour.person.identity_mask not in before + listed


def test_a_certificate_is_verified_by_its_number(honour, tmp_path):
    out, said = tmp_path / "c.json", io.StringIO()

    call_command("verify_certificate", honour.certificate_number, json=str(out), stdout=said)
    assert json.loads(out.read_text("utf-8"))["valid"]
    assert "有效" in said.getvalue()
    with pytest.raises(CommandError, match="unknown-certificate"):
        call_command("verify_certificate", "X1", json=str(out))
    assert json.loads(out.read_text("utf-8"))["code"] == "unknown-certificate"
    assert Honour.objects.count() == 1


class TestIssuedAgain:
    """A certificate that is lost gets another number; the old one says so for good."""

    @pytest.fixture
    def again(self, honour):
        self.old = honour.certificate_number
        actor = account(Role.HANDLER, honour.organization)
        return reissue_certificate(honour.pk, actor=actor, note="证书遗失")

    def test_it_bears_the_next_number_and_the_title_is_counted_once(self, approver, again):
        second = reissue_certificate(again.pk, actor=approver, note="姓名用字更正")

        serial = int(self.old[-5:])
        assert again.certificate_number == f"BE2025{serial + 1:05}"
        assert second.certificate_number == f"BE2025{serial + 2:05}"
        numbers = [one["number"] for one in second.former_certificates]
        assert numbers == [self.old, again.certificate_number]
        assert Honour.objects.count() == 1
        record = Record.objects.filter(code="talents.certificate-reissued").last()
        assert record.before == {"certificate_number": self.old}
        assert record.note == "证书遗失"
        assert Notice.objects.filter(recipient=approver, title__contains="已补发").exists()

    def test_a_number_of_another_pattern_gets_a_suffix(self, honour, approver):
        Honour.objects.update(certificate_number="京工匠第7号")

        first = reissue_certificate(honour.pk, actor=approver, note="遗失").certificate_number
        second = reissue_certificate(honour.pk, actor=approver, note="损毁").certificate_number

        assert (first, second) == ("京工匠第7号-2", "京工匠第7号-3")

    def test_the_old_number_leads_everybody_to_the_new_one(self, again, client):
        old = client.get(reverse("talents:certificate", args=[self.old])).content.decode()
        new_url = reverse("talents:certificate", args=[again.certificate_number])
        new = client.get(new_url).content.decode()

        assert "本编号的证书已作废" in old
        assert f'href="{new_url}"' in old
        assert "证书真实，称号有效" not in old
        assert "证书真实，称号有效" in new
        assert self.old in new, "the new one tells which it replaces"
        printed = client.get(reverse("talents:certificate-print", args=[self.old]))
        assert printed.status_code == 404, "the old one is not printed any more"

    def test_the_command_says_by_which_it_was_replaced(self, again, tmp_path):
        out = tmp_path / "old.json"

        with pytest.raises(CommandError, match="certificate-replaced"):
            call_command("verify_certificate", self.old, json=str(out))

        told = json.loads(out.read_text(encoding="utf-8"))
        assert (told["code"], told["replaced_by"]) == (
            "certificate-replaced",
            again.certificate_number,
        )

    def test_not_without_a_reason_nor_while_it_is_doubted_nor_by_the_unit(self, honour, approver):
        stranger = account(Role.HANDLER, OrganizationFactory(kind="city"))
        codes = []
        for actor, note in ((approver, " "), (approver, "遗失")):
            with pytest.raises(DomainError) as refused:
                reissue_certificate(honour.pk, actor=actor, note=note)
            codes.append(refused.value.code)
            if note == " ":
                doubt_honour(honour.pk, actor=approver, note="群众来信反映")
        with pytest.raises(Honour.DoesNotExist):
            reissue_certificate(honour.pk, actor=stranger, note="遗失")

        assert codes == ["reason-required", "honour-not-valid"]
        honour.refresh_from_db()
        assert honour.former_certificates == []

    def test_the_page_asks_why_and_shows_what_came_of_it(self, honour, approver, client):
        client.force_login(approver)
        address = reverse("talents:honour-reissue", args=[honour.pk])

        page = client.post(address, {"note": "证书遗失"}, follow=True).content.decode()

        assert "证书已补发" in page
        assert honour.certificate_number in page
        assert "作废：证书遗失" in page


@pytest.fixture
def revoked(honour, approver):
    doubt_honour(
        honour.pk, actor=account(Role.HANDLER, honour.organization), note="群众来信反映材料不实"
    )
    return revoke_honour(honour.pk, actor=approver)


def recall(honour, actor, **facts):
    asked = {"recall": "returned", "recalled_on": timezone.localdate(), "note": ""} | facts
    return recall_certificate(honour.pk, actor=actor, **asked)


def test_the_certificate_of_a_title_taken_back_is_recalled_on_record_and_everybody_is_told(
    client, revoked, approver
):
    page = reverse("talents:certificate", args=[revoked.certificate_number])
    assert "证书原件正在收回" in client.get(page).content.decode()

    recall(revoked, approver, recall="lost", note="本人说明搬家时遗失")
    assert "证书原件遗失，未能收回，声明作废" in client.get(page).content.decode()
    found = recall(revoked, approver)

    assert (found.recall, found.recalled_by) == ("returned", approver)
    assert "收回" in client.get(page).content.decode()
    assert str(approver) not in client.get(page).content.decode()
    told = Record.objects.filter(code="talents.certificate-recalled").order_by("pk")
    assert [each.after["recall"] for each in told] == ["证书遗失，未能收回", "证书已收回"]


def test_of_a_title_registered_as_revoked_nobody_says_that_its_certificate_is_recalled(
    client, honour
):
    taken_over = HonourFactory.build(state="revoked", revoked_on=timezone.localdate())

    assert taken_over.recall_in_words == ""


def test_a_recall_is_refused_where_it_cannot_be(honour, approver):
    def refusal(**facts):
        with pytest.raises(DomainError) as refused:
            recall(honour, approver, **facts)
        return refused.value.code

    assert refusal() == "honour-not-revoked"
    doubt_honour(honour.pk, actor=account(Role.HANDLER, honour.organization), note="材料不实")
    revoke_honour(honour.pk, actor=approver)
    today = timezone.localdate()
    assert refusal(recalled_on=today + timedelta(days=1)) == "recall-in-future"
    assert refusal(recall="lost") == "reason-required"
    yesterday = today - timedelta(days=1)
    assert refusal(recalled_on=yesterday) == "honour-recalled-after-it-was-revoked"
    recall(honour, approver)
    assert refusal() == "certificate-returned"


def test_staff_register_a_recall_by_the_page(client, revoked, approver):
    client.force_login(approver)
    page = reverse("talents:honour-recall", args=[revoked.pk])

    today = timezone.localdate().isoformat()
    answer = client.post(
        page, {"recall": "returned", "recalled_on": today, "note": ""}, follow=True
    )

    assert "证书已收回" in answer.content.decode()
    assert page not in answer.content.decode()
