"""``manage.py anchor``: sign the heads of the record chains now, or say by which key that is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow.commands import ChineseCommand
from workflow.records import anchors

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(ChineseCommand):
    help = "立即写出一批签名的留痕锚点（平时每小时自动写出）；或导出验签用的公钥"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--public-keys", action="store_true", help="只导出公钥（PEM），交给外部核验人"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["public_keys"]:
            self.stdout.write(f"已为 {anchors.write()} 条链写出锚点：{anchors.folder()}")
            return
        for number, key in anchors.public_keys().items():
            self.stdout.write(f"{number} 号公钥：\n{key}")
