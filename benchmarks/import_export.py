"""The same workbook through django-import-export as it is usually used: a row at a time, by the ORM.

Not part of the product and not installed with it (`requirements-bench.in`); without the package this
comparison is left out. Measured on a sample and scaled: it is linear in the number of rows.
"""

import re
import time
from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec

from django.db import connection

from benchmarks import clusters
from benchmarks.clusters import ROUND_CODE, as_administrator
from benchmarks.measuring import Goal
from benchmarks.nomination_import import LEFTOVERS, OUTCOME, SHARE, imported, workbook
from config.local_services.postgres import LocalPostgres
from intake.spreadsheets.limits import FileKind
from intake.spreadsheets.reader import reading
from intake.spreadsheets.tables import first_table
from organizations.models import Organization
from organizations.names import sort_key
from talents.imports import NOMINATIONS
from talents.models import Certificate, Employment, Nomination, Person, SelectionRound
from workflow.storage import vault
from workflow.texts.folding import fold_name, fold_prose
from workflow.texts.identity import read_identity

SAMPLE = 2000
AT_LEAST = 40
LEVELS = {"高级技师": "1", "技师": "2", "高级工": "3", "": ""}
SEGMENT = re.compile(
    r" *(\d{4})[年./-](\d{1,2})月? ?[至—～-]+ ?(?:(\d{4})[年./-](\d{1,2})月?|今|现在) ?(\S*) ?(\S*?)。?$"
)
FORCES = ("leading", "practice", "innovation", "tackling", "passing")


def run(postgres: LocalPostgres, rows: int) -> Iterator[Goal]:
    if find_spec("import_export") is None:
        print("未安装 django-import-export（requirements-bench.in），略过与它的比较")
        return
    print(f"与 django-import-export 比较（{SAMPLE:,} 行，按比例折算）")
    database = clusters.filled(postgres, 0)
    clusters.use(database)
    content, big = workbook(SAMPLE, faults=0), workbook(rows // SHARE)
    selection = SelectionRound.objects.get(code=ROUND_CODE)

    def timed(work) -> tuple[float, tuple]:
        with as_administrator(postgres, database) as administrator:
            clusters.empty(administrator, LEFTOVERS)
        began = time.perf_counter()
        work()
        taken = time.perf_counter() - began
        with connection.cursor() as cursor:
            cursor.execute(OUTCOME)
            return taken, cursor.fetchone()

    _, by_product = timed(lambda: imported(content, selection))
    taken, by_package = timed(lambda: _row_by_row(content, selection))
    if by_package != by_product:
        raise SystemExit(f"结果不一致：{by_package} / {by_product}")
    product, _ = timed(lambda: imported(big, selection))
    scaled = taken * (rows // SHARE) / SAMPLE
    print(f"  逐行导入折算 {scaled:,.0f} 秒，本系统 {product:,.1f} 秒")
    yield Goal("本系统用时为 django-import-export 的", product / scaled, 1 / AT_LEAST)
    timed(lambda: None)


def _row_by_row(content: bytes, selection: SelectionRound) -> None:
    import tablib  # noqa: PLC0415 - present only where the package is
    from import_export import resources  # noqa: PLC0415

    class NominationResource(resources.ModelResource):
        """One nomination a row; the person is found or made before, the rest after."""

        class Meta:
            model = Nomination
            import_id_fields = ("round", "person")
            fields = (
                "round", "person", "unit", "post", "occupation", "skill_level",
                "certificate_number", "honours_text", "patents_count", "apprentices_count",
                "row_number", "rank", *(f"force_{force}" for force in FORCES),
            )  # fmt: skip
            skip_unchanged = True

        def before_import_row(self, row, **options):
            unit = Organization.objects.get(name=row["unit_name"])
            row.update(unit=unit.pk, round=selection.pk, person=_person(row, unit).pk)

        def after_save_instance(self, instance, row, **options):
            _segments(instance, row["career"])
            if instance.certificate_number:
                Certificate.objects.get_or_create(
                    person=instance.person,
                    number=instance.certificate_number,
                    defaults={"level": instance.certificate_number[15]},
                )

    table = tablib.Dataset(headers=list(_rows(content)[0]))
    for row in _rows(content):
        table.append(list(row.values()))
    result = NominationResource().import_data(table, raise_errors=True)
    if result.has_errors():
        raise SystemExit("django-import-export 报告了错误")


def _rows(content: bytes) -> list[dict]:
    """The cells under the names of the model's fields; reading is not what is compared."""
    with reading(content, FileKind.XLSX) as sheets:
        table = first_table(sheets, NOMINATIONS.form)
        rows = [
            dict(zip(NOMINATIONS.keys, map(fold_prose, r.values), strict=True))
            for r in table.rows()
        ]
    renamed = {
        "number": "row_number", "unit": "unit_name", "patents": "patents_count",
        "apprentices": "apprentices_count", "certificate": "certificate_number",
        "honours": "honours_text",
    }  # fmt: skip
    made = [{renamed.get(key, key): value for key, value in row.items()} for row in rows]
    return [
        {**row, "skill_level": LEVELS[row["skill_level"]], "round": "", "person": "", "unit": ""}
        for row in made
    ]


def _person(row: dict, unit: Organization) -> Person:
    identity = read_identity(row["identity"], today=date(2026, 6, 30))
    name = fold_name(row["name"])
    pinyin, initials = sort_key(name)
    return Person.objects.get_or_create(
        identity_digest=vault.digest(identity.text),
        defaults={
            "name": name,
            "name_pinyin": pinyin,
            "name_initials": initials,
            "identity_cipher": vault.encrypt(identity.text.encode()),
            "identity_mask": vault.mask_identity(identity.text),
            "sex": identity.sex,
            "birth_on": identity.birth_on,
            "phone_cipher": vault.encrypt(row["phone"].encode()),
            "organization": unit,
        },
    )[0]


def _segments(nomination: Nomination, career: str) -> None:
    for piece in re.split(r"[；;\n]", career):
        if found := SEGMENT.match(piece):
            first_year, first_month, last_year, last_month, employer, trade = found.groups()
            Employment.objects.create(
                person=nomination.person,
                nomination=nomination,
                start_month=int(first_year) * 12 + int(first_month) - 1,
                end_month=int(last_year) * 12 + int(last_month) - 1 if last_year else None,
                employer=employer,
                trade=trade,
            )
