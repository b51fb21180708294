import base64
import datetime

import pytest
from django.db import connection
from django.db.models import F, IntegerField, Value
from django.db.models.functions import NullIf
from django.test.utils import CaptureQueriesContext

from organizations.models import Organization
from pages.tables.paging import NEWEST_FIRST, OLDEST_FIRST, Key, Order, page_by, page_of, streamed

pytestmark = pytest.mark.django_db

DAY = datetime.date(2020, 1, 1)
#: Name, until when: two of a name, two of a day, three without one.
BODIES = [("丙", 3), ("甲", None), ("乙", 1), ("甲", 3), ("", None), ("丁", 2), ("戊", None)]


@pytest.fixture
def bodies():
    top = Organization.objects.create(
        code="top", name="全国", kind="national", path="/1/", valid_from=DAY
    )
    for number, (name, days) in enumerate(BODIES, 2):
        until = None if days is None else DAY + datetime.timedelta(days)
        Organization.objects.create(
            code=f"u{number}",
            name=name,
            kind="city",
            parent=top,
            path=f"/1/{number}/",
            valid_from=DAY,
            valid_until=until,
        )
    rows = Organization.objects.exclude(pk=top.pk).select_related("parent")
    length = NullIf(F("pk") % 3, Value(0), output_field=IntegerField())
    return rows.annotate(third=length)


ORDERS = {
    "key": OLDEST_FIRST,
    "key, downward": NEWEST_FIRST,
    "name": Order("name"),
    "name, downward": Order("name", descending=True),
    "end": Order("valid_until"),
    "end, downward": Order("valid_until", descending=True),
    "parent's name": Order("parent__name"),
    "annotation": Order("third"),
    "annotation, downward": Order("third", descending=True),
}
each_order = pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)


def in_order(rows, order):
    """What the database is asked for, told once more in Python."""

    def value(row):
        return row.parent.name if order.by == "parent__name" else getattr(row, order.by or "pk")

    filled = sorted(
        (row for row in rows if value(row) is not None),
        key=lambda row: (value(row), row.pk),
        reverse=order.descending,
    )
    empty = sorted(
        (row for row in rows if value(row) is None),
        key=lambda row: row.pk,
        reverse=order.descending,
    )
    return [row.code for row in (*filled, *empty)]


def leafed(rows, order, size, **start):
    """Codes by page, from ``start`` to the end it leads to."""
    way = "following" if "before" not in start else "previous"
    pages, query = [], start
    while query is not None:
        page = page_of(rows, query, order=order, size=size)
        pages.append([row.code for row in page.rows])
        cursor = getattr(page, way)
        query = {"after" if way == "following" else "before": cursor} if cursor else None
    return pages, page


@each_order
@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
def test_pages_lead_through_all_rows_in_order_and_back(bodies, order, size):
    expected = in_order(bodies, order)

    onward, last = leafed(bodies, order, size)

    assert [code for page in onward for code in page] == expected
    if last.previous:
        back, _ = leafed(bodies, order, size, before=last.previous)
        assert [*back[::-1], onward[-1]] == onward


@each_order
def test_an_export_brings_all_rows_in_order(bodies, order, monkeypatch):
    monkeypatch.setattr("pages.tables.paging.CHUNK_SIZE", 2)

    assert [row.code for row in streamed(bodies, order=order)] == in_order(bodies, order)


@pytest.mark.parametrize("rows", [1, 6])
def test_an_export_asks_for_keys_once_and_for_each_chunk_of_rows(
    bodies, rows, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr("pages.tables.paging.CHUNK_SIZE", 3)
    some = bodies.filter(code__in=[f"u{n}" for n in range(2, 2 + rows)])

    with django_assert_num_queries(1 + -(-rows // 3)):
        assert len(list(streamed(some))) == rows


def packed(text):
    return base64.urlsafe_b64encode(text.encode()).decode()


ODD = [
    "nonsense", "²", "9" * 30, "9" * 5000, "1-", "1-x", "1.", "1.%%%", "1.A", "-", ".", "x.y",
    f"1.{packed('nonsense')}", f"1.{packed('2020-13-45')}", f"{'9' * 30}.{packed('2020-01-01')}",
    "1." + base64.urlsafe_b64encode(b"\xff\xfe").decode(), f"1.{packed('9' * 5000)}",
]  # fmt: skip


@pytest.mark.parametrize("cursor", ODD)
@pytest.mark.parametrize("by", ["", "valid_from", "parent_id", "third"])
def test_a_cursor_nobody_was_given_leads_to_the_first_page(bodies, by, cursor):
    order = Order(by)
    if order.key(cursor, bodies) is not None:
        pytest.skip("a place in this order, if an odd one")

    for way in ("after", "before"):
        page = page_of(bodies, {way: cursor}, order=order, size=2)
        assert [row.code for row in page.rows] == in_order(bodies, order)[:2]
        assert page.previous == ""


@pytest.mark.parametrize("cursor", [f"1.{packed('甲' + chr(0))}", "1-"])
def test_a_value_no_row_can_have_leads_to_the_first_page(bodies, cursor):
    page = page_of(bodies, {"after": cursor}, order=Order("name"), size=2)

    assert [row.code for row in page.rows] == in_order(bodies, Order("name"))[:2]


def test_keys_are_found_without_what_the_rows_show(bodies):
    with CaptureQueriesContext(connection) as queries:
        rows = page_of(bodies, {}, order=Order("name"), size=2, counts=False).rows

    keys, shown = (query["sql"] for query in queries)
    assert "JOIN" not in keys
    assert "NULLIF" not in keys
    assert (
        f"IN ({', '.join(str(row.pk) for row in sorted(rows, key=lambda r: r.pk))})" in shown
        or (f"IN ({', '.join(str(row.pk) for row in rows)})" in shown)
    )


@each_order
def test_a_page_says_how_many_rows_there_are(bodies, order, monkeypatch):
    def told(rows=bodies, query=(), **options):
        return str(page_of(rows, dict(query), order=order, **options).count)

    last = leafed(bodies, order, 3)[1]
    beyond = {"after": order.cursor(Key(2**40, "龥" if order.by == "name" else None))}
    assert told() == told(query={"before": last.previous}, size=2) == told(size=2) == "7"
    assert told(bodies.none()) == told(bodies.filter(code="u99")) == "0"
    assert (told(counts=False), told(counts=False, size=2)) == ("7", "2+")
    if order.by in {"", "name"} and not order.descending:
        assert page_of(bodies, beyond, order=order).rows == []
        assert told(query=beyond) == "7"
    monkeypatch.setattr("pages.tables.paging.MOST_COUNTED", 4)
    assert page_of(bodies, {}, order=order).count.number == 5


@pytest.mark.parametrize("order", [OLDEST_FIRST, Order("name")])
def test_a_page_with_its_count_takes_two_queries(bodies, order, django_assert_num_queries):
    for size in (2, 50):
        with django_assert_num_queries(2):
            page_of(bodies, {}, order=order, size=size)


def test_a_row_that_left_the_list_meanwhile_is_left_out(bodies):
    def keys(start=None, *, backward=False, most):
        found = OLDEST_FIRST.keys(bodies, start, backward=backward, most=most)
        Organization.objects.filter(pk=found.found[0].pk).delete()
        return found

    page = page_by(keys, bodies, {}, size=2)

    assert [row.code for row in page.rows] == ["u3"]
    assert [row.code for row in page_of(bodies, {"after": page.following}, size=2).rows] == [
        "u4",
        "u5",
    ]
