from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from organizations.models import Organization, User
from organizations.roles import Role
from talents import workflow
from talents.models import (
    Assessment,
    AssessmentRun,
    Certificate,
    Employment,
    Nomination,
    Person,
    SelectionRound,
)
from talents.selectors.assessments import current_assessment
from talents.services.nominations import (
    correct_nomination,
    file_nomination,
    restore_nomination,
    withdraw_nomination,
)
from talents.services.persons import correct_person
from tests.factories.filings import filing, identity_number, month, segment
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import RoundFactory
from tests.factories.workflow import moved
from workflow.corrections import version_of
from workflow.models import Record
from workflow.records import subject_of
from workflow.refusals import DomainError
from workflow.storage import vault

pytestmark = pytest.mark.django_db
Kind = Organization.Kind


@pytest.fixture
def city():
    return OrganizationFactory(code="BJ", name="北京市总工会")


@pytest.fixture
def unit(city):
    return with_child(city, Kind.UNIT, name="示例公司")


@pytest.fixture
def clerk(unit):
    return account(Role.NOMINATOR, unit)


@pytest.fixture
def selection(city):
    return RoundFactory(organizer=city)


@pytest.fixture
def filed(selection, unit, clerk):
    return file_nomination(selection.pk, filing(unit), actor=clerk)


def refused(code, match=None):
    return pytest.raises(DomainError, match=match, check=lambda error: error.code == code)


# Filing


def test_filing_registers_person_nomination_segments_and_certificate(selection, unit, clerk):
    spans = segment(month(2010, 1), month(2012, 6)), segment(month(2015, 1), None)

    nomination = file_nomination(selection.pk, filing(unit, *spans), actor=clerk)

    person = nomination.person
    assert (person.name, person.name_pinyin, person.name_initials) == (
        "曾怡刚",
        "zengyigang",
        "zyg",
    )
    assert person.identity_mask == "******************"
    assert vault.decrypt(person.identity_cipher).decode() == identity_number()
    assert vault.decrypt(person.phone_cipher).decode() == "12012345678"
    assert [str(row) for row in nomination.employments.all()] == [
        "2010年1月—2012年6月 示例公司 钳工",
        "2015年1月—至今 示例公司 钳工",
    ]
    certificate = Certificate.objects.get(person=person)
    assert (certificate.level, certificate.issued_year) == ("1", 2024)
    assert nomination.state == Nomination.State.DRAFT


def test_the_record_of_a_filing_holds_no_number(filed):
    record = Record.objects.get(subject=subject_of(filed))

    assert identity_number() not in str(record.after)
    assert record.action == "登记推荐"


def test_a_form_sent_twice_makes_one_nomination(selection, unit, clerk):
    first = file_nomination(selection.pk, filing(unit), actor=clerk, submission="one-form")
    second = file_nomination(selection.pk, filing(unit), actor=clerk, submission="one-form")

    assert first.pk == second.pk
    assert Nomination.objects.count() == 1


def test_the_same_person_is_not_nominated_twice_in_a_round(selection, unit, clerk, filed):
    with refused("duplicate-nomination"):
        file_nomination(selection.pk, filing(unit), actor=clerk, submission="another-form")


def test_the_same_person_may_be_nominated_in_another_round(city, unit, clerk, filed, selection):
    other = RoundFactory(organizer=city, edition=selection.edition)

    nomination = file_nomination(other.pk, filing(unit), actor=clerk)

    assert nomination.person_id == filed.person_id
    assert Person.objects.count() == 1


def test_a_known_number_under_another_name_is_refused(city, unit, clerk, filed, selection):
    other = RoundFactory(organizer=city, edition=selection.edition)

    with refused("name-conflict"):
        file_nomination(other.pk, filing(unit, person={"name": "张三"}), actor=clerk)

    assert not Nomination.objects.filter(round=other).exists()


DIFFERING = pytest.mark.parametrize(
    ("told", "label"),
    [({"education": "研究生"}, "学历"), ({"phone": "12099999999"}, "联系电话")],
    ids=("education", "phone"),
)


@DIFFERING
def test_a_strangers_file_is_not_rewritten_by_a_filing_and_that_is_said(
    city, filed, selection, told, label
):
    elsewhere = with_child(city, Kind.UNIT)
    other = RoundFactory(organizer=city, edition=selection.edition)
    stranger = account(Role.NOMINATOR, elsewhere)

    with refused("person-elsewhere", match="须由上级工会核对") as refusal:
        file_nomination(other.pk, filing(elsewhere, person=told), actor=stranger)
    blank = dict.fromkeys(("ethnicity", "education", "political_status", "phone"), "")
    nomination = file_nomination(other.pk, filing(elsewhere, person=blank), actor=stranger)

    assert label not in str(refusal.value)
    assert "示例公司" not in str(refusal.value)
    filed.person.refresh_from_db()
    assert nomination.person == filed.person
    assert (filed.person.education, filed.person.political_status) == ("大专", "群众")
    assert filed.person.organization == filed.unit


