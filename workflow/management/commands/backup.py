"""``manage.py backup --out DIR``: database, files and anchors in one folder, the keys apart."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from workflow.commands import RefusingCommand
from workflow.storage import backups


class Command(RefusingCommand):
    help = "备份数据库、附件和锚点到一个新目录；密钥不在其中，须另行保管"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", required=True, metavar="目录", help="备份写到哪个新目录")
        parser.add_argument(
            "--keys-out", metavar="目录", help="同时把密钥写到另一个目录（须与备份分开存放）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        out = Path(options["out"]).absolute()
        if options["keys_out"]:
            backups.write_keys(Path(options["keys_out"]).absolute(), backup=out)
        content = backups.make(out)
        total = sum(content.rows.values())
        self.stdout.write(
            f"备份完成：{out}，{len(content.rows)} 张表 {total} 行，{len(content.files)} 个文件"
        )
        if not options["keys_out"]:
            self.stdout.write("密钥不在备份中；没有密钥，备份无法恢复，请确认另有保管")
