"""A hundred thousand rows of the 汇总表 to stored nominations, against bare reading, COPY and SQL.

The floor keeps identity numbers in the clear, in the same tables under the same constraints; it
names the same faults. The product adds guard, child process, encryption, keyed digests, names'
pinyin, a staging table that survives, and messages.
"""

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.db import connection, transaction
from python_calamine import CalamineWorkbook

from benchmarks import clusters
from benchmarks.clusters import ROUND_CODE, as_administrator
from benchmarks.measuring import Goal, alternately, memory_growth, ratio
from config.local_services.postgres import LocalPostgres
from intake import services
from intake.services import Upload
from organizations.models import Organization, User
from talents.imports import NOMINATIONS
from talents.imports.filing import CHILDHOOD
from talents.imports.rounds import RoundSubject
from talents.models import SelectionRound
from talents.models.persons import MONTHS_A_YEAR

SHARE = 10  # of the rows other benches work on
MOST_RATIO = 2.0
MOST_GROWTH = 200
HEADER_LINES = 4
FAULTY = 0.01
MOST_EXACT, LOST = 10**15, "?"
ROWS_A_WRITE = 1000
FLOOR = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
MAKE_WORKBOOK = """
import sys
from tests.talents.rosters import Maker, as_xlsx
count, units, faults = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
known = [(f"第{n}公司", "") for n in range(units)]
roster = Maker(2026, known, clean=True, faults=faults).roster(count)
sys.stdout.buffer.write(as_xlsx(roster))
"""
LEFTOVERS = ("talents_person", "intake_importbatch", "workflow_attachment")
FAULTS = "SELECT line, code FROM intake_importfinding ORDER BY 1, 2"
FLOOR_FAULTS = "SELECT line, code FROM faults ORDER BY 1, 2"
OUTCOME = """
    SELECT (SELECT count(*) FROM talents_person), (SELECT count(*) FROM talents_nomination),
      (SELECT count(*) FROM talents_certificate), count(*), sum(start_month), sum(end_month)
    FROM talents_employment
"""


def run(postgres: LocalPostgres, rows: int) -> Iterator[Goal]:
    count = rows // SHARE
    print(f"导入 {count:,} 行的汇总表")
    database = clusters.filled(postgres, 0)
    clusters.use(database)
    content = workbook(count)
    selection = SelectionRound.objects.get(code=ROUND_CODE)

    def emptied() -> None:
        with as_administrator(postgres, database) as administrator:
            clusters.empty(administrator, LEFTOVERS)

    def floor() -> Iterator[None]:
        emptied()
        yield
        _floor(content, selection)

    def product() -> Iterator[None]:
        emptied()
        yield
        imported(content, selection)

    emptied()
    by_floor = _floor(content, selection)
    emptied()
    with memory_growth() as growth:
        by_product = imported(content, selection)
    if by_floor != by_product:
        raise SystemExit(_difference(by_floor, by_product))
    print(f"  两者结果一致：{by_product[0]}，问题 {len(by_product[1]):,} 处")
    timings = alternately(floor=floor, product=product)
    yield ratio(f"导入 {count:,} 行（含加密）", timings["product"], timings["floor"], MOST_RATIO)
    yield Goal("导入时进程内存增长", growth[0], MOST_GROWTH + len(content) / (1 << 20), unit=" MiB")
    emptied()


def workbook(count: int, *, faults: float = FAULTY) -> bytes:
    """Made in a process of its own, so that its memory does not count as ours."""
    made = subprocess.run(
        [sys.executable, "-c", MAKE_WORKBOOK, *map(str, (count, clusters.UNITS, faults))],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        check=True,
    )
    return made.stdout


def imported(content: bytes, selection: SelectionRound) -> tuple:
    upload = Upload(
        content,
        "汇总表.xlsx",
        RoundSubject(selection),
        selection.organizer,
        User.objects.system(),
    )
    receipt = services.receive_whole(upload, NOMINATIONS)
    services.commit(receipt.batch.pk, actor=upload.actor)
    return _fetched(OUTCOME)[0], _fetched(FAULTS)


def _floor(content: bytes, selection: SelectionRound) -> tuple:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    city = Organization.objects.get(pk=selection.organizer_id)
    values = {
        "round": selection.pk,
        "within": f"{city.path}%",
        "childhood": CHILDHOOD * MONTHS_A_YEAR,
    }
    special = re.compile(r"[\\\t\n\r]")
    escapes = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
    with transaction.atomic(), connection.cursor() as cursor:
        create, *statements = FLOOR.split(";\n\n")
        cursor.execute(create)
        with cursor.copy("COPY stage FROM STDIN") as copy:
            lines = []
            for line, row in enumerate(sheet.iter_rows(), start=1):
                if line <= HEADER_LINES or not isinstance(row[0], float):
                    continue
                text = "\t".join(
                    str(int(v)) if isinstance(v, float) and v < MOST_EXACT
                    else special.sub(lambda m: escapes[m[0]], v) if isinstance(v, str)
                    else LOST if isinstance(v, float) else str(v)
                    for v in row
                )  # fmt: skip
                lines.append(f"{line}\t{text}\n")
                if len(lines) == ROWS_A_WRITE:
                    copy.write("".join(lines))
                    lines.clear()
            copy.write("".join(lines))
        for statement in statements:
            cursor.execute(statement, values)
        cursor.execute(FLOOR_FAULTS)
        faults = cursor.fetchall()
    return _fetched(OUTCOME)[0], faults


def _fetched(query: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def _difference(floor: tuple, product: tuple) -> str:
    only = sorted(set(floor[1]) - set(product[1]))[:5], sorted(set(product[1]) - set(floor[1]))[:5]
    return f"结果不一致：{floor[0]} / {product[0]}；只在基线 {only[0]}，只在产品 {only[1]}"
