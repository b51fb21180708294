"""File a 推荐人选汇总表 into a round from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError
from django.db import transaction

from intake.imports import Receipt, Upload, commit, receive_whole
from intake.imports.reports import annotated, report
from intake.models import ImportBatch
from talents.imports import NOMINATIONS
from talents.imports.batches import bodies_that_import
from talents.models import SelectionRound
from workflow.commands import RefusingCommand
from workflow.records import subject_of

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from organizations.models import Organization, User


class Command(RefusingCommand):
    help = "把推荐人选汇总表（XLSX 或 CSV）导入一个轮次：好行入库，有错的行逐格指出并留待更正。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="文件", help="推荐人选汇总表")
        parser.add_argument("--round", required=True, metavar="轮次编码", help="如 BJ-2026")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不留下任何数据")
        parser.add_argument("--json", default="", metavar="文件", help="把结果写成 JSON 文件")
        parser.add_argument(
            "--annotated", default="", metavar="文件", help="写出带红格和批注的原件（XLSX）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self.actor(options)
        self.check_places(options["json"], options["annotated"])
        selection = _round(options["round"], actor)
        content = self.content_of(options["file"])
        upload = Upload(
            content=content,
            filename=Path(options["file"]).name,
            subject=subject_of(selection),
            organization=_organization(selection, actor),
            actor=actor,
        )
        with transaction.atomic():
            receipt = receive_whole(upload, NOMINATIONS, keep=not options["dry_run"])
            found = report(receipt.batch)
            marked = annotated(receipt.batch, content) if options["annotated"] else b""
            if options["dry_run"]:
                transaction.set_rollback(True)
        self._file(receipt, actor, is_rehearsal=options["dry_run"])
        found["unchanged"] = not receipt.is_new
        self.write_json(options["json"], found)
        self.write(options["annotated"], marked)

    def _file(self, receipt: Receipt, actor: User, *, is_rehearsal: bool) -> None:
        batch = receipt.batch
        counts = (
            f"共 {batch.row_count} 行，可入库 {batch.accepted_count} 行，"
            f"退回 {batch.refused_count} 行，提醒 {batch.warning_count} 处"
        )
        if is_rehearsal:
            self.stdout.write(f"试检完成（未留下任何数据）：{counts}")
            return
        if batch.status == ImportBatch.Status.COMMITTED:
            self.stdout.write(f"同一文件此前已导入（批次 {batch.pk}），没有任何改变：{counts}")
            return
        if batch.accepted_count:
            commit(batch.pk, actor=actor)
            self.stdout.write(f"已入库（批次 {batch.pk}）：{counts}")
        else:
            self.stdout.write(
                f"没有可入库的行（批次 {batch.pk}），退回的行可在页面上更正：{counts}"
            )


def _round(code: str, actor: User) -> SelectionRound:
    selection = SelectionRound.objects.visible_to(actor).filter(code=code).first()
    if selection is None:
        raise CommandError(f"没有编码为 {code} 的轮次，请核对编码或先用 create_round 开设")
    return selection


def _organization(selection: SelectionRound, actor: User) -> Organization:
    """For whom the file is handed in: the organizer, or the body the account serves below it."""
    bodies = bodies_that_import(actor, selection)
    if not bodies:
        raise CommandError(f"账号 {actor.username} 没有为“{selection}”导入推荐人选的权限")
    return bodies[0]
