"""API lists: pages by key and a count that stops at a cap, so a long list costs what a short does."""

from typing import Any

from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

from pages.readings import count_read
from pages.tables.paging import OLDEST_FIRST, PAGE_SIZE, page_of
from workflow.texts.numbers import natural

LARGEST_PAGE = 200


class CappedPagination(BasePagination):
    """`?after=KEY` and `?before=KEY` turn pages; `?page_size=` asks for up to 200 rows."""

    display_page_controls = False

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any]:
        self.address = request.build_absolute_uri()
        self.page = page_of(
            queryset,
            request.query_params,
            order=getattr(view, "order", OLDEST_FIRST),
            size=self.requested_size(request.query_params.get("page_size", "")),
        )
        count_read(request.user, queryset.model, len(self.page.rows))
        return self.page.rows

    @staticmethod
    def requested_size(text: str) -> int:
        size = natural(text)
        return PAGE_SIZE if size is None else min(max(size, 1), LARGEST_PAGE)

    def turn(self, parameter: str, key: str) -> str | None:
        if not key:
            return None
        bare = remove_query_param(remove_query_param(self.address, "after"), "before")
        return replace_query_param(bare, parameter, key)

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "count": self.page.count.number,
                "count_is_capped": self.page.count.is_capped,
                "next": self.turn("after", self.page.following),
                "previous": self.turn("before", self.page.previous),
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["count", "count_is_capped", "results"],
            "properties": {
                "count": {"type": "integer", "description": "行数；达到上限后不再往下数"},
                "count_is_capped": {"type": "boolean"},
                "next": address,
                "previous": address,
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        described = {
            "after": ("string", "上一页给出的游标：取其后的行"),
            "before": ("string", "取游标之前的行"),
            "page_size": ("integer", f"每页行数，最多 {LARGEST_PAGE}"),
        }
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": text,
                "schema": {"type": kind},
            }
            for name, (kind, text) in described.items()
        ]
