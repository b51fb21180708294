"""Red flags over a seeded city: 500 academies, a million roster rows, fifty thousand invoices.

Honest rows are made by arithmetic, then cases of each pattern are planted where nothing else is. Every
flag is one statement; how many of the planted cases it finds (recall) and how much of what it raises was
planted (precision) is counted besides the time.
"""

import time
from collections.abc import Iterator
from random import Random

from django.db import connection

from academies.models import Academy
from academies.selectors import flags as rosters
from benchmarks import clusters
from benchmarks._planted import (
    AT_THRESHOLD,
    CLASS_ROWS,
    ENROLMENT_ROWS,
    EXPENSE,
    EXPENSE_ROWS,
    PLANTED,
    REVERSED,
    ROOM_ROWS,
)
from benchmarks.academy_counts import ACADEMY_ROWS, BUILD
from benchmarks.clusters import as_administrator
from benchmarks.measuring import Goal
from config.local_services.postgres import OWNER, LocalPostgres
from intake.pictures.reader import BITS
from organizations.models import User
from subsidies.models.prints import METHOD
from subsidies.rules import flags as money

SEED = 20260601
ACADEMIES, A_CLASS, YEARS, INVOICES = 500, 40, (2024, 2025), 50_000
MOST_SECONDS, LEAST_RECALL, LEAST_PRECISION = 10, 0.95, 0.80
OF_EACH = 40  # academies in which one pattern is planted
#: What the standard asks of a capital academy in a year.
ASKED = 1000


