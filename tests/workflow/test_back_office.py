import re
from datetime import date

import pytest
from django.contrib import admin
from django.utils import timezone
from django.utils.html import strip_tags
from django_filters import AllValuesFilter, ModelChoiceFilter

from accounts.services import structure
from organizations.models import Organization
from organizations.roles import Role
from pages.admin.scoped import ScopedAdmin
from pages.admin.tables import AdminTable
from pages.tables import Table
from tests.factories.organizations import (
    with_child,
)
from tests.factories.workflow import JobFactory, record
from tests.workflow.admin_pages import at, errors_of
from workflow.calendar import DAY
from workflow.corrections import version_of
from workflow.models import Job, Record, WorkingDay

pytestmark = pytest.mark.django_db
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_list_costs_the_same_however_long(model):
    options = admin.site._registry[model]

    assert isinstance(options, ScopedAdmin)
    assert type(options).changelist_view is ScopedAdmin.changelist_view
    assert issubclass(options.admin_table, AdminTable)
    assert issubclass(options.admin_table, options.table)
    assert options.admin_table.page is Table.page
    assert not options.list_filter
    for name, field in options.table.filterset.base_filters.items():
        is_long = isinstance(field, AllValuesFilter | ModelChoiceFilter)
        assert not is_long or name == "union", name  # the unions above academies are few


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_editable_relation_is_searched_and_never_a_long_list(model):
    options = admin.site._registry[model]
    if not (options.add_roles or options.change_roles):
        return
    relations = {f.name for f in model._meta.fields if f.is_relation and f.editable}
    offered = (
        relations & set(options.get_form_fields())
        if hasattr(options, "get_form_fields")
        else (relations & set(options.form.base_fields))
    )

    assert offered <= set(options.autocomplete_fields) | set(options.readonly_fields)


def test_third_party_models_stay_out():
    labels = {model._meta.app_label for model in MODELS}

    house = {
        "organizations", "workflow", "pages", "intake", "policies", "talents", "academies", "reports",
        "competitions", "subsidies", "audits",
    }  # fmt: skip
    assert labels <= house


def test_the_front_page_lists_models_in_the_order_of_the_house(client, enter):
    enter(Role.SYSTEM_ADMIN)

    text = client.get(at("index")).content.decode()

    assert "管理后台" in text
    assert "账号" in text
    assert text.index("组织机构") < text.index("流程与留痕")
    assert "最近动作" not in text


def test_staff_enter_a_body_below_their_own(client, enter, district):
    enter(Role.HANDLER, district)
    given = {"code": "U1", "name": "新厂", "kind": "unit", "parent": district.pk,
             "valid_from": "2026-01-01"}  # fmt: skip

    answer = client.post(at("organizations_organization_add"), given)

    body = Organization.objects.get(code="U1")
    assert answer.status_code == 302
    assert body.path == f"{district.path}{body.pk}/"
    assert body.name_initials == "xc"
    assert Record.objects.get(subject=f"organizations.organization:{body.pk}").action == "登记"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"uscc": "81110199576604120J"}, "uscc"),
        ({"kind": "city"}, "parent"),
        ({"code": ""}, "code"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"region_code": "12"}, "__all__"),
        ({"parent": ""}, "parent"),
    ],
    ids=("a union's code", "a city below a district", "no code", "no day", "region", "no parent"),
)
def test_a_faulty_body_is_shown_back_with_its_faults(client, enter, district, changes, field):
    enter(Role.HANDLER, district)
    given = {"code": "U1", "name": "新厂", "kind": "unit", "parent": district.pk,
             "valid_from": "2026-01-01"} | changes  # fmt: skip

    answer = client.post(at("organizations_organization_add"), given)

    assert set(errors_of(answer)) == {field}
    assert not Organization.objects.filter(code="U1").exists()


def test_a_foreign_parent_is_no_choice(client, enter, city, district):
    enter(Role.HANDLER, district)
    foreign = with_child(city, "district")
    given = {"code": "U1", "name": "新厂", "kind": "unit", "valid_from": "2026-01-01"}

    answers = [
        errors_of(client.post(at("organizations_organization_add"), given | {"parent": parent}))
        for parent in (foreign.pk, 999_999_999)
    ]

    assert set(answers[0]) == {"parent"}
    assert answers[0] == answers[1]


@pytest.mark.parametrize("junk", ["[]", "\0", " ", "1.5", "9" * 30, "9" * 5000, "²", "甲"])
def test_a_parent_that_is_no_number_is_no_choice_either(client, enter, district, junk):
    enter(Role.HANDLER, district)
    given = {"code": "U1", "name": "新厂", "kind": "unit", "valid_from": "2026-01-01"}

    answer = client.post(at("organizations_organization_add"), given | {"parent": junk})

    assert "parent" in errors_of(answer)


