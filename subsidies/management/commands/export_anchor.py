"""``manage.py export_anchor``: the heads of the ledger, signed, to be kept outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from subsidies.rules.proofs import every_break
from workflow.commands import RefusingCommand
from workflow.records import anchors
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(RefusingCommand):
    help = "写出一批签名的锚点并连同公钥存成文件，交给系统之外的人保管；台账有断裂时不写"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", required=True, metavar="文件", help="写到哪里，如 锚点.json")
        parser.add_argument("--json", default="", metavar="文件", help="把结果写成 JSON 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        self.check_places(options["out"], options["json"])
        if broken := next(every_break(), None):
            message = f"台账有断裂，不能锚定：{broken}；请先运行 verify_ledger 查明"
            raise DomainError("ledger-broken", message)
        anchors.write()
        batch = anchors.latest()
        self.write_json(options["out"], batch | {"public_keys": anchors.public_keys()})
        told = {"code": None, "number": batch["number"], "heads": len(batch["heads"])}
        self.write_json(options["json"], told)
        self.stdout.write(f"已写出第 {batch['number']} 批锚点：{len(batch['heads'])} 条链")
