"""Contests at the size of a city's year: the board of one item, its participations, the public board.

The board's floor sums the same marks without looking who stands, what is superseded or what is
missing. Participations are spread over the contests of a year along its chains, each row naming its
item; their floor keeps identity numbers in the clear, in the same tables under the same constraints. The public board of ten thousand lines must cost what that of a hundred costs.
"""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from benchmarks import clusters
from benchmarks.clusters import as_administrator
from benchmarks.measuring import Goal, alternately, ratio
from competitions import workflow
from competitions.imports import PARTICIPATIONS
from competitions.imports.entrants import YearSubject
from competitions.imports.form import PARTICIPATIONS as FORM
from competitions.models import Competition, Item
from competitions.rules.editions import edition_for
from competitions.selectors.board import board_of
from config.local_services.postgres import LocalPostgres
from intake import services
from organizations.models import Organization, User
from pages.documents import write_table
from tests.talents.rosters import check_character

ENTRIES, ASPECTS, SEATS, SMALL = 10_000, 20, 3, 100
SHARE, OF = 6, 10  # of the rows other benches work on: 600,000 of a million
CONTESTS, CHAINS, YEAR = 1_000, 16, 2026
MOST_BOARD, MOST_IMPORT, MOST_PUBLIC = 2.0, 2.0, 1.2
MOST_QUERIES, VISITS = 6, 4
GIVEN = "甲乙丙丁戊己庚辛壬癸"
PEOPLE = """
INSERT INTO talents_person (name, name_pinyin, name_initials, identity_cipher, identity_digest,
    identity_mask, sex, birth_on, ethnicity, education, political_status, organization_id)
SELECT '选手' || g, '', '', '\\x00', sha256(int8send(%(item)s * 1000000 + g)), '110199************', '1',
    null, '', '', '', %(body)s
FROM generate_series(1, %(count)s) g
"""
ENTERED = """
INSERT INTO competitions_entry (item_id, number, person_id, employer, team, state, version)
SELECT %(item)s, lpad(row_number() over (order by id)::text, 6, '0'), id, '示例公司', '', 'entered', 1
FROM (SELECT id FROM talents_person ORDER BY id DESC LIMIT %(count)s) p
"""
SCHEME = """
WITH scheme AS (
  INSERT INTO competitions_scheme (item_id, number, reason, tie_order, created_at)
  VALUES (%(item)s, 1, '', '{}', now()) RETURNING id
)
INSERT INTO competitions_aspect (scheme_id, position, module, code, title, method, maximum, seats, benchmarks,
  standard)
SELECT id, g, '', 'B' || g, '', 'judgement', 5, %(seats)s, '{}', '' FROM scheme, generate_series(1, %(aspects)s) g
"""
MARKS = """
INSERT INTO competitions_mark (entry_id, aspect_id, seat, value, is_superseded, given_at)
SELECT e.id, a.id, s, (e.id * 7919 + a.id * 31 + s) %% 4, false, now()
FROM competitions_entry e, competitions_aspect a, generate_series(1, %(seats)s) s
WHERE e.item_id = %(item)s AND a.scheme_id = (SELECT id FROM competitions_scheme WHERE item_id = %(item)s)
ORDER BY e.id, a.id, s
"""
BARE_BOARD = """
SELECT entry_id, sum(m.value * a.maximum / (3 * a.seats)) total FROM competitions_mark m
JOIN competitions_aspect a ON a.id = m.aspect_id GROUP BY entry_id ORDER BY total DESC
"""
PUBLISHED = """
WITH board AS (
  INSERT INTO competitions_board (item_id, number, scheme_id, reason, digest, published_at, published_by_id)
  SELECT %(item)s, 1, id, '', repeat('0', 64), now(), %(user)s FROM competitions_scheme
  WHERE item_id = %(item)s RETURNING id
)
INSERT INTO competitions_boardline (board_id, entry_id, rank, total, medal, number, name, employer, team,
  modules)
SELECT board.id, e.id, row_number() over (order by e.id), 90, '', e.number, '选手', '示例公司', '', '{}'
FROM board, competitions_entry e WHERE e.item_id = %(item)s
"""
LISTED = ("item", "name", "identity", "employer", "level", "since", "team")
STAGE = """
CREATE TEMPORARY TABLE stage (line int, item text, name text, identity text, employer text, level text, since text,
  team text) ON COMMIT DROP
"""
FLOOR = (
    """
INSERT INTO talents_person (name, name_pinyin, name_initials, identity_cipher, identity_digest,
  identity_mask, sex, birth_on, ethnicity, education, political_status, organization_id)
SELECT DISTINCT ON (identity) name, '', '', convert_to(identity, 'UTF8'), convert_to(identity, 'UTF8'),
  left(identity, 6), '1', substr(identity, 7, 8)::date, '', '', '', %(body)s
FROM stage ORDER BY identity, line ON CONFLICT (identity_digest) DO NOTHING
""",
    """
INSERT INTO competitions_entry (item_id, number, person_id, employer, present_level, in_city_since, team,
  state, version)
SELECT i.id, '', p.id, s.employer, '3', s.since::date, s.team, 'entered', 1
FROM stage s JOIN talents_person p ON p.identity_digest = convert_to(s.identity, 'UTF8')
JOIN competitions_item i ON i.code = s.item
ORDER BY s.line ON CONFLICT DO NOTHING
""",
)
LEFTOVERS = ("competitions_entry", "talents_person", "intake_importbatch", "workflow_attachment")
OUTCOME = """
SELECT count(*), count(distinct e.person_id), count(distinct c.id), count(distinct c.chain)
FROM competitions_entry e JOIN competitions_item i ON i.id = e.item_id
JOIN competitions_competition c ON c.id = i.competition_id
WHERE i.code LIKE 'BENCH-P%%'
"""


