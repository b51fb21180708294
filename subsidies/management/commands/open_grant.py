"""Enter a grant of an academy's year with its payment, under all the rules of money."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from academies.models import Academy
from academies.services.academies import code_of
from organizations.models import User
from policies.library.editions import load_library
from subsidies.models import Fund
from subsidies.models.funds import CENTS, DIGITS
from subsidies.services.grants import enter_grant
from workflow.commands import RefusingCommand
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from subsidies.models import Grant


class Command(RefusingCommand):
    help = "补录一所学院一个年度的补助及其拨款；同样的参数再次执行，得到第一次的结果。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--academy", required=True, metavar="学院编码", help="如 A-U01")
        parser.add_argument("--year", required=True, type=int, metavar="年度", help="如 2025")
        parser.add_argument("--amount", required=True, metavar="金额", help="元，如 500000.00")
        parser.add_argument(
            "--source",
            default=Fund.Source.MUNICIPAL,
            choices=Fund.Source.values,
            help="、".join(f"{value}（{label}）" for value, label in Fund.Source.choices),
        )
        parser.add_argument("--json", default="", metavar="文件", help="把结果写成 JSON 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        self.check_places(options["json"])
        load_library(actor=User.objects.system())  # where nobody has loaded it yet
        grant = self._entered(self.actor(options), options)
        self.write_json(options["json"], {"grant": grant.number, "code": None})
        self.stdout.write(f"已拨付 {grant.number}：{grant.approved:,.2f}元")

    def _entered(self, actor: User, options: dict[str, Any]) -> Grant:
        rows = Academy.objects.visible_to(actor)
        academy = (
            rows.select_related("organization", "supervising_union")
            .filter(code=code_of(options["academy"]))
            .first()
        )
        if academy is None:
            message = (
                f"没有编码为 {options['academy']} 的学院，请核对编码或先用 import_academies 导入"
            )
            raise DomainError("unknown-academy", message)
        amount = _amount(options["amount"])
        return enter_grant(academy, options["year"], amount, options["source"], actor=actor)


def _amount(text: str) -> Decimal:
    """Yuan as typed; refused where it is none, or finer than a 分."""
    try:
        amount = Decimal(text)
        exact = amount.quantize(Decimal(1).scaleb(-CENTS))
    except InvalidOperation:
        amount, exact = Decimal(0), Decimal(-1)
    if amount != exact or amount <= 0 or amount >= Decimal(10) ** (DIGITS - CENTS):
        raise DomainError("amount-invalid", f"金额“{text[:40]}”应为大于零、最多两位小数的数")
    return exact
