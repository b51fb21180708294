"""Whom an objection is about never reads of it: neither in the records, nor by the letter it came with."""

import pytest
from django.urls import reverse
from django.utils import timezone

from intake.services.originals import hand_out
from intake.workflow import ORIGINAL_TAKEN
from organizations.roles import Role
from talents.services.scans import Scan
from talents.workflow.objections import (
    Came,
    Reported,
    decide_objection,
    enter_objection,
    look_into,
)
from tests.accounts.lending import again, lend
from tests.factories.endorsing import SCAN
from tests.factories.organizations import account
from tests.refusals import refused
from tests.talents.test_oneself import oneself
from tests.talents.test_publicity import city, selection  # noqa: F401
from tests.talents.test_shares_at_naming import entry, up
from workflow.models import Attachment
from workflow.records import record_event, subject_of
from workflow.selectors import attachments_in_scope, history_of, records_in_scope

pytestmark = pytest.mark.django_db
LETTER, OPINION = "李四来信.pdf", "审定意见机密"


@pytest.fixture
def line(selection):  # noqa: F811
    return entry(up(selection), 1)


@pytest.fixture
def objection(line, city):  # noqa: F811
    came = Came("letter", timezone.localdate(), Scan(SCAN.content, LETTER))
    reported = Reported("deeds", "获奖项目并非本人完成", "李四 13800000000")
    made = enter_objection(line.pk, reported, came, actor=account(Role.HANDLER, city))
    look_into(made.pk, finding="已调阅项目档案", actor=account(Role.HANDLER, city))
    return decide_objection(
        made.pk, is_upheld=True, actor=account(Role.APPROVER, city), note=OPINION
    )


@pytest.mark.parametrize("role", [Role.HANDLER, Role.APPROVER, Role.AUDITOR])
def test_neither_they_nor_their_stand_in_find_it_in_the_records(
    objection, line, city, client, role  # noqa: F811
):  # fmt: skip
    me, deputy = oneself(line.nomination, role, city), account(Role.HANDLER, city)
    nobodies = [me]
    if role == Role.HANDLER:
        lend(me, deputy)
        nobodies.append(again(deputy))
    subject = subject_of(objection)
    for nobody in nobodies:
        client.force_login(nobody)
        for address in (
            "/records/", f"/records/{subject.replace(':', '/')}/", "/api/v1/records/",
            reverse("admin:workflow_notice_changelist"),
        ):  # fmt: skip
            said = client.get(address).content.decode()
            assert OPINION not in said, address
            assert objection.receipt not in said, address
        assert history_of(subject, nobody) == []
    other = account(role, city)
    assert records_in_scope(other).filter(subject=subject).count() == 3
    assert len(history_of(subject, other)) == 3


def test_nor_is_the_letter_listed_to_them_or_given_out_to_anybody_as_a_file(
    objection, line, city, client  # noqa: F811
):  # fmt: skip
    scan = Attachment.objects.get(filename=LETTER)
    taker = account(Role.HANDLER, city)
    record_event(ORIGINAL_TAKEN, subject_of(scan), actor=taker, organization=city)
    me, nominator = oneself(line.nomination, Role.HANDLER, city), account(Role.NOMINATOR, city)
    for nobody in (me, nominator):
        client.force_login(nobody)
        address = reverse("intake:attachment", args=[scan.pk])
        assert client.get(address).status_code == 404
        assert LETTER not in client.get("/api/v1/attachments/").content.decode()
        assert not attachments_in_scope(nobody).filter(pk=scan.pk).exists()
    for anybody in (me, nominator, account(Role.HANDLER, city)):
        assert refused(hand_out, scan, reader=anybody, reason="核对登记内容") == (
            "file-of-another-page"
        )
    assert not records_in_scope(me).filter(subject=subject_of(scan)).exists()
    assert attachments_in_scope(account(Role.HANDLER, city)).filter(pk=scan.pk).exists()
    client.force_login(account(Role.HANDLER, city))
    page = reverse("talents:objection-scan", args=[objection.pk])
    assert client.get(page).status_code == 200
