"""``manage.py verify_certificate NUMBER``: what a certificate says, and whether it still stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from talents.models import Honour
from workflow.commands import RefusingCommand

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(RefusingCommand):
    help = "核验一份工匠证书：所载内容和现状；查无此号或已撤销的以非零退出"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("number", metavar="证书编号", help="如 BE202400001")
        parser.add_argument("--json", default="", metavar="文件", help="把结果写成 JSON 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        self.check_places(options["json"])
        number = options["number"].replace(" ", "").upper()
        honour = Honour.published().filter(certificate_number=number).first()
        if honour is None and (now := Honour.once_under(number).first()):
            message = f"编号 {number} 的证书已作废，由补发的 {now.certificate_number} 替换"
            self.write_json(
                options["json"],
                {
                    "code": "certificate-replaced",
                    "message": message,
                    "replaced_by": now.certificate_number,
                },
            )
            raise CommandError(f"{message}〔certificate-replaced〕")
        if honour is None:
            message = f"名录中没有编号为 {number} 的证书"
            self.write_json(options["json"], {"code": "unknown-certificate", "message": message})
            raise CommandError(f"{message}〔unknown-certificate〕")
        is_valid = honour.state != Honour.State.REVOKED
        self.write_json(
            options["json"],
            {
                "certificate": number,
                "valid": is_valid,
                "name": honour.person.name,
                "title": honour.title,
                "year": honour.year,
                "unit": honour.unit,
                "organization": honour.organization.name,
                "document": honour.document_number,
                "named_on": honour.named_on.isoformat(),
                "revoked_on": honour.revoked_on and honour.revoked_on.isoformat(),
            },
        )
        words = f"{honour.person.name}　{honour.title}（{honour.year}年度）　{honour.organization}"
        if not is_valid:
            raise CommandError(f"{words}：已于 {honour.revoked_on} 撤销")
        self.stdout.write(f"{words}：有效")
