"""``manage.py import_training FILE --academy CODE --year YYYY``: a year's training workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError
from django.db import transaction

from academies.imports.pairs import Workbook, commit_workbook
from academies.models import Academy
from academies.services.workbooks import receive_whole_workbook, upload_of
from intake.imports.reports import annotated, report
from intake.models import ImportBatch
from workflow.commands import RefusingCommand

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from organizations.models import User

Status = ImportBatch.Status


class Command(RefusingCommand):
    help = (
        "导入一个学院一个年度的培训工作簿（“培训班”“学员名册”两个工作表）："
        "好行入库，有错的行逐格指出并留待更正。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="文件", help="培训工作簿")
        parser.add_argument("--academy", required=True, metavar="学院编码", help="如 A-U01")
        parser.add_argument("--year", required=True, type=int, metavar="年度", help="如 2025")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不留下任何数据")
        parser.add_argument("--json", default="", metavar="文件", help="把结果写成 JSON 文件")
        parser.add_argument(
            "--annotated", default="", metavar="文件", help="写出带红格和批注的原件（XLSX）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self.actor(options)
        self.check_places(options["json"], options["annotated"])
        academy = academy_called(options["academy"], actor)
        content = self.content_of(options["file"])
        upload = upload_of(
            content,
            Path(options["file"]).name,
            academy=academy,
            year=options["year"],
            actor=actor,
        )
        with transaction.atomic():
            workbook = receive_whole_workbook(upload, keep=not options["dry_run"])
            found = _report(workbook)
            marked = b""
            if options["annotated"]:
                marked = annotated(workbook.classes, content, workbook.roster)
            if options["dry_run"]:
                transaction.set_rollback(True)
        self._file(workbook, actor, is_rehearsal=options["dry_run"])
        self.write_json(options["json"], found)
        self.write(options["annotated"], marked)

    def _file(self, workbook: Workbook, actor: User, *, is_rehearsal: bool) -> None:
        counts = "；".join(
            f"{batch.sheet} {batch.row_count} 行，可入库 {batch.accepted_count} 行，"
            f"退回 {batch.refused_count} 行，提醒 {batch.warning_count} 处"
            for batch in workbook.batches
        )
        numbers = "、".join(str(batch.pk) for batch in workbook.batches)
        if is_rehearsal:
            self.stdout.write(f"试检完成（未留下任何数据）：{counts}")
        elif all(batch.status == Status.COMMITTED for batch in workbook.batches):
            self.stdout.write(f"同一文件此前已导入（批次 {numbers}），没有任何改变：{counts}")
        elif any(b.status == Status.STAGED and b.accepted_count for b in workbook.batches):
            commit_workbook(workbook, actor=actor)
            self.stdout.write(f"已入库（批次 {numbers}）：{counts}")
        else:
            self.stdout.write(f"没有可入库的行（批次 {numbers}），退回的行可在页面上更正：{counts}")


def academy_called(code: str, actor: User) -> Academy:
    """The academy of that code, as far as ``actor`` may see."""
    rows = Academy.objects.visible_to(actor).select_related("organization", "supervising_union")
    academy = rows.filter(code=code).first()
    if academy is None:
        raise CommandError(f"没有编码为 {code} 的学院，请核对编码或先用 import_academies 导入")
    return academy


def _report(workbook: Workbook) -> dict[str, Any]:
    """The roster's rows in figures; what is refused or doubtful in either sheet."""
    classes, roster = (report(batch) for batch in workbook.batches)
    for batch, found in zip(workbook.batches, (classes, roster), strict=True):
        for entry in (*found["refused"], *found["warnings"]):
            entry |= {"sheet": batch.sheet, "row": entry["row"] or entry["line"]}
    return {
        "rows": roster["rows"],
        "accepted": roster["accepted"],
        "refused": classes["refused"] + roster["refused"],
        "warnings": classes["warnings"] + roster["warnings"],
        "classes": {"rows": classes["rows"], "accepted": classes["accepted"]},
        "unchanged": not workbook.is_new,
    }
