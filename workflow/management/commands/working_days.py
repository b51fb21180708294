"""``manage.py working_days``: the last day of a deadline counted in working days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from workflow import calendar
from workflow.commands import RefusingCommand

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

LONGEST = 1_000


class Command(RefusingCommand):
    help = (
        "从某日起数若干个工作日，得出期满之日：起始日是工作日的计为第一日，调休上班日计入，"
        "节假日不计；所涉年度的安排尚未载入的，先行载入"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--start", required=True, metavar="日期", help="起始日，如 2026-09-28")
        parser.add_argument(
            "--days", required=True, type=int, metavar="天数", help="工作日天数，如 5"
        )
        parser.add_argument("--json", default="", metavar="文件", help="把结果写成 JSON 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        self.check_places(options["json"])
        start, days = _day(str(options["start"])), options["days"]
        if not 1 <= days <= LONGEST:
            raise CommandError(f"工作日天数应在 1 至 {LONGEST} 之间")
        reached = calendar.add_working_days(start, days)
        if reached.unpublished_years and calendar.load_published_days():
            reached = calendar.add_working_days(start, days)
        self.write_json(
            options["json"],
            {"start": start.isoformat(), "days": days, "last": reached.day.isoformat()},
        )
        self.stdout.write(f"自 {start} 起第 {days} 个工作日：{reached.day}")
        if reached.unpublished_years:
            years = "、".join(map(str, reached.unpublished_years))
            self.stderr.write(
                f"{years} 年的节假日安排尚未载入，只按周末推算；请先载入或在管理后台登记"
            )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text}”不是日期，请写成 2026-09-28") from error
