"""Classes and enrolments by form: posted twice, stale, faulty, and by whom."""

import pytest
from django.urls import reverse

from academies.models import AcademyYear, Enrolment, TrainingClass
from academies.services.training import correct_class, correct_enrolment
from organizations.models import User
from organizations.roles import Role
from tests.academies.books import identity
from tests.academies.test_training import CLASS, TRAINING
from tests.factories.academies import AcademyFactory, ClassFactory, EnrolmentFactory, hosted_academy
from tests.factories.organizations import account
from workflow.models import Record

pytestmark = pytest.mark.django_db
CLASS_FILLED = {
    "number": "2025－001", "name": "电工能力提升班", "specialty": "电工", "form": "offline",
    "is_practical": "on", "starts_on": "2025-05-09", "ends_on": "2025-05-12", "hours": "16",
    "room": "实训楼1", "planned_count": "60",
}  # fmt: skip
PERSON_FILLED = {
    "identity": identity(1), "name": "王芳", "employer": "某公司", "occupation": "电工",
    "attendance": "95", "passed": "yes", "level_before": "4", "level_after": "3",
    "certificate_number": "",
}  # fmt: skip


@pytest.fixture
def academy():
    return hosted_academy()


@pytest.fixture
def manager(client, academy):
    client.force_login(account(Role.ACADEMY_MANAGER, academy.host))
    return client


def new_class(academy):
    return reverse("academies:class-new", args=[academy.code, 2025])


def at(name, row):
    return reverse(f"academies:{name}", args=[row.pk])


def as_shown(client, where, **changes):
    """What the browser sends back from a form as it was filled."""
    form = client.get(where).context["form"]
    told = {name: form[name].value() for name in form.fields}
    told = {name: value for name, value in told.items() if value not in (None, False)}
    return told | {"note": "核对台账后更正"} | changes


def test_the_form_of_a_class_twice_enters_one(manager, academy):
    first = manager.post(new_class(academy), CLASS_FILLED)
    again = manager.post(new_class(academy), CLASS_FILLED)

    assert first.url == at("class", TrainingClass.objects.get())
    assert "该班次编号在本年度已登记" in again.content.decode()
    assert AcademyYear.objects.get().practical_classes == 1


def test_the_form_of_a_trainee_twice_enrols_once(manager, academy):
    of = ClassFactory(academy=academy)

    first, again = (manager.post(at("enrol", of), PERSON_FILLED) for _ in range(2))

    assert first.url == at("class", of)
    assert again.status_code == 409
    assert AcademyYear.objects.get().upgraded_persons == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ends_on": "2025-05-01"}, "结束日期不能早于开始日期"),
        ({"starts_on": "2024-05-09", "ends_on": "2024-05-12"}, "起止日期不在2025年度内"),
        ({"starts_on": "五月"}, "日期"),
        ({"hours": "0"}, "0.5"),
        ({"hours": "1e9"}, "数字"),
        ({"planned_count": "-1"}, "0"),
        ({"planned_count": "9" * 5000}, "整数"),
        ({"number": ""}, "必填项"),
        ({"number": "1" * 31}, "30"),
        ({"form": "夜校"}, "夜校"),
    ],
)
def test_a_fault_of_a_class_is_said_and_nothing_is_written(manager, academy, changes, says):
    answer = manager.post(new_class(academy), CLASS_FILLED | changes)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not TrainingClass.objects.exists()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"identity": identity(1)[:-1] + "Y"}, "公民身份号码"),
        ({"identity": ""}, "请填写公民身份号码"),
        ({"level_before": "3", "level_after": "4"}, "不能低于"),
        ({"level_before": "T", "level_after": "1"}, "不能低于"),
        ({"certificate_number": "Y000011456754300219000"}, "第16位"),
        ({"attendance": "101"}, "100"),
        ({"attendance": "NaN"}, "数字"),
        ({"passed": "也许"}, "也许"),
    ],
)
def test_a_fault_of_a_trainee_is_said_and_nothing_is_written(manager, academy, changes, says):
    answer = manager.post(at("enrol", ClassFactory(academy=academy)), PERSON_FILLED | changes)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Enrolment.objects.exists()


def test_a_class_corrected_meanwhile_is_not_overwritten_and_the_typing_is_kept(manager, academy):
    of = ClassFactory(academy=academy, number="2025-001")
    mine = as_shown(manager, at("class-edit", of), room="丙楼")
    correct_class(of.pk, CLASS, version=1, actor=User.objects.system(), note="漏勾实操")

    answer = manager.post(at("class-edit", of), mine)

    page = answer.content.decode()
    assert "他人已更正过" in page
    assert "丙楼" in page
    assert TrainingClass.objects.get().room == "实训楼1"


def test_an_enrolment_corrected_meanwhile_is_not_overwritten(manager, academy):
    row = EnrolmentFactory(training_class__academy=academy)
    mine = as_shown(manager, at("enrolment-edit", row), passed="no")
    correct_enrolment(row.pk, TRAINING, version=1, actor=User.objects.system(), note="核对")

    answer = manager.post(at("enrolment-edit", row), mine)

    assert "他人已更正过" in answer.content.decode()
    assert Enrolment.objects.get().passed is True


def test_a_correction_stands_on_the_page_of_the_class_with_before_and_after(manager, academy):
    of = ClassFactory(academy=academy, number="2025-001")

    answer = manager.post(
        at("class-edit", of), as_shown(manager, at("class-edit", of), room="丙楼")
    )

    record = Record.objects.get(action="更正")
    assert (record.before, record.after) == ({"room": ""}, {"room": "丙楼"})
    assert "核对台账后更正" in manager.get(answer.url).content.decode()


@pytest.mark.parametrize("name", ["class-remove", "enrolment-remove"])
def test_what_is_removed_twice_is_not_found_the_second_time(manager, academy, name):
    of = ClassFactory(academy=academy)
    row = of if name == "class-remove" else EnrolmentFactory(training_class=of)

    first, again = (manager.post(at(name, row), {"note": "重复登记"}) for _ in range(2))

    assert (first.status_code, again.status_code) == (302, 404)
    assert Record.objects.filter(action__startswith="删除").count() == 1


def test_a_class_with_people_in_it_is_not_removed(manager, academy):
    row = EnrolmentFactory(training_class__academy=academy)

    answer = manager.post(at("class-remove", row.training_class), {"note": "重复登记"})

    assert answer.status_code == 409
    assert Enrolment.objects.exists()


@pytest.mark.parametrize("name", ["class", "class-edit", "class-remove", "enrol"])
def test_the_class_of_another_academy_is_as_absent_as_none(manager, name):
    foreign = ClassFactory(academy=AcademyFactory())
    absent = reverse(f"academies:{name}", args=[99999999999999999999])

    assert [manager.get(where).status_code for where in (at(name, foreign), absent)] == [404, 404]
    if name != "class":
        assert manager.post(at(name, foreign), CLASS_FILLED | PERSON_FILLED).status_code == 404
