"""Masters and apprentices of a unit."""

from datetime import date

from organizations.models import User
from organizations.roles import EVERYBODY, FILING, STAFF, Role
from talents.models import CultivationReport
from talents.services.planning import set_goal
from talents.workflow.cultivation import report
from talents.workflow.growth import agree_pair
from talents.workflow.pairing import consent_for_unit
from tests.factories.actions import seed_of
from tests.factories.endorsing import SCAN
from tests.factories.growth import PairFactory, consented, cultivated, logged
from tests.factories.honours import HonourFactory
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Page
from tests.permissions.talents import OFFICE, a_person, a_reason, an_open_round, by_pk, one, page_of

NOWHERE = frozenset({404})
FILERS = STAFF | {Role.NOMINATOR}
APPROVERS = frozenset({Role.APPROVER})
SAID = {"note": "核对后办理"}


def pairs(scene, count):
    return PairFactory.create_batch(count, organization=scene.organization)


def an_agreed_pair(scene):
    return agree_pair(consented(pairs(scene, 1)[0]).pk, actor=User.objects.system())


def a_taught_pair(scene):
    pair = an_agreed_pair(scene)
    logged(pair)
    return pair


def a_consented_pair(scene):
    return consented(pairs(scene, 1)[0])


def consents(scene, count):
    return [consented(row).consents.first() for row in pairs(scene, count)]


def a_scanned_consent(scene):
    (pair,) = pairs(scene, 1)
    given = consent_for_unit(pair.pk, scan=SCAN, actor=User.objects.system())
    return given[-1]


def logs(scene, count):
    return [logged(row) for row in pairs(scene, count)]


def entries(scene, count):
    return [seed_of(scene.organization) for _ in range(count)]


def cultivations(scene, count):
    system = User.objects.system()
    return [cultivated(scene.organization, actor=system) for _ in range(count)]


AIM = {"kind": "passing", "goal": "带徒两人", "shown_by": "出师评定", "due_on": "2027-06-30"}


def goals(scene, count):
    facts = AIM | {"due_on": date(2027, 6, 30)}
    system = User.objects.system()
    return [set_goal(row.pk, facts, actor=system) for row in cultivations(scene, count)]


def due_reports(scene, count):
    return [made.reports.first() for made in cultivations(scene, count)]


def a_dossier(scene, **more):
    return {"pk": a_person(scene).pk, "what": "master", **more}


def a_late_report(scene):
    due = due_reports(scene, 1)[0]
    CultivationReport.objects.filter(pk=due.pk).update(due_on=date(2026, 2, 1))
    return due


def a_submitted_report(scene):
    due = due_reports(scene, 1)[0]
    return report(due.pk, words="完成两项攻关", actor=User.objects.system())


def a_cohort(scene):
    """Who was named together here: somebody, in a year."""
    an_open_round(scene)  # of an edition that has the step
    year = 1950 + scene.organization.pk % 150  # no other body's
    named = HonourFactory(organization=scene.organization, year=year)
    return {"scheme": named.scheme, "tier": named.tier, "year": named.year}


