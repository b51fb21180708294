"""Studios of a unit, their members, projects and boosted years."""

from datetime import date

from organizations.models import User
from organizations.roles import FILING, STAFF, Role
from talents.workflow.studios import add_member
from tests.factories.filings import identity_number
from tests.factories.studios import asked_year, named_studio, project_of, studio_of, titled
from tests.factories.talents import PersonFactory
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Page
from tests.permissions.talents import OFFICE, a_person, a_reason, by_pk, one, page_of

FILERS = STAFF | {Role.NOMINATOR}
APPROVERS = frozenset({Role.APPROVER})
NAMING = {"level": "unit", "document_number": "通工发〔2025〕3号", "named_on": "2025-07-01"}
TASK = {
    "title": "管道自动焊", "goals": "合格率99%", "starts_on": "2025-01-01", "ends_on": "2027-01-01",
}  # fmt: skip


def studios(scene, count):
    people = PersonFactory.create_batch(count, organization=scene.organization)
    return [studio_of(scene.organization, leader=person) for person in people]


def named(scene, count):
    return [named_studio(scene.organization, leader=PersonFactory(organization=scene.organization))
            for _ in range(count)]  # fmt: skip


def members(scene, count):
    (studio,) = named(scene, 1)
    people = PersonFactory.create_batch(count, organization=scene.organization)
    return [
        add_member(studio.pk, row.pk, joined_on=date(2025, 1, 1), actor=User.objects.system())
        for row in people
    ]


def projects(scene, count):
    (studio,) = named(scene, 1)
    return [project_of(studio, title=f"第{at}个项目") for at in range(count)]


def years(scene, count):
    leaders = [titled(scene.organization) for _ in range(count)]
    studios = [named_studio(scene.organization, leader=leader) for leader in leaders]
    return [asked_year(project_of(studio)) for studio in studios]


def somebody(scene):
    return {"person": identity_number(7)}


ENDPOINTS = [
    ApiResource(
        "studio",
        FILING,
        target=by_pk(one(studios)),
        fill=studios,
        actions={
            "name": APPROVERS,
            "close": APPROVERS,
            "add-member": FILERS,
            "add-project": FILERS,
        },
        bodies={
            "name": NAMING,
            "close": {"note": "领衔人退休"},
            "add-member": lambda scene: {"person": a_person(scene).pk, "joined_on": "2025-01-01"},
            "add-project": lambda scene: TASK | {"lead": a_person(scene).pk},
        },
    ),
    Action("studio-enter", FILERS, actors=FILERS, posted=frozenset({400})),
    ApiResource(
        "studiomember",
        FILING,
        target=by_pk(one(members)),
        fill=members,
        actions={"leave": FILERS},
        bodies={"leave": {"left_on": "2025-03-01"}},
    ),
    ApiResource(
        "studioproject",
        FILING,
        target=by_pk(one(projects)),
        fill=projects,
        actions={"ask-boost": FILERS},
        bodies={"ask-boost": {"year": 2025, "progress": "完成样机", "accounts": "设备费6万元"}},
    ),
    ApiResource(
        "boostyear",
        FILING,
        target=by_pk(one(years)),
        fill=years,
        actions={"judge": STAFF},
        bodies={"judge": {"is_passed": True, "note": "专家组同意"}},
    ),
    Page("talents:studios", FILING, fill=studios, name_of=lambda row: f">{row.leader.name}<"),
    Action("talents:studios-export", FILING, actors=FILING),
    Page("talents:studio", FILING, target=by_pk(one(studios))),
    Form("talents:studio-new", FILERS, actors=FILERS, not_a_list="a form"),
    Form(
        "talents:studio-name",
        APPROVERS,
        actors=APPROVERS,
        target=by_pk(one(studios)),
        data=lambda scene: NAMING,
    ),
    Form(
        "talents:studio-close",
        APPROVERS,
        actors=APPROVERS,
        target=by_pk(one(studios)),
        data=a_reason,
    ),
    Form("talents:studio-member", FILERS, actors=FILERS, target=by_pk(one(studios)), data=somebody),
    Form(
        "talents:member-leave",
        FILERS,
        actors=FILERS,
        target=by_pk(one(members)),
        data=lambda scene: {"left_on": "2025-03-01"},
    ),
    Form(
        "talents:studio-project", FILERS, actors=FILERS, target=by_pk(one(studios)), data=somebody
    ),
    Form(
        "talents:boost-ask",
        FILERS,
        actors=FILERS,
        target=by_pk(one(projects)),
        data=lambda scene: {"year": "2025", "progress": "x", "accounts": "x"},
    ),
    Page("talents:boost-years", FILING, fill=years, name_of=lambda row: f">{row.person.name}<"),
    Action("talents:boost-years-export", FILING, actors=FILING),
    Form(
        "talents:boost-judge",
        STAFF,
        actors=STAFF,
        target=by_pk(one(years)),
        data=lambda scene: {"verdict": "passed", "note": "专家组同意"},
    ),
    *(
        AdminModel(label, view=OFFICE, target=by_pk(one(fill)), fill=fill, name_of=page_of)
        for label, fill in (
            ("talents.studio", studios),
            ("talents.studiomember", members),
            ("talents.studioproject", projects),
            ("talents.boostyear", years),
        )
    ),
]
