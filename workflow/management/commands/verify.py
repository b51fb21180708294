"""``manage.py verify``: do the record chains hold, and whatever else apps have sealed?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from workflow.commands import RefusingCommand
from workflow.records import anchors, chains, states, verification
from workflow.storage import attachments

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

BROKEN = "record-broken"


class Command(RefusingCommand):
    help = (
        "核验留痕记录的哈希链：逐条重算、比对链头与签名的外部锚点；核对状态与留痕记录、附件与登记的摘要和大小；并核验各应用封存的内容；"
        "有断裂时指出位置并以 1 退出"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", default="", metavar="文件", help="把结果写成 JSON 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        self.check_places(options["json"])
        checks = verification.checks()
        found: list[object] = [
            *chains.breaks(),
            *anchors.breaks(),
            *states.breaks(),
            *attachments.breaks(),
        ]
        for check in checks:
            found += check.breaks()
        for broken in found:
            self.stderr.write(str(broken))
        if found:
            message = f"核验未通过：{len(found)} 处断裂"
            told = {"code": BROKEN, "message": message, "breaks": [str(row) for row in found]}
            self.write_json(options["json"], told)
            self.stderr.write(message)
            sys.exit(1)
        counts = {
            "chains": len(chains.heads()),
            "records": chains.link_count(),
            "attachments": attachments.file_count(),
        }
        seals = {check.title: check.count() for check in checks}
        self.write_json(options["json"], {**counts, "seals": seals, "breaks": [], "code": None})
        self.stdout.write(
            f"核验通过：{counts['chains']} 条链，{counts['records']} 条记录，未见断裂"
        )
        self.stdout.write(f"附件：{counts['attachments']} 份，未见缺损")
        for title, count in seals.items():
            self.stdout.write(f"{title}：{count} 份，未见断裂")