def run(postgres: LocalPostgres, rows: int) -> Iterator[Goal]:
    database = clusters.filled(postgres, 0)
    clusters.use(database)
    small, large = (_judged(code, count) for code, count in (("S", SMALL), ("L", ENTRIES)))
    yield from _board(large)
    yield from _public_board(small, large)
    yield from _participations(postgres, database, rows * SHARE // OF)


def _item(code: str) -> Item:
    city = Organization.objects.get(code="BJ")
    contest = Competition.objects.create(
        code=f"BENCH-{code}", name="基准竞赛", level="city", year=2026, organizer=city
    )
    return Item.objects.create(competition=contest, code=f"BENCH-{code}", name="基准项目")


def _judged(code: str, count: int) -> Item:
    """An item of ``count`` entries, each with twenty aspects judged by three."""
    item = _item(code)
    values = {
        "item": item.pk, "body": item.competition.organizer_id, "count": count, "seats": SEATS,
        "aspects": ASPECTS, "user": User.objects.system().pk,
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (PEOPLE, ENTERED, SCHEME, MARKS, PUBLISHED):
            cursor.execute(statement, values)
    workflow.announce(item.competition_id, actor=User.objects.system())
    with connection.cursor() as cursor:
        cursor.execute(
            "analyze competitions_mark; analyze competitions_entry; analyze talents_person"
        )
    return item


def _board(item: Item) -> Iterator[Goal]:
    print(f"成绩榜：{ENTRIES:,} 名 × {ASPECTS} 个评分点 × {SEATS} 名裁判")
    with CaptureQueriesContext(connection) as queries:
        if len(board_of(item)) != ENTRIES:
            raise SystemExit("成绩榜不全")
    yield Goal("成绩榜：查询", len(queries), 1, unit=" 次")

    def product() -> Iterator[None]:
        yield
        board_of(item)

    def floor() -> Iterator[None]:
        yield
        with connection.cursor() as cursor:
            cursor.execute(BARE_BOARD)
            cursor.fetchall()

    times = alternately(floor=floor, product=product)
    yield ratio("成绩榜一次算出", times["product"], times["floor"], MOST_BOARD)


def _public_board(small: Item, large: Item) -> Iterator[Goal]:
    """As often as it is read: the lines come from the cache, a page of them at a time."""
    client = Client()
    addresses = {item: reverse("competitions:board", args=[item.code]) for item in (small, large)}
    cache.clear()
    for address in addresses.values():
        client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(addresses[large])
    yield Goal("公开成绩榜：查询", len(queries), MOST_QUERIES, unit=" 次")

    def visits(item: Item) -> Iterator[None]:
        yield
        for _ in range(VISITS):
            client.get(addresses[item])

    times = alternately(small=partial(visits, small), large=partial(visits, large))
    yield ratio("公开成绩榜：大小之比", times["large"], times["small"], MOST_PUBLIC)


def _participations(postgres: LocalPostgres, database: str, count: int) -> Iterator[Goal]:
    print(f"导入 {count:,} 人次参赛名单")
    content = _lists(count)

    _year_planned()

    def emptied() -> None:
        with as_administrator(postgres, database) as administrator:
            clusters.empty(administrator, LEFTOVERS)

    def floor() -> Iterator[None]:
        emptied()
        yield
        _floor(content)

    def product() -> Iterator[None]:
        emptied()
        yield
        _product(content)

    outcomes = []
    for import_ in (_floor, _product):
        emptied()
        outcomes.append(import_(content))
    if outcomes[0] != outcomes[1] or outcomes[0][0] != count:
        raise SystemExit(f"结果不一致：{outcomes}")
    print("  人次 {:,}，人 {:,}，竞赛 {:,} 场，产业链 {} 条".format(*outcomes[0]))
    times = alternately(floor=floor, product=product)
    yield ratio(f"导入参赛 {count:,} 人次（含加密）", times["product"], times["floor"], MOST_IMPORT)
    emptied()


def _year_planned() -> None:
    """The contests of the year along its chains, an item each, held by the rules of the year."""
    call_command("load_policies", verbosity=0)
    city, rules = Organization.objects.get(code="BJ"), edition_for(YEAR)
    contests = Competition.objects.bulk_create(
        Competition(
            code=f"BENCH-C{n}", name=f"第{n}场竞赛", level="city", year=YEAR, organizer=city,
            chain=f"第{n % CHAINS + 1}产业链", edition=rules,
        )
        for n in range(CONTESTS)
    )  # fmt: skip
    Item.objects.bulk_create(
        Item(competition=contest, code=f"BENCH-P{n}", name=f"第{n}项")
        for n, contest in enumerate(contests)
    )


def _lists(count: int) -> list[bytes]:
    """A workbook for each chain, with all who take part along it."""
    headings = [column.header for column in FORM.columns if column.key in LISTED]
    books = []
    for chain in range(CHAINS):
        places = (place for place in range(count) if place % CONTESTS % CHAINS == chain)
        with write_table(headings, map(_line, places), title="") as book:
            books.append(book.read())
    return books


def _line(place: int) -> list[str]:
    day = date(1970, 1, 1).toordinal() + place // 400
    body = f"110199{date.fromordinal(day):%Y%m%d}{place % 400 + 100:03}"
    identity = f"{body}{check_character(body)}"
    item = f"BENCH-P{place % CONTESTS}"
    return [
        item,
        f"张{GIVEN[place % len(GIVEN)]}",
        identity,
        "示例公司",
        "高级工",
        "2015-03-01",
        "",
    ]


def _product(books: list[bytes]) -> tuple:
    """Each list is read while the one before it is filed, as by the worker and whoever commits."""
    actor = User.objects.system()
    subject = YearSubject(YEAR)
    city = Organization.objects.get(code="BJ")

    def read(book: bytes) -> int:
        upload = services.Upload(book, "参赛名单.xlsx", subject, city, actor)
        try:
            return services.receive_whole(upload, PARTICIPATIONS).batch.pk
        finally:
            connection.close()  # of this thread

    with ThreadPoolExecutor(1) as worker:
        for batch in [worker.submit(read, book) for book in books]:
            services.commit(batch.result(), actor=actor)
    return _outcome()


def _floor(books: list[bytes]) -> tuple:
    city = Organization.objects.get(code="BJ").pk
    for book in books:
        _copied(book, city)
    return _outcome()


def _copied(book: bytes, city: int) -> None:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STAGE)
        with cursor.copy("COPY stage FROM STDIN") as copy:
            for line, row in enumerate(sheet.iter_rows()):
                if line:
                    copy.write("\t".join([str(line), *map(str, row)]) + "\n")
        for statement in FLOOR:
            cursor.execute(statement, {"body": city})


def _outcome() -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(OUTCOME, [])
        return cursor.fetchone()
