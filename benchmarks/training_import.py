"""A hundred thousand lines of a roster to enrolments, against bare reading, COPY and SQL.

The floor keeps identity numbers in the clear, in the same tables under the same constraints, and
keeps no counts; it names the same faults. The product adds guard, child process, encryption, keyed
digests, names' pinyin, a staging table that survives, messages, and the counts of the year.
"""

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db import connection, transaction
from python_calamine import CalamineWorkbook

from academies.imports import CLASSES, ROSTER, TRAINING
from academies.imports.subjects import YearSubject
from academies.models import Academy
from academies.selectors.recount import differences
from academies.services.academies import register_academy
from benchmarks import clusters
from benchmarks.clusters import as_administrator
from benchmarks.measuring import Goal, alternately, memory_growth, ratio
from config.local_services.postgres import LocalPostgres
from intake import services
from organizations.models import Organization, User

SHARE = 10  # of the rows other benches work on
YEAR = 2025
MOST_RATIO = 2.0
MOST_GROWTH = 200
HEADER_LINES = 2
ROWS_A_WRITE = 1000
FLOOR = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
MAKE_WORKBOOK = """
import sys
from tests.academies.books import many
sys.stdout.buffer.write(many(int(sys.argv[1])))
"""
LEFTOVERS = (
    "academies_enrolment", "academies_trainingclass", "academies_academyyear",
    "academies_academyyearperson", "talents_person", "intake_importbatch", "workflow_attachment",
)  # fmt: skip
FAULTS = "SELECT line, code FROM intake_importfinding WHERE batch_id = %s ORDER BY 1, 2"
FLOOR_FAULTS = "SELECT line, code FROM faults ORDER BY 1, 2"
OUTCOME = """
    SELECT (SELECT count(*) FROM talents_person), (SELECT count(*) FROM academies_trainingclass),
      count(*), count(distinct person_id), count(*) FILTER (WHERE is_upgraded), sum(attendance)
    FROM academies_enrolment
"""
COUNTING = "ALTER TABLE academies_{} {} TRIGGER USER"


def run(postgres: LocalPostgres, rows: int) -> Iterator[Goal]:
    count = rows // SHARE
    print(f"导入 {count:,} 行的学员名册")
    database = clusters.filled(postgres, 0)
    clusters.use(database)
    content = _workbook(count)
    academy = _academy()

    def emptied(*, counting: str) -> None:
        with as_administrator(postgres, database) as administrator:
            clusters.empty(administrator, LEFTOVERS)
            for table in ("enrolment", "trainingclass"):
                administrator.execute(COUNTING.format(table, counting))

    def floor() -> Iterator[None]:
        emptied(counting="DISABLE")
        yield
        _floor(content, academy)

    def product() -> Iterator[None]:
        emptied(counting="ENABLE")
        yield
        _product(content, academy)

    emptied(counting="DISABLE")
    by_floor = _floor(content, academy)
    emptied(counting="ENABLE")
    with memory_growth() as growth:
        by_product = _product(content, academy)
    if by_floor != by_product or differences():
        raise SystemExit(_difference(by_floor, by_product))
    print(f"  两者结果一致：{by_product[0]}，问题 {len(by_product[1]):,} 处")
    timings = alternately(floor=floor, product=product)
    yield ratio(
        f"导入名册 {count:,} 行（含加密与统计）", timings["product"], timings["floor"], MOST_RATIO
    )
    yield Goal("导入名册时进程内存增长", growth[0], MOST_GROWTH + len(content) / (1 << 20), " MiB")
    emptied(counting="ENABLE")


def _workbook(count: int) -> bytes:
    """Made in a process of its own, so that its memory does not count as ours."""
    made = subprocess.run(
        [sys.executable, "-c", MAKE_WORKBOOK, str(count)],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        check=True,
    )
    return made.stdout


def _academy() -> Academy:
    found = Academy.objects.filter(code="BENCH").first()
    if found is not None:
        return found
    facts = {
        "name": "基准工匠学院",
        "tier": Academy.Tier.CAPITAL,
        "host": None,
        "supervising_union": Organization.objects.get(code="BJ"),
        "designated_on": date(2022, 9, 15),
    }
    return register_academy("BENCH", facts, brands=("焊工",), actor=User.objects.system())


def _product(content: bytes, academy: Academy) -> tuple:
    actor = User.objects.system()
    subject = YearSubject(academy, YEAR)
    upload = services.Upload(content, "培训.xlsx", subject, academy.organization, actor)
    file = services.receive_whole(upload, TRAINING)
    services.commit(file.batch.pk, actor=actor)
    faults = [fault for batch in file.batches for fault in _fetched(FAULTS, [batch.pk])]
    return _fetched(OUTCOME)[0], faults


def _floor(content: bytes, academy: Academy) -> tuple:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    special = re.compile(r"[\\\t\n\r]")
    escapes = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
    values = {"academy": academy.pk, "year": YEAR, "organization": academy.organization_id}
    with transaction.atomic(), connection.cursor() as cursor:
        *creates, rest = FLOOR.split(";\n\n", 2)
        for create in creates:
            cursor.execute(create)
        for name, table in ((CLASSES.form.name, "stage_class"), (ROSTER.form.name, "stage")):
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                lines = []
                for line, row in enumerate(book.get_sheet_by_name(name).iter_rows(), start=1):
                    if line <= HEADER_LINES:
                        continue
                    text = "\t".join(
                        str(int(v)) if isinstance(v, float)
                        else special.sub(lambda m: escapes[m[0]], v) if isinstance(v, str)
                        else str(v)
                        for v in row
                    )  # fmt: skip
                    lines.append(f"{line}\t{text}\n")
                    if len(lines) == ROWS_A_WRITE:
                        copy.write("".join(lines))
                        lines.clear()
                copy.write("".join(lines))
        for statement in rest.split(";\n\n"):
            cursor.execute(statement, values)
        cursor.execute(FLOOR_FAULTS)
        faults = cursor.fetchall()
    return _fetched(OUTCOME)[0], faults


def _fetched(query: str, values: list | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def _difference(floor: tuple, product: tuple) -> str:
    only = sorted(set(floor[1]) - set(product[1]))[:5], sorted(set(product[1]) - set(floor[1]))[:5]
    return (
        f"结果不一致：{floor[0]} / {product[0]}；只在基线 {only[0]}，只在产品 {only[1]}；"
        f"统计与重数不符 {differences()}"
    )
