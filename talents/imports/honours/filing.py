"""Rows of the register become persons and honours, and are taken back again."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from intake.kinds import Entry, Filed
from intake.kinds.brought import MOST_NAMED, by_line, refuse_touched
from intake.kinds.checks import run
from intake.kinds.registers import Register
from intake.kinds.statements import Statements, execute, gather
from intake.models import ImportRow
from organizations.validity import VALIDITY
from talents.imports.honours.checks import ARISING, CHECKS
from talents.imports.honours.form import FORM
from talents.models import Honour
from talents.permissions.honours import HONOUR_KEEPERS, TAKE_OVER, may_keep_honours
from talents.rules.titles import titles
from talents.services import newcomers
from talents.services.referrals import refer_conflicts
from workflow.texts.folding import fold_header

if TYPE_CHECKING:
    from intake.kinds import Lines
    from intake.models import ImportBatch
    from organizations.models import Organization, User

NAMED = 10
SQL = Statements(Path(__file__).parent / "sql", FORM)
STATED = SQL.read(
    "stated",
    named_on=SQL.read("day", cell="@named_on"),
    revoked_on=SQL.read("day", cell="@blank(revoked_on)"),
)
INCOMING = SQL.read("accepted", stated=STATED)
REPEATED, NAMES, HONOURS = (SQL.read(name) for name in ("repeated", "one_name", "honours"))
NEWCOMERS = SQL.read("newcomers", in_force=VALIDITY.sql("%(today)s"))
REVOKED = "select line, revoked_on, reason from incoming where state = 'revoked'"
UNSAID = "名录登记时已撤销"


class HonourRegister(Register):
    """The register of honours."""

    model, roles = "talents.honour", HONOUR_KEEPERS
    title = "工匠名录"

    def __init__(self) -> None:
        self.trail = (("工匠名录", reverse("talents:honours")),)

    def check_open(self, actor: User, organization: Organization | None = None) -> None:
        may_keep_honours.check(actor)


def judge(batch: ImportBatch, lines: Lines) -> None:
    """Write every finding about the given lines (None: all), set-wise."""
    values = _values(batch, lines)
    run(batch, CHECKS, rows=STATED, values=values)
    refer_conflicts(batch, lines, href=reverse("talents:honours"))
    if batch.status == batch.Status.STAGED:
        execute(NAMES, values | {"column": batch.headings["name"]})
        execute(REPEATED, values | {"column": batch.headings["certificate"]})


def file(batch: ImportBatch, lines: Lines, actor: User) -> Filed:
    """File the standing rows among ``lines``, unless something about them has changed meanwhile."""
    values = _values(batch, lines)
    expected = gather(INCOMING, values)
    arisen = run(batch, ARISING, rows="select * from incoming", values=values)
    if arisen:
        return Filed(0, arisen)
    newcomers.admit(NEWCOMERS, values)
    if execute(HONOURS, values) != expected:
        return Filed(0, 0)
    _revoke(batch, actor)
    return Filed(expected, 0)


def _revoke(batch: ImportBatch, actor: User) -> None:
    """Put on record which of them had been revoked before they were registered here."""
    with connection.cursor() as cursor:
        cursor.execute(REVOKED)
        said = {line: (day, reason) for line, day, reason in cursor.fetchall()}
    rows = Honour.objects.filter(batch=batch, batch_line__in=said).select_related("organization")
    for honour in rows.order_by("pk"):
        day, reason = said[honour.batch_line]
        words = reason or UNSAID
        TAKE_OVER.apply(
            honour,
            organization=honour.organization,
            actor=actor,
            note=words,
            revoked_on=day,
            reason=words,
        )


def filed(batch: ImportBatch, lines: Lines) -> dict[int, int]:
    """Honours by the line they came from."""
    return by_line(Honour.objects.filter(batch=batch), lines)


def entries(batch: ImportBatch, user: User) -> list[Entry]:
    """The first honours that came of the batch."""
    rows = Honour.objects.visible_to(user).filter(batch=batch).select_related("person")
    return [
        Entry(
            row.batch_line,
            row.person.name,
            reverse("talents:honour", args=[row.pk]),
            (row.title, row.certificate_number),
        )
        for row in rows.order_by("batch_line")[:NAMED]
    ]


def withdraw(batch: ImportBatch, actor: User) -> int:
    """Take back the honours of a batch and the persons only they brought; returns how many.

    Refused when one was corrected since, its revocation was proposed or decided here, its
    certificate was recalled, or issued again under another number.
    """
    rows = Honour.objects.filter(batch=batch)
    touched = rows.filter(
        Q(edited_at__isnull=False)
        | Q(doubted_by__isnull=False)
        | Q(recalled_by__isnull=False)
        | ~Q(former_certificates=[])
    )
    lines = touched.order_by("batch_line").values_list("batch_line", "person__name")
    named = [f"第{line}行（{name}）" for line, name in lines[: MOST_NAMED + 1]]
    refuse_touched(named, "各行入库后已更正、补发证书、办理撤销或登记收回证书", "请逐项处理")
    values = _values(batch, None)
    persons = list(rows.values_list("person_id", flat=True).distinct())
    withdrawn, _ = rows.delete()
    newcomers.dismiss("select unnest(%(persons)s) as person_id", values | {"persons": persons})
    return withdrawn


def _values(batch: ImportBatch, lines: Lines) -> dict[str, Any]:
    return {
        "batch": batch.pk,
        "lines": None if lines is None else list(lines),
        "today": timezone.localdate(),
        "within": f"{batch.place}%",
        "titles": json.dumps(_titles_said(batch), ensure_ascii=False),
    }


def _titles_said(batch: ImportBatch) -> list[dict[str, Any]]:
    """What the titles in the file may mean, whole; folded once for each way they are written."""
    place = next(at for at, c in enumerate(FORM.columns) if c.key == "title")
    rows = ImportRow.objects.filter(batch=batch).order_by()
    known = titles()
    return [
        {"said": said, **asdict(titled)}
        for said in rows.values_list(f"cells__{place}", flat=True).distinct()
        for titled in known
        if titled.key == fold_header(said or "")
    ]
