"""``manage.py import_organizations FILE``: the union tree from a table."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from accounts import structure
from workflow.commands import RefusingCommand


class Command(RefusingCommand):
    help = (
        "导入组织机构（CSV：UTF-8 或 GB18030；也可用 XLSX）。所有错误一次列出，"
        "有错误时不写入任何一行；同一文件重复导入不产生变化"
    )

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE", help="组织机构表")
        parser.add_argument("--json", metavar="OUT", default="", help="把结果写成 JSON 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self.actor(options)
        self.check_places(options["json"])
        file = options["file"]
        lines = structure.read_tree(self.content_of(file), filename=Path(file).name)
        plan = structure.import_tree(lines, actor=actor)
        refused = {fault.line for fault in plan.faults}
        self.write_json(
            options["json"],
            {
                "rows": len(plan.entries),
                "accepted": len([e for e in plan.entries if e.line not in refused]),
                "added": 0 if refused else len(plan.new),
                "changed": 0 if refused else len(plan.changed),
                "refused": [
                    {"row": f.line, "column": f.column, "code": f.code, "message": f.message}
                    for f in plan.faults
                ],
                "warnings": [],
            },
        )
        for fault in plan.faults:
            self.stderr.write(f"第{fault.line}行 {fault.column}：{fault.message}")
        if refused:
            raise CommandError(f"{len(refused)} 行有误，未写入任何数据；更正后请重新导入")
        same = len(plan.entries) - len(plan.new) - len(plan.changed)
        if options["verbosity"]:
            self.stdout.write(f"新增 {len(plan.new)}，更正 {len(plan.changed)}，未变 {same}")
