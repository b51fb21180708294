"""The ledger with every guard on: against two bare rows, against django-hordak, with a slow commit,
and at a million postings.

On a cluster of its own whose commits reach the disk, as in service. Payments go to 500 academies, as
the application's role, through
the one function that books; the floor is one statement that writes two rows and keeps nothing.
"""

import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from benchmarks.clusters import as_administrator, use
from benchmarks.measuring import MOST_SPREAD, Goal, Timing, alternately, ratio
from config.local_services.postgres import APP, OWNER, LocalPostgres
from organizations.models import Organization, User
from organizations.roles import Role
from policies.library.editions import load_library
from subsidies.models import Fund
from subsidies.selectors.money import accounts_in_scope, balances_at
from subsidies.services.ledger import POST

WRITTEN = {
    "shared_buffers": "1GB",
    "work_mem": "128MB",
    "max_wal_size": "8GB",
    "fsync": "on",
    "max_connections": "100",
}
ACADEMIES, FIRST = 500, 10_000
SECONDS, ROUNDS = 3, 3
LEAST_OF_FLOOR, LEAST_OF_HORDAK, LEAST_OF_ONE, LEAST_PROVED = 0.35, 3, 8, 300_000
MOST_GROWTH, SHARE = 1.2, 100
VERIFIER = Path(__file__).parents[1] / "deploy" / "verify_ledger.py"
FILL = """
    insert into academies_academy (id, code, name, name_pinyin, name_initials, tier,
      supervising_union_id, organization_id, designated_on, version)
    select g, 'B' || g, '第' || g || '工匠学院', '', '', 'capital', {city}, {city}, '2022-09-15', 1
    from generate_series(1, {academies}) g;
    insert into subsidies_entitlement (academy_id, edition_id, tier, is_entitled, words, judged_at)
    select g, (select min(id) from policies_policyedition), 'capital', true, '', now()
    from generate_series(1, {academies}) g;
    insert into subsidies_account (id, fund_id, line, academy_id, kind, balance)
    select {first} + 2 * g + k, {fund}, 'academy', g, (array['reserved', 'held'])[k + 1], 0
    from generate_series(1, {academies}) g, generate_series(0, 1) k;
    create table bench_posting (id bigserial primary key, account bigint not null,
      amount numeric(16, 2) not null, at timestamptz not null default now());
    grant all on bench_posting, bench_posting_id_seq to jiangjie_app;
"""
#: By the triggers themselves: the budget, what each academy may be paid.
GIVE = """
    select subsidies_post('appropriate', 'appropriate', {source}, {budget}, 99999999999, {people});
    select subsidies_post('reserve:' || g, 'reserve', {budget}, {first} + 2 * g, 100000000, {people})
    from generate_series(1, {academies}) g;
"""
MANY = """
    insert into subsidies_entry (chain, sequence, kind, key, giver_id, taker_id, amount, reason,
      booked_on, note, evidence, made_by_id, approved_by_id, previous_hash, hash)
    select '', 0, 'pay', 'many:' || g, {first} + 2 * a, {first} + 2 * a + 1, 0.01, '', current_date,
      '拨付', '', {people}, '', ''
    from (select g, 1 + g * {academies} / {entries} as a from generate_series(1, {entries}) g
      where g < {entries}) x order by a, g
"""
PLACES = """
\\set n random(1, {academies})
\\set g {first} + 2 * :n
\\set t {first} + 2 * :n + 1
"""
BOOKED = "select subsidies_post(gen_random_uuid()::text, 'pay', :g, :t, 0.01, {people})"
SCRIPTS = {
    "floor": "insert into bench_posting (account, amount) values (:g, -0.01), (:t, 0.01);",
    "ours": f"{BOOKED};",
    "slow": f"begin;\n{BOOKED};\nselect pg_sleep(0.002);\ncommit;",
}
RATE = re.compile(r"tps = ([\d.]+)")
PROVED = re.compile(r"(\d+) entries, .*?([\d,]+) entries/s, (\d+) faults")


