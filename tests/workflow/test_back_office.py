from datetime import date

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from organizations.admin import ScopedAdmin
from organizations.models import Membership, Organization, User
from organizations.roles import Role
from tests.factories.organizations import (
    MembershipFactory,
    OrganizationFactory,
    UserFactory,
    account,
    with_child,
)
from tests.factories.workflow import JobFactory, record
from workflow.models import Job, Record, WorkingDay

pytestmark = pytest.mark.django_db
PASSWORD = "qinfen-jingye-2026"
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.fixture
def city():
    return OrganizationFactory(kind="city", code="BJ", name="北京市总工会")


@pytest.fixture
def district(city):
    return with_child(city, "district", code="D1", name="大兴区总工会")


@pytest.fixture
def enter(client, city):
    """Call it to be logged in as a role (at the city unless told otherwise)."""

    def log_in(role, organization=None):
        user = account(role, organization or city)
        client.force_login(user)
        return user

    return log_in


def at(name, *args):
    return reverse(f"admin:{name}", args=args)


def errors_of(answer):
    assert answer.status_code == 200, "the form was accepted"
    return answer.context["adminform"].form.errors


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_list_costs_the_same_however_long(model):
    options = admin.site._registry[model]

    assert isinstance(options, ScopedAdmin)
    assert options.show_full_result_count is False
    assert options.date_hierarchy is None
    assert options.show_facets is admin.ShowFacets.NEVER
    assert options.paginator.__name__ == "CappedPaginator"
    assert options.list_max_show_all == 0
    for name in options.list_filter:
        if isinstance(name, str):
            field = model._meta.get_field(name)
            assert field.choices or field.get_internal_type() == "BooleanField", name


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

    assert labels <= {"organizations", "workflow", "policies", "talents"}


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


def test_renaming_moving_and_ending_a_body_are_each_on_record(client, enter, city, district):
    enter(Role.APPROVER)
    west = with_child(city, "district")
    unit = with_child(district, "unit", name="旧名")
    given = {
        "code": unit.code, "name": "新名", "parent": west.pk, "valid_from": "2000-01-01",
        "valid_until": "2026-12-31", "note": "批复第3号",
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

    answer = client.post(at("organizations_organization_change", group.pk), given)

    assert set(errors_of(answer)) == {"parent"}


def test_the_history_of_a_body_is_its_record(client, enter, district):
    user = enter(Role.HANDLER, district)
    record(district, action="更正", subject=f"organizations.organization:{district.pk}",
           before={"name": "旧名"}, after={"name": "新名"}, actor=user)  # fmt: skip

    text = client.get(at("organizations_organization_history", district.pk)).content.decode()

    assert "名称：旧名 → 新名" in text
    assert str(user) in text


def test_the_security_administrator_gives_a_role_and_takes_it_back(client, enter, district):
    keeper, user = enter(Role.SECURITY_ADMIN), UserFactory()
    given = {"user": user.pk, "organization": district.pk, "role": "handler",
             "valid_from": "2026-01-01", "note": "到岗"}  # fmt: skip

    added = client.post(at("organizations_membership_add"), given)
    held = Membership.objects.get(user=user)
    ended = client.post(
        at("organizations_membership_change", held.pk),
        {"valid_until": str(timezone.localdate()), "note": "离岗"},
    )

    held.refresh_from_db()
    records = Record.objects.filter(kind=Record.Kind.GRANT).order_by("pk")
    assert (added.status_code, ended.status_code) == (302, 302)
    assert held.valid_until == timezone.localdate()
    assert [(r.action, r.actor, r.note) for r in records] == [
        ("授权", keeper, "到岗"), ("收回", keeper, "离岗"),
    ]  # fmt: skip


def test_two_administrator_roles_are_a_fault_of_the_form(client, enter, district):
    enter(Role.SECURITY_ADMIN)
    user = account(Role.SYSTEM_ADMIN, district)
    given = {"user": user.pk, "organization": district.pk, "role": "audit_admin",
             "valid_from": "2026-01-01"}  # fmt: skip

    answer = client.post(at("organizations_membership_add"), given)

    assert "须由不同的人担任" in str(errors_of(answer))


def test_a_role_is_never_rewritten(client, enter, district):
    enter(Role.SECURITY_ADMIN)
    held = MembershipFactory(organization=district, role=Role.HANDLER)

    client.post(
        at("organizations_membership_change", held.pk),
        {
            "role": "approver",
            "user": UserFactory().pk,
            "valid_from": "2020-01-01",
            "valid_until": "",
        },
    )

    held.refresh_from_db()
    assert (held.role, held.valid_from) == (Role.HANDLER, date(2000, 1, 1))


def test_the_system_administrator_opens_an_account_that_may_do_nothing(client, enter):
    enter(Role.SYSTEM_ADMIN)
    given = {"username": "newcomer", "display_name": "新人", "new_password": PASSWORD,
             "is_superuser": "on", "is_staff": "on", "groups": "1"}  # fmt: skip

    answer = client.post(at("organizations_user_add"), given)

    user = User.objects.get(username="newcomer")
    assert answer.status_code == 302
    assert user.check_password(PASSWORD)
    assert (user.is_superuser, user.is_staff, user.memberships.count()) == (False, False, 0)


@pytest.mark.parametrize("password", ["", "123", "password12", "newcomer11", "1234567890"])
def test_a_weak_password_is_refused(client, enter, password):
    enter(Role.SYSTEM_ADMIN)
    given = {"username": "newcomer", "display_name": "新人", "new_password": password}

    answer = client.post(at("organizations_user_add"), given)

    assert set(errors_of(answer)) == {"new_password"}


def test_an_account_is_closed_but_never_deleted(client, enter):
    enter(Role.SYSTEM_ADMIN)
    user = UserFactory(display_name="张三")

    closed = client.post(at("organizations_user_change", user.pk), {"display_name": "张三"})
    deleted = client.post(at("organizations_user_delete", user.pk), {"post": "yes"})

    user.refresh_from_db()
    assert (closed.status_code, deleted.status_code, user.is_active) == (302, 403, False)


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.SYSTEM_ADMIN])
def test_the_account_of_an_administrator_is_shown_but_not_changed(client, enter, city, role):
    enter(Role.SYSTEM_ADMIN)
    other = account(role, city)

    shown = client.get(at("organizations_user_change", other.pk))
    answer = client.post(
        at("organizations_user_change", other.pk), {"new_password": PASSWORD, "display_name": "x"}
    )

    other.refresh_from_db()
    assert (shown.status_code, answer.status_code) == (200, 403)
    assert b'name="new_password"' not in shown.content
    assert not other.check_password(PASSWORD)


