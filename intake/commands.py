"""The command of every kind of import: ``import_<code> FILE``, made from the declaration."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management import get_commands
from django.core.management.base import CommandError, OutputWrapper
from django.db import transaction

from intake import services
from intake.documents import annotated, effects, report
from intake.kinds import NoSuchSubjectError, cautions_of, registered_kinds
from intake.models import ImportBatch
from workflow.commands import RefusingCommand
from workflow.storage import attachments

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from intake.kinds import ImportKind, Option
    from intake.kinds.files import ImportFile
    from organizations.models import User

Status = ImportBatch.Status


class ImportCommand(RefusingCommand):
    """Reads a file, files what is sound, names every fault by its cell."""

    def __init__(self, kind: ImportKind) -> None:
        super().__init__()
        self.kind = kind
        how = (
            "所有错误一次列出，有错误时不写入任何一行；同一文件重复导入不产生变化。"
            if kind.whole
            else "好行入库，有错的行逐格指出并留待更正。"
        )
        formats = "XLSX 或 CSV" if ".csv" in kind.takes else "XLSX"
        self.help = f"导入{kind.title}（{formats}）：{how}"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="文件", help=self.kind.title)
        for option in self.kind.subject.options:
            _add(parser, option)
        parser.add_argument("--dry-run", action="store_true", help="只检查，不留下任何数据")
        parser.add_argument("--json", default="", metavar="文件", help="把结果写成 JSON 文件")
        parser.add_argument(
            "--annotated", default="", metavar="文件", help="写出带红格和批注的原件（XLSX）"
        )

    def execute(self, *args: Any, **options: Any) -> Any:
        """One instance serves every call of a process: nothing of the call before stays."""
        self.stdout = OutputWrapper(options.get("stdout") or sys.stdout)
        self.stderr = OutputWrapper(options.get("stderr") or sys.stderr)
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self.actor(options)
        self.check_places(options["json"], options["annotated"])
        content = self.content_of(options["file"])
        upload = self._upload(content, Path(options["file"]).name, actor, options)
        with transaction.atomic():
            file = services.receive_whole(upload, self.kind, keep=False)
            found = report(file)
            marked = annotated(file, content) if options["annotated"] else b""
            found |= self._outcome(file, actor) if options["dry_run"] else {}
            leaves = not options["dry_run"] and self._leaves_something(file)
            if leaves:
                attachments.keep(content)
            else:
                transaction.set_rollback(True)
        if leaves and file.standing:
            committed = services.commit(file.batch.pk, actor=actor)
            for words in cautions_of(committed) if options["verbosity"] else ():
                self.stderr.write(words)
        if not options["dry_run"] and self.kind.outcome:
            found |= self.kind.outcome(file.batch)
        if self.kind.whole:
            self._tell_whole(file, found, options, is_filed=leaves)
        else:
            self._tell(file, is_rehearsal=options["dry_run"])
        self.write_json(options["json"], found)
        self.write(options["annotated"], marked)
        if self.kind.whole and found["refused"]:
            lines = {entry["line"] for entry in found["refused"]}
            raise CommandError(f"{len(lines)} 行有误，未写入任何数据；更正后请重新导入")

    def _outcome(self, file: ImportFile, actor: User) -> dict[str, Any]:
        """What would come of the rows that stand, for a rehearsal: filed, looked at, undone."""
        if self.kind.outcome is None:
            return {}
        if file.standing:
            with transaction.atomic():
                services.commit(file.batch.pk, actor=actor)
                outcome = self.kind.outcome(file.batch)
                transaction.set_rollback(True)
            return outcome
        return self.kind.outcome(file.batch)

    def _upload(
        self, content: bytes, filename: str, actor: User, options: dict[str, Any]
    ) -> services.Upload:
        key = {option.key: options[option.key] for option in self.kind.subject.options}
        try:
            subject = self.kind.subject.found(actor, **key)
        except NoSuchSubjectError as error:
            raise CommandError(str(error)) from error
        subject.check_open(actor)
        bodies = subject.bodies(actor)
        return services.Upload(content, filename, subject, bodies[0] if bodies else None, actor)

    def _leaves_something(self, file: ImportFile) -> bool:
        """Whether batches stay: of a register only when it is sound and changes something."""
        if not self.kind.whole:
            return True
        return not file.refused_count and bool(effects(file, "new") + effects(file, "changed"))

    def _tell_whole(
        self, file: ImportFile, found: dict[str, Any], options: dict[str, Any], *, is_filed: bool
    ) -> None:
        for fault in found["refused"]:
            self.stderr.write(fault["message"])
        added, changed = found["added"], found["changed"]
        if not is_filed:
            found |= {"added": 0, "changed": 0} if found["refused"] else {}
        if options["verbosity"] and not found["refused"]:
            rehearsal = "试检完成（未留下任何数据）：" if options["dry_run"] else ""
            same = file.batch.row_count - added - changed
            self.stdout.write(f"{rehearsal}新增 {added}，更正 {changed}，未变 {same}")

    def _tell(self, file: ImportFile, *, is_rehearsal: bool) -> None:
        counts = "；".join(
            f"{batch.sheet if len(file.batches) > 1 else '共'} {batch.row_count} 行，"
            f"可入库 {batch.accepted_count} 行，"
            f"退回 {batch.refused_count} 行，提醒 {batch.warning_count} 处"
            for batch in file.batches
        )
        numbers = "、".join(str(batch.pk) for batch in file.batches)
        if is_rehearsal:
            self.stdout.write(f"试检完成（未留下任何数据）：{counts}")
        elif all(batch.status == Status.COMMITTED for batch in file.batches):
            self.stdout.write(f"同一文件此前已导入（批次 {numbers}），没有任何改变：{counts}")
        elif file.standing:
            self.stdout.write(f"已入库（批次 {numbers}）：{counts}")
        else:
            self.stdout.write(f"没有可入库的行（批次 {numbers}），退回的行可在页面上更正：{counts}")


def _add(parser: CommandParser, option: Option) -> None:
    """An option of the subject on the command line."""
    if option.type is bool:
        parser.add_argument(f"--{option.name}", action="store_true", help=option.help)
        return
    parser.add_argument(
        f"--{option.name}",
        required=option.default is None,
        default=option.default,
        type=option.type,
        metavar=option.metavar,
        choices=option.choices or None,
        help=option.help,
    )


def register_commands() -> None:
    """Put the command of every kind beside those that Django found in files."""
    commands = get_commands()  # cached by Django, and meant to hold instances, too
    for kind in registered_kinds():
        commands[f"import_{kind.code}"] = ImportCommand(kind)  # type: ignore[assignment]
