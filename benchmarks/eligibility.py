"""A million nominations judged by all criteria of the Beijing policy, against hand-written SQL."""

import json
import threading
import time
from collections.abc import Iterator
from statistics import median

from django.db import connection

from benchmarks import clusters
from benchmarks.clusters import ROUND_CODE, as_administrator
from benchmarks.measuring import Goal, alternately, doubt_of, memory_growth, ratio
from config.local_services.postgres import LocalPostgres
from organizations.models import User
from talents.models import AssessmentRun, Nomination, SelectionRound
from talents.rules import evaluation_for, verdict_now
from talents.services import eligibility
from workflow import jobs
from workflow.records import subject_of

PERSONS_ASKED = 200
THIS_MONTH = 2026 * 12 + 5

FLOOR_TABLE = """
CREATE UNLOGGED TABLE floor_assessment (run_id int, nomination_id bigint, overall smallint,
    met int, known int, observed int[], PRIMARY KEY (run_id, nomination_id));
ALTER TABLE floor_assessment SET LOGGED;
ALTER TABLE floor_assessment OWNER TO jiangjie_owner
"""
#: What a careful person would write by hand for this one tier, nothing else in mind.
FLOOR = f"""
INSERT INTO floor_assessment
SELECT 1, id,
  CASE WHEN m < 60 THEN 0
       WHEN m IS NULL OR l IS NULL OR p IS NULL OR i IS NULL OR t IS NULL OR s IS NULL THEN 1
       ELSE 2 END,
  (m >= 60 AND m IS NOT NULL)::int | ((l IS NOT NULL)::int << 1) | ((p IS NOT NULL)::int << 2)
    | ((i IS NOT NULL)::int << 3) | ((t IS NOT NULL)::int << 4) | ((s IS NOT NULL)::int << 5),
  (m IS NOT NULL)::int | ((l IS NOT NULL)::int << 1) | ((p IS NOT NULL)::int << 2)
    | ((i IS NOT NULL)::int << 3) | ((t IS NOT NULL)::int << 4) | ((s IS NOT NULL)::int << 5),
  ARRAY[m, l, p, i, t, s, NULL, NULL, NULL, NULL, NULL, NULL]
FROM (
  SELECT n.id, c.m, nullif(length(trim(n.force_leading)), 0) l,
    nullif(length(trim(n.force_practice)), 0) p, nullif(length(trim(n.force_innovation)), 0) i,
    nullif(length(trim(n.force_tackling)), 0) t, nullif(length(trim(n.force_passing)), 0) s
  FROM talents_nomination n LEFT JOIN (
    SELECT nomination_id, (SELECT sum(upper(r) - lower(r))::int FROM unnest(spans) r) m
    FROM (SELECT nomination_id, range_agg(int4range(start_month, greatest(start_month,
            least(coalesce(end_month, {THIS_MONTH}), {THIS_MONTH}) + 1))) spans
          FROM talents_employment WHERE is_frontline AND nomination_id IS NOT NULL
          GROUP BY nomination_id) a
  ) c ON c.nomination_id = n.id
  WHERE n.round_id = %s
  OFFSET 0) facts
"""
DIFFERENCE = """
SELECT count(*) FROM floor_assessment f FULL JOIN talents_assessment a USING (nomination_id)
WHERE (f.overall, f.met, f.known, f.observed) IS DISTINCT FROM (a.overall, a.met, a.known, a.observed)
"""


