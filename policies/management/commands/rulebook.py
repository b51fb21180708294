"""``manage.py rulebook``: print the policies for reading and signing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from policies.documents import rulebook
from policies.library import LIBRARY, read_library
from policies.library.problems import PolicyFileError
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

        parser.add_argument(
            "--from",
            dest="folder",
            type=Path,
            default=LIBRARY,
            metavar="目录",
            help="政策文件所在目录（默认为随程序发布的政策库）",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pages = rulebook([file.policy for file in read_library(options["folder"])])
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
