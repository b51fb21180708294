"""Classes and enrolments by form: who may, what is refused, what stands in the record."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from academies.models import AcademyYear, Enrolment, TrainingClass
from academies.selectors.recount import differences
from academies.services.training import (
    correct_class,
    correct_enrolment,
    enrol,
    record_class,
    remove_class,
    remove_enrolment,
)
from organizations.roles import Role
from talents.models import Person
from talents.services.referrals import REFERRED
from tests.academies.books import identity
from tests.factories.academies import ClassFactory, EnrolmentFactory, hosted_academy
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import PersonFactory
from workflow.models import Record
from workflow.records import subject_of
from workflow.refusals import DomainError
from workflow.storage import vault
from workflow.texts.identity import read_identity

pytestmark = pytest.mark.django_db
CLASS = {
    "number": "2025-001",
    "name": "电工能力提升班",
    "specialty": "电工",
    "form": "offline",
    "is_practical": True,
    "starts_on": date(2025, 5, 9),
    "ends_on": date(2025, 5, 12),
    "hours": Decimal(16),
    "room": "实训楼1",
    "planned_count": 60,
}
TRAINING = {
    "employer": "某公司",
    "occupation": "电工",
    "attendance": Decimal(95),
    "passed": True,
    "level_before": "4",
    "level_after": "3",
    "certificate_number": "",
}


@pytest.fixture
def academy():
    return hosted_academy()


@pytest.fixture
def manager(academy):
    return account(Role.ACADEMY_MANAGER, academy.host)


def number(n=1):
    return read_identity(identity(n), today=timezone.localdate())


def test_the_manager_enters_a_class_and_its_people_and_the_figures_follow(academy, manager):
    row = record_class(academy.pk, 2025, CLASS, actor=manager)
    enrol(row.pk, number(1), "王芳", TRAINING, actor=manager)

    counted = AcademyYear.objects.get()
    assert (counted.practical_classes, counted.practical_persons) == (1, 1)
    assert counted.upgraded_persons == 1
    assert Person.objects.get().organization == academy.host
    actions = Record.objects.filter(actor=manager).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["登记培训班", "登记学员"]


def test_nobody_puts_a_person_into_a_unit_out_of_reach(academy, manager):
    union = academy.supervising_union
    near, far = with_child(union, "unit", name="近处公司"), OrganizationFactory(name="远处公司")
    row = ClassFactory(academy=academy)
    handler = account(Role.HANDLER, union)

    for serial, (actor, employer) in enumerate(
        ((manager, near), (manager, far), (handler, near), (handler, far)), start=1
    ):
        told = TRAINING | {"employer": employer.name}
        enrol(row.pk, number(serial), "王芳", told, actor=actor)

    assert list(Person.objects.order_by("pk").values_list("organization", flat=True)) == [
        academy.host.pk, academy.host.pk, near.pk, academy.host.pk,
    ]  # fmt: skip


def test_a_person_on_file_keeps_everything_and_another_name_is_refused(academy, manager):
    first, second = ClassFactory(academy=academy), ClassFactory(academy=academy)
    enrol(first.pk, number(1), "王芳", TRAINING, actor=manager)
    Person.objects.update(education="大专")

    enrol(second.pk, number(1), "王 芳", TRAINING, actor=manager)
    with pytest.raises(DomainError) as refused:
        enrol(ClassFactory(academy=academy).pk, number(1), "王方", TRAINING, actor=manager)

    assert refused.value.code == "name-conflict"
    assert Person.objects.get().education == "大专"


def test_asking_for_names_of_people_elsewhere_is_counted_and_has_an_end(academy, manager, settings):
    settings.FOREIGN_TRIES_A_DAY = 2
    elsewhere = with_child(with_child(academy.organization.parent, "district"), "unit")
    digest = vault.digest(identity(1))
    PersonFactory(name="王芳", identity_digest=digest, organization=elsewhere)
    of = ClassFactory(academy=academy)
    codes = []

    for name in ("王方", "王房", "王芳"):
        with pytest.raises(DomainError) as refused:
            enrol(of.pk, number(1), name, TRAINING, actor=manager)
        codes.append(refused.value.code)

    assert codes == ["name-conflict", "name-conflict", "tries-used-up"]
    tries = Record.objects.filter(code=REFERRED.code, actor=manager)
    assert set(tries.values_list("subject", "organization")) == {
        (subject_of(of), academy.organization.pk)
    }
    assert not Enrolment.objects.exists()


def test_a_correction_names_before_and_after_and_moves_the_standard(academy, manager):
    row = EnrolmentFactory(training_class__academy=academy, level_before="4", level_after="3")

    correct_enrolment(
        row.pk, TRAINING | {"passed": False}, version=1, actor=manager, note="核对成绩单"
    )

    assert AcademyYear.objects.get().upgraded_persons == 0
    record = Record.objects.get(subject=f"academies.enrolment:{row.pk}")
    assert (record.before["passed"], record.after["passed"]) == (True, False)
    assert record.note == "核对成绩单"
    assert Enrolment.objects.get().version == 2


def test_what_someone_else_corrected_meanwhile_is_not_overwritten(academy, manager):
    row = EnrolmentFactory(training_class__academy=academy)
    correct_enrolment(row.pk, TRAINING, version=1, actor=manager, note="核对成绩单")

    with pytest.raises(DomainError) as refused:
        correct_enrolment(
            row.pk, TRAINING | {"passed": None}, version=1, actor=manager, note="核对"
        )

    assert refused.value.code == "edited-meanwhile"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"ends_on": date(2025, 5, 1)}, "class-ends-after-it-starts"),
        (
            {"starts_on": date(2024, 5, 9), "ends_on": date(2024, 5, 10)},
            "class-is-held-in-its-year",
        ),
        ({"number": "2025-007"}, "class-once-per-academy-and-year"),
        ({"hours": Decimal(0)}, "class-hours-positive"),
    ],
)
def test_the_database_has_the_last_word_on_a_class(academy, manager, facts, code):
    ClassFactory(academy=academy, number="2025-007")

    with pytest.raises(DomainError) as refused:
        record_class(academy.pk, 2025, CLASS | facts, actor=manager)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"level_after": "5"}, "enrolment-level-does-not-fall"),
        ({"level_after": ""}, "enrolment-level-does-not-fall"),
        ({"attendance": Decimal(101)}, "enrolment-attendance-is-a-percentage"),
    ],
)
def test_the_database_has_the_last_word_on_an_enrolment(academy, manager, facts, code):
    row = EnrolmentFactory(training_class__academy=academy)

    with pytest.raises(DomainError) as refused:
        correct_enrolment(row.pk, TRAINING | facts, version=1, actor=manager, note="核对成绩单")

    assert refused.value.code == code


def test_the_same_person_is_not_enrolled_twice_in_one_class(academy, manager):
    row = ClassFactory(academy=academy)
    enrol(row.pk, number(1), "王芳", TRAINING, actor=manager)

    with pytest.raises(DomainError) as refused:
        enrol(row.pk, number(1), "王芳", TRAINING, actor=manager)

    assert refused.value.code == "enrolment-once-per-class-and-person"


def test_a_corrected_class_carries_its_enrolments_along(academy, manager):
    row = ClassFactory(academy=academy, number="2025-001")
    EnrolmentFactory(training_class=row)

    correct_class(row.pk, CLASS, version=1, actor=manager, note="漏勾实操")

    assert AcademyYear.objects.get().practical_persons == 1
    assert differences() == []


def test_a_class_is_removed_only_when_nobody_is_in_it(academy, manager):
    row = EnrolmentFactory(training_class__academy=academy)
    with pytest.raises(DomainError) as refused:
        remove_class(row.training_class_id, actor=manager, note="重复登记")
    assert refused.value.code == "class-in-use"

    remove_enrolment(row.pk, actor=manager, note="未参加培训")
    remove_class(row.training_class_id, actor=manager, note="重复登记")

    assert not TrainingClass.objects.exists()
    counted = AcademyYear.objects.get()
    assert (counted.classes, counted.persons) == (0, 0)
    actions = Record.objects.filter(actor=manager).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["删除学员记录", "删除培训班"]


def test_who_only_looks_on_is_refused_and_strangers_find_nothing(academy):
    row = EnrolmentFactory(training_class__academy=academy)
    auditor = account(Role.AUDITOR, academy.supervising_union)
    stranger = account(Role.ACADEMY_MANAGER, with_child(OrganizationFactory(), "unit"))

    with pytest.raises(DomainError) as refused:
        remove_enrolment(row.pk, actor=auditor, note="未参加培训")
    with pytest.raises(Enrolment.DoesNotExist):
        remove_enrolment(row.pk, actor=stranger, note="未参加培训")

    assert refused.value.code == "role-required"


def test_the_union_keeps_an_academy_whose_host_hangs_elsewhere():
    academy = hosted_academy()
    union = with_child(OrganizationFactory(), "district")
    academy.supervising_union = union
    academy.save(update_fields=["supervising_union"])

    row = record_class(academy.pk, 2025, CLASS, actor=account(Role.HANDLER, union))

    assert row.academy == academy


def test_a_year_that_has_not_begun_is_refused(academy, manager):
    with pytest.raises(DomainError) as refused:
        record_class(academy.pk, timezone.localdate().year + 1, CLASS, actor=manager)

    assert refused.value.code == "year-out-of-range"