ENDPOINTS = [
    Page(
        "talents:cultivations",
        FILING,
        fill=cultivations,
        name_of=lambda row: f">{row.person.name}<",
    ),
    Action("talents:cultivations-export", FILING, actors=FILING),
    Page("talents:cultivation", FILING, target=by_pk(one(cultivations))),
    Form("talents:cohort-new", STAFF, actors=STAFF, not_a_list="a form"),
    Form("talents:cohort", STAFF, actors=STAFF, target=a_cohort, not_a_list="a preview"),
    Action("cultivation-begin-cohort", STAFF, actors=STAFF, posted=frozenset({400})),
    Form("talents:cultivation-new", STAFF, actors=STAFF, not_a_list="a form"),
    Form(
        "talents:cultivation-pass",
        FILERS,
        actors=frozenset({Role.APPROVER}),
        target=by_pk(one(cultivations)),
        data=a_reason,
        peeked=frozenset({200}),
    ),
    Form(
        "talents:cultivation-extend",
        FILERS,
        actors=frozenset({Role.APPROVER}),
        target=by_pk(one(cultivations)),
        data=lambda scene: {"until": "2028-07-15", "note": "项目延至次年验收"},
        peeked=frozenset({200}),
    ),
    Form(
        "talents:cultivation-move",
        STAFF,
        actors=STAFF,
        target=by_pk(one(cultivations)),
        data=lambda scene: {"post": "班组长", "note": "岗位调整"},
        not_a_list="a form",
    ),
    Form(
        "talents:report-chase",
        FILERS,
        actors=STAFF,
        target=by_pk(a_late_report),
        peeked=frozenset({200}),
    ),
    Form(
        "talents:cultivation-stop",
        FILERS,
        actors=STAFF,
        target=by_pk(one(cultivations)),
        data=a_reason,
        peeked=frozenset({200}),
    ),
    Form(
        "talents:cultivation-report",
        FILERS,
        actors=FILERS,
        target=by_pk(one(due_reports)),
        data=lambda scene: {"words": "完成两项攻关，带徒三人，项目按计划进行"},
    ),
    Form(
        "talents:report-accept",
        FILERS,
        actors=STAFF,
        target=by_pk(a_submitted_report),
        peeked=frozenset({200}),
    ),
    Form(
        "talents:report-return",
        FILERS,
        actors=STAFF,
        target=by_pk(a_submitted_report),
        data=a_reason,
        peeked=frozenset({200}),
    ),
    Form(
        "talents:goal-new",
        FILERS,
        actors=FILERS,
        target=by_pk(one(cultivations)),
        data=lambda scene: AIM,
        not_a_list="a form",
    ),
    Form(
        "talents:goal-edit",
        FILERS,
        actors=FILERS,
        target=by_pk(one(goals)),
        data=lambda scene: AIM | {"goal": "带徒三人", "note": "核对方案"},
        not_a_list="a form",
    ),
    Form(
        "talents:goal-assess",
        FILERS,
        actors=FILERS,
        target=by_pk(one(goals)),
        data=lambda scene: {"outcome": "met", "reached": "带徒两人均已出师"},
        not_a_list="a form",
    ),
    AdminModel(
        "talents.cultivationgoal",
        view=OFFICE,
        target=by_pk(one(goals)),
        fill=goals,
        name_of=page_of,
    ),
    AdminModel(
        "talents.cultivation",
        view=OFFICE,
        change=STAFF,
        target=by_pk(one(cultivations)),
        fill=cultivations,
        name_of=page_of,
    ),
    AdminModel(
        "talents.cultivationreport",
        view=OFFICE,
        target=by_pk(one(due_reports)),
        fill=due_reports,
        name_of=page_of,
    ),
    ApiResource(
        "mentorship",
        FILING,
        target=by_pk(a_consented_pair),
        fill=pairs,
        actions={"agree": STAFF, "finish": FILERS, "end": FILERS},
        bodies={"finish": SAID, "end": SAID},
    ),
    ApiResource(
        "cultivation",
        FILING,
        target=by_pk(one(cultivations)),
        fill=cultivations,
        actions={
            "set-goal": FILERS,
            "move": STAFF,
            "extend": APPROVERS,
            "pass": APPROVERS,
            "stop": STAFF,
        },
        bodies={
            "set-goal": AIM,
            "move": lambda scene: SAID | {"organization": scene.organization.code, "post": "班长"},
            "extend": SAID | {"until": "2028-07-15"},
            "pass": SAID,
            "stop": SAID,
        },
    ),
    Action("cultivation-begin", STAFF, actors=STAFF, posted=frozenset({400})),
    ApiResource(
        "cultivationreport",
        FILING,
        target=by_pk(one(due_reports)),
        fill=due_reports,
        actions={"submit": FILERS, "accept": STAFF, "return": STAFF, "chase": STAFF},
        bodies={"submit": {"words": "完成两项攻关，带徒三人，按计划进行"}, "return": SAID},
    ),
    ApiResource(
        "cultivationgoal",
        FILING,
        target=by_pk(one(goals)),
        fill=goals,
        actions={"correct": FILERS, "assess": FILERS},
        bodies={
            "correct": AIM | SAID | {"version": 1},
            "assess": {"outcome": "met", "reached": "带徒两人均已出师"},
        },
    ),
    ApiResource("actionentry", FILING, target=by_pk(one(entries)), fill=entries),
    Page("talents:actions", FILING, fill=entries, name_of=lambda row: f">{row.person.name}<"),
    Action("talents:actions-export", FILING, actors=FILING),
    Form("talents:action-new", FILERS, actors=FILERS, not_a_list="a form"),
    Page("talents:action", FILING, target=by_pk(one(entries))),
    Form(
        "talents:action-withdraw",
        FILERS,
        actors=FILERS,
        target=by_pk(one(entries)),
        data=a_reason,
    ),
    AdminModel(
        "talents.actionentry",
        view=OFFICE,
        target=by_pk(one(entries)),
        fill=entries,
        name_of=page_of,
    ),
    Page("talents:passport", FILING, target=by_pk(a_person)),
    Page("talents:dossier", FILING, target=a_dossier),
    Page("talents:dossier-paper", FILING, target=lambda scene: a_dossier(scene, kind="xlsx")),
    Page("talents:own", EVERYBODY, not_a_list="one's own file"),
    # nobody of this world is on file: tests/talents/test_own.py
    Page(
        "talents:own-copy",
        EVERYBODY,
        kwargs={"kind": "pdf"},
        shown=frozenset({404}),
        not_a_list="one's own file",
    ),
    Form("talents:pair-consent", FILERS, actors=FILERS, target=by_pk(one(pairs))),
    Form(
        "talents:pair-log",
        FILERS,
        actors=FILERS,
        target=by_pk(an_agreed_pair),
        data=lambda scene: {"held_on": "2025-04-01", "words": "讲解并练习管道仰焊"},
    ),
    Page("talents:consent-scan", FILING, target=by_pk(a_scanned_consent)),
    # nobody of this world is one of a pair: tests/talents/test_pairing.py
    Page("talents:own-pair", EVERYBODY, target=by_pk(one(pairs)), shown=NOWHERE),
    *(
        Form(
            name,
            EVERYBODY,
            actors=EVERYBODY,
            target=by_pk(one(fill)),
            shown=NOWHERE,
            posted=NOWHERE,
        )
        for name, fill in (
            ("talents:own-pair-consent", pairs),
            ("talents:own-pair-log", pairs),
            ("talents:own-log-confirm", logs),
        )
    ),
    AdminModel(
        "talents.pairconsent",
        view=OFFICE,
        target=by_pk(one(consents)),
        fill=consents,
        name_of=page_of,
    ),
    AdminModel("talents.pairlog", view=OFFICE, target=by_pk(one(logs)), fill=logs, name_of=page_of),
    Page("talents:pairs", FILING, fill=pairs, name_of=lambda row: f">{row.master.name}<"),
    Action("talents:pairs-export", FILING, actors=FILING),
    Page("talents:pair", FILING, target=by_pk(one(pairs))),
    Form("talents:pair-new", FILERS, actors=FILERS, not_a_list="a form"),
    Form(
        "talents:pair-agree",
        FILERS,
        actors=STAFF,
        target=by_pk(a_consented_pair),
        peeked=frozenset({200}),
    ),
    Form(
        "talents:pair-finish",
        FILERS,
        actors=FILERS,
        target=by_pk(a_taught_pair),
        data=a_reason,
    ),
    Form("talents:pair-end", FILERS, actors=FILERS, target=by_pk(one(pairs)), data=a_reason),
    AdminModel(
        "talents.mentorship",
        view=OFFICE,
        target=by_pk(one(pairs)),
        fill=pairs,
        name_of=page_of,
    ),
]
