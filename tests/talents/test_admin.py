import pytest
from django.urls import reverse

from organizations.models import User
from organizations.roles import Role
from talents.models import Person
from talents.services.nominations import file_nomination
from tests.factories.filings import filing, identity_number
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import RoundFactory
from workflow.corrections import version_of
from workflow.models import Record
from workflow.records import subject_of

pytestmark = pytest.mark.django_db
LISTS = (
    "person", "certificate", "employment", "selectionround", "nomination", "assessmentrun",
    "quotaallocation",
)  # fmt: skip


@pytest.fixture
def city():
    return OrganizationFactory(code="BJ", name="北京市总工会")


@pytest.fixture
def nomination(city):
    unit = with_child(city, "unit", name="示例公司")
    selection = RoundFactory(organizer=city)
    return file_nomination(selection.pk, filing(unit), actor=User.objects.system())


@pytest.fixture
def staff(client, city):
    client.force_login(account(Role.HANDLER, city))
    return client


def page_of(client, name, *args, **query):
    response = client.get(reverse(f"admin:talents_{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("words", ["曾怡", "zengyi", "ZYG"])
@pytest.mark.parametrize("model", ["person", "nomination", "certificate", "employment"])
def test_people_are_found_by_the_beginning_of_name_pinyin_and_initials(
    staff, nomination, model, words
):
    assert f"/{model}/" in page_of(staff, f"{model}_changelist", q=words).split("<tbody>")[1]
    assert "<tbody>" not in page_of(staff, f"{model}_changelist", q="林")


@pytest.mark.parametrize("model", LISTS)
def test_no_list_shows_an_identity_number(staff, nomination, model, check):
    check(nomination.round)

    assert identity_number() not in page_of(staff, f"{model}_changelist")


def test_a_persons_page_shows_the_mask_only(staff, nomination):
    page = page_of(staff, "person_change", nomination.person_id)

    assert "******************" in page
    assert identity_number() not in page
    assert "12012345678" not in page


def test_a_correction_in_the_back_office_is_recorded_with_its_reason(staff, nomination):
    person = nomination.person
    told = {"name": "曾怡刚", "ethnicity": "满族", "education": "大专", "political_status": "群众"}
    told |= {"version": version_of(person)}
    address = reverse("admin:talents_person_change", args=[person.pk])

    assert staff.post(address, told).status_code == 200
    assert staff.post(address, told | {"note": "核对户口簿"}).status_code == 302

    person.refresh_from_db()
    record = Record.objects.get(subject=subject_of(person))
    assert person.ethnicity == "满族"
    assert (record.before, record.after) == ({"ethnicity": "汉族"}, {"ethnicity": "满族"})
    assert "核对户口簿" in page_of(staff, "person_history", person.pk)


def test_a_new_name_brings_its_own_pinyin(staff, nomination):
    version = version_of(nomination.person)
    told = {"name": "单红桂", "note": "公安更名", "version": version}

    staff.post(reverse("admin:talents_person_change", args=[nomination.person_id]), told)

    person = Person.objects.get()
    assert (person.name_pinyin, person.name_initials) == ("shanhonggui", "shg")


@pytest.mark.parametrize("model", ["employment", "selectionround", "nomination", "assessmentrun"])
def test_what_stands_as_filed_has_no_save_button(staff, nomination, model, check):
    run = check(nomination.round)
    pk = {
        "employment": nomination.employments.get().pk,
        "selectionround": nomination.round_id,
        "nomination": nomination.pk,
        "assessmentrun": run.pk,
    }[model]

    page = page_of(staff, f"{model}_change", pk)

    assert 'name="_save"' not in page
