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
from organizations.models import Organization, User
from talents.models import AssessmentRun, Expert, SelectionRound
from talents.rules.ranking import ranking
from talents.services import drawing, eligibility
from talents.services.quotas import divide_quotas
from talents.services.rounds import set_requirements

MOST_NOMINATIONS, FEW, EXPERTS, EACH, SEED = 10_000, 2_000, 60, 5, 20260620
MOST_SECONDS, VISITS = 0.150, 7
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


#: What the call for the round asks of its slate; some of it is missed, so that a change is looked for.
SHARES = {
    group: {"percent": percent, "bound": bound, "is_hard": False}
    for group, percent, bound in (
        ("worker", 40, "least"), ("head", 10, "most"), ("women", 30, "least"),
        ("migrant", 12, "least"), ("non_public", 30, "least"),
    )
}  # fmt: skip
#: Every third is confirmed; kinds in all mixtures.
STANDING = """
update talents_nomination set state = case when id % 3 = 0 then 'checked' else 'draft' end,
  category = (array['worker', 'frontline', 'science', 'manager', 'head'])[1 + id % 5],
  is_migrant = id % 9 = 0, is_non_public = id % 4 = 0, is_key_industry = id % 2 = 0
"""


def run(postgres: LocalPostgres, rows: int) -> Iterator[Goal]:
    """The pages on a fifth of the rows and on all of them; then draw and ranking on all."""
    many = min(MOST_NOMINATIONS, rows)
    asked = {}
    for size in (min(FEW, many), many):
        selection = _opened(postgres, size)
        asked[size] = dict(_visits())
    print(f"选树轮次：{many:,} 名人选，每名{EACH}份评分")
    for name, (queries, milliseconds) in asked[many].items():
        before = asked[min(FEW, many)][name][0]
        yield Goal(f"{name}：{queries}次查询，比{FEW:,}名时多", queries - before, 0, unit=" 次")
        yield Goal(f"{name}：用时", milliseconds, MOST_SECONDS * 1000, unit=" 毫秒")
    run = selection.runs.latest("pk")
    for name, act in {
        f"{many:,}名人选抽取专家": lambda: _draw(selection, run),
        f"{many * EACH:,}份评分排名": lambda: ranking(selection),
    }.items():
        queries, milliseconds = _measured(act)
        yield Goal(f"{name}（{milliseconds:.0f} 毫秒）：语句", queries, 1, unit=" 条")


def _opened(postgres: LocalPostgres, size: int) -> SelectionRound:
    """A checked round of so many with experts, shares, places and marks."""
    database = clusters.filled(postgres, size)
    clusters.use(database)
    system = User.objects.system()
    selection = SelectionRound.objects.select_related("organizer", "edition").get(code=ROUND_CODE)
    if not selection.runs.filter(status=AssessmentRun.Status.DONE).exists():
        eligibility.start_run(selection.pk, actor=system)
    _experts(selection)
    set_requirements(selection.pk, composition=SHARES, actor=system, note="按轮次通知规定")
    bodies = Organization.objects.filter(kind="district")
    divide_quotas(selection.pk, [(body, size) for body in bodies], actor=system, note="按通知分配")
    with clusters.as_administrator(postgres, database) as administrator:
        administrator.execute("SET session_replication_role = replica")
        administrator.execute(STANDING)
        administrator.execute(clusters.bound(REVIEWS, {"each": EACH}))
        administrator.execute("VACUUM ANALYZE")
    return SelectionRound.objects.select_related("organizer", "edition").get(code=ROUND_CODE)


def _experts(selection: SelectionRound) -> None:
    if not Expert.objects.exists():
        Expert.objects.bulk_create(
            Expert(
                organization=selection.organizer, code=f"E{n:03}", name=f"评委{n}", fields="焊工"
            )
            for n in range(EXPERTS)
        )


def _visits() -> Iterator[tuple[str, tuple[int, float]]]:
    client = Client()
    client.force_login(User.objects.get(username="bench"))
    of_round = reverse("talents:round-nominations", args=[ROUND_CODE])
    for name, address in {
        "推荐名单": of_round,
        "推荐名单，合格的": f"{of_round}?verdict=eligible",
        "推荐名单，按姓名找人": f"{of_round}?q=职工1",
        "名额分配": reverse("talents:places", args=[ROUND_CODE]),
        "名额总表": reverse("talents:places-board"),
        "结构比例": reverse("talents:composition", args=[ROUND_CODE]),
        "轮次": reverse("talents:round", args=[ROUND_CODE]),
    }.items():

        def visit(address: str = address) -> None:
            answer = client.get(address)
            if answer.status_code != OK:
                raise RuntimeError(f"{address}: {answer.status_code}")

        visit()
        yield f"{name}页", _measured(visit)


def _measured(act: Callable[[], object]) -> tuple[int, float]:
    """How many questions it asks, and how many milliseconds it takes: the quickest of several.

    The quickest is what it costs; the others tell who else is at work on the machine.
    """
    with CaptureQueriesContext(connection) as queries:
        act()
    asked, taken = len(queries), []
    for _ in range(VISITS):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return asked, min(taken) * 1000


def _draw(selection: SelectionRound, run: AssessmentRun) -> dict[str, list[int]]:
    """The one statement of the draw, as ``draw_experts`` asks it; nothing is kept."""
    return drawing._drawn(selection, run, SEED, EACH)
