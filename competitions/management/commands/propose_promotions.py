"""``manage.py propose_promotions --item CODE --json OUT``: who rises by a place in a contest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from competitions.models import Item
from competitions.permissions import may_read_places
from competitions.selectors.admission import owing_words, who_owes
from competitions.services.promotions import proposed
from workflow.commands import RefusingCommand

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from competitions.rules.promotions import Rise


class Command(RefusingCommand):
    help = "按竞赛成绩和现职业技能等级，依参赛与晋升规则提出晋升建议，逐名写明依据"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--item", required=True, metavar="项目编码", help="如 2026-CNC")
        parser.add_argument("--json", default="", metavar="文件", help="把结果写成 JSON 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self.actor(options)
        self.check_places(options["json"])
        rows = Item.objects.visible_to(actor).select_related("competition__edition")
        item = rows.filter(code__iexact=options["item"].strip()).first()
        if item is None:
            message = f"没有编码为 {options['item']} 的竞赛项目，请核对编码或先用 import_marks 导入"
            raise CommandError(message)
        may_read_places.check(actor, item)
        found, held = proposed(item)
        self.write_json(
            options["json"], {"item": item.code, "promotions": [_as_json(rise) for rise in found]}
        )
        for rise in found:
            place = rise.place
            self.stdout.write(
                f"第{place.rank}名 {place.number} {place.name}："
                f"{rise.present_words}→{rise.target_words}（{rise.clause}）"
            )
        for one in held:
            self.stdout.write(
                f"第{one.place.rank}名 {one.place.number} {one.place.name}：{one.reason}"
            )
        if owed := who_owes(item, [rise.place.entry_id for rise in found]):
            words = f"其中{owing_words(owed)}的参赛资格尚未认定，认定之后才能提出"
            self.stdout.write(words)
        self.stdout.write(f"“{item}”可提出晋升 {len(found)} 名，另有 {len(held)} 名不提出")


def _as_json(rise: Rise) -> dict[str, Any]:
    return {
        "no": rise.place.number,
        "name": rise.place.name,
        "rank": rise.place.rank,
        "from": rise.present_words,
        "to": rise.target_words,
        "clause": rise.clause,
    }
