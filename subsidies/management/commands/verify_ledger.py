"""``manage.py verify_ledger``: does the ledger hold, to the last 分?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from subsidies.models import Account, Entry
from subsidies.rules.proofs import every_break
from workflow.commands import RefusingCommand
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(RefusingCommand):
    help = "校验资金台账：哈希链与锚点、借贷平衡、逐户余额、凭证与支出和拨款的对应；不符时指出位置并以 1 退出"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", default="", metavar="文件", help="把结果写成 JSON 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        self.check_places(options["json"])
        found = list(every_break())
        counts = {"entries": Entry.objects.count(), "accounts": Account.objects.count()}
        for broken in found:
            self.stderr.write(str(broken))
        if found:
            message = f"台账核验未通过：{len(found)} 处断裂，首处为{found[0]}"
            raise DomainError("ledger-broken", message)
        self.write_json(options["json"], {**counts, "breaks": [], "code": None})
        self.stdout.write(
            f"台账核验通过：{counts['entries']} 张凭证，{counts['accounts']} 个账户，未见断裂"
        )
