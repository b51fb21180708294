"""Rounds, nominations, persons and verdicts. A round here is called by the unit itself, so that
own, sibling and foreign mean for it what they mean for its nominations."""

from organizations.models import User
from organizations.roles import FILING, STAFF, Role
from talents.models import AssessmentRun, Certificate, Employment, Nomination, PersonCompletion
from talents.services.identities import REVEALABLE
from talents.services.quotas import allocate_quotas
from talents.services.rounds import RoundPlan, create_round
from talents.workflow import close_round
from tests.factories.organizations import OrganizationFactory
from tests.factories.talents import (
    NominationFactory,
    PersonFactory,
    RoundFactory,
    eligible_nomination,
)
from tests.factories.workflow import ImportBatchFactory, moved
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Page
from workflow.storage import vault

FILERS = STAFF | {Role.NOMINATOR}
OFFICE = STAFF | {Role.AUDITOR}
PERSON_READERS = FILING | {Role.ACADEMY_MANAGER}
A_SLATE = {"places": 1, "minutes_number": "第8次", "posted_at": "网站", "contact": "部门"}


def rounds(scene, count):
    first = RoundFactory(organizer=scene.organization)
    more = [
        RoundFactory(organizer=scene.organization, edition=first.edition) for _ in range(count - 1)
    ]
    return [first, *more]


def an_open_round(scene):
    return rounds(scene, 1)[0]


def a_round_in_preparation(scene):
    opened = an_open_round(scene)
    plan = RoundPlan(
        name=f"{opened.name}（筹备）",
        edition=opened.edition,
        tier=opened.tier,
        year=opened.year,
        organizer=opened.organizer,
        reference_day=opened.reference_day,
    )
    return create_round(f"{opened.code}-next", plan, actor=User.objects.system())


def by_code(make):
    return lambda scene: {"code": make(scene).code}


def by_pk(make):
    return lambda scene: {"pk": make(scene).pk}


def a_closed_round(scene):
    return close_round(an_open_round(scene).pk, actor=User.objects.system())


def a_round_with_bodies_below(scene):
    OrganizationFactory(parent=scene.organization, kind="unit")
    return an_open_round(scene)


def nominations(scene, count):
    selection = an_open_round(scene)
    return NominationFactory.create_batch(count, round=selection, unit=scene.organization)


def a_nomination(scene):
    nomination = eligible_nomination(round=an_open_round(scene), unit=scene.organization)
    nomination.person.identity_cipher = vault.encrypt(b"110199199001010011")
    nomination.person.save(update_fields=["identity_cipher"])
    return nomination


def a_confirmed_nomination(scene):
    nomination = a_nomination(scene)
    moved(Nomination.objects.filter(pk=nomination.pk), Nomination.State.CHECKED)
    nomination.refresh_from_db()
    return nomination


def a_round_with_somebody(scene):
    code = a_confirmed_nomination(scene).round.code
    return {"code": code, "what": "proposal", "kind": "xlsx"}


def a_returned_nomination(scene):
    nomination = a_nomination(scene)
    nomination.returned_version = nomination.version
    nomination.save(update_fields=["returned_version"])
    return nomination


def a_reveal(scene):
    return {"pk": a_nomination(scene).pk, "kind": next(iter(REVEALABLE))}


def runs(scene, count):
    selection = an_open_round(scene)
    made = []
    for _ in range(count):
        run = AssessmentRun.objects.create(
            round=selection,
            edition_digest=selection.edition.digest,
            reference_day=selection.reference_day,
            requested_by=scene.user,
            parts_left=0,
        )
        AssessmentRun.objects.filter(pk=run.pk).update(status="done", finished_at=run.started_at)
        made.append(run)
    return made


def a_run(scene):
    return runs(scene, 1)[0]


def persons(scene, count):
    return PersonFactory.create_batch(count, organization=scene.organization)


def a_person(scene):
    return persons(scene, 1)[0]


def certificates(scene, count):
    return [
        Certificate.objects.create(person=person, number=f"Y{person.pk:021}")
        for person in persons(scene, count)
    ]


def employments(scene, count):
    return [
        Employment.objects.create(person=person, start_month=24000, employer=f"雇主{person.pk}·")
        for person in persons(scene, count)
    ]


