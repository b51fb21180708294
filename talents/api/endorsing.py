"""Opinions of the levels and replies of offices over HTTP; notices go with their scans by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from pages.api import CodeField, ReadingViewSet
from pages.tables.paging import NEWEST_FIRST
from talents.api.notes import NoteSerializer
from talents.filters.endorsing import ClearanceFilter, EndorsementFilter
from talents.forms.endorsing import RETURNABLE
from talents.models import Clearance, Endorsement, Shortcoming
from talents.selectors.endorsing import clearances_in_scope, endorsements_in_scope
from talents.workflow.endorsing import answer_clearance, endorse, object_later, put_objection_right

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request


class FaultsSerializer(NoteSerializer):
    """Why it goes back, and what is wrong with which field."""

    faults = serializers.DictField(
        label="逐项问题",
        child=serializers.ChoiceField(choices=Shortcoming.Kind.choices),
        required=False,
        default=dict,
    )

    def validate_faults(self, faults: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(faults.keys() - RETURNABLE.keys()):
            raise serializers.ValidationError(f"没有这些事项：{'、'.join(unknown)}")
        return {RETURNABLE[name]: kind for name, kind in faults.items()}


class EndorsementSerializer(serializers.ModelSerializer):
    organization = CodeField(label="单位编码")

    class Meta:
        model = Endorsement
        fields = (
            "id", "nomination", "organization", "level", "version", "state", "opinion", "decided_on",
        )  # fmt: skip


class ClearanceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Clearance
        fields = (
            "id", "nomination", "office", "state", "reply", "document_number", "asked_on",
            "answered_on", "objection", "objection_number", "objected_on", "corrected_for",
            "cleared_reply", "cleared_number", "cleared_on", "objected_for",
        )  # fmt: skip


class OpinionSerializer(serializers.Serializer):
    note = serializers.CharField(label="推荐意见", max_length=500)


class AnswerSerializer(serializers.Serializer):
    is_clear = serializers.BooleanField(label="无异议")
    reply = serializers.CharField(label="答复内容", max_length=500)
    document_number = serializers.CharField(
        label="复函文号", max_length=60, required=False, default=""
    )
    answered_on = serializers.DateField(label="答复日期")


class PuttingRightSerializer(serializers.Serializer):
    """What the office says now, and why what stands there is put right."""

    reply = serializers.CharField(label="现答复内容", max_length=500)
    document_number = serializers.CharField(
        label="复函文号", max_length=60, required=False, default=""
    )
    answered_on = serializers.DateField(label="答复日期")
    note = serializers.CharField(label="更正事由", min_length=4, max_length=200)


class EndorsementViewSet(ReadingViewSet):
    """逐级推荐意见；用 give 出具，退回用推荐的 return。"""

    queryset = Endorsement.objects.none()
    serializer_class = EndorsementSerializer
    filterset_class = EndorsementFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Endorsement]:
        return endorsements_in_scope(self.user)

    @extend_schema(request=OpinionSerializer, responses=EndorsementSerializer)
    @action(detail=True, methods=["post"])
    def give(self, request: Request, pk: str) -> Response:
        """同意推荐，送交上一级。"""
        row, asked = self.get_object(), OpinionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        endorse(row.pk, actor=self.user, **asked.validated_data)
        return Response(self.get_serializer(self.get_object()).data)


class ClearanceViewSet(ReadingViewSet):
    """征求部门意见；用 answer 登记答复。"""

    queryset = Clearance.objects.none()
    serializer_class = ClearanceSerializer
    filterset_class = ClearanceFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Clearance]:
        return clearances_in_scope(self.user)

    @extend_schema(request=AnswerSerializer, responses=ClearanceSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """登记一个部门的答复。"""
        row, asked = self.get_object(), AnswerSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        answer_clearance(row.pk, actor=self.user, **asked.validated_data)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=PuttingRightSerializer, responses=ClearanceSerializer)
    @action(detail=True, methods=["post"], url_path="object", url_name="object")
    def object_later(self, request: Request, pk: str) -> Response:
        """原登记无异议的改登有异议：写明事由，原答复保留。"""
        row, said = self.get_object(), PuttingRightSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        object_later(row.pk, actor=self.user, **said.validated_data)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=PuttingRightSerializer, responses=ClearanceSerializer)
    @action(detail=True, methods=["post"], url_path="put-right", url_name="put-right")
    def put_right(self, request: Request, pk: str) -> Response:
        """更正部门异议：由原登记人以外的人写明事由，原答复保留。"""
        row, said = self.get_object(), PuttingRightSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        put_objection_right(row.pk, actor=self.user, **said.validated_data)
        return Response(self.get_serializer(self.get_object()).data)
