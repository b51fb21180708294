"""Papers of a review over HTTP: who has them and what became of them; no marks, no names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action

from pages.api import DeedViewSet
from pages.tables.paging import NEWEST_FIRST
from talents.api.notes import ReasonedSerializer
from talents.filters import ReviewFilter
from talents.models import Review
from talents.rules.blinding import blind_code
from talents.selectors.reviews import papers_in_scope
from talents.workflow.taking_back import take_paper_back, waive_paper

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.response import Response
    from rest_framework.routers import BaseRouter


@extend_schema_serializer(component_name="ReviewPaper")
class PaperSerializer(serializers.ModelSerializer):
    paper = serializers.SerializerMethodField(label="人选代号")
    round = serializers.IntegerField(source="nomination.round_id", read_only=True, label="轮次")

    class Meta:
        model = Review
        fields = ("id", "round", "paper", "expert", "look", "status", "taken_at")

    def get_paper(self, row: Review) -> str:
        return blind_code(row)


class PaperViewSet(DeedViewSet):
    """评审材料在谁手中、办到哪一步；不含评分。"""

    queryset = Review.objects.none()
    serializer_class = PaperSerializer
    filterset_class = ReviewFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Review]:
        return papers_in_scope(self.user)

    @extend_schema(request=ReasonedSerializer, responses=PaperSerializer)
    @action(detail=True, methods=["post"], url_path="take-back", url_name="take-back")
    def take_back(self, request: Request, pk: str) -> Response:
        """收回尚未提交评分的材料，须写明事由；随后替补。"""
        return self.done(take_paper_back, ReasonedSerializer)

    @extend_schema(request=ReasonedSerializer, responses=PaperSerializer)
    @action(detail=True, methods=["post"])
    def waive(self, request: Request, pk: str) -> Response:
        """对无人可替补的材料决定不再补评，须写明理由；收回人不能决定。"""
        return self.done(waive_paper, ReasonedSerializer)


def register_papers(router: BaseRouter) -> None:
    router.register("review-papers", PaperViewSet, basename="reviewpaper")
