"""``manage.py digest_accounts``: have old account numbers compared like new ones; as the tables' owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from subsidies.services.account_digests import digest_old_accounts
from workflow.commands import RefusingCommand
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

NAMED = 10


class Command(RefusingCommand):
    help = "补算以前填报的收款账号的摘要，使“共用收款账户”等疑点比对得到；中断后再运行即接着做"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", default="", metavar="文件", help="把结果写成 JSON 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        self.check_places(options["json"])
        digested, unreadable = 0, []
        for step in digest_old_accounts():
            digested += step.digested
            unreadable += step.unreadable
        if unreadable:
            named = "、".join(unreadable[:NAMED]) + "等" * (len(unreadable) > NAMED)
            message = (
                f"已补算{digested}个账号；另有{len(unreadable)}个无法解开（{named}）："
                "密钥配置不符或数据被改动，请核对密钥后再运行"
            )
            raise DomainError("accounts-unreadable", message)
        self.write_json(options["json"], {"code": None, "digested": digested})
        if options["verbosity"]:
            self.stdout.write(f"已补算{digested}个账号的摘要，全部收款账号均参加比对")