def run(postgres: LocalPostgres, rows: int) -> Iterator[Goal]:
    """``rows`` of rosters, and one invoice for every twenty of them."""
    invoices = min(INVOICES, rows // 20)
    print(f"疑点：{rows:,} 条学员记录，{invoices:,} 张发票，{ACADEMIES} 家学院")
    planted = _filled(postgres, rows, invoices)
    yield from _rosters(planted)
    yield from _money(planted)


def _filled(postgres: LocalPostgres, rows: int, invoices: int) -> dict[str, list[set[int]]]:
    """The city; by flag what was planted: sets of academies, or of expenses."""
    base, name = clusters.filled(postgres, 0), f"flags_{rows}"
    connection.close()
    draw = Random(SEED)  # the same city every time
    persons = ACADEMIES * A_CLASS * 5
    slots = max(rows // (ACADEMIES * A_CLASS * len(YEARS)), 11)
    values = {
        "academies": ACADEMIES, "a_class": A_CLASS, "slots": slots, "persons": persons,
        "years": ", ".join(map(str, YEARS)), "invoices": invoices,
    }  # fmt: skip
    with as_administrator(postgres, "postgres") as administrator:
        administrator.execute(f"create database {name} template {base} owner {OWNER}")
    with as_administrator(postgres, name) as administrator:
        administrator.execute("set session_replication_role = replica")
        administrator.execute("truncate academies_academy, talents_person restart identity cascade")
        people = {"rows": persons + ACADEMIES + OF_EACH * ASKED, "units": clusters.UNITS}
        administrator.execute(clusters.bound(clusters.PERSONS, people))
        administrator.execute(
            "update talents_person set birth_on = '1950-01-01'"
            f" where id between {persons + 1} and {persons + ACADEMIES}"
        )
        administrator.execute(ACADEMY_ROWS, {"academies": ACADEMIES})
        administrator.execute(
            "insert into workflow_workingday (day, is_working, note) values ('2025-12-30', false, '')"
        )
        for statement in (ROOM_ROWS, CLASS_ROWS, ENROLMENT_ROWS):
            administrator.execute(statement.format(**values).replace("%%", "%"))
        found: dict[str, list[set[int]]] = {}
        for place, (code, statement) in enumerate(PLANTED.items()):
            chosen = set(range(1 + place * OF_EACH, 1 + (place + 1) * OF_EACH))
            of = ", ".join(map(str, sorted(chosen)))
            administrator.execute(
                statement.format(of=of, persons=persons, a_class=A_CLASS).replace("%%", "%")
            )
            found[code] = [chosen]
        found |= _just_enough(administrator, slots, persons + ACADEMIES + 1)
        for statement in BUILD:
            administrator.execute(statement)
        values["fund"] = administrator.execute(
            "insert into subsidies_fund (organization_id, year, source, state)"
            " select min(id), 2025, 'municipal', 'open' from organizations_organization returning id"
        ).fetchone()[0]  # fmt: skip
        administrator.execute(EXPENSE_ROWS.format(**values).replace("%%", "%"))
        found |= _plant_invoices(administrator, draw, values)
        administrator.execute("vacuum analyze")
    clusters.use(name)
    return found


def _just_enough(administrator, slots: int, first: int) -> dict[str, list[set[int]]]:
    """Academies of 2025 with exactly as many people as are asked for, each theirs alone.

    With fewer rows no academy comes to as many.
    """
    if slots * A_CLASS < ASKED:
        return {}
    begin = 1 + len(PLANTED) * OF_EACH
    chosen = set(range(begin, begin + OF_EACH))
    words = {"first": first, "of_each": OF_EACH, "asked": ASKED, "of": ", ".join(map(str, chosen))}
    administrator.execute(AT_THRESHOLD.format(**words).replace("%%", "%"))
    return {"at_threshold": [chosen]}


def _plant_invoices(administrator, draw: Random, values: dict) -> dict[str, list[set[int]]]:
    """Near doubles, purchases in parts and round sums, as rows of their own."""
    number = values["invoices"]
    rows: list[tuple] = []
    found: dict[str, list[set[int]]] = {"near-duplicate": [], "split": [], "round-sum": []}

    def added(academy: int, day: int, payee: str, amount: float, invoice: str = "") -> int:
        pk = number + len(rows) + 1
        rows.append(
            (
                pk,
                academy,
                values["fund"],
                day,
                payee,
                invoice or f"9{pk:019}",
                amount,
                f"植-{pk}",
                pk,
            )
        )
        return pk

    for case in range(200):
        academy, day = draw.randint(1, ACADEMIES), draw.randint(10, 300)
        amount = draw.randint(300_000, 900_000) / 100 + 0.01
        if case % 2:
            pair = {
                added(academy, day, f"重复{case}", amount),
                added(academy, day + draw.randint(0, 7), f"重复{case}", amount),
            }
        else:  # the same bill with two digits changed over, from another seller
            digits = [f"{draw.randint(0, 10**15):016}", "12", "21"]
            pair = {added(academy, day, f"甲{case}", amount, "25" + digits[0] + digits[1]),
                    added(academy, day + 40, f"乙{case}", amount, "25" + digits[0] + digits[2])}  # fmt: skip
        found["near-duplicate"].append(pair)
    for case in range(200):
        academy, day, parts = draw.randint(1, ACADEMIES), draw.randint(10, 280), draw.randint(3, 6)
        found["split"].append({
            added(academy, day + draw.randint(0, 9) + 9 * part // parts, f"分拆{case}",
                  round(51_000 / parts + draw.randint(1, 90_000) / 100 + 0.03, 2))
            for part in range(parts)
        })  # fmt: skip
    for case in range(100):
        pk = added(
            draw.randint(1, ACADEMIES),
            draw.randint(1, 300),
            f"整数{case}",
            draw.randint(1, 4) * 10_000,
        )
        found["round-sum"].append({pk})
    voided = _reused(draw, added, found)
    _rush(draw, added, found)
    pictures = _pictures(draw, number, added, found)
    with administrator.cursor() as cursor:
        # an invoice stands once: what was taken back comes first, and is reversed before the rest
        for chosen in (voided, {row[0] for row in rows} - voided):
            cursor.executemany(EXPENSE, [row for row in rows if row[0] in chosen])
            cursor.execute(REVERSED, [list(voided & chosen)])
        _look(cursor, pictures)
        _share(cursor, found)
    return found


def _reused(draw: Random, added, found) -> set[int]:
    """Invoices that were taken back as red-corrected, claimed again later by whoever; the first ones."""
    found["reinvoiced"], voided = [], set()
    for case in range(100):
        amount, invoice = draw.randint(300_000, 900_000) / 100 + 0.03, f"8{case:019}"
        first = added(
            draw.randint(1, ACADEMIES), draw.randint(1, 150), f"红冲{case}", amount, invoice
        )
        again = added(draw.randint(1, ACADEMIES), draw.randint(160, 300), f"再报{case}", amount, invoice)  # fmt: skip
        voided.add(first)
        found["reinvoiced"].append({first, again})
    return voided


def _rush(draw: Random, added, found) -> None:
    """Academies that spend most of their year in December."""
    found["year-end"] = []
    for case, academy in enumerate(draw.sample(range(1, ACADEMIES // 2), OF_EACH)):
        found["year-end"].append(
            {added(academy, 350 + case % 14, f"年末{case}", 9_000_000.07 + case)}
        )


def _share(cursor, found) -> None:
    """Of the second half of the academies: two on one account, and one on the account of one that was ended."""
    half = ACADEMIES // 2
    cursor.execute(
        "insert into academies_evaluation (academy_id, year, grade, evaluated_on, demand, closed_on, version)"
        " select a, y, 'failed', make_date(y + 1, 3, 1), '', make_date(y + 1, 4, 1), 1"
        " from generate_series(%s, %s, 2) a, generate_series(2023, 2024) y",
        [half + 2, half + 2 * OF_EACH],
    )
    cursor.execute(
        "insert into subsidies_payeeaccount (academy_id, holder, bank, account_cipher, account_mask,"
        " account_digest, reason, state, filed_by_id, filed_at, called_to)"
        " select a, '户', '行', ''::bytea, '*', sha256(((case when a <= %s then (a + 1) / 2 else a end)::text)::bytea),"
        " '新设', 'held', (select min(id) from organizations_user), now(), ''"
        " from generate_series(1, %s) a returning id, academy_id",
        [half + 2 * OF_EACH, ACADEMIES],
    )
    of = {academy: pk for pk, academy in cursor.fetchall()}
    found["shared-account"] = [{of[a]} for a in range(1, half + 2 * OF_EACH + 1)]
    cursor.execute(
        "select array_agg(id) from subsidies_expense where academy_id = any(%s) group by academy_id",
        [list(range(half + 1, half + 2 * OF_EACH, 2))],
    )
    found["revival"] = [set(ids) for (ids,) in cursor.fetchall()]


def _pictures(draw: Random, invoices: int, added, found) -> dict[int, int]:
    """Prints by expense: every voucher on the one form, sheets used twice among them.

    Of two sheets on a form some 170 bits of 1,024 differ, of one saved anew up to 20, of one scanned anew
    up to 60; that is what drawn vouchers came to (tests/intake/test_pictures.py).
    """
    form = draw.getrandbits(BITS)
    prints = {pk: form ^ _some(draw, 4) ^ _some(draw, 5) for pk in range(1, invoices + 1)}
    found["same-image"] = []
    for case in range(200):
        amount = draw.randint(300_000, 900_000) / 100 + 0.02
        seller = (draw.randint(1, ACADEMIES), draw.randint(1, 150))
        first = added(*seller, f"原件{case}", amount)
        second = added(draw.randint(1, ACADEMIES), draw.randint(160, 300), f"再用{case}",
                       amount + case % 2)  # fmt: skip
        prints[first] = form ^ _some(draw, 4) ^ _some(draw, 5)
        prints[second] = prints[first]
        for bit in draw.sample(range(BITS), 20 if case % 2 else 60):
            prints[second] ^= 1 << bit
        found["same-image"].append({first, second})
    return prints


def _some(draw: Random, rarely: int) -> int:
    """Bits of which one in two to the power of ``rarely`` is set."""
    bits = draw.getrandbits(BITS)
    for _ in range(rarely - 1):
        bits &= draw.getrandbits(BITS)
    return bits


def _look(cursor, prints: dict[int, int]) -> None:
    cursor.execute(
        "insert into workflow_attachment (id, sha256, size, filename, kind, uploaded_by_id, uploaded_at)"
        " select 1, repeat('0', 64), 1, 'x', 'png', min(id), now() from organizations_user"
    )
    cursor.execute(
        "insert into subsidies_evidence (id, expense_id, attachment_id, kind, sha256, said, added_by_id,"
        " added_at) select x.id, x.id, 1, case when x.voucher like '植-%' then 'roster' else 'voucher' end, lpad(x.id::text, 64, '0'), '', u.id, now()"
        " from subsidies_expense x, (select min(id) as id from organizations_user) u"
    )
    with cursor.copy(
        "copy subsidies_evidenceprint (evidence_id, method, position, bits) from stdin"
    ) as copy:
        for pk, bits in prints.items():
            copy.write_row((pk, METHOD, 1, f"{bits:0{BITS}b}"))


def _rosters(planted: dict[str, list[set[int]]]) -> Iterator[Goal]:
    """One call asks all nine; each of its statements is timed by itself."""
    system, taken = User.objects.system(), []

    def timed(execute, sql, params, many, context):
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            taken.append((time.perf_counter() - began, sql[:60]))

    with connection.execute_wrapper(timed):
        raised = rosters.suspicions(system, YEARS[-1])
    by_code: dict[str, set[int]] = {}
    for one in raised:
        by_code.setdefault(one.flag.code, set()).add(one.academy.pk)
    for flag in rosters.FLAGS:
        if cases := planted.get(flag.code):
            wanted = set.union(*cases)
            if flag.code == "two_places":  # both sides of a pair are told
                wanted |= {pk - 1 if pk % 2 == 0 else pk + 1 for pk in wanted}
            got = by_code.get(flag.code, set())
            yield from _counted(
                flag.title, len(wanted & got), len(wanted), len(wanted & got), len(got)
            )
    yield Goal("名册疑点，最慢的一条语句", max(taken)[0], MOST_SECONDS, " 秒")


def _money(planted: dict[str, list[set[int]]]) -> Iterator[Goal]:
    everywhere, slowest = list(Academy.objects.values_list("pk", flat=True)), 0.0
    for flag in money.FLAGS:
        began = time.perf_counter()
        hits = [set(hit.expenses or hit.accounts) for hit in money.hits(flag, everywhere)]
        took = time.perf_counter() - began
        slowest = max(slowest, took)
        print(f"  {flag.title}：{took:.2f} 秒")
        if cases := planted.get(flag.code):
            met = sum(any(len(case & hit) >= min(2, len(case)) for hit in hits) for case in cases)
            whole = set.union(*cases)
            yield from _counted(
                flag.title, met, len(cases), sum(bool(hit & whole) for hit in hits), len(hits)
            )
    yield Goal("支出疑点，最慢的一条语句", slowest, MOST_SECONDS, " 秒")


def _counted(title: str, met: int, cases: int, right: int, raised: int) -> Iterator[Goal]:
    recall, precision = met / cases, right / raised if raised else 0.0
    print(
        f"  {title}：植入 {cases}，查出 {met}（{recall:.1%}）；列出 {raised}，属实 {right}（{precision:.1%}）"
    )
    yield Goal(f"{title}，漏掉的份额", 1 - recall, 1 - LEAST_RECALL, "")
    yield Goal(f"{title}，误报的份额", 1 - precision, round(1 - LEAST_PRECISION, 3), "")