def test_renaming_moving_and_ending_a_body_are_each_on_record(client, enter, city, district):
    enter(Role.APPROVER)
    west = with_child(city, "district")
    unit = with_child(district, "unit", name="旧名")
    given = {
        "code": unit.code, "name": "新名", "parent": west.pk, "valid_from": "2000-01-01",
        "valid_until": "2026-12-31", "note": "批复第3号",
        "version": version_of(unit, structure.BODY),
    }  # fmt: skip

    answer = client.post(at("organizations_organization_change", unit.pk), given)

    unit.refresh_from_db()
    records = Record.objects.filter(subject=f"organizations.organization:{unit.pk}")
    assert answer.status_code == 302
    assert (unit.name, unit.parent, unit.valid_until) == ("新名", west, date(2026, 12, 31))
    assert unit.path == f"{west.path}{unit.pk}/"
    assert {name for row in records for name in row.after} == {"name", "parent", "valid_until"}
    assert {row.note for row in records} == {"批复第3号"}


def test_a_body_cannot_be_hung_below_itself(client, enter, district):
    enter(Role.APPROVER)
    group = with_child(district, "group")
    below = with_child(group, "group")
    given = {"code": group.code, "name": group.name, "parent": below.pk, "valid_from": "2000-01-01"}
    given |= {"note": "隶属调整", "version": version_of(group, structure.BODY)}

    answer = client.post(at("organizations_organization_change", group.pk), given)

    assert set(errors_of(answer)) == {"parent"}


def test_the_history_of_a_body_is_its_record(client, enter, district):
    user = enter(Role.HANDLER, district)
    record(district, action="更正", subject=f"organizations.organization:{district.pk}",
           before={"name": "旧名"}, after={"name": "新名"}, actor=user)  # fmt: skip

    text = client.get(at("organizations_organization_history", district.pk)).content.decode()

    assert "名称：旧名 → 新名" in strip_tags(text)
    assert str(user) in text


def test_an_action_reaches_only_rows_in_sight(client, enter, city, district):
    enter(Role.HANDLER, district)
    parked = {"status": "parked", "error": "出错", "attempts": 3}
    own = JobFactory(organization=district, **parked)
    foreign = JobFactory(organization=with_child(city, "district"), **parked)

    done = client.post(
        at("workflow_job_act", "retry"), {"chosen": [own.pk, foreign.pk], "confirmed": 1}
    )

    assert done.context["outcomes"] == [(own.label, "")]
    own.refresh_from_db()
    foreign.refresh_from_db()
    assert (own.status, foreign.status) == (Job.Status.QUEUED, Job.Status.PARKED)


def test_an_auditor_is_offered_no_action(client, enter):
    enter(Role.AUDITOR)
    JobFactory(status="parked", error="出错")

    page = client.get(at("workflow_job_changelist"))
    answer = client.post(at("workflow_job_act", "retry"), {"chosen": [Job.objects.get().pk]})

    assert b'name="chosen"' not in page.content
    assert answer.status_code in {403, 409}


@pytest.mark.parametrize(
    ("model", "query"),
    [
        ("organizations_user", {"password__startswith": "argon2"}),
        ("organizations_user", {"memberships__organization__name__startswith": "x"}),
        ("organizations_membership", {"user__password__startswith": "a"}),
        ("workflow_job", {"result__x": "1"}),
        ("workflow_job", {"error__contains": "x"}),
    ],
)
def test_columns_that_are_not_offered_cannot_be_guessed_through_the_address(
    client, enter, model, query
):
    enter(Role.SYSTEM_ADMIN)

    assert client.get(at(f"{model}_changelist"), query).status_code == 400


@pytest.mark.parametrize("term", ["大兴", "dxq", "DX", "d1", "%", "\x00", "'", "没有"])
def test_bodies_are_found_by_name_pinyin_initials_and_code(client, enter, district, term):
    enter(Role.HANDLER)

    answer = client.get(at("organizations_organization_changelist"), {"q": term})

    finds = term in {"大兴", "dxq", "DX", "d1"} or term == "\x00"
    assert answer.status_code == 200
    assert (f">{district.name}<" in answer.content.decode()) == finds


def test_the_choice_of_a_body_offers_those_in_sight(client, enter, city, district):
    enter(Role.HANDLER, district)
    with_child(city, "district", name="外区总工会")
    query = {"app_label": "organizations", "model_name": "organization", "field_name": "parent"}

    answer = client.get(at("autocomplete"), query | {"term": "总工会"})

    assert [entry["text"] for entry in answer.json()["results"]] == ["大兴区总工会"]


