"""``manage.py load_policies``: store the editions of the library."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from policies.library import LIBRARY
from policies.library.editions import load_library
from policies.library.problems import PolicyFileError
from workflow.commands import ChineseCommand

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


def add_folder(parser: CommandParser) -> None:
    """The option for policy files that stand elsewhere."""
    parser.add_argument(
        "--from",
        dest="folder",
        type=Path,
        default=LIBRARY,
        metavar="目录",
        help="政策文件所在目录（默认为随程序发布的政策库）",
    )


class Command(ChineseCommand):
    help = (
        "载入政策库：逐个严格核对 policies/library 下的政策文件，把尚未载入的版次存入数据库。"
        "已载入的版次不得改动；有任何一处不合要求则全部不载入，并指出文件和行号。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_folder(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"找不到目录 {folder}")
        try:
            loaded = load_library(folder, actor=self.actor(options))
        except PolicyFileError as refused:
            raise CommandError(
                f"政策库未载入，共 {len(refused.problems)} 处问题：\n{refused}"
            ) from None
        for edition in loaded.new:
            self.stdout.write(f"新载入 {edition}　摘要值 {edition.digest[:12]}")
        self.stdout.write(f"政策库：新载入 {len(loaded.new)} 版，未变动 {len(loaded.unchanged)} 版")
