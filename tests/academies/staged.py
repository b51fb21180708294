"""What a staged workbook was found to say."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from academies.imports import CLASSES, ROSTER
from intake import kinds
from intake.models import ImportBatch, ImportFinding
from intake.services import Correction


def found(batch):
    return sorted(
        ImportFinding.objects.filter(batch=batch).values_list("line", "column", "code", "severity")
    )


def faults(batch):
    return [(line, column, code) for line, column, code, kind in found(batch) if kind == "error"]


def doubts(batch):
    return [(line, column, code) for line, column, code, kind in found(batch) if kind == "warning"]


def correction(batch, line, cells):
    row = batch.rows.get(line=line)
    kind = kinds.sheet_of(batch)
    kept = dict(zip(kind.keys, row.cells, strict=True))
    return Correction(cells=kept | cells, seen=row.fingerprint())


def pair():
    """The batches of the workbook handed in last: its classes, its roster."""
    rows = ImportBatch.objects.order_by("-pk")
    return rows.filter(kind=CLASSES.name).first(), rows.filter(kind=ROSTER.name).first()


def form_of(row, **changes):
    """What the browser sends back from the form of a line."""
    cells = dict(zip(kinds.sheet_of(row.batch).keys, row.cells, strict=True))
    return {**cells, "seen": row.fingerprint(), **changes}


def address(name, *args):
    if name == "import":
        academy, year = args
        return reverse("intake:upload", args=["training", f"{academy}/{year}"])
    if name.startswith("workbook"):
        return reverse(
            f"intake:{name.removeprefix('workbook').removeprefix('-') or 'file'}", args=args
        )
    return reverse(f"academies:{name}", args=args)


def hand_in(client, academy, content, *, name="培训.xlsx", year=2025):
    """Send a workbook through the page."""
    file = SimpleUploadedFile(name, content)
    return client.post(address("import", academy.code, year), {"file": file})
