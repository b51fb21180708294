"""``manage.py draw_experts --round CODE --seed N``: a draw that anybody can repeat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F

from talents.models import Nomination
from talents.selectors.rounds import round_called
from talents.services.drawing import codes_of, draw_experts
from workflow.commands import RefusingCommand

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(RefusingCommand):
    help = "按随机种子为资格合格的人选抽取评审专家：本专业优先、须回避的不抽；同一种子结果相同"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--round", required=True, metavar="轮次编码", help="如 BJ-2026")
        parser.add_argument("--seed", required=True, type=int, metavar="种子", help="如 20260701")
        parser.add_argument("--json", default="", metavar="文件", help="把结果写成 JSON 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        self.check_places(options["json"])
        actor = self.actor(options)
        selection = round_called(options["round"], actor)
        draw = draw_experts(selection.pk, options["seed"], actor=actor)
        rows = Nomination.objects.visible_to(actor).filter(round=selection)
        numbers = dict(
            rows.order_by(F("row_number").asc(nulls_last=True), "pk").values_list(
                "pk", "row_number"
            )
        )
        codes = codes_of(draw)
        self.write_json(
            options["json"],
            {
                "round": selection.code,
                "seed": draw.seed,
                "per_candidate": draw.per_candidate,
                "sha256": draw.sha256,
                "drawn": [
                    {"row": row, "experts": codes[nomination]}
                    for nomination, row in numbers.items()
                    if nomination in codes
                ],
            },
        )
        self.stdout.write(
            f"“{selection.name}”：种子 {draw.seed}，{len(draw.drawn)} 名人选各抽取"
            f" {draw.per_candidate} 名专家，结果摘要 {draw.sha256}"
        )
