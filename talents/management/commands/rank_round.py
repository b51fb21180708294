"""``manage.py rank_round --round CODE``: the ranking that the marks come to, under the policy's rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talents.permissions.reviews import may_rank
from talents.rules.ranking import ReviewRule, ranking
from talents.selectors.rounds import round_called
from workflow.commands import RefusingCommand

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(RefusingCommand):
    help = "按政策的计分办法由专家评分得出名次：人选序号、姓名、专家数、得分、名次、分差"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--round", required=True, metavar="轮次编码", help="如 BJ-2026")
        parser.add_argument("--json", default="", metavar="文件", help="把结果写成 JSON 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        self.check_places(options["json"])
        actor = self.actor(options)
        selection = round_called(options["round"], actor)
        may_rank.check(actor, selection)
        rule = ReviewRule.of(selection)
        found = ranking(selection, rule)
        self.write_json(
            options["json"],
            {
                "round": selection.code,
                "rule": rule.as_json,
                "entries": [
                    {
                        "row": one.row,
                        "name": one.name,
                        "experts": one.experts,
                        "score": str(one.score),
                        "rank": one.rank,
                        "spread": str(one.spread),
                    }
                    for one in found
                ],
            },
        )
        self.stdout.write(f"“{selection.name}”共 {len(found)} 名人选有评分；{rule.in_words}")
