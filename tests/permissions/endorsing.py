"""Nominations on their way; the unit is here the organizer, so that its level is the only one."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from organizations.models import User
from organizations.roles import FILING, STAFF, Role
from talents.models import Clearance, Nomination, Shortcoming
from tests.factories.endorsing import (
    SCAN,
    asked_of,
    levelled_round,
    notice_clear,
    notice_up,
    paper_of,
)
from tests.factories.talents import eligible_nomination
from tests.factories.workflow import moved
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Page
from tests.permissions.talents import OFFICE, a_reason, by_pk, nominations, one, page_of

FILERS = STAFF | {Role.NOMINATOR}


def levelled(scene, count):
    selection = levelled_round(scene.organization)
    return [eligible_nomination(round=selection, unit=scene.organization) for _ in range(count)]


def noticed(scene, count):
    rows = levelled(scene, count)
    for row in rows:
        notice_clear(row)
    return rows


def notices(scene, count):
    return [notice_up(row) for row in levelled(scene, count)]


def a_scanned_notice(scene):
    return notice_clear(levelled(scene, 1)[0])


def clearances(scene, count):
    return [
        Clearance.objects.create(
            nomination=row, office="税务", asked_on=date(2026, 3, 2),
            asked_by=User.objects.system(),
        )
        for row in levelled(scene, count)
    ]  # fmt: skip


def objected(scene, count):
    rows = clearances(scene, count)
    answered = {"answered_on": date(2026, 3, 3), "answered_by": User.objects.system()}
    moved(
        Clearance.objects.filter(pk__in=[r.pk for r in rows]), "objected", reply="欠税", **answered
    )
    return rows


def replied(scene, count):
    rows = clearances(scene, count)
    answered = {"answered_on": date(2026, 3, 3), "answered_by": User.objects.system()}
    moved(
        Clearance.objects.filter(pk__in=[r.pk for r in rows]), "clear", reply="无异议", **answered
    )
    return rows


def endorsements(scene, count):
    return [asked_of(row) for row in noticed(scene, count)]


def shortcomings(scene, count):
    return [
        Shortcoming.objects.create(
            nomination=row, version=1, field="证书编号", kind="doubt",
            returned_by=User.objects.system(),
        )
        for row in levelled(scene, count)
    ]  # fmt: skip


def papers(scene, count):
    return [paper_of(row) for row in levelled(scene, count)]


def named(row):
    return f">{row.nomination.person.name}<"


def an_answer(scene):
    return {"outcome": "clear", "reply": "无异议", "answered_on": "2026-03-09"}


def an_opinion(scene):
    return {"note": "同意推荐"}


def a_ranked_pair(scene):
    first, second = nominations(scene, 2)
    for rank, row in enumerate((first, second), 1):
        row.rank = rank
        row.save(update_fields=["rank"])
    return first


def a_swap(scene):
    second = Nomination.objects.filter(unit=scene.organization, rank=2).latest("pk")
    return {"other": second.pk, "note": "按评议结果对调"}


ENDPOINTS = [
    Form(
        "talents:nomination-rank",
        FILERS,
        actors=FILERS,
        target=by_pk(a_ranked_pair),
        data=a_swap,
    ),
    Form(
        "talents:unit-notice-new",
        FILERS,
        actors=FILERS,
        target=by_pk(one(levelled)),
        data=lambda scene: {"place": "公告栏", "starts_on": "2026-03-02"},
    ),
    Form(
        "talents:unit-notice-close",
        FILERS,
        actors=FILERS,
        target=by_pk(one(notices)),
        data=lambda scene: {"outcome": "disputed", "finding": "群众反映，核实中"},
    ),
    Page("talents:unit-notice-scan", FILING, target=by_pk(a_scanned_notice)),
    Form(
        "talents:evidence-new",
        FILERS,
        actors=FILERS,
        target=by_pk(one(levelled)),
        data=lambda scene: {
            "kind": "minutes",
            "told": "",
            "scan": SimpleUploadedFile("纪要.pdf", SCAN.content),
        },
    ),
    Page("talents:evidence-file", FILING, target=by_pk(one(papers))),
    Form(
        "talents:evidence-remove",
        FILERS,
        actors=FILERS,
        target=by_pk(one(papers)),
        data=lambda scene: {"note": "传错了文件"},
    ),
    Form(
        "talents:nomination-submit",
        FILERS,
        actors=FILERS,
        target=by_pk(one(noticed)),
        data=an_opinion,
    ),
    Form("talents:offices-ask", STAFF, actors=STAFF, target=by_pk(one(levelled))),
    Page("talents:endorsements", FILING, fill=endorsements, name_of=named),
    Action("talents:endorsements-export", FILING, actors=FILING),
    Action("talents:endorsements-act", FILING, actors=STAFF, kwargs={"action": "agree"}),
    Form(
        "talents:endorsement-give",
        FILERS,
        actors=FILERS,
        target=by_pk(one(endorsements)),
        data=an_opinion,
    ),
    Form(
        "talents:unit-notice-dispute",
        FILERS,
        actors=FILERS,
        target=by_pk(a_scanned_notice),
        data=a_reason,
    ),
    Page("talents:clearances", FILING, fill=clearances, name_of=named),
    Action("talents:clearances-export", FILING, actors=FILING),
    Action("talents:clearances-act", FILING, actors=STAFF, kwargs={"action": "clear"}),
    Form(
        "talents:clearance-answer",
        STAFF,
        actors=STAFF,
        target=by_pk(one(clearances)),
        data=an_answer,
    ),
    Form(
        "talents:clearance-put-right",
        STAFF,
        actors=STAFF,
        target=by_pk(one(objected)),
        data=lambda scene: an_answer(scene) | a_reason(scene),
    ),
    Form(
        "talents:clearance-object",
        STAFF,
        actors=STAFF,
        target=by_pk(one(replied)),
        data=lambda scene: an_answer(scene) | a_reason(scene),
    ),
    ApiResource(
        "endorsement",
        FILING,
        target=by_pk(one(endorsements)),
        fill=endorsements,
        actions={"give": FILERS},
        bodies={"give": {"note": "同意推荐"}},
    ),
    ApiResource(
        "clearance",
        FILING,
        target=by_pk(one(clearances)),
        fill=clearances,
        actions={"answer": STAFF, "put-right": STAFF, "object": STAFF},
        bodies={
            "answer": {"is_clear": True, "reply": "无异议", "answered_on": "2026-03-09"},
            "put-right": {"reply": "无异议", "answered_on": "2026-03-09", "note": "登记有误"},
            "object": {"reply": "欠税", "answered_on": "2026-03-09", "note": "登记有误"},
        },
    ),
    *(
        AdminModel(label, view=OFFICE, target=by_pk(one(fill)), fill=fill, name_of=page_of)
        for label, fill in (
            ("talents.unitnotice", notices),
            ("talents.clearance", clearances),
            ("talents.endorsement", endorsements),
            ("talents.shortcoming", shortcomings),
            ("talents.paper", papers),
        )
    ),
]
