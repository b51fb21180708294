"""The register of honours: given here by the unit itself, so that own, sibling and foreign mean something."""

from django.utils import timezone

from organizations.models import User
from organizations.roles import FILING, STAFF, STAFF_AND_OVERSIGHT, Role
from talents.workflow.honours import doubt_honour, revoke_honour
from tests.factories.honours import HonourFactory
from tests.factories.organizations import account
from tests.factories.talents import PersonFactory
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Open, Page
from tests.permissions.talents import OFFICE, a_reason, by_pk, page_of


def honours(scene, count):
    return [
        HonourFactory(
            organization=scene.organization,
            person=PersonFactory(organization=scene.organization, name=f"名匠{place}·"),
        )
        for place in range(count)
    ]


def an_honour(scene):
    return honours(scene, 1)[0]


def a_doubted_honour(scene):
    honour = an_honour(scene)
    return doubt_honour(honour.pk, actor=User.objects.system(), note="群众来信反映")


def a_revoked_honour(scene):
    honour = a_doubted_honour(scene)
    approver = account(Role.APPROVER, scene.organization)
    return revoke_honour(honour.pk, actor=approver)


def recalled():
    return {"recall": "returned", "recalled_on": timezone.localdate().isoformat()}


def by_number(scene):
    return {"number": an_honour(scene).certificate_number}


def person_named(row):
    return f">{row.person.name}<"


ENDPOINTS = [
    Page("talents:honours", FILING, fill=honours, name_of=lambda row: row.certificate_number),
    Action("talents:honours-export", FILING, actors=STAFF_AND_OVERSIGHT),
    Page("talents:honour", FILING, target=by_pk(an_honour)),
    Form("talents:honour-edit", STAFF, actors=STAFF, target=by_pk(an_honour)),
    Form("talents:honour-doubt", STAFF, actors=STAFF, target=by_pk(an_honour), data=a_reason),
    Form("talents:honour-uphold", STAFF, actors=STAFF, target=by_pk(a_doubted_honour)),
    Form(
        "talents:honour-revoke",
        STAFF,
        actors=frozenset({Role.APPROVER}),
        target=by_pk(a_doubted_honour),
        peeked=frozenset({200}),
    ),
    Form(
        "talents:honour-recall",
        STAFF,
        actors=STAFF,
        target=by_pk(a_revoked_honour),
        data=lambda scene: recalled(),
        peeked=frozenset({200}),
    ),
    Form("talents:honour-reissue", STAFF, actors=STAFF, target=by_pk(an_honour), data=a_reason),
    Open("talents:directory", fill=honours, name_of=person_named, visible_to_all=True),
    Open("talents:certificate", target=by_number),
    Open("talents:certificate-print", target=by_number),
    ApiResource(
        "honour",
        FILING,
        target=by_pk(an_honour),
        fill=honours,
        name_of=lambda row: row.certificate_number,
        actions={
            "doubt": STAFF,
            "uphold": STAFF,
            "revoke": STAFF,
            "reissue": STAFF,
            "recall": STAFF,
        },
        bodies={
            "recall": recalled(),
            "doubt": {"note": "群众来信反映"},
            "reissue": {"note": "证书遗失"},
        },
    ),
    AdminModel(
        "talents.honour",
        view=OFFICE,
        change=STAFF,
        target=by_pk(an_honour),
        fill=honours,
        name_of=page_of,
    ),
]