def run(postgres: LocalPostgres, rows: int) -> Iterator[Goal]:
    """``rows`` postings at most; the cluster that is handed in commits asynchronously, so another is made."""
    was = dict(connection.settings_dict)
    with tempfile.TemporaryDirectory(prefix="jiangjie-ledger-") as folder:
        Path(folder).chmod(0o755)
        cluster = LocalPostgres(Path(folder), throw_away=False)
        cluster.settings |= WRITTEN
        cluster.start()
        try:
            connection.close()
            connection.settings_dict |= {"HOST": str(cluster.sockets), "USER": OWNER, "PORT": ""}
            small, large = _filled(cluster, rows // 2 // SHARE), _filled(cluster, rows // 2)
            yield from _against_the_floor(cluster, small)
            yield from _slow_commits(cluster, small)
            yield from _against_hordak(cluster, small)
            yield from _growth(small, large)
            yield _proved(cluster, large)
        finally:
            connection.close()
            connection.settings_dict |= was
            cluster.stop()


def _filled(postgres: LocalPostgres, entries: int) -> str:
    """A fund, 500 academies that may be paid, and so many payments, all booked by the triggers."""
    name = f"ledger_{entries}"
    print(f"  建立 {entries:,} 张凭证的台账……")
    with as_administrator(postgres, "postgres") as administrator:
        administrator.execute(f"create database {name} owner {OWNER}")
    use(name)
    call_command("migrate", verbosity=0)
    load_library(actor=User.objects.system())
    city = Organization.objects.create(
        code="BJ", name="北京市总工会", kind="city", path="/1/", valid_from="2000-01-01"
    )
    User.objects.create_user("second", owner_digest=b"second")
    reader = User.objects.create_user("bench", owner_digest=b"bench")
    reader.memberships.create(organization=city, role=Role.AUDITOR, valid_from="2000-01-01")
    fund = Fund.objects.create(organization=city, year=2026, source="municipal")
    places = {
        "city": city.pk,
        "fund": fund.pk,
        "academies": ACADEMIES,
        "first": FIRST,
        "entries": entries,
    }
    with as_administrator(postgres, name) as administrator:
        administrator.execute("set session_replication_role = replica")
        administrator.execute(FILL.format(**places))
        administrator.execute("set session_replication_role = origin")
        for kind in ("source", "budget"):
            asked = "select subsidies_account_of(%s, 'academy', null, %s)"
            places[kind] = administrator.execute(asked, [fund.pk, kind]).fetchone()[0]
        places["people"] = "{}, {}".format(*_people(postgres, name))
        for statement in (GIVE, MANY):
            administrator.execute(statement.format(**places))
        administrator.execute("vacuum analyze")
    return name


def _people(postgres: LocalPostgres, database: str) -> tuple[int, int]:
    with as_administrator(postgres, database) as administrator:
        return administrator.execute("select min(id), max(id) from organizations_user").fetchone()


def _rate(postgres: LocalPostgres, database: str, script: str, clients: int) -> float:
    """Transactions a second of pgbench with prepared statements, as the application's role."""
    people = "{}, {}".format(*_people(postgres, database))
    text = (PLACES + SCRIPTS[script]).format(academies=ACADEMIES, first=FIRST, people=people)
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        done = subprocess.run(
            [str(postgres.binaries / "pgbench"), "-n", "-M", "prepared", "-h", str(postgres.sockets),
             "-U", APP, "-c", str(clients), "-j", str(min(clients, 2)), "-T", str(SECONDS),
             "-f", file.name, database],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    found = RATE.search(done.stdout)
    if done.returncode or found is None or "failed transactions: 0 " not in done.stdout:
        raise SystemExit(f"pgbench 没有跑完：{done.stdout[-800:]}{done.stderr[-800:]}")
    return float(found[1])


def _rates(postgres: LocalPostgres, database: str, *asked: tuple[str, int]) -> list[Timing]:
    """Several rounds of each in turn; as seconds a transaction, so that they compare like other timings."""
    seconds: list[list[float]] = [[] for _ in asked]
    for _ in range(ROUNDS):
        for place, (script, clients) in enumerate(asked):
            seconds[place].append(1 / _rate(postgres, database, script, clients))
    return [Timing(times) for times in seconds]


def _a_second(timing: Timing) -> str:
    return f"{1 / timing.median:,.0f} 笔/秒（离散 {timing.spread:.0%}）"


def _doubt(timing: Timing) -> str:
    return "" if timing.spread <= MOST_SPREAD else f"不作判断（基线离散 {timing.spread:.0%}）"


def _against_the_floor(postgres: LocalPostgres, database: str) -> Iterator[Goal]:
    for clients in (1, 8):
        floor, ours = _rates(postgres, database, ("floor", clients), ("ours", clients))
        share = floor.median / ours.median
        print(
            f"  {clients} 个连接：记账 {_a_second(ours)}；裸写两行 {_a_second(floor)}；{share:.2f} 倍"
        )
        name = f"{clients} 个连接记账，裸写两行是它的几倍"
        yield Goal(name, 1 / share, round(1 / LEAST_OF_FLOOR, 3), doubt=_doubt(floor))


def _slow_commits(postgres: LocalPostgres, database: str) -> Iterator[Goal]:
    one, many = _rates(postgres, database, ("slow", 1), ("slow", 32))
    times = one.median / many.median
    print(f"  提交慢 2 毫秒：1 个连接 {_a_second(one)}，32 个 {_a_second(many)}；{times:.1f} 倍")
    yield Goal(
        "提交慢 2 毫秒，一个连接占 32 个的份额", 1 / times, 1 / LEAST_OF_ONE, doubt=_doubt(one)
    )


def _against_hordak(postgres: LocalPostgres, database: str) -> Iterator[Goal]:
    """Both from Python processes through Django, each transfer in a transaction of its own."""
    if find_spec("hordak") is None:
        print("未安装 django-hordak（requirements-bench.in），略过与它的比较")
        return
    with as_administrator(postgres, "postgres") as administrator:
        administrator.execute("create database hordak")
    _hordak(postgres, "make")
    people = _people(postgres, database)
    for processes in (1, 8):
        theirs, ours = [], []
        for _ in range(ROUNDS):
            theirs.append(SECONDS / int(_hordak(postgres, str(processes), str(SECONDS))))
            ours.append(SECONDS / _booked_by(processes, people))
        peer, own = Timing(theirs), Timing(ours)
        times = peer.median / own.median
        print(
            f"  {processes} 个进程：记账 {_a_second(own)}；django-hordak {_a_second(peer)}；{times:.2f} 倍"
        )
        name = f"{processes} 个进程记账所用时间，占 django-hordak 的份额"
        yield Goal(name, 1 / times, round(1 / LEAST_OF_HORDAK, 3), doubt=_doubt(peer))


def _hordak(postgres: LocalPostgres, *asked: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks._hordak", str(postgres.sockets), "hordak",
         "jiangjie_admin", *asked],
        capture_output=True, text=True, check=False, env={**os.environ, "DJANGO_SETTINGS_MODULE": ""},
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"django-hordak 没有跑完：{done.stderr[-1500:]}")
    return done.stdout.strip() or "0"


def _booked_by(processes: int, people: tuple[int, int]) -> int:
    connection.close()
    connection.settings_dict["USER"] = APP
    try:
        with get_context("fork").Pool(processes) as pool:
            return sum(pool.starmap(_booked, [people] * processes))
    finally:
        connection.settings_dict["USER"] = OWNER


def _booked(*people: int) -> int:
    count, until, cent = 0, time.perf_counter() + SECONDS, Decimal("0.01")
    while time.perf_counter() < until:
        place = FIRST + 2 * random.randint(1, ACADEMIES)
        key = f"{os.getpid()}:{time.perf_counter_ns()}"
        values = [key, "pay", place, place + 1, cent, *people, "2026-06-01", "", None, "", ""]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(POST, values)
        count += 1
    return count


def _growth(small: str, large: str) -> Iterator[Goal]:
    """The page of the ledger and the balances of a fund on a past day: no dearer with more entries."""
    client = Client(headers={"host": "localhost"})

    def page(database: str) -> Iterator[None]:
        use(database)
        client.force_login(User.objects.get(username="bench"))
        yield
        answer = client.get(reverse("subsidies:entries"))
        if answer.status_code != 200:  # noqa: PLR2004
            raise SystemExit(f"台账页面答 {answer.status_code}")

    def balances(database: str) -> Iterator[None]:
        use(database)
        reader = User.objects.get(username="bench")
        accounts = accounts_in_scope(reader).filter(fund=Fund.objects.get())
        moment = accounts.filter(kind="held").latest("moved_at").moved_at
        yield
        if len(balances_at(accounts, reader, moment)) < ACADEMIES:
            raise SystemExit("余额不全")

    for name, work in (("台账页面", page), ("一项资金某一时刻的余额", balances)):
        timings = alternately(small=lambda w=work: w(small), large=lambda w=work: w(large))
        yield ratio(f"{name}不随凭证增长", timings["large"], timings["small"], MOST_GROWTH)


def _proved(postgres: LocalPostgres, database: str) -> Goal:
    url = f"host={postgres.sockets} dbname={database} user=jiangjie_admin"
    rates = []
    for _ in range(ROUNDS):
        done = subprocess.run(
            [sys.executable, str(VERIFIER), url], capture_output=True, text=True, check=False
        )
        found = PROVED.search(done.stdout)
        if done.returncode or found is None:
            raise SystemExit(f"台账核验不通过：{done.stdout[-800:]}{done.stderr[-800:]}")
        rates.append(int(found[2].replace(",", "")))
    median = statistics.median(rates)
    print(f"  独立核验 {int(found[1]):,} 张凭证：{median:,.0f} 张/秒")
    return Goal("核验 30 万张凭证", 300_000 / median, 300_000 / LEAST_PROVED, " 秒")
