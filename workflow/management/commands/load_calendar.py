"""``manage.py load_calendar``: seed the table of holidays and Saturdays worked for them."""

from typing import Any

from workflow import calendar
from workflow.commands import ChineseCommand


class Command(ChineseCommand):
    help = "载入国务院公布的节假日与调休上班日（2004 年起）；已有的日期（含人工改过的）不改动"

    def handle(self, *args: Any, **options: Any) -> None:
        added = calendar.load_published_days()
        if options["verbosity"]:
            self.stdout.write(f"新增 {added} 天")
