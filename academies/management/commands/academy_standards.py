"""``manage.py academy_standards --year YYYY``: where academies stand against their standards."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError
from django.utils import timezone

from academies.imports.subjects import YearSubject
from academies.models.academies import FIRST_YEAR, LAST_YEAR
from academies.rules import positions
from academies.selectors.standards import academies_of_year
from intake.kinds import NoSuchSubjectError
from policies.models import PolicyEdition
from policies.rules.findings import plain_number
from workflow.commands import RefusingCommand

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from academies.rules import Position, Standing
    from policies.rules.findings import Finding


class Command(RefusingCommand):
    help = "由培训记录计算各学院的年度指标，逐项对照建设标准。数字均由行计出，不可填写。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", required=True, type=int, metavar="年度", help="如 2025")
        parser.add_argument(
            "--academy", default="", metavar="学院编码", help="只看一家，如 A-U01；默认全部"
        )
        parser.add_argument("--json", default="", metavar="文件", help="把结果写成 JSON 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        actor, year = self.actor(options), options["year"]
        self.check_places(options["json"])
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise CommandError(f"年度应在{FIRST_YEAR}至{LAST_YEAR}之间，填写的是{year}")
        if not PolicyEdition.objects.exists():
            raise CommandError("没有载入任何政策，无从对照；请先运行 manage.py load_policies")
        if options["academy"]:
            try:
                subject = YearSubject.found(actor, academy=options["academy"], year=year)
            except NoSuchSubjectError as error:
                raise CommandError(str(error)) from error
            found = positions([subject.academy], year)
        else:
            found = positions(academies_of_year(actor, year), year)
        self.write_json(options["json"], [_as_json(position) for position in found])
        for position in found:
            self.stdout.write(_line(position))
        short = sum(1 for position in found if position.short_count)
        today = timezone.localdate()
        self.stdout.write(f"{year}年度 {len(found)} 家，{short} 家有未达标项（截至 {today}）")


def _as_json(position: Position) -> dict[str, Any]:
    return {
        "academy": position.academy.code,
        "tier": position.academy.tier,
        "year": position.year,
        **asdict(position.figures),
        "upgrade_growth": plain_number(position.growth),
        "brands": position.brands,
        "standards": [_standing(standing) for standing in position.standings],
    }


def _standing(standing: Standing) -> dict[str, Any]:
    """One standard; alternatives of which any is enough stand under it, the decisive one speaks."""
    answer = _finding(standing.decisive) | {
        "standard": standing.code,
        "met": standing.met,
        "advice": standing.is_advice,
    }
    if len(standing.alternatives) > 1:
        answer["alternatives"] = [_finding(finding) for finding in standing.alternatives]
    return answer


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "standard": finding.code,
        "threshold": plain_number(finding.threshold),
        "actual": plain_number(finding.actual),
        "met": finding.met,
    }


def _line(position: Position) -> str:
    figures = position.figures
    standings = "、".join(
        f"{standing.decisive.criterion.title}：{standing.verdict}"
        for standing in position.standings
    )
    return (
        f"{position.academy.code} {position.academy.name}：{figures.persons} 人 "
        f"{figures.person_times} 人次，实操 {figures.practical_classes} 期 "
        f"{figures.practical_persons} 人，提升 {figures.upgraded_persons} 人，"
        f"品牌 {position.brands} 个" + (f"；{standings}" if standings else "")
    )