def test_staff_of_the_city_edit_the_calendar_on_record(client, enter):
    enter(Role.HANDLER)
    given = {"day": "2027-10-09", "is_working": "on", "note": "国庆调休"}

    added = client.post(at("workflow_workingday_add"), given)
    day = WorkingDay.objects.get()
    more = {"note": "更正", "version": version_of(day, DAY)}
    changed = client.post(at("workflow_workingday_change", day.pk), given | more)

    records = Record.objects.filter(subject=f"workflow.workingday:{day.pk}").order_by("pk")
    assert (added.status_code, changed.status_code) == (302, 302)
    assert [r.action for r in records] == ["登记", "更正"]
    assert (records[1].before, records[1].after) == ({"note": "国庆调休"}, {"note": "更正"})


def test_what_was_opened_before_somebody_else_corrected_it_is_not_written(client, enter):
    enter(Role.HANDLER)
    day = WorkingDay.objects.create(day=date(2027, 10, 9), is_working=True, note="国庆调休")
    page = client.get(at("workflow_workingday_change", day.pk)).content.decode()
    opened = re.search(r'name="version" value="(\d+)"', page)[1]
    WorkingDay.objects.update(note="国务院办公厅通知")
    given = {"day": "2027-10-09", "is_working": "on", "note": "更正", "version": opened}

    late = client.post(at("workflow_workingday_change", day.pk), given)
    unknown = client.post(at("workflow_workingday_change", day.pk), given | {"version": ""})

    day.refresh_from_db()
    assert "他人已更正过" in str(errors_of(late))
    assert set(errors_of(unknown)) == {"version"}
    assert day.note == "国务院办公厅通知"
    assert not Record.objects.filter(subject=f"workflow.workingday:{day.pk}").exists()


def test_a_day_stands_in_the_calendar_once(client, enter):
    enter(Role.HANDLER)
    WorkingDay.objects.create(day=date(2027, 10, 9), is_working=True)

    answer = client.post(at("workflow_workingday_add"), {"day": "2027-10-09"})

    assert set(errors_of(answer)) == {"day"}


@pytest.mark.parametrize("role", [Role.HANDLER, Role.APPROVER])
def test_staff_of_a_district_only_read_the_calendar(client, enter, district, role):
    enter(role, district)
    day = WorkingDay.objects.create(day=date(2027, 10, 9), is_working=True)

    assert client.get(at("workflow_workingday_changelist")).status_code == 200
    assert client.post(at("workflow_workingday_change", day.pk), {}).status_code == 403
    assert client.get(at("workflow_workingday_add")).status_code == 403


def test_the_calendar_warns_of_years_that_are_not_published(client, enter):
    enter(Role.HANDLER)
    this_year = timezone.localdate().year
    WorkingDay.objects.create(day=date(this_year, 10, 1), is_working=False)

    text = client.get(at("workflow_workingday_changelist")).content.decode()

    assert f"{this_year + 1}年的节假日安排尚未载入" in text
    assert f"{this_year}年的节假日安排尚未载入" not in text


@pytest.mark.parametrize("junk", ["99999", "0", "²", "9" * 5000, "-1", "2025x"])
@pytest.mark.parametrize(
    "model",
    [
        "workflow_workingday",
        "academies_trainingclass",
        "academies_enrolment",
        "reports_targetreport",
    ],
)
def test_a_year_that_is_not_offered_filters_nothing(client, enter, model, junk):
    enter(Role.HANDLER)
    WorkingDay.objects.create(day=date(2025, 10, 1), is_working=False)

    answer = client.get(at(f"{model}_changelist"), {"year": junk})

    assert answer.status_code == 200
    assert model != "workflow_workingday" or "2025年10月1日" in answer.content.decode()


def test_the_calendar_is_filtered_by_year(client, enter):
    enter(Role.HANDLER)
    for year in (2025, 2026):
        WorkingDay.objects.create(day=date(year, 10, 1), is_working=False)

    text = client.get(at("workflow_workingday_changelist"), {"year": "2025"}).content.decode()

    assert "2025年10月1日" in text
    assert "2026年10月1日" not in text


def test_a_record_shows_its_content_and_its_link_in_the_chain(client, enter, district):
    enter(Role.AUDITOR)
    row = record(district, before={"name": "旧名"}, after={"name": "新名"})
    row.refresh_from_db()

    text = client.get(at("workflow_record_change", row.pk)).content.decode()

    assert "旧名" in text
    assert bytes(row.hash).hex() in text
    assert 'name="_save"' not in text


def test_the_audit_administrator_does_not_see_business_content(client, enter, district):
    enter(Role.AUDIT_ADMIN)
    row = record(district, before={"name": "张三"}, note="家住某处")

    text = client.get(at("workflow_record_change", row.pk)).content.decode()

    assert not [word for word in ("张三", "家住某处") if word in text]
