"""``manage.py quota_report``: draw a report up, seal it, write it as JSON, XLSX and PDF."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from organizations.models import Organization
from policies.library.editions import policy_by_digest
from policies.rules.homes import usual_organization
from reports.documents.bundle import FILES, files_of
from reports.selectors.reports import figures_of
from reports.services.asking import Wish, ask, edition_for
from reports.services.issuing import finish_here
from workflow.commands import RefusingCommand, reason_of

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from organizations.models import User

AGAIN = "由命令重新编制"


class Command(RefusingCommand):
    help = (
        "编制并封存一份年度名额报告：逐项对照政策目标，写出 report.json、report.xlsx、report.pdf"
        "和封存原文 report.txt；已有同一报告时编制下一版"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--policy", required=True, metavar="政策编码", help="如 beijing-academy-system-2024"
        )
        parser.add_argument("--year", required=True, type=int, metavar="年度", help="如 2025")
        parser.add_argument(
            "--organization",
            default="",
            metavar="组织编码",
            help="统计范围，如 BJ；默认为政策所属的工会",
        )
        parser.add_argument("--reason", default=AGAIN, metavar="事由", help="已有报告时的编制事由")
        parser.add_argument("--out", required=True, metavar="目录", help="写出文件的目录")

    def handle(self, *args: Any, **options: Any) -> None:
        actor, folder = self.actor(options), Path(options["out"])
        wish = Wish(
            options["policy"],
            options["year"],
            _organization(options, actor),
            options["reason"] or AGAIN,
        )
        _make(folder)
        self.check_places(*(str(folder / f"report.{ending}") for ending in FILES))
        report = ask(wish, actor=actor)
        finish_here(report)
        figures = list(figures_of(report, actor))
        for name, content in files_of(report, figures):
            self.write(str(folder / name), content)
        met = sum(1 for figure in figures if figure.met)
        short = sum(1 for figure in figures if figure.met is False)
        self.stdout.write(
            f"{report}已封存：{len(figures)} 项指标，达到 {met} 项，未达到 {short} 项；"
            f"哈希 {report.sha256}"
        )


def _organization(options: dict[str, Any], actor: User) -> Organization:
    if code := options["organization"]:
        found = Organization.objects.visible_to(actor).filter(code=code).first()
        if found is None:
            raise CommandError(f"没有编码为 {code} 的组织")
        return found
    edition = edition_for(options["policy"], options["year"])
    usual = usual_organization(policy_by_digest(edition.digest))
    if usual is None:
        raise CommandError("还没有登记任何组织，请先用 import_organizations 导入组织机构")
    return usual


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"无法建立目录 {folder}：{reason_of(error)}") from error
