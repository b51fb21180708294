"""What the demo's academies taught: two hand in real workbooks, the others' past is laid in whole.

A hundred thousand lines through the upload would take minutes; they are written by the statements
of ``past_training.sql``, and counted by the triggers that count everybody's.
"""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from django.core.management import call_command
from django.db import connection, transaction

from academies.models import Academy, Enrolment, Room, TrainingClass
from organizations.models import Organization
from organizations.names import sort_key
from portal.demo import training_workbook
from portal.demo.workbook import GIVEN, SURNAMES, check_character
from talents.services import newcomers
from workflow.storage import vault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

REGISTER = Path(__file__).with_name("academies.csv")
PAST = Path(__file__).with_name("past_training.sql")
YEARS = (2024, 2025, 2026)
#: Who hands in workbooks, and for which years; 2026 is left for whoever tries the demo.
BY_WORKBOOK = {"A-U01": (2024, 2025), "A-DX1": (2025,)}
#: Rooms of each of them, and the one that is too small.
ROOMS, SMALL_ROOM = 4, ("A-DX1", 4)
TRAINEES = 36_000
BORN_FROM, BIRTHDAYS = date(1964, 1, 1), 14_000
ARRIVING = """
    create temporary table demo_trainee (place int, name text, name_pinyin text, name_initials text,
      identity_cipher bytea, identity_digest bytea, identity_mask text, sex text, birth_on date,
      organization_id bigint, employer text) on commit drop
"""
COPY = """
    copy demo_trainee (place, name, name_pinyin, name_initials, identity_cipher, identity_digest,
      identity_mask, sex, birth_on, organization_id, employer) from stdin
"""
BY_DIGEST = """
    select name, name_pinyin, name_initials, identity_cipher, identity_digest, identity_mask, sex,
      birth_on, organization_id
    from demo_trainee order by identity_digest
"""
KNOWN = """
    alter table demo_trainee add person_id bigint;
    update demo_trainee t set person_id = p.id from talents_person p
    where p.identity_digest = t.identity_digest;
    create index on demo_trainee (place);
    analyze demo_trainee
"""


def load() -> tuple[int, int]:
    """Bring in what is missing; how many academies and enrolments there are now."""
    call_command("import_academies", str(REGISTER), verbosity=0)
    if not Room.objects.exists():
        _enter_rooms()
    for code, years in BY_WORKBOOK.items():
        for year in years:
            _hand_in(code, year)
    if not TrainingClass.objects.exclude(academy__code__in=BY_WORKBOOK).exists():
        _lay_in_the_past()
    return Academy.objects.count(), Enrolment.objects.count()


def _enter_rooms() -> None:
    """The rooms of those who hand in workbooks; one of them takes fewer than its classes have."""
    rows = [
        f"{code},实训楼{n},{32 if (code, n) == SMALL_ROOM else 60}"
        for code in BY_WORKBOOK
        for n in range(1, ROOMS + 1)
    ]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "培训场地登记表.csv"
        file.write_text("\n".join(["学院编码,场地名称,可容纳人数", *rows, ""]), encoding="utf-8")
        call_command("import_rooms", str(file), verbosity=0)


def _hand_in(code: str, year: int) -> None:
    """The academy's workbook of the year, uploaded and committed like any other."""
    academy = Academy.objects.select_related("host").get(code=code)
    if academy.classes.filter(year=year).exists() or academy.host is None:
        return
    brands = list(academy.brands.values_list("name", flat=True))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{academy.host.name}{year}年度培训.xlsx"
        file.write_bytes(training_workbook.of_year(academy.name, year, brands, academy.host.name))
        call_command("import_training", str(file), academy=code, year=year, verbosity=0)


@transaction.atomic
def _lay_in_the_past() -> None:
    units = Organization.objects.filter(kind="unit").order_by("code")
    employers = list(units.values_list("pk", "name"))  # nothing is asked during the copy
    with connection.cursor() as cursor:
        cursor.execute(ARRIVING)
        with cursor.copy(COPY) as rows:
            for trainee in _trainees(employers):
                rows.write_row(trainee)
        newcomers.admit(BY_DIGEST, {"batch": None})
        cursor.execute(KNOWN)
        values: dict[str, Any] = {
            "by_workbook": list(BY_WORKBOOK),
            "years": list(YEARS),
            "first_year": YEARS[0],
            "persons": TRAINEES,
        }
        cursor.execute(PAST.read_text(encoding="utf-8"), values)


def _trainees(units: Sequence[tuple[int, str]]) -> Iterator[tuple[object, ...]]:
    """Workers of the city's units; their numbers lie in an unassigned county, so are nobody's."""
    random = Random(20240601)  # noqa: S311 - demo data, the same every time
    keys: dict[str, tuple[str, str]] = {}
    for place in range(1, TRAINEES + 1):
        name = random.choice(SURNAMES) + "".join(random.sample(GIVEN, random.choice((1, 2, 2))))
        pinyin = keys.setdefault(name, sort_key(name))
        born = BORN_FROM + timedelta(days=place * 7919 % BIRTHDAYS)
        sequence = 500 + place // BIRTHDAYS * 2 + place % 2
        body = f"110199{born:%Y%m%d}{sequence:03}"
        identity = body + check_character(body)
        unit, employer = units[place * 11 % len(units)]
        yield (
            place, name, *pinyin, vault.encrypt(identity.encode()), vault.digest(identity),
            vault.mask_identity(identity), "1" if sequence % 2 else "2", born, unit, employer,
        )  # fmt: skip