def completions(scene, count):
    batch = ImportBatchFactory(organization=scene.organization)
    return [
        PersonCompletion.objects.create(batch=batch, person=person, fields=["education"])
        for person in persons(scene, count)
    ]


def places(scene, count):
    selection, made = an_open_round(scene), []
    for _ in range(count):
        body = OrganizationFactory(parent=scene.organization, kind="unit")
        system = User.objects.system()
        made.append(
            allocate_quotas(
                selection.pk, organization_id=body.pk, places=3, actor=system, note="测试"
            )
        )
    return made


def a_division(scene):
    return {
        "places[0]organization": scene.organization.code, "places[0]places": "3", "note": "首次分配",
    }  # fmt: skip


def name_of(row):
    return row.name


def person_named(row):
    return f">{row.person.name}<"


def page_of(row):
    return f"/{row.pk}/change/"


def one(fill):
    return lambda scene: fill(scene, 1)[0]


def a_reason(scene):
    return {"reason": "核对身份证原件", "note": "核对无误"}


ENDPOINTS = [
    Page("talents:rounds", FILING, fill=rounds, name_of=name_of),
    Action("talents:rounds-export", FILING, actors=FILING),
    Form("talents:round-new", STAFF, actors=STAFF, not_a_list="a form"),
    Page("talents:round", FILING, target=by_code(an_open_round)),
    Form("talents:round-edit", STAFF, actors=STAFF, target=by_code(a_round_in_preparation)),
    Form("talents:round-open", STAFF, actors=STAFF, target=by_code(a_round_in_preparation)),
    Form("talents:round-close", STAFF, actors=STAFF, target=by_code(an_open_round)),
    Form(
        "talents:round-reopen",
        STAFF,
        actors=STAFF,
        target=by_code(a_closed_round),
        data=a_reason,
    ),
    Action("talents:round-check", STAFF, actors=STAFF, target=by_code(an_open_round)),
    Page("talents:round-progress", FILING, target=by_code(an_open_round)),
    Page("talents:round-confirm", STAFF, target=by_code(an_open_round)),
    Action(
        "talents:round-confirm-act",
        STAFF,
        actors=STAFF,
        target=lambda scene: {"code": an_open_round(scene).code, "action": "confirm"},
    ),
    Form(
        "talents:resubmit",
        FILERS,
        actors=FILERS,
        target=by_pk(a_returned_nomination),
        data=a_reason,
    ),
    Form(
        "talents:places",
        FILING,
        actors=STAFF,
        target=by_code(a_round_with_bodies_below),
        peeked=frozenset({200}),
    ),
    Form(
        "talents:composition",
        FILING,
        actors=STAFF,
        target=by_code(an_open_round),
        data=a_reason,
        peeked=frozenset({200}),
        not_a_list="the groups of the house",
    ),
    Page(
        "talents:places-board",
        FILING,
        fill=places,
        name_of=lambda row: f">{row.organization}<",
        not_a_list="a grid of bodies by rounds, which offers the year only",
    ),
    Page("talents:runs", FILING, target=by_code(an_open_round)),
    Page("talents:round-nominations", FILING, target=by_code(an_open_round)),
    Form("talents:nomination-new", FILERS, actors=FILERS, target=by_code(an_open_round)),
    Page("talents:round-units", FILERS, target=by_code(an_open_round)),
    Action("talents:nominations-export", FILING, actors=FILING, target=by_code(an_open_round)),
    Action(
        "talents:round-nominations-act",
        FILING,
        actors=STAFF,
        target=lambda scene: {"code": an_open_round(scene).code, "action": "confirm"},
    ),
    Action(
        "talents:restore",
        FILERS,
        actors=FILERS,
        target=by_code(an_open_round),
        posted=frozenset({404}),
    ),
    Action("talents:all-nominations-export", FILING, actors=FILING),
    Action(
        "talents:nominations-act",
        FILING,
        actors=STAFF,
        kwargs={"action": "confirm"},
    ),
    Page("talents:nominations", FILING, fill=nominations, name_of=person_named),
    Page("talents:nomination", FILING, target=by_pk(a_nomination)),
    Page(
        "talents:nomination-paper",
        FILING,
        target=lambda scene: {"pk": a_nomination(scene).pk, "kind": "xlsx"},
    ),
    Page("talents:round-paper", STAFF, target=a_round_with_somebody),
    Form("talents:nomination-edit", FILERS, actors=FILERS, target=by_pk(a_nomination)),
    Form("talents:withdraw", FILERS, actors=FILERS, target=by_pk(a_nomination), data=a_reason),
    Action("talents:confirm", STAFF, actors=STAFF, target=by_pk(a_nomination)),
    Form(
        "talents:return",
        STAFF,
        actors=STAFF,
        target=by_pk(a_confirmed_nomination),
        data=a_reason,
    ),
    Page("talents:why", FILING, target=by_pk(a_nomination)),
    Action("talents:reveal", FILERS, actors=FILERS, target=a_reveal, data=a_reason),
    Page("talents:run", FILING, target=by_pk(a_run)),
    Action("talents:run-export", FILING, actors=FILING, target=by_pk(a_run)),
    ApiResource(
        "selectionround",
        FILING,
        target=by_pk(an_open_round),
        fill=rounds,
        actions={
            "open": STAFF,
            "close": STAFF,
            "reopen": STAFF,
            "check": STAFF,
            "confirm": STAFF,
            "draw-experts": STAFF,
            "second-look": STAFF,
            "draft-notice": STAFF,
            "draft-level-notice": STAFF,
            "convene-panel": STAFF,
        },
        bodies={
            "confirm": {"nominations": [1]},
            "draw-experts": {"seed": 7},
            "second-look": {"note": "分差过大"},
            "draft-notice": A_SLATE,
            "draft-level-notice": A_SLATE | {"organization": 1, "nominations": [1]},
            "convene-panel": {"held_on": "2026-01-05", "minutes_number": "第1次", "tabled": 1},
        },
    ),
    ApiResource(
        "nomination",
        FILING,
        target=by_pk(a_nomination),
        fill=nominations,
        actions={"confirm": STAFF, "give-back": STAFF},
    ),
    Page("nomination-why", FILING, target=by_pk(a_nomination), closed=404),
    ApiResource("person", PERSON_READERS, target=by_pk(a_person), fill=persons),
    ApiResource("assessmentrun", FILING, target=by_pk(a_run), fill=runs),
    ApiResource("quotaallocation", FILING, target=by_pk(one(places)), fill=places),
    Action(
        "selectionround-places",
        FILING,
        actors=STAFF,
        target=by_pk(a_round_with_bodies_below),
        data=a_division,
        closed=404,
        posted=frozenset({200, 409}),
    ),
    ApiResource("certificate", PERSON_READERS, target=by_pk(one(certificates)), fill=certificates),
    ApiResource("employment", FILING, target=by_pk(one(employments)), fill=employments),
    Page("assessmentrun-results", FILING, target=by_pk(a_run), closed=404),
    AdminModel(
        "talents.person",
        view=OFFICE,
        change=STAFF,
        target=by_pk(a_person),
        fill=persons,
        name_of=page_of,
    ),
    AdminModel(
        "talents.certificate",
        view=OFFICE,
        change=STAFF,
        target=by_pk(one(certificates)),
        fill=certificates,
        name_of=page_of,
    ),
    AdminModel(
        "talents.employment",
        view=OFFICE,
        target=by_pk(one(employments)),
        fill=employments,
        name_of=page_of,
    ),
    AdminModel(
        "talents.personcompletion",
        view=OFFICE,
        target=by_pk(one(completions)),
        fill=completions,
        name_of=page_of,
    ),
    AdminModel(
        "talents.selectionround",
        view=OFFICE,
        target=by_pk(an_open_round),
        fill=rounds,
        name_of=page_of,
    ),
    AdminModel(
        "talents.quotaallocation",
        view=OFFICE,
        add=STAFF,
        change=STAFF,
        target=by_pk(one(places)),
        fill=places,
        name_of=page_of,
    ),
    AdminModel(
        "talents.nomination",
        view=OFFICE,
        target=by_pk(a_nomination),
        fill=nominations,
        name_of=page_of,
    ),
    AdminModel(
        "talents.assessmentrun", view=OFFICE, target=by_pk(a_run), fill=runs, name_of=page_of
    ),
]
