"""What a staged workbook was found to say."""

from workflow import imports
from workflow.imports import Correction
from workflow.models import ImportFinding


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
    kind = imports.kind_of(batch)
    kept = dict(zip(kind.keys, row.cells, strict=True))
    return Correction(cells=kept | cells, seen=row.fingerprint())
