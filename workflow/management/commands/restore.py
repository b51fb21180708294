"""``manage.py restore DIR``: a backup into an empty database, checked byte by byte, then verified."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandParser

from workflow.commands import RefusingCommand
from workflow.storage import backups


class Command(RefusingCommand):
    help = "把备份恢复到一个空数据库：先逐个核对文件，再恢复，最后核验留痕"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("place", metavar="目录", help="backup 写出的目录")
        parser.add_argument(
            "--check", action="store_true", help="只核对备份是否完好、密钥是否相符，不恢复"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        place = Path(options["place"]).absolute()
        if options["check"]:
            content = backups.check(place)
            self.stdout.write(f"备份完好：{content.made_at}，{len(content.files)} 个文件")
            return
        content = backups.restore(place)
        self.stdout.write(f"已恢复 {content.made_at} 的备份：{sum(content.rows.values())} 行")
        call_command("verify", stdout=self.stdout, stderr=self.stderr)
