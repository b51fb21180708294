from itertools import count as numbers_from
from urllib.parse import quote

from intake.models import ImportFinding, ImportRow
from organizations.roles import EVERYBODY, FILING, STAFF, STAFF_AND_OVERSIGHT, Role
from pages.models import ReadingTally
from tests.factories.organizations import account
from tests.factories.workflow import (
    AttachmentFactory,
    ImportBatchFactory,
    JobFactory,
    NoticeFactory,
    SavedViewFactory,
    WorkingDayFactory,
    record,
)
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Own, Page
from workflow.models import ChainHead, Job, Record

READERS = STAFF | {Role.AUDITOR}
FILERS = STAFF_AND_OVERSIGHT | {Role.NOMINATOR, Role.ACADEMY_MANAGER}
JOB_READERS = FILERS | {Role.SYSTEM_ADMIN}


def some_jobs(scene, count):
    return JobFactory.create_batch(count, organization=scene.organization)


def a_job(scene):
    return {"pk": some_jobs(scene, 1)[0].pk}


def a_parked_job(scene):
    job = JobFactory(
        organization=scene.organization, status=Job.Status.PARKED, error="执行出错", attempts=3
    )
    return {"pk": job.pk}


def some_notices(scene, count):
    return NoticeFactory.create_batch(count, recipient=scene.user)


def a_notice(scene):
    return {"pk": some_notices(scene, 1)[0].pk}


def a_view(scene):
    return {"pk": SavedViewFactory(owner=scene.user).pk}


def some_records(scene, count):
    return [
        record(scene.organization, subject=f"tests.{scene.place}:{n + 1000}") for n in range(count)
    ]


_readers = numbers_from(1)


def some_readings(scene, count):
    readers = [
        account(Role.NOMINATOR, scene.organization, user__username=f"reader-{next(_readers)}-")
        for _ in range(count)
    ]
    return [ReadingTally.objects.create(owner=one, day="2030-01-05", persons=7) for one in readers]


def a_record(scene):
    return {"pk": some_records(scene, 1)[0].pk}


def some_files(scene, count):
    return AttachmentFactory.create_batch(count, organization=scene.organization)


def a_file(scene):
    return {"pk": some_files(scene, 1)[0].pk}


def a_read_file(scene):
    """A roster of candidates, which an import was read from."""
    batch = ImportBatchFactory(
        organization=scene.organization,
        kind="talents.nominations",
        subject="talents.selectionround:1",
    )
    return {"pk": batch.attachment_id}


def some_batches(scene, count):
    return ImportBatchFactory.create_batch(count, organization=scene.organization)


def some_imports(scene, count):
    """A roster of nominations and a training roster from one file, so that everybody sees one of them."""
    made = []
    for _ in range(count):
        batch = ImportBatchFactory(
            organization=scene.organization,
            kind="talents.nominations",
            subject="talents.selectionround:1",
        )
        ImportBatchFactory(
            organization=scene.organization,
            kind="academies.roster",
            subject="academies.academy:1/2025",
            attachment=batch.attachment,
        )
        made.append(batch)
    return made


def a_batch(scene):
    return {"pk": some_batches(scene, 1)[0].pk}


def some_rows(scene, count):
    batch = some_imports(scene, 1)[0]
    lines = range(5, 5 + count)
    return [ImportRow.objects.create(batch=batch, line=line, cells=["张三"]) for line in lines]


def some_findings(scene, count):
    batch = some_imports(scene, 1)[0]
    return [
        ImportFinding.objects.create(
            batch=batch, line=line, field="name", column="姓名", code="missing",
            severity="error", message="未填写",
        )
        for line in range(5, 5 + count)
    ]  # fmt: skip


def some_heads(scene, count):
    """A chain begins with the first record in it."""
    made = []
    for number in range(ChainHead.objects.count(), ChainHead.objects.count() + count):
        Record.objects.create(
            chain=f"tests:{scene.place}/{number}", kind=Record.Kind.CHANGE, subject="tests.thing:1",
            code="tests.done", action="办理", actor=scene.user,
        )  # fmt: skip
        made.append(ChainHead.objects.get(chain=f"tests:{scene.place}/{number}"))
    return made


def one_of(fill):
    return lambda scene: {"pk": fill(scene, 1)[0].pk}


def page_of(row):
    return f"/{row.pk}/change/"


def some_days(scene, count):
    return WorkingDayFactory.create_batch(count)