@DIFFERING
def test_a_strangers_file_is_not_rewritten_by_a_correction_and_that_is_said(
    city, filed, selection, told, label
):
    elsewhere = with_child(city, Kind.UNIT)
    other = RoundFactory(organizer=city, edition=selection.edition)
    stranger = account(Role.NOMINATOR, elsewhere)
    nomination = file_nomination(other.pk, filing(elsewhere), actor=stranger)

    for words in ({"person": told}, {"identity": identity_number(7)}):
        again = filing(elsewhere, **({"identity": ""} | words))
        with refused("person-kept-elsewhere"):
            correct_nomination(nomination.pk, again, actor=stranger, version=1, note="核对更正")
    as_it_is = filing(elsewhere, identity=identity_number(), filed={"post": "工段长"})
    correct_nomination(nomination.pk, as_it_is, actor=stranger, version=1, note="核对更正")

    nomination.refresh_from_db()
    assert nomination.post == "工段长"


def test_a_unit_files_for_itself_only(selection, city, clerk):
    with refused("role-required"):
        file_nomination(selection.pk, filing(with_child(city, Kind.UNIT)), actor=clerk)


def test_nobody_files_for_a_body_outside_the_round(selection):
    elsewhere = OrganizationFactory()

    with refused("unit-outside-round"):
        file_nomination(selection.pk, filing(elsewhere), actor=User.objects.system())


def test_a_closed_round_takes_no_filing(selection, unit, clerk):
    workflow.close_round(selection.pk, actor=User.objects.system())

    with refused("round-not-open"):
        file_nomination(selection.pk, filing(unit), actor=clerk)


def test_after_the_last_day_only_the_organizer_files(selection, city, unit, clerk):
    yesterday = timezone.localdate() - timedelta(days=1)
    SelectionRound.objects.filter(pk=selection.pk).update(closes_on=yesterday)

    with refused("round-closed"):
        file_nomination(selection.pk, filing(unit), actor=clerk)
    late = file_nomination(selection.pk, filing(unit), actor=account(Role.HANDLER, city))

    assert late.unit == unit


# Correcting


def test_a_correction_keeps_before_and_after_and_raises_the_version(filed, unit, clerk):
    correct_nomination(
        filed.pk,
        filing(unit, identity="", filed={"force_passing": "带出三名技师"}),
        actor=clerk,
        version=1,
        note="补充材料",
    )

    filed.refresh_from_db()
    record = Record.objects.filter(subject=subject_of(filed), action="更正").get()
    assert (filed.version, filed.force_passing) == (2, "带出三名技师")
    assert filed.edited_at is not None
    assert record.before == {"force_passing": "带徒传技"}
    assert record.after == {"force_passing": "带出三名技师"}
    assert record.note == "补充材料"


def test_segments_that_did_not_change_keep_their_rows(filed, unit, clerk):
    kept = filed.employments.get().pk
    spans = segment(month(2015, 1), None), segment(month(2010, 1), month(2011, 1))

    correct_nomination(
        filed.pk, filing(unit, *spans, identity=""), actor=clerk, version=1, note="补一段"
    )

    assert kept in filed.employments.values_list("pk", flat=True)
    assert filed.employments.count() == 2


def test_a_correction_of_what_somebody_else_corrected_is_refused(filed, unit, clerk):
    change = filing(unit, identity="", filed={"post": "车间主任"})
    correct_nomination(filed.pk, change, actor=clerk, version=1, note="先")

    with refused("edited-meanwhile"):
        correct_nomination(filed.pk, filing(unit, identity=""), actor=clerk, version=1, note="后")

    filed.refresh_from_db()
    assert filed.post == "车间主任"


def test_a_persons_file_that_was_corrected_elsewhere_meanwhile_is_not_typed_over(
    filed, unit, clerk
):
    looked_at = version_of(filed.person)
    change = {"education": "本科"}
    correct_person(filed.person_id, change, version=looked_at, actor=clerk, note="先")

    late = replace(filing(unit, identity=""), person_version=looked_at)
    with refused("edited-meanwhile"):
        correct_nomination(filed.pk, late, actor=clerk, version=1, note="后")

    filed.refresh_from_db()
    assert (filed.person.education, filed.version) == ("本科", 1)


