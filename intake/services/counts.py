"""The figures of a batch, counted from its rows and findings by one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from intake.models import ImportBatch

RECOUNT = """
    with found as (
      select code, severity, count(*) as findings
      from intake_importfinding where batch_id = %(batch)s group by code, severity
    ), refused as (
      select count(distinct line) as rows from intake_importfinding
      where batch_id = %(batch)s and severity = 'error'
    ), dropped as (
      select count(*) as rows from intake_importrow
      where batch_id = %(batch)s and outcome = 'dropped'
    )
    update intake_importbatch set
      refused_count = refused.rows,
      dropped_count = dropped.rows,
      accepted_count = row_count - refused.rows - dropped.rows,
      warning_count = coalesce(
        (select sum(findings) from found where severity = 'warning'), 0),
      finding_counts = coalesce(
        (select jsonb_object_agg(code, findings order by findings desc, code) from found), '{}')
    from refused, dropped
    where id = %(batch)s
"""


def recount(batch: ImportBatch) -> None:
    """Bring the figures of ``batch`` up to date; the caller is in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, {"batch": batch.pk})
    batch.refresh_from_db(
        fields=[
            "refused_count",
            "dropped_count",
            "accepted_count",
            "warning_count",
            "finding_counts",
        ]
    )
