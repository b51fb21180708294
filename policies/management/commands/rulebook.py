"""``manage.py rulebook``: print the policies for reading and signing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from policies.documents import rulebook
from policies.library import read_library
from policies.library.defaults import confirmed_in
from policies.library.editions import every_edition, policy_by_digest
from policies.library.problems import PolicyFileError
from policies.management.commands.load_policies import add_folder
from workflow.commands import ChineseCommand, reason_of

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(ChineseCommand):
    help = "把政策库打印成可供阅读、核对和签署的中文文件（Markdown）：目录一份，每项政策一份"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--out",
            type=Path,
            required=True,
            metavar="目录",
            help="写到哪个目录：rulebook.md 为目录，rulebook/ 下每项政策一份",
        )
        add_folder(parser)
        parser.add_argument(
            "--stored",
            action="store_true",
            help="改为打印数据库里的全部版次（含网上起草的），并标明哪些默认已经确认、依据什么文件",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pages = self._stored() if options["stored"] else self._filed(options["folder"])
        except PolicyFileError as refused:
            raise CommandError(f"政策库有 {len(refused.problems)} 处问题：\n{refused}") from None
        out: Path = options["out"]
        try:
            (out / "rulebook").mkdir(parents=True, exist_ok=True)
            for name, text in pages.items():
                (out / name).write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"无法写入 {error.filename}：{reason_of(error)}") from None
        self.stdout.write(f"已写入 {len(pages)} 个文件：{out}")

    @staticmethod
    def _filed(folder: Path) -> dict[str, str]:
        return rulebook([file.policy for file in read_library(folder)])

    @staticmethod
    def _stored() -> dict[str, str]:
        editions = every_edition().order_by("code", "edition")
        confirmed = {edition.digest: confirmed_in(edition) for edition in editions}
        return rulebook([policy_by_digest(digest) for digest in confirmed], confirmed)
