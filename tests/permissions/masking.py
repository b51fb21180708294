"""Blind papers before they go out, and what was decided about their words."""

from organizations.models import User
from organizations.roles import STAFF, Role
from talents.models import Masking
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Page
from tests.permissions.talents import (
    OFFICE,
    an_open_round,
    by_code,
    by_pk,
    nominations,
    one,
    page_of,
)

WHY = "评审专家可据此认出人选"


def papers(scene, count):
    rows = nominations(scene, count)
    for row in rows:
        row.force_leading = "在燕山石化检修"
        row.save(update_fields=["force_leading"])
    return rows


def maskings(scene, count):
    return [
        Masking.objects.create(
            nomination=row, words="燕山石化", decision="mask", reason=WHY,
            decided_by=User.objects.system(),
        )
        for row in papers(scene, count)
    ]  # fmt: skip


def a_decision(scene):
    return {"words": "燕山石化", "decision": "mask", "note": WHY}


ENDPOINTS = [
    Page(
        "talents:blind-papers",
        STAFF,
        target=by_code(an_open_round),
        not_a_list="of one round; its own test counts the queries",
    ),
    Form("talents:masking", STAFF, actors=STAFF, target=by_pk(one(papers)), data=a_decision),
    Action("masking-decide", STAFF, actors=STAFF, posted=frozenset({400})),
    ApiResource(
        "masking",
        STAFF | {Role.AUDITOR},
        target=by_pk(one(maskings)),
        fill=maskings,
        name_of=lambda row: f'"id":{row.pk},',
    ),
    AdminModel(
        "talents.masking", view=OFFICE, target=by_pk(one(maskings)), fill=maskings, name_of=page_of
    ),
]
