"""What enterprises say of their money for workers' education."""

from django.db.models import Max

from organizations.roles import FILING
from talents.models import EducationSpend
from tests.factories.actions import spend_of
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Page
from tests.permissions.growth import FILERS
from tests.permissions.talents import OFFICE, a_reason, by_pk, one, page_of


def spends(scene, count):
    """One a year, after those that the enterprise has already."""
    told = EducationSpend.objects.filter(organization=scene.organization)
    first = (told.aggregate(last=Max("year"))["last"] or 2009) + 1
    return [spend_of(scene.organization, year=first + at) for at in range(count)]


ENDPOINTS = [
    Page("talents:spends", FILING, fill=spends, name_of=lambda row: f"/{row.pk}/"),
    Action("talents:spends-export", FILING, actors=FILING),
    Form("talents:spend-new", FILERS, actors=FILERS, not_a_list="a form"),
    Page("talents:spend", FILING, target=by_pk(one(spends))),
    Form(
        "talents:spend-withdraw",
        FILERS,
        actors=FILERS,
        target=by_pk(one(spends)),
        data=a_reason,
    ),
    ApiResource("educationspend", FILING, target=by_pk(one(spends)), fill=spends),
    AdminModel(
        "talents.educationspend",
        view=OFFICE,
        target=by_pk(one(spends)),
        fill=spends,
        name_of=page_of,
    ),
]
