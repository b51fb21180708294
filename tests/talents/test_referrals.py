"""A person of a unit out of reach: one answer whatever is on file, put before the common superior."""

import threading

import pytest
from django.db import connections
from django.urls import reverse

from organizations.models import User
from organizations.roles import Role
from talents.models import Nomination, Person
from talents.services.nominations import correct_nomination, file_nomination
from talents.services.referrals import REFERRED
from tests.factories.filings import filing, identity_number
from tests.factories.organizations import account
from tests.factories.talents import NominationFactory, PersonFactory
from tests.talents.importing import SOUND, call_of_nominations, sheet_of, staged
from workflow.models import Notice, Record
from workflow.refusals import DomainError
from workflow.storage import vault

pytestmark = pytest.mark.django_db
BLANK = dict.fromkeys(("ethnicity", "education", "political_status", "phone"), "")


@pytest.fixture
def call():
    return call_of_nominations()


@pytest.fixture
def clerk(call):
    """Files for one unit and sees no other."""
    return account(Role.NOMINATOR, call.units[0])


def known(call, **facts):
    """A person of a unit in the other district."""
    facts = {"name": "曾怡刚", "organization": call.units[2], "education": "大专"} | facts
    return PersonFactory(identity_digest=vault.digest(identity_number()), **facts)


def refused(act, *args, **options):
    with pytest.raises(DomainError) as refusal:
        act(*args, **options)
    return refusal.value.code, refusal.value.message


def another_name(call):
    known(call, name="张三")


def other_particulars(call):
    known(call, education="研究生")


def put_forward_elsewhere(call):
    NominationFactory(round=call.round, unit=call.units[2], person=known(call))


WORLDS = (another_name, other_particulars, put_forward_elsewhere)


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.__name__)
def test_whatever_is_on_file_elsewhere_the_answer_is_the_same_and_names_nobody(call, clerk, world):
    world(call)

    code, message = refused(file_nomination, call.round.pk, filing(call.units[0]), actor=clerk)

    assert code == "person-elsewhere"
    assert message == (
        "该人员须由上级工会核对后受理，本次未登记；已转共同上级工会核对，请等候通知，不必重复提交"
    )
    assert Nomination.objects.filter(unit=call.units[0]).count() == 0


def test_who_serves_above_both_is_told_what_it_is_about_and_has_it_to_do(call, clerk, client):
    another_name(call)
    city, district = account(Role.APPROVER, call.city), account(Role.HANDLER, call.districts[0])

    refused(file_nomination, call.round.pk, filing(call.units[0]), actor=clerk)

    (notice,) = Notice.objects.all()
    assert (notice.recipient, notice.title) == (city, "跨单位人员待核对：张三")
    assert not Notice.objects.filter(recipient=district).exists()
    client.force_login(city)
    home = client.get(reverse("portal:home")).content.decode()
    assert "跨单位人员待核对" in home
    listed = client.get(reverse("portal:notices"), {"read": "no", "about": "talents.referral:"})
    assert "跨单位人员待核对：张三" in listed.content.decode()
    code, message = refused(file_nomination, call.round.pk, filing(call.units[0]), actor=city)
    assert (code, "另一个姓名" in message) == ("name-conflict", True)


def test_each_try_is_on_record_without_the_number_and_the_day_has_an_end(call, clerk, settings):
    settings.FOREIGN_TRIES_A_DAY = 3
    another_name(call)
    act = (file_nomination, call.round.pk, filing(call.units[0]))

    codes = [refused(*act, actor=clerk)[0] for _ in range(4)]

    assert codes == ["person-elsewhere"] * 3 + ["tries-used-up"]
    told = Record.objects.filter(code=REFERRED.code, actor=clerk)
    assert told.count() == 3
    assert identity_number() not in str(list(told.values_list("before", "after", "note")))
    colleague = account(Role.NOMINATOR, call.units[0])
    assert refused(*act, actor=colleague)[0] == "person-elsewhere"
    unknown = filing(call.units[0], identity=identity_number(9))
    assert refused(file_nomination, call.round.pk, unknown, actor=clerk)[0] == "tries-used-up"


def test_tries_at_the_same_moment_are_counted_all(transactional_db, settings):
    settings.FOREIGN_TRIES_A_DAY = 3
    call = call_of_nominations()
    clerk = account(Role.NOMINATOR, call.units[0])
    another_name(call)
    barrier, codes = threading.Barrier(12), []

    def try_it():
        barrier.wait(timeout=60)
        codes.append(refused(file_nomination, call.round.pk, filing(call.units[0]), actor=clerk)[0])
        connections.close_all()

    threads = [threading.Thread(target=try_it) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(codes) == ["person-elsewhere"] * 3 + ["tries-used-up"] * 9


def test_who_knows_number_and_name_files_and_learns_nothing_more(call, clerk):
    person = known(call)

    nomination = file_nomination(call.round.pk, filing(call.units[0], person=BLANK), actor=clerk)

    assert nomination.person == person
    assert not Notice.objects.exists()


def test_a_correction_to_a_number_of_somebody_elsewhere_is_answered_the_same(call, clerk):
    known(call)
    mine = file_nomination(
        call.round.pk, filing(call.units[0], identity=identity_number(5)), actor=clerk
    )
    again = filing(call.units[0])

    code, _ = refused(correct_nomination, mine.pk, again, actor=clerk, version=1, note="更正号码")

    assert code == "person-elsewhere"
    assert Record.objects.filter(code=REFERRED.code, actor=clerk).count() == 1


@pytest.mark.parametrize("world", ["name", "filed"])
def test_a_row_of_a_workbook_tells_no_more_than_the_form(call, clerk, world):
    name = "别人甲" if world == "name" else "曾怡刚"
    person = PersonFactory(
        identity_digest=vault.digest(SOUND), name=name, organization=call.units[2]
    )
    if world == "filed":
        NominationFactory(round=call.round, unit=call.units[2], person=person)
    city = account(Role.APPROVER, call.city)

    batch = staged(call, sheet_of(call, {}), actor=clerk, organization=call.units[0])

    (found,) = batch.findings.filter(severity="error")
    assert found.code == "person-elsewhere"
    assert found.message.endswith("该人员须由上级工会核对后受理，本行未受理；已转共同上级工会核对")
    assert Record.objects.get(code=REFERRED.code).after["tries"] == 1
    assert Notice.objects.filter(recipient=city).exists()


def test_a_workbook_that_asks_about_more_than_a_days_tries_is_not_taken(call, clerk, settings):
    settings.FOREIGN_TRIES_A_DAY = 0
    PersonFactory(identity_digest=vault.digest(SOUND), name="别人甲", organization=call.units[2])

    code, _ = refused(staged, call, sheet_of(call, {}), actor=clerk, organization=call.units[0])

    assert code == "tries-used-up"
    assert Person.objects.count() == 1


def test_the_house_itself_is_told_plainly(call):
    another_name(call)

    code, _ = refused(
        file_nomination, call.round.pk, filing(call.units[0]), actor=User.objects.system()
    )

    assert code == "name-conflict"
