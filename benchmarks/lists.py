"""List, result and admin pages: a million rows must cost what ten thousand cost."""

from collections.abc import Iterator
from functools import partial

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks import clusters
from benchmarks.clusters import ROUND_CODE
from benchmarks.measuring import Goal, alternately, ratio
from config.local_services.postgres import LocalPostgres
from organizations.models import User
from talents.models import AssessmentRun, Nomination, SelectionRound
from talents.services import eligibility

SMALL = 10_000
VISITS = 4
MOST_QUERIES = 8
LARGEST_RATIO = 1.2


class House:
    """One database with a checked round, and somebody from the city union who is logged in."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.enter()
        selection = SelectionRound.objects.get(code=ROUND_CODE)
        if not selection.runs.filter(status=AssessmentRun.Status.DONE).exists():
            # its verdicts stay without statistics, as they are when the first page is opened
            eligibility.start_run(selection.pk, actor=User.objects.system())
        self.run = selection.runs.latest("pk")
        self.middle = Nomination.objects.order_by("pk")[selection.nominations.count() // 2].pk
        self.client = Client()
        self.client.force_login(User.objects.get(username="bench"))

    def enter(self) -> None:
        clusters.use(self.database)

    def pages(self) -> dict[str, str]:
        """The default view of each list, its filters, and a page deep inside."""
        nominations, run = (
            reverse("talents:nominations"),
            reverse("talents:run", args=[self.run.pk]),
        )
        of_round = reverse("talents:round-nominations", args=[ROUND_CODE])
        back_office = reverse("admin:talents_nomination_changelist")
        persons = reverse("admin:talents_person_changelist")
        return {
            "推荐名单（全部轮次）": nominations,
            "推荐名单（本轮）": of_round,
            "推荐名单，状态为草稿": f"{of_round}?state=draft",
            "推荐名单（全部轮次），合格": f"{nominations}?verdict=eligible",
            "推荐名单，中间一页": f"{of_round}?after={self.middle}",
            "推荐名单，按姓名找人（一成符合）": f"{of_round}?q=职工1",
            "推荐名单，按拼音找人（都符合）": f"{of_round}?q=zg",
            "核验结果": run,
            "核验结果，合格": f"{run}?verdict=eligible",
            "核验结果，资料缺失": f"{run}?verdict=missing",
            "核验结果，年限不足": f"{run}?missed=frontline_months:unmet",
            "核验结果，缺传承力（少见）": f"{run}?missed=force_passing:missing",
            "核验结果，中间一页": f"{run}?after={self.middle}",
            "管理后台，推荐": back_office,
            "管理后台，已核验的推荐": f"{back_office}?state__exact=checked",
            "管理后台，人员": persons,
            "管理后台，按拼音找人员（都符合）": f"{persons}?q=zg",
            "管理后台，工作经历": reverse("admin:talents_employment_changelist"),
        }

    def visits(self, address: str) -> Iterator[None]:
        """Several visits at once, so that one hiccup does not decide."""
        self.enter()
        self.visit(address)  # a new connection is not what is compared
        yield
        for _ in range(VISITS):
            self.visit(address)

    def visit(self, address: str) -> None:
        answer = self.client.get(address)
        if answer.status_code != 200:  # noqa: PLR2004
            raise RuntimeError(f"{address}: {answer.status_code}")


def run(postgres: LocalPostgres, rows: int) -> Iterator[Goal]:
    small_rows = min(SMALL, rows // 10)
    print(f"列表页：{small_rows:,} 行与 {rows:,} 行")
    small = House(clusters.filled(postgres, small_rows))
    large = House(clusters.filled(postgres, rows))
    addresses = zip(small.pages().items(), large.pages().values(), strict=True)
    for (name, in_small), in_large in addresses:
        large.enter()
        large.visit(in_large)
        with CaptureQueriesContext(connection) as queries:
            large.visit(in_large)
        query_count = len(queries)
        yield Goal(f"{name}：查询", query_count, MOST_QUERIES, unit=" 次")
        times = alternately(
            small=partial(small.visits, in_small), large=partial(large.visits, in_large)
        )
        yield ratio(f"{name}：大小之比", times["large"], times["small"], LARGEST_RATIO)
