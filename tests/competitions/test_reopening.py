"""Once names are read, marks are opened again by two: one asks and says why, another agrees."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from competitions import workflow
from competitions.models import Item
from organizations.roles import Role
from tests.competitions.test_contest_flow import REASON, refused
from tests.factories.competitions import EntryFactory, marked
from tests.factories.organizations import account
from workflow.models import Notice, Record

pytestmark = pytest.mark.django_db
WHY = "第三席漏评一项，须补评"


@pytest.fixture
def locked(item, hands):
    marked(EntryFactory(item=item), 40, 3, 3, 3)
    workflow.check_marks(item.pk, actor=hands["handler"])
    workflow.lock_marks(item.pk, actor=hands["approver"])
    return item


def test_who_asked_does_not_agree_and_somebody_else_does(client, locked, hands):
    assert refused(workflow.unlock_marks, locked.pk, actor=hands["handler"], note=WHY) == "reopening-not-asked"  # fmt: skip
    workflow.ask_reopening(locked.pk, actor=hands["handler"], note=WHY)
    assert refused(workflow.ask_reopening, locked.pk, actor=hands["second"], note=WHY) == "reopening-asked"  # fmt: skip
    assert refused(workflow.unlock_marks, locked.pk, actor=hands["handler"], note=WHY) == "asker-cannot-reopen"  # fmt: skip
    assert Notice.objects.filter(recipient=hands["second"], title__contains="退回重评待同意").exists()  # fmt: skip
    client.force_login(hands["second"])
    page = client.get(reverse("competitions:item", args=[locked.code])).content.decode()
    assert WHY in page

    opened = workflow.unlock_marks(locked.pk, actor=hands["second"], note=REASON)

    assert (opened.state, opened.reopen_asked_by, opened.reopen_reason) == ("open", None, "")
    assert Record.objects.get(code="competitions.reopening-asked").note == WHY


def test_before_names_are_read_one_opens_the_marks_alone(item, hands):
    marked(EntryFactory(item=item), 40, 3, 3, 3)
    workflow.check_marks(item.pk, actor=hands["handler"])
    asked = refused(workflow.ask_reopening, item.pk, actor=hands["handler"], note=WHY)
    assert asked == "codes-are-sealed"

    assert workflow.unlock_marks(item.pk, actor=hands["handler"], note=WHY).state == "open"


def test_publishing_answers_a_reopening_nobody_agreed_to(locked, hands, city):
    workflow.ask_reopening(locked.pk, actor=hands["handler"], note=WHY)

    published = workflow.publish(locked.pk, actor=account(Role.APPROVER, city), note=REASON)

    assert (published.state, published.reopen_asked_by) == ("published", None)
    assert refused(workflow.unlock_marks, locked.pk, actor=hands["second"], note=WHY) == "illegal-transition"  # fmt: skip


def test_the_database_knows_no_reopening_of_marks_that_are_not_locked(item, hands):
    item.reopen_asked_by, item.reopen_reason = hands["handler"], WHY
    with pytest.raises(ValidationError, match="成绩锁定之后"):
        Item.validate_constraints(item)
