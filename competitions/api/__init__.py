"""Contests, items, entrants, boards, appeals and proposals over HTTP, and what is done about them: the scope of
the pages, the functions behind their buttons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response  # noqa: TC002 - the schema reads it

from competitions import workflow
from competitions.api.deeds import (
    AppealGroundsSerializer,
    VerdictSerializer,
)
from competitions.api.promotions import PromotionViewSet
from competitions.filters import (
    AwardFilter,
    BoardFilter,
    CompetitionFilter,
    EntryFilter,
    ItemFilter,
)
from competitions.models import (
    Appeal,
    Aspect,
    Award,
    Board,
    BoardLine,
    Competition,
    Entry,
    Item,
    Scheme,
)
from competitions.selectors.awards import awards_in_scope
from competitions.selectors.competitions import (
    appeals_in_scope,
    arbiters_in_scope,
    boards_in_scope,
    competitions_in_scope,
    entries_in_scope,
    items_in_scope,
    lines_in_scope,
    schemes_in_scope,
)
from competitions.services import entries, leaving, promotions, terms, trials
from pages.api import CodeField, DeedViewSet, ReadingViewSet
from pages.tables.paging import NEWEST_FIRST, OLDEST_FIRST
from talents.api.notes import NoteSerializer

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


class AspectSerializer(serializers.ModelSerializer):
    class Meta:
        model = Aspect
        fields = (
            "id", "module", "code", "title", "method", "maximum", "seats", "benchmarks", "standard",
        )  # fmt: skip


@extend_schema_serializer(component_name="MarkingScheme")
class SchemeSerializer(serializers.ModelSerializer):
    item = CodeField(label="项目编码")
    aspects = AspectSerializer(many=True, read_only=True)

    class Meta:
        model = Scheme
        fields = ("id", "item", "number", "reason", "tie_order", "aspects", "created_at")


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


class AwardSerializer(serializers.ModelSerializer):
    item = serializers.CharField(source="line.board.item.code", read_only=True, label="项目编码")
    rank = serializers.IntegerField(source="line.rank", read_only=True, label="名次")
    certificate = serializers.CharField(source="number", read_only=True, label="证书编号")

    class Meta:
        model = Award
        fields = ("id", "item", "rank", "kind", "name", "certificate", "standing")


class AppealSerializer(serializers.ModelSerializer):
    item = CodeField(label="项目编码")

    class Meta:
        model = Appeal
        fields = (
            "id", "item", "entry", "board", "grounds", "state", "verdict", "jury", "filed_at",
            "decided_at",
        )  # fmt: skip


class CompetitionViewSet(DeedViewSet):
    """竞赛；发布、办结。"""

    queryset = Competition.objects.none()
    serializer_class = CompetitionSerializer
    filterset_class = CompetitionFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Competition]:
        return competitions_in_scope(self.user)

    @extend_schema(request=NoteSerializer, responses=CompetitionSerializer)
    @action(detail=True, methods=["post"])
    def announce(self, request: Request, pk: str) -> Response:
        """发布竞赛：下级组织从此看得到，报名期内可以报名。"""
        return self.done(workflow.announce, NoteSerializer)

    @extend_schema(request=NoteSerializer, responses=CompetitionSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """办结竞赛：各项目成绩都已公布之后。"""
        return self.done(workflow.close, NoteSerializer)


class ItemViewSet(DeedViewSet):
    """竞赛项目；抽签、加密、晋级、锁定、公布、重评、提出晋升建议。"""

    queryset = Item.objects.none()
    serializer_class = ItemSerializer
    filterset_class = ItemFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Item]:
        return items_in_scope(self.user)

    @extend_schema(request=None, responses=ItemSerializer)
    @action(detail=True, methods=["post"])
    def draw(self, request: Request, pk: str) -> Response:
        """抽签编号：种子记入留痕。"""
        return self.done(entries.draw_numbers)

    @extend_schema(request=NoteSerializer, responses=ItemSerializer)
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: str) -> Response:
        """登记全体签署参赛承诺，须写明纸质承诺书由谁保管。"""
        return self.done(terms.sign_all, NoteSerializer)

    @extend_schema(request=None, responses=ItemSerializer)
    @action(detail=True, methods=["post"])
    def code(self, request: Request, pk: str) -> Response:
        """加密作品：办理人此后不能评分、锁定。"""
        return self.done(entries.draw_codes)

    @extend_schema(request=None, responses=ItemSerializer)
    @action(detail=True, methods=["post"])
    def qualify(self, request: Request, pk: str) -> Response:
        """引入上一赛段的晋级选手。"""
        return self.done(entries.take_over_qualified)

    @extend_schema(request=None, responses=ItemSerializer)
    @action(detail=True, methods=["post"])
    def seed(self, request: Request, pk: str) -> Response:
        """引入选树轮次已确认的种子选手。"""
        return self.done(trials.seed)

    @extend_schema(request=NoteSerializer, responses=ItemSerializer)
    @action(detail=True, methods=["post"], url_path="give-back", url_name="give-back")
    def give_back(self, request: Request, pk: str) -> Response:
        """定为选树竞赛的职业（工种）改回专家评审。"""
        return self.done(trials.give_trade_back, NoteSerializer)

    @extend_schema(request=NoteSerializer, responses=ItemSerializer)
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str) -> Response:
        """核对并锁定：第一人。"""
        return self.done(workflow.check_marks, NoteSerializer)

    @extend_schema(request=NoteSerializer, responses=ItemSerializer)
    @action(detail=True, methods=["post"])
    def lock(self, request: Request, pk: str) -> Response:
        """复核并锁定：第二人，不能是第一人。"""
        return self.done(workflow.lock_marks, NoteSerializer)

    @extend_schema(request=NoteSerializer, responses=ItemSerializer)
    @action(detail=True, methods=["post"])
    def unlock(self, request: Request, pk: str) -> Response:
        """公布之前退回重评，须写明事由。"""
        return self.done(workflow.unlock_marks, NoteSerializer)

    @extend_schema(request=NoteSerializer, responses=ItemSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """公布成绩：冻结为一版。"""
        return self.done(workflow.publish, NoteSerializer)

    @extend_schema(request=NoteSerializer, responses=ItemSerializer)
    @action(detail=True, methods=["post"])
    def remark(self, request: Request, pk: str) -> Response:
        """申诉成立后按仲裁重评，须写明事由。"""
        return self.done(workflow.mark_anew, NoteSerializer)

    @extend_schema(request=None, responses=ItemSerializer)
    @action(detail=True, methods=["post"])
    def propose(self, request: Request, pk: str) -> Response:
        """按公布的成绩提出晋升建议。"""
        return self.done(promotions.propose)


class EntryViewSet(DeedViewSet):
    """参赛人；公民身份号码只给掩码。退赛、取消成绩、申诉。"""

    queryset = Entry.objects.none()
    serializer_class = EntrySerializer
    filterset_class = EntryFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Entry]:
        return entries_in_scope(self.user)

    @extend_schema(request=NoteSerializer, responses=EntrySerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """登记退赛，须写明事由。"""
        return self.done(leaving.withdraw_entry, NoteSerializer)

    @extend_schema(request=NoteSerializer, responses=EntrySerializer)
    @action(detail=True, methods=["post"])
    def disqualify(self, request: Request, pk: str) -> Response:
        """取消成绩，须写明事由；分数保留，不再排名。"""
        return self.done(leaving.disqualify_entry, NoteSerializer)

    @extend_schema(request=AppealGroundsSerializer, responses=EntrySerializer)
    @action(detail=True, methods=["post"])
    def appeal(self, request: Request, pk: str) -> Response:
        """对最新一版成绩榜申诉，在申诉期内。"""
        return self.done(workflow.appeal, AppealGroundsSerializer)


class AppealViewSet(DeedViewSet):
    """申诉；仲裁。"""

    queryset = Appeal.objects.none()
    serializer_class = AppealSerializer
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Appeal]:
        return appeals_in_scope(self.user)

    @extend_schema(request=VerdictSerializer, responses=AppealSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """仲裁组过半数成员的决定，写明理由。"""
        contest = self.get_object().item.competition
        group = arbiters_in_scope(self.user).filter(competition=contest)
        return self.done(workflow.decide, VerdictSerializer, group=group)


class SchemeViewSet(ReadingViewSet):
    """评分方案的各版及评分点；另立一版在项目的表单地址办理。"""

    queryset = Scheme.objects.none()
    serializer_class = SchemeSerializer
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Scheme]:
        return schemes_in_scope(self.user).prefetch_related("aspects")


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
    router.register("competition-appeals", AppealViewSet, basename="competitionappeal")
    router.register("competition-schemes", SchemeViewSet, basename="competitionscheme")
    router.register("competition-boards", BoardViewSet, basename="competitionboard")
    router.register("competition-awards", AwardViewSet, basename="competitionaward")
    router.register("promotions", PromotionViewSet, basename="promotion")
