from datetime import date

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.db.models import ProtectedError
from psycopg import errors as pg

from organizations.models import Membership, Organization
from organizations.roles import Role
from tests.factories.organizations import MembershipFactory, OrganizationFactory, with_child
from tests.factories.workflow import JobFactory, NoticeFactory
from workflow.models import Job
from workflow.refusals import DomainError
from workflow.refusals.database import refusal_of

pytestmark = pytest.mark.django_db


def refused(deed):
    """What ``deed`` is told by the database, as a person reads it."""
    with pytest.raises(Exception) as caught, transaction.atomic():  # noqa: PT011
        deed()
    return refusal_of(caught.value)


def test_a_broken_constraint_is_told_in_its_own_words():
    city = OrganizationFactory()

    told = refused(lambda: Organization.objects.filter(pk=city.pk).update(region_code="11"))

    assert told.code == "organization-region-code-has-six-digits"
    assert told.message == "区划代码应为6位数字"


def test_a_unique_constraint_is_told_in_its_own_words():
    held = MembershipFactory()

    told = refused(
        lambda: Membership.objects.create(
            user=held.user,
            organization=held.organization,
            role=held.role,
            valid_from=held.valid_from,
        )
    )

    assert (told.code, told.message) == ("membership-once-per-role", "该账号在此组织已有相同角色")


def test_a_unique_column_is_told_by_its_name():
    OrganizationFactory(code="BJ")
    with_child(OrganizationFactory(kind="national"), "city", code="X")

    told = refused(lambda: Organization.objects.filter(code="X").update(code="BJ"))

    assert told.message == "“编码”已存在，请勿重复登记"


def test_a_constraint_without_words_still_gives_a_sentence():
    notice = NoticeFactory()

    told = refused(lambda: type(notice).objects.filter(pk=notice.pk).update(href="https://evil"))

    assert told.code == "notice-links-inside-the-portal"
    assert "未作任何改动" in told.message


def test_separated_administrators_are_told_why():
    held = MembershipFactory(role=Role.SYSTEM_ADMIN)

    told = refused(
        lambda: MembershipFactory(
            user=held.user, organization=held.organization, role=Role.AUDIT_ADMIN
        )
    )

    assert told.code == "membership-admins-are-separate"
    assert "须由不同的人担任" in told.message


def test_deleting_what_is_still_used_is_refused():
    city = OrganizationFactory()
    with_child(city, "district")

    told = refused(city.delete)

    assert told.code == "still-referenced"


def test_a_missing_value_names_the_column():
    job = JobFactory()

    told = refused(lambda: Job.objects.filter(pk=job.pk).update(label=None))

    assert told.message == "“说明”的内容不符合要求，未作任何改动"


@pytest.mark.parametrize(
    ("error", "cause", "code"),
    [
        (OperationalError, pg.DeadlockDetected, "busy"),
        (OperationalError, pg.SerializationFailure, "busy"),
        (OperationalError, pg.LockNotAvailable, "busy"),
        (OperationalError, pg.QueryCanceled, "took-too-long"),
        (DataError, pg.NumericValueOutOfRange, "unreadable-value"),
        (DataError, ValueError, "unreadable-value"),
    ],
)
def test_what_passes_by_itself_asks_for_another_try(error, cause, code):
    raised = error("x")
    raised.__cause__ = cause()

    assert refusal_of(raised).code == code


@pytest.mark.parametrize(
    "error", [ValueError("x"), OperationalError("x"), IntegrityError("x"), KeyError("x")]
)
def test_what_nobody_foresaw_stays_an_error(error):
    assert refusal_of(error) is None


def test_a_refusal_of_ours_stays_as_it_is():
    refusal = DomainError("x", "y")

    assert refusal_of(refusal) is refusal
    assert refusal_of(ProtectedError("x", set())).code == "still-referenced"


@pytest.mark.django_db(transaction=True)
def test_a_refusal_of_the_database_is_a_page_and_no_crash(client, monkeypatch):
    def broken(user):
        with connection.cursor() as cursor:
            cursor.execute("update organizations_organization set region_code = '1'")

    OrganizationFactory()
    client.force_login(MembershipFactory(valid_from=date(2020, 1, 1)).user)
    monkeypatch.setattr("accounts.tables.organizations_in_scope", broken)

    answer = client.get("/organizations/")

    assert answer.status_code == 409
    assert "区划代码应为6位数字" in answer.content.decode()


def test_a_row_that_vanished_while_somebody_waited_for_it_is_a_conflict_and_no_crash(
    client, monkeypatch
):
    def gone(user):
        raise Organization.DoesNotExist

    client.force_login(MembershipFactory(valid_from=date(2020, 1, 1)).user)
    monkeypatch.setattr("accounts.tables.organizations_in_scope", gone)

    answer = client.get("/organizations/")

    assert answer.status_code == 409
    assert "已被他人删除或撤回" in answer.content.decode()
    assert refusal_of(Organization.DoesNotExist()).code == "vanished"
