"""Contests, items, entrants, boards and proposals over HTTP: the scope of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response  # noqa: TC002 - the schema reads it

from competitions.filters import (
    AwardFilter,
    BoardFilter,
    CompetitionFilter,
    EntryFilter,
    ItemFilter,
    PromotionFilter,
)
from competitions.models import Award, Board, BoardLine, Competition, Entry, Item, Promotion
from competitions.selectors.awards import awards_in_scope
from competitions.selectors.competitions import (
    boards_in_scope,
    competitions_in_scope,
    entries_in_scope,
    items_in_scope,
    lines_in_scope,
    promotions_in_scope,
)
from pages.api import CodeField, ReadingViewSet
from pages.tables.paging import NEWEST_FIRST, OLDEST_FIRST

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter


class CompetitionSerializer(serializers.ModelSerializer):
    organizer = CodeField(label="主办单位编码")

    class Meta:
        model = Competition
        fields = (
            "id", "code", "name", "level", "contest_class", "year", "organizer", "chain",
            "document_number", "starts_on", "ends_on", "entries_from", "entries_until", "state",
            "version",
        )  # fmt: skip


class ItemSerializer(serializers.ModelSerializer):
    competition = CodeField(label="竞赛编码")

    class Meta:
        model = Item
        fields = (
            "id", "competition", "code", "name", "occupation", "occupation_code", "group",
            "team_size", "stage", "follows", "places", "starts_on", "ends_on", "venue", "state",
            "version",
        )  # fmt: skip


@extend_schema_serializer(component_name="ContestEntry")
class EntrySerializer(serializers.ModelSerializer):
    item = CodeField(label="项目编码")
    name = serializers.CharField(source="person.name", read_only=True, label="姓名")
    identity_mask = serializers.CharField(
        source="person.identity_mask", read_only=True, label="公民身份号码（掩码）"
    )

    class Meta:
        model = Entry
        fields = (
            "id", "item", "number", "person", "name", "identity_mask", "employer",
            "present_level", "in_city_since", "team", "captain", "state", "version",
        )  # fmt: skip


class BoardLineSerializer(serializers.ModelSerializer):
    class Meta:
        model = BoardLine
        fields = ("rank", "number", "team", "name", "employer", "total", "medal", "modules")


class BoardSerializer(serializers.ModelSerializer):
    item = CodeField(label="项目编码")

    class Meta:
        model = Board
        fields = ("id", "item", "number", "reason", "digest", "published_at")


class PromotionSerializer(serializers.ModelSerializer):
    item = CodeField(label="项目编码")
    name = serializers.CharField(source="person.name", read_only=True, label="姓名")
    certificate: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="number", read_only=True, label="证书编号"
    )

    class Meta:
        model = Promotion
        fields = (
            "id", "item", "entry", "person", "name", "occupation", "year", "rank", "present",
            "target", "clause", "state", "certificate",
        )  # fmt: skip


class AwardSerializer(serializers.ModelSerializer):
    item = serializers.CharField(source="line.board.item.code", read_only=True, label="项目编码")
    rank = serializers.IntegerField(source="line.rank", read_only=True, label="名次")
    certificate = serializers.CharField(source="number", read_only=True, label="证书编号")

    class Meta:
        model = Award
        fields = ("id", "item", "rank", "kind", "name", "certificate", "standing")


class CompetitionViewSet(ReadingViewSet):
    """竞赛。"""

    queryset = Competition.objects.none()
    serializer_class = CompetitionSerializer
    filterset_class = CompetitionFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Competition]:
        return competitions_in_scope(self.user)


class ItemViewSet(ReadingViewSet):
    """竞赛项目。"""

    queryset = Item.objects.none()
    serializer_class = ItemSerializer
    filterset_class = ItemFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Item]:
        return items_in_scope(self.user)


class EntryViewSet(ReadingViewSet):
    """参赛人；公民身份号码只给掩码。"""

    queryset = Entry.objects.none()
    serializer_class = EntrySerializer
    filterset_class = EntryFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Entry]:
        return entries_in_scope(self.user)


class BoardViewSet(ReadingViewSet):
    """公布的成绩榜；lines 动作给出名次。"""

    queryset = Board.objects.none()
    serializer_class = BoardSerializer
    filterset_class = BoardFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Board]:
        return boards_in_scope(self.user)

    @extend_schema(responses=BoardLineSerializer(many=True))
    @action(detail=True, filterset_class=None)
    def lines(self, request: Request, pk: str) -> Response:
        """一版成绩榜的全部名次。"""
        board = self.get_object()
        self.order = OLDEST_FIRST
        rows = self.paginate_queryset(lines_in_scope(self.user).filter(board=board))
        return self.get_paginated_response(BoardLineSerializer(rows, many=True).data)


class PromotionViewSet(ReadingViewSet):
    """晋升建议。"""

    queryset = Promotion.objects.none()
    serializer_class = PromotionSerializer
    filterset_class = PromotionFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Promotion]:
        return promotions_in_scope(self.user)


class AwardViewSet(ReadingViewSet):
    """竞赛奖项；个人奖项的证书另在工匠名录核验。"""

    queryset = Award.objects.none()
    serializer_class = AwardSerializer
    filterset_class = AwardFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Award]:
        return awards_in_scope(self.user)


def register(router: BaseRouter, *_: Any) -> None:
    router.register("competitions", CompetitionViewSet, basename="competition")
    router.register("competition-items", ItemViewSet, basename="competitionitem")
    router.register("competition-entries", EntryViewSet, basename="competitionentry")
    router.register("competition-boards", BoardViewSet, basename="competitionboard")
    router.register("competition-awards", AwardViewSet, basename="competitionaward")
    router.register("promotions", PromotionViewSet, basename="promotion")
