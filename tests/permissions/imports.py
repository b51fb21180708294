"""Workbooks of nominations on their way in."""

from types import SimpleNamespace

from intake import services as imports
from organizations.models import User
from organizations.roles import FILING, Role
from tests.factories.workflow import ImportBatchFactory
from tests.permissions.expectations import EVERYBODY, Action, ApiResource, Form, Page
from tests.permissions.talents import an_open_round
from tests.talents.importing import OTHER_SOUND, sheet_of, staged

OTHER = {"公民身份号码": OTHER_SOUND, "出生年月": ""}
#: Who hands other kinds of files in at the same desk.
OTHERS = frozenset({Role.ACADEMY_MANAGER})
UPLOADERS = frozenset({Role.HANDLER, Role.NOMINATOR})


def a_staged_batch(scene):
    """One good row and one refused, handed in by the body itself for a round of its own."""
    call = SimpleNamespace(
        round=an_open_round(scene), city=scene.organization, units=[scene.organization]
    )
    return staged(call, sheet_of(call, {}, {"姓名": "", **OTHER}))


def a_committed_batch(scene):
    return imports.commit(a_staged_batch(scene).pk, actor=User.objects.system())


def some_batches(scene, count):
    return ImportBatchFactory.create_batch(
        count, organization=scene.organization, kind="talents.nominations"
    )


def by_pk(make):
    return lambda scene: {"pk": make(scene).pk}


def for_a_round(scene):
    return {"key": an_open_round(scene).code, "code": "nominations"}


def a_refused_row(scene):
    batch = a_staged_batch(scene)
    return {"pk": batch.pk, "line": batch.findings.get().line}


def a_reason(scene):
    return {"note": "原表填写有误"}


ENDPOINTS = [
    ApiResource(
        "importbatch",
        FILING,
        target=by_pk(a_staged_batch),
        fill=some_batches,
        actions={"commit": UPLOADERS, "discard": UPLOADERS, "revert": UPLOADERS},
    ),
    Action(
        "intake:imports-export",
        FILING | {Role.ACADEMY_MANAGER},
        actors=FILING | {Role.ACADEMY_MANAGER},
    ),
    Action(
        "importbatch-row",
        FILING,
        actors=UPLOADERS,
        target=a_refused_row,
        data=lambda scene: {"cells": {"name": "曾怡刚"}},
        closed=404,
        posted=frozenset({200, 400, 409}),
    ),
    Action(
        "importbatch-drop",
        FILING,
        actors=UPLOADERS,
        target=by_pk(a_staged_batch),
        data=lambda scene: {"code": "name-missing", "note": "原表填写有误"},
        closed=404,
        posted=frozenset({200, 409}),
    ),
    Page("importbatch-findings", FILING, target=by_pk(a_staged_batch), closed=404),
    Form("intake:upload", UPLOADERS, actors=UPLOADERS, target=for_a_round),
    Page("intake:blank", UPLOADERS, kwargs={"code": "nominations"}, not_a_list="a file"),
    Action(
        "importbatch-upload", EVERYBODY, actors=EVERYBODY, posted=frozenset({400})
    ),  # see intake/test_desk.py
    Page("intake:file", FILING, target=by_pk(a_staged_batch), absent_to=OTHERS),
    Action(
        "intake:findings-export",
        FILING,
        actors=FILING,
        target=by_pk(a_staged_batch),
        absent_to=OTHERS,
    ),
    Form(
        "intake:annotated",
        FILING,
        actors=UPLOADERS,
        target=by_pk(a_staged_batch),
        data=a_reason,
        absent_to=OTHERS,
    ),
    Action(
        "intake:commit", FILING, actors=UPLOADERS, target=by_pk(a_staged_batch), absent_to=OTHERS
    ),
    Form(
        "intake:discard",
        FILING,
        actors=UPLOADERS,
        target=by_pk(a_staged_batch),
        absent_to=OTHERS,
    ),
    Form(
        "intake:revert",
        FILING,
        actors=UPLOADERS,
        target=by_pk(a_committed_batch),
        data=a_reason,
        absent_to=OTHERS,
    ),
    Form("intake:row", FILING, actors=UPLOADERS, target=a_refused_row, absent_to=OTHERS),
    Action(
        "intake:drop",
        FILING,
        actors=UPLOADERS,
        target=a_refused_row,
        data=a_reason,
        absent_to=OTHERS,
    ),
    Action(
        "intake:drop-all",
        FILING,
        actors=UPLOADERS,
        target=by_pk(a_staged_batch),
        data=lambda scene: {"note": "原表填写有误", "code": "name-missing"},
        absent_to=OTHERS,
    ),
]