class Bench:
    """The two ways, on one database; set-up empties what they write."""

    def __init__(self, postgres: LocalPostgres, rows: int) -> None:
        self.database = clusters.filled(postgres, rows)
        clusters.use(self.database)
        self.administrator = as_administrator(postgres, self.database)
        self.administrator.execute(FLOOR_TABLE)
        self.selection = SelectionRound.objects.get(code=ROUND_CODE)

    def floor(self) -> Iterator[None]:
        self.administrator.execute("TRUNCATE floor_assessment")
        yield
        with connection.cursor() as cursor:
            cursor.execute(FLOOR, [self.selection.pk])

    def product(self) -> Iterator[None]:
        """The whole service, from the button to the counts, as one part on one connection."""
        self._empty()
        eligibility.ONE_PART_UP_TO = 10**9
        yield
        eligibility.start_run(self.selection.pk, actor=User.objects.system())

    def product_in_two_parts(self) -> Iterator[None]:
        """The same as a large round runs it: two jobs, here on two threads."""
        self._empty()
        eligibility.ONE_PART_UP_TO = 0
        yield
        sent, jobs.send = jobs.send, lambda job_id: None
        try:
            run = eligibility.start_run(self.selection.pk, actor=User.objects.system())
        finally:
            jobs.send = sent
        workers = [
            threading.Thread(target=self._work_off, args=[job.pk])
            for job in jobs.jobs_of(subject_of(run))
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    def _work_off(self, job_id: int) -> None:
        clusters.use(self.database)
        jobs.run(job_id)
        connection.close()

    def _empty(self) -> None:
        self.administrator.execute(
            "TRUNCATE talents_assessment, talents_assessmentrun, workflow_job CASCADE"
        )


def run(postgres: LocalPostgres, rows: int) -> Iterator[Goal]:
    print(f"资格核验：{rows:,} 份推荐，每份三段经历")
    bench = Bench(postgres, rows)
    for way in (bench.floor, bench.product):
        list(way())
    yield Goal("结果与手写 SQL 不同的行", _single(DIFFERENCE), 0, unit=" 行")
    yield Goal("每条结果占用（含索引）", _bytes_each(rows), 160, unit=" 字节")
    yield Goal("子表扫描次数", _child_scans(bench), 1, unit=" 次")
    times = alternately(floor=bench.floor, one=bench.product, two=bench.product_in_two_parts)
    yield Goal("分两段后结果与手写 SQL 不同的行", _single(DIFFERENCE), 0, unit=" 行")
    yield ratio("一个连接", times["one"], times["floor"], 1.3)
    yield ratio("两个编号段", times["two"], times["floor"], 0.8)
    doubt = doubt_of(times["floor"])
    yield Goal("一个人的结论（SQL）", _one_person(bench), 2.0, unit=" ms", doubt=doubt)
    with memory_growth() as grown:
        list(bench.product())
    yield Goal("执行进程内存增长", grown[0], 16, unit=" MiB")
    assert AssessmentRun.objects.get().nomination_count == rows


def _single(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def _bytes_each(rows: int) -> float:
    return _single("SELECT pg_total_relation_size('talents_assessment')") / rows


def _child_scans(bench: Bench) -> int:
    evaluation = evaluation_for(bench.selection)
    nominations = Nomination.objects.filter(round=bench.selection)
    statement, params = evaluation.statement(nominations, first=1, last=eligibility.LARGEST_CHUNK)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", params)
        plan = json.dumps(cursor.fetchone()[0])
    return plan.count('"Relation Name": "talents_employment"')


def _one_person(bench: Bench) -> float:
    """Milliseconds PostgreSQL takes for one person's verdict by the same query; the whole is printed."""
    asked = Nomination.objects.select_related("round__edition").order_by("?")[:PERSONS_ASKED]
    evaluation = evaluation_for(bench.selection)
    rows = Nomination.objects.filter(round=bench.selection)
    whole, in_sql = [], []
    for nomination in list(asked):
        began = time.perf_counter()
        verdict_now(nomination)
        whole.append(time.perf_counter() - began)
        statement = evaluation.statement(rows, first=nomination.pk, last=nomination.pk)
        began = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(*statement)
            cursor.fetchone()
        in_sql.append(time.perf_counter() - began)
    print(f"  一个人，从对象到结论：{median(whole) * 1000:.2f} ms")
    return median(in_sql) * 1000
