import datetime

import pytest
from django.test import RequestFactory
from rest_framework.request import Request

from config.pagination import CappedPagination
from organizations.models import Organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def units():
    day = datetime.date(2020, 1, 1)
    top = Organization.objects.create(
        code="top", name="全国", kind="national", path="/1/", valid_from=day
    )
    Organization.objects.bulk_create(
        Organization(
            code=f"u{n}", name=f"单位{n}", kind="city", parent=top, path=f"/1/{n}/", valid_from=day
        )
        for n in range(2, 7)
    )
    return Organization.objects.exclude(pk=top.pk)


def page(rows, **query):
    pagination = CappedPagination()
    request = Request(RequestFactory().get("/api/units/", query))
    found = pagination.paginate_queryset(rows, request)
    return [row.code for row in found], pagination.get_paginated_response([]).data


def following(body, direction):
    return dict(part.split("=") for part in body[direction].partition("?")[2].split("&"))


def test_pages_lead_on_and_back_without_gap(units):
    first, body = page(units, page_size="2")
    second, after = page(units, **following(body, "next"))
    third, last = page(units, **following(after, "next"))
    again, _ = page(units, **following(after, "previous"))

    assert (first, second, third, again) == (["u2", "u3"], ["u4", "u5"], ["u6"], first)
    assert (body["previous"], last["next"], body["count"], body["count_is_capped"]) == (
        None,
        None,
        5,
        False,
    )


@pytest.mark.parametrize("asked", ["0", "-3", "many", "９", "²", "9" * 5000, "100000"])
def test_an_odd_page_size_is_answered_within_bounds(units, asked):
    assert page(units, page_size=asked)[0]


def test_a_long_list_costs_as_many_queries_as_a_short_one(units, django_assert_num_queries):
    for size in ("1", "5"):
        with django_assert_num_queries(3):
            page(units, page_size=size)
