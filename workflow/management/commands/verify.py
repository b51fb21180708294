"""``manage.py verify``: do the record chains hold, and whatever else apps have sealed?"""

import sys
from typing import Any

from workflow.commands import ChineseCommand
from workflow.records import anchors, chains, states, verification
from workflow.storage import attachments


class Command(ChineseCommand):
    help = (
        "核验留痕记录的哈希链：逐条重算、比对链头与签名的外部锚点；核对状态与留痕记录、附件与登记的摘要和大小；并核验各应用封存的内容；"
        "有断裂时指出位置并以 1 退出"
    )

    def handle(self, *args: Any, **options: Any) -> None:
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
            self.stderr.write(f"核验未通过：{len(found)} 处断裂")
            sys.exit(1)
        heads = chains.heads()
        self.stdout.write(f"核验通过：{len(heads)} 条链，{chains.link_count()} 条记录，未见断裂")
        self.stdout.write(f"附件：{attachments.file_count()} 份，未见缺损")
        for check in checks:
            self.stdout.write(f"{check.title}：{check.count()} 份，未见断裂")
