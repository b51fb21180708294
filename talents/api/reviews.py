"""Review and public notice over HTTP: pools, draws, lists, objections; moves as actions, no marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from pages.api import ReadingViewSet
from pages.tables.paging import NEWEST_FIRST
from talents.api.notes import NoteSerializer
from talents.filters import DrawFilter, ExpertFilter, ObjectionFilter, PublicNoticeFilter
from talents.models import Draw, Expert, NoticeEntry, Objection, PublicNotice
from talents.selectors.publicity import notices_in_scope, objections_in_scope
from talents.selectors.reviews import draws_in_scope, experts_in_scope
from talents.workflow.objections import decide_objection, look_into
from talents.workflow.publicity import name_chosen, post_notice
from talents.workflow.reviews import release_draw

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request


class ExpertSerializer(serializers.ModelSerializer):
    class Meta:
        model = Expert
        fields = ("id", "organization", "code", "name", "unit", "fields", "left_on")


class DrawSerializer(serializers.ModelSerializer):
    class Meta:
        model = Draw
        fields = ("id", "round", "seed", "per_candidate", "drawn", "sha256", "drawn_at", "state")


@extend_schema_serializer(component_name="NoticeEntry")
class EntrySerializer(serializers.ModelSerializer):
    class Meta:
        model = NoticeEntry
        fields = ("position", "is_reserve", "name", "unit", "post", "trade")


class PublicNoticeSerializer(serializers.ModelSerializer):
    entries = EntrySerializer(many=True, read_only=True, label="名单")

    class Meta:
        model = PublicNotice
        fields = (
            "id", "round", "version", "places", "named_count", "minutes_number", "posted_at",
            "contact", "days", "starts_on", "ends_on", "sha256", "state", "entries",
        )  # fmt: skip


class ObjectionSerializer(serializers.ModelSerializer):
    entry = serializers.CharField(read_only=True, label="所涉人选")

    class Meta:
        model = Objection
        fields = (
            "id", "receipt", "entry", "category", "is_anonymous", "received_at", "state", "finding",
            "decided_on",
        )  # fmt: skip


class DaySerializer(serializers.Serializer):
    starts_on = serializers.DateField(label="公示开始")


class DocumentSerializer(serializers.Serializer):
    document_number = serializers.CharField(label="命名文号", max_length=60)


class NamedSerializer(serializers.Serializer):
    certificates = serializers.ListField(child=serializers.CharField(), label="证书编号")


class ConclusionSerializer(serializers.Serializer):
    finding = serializers.CharField(label="核查情况和结论", max_length=500)


@extend_schema_serializer(component_name="ObjectionDecision")
class DecisionSerializer(NoteSerializer):
    is_upheld = serializers.BooleanField(label="异议成立")


def _valid(serializer: serializers.Serializer) -> dict[str, Any]:
    """What was sent; asked for after the row, so that a foreign one is as absent as ever."""
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


class ExpertViewSet(ReadingViewSet):
    """专家库。"""

    queryset = Expert.objects.none()
    serializer_class = ExpertSerializer
    filterset_class = ExpertFilter

    def get_queryset(self) -> QuerySet[Expert]:
        return experts_in_scope(self.user)


class DrawViewSet(ReadingViewSet):
    """专家抽取；凭种子可重做。"""

    queryset = Draw.objects.none()
    serializer_class = DrawSerializer
    filterset_class = DrawFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Draw]:
        return draws_in_scope(self.user)

    @extend_schema(request=None, responses=DrawSerializer)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str) -> Response:
        """按最近一次抽取分发评审材料；抽取人不能分发。"""
        release_draw(self.get_object().pk, actor=self.user)
        return Response(self.get_serializer(self.get_object()).data)


class PublicNoticeViewSet(ReadingViewSet):
    """公示名单；只含公示内容。"""

    queryset = PublicNotice.objects.none()
    serializer_class = PublicNoticeSerializer
    filterset_class = PublicNoticeFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[PublicNotice]:
        return notices_in_scope(self.user).prefetch_related("entries")

    @extend_schema(request=DaySerializer, responses=PublicNoticeSerializer)
    @action(detail=True, methods=["post"], url_path="post")
    def put_up(self, request: Request, pk: str) -> Response:
        """发布公示；拟定人不能发布。"""
        row, asked = self.get_object(), _valid(DaySerializer(data=request.data))
        post_notice(row.pk, actor=self.user, **asked)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=DocumentSerializer, responses=NamedSerializer)
    @action(detail=True, methods=["post"], url_path="name")
    def give_names(self, request: Request, pk: str) -> Response:
        """公示期满后命名；异议未办结的只暂缓本人。"""
        row, asked = self.get_object(), _valid(DocumentSerializer(data=request.data))
        honours = name_chosen(row.pk, actor=self.user, **asked)
        return Response({"certificates": [honour.certificate_number for honour in honours]})


class ObjectionViewSet(ReadingViewSet):
    """公示异议；内容只在办理页面显示。"""

    queryset = Objection.objects.none()
    serializer_class = ObjectionSerializer
    filterset_class = ObjectionFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Objection]:
        return objections_in_scope(self.user)

    @extend_schema(request=ConclusionSerializer, responses=ObjectionSerializer)
    @action(detail=True, methods=["post"])
    def look(self, request: Request, pk: str) -> Response:
        """登记核查结论。"""
        row, asked = self.get_object(), _valid(ConclusionSerializer(data=request.data))
        look_into(row.pk, actor=self.user, **asked)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=DecisionSerializer, responses=ObjectionSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """审定异议；核查人不能审定。"""
        row, asked = self.get_object(), _valid(DecisionSerializer(data=request.data))
        decide_objection(row.pk, actor=self.user, **asked)
        return Response(self.get_serializer(self.get_object()).data)
