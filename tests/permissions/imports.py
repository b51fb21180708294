"""Workbooks of nominations on their way in."""

from types import SimpleNamespace

from intake import imports
from organizations.models import User
from organizations.roles import FILING, Role
from tests.factories.workflow import ImportBatchFactory
from tests.permissions.expectations import Action, ApiResource, Form, Page
from tests.permissions.talents import an_open_round, by_code
from tests.talents.importing import OTHER_SOUND, sheet_of, staged

OTHER = {"公民身份号码": OTHER_SOUND, "出生年月": ""}
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
    Page("importbatch-findings", FILING, target=by_pk(a_staged_batch), closed=404),
    Form("talents:import", UPLOADERS, actors=UPLOADERS, target=by_code(an_open_round)),
    Page("talents:import-batch", FILING, target=by_pk(a_staged_batch)),
    Page("talents:import-progress", FILING, target=by_pk(a_staged_batch)),
    Form(
        "talents:import-annotated",
        UPLOADERS,
        actors=UPLOADERS,
        target=by_pk(a_staged_batch),
        data=a_reason,
    ),
    Action("talents:import-commit", UPLOADERS, actors=UPLOADERS, target=by_pk(a_staged_batch)),
    Action("talents:import-discard", UPLOADERS, actors=UPLOADERS, target=by_pk(a_staged_batch)),
    Form(
        "talents:import-revert",
        UPLOADERS,
        actors=UPLOADERS,
        target=by_pk(a_committed_batch),
        data=a_reason,
    ),
    Form("talents:import-row", UPLOADERS, actors=UPLOADERS, target=a_refused_row),
    Action("talents:import-drop", UPLOADERS, actors=UPLOADERS, target=a_refused_row, data=a_reason),
]