def test_a_mistyped_number_is_put_right_without_leaving_it_in_the_record(filed, unit, clerk):
    right = identity_number(serial=7)

    correct_nomination(
        filed.pk, filing(unit, identity=right), actor=clerk, version=1, note="核对身份证原件"
    )

    person = Person.objects.get(pk=filed.person_id)
    assert vault.decrypt(person.identity_cipher).decode() == right
    told = Record.objects.filter(subject=subject_of(person)).values_list("before", "after")
    assert right not in str(list(told))


def test_a_number_that_is_anothers_is_not_taken_over(city, filed, selection, unit, clerk):
    other = identity_number(serial=7)
    file_nomination(
        selection.pk, filing(unit, identity=other, person={"name": "李四"}), actor=clerk
    )

    with refused("identity-belongs-to-another"):
        correct_nomination(
            filed.pk, filing(unit, identity=other), actor=clerk, version=1, note="更正号码"
        )


def test_what_is_confirmed_is_not_corrected(filed, unit, clerk):
    moved(Nomination.objects.filter(pk=filed.pk), Nomination.State.CHECKED)

    with refused("nomination-not-draft"):
        correct_nomination(filed.pk, filing(unit, identity=""), actor=clerk, version=1, note="改")


# Withdrawing and restoring


def test_a_withdrawn_draft_comes_back_whole_under_its_own_number(filed, clerk):
    number, segments = filed.pk, [str(row) for row in filed.employments.all()]

    record = withdraw_nomination(number, actor=clerk, reason="本人放弃")

    assert not Nomination.objects.exists()
    assert not Employment.objects.exists()

    restored = restore_nomination(record.pk, actor=clerk)

    assert restored.pk == number
    assert restored.force_leading == "带头攻关"
    assert [str(row) for row in restored.employments.all()] == segments


def test_only_who_withdrew_restores(filed, clerk, city):
    record = withdraw_nomination(filed.pk, actor=clerk, reason="本人放弃")

    with refused("restore-too-late"):
        restore_nomination(record.pk, actor=account(Role.HANDLER, city))


def test_a_withdrawal_stands_after_a_day(filed, clerk):
    record = withdraw_nomination(filed.pk, actor=clerk, reason="本人放弃")

    with time_machine.travel(timezone.now() + timedelta(hours=25)), refused("restore-too-late"):
        restore_nomination(record.pk, actor=clerk)


def test_nothing_is_restored_twice_or_beside_a_new_filing(filed, clerk, selection, unit):
    record = withdraw_nomination(filed.pk, actor=clerk, reason="本人放弃")
    file_nomination(selection.pk, filing(unit), actor=clerk)

    with refused("duplicate-nomination"):
        restore_nomination(record.pk, actor=clerk)


def test_a_person_who_left_with_their_import_is_not_brought_back(filed, clerk):
    record = withdraw_nomination(filed.pk, actor=clerk, reason="本人放弃")
    Certificate.objects.all().delete()
    Person.objects.all().delete()

    with refused("person-gone"):
        restore_nomination(record.pk, actor=clerk)


def test_what_was_assessed_is_withdrawn_with_its_verdict_and_checked_anew_when_restored(
    filed, clerk, check, selection
):
    run = check(selection)
    verdict = Assessment.objects.get(nomination_id=filed.pk).get_overall_display()

    record = withdraw_nomination(filed.pk, actor=clerk, reason="本人放弃")
    connection.check_constraints()  # as the commit does that lies between the two

    run.refresh_from_db()
    counts = (run.nomination_count, run.eligible_count, run.ineligible_count, run.missing_count)
    assert (record.before["verdict"], counts, run.patterns) == (verdict, (0, 0, 0, 0), [])
    restored = restore_nomination(record.pk, actor=clerk)
    assert (restored.pk, current_assessment(restored)) == (filed.pk, None)


def test_nothing_is_withdrawn_while_a_check_is_going(filed, clerk, check, selection):
    run = check(selection)
    going = {"status": AssessmentRun.Status.RUNNING, "finished_at": None}
    AssessmentRun.objects.filter(pk=run.pk).update(**going)

    with refused("run-in-progress"):
        withdraw_nomination(filed.pk, actor=clerk, reason="本人放弃")

    assert filed.employments.count() == 1


def test_the_day_of_reckoning_is_not_touched_by_a_filing(filed, selection):
    selection.refresh_from_db()

    assert selection.reference_day == date(2026, 6, 30)
