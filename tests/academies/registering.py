"""The register of academies handed in as the desk takes it, and what came of it."""

from types import SimpleNamespace

from django.db import transaction

from academies.imports import ACADEMIES
from academies.imports.register import RegisterSubject
from academies.models import Academy
from intake import services
from intake.documents import effects
from intake.models import ImportBatch, ImportFinding, ImportRow


def import_academies(content, *, filename, actor):
    """Stage the table, commit it when nothing is wrong and something changes; else take it back."""
    subject = RegisterSubject()
    body = (subject.bodies(actor) or [None])[0]
    upload = services.Upload(content, filename, subject, body, actor)
    with transaction.atomic():
        file = services.receive(upload, ACADEMIES)
        batch = file.batch
        plan = plan_of(batch)
        if not plan.faults and (effects(file, "new") + effects(file, "changed")):
            services.commit(batch.pk, actor=actor)
        elif plan.faults or batch.status == ImportBatch.Status.STAGED:
            transaction.set_rollback(True)
    return plan


def plan_of(batch):
    rows = list(ImportRow.objects.filter(batch=batch).order_by("line"))
    by_effect = {kind: [row for row in rows if row.effect == kind] for kind in ("new", "changed")}
    faults = ImportFinding.objects.filter(batch=batch).order_by("line", "pk")
    return SimpleNamespace(
        faults=[
            SimpleNamespace(line=f.line, column=f.column, code=f.code, message=f.message)
            for f in faults
        ],
        new=by_effect["new"],
        changed=[
            (Academy.objects.get(code=row.cells[0].upper()), SimpleNamespace(line=row.line))
            for row in by_effect["changed"]
        ],
        same_count=len([row for row in rows if row.effect == "same"]),
    )
