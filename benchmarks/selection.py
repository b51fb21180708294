"""A round of ten thousand: its list, filters and places, the draw of experts, and the ranking of all marks."""

import time
from collections.abc import Callable, Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks import clusters
from benchmarks.clusters import ROUND_CODE
from benchmarks.measuring import Goal
from config.local_services.postgres import LocalPostgres
from organizations.models import User
from talents.models import AssessmentRun, Expert, SelectionRound
from talents.rules.ranking import ranking
from talents.selectors.assessments import current_run
from talents.services import drawing, eligibility

MOST_NOMINATIONS, EXPERTS, EACH, SEED = 10_000, 60, 5, 20260620
MOST_SECONDS, MOST_AT_ONCE, MOST_QUERIES, VISITS = 0.150, 5.0, 14, 5
OK = 200
REVIEWS = """
insert into talents_review (nomination_id, expert_id, look, status, is_recused, remark, submitted_at,
  mark_leading, mark_practice, mark_innovation, mark_tackling, mark_passing)
select n.id, e.pool[1 + (n.id * 7 + k * 11) % cardinality(e.pool)], 1, 'submitted', false, '', now(),
  60 + n.id * 7919 % 40, 60 + n.id * 31 % 40, 60 + (n.id + k) % 40, 60 + n.id * 17 % 40, 70 + k
from talents_nomination n, generate_series(0, %(each)s - 1) k,
  (select array_agg(id order by id) pool from talents_expert) e
on conflict do nothing
"""


def run(postgres: LocalPostgres, rows: int) -> Iterator[Goal]:
    """Set the round up once, then look at each page and take each step."""
    many = min(MOST_NOMINATIONS, rows)
    database = clusters.filled(postgres, many)
    clusters.use(database)
    selection = SelectionRound.objects.select_related("organizer", "edition").get(code=ROUND_CODE)
    if not selection.runs.filter(status=AssessmentRun.Status.DONE).exists():
        eligibility.start_run(selection.pk, actor=User.objects.system())
    print(f"选树轮次：{many:,} 名人选，每名{EACH}份评分")
    _experts(selection)
    yield from _pages()
    yield from _steps("抽取专家", lambda: _draw(selection), most=2, seconds=MOST_AT_ONCE)
    with clusters.as_administrator(postgres, database) as administrator:
        administrator.execute("SET session_replication_role = replica")
        administrator.execute(clusters.bound(REVIEWS, {"each": EACH}))
        administrator.execute("VACUUM ANALYZE talents_review")
    yield from _steps("名次", lambda: ranking(selection), most=1, seconds=MOST_AT_ONCE)


def _experts(selection: SelectionRound) -> None:
    if not Expert.objects.exists():
        Expert.objects.bulk_create(
            Expert(
                organization=selection.organizer, code=f"E{n:03}", name=f"评委{n}", fields="焊工"
            )
            for n in range(EXPERTS)
        )


def _pages() -> Iterator[Goal]:
    client = Client()
    client.force_login(User.objects.get(username="bench"))
    of_round = reverse("talents:round-nominations", args=[ROUND_CODE])
    for name, address in {
        "推荐名单": of_round,
        "推荐名单，合格的": f"{of_round}?verdict=eligible",
        "推荐名单，按姓名找人": f"{of_round}?q=职工1",
        "名额": reverse("talents:places", args=[ROUND_CODE]),
        "轮次": reverse("talents:round", args=[ROUND_CODE]),
    }.items():

        def visit(address: str = address) -> None:
            answer = client.get(address)
            if answer.status_code != OK:
                raise RuntimeError(f"{address}: {answer.status_code}")

        visit()
        yield from _steps(f"{name}页", visit)


def _steps(
    name: str,
    act: Callable[[], object],
    *,
    most: int = MOST_QUERIES,
    seconds: float = MOST_SECONDS,
) -> Iterator[Goal]:
    """How many questions it asks, and how long it takes: the median of several."""
    with CaptureQueriesContext(connection) as queries:
        act()
    yield Goal(f"{name}：查询", len(queries), most, unit=" 次")
    taken = []
    for _ in range(VISITS):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    yield Goal(
        f"{name}：用时", sorted(taken)[VISITS // 2] * 1000, MOST_SECONDS * 1000, unit=" 毫秒"
    )


def _draw(selection: SelectionRound) -> dict[str, list[int]]:
    """The one statement of the draw, as ``draw_experts`` asks it; nothing is kept."""
    return drawing._drawn(selection, current_run(selection), SEED, EACH)