def test_the_system_account_is_in_no_list(client, enter):
    enter(Role.SYSTEM_ADMIN)
    system = User.objects.system()

    assert ">system<" not in client.get(at("organizations_user_changelist")).content.decode()
    assert client.get(at("organizations_user_change", system.pk)).status_code == 404


def test_accounts_are_unlocked_together(client, enter):
    enter(Role.SYSTEM_ADMIN)
    user = UserFactory()

    client.post(
        at("organizations_user_changelist"), {"action": "unlock", "_selected_action": [user.pk]}
    )

    assert Record.objects.get(subject=f"organizations.user:{user.pk}").action == "解除登录锁定"


def test_an_action_reaches_only_rows_in_sight(client, enter, city, district):
    enter(Role.HANDLER, district)
    parked = {"status": "parked", "error": "出错", "attempts": 3}
    own = JobFactory(organization=district, **parked)
    foreign = JobFactory(organization=with_child(city, "district"), **parked)

    client.post(
        at("workflow_job_changelist"),
        {"action": "put_back", "_selected_action": [own.pk, foreign.pk]},
    )

    own.refresh_from_db()
    foreign.refresh_from_db()
    assert (own.status, foreign.status) == (Job.Status.QUEUED, Job.Status.PARKED)


def test_an_auditor_is_offered_no_action(client, enter):
    enter(Role.AUDITOR)
    JobFactory(status="parked", error="出错")

    assert b'name="action"' not in client.get(at("workflow_job_changelist")).content


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
    changed = client.post(at("workflow_workingday_change", day.pk), given | {"note": "更正"})

    records = Record.objects.filter(subject=f"workflow.workingday:{day.pk}").order_by("pk")
    assert (added.status_code, changed.status_code) == (302, 302)
    assert [r.action for r in records] == ["登记", "更正"]
    assert (records[1].before, records[1].after) == ({"note": "国庆调休"}, {"note": "更正"})


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
