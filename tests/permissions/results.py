"""Who made a result besides the first, and the paper that proves it."""

from django.core.files.uploadedfile import SimpleUploadedFile

from organizations.models import User
from organizations.roles import FILING
from talents.services.actions import attach_scan
from tests.factories.actions import seed_of
from tests.factories.endorsing import SCAN
from tests.factories.filings import identity_number
from tests.factories.talents import PersonFactory
from tests.permissions.expectations import AdminModel, Form, Page
from tests.permissions.growth import FILERS
from tests.permissions.talents import OFFICE, by_pk, one, page_of


def a_result(scene):
    return seed_of(scene.organization, kind="small", sort="design", person=None)


def an_evidenced_result(scene):
    return attach_scan(a_result(scene).pk, scan=SCAN, actor=User.objects.system())


def partners(scene, count):
    return [
        a_result(scene).partners.create(
            person=PersonFactory(organization=scene.organization), place=2
        )
        for _ in range(count)
    ]


ENDPOINTS = [
    Form(
        "talents:action-partner",
        FILERS,
        actors=FILERS,
        target=by_pk(a_result),
        data=lambda scene: {"identity": identity_number(88), "name": "钱二"},
    ),
    Form(
        "talents:action-evidence",
        FILERS,
        actors=FILERS,
        target=by_pk(a_result),
        data=lambda scene: {"scan": SimpleUploadedFile("证书.pdf", SCAN.content)},
    ),
    Page("talents:action-scan", FILING, target=by_pk(an_evidenced_result)),
    AdminModel(
        "talents.actionpartner",
        view=OFFICE,
        target=by_pk(one(partners)),
        fill=partners,
        name_of=page_of,
    ),
]