def a_day(scene):
    return {"pk": some_days(scene, 1)[0].pk}


def filename_of(row):
    return row.filename


def subject_of(row):
    """As the link to everything that happened to it says it; people read its name."""
    return quote(row.subject)


ENDPOINTS = [
    Page("portal:jobs", JOB_READERS, fill=some_jobs),
    Page("portal:job", JOB_READERS, target=a_job),
    Action("portal:job-retry", JOB_READERS, actors=STAFF, target=a_parked_job),
    Page(
        "intake:imports",
        FILING | {Role.ACADEMY_MANAGER},
        fill=some_imports,
        name_of=lambda batch: batch.attachment.filename,
    ),
    Own("portal:notices", fill=some_notices),
    Own("portal:notice-read", target=a_notice, post_only=True),
    Own("portal:notices-read", post_only=True, not_a_list="a button"),
    Page("portal:records", READERS | {Role.AUDIT_ADMIN}, fill=some_records, name_of=subject_of),
    Own(
        "portal:history",
        kwargs={"model": "tests.thing", "pk": 1},
        not_a_list="one subject; see test_histories.py",
    ),
    Form(
        "intake:attachment",
        FILING | {Role.ACADEMY_MANAGER},
        actors=frozenset({Role.HANDLER, Role.NOMINATOR}),
        target=a_read_file,
        closed=404,
        data=lambda scene: {"note": "核对原表"},
    ),
    Action("organizations:export", EVERYBODY, actors=EVERYBODY),
    Action(
        "portal:jobs-act",
        JOB_READERS,
        actors=STAFF,
        kwargs={"action": "retry"},
    ),
    Action("portal:jobs-export", JOB_READERS, actors=JOB_READERS),
    Action(
        "portal:records-export", READERS | {Role.AUDIT_ADMIN}, actors=READERS | {Role.AUDIT_ADMIN}
    ),
    Action("pages:view-save", EVERYBODY, actors=EVERYBODY),
    Own("pages:view-delete", target=a_view, post_only=True, not_a_list="a button"),
    ApiResource("job", JOB_READERS, target=a_parked_job, fill=some_jobs, actions={"retry": STAFF}),
    ApiResource(
        "notice",
        EVERYBODY,
        target=a_notice,
        fill=some_notices,
        actions={"read": EVERYBODY},
        own_only=True,
    ),
    ApiResource("attachment", FILING | {Role.ACADEMY_MANAGER}, target=a_file, fill=some_files),
    ApiResource("workingday", EVERYBODY, target=a_day, fill=some_days, visible_to_all=True),
    ApiResource("record", FILERS | {Role.AUDIT_ADMIN}, target=a_record, fill=some_records),
    AdminModel("workflow.job", view=READERS | {Role.SYSTEM_ADMIN}, target=a_job, fill=some_jobs),
    AdminModel(
        "workflow.record",
        view=READERS | {Role.AUDIT_ADMIN},
        target=a_record,
        fill=some_records,
        name_of=subject_of,
    ),
    AdminModel(
        "pages.readingtally",
        view=frozenset({Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}),
        target=one_of(some_readings),
        fill=some_readings,
        name_of=lambda tally: tally.owner.username,
    ),
    AdminModel("workflow.notice", view=READERS, target=a_notice, fill=some_notices),
    AdminModel(
        "workflow.attachment", view=READERS, target=a_file, fill=some_files, name_of=filename_of
    ),
    AdminModel(
        "intake.importrow",
        view=READERS,
        target=one_of(some_rows),
        fill=some_rows,
        name_of=page_of,
    ),
    AdminModel(
        "intake.importfinding",
        view=READERS,
        target=one_of(some_findings),
        fill=some_findings,
        name_of=page_of,
    ),
    AdminModel(
        "workflow.chainhead",
        view=frozenset({Role.AUDITOR, Role.AUDIT_ADMIN}),
        target=one_of(some_heads),
        fill=some_heads,
        visible_to_all=True,
        name_of=lambda head: bytes(head.hash).hex(),
    ),
    AdminModel(
        "intake.importbatch",
        view=READERS,
        target=a_batch,
        fill=some_batches,
        name_of=lambda batch: batch.attachment.filename,
    ),
    AdminModel(
        "workflow.workingday",
        view=READERS,
        target=a_day,
        fill=some_days,
        visible_to_all=True,
        name_of=lambda row: f"/workingday/{row.pk}/",
    ),
]
