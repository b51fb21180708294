"""Evaluations and what they demand over HTTP: read, and each one's part in them as named actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from academies.filters.evaluations import EvaluationFilter, ItemFilter
from academies.filters.reviews import ReviewFilter
from academies.models import Evaluation, Rectification, Review, ReviewEvidence, TrainingReport
from academies.models.academies import FIRST_YEAR, LAST_YEAR
from academies.permissions.correcting import may_propose_correction
from academies.selectors.academies import academies_in_scope
from academies.selectors.evaluations import evaluations_in_scope, items_in_scope
from academies.selectors.reviews import reviews_in_scope
from academies.services.corrections import (
    agree_to_correction,
    drop_correction,
    propose_correction,
    propose_striking,
)
from academies.services.reviews import extend_self_assessment
from academies.workflow import rectification, reviews
from pages.api import CodeField, DeedViewSet
from pages.forms import LONGEST_REASON, SHORTEST_REASON
from pages.tables.paging import NEWEST_FIRST
from talents.api import notes

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from academies.models import Academy
    from organizations.models import User


class EvaluationSerializer(serializers.ModelSerializer):
    academy = CodeField(label="学院编码")

    class Meta:
        model = Evaluation
        fields = (
            "id", "academy", "year", "grade", "evaluated_on", "demand", "due_on", "closed_on",
            "proposal", "proposal_reason", "version",
        )  # fmt: skip


class RectificationSerializer(serializers.ModelSerializer):
    academy = CodeField(source="whose", label="学院编码")

    class Meta:
        model = Rectification
        fields = (
            "id", "academy", "evaluation", "origin", "number", "problem", "due_on", "state", "owner", "measure",
            "proof", "proved_at", "finding", "checked_at",
        )  # fmt: skip


class ReviewEvidenceSerializer(serializers.ModelSerializer):
    filename = serializers.CharField(source="file.filename", read_only=True, label="文件名")
    sha256 = serializers.CharField(source="file.sha256", read_only=True, label="摘要值")

    class Meta:
        model = ReviewEvidence
        fields = ("id", "item", "told", "valid_until", "has_expired", "filename", "sha256")


class ReviewSerializer(serializers.ModelSerializer):
    academy = CodeField(label="学院编码")
    year = serializers.IntegerField(source="campaign.year", read_only=True, label="评价年度")
    evidence = ReviewEvidenceSerializer(many=True, read_only=True, label="佐证")

    class Meta:
        model = Review
        fields = (
            "id", "academy", "year", "state", "self_due_on", "items", "evidence", "statement", "filed_at",
            "opinion", "reason", "lifted_to", "calls_short", "panel_mean", "panel_passing", "panel_excelling", "evaluation", "objection", "answer", "regrade_to", "regrade_reason",
        )  # fmt: skip


class GroundsSerializer(notes.ReasonedSerializer):
    """The words that a decision rests on, as the forms of the pages ask for them."""

    note = serializers.CharField(
        label="事由或意见", min_length=SHORTEST_REASON, max_length=LONGEST_REASON
    )


class DemandSerializer(serializers.Serializer):
    """One thing to be put right, and until when."""

    problem = serializers.CharField(max_length=300, label="问题")
    due_on = serializers.DateField(label="整改期限")

    def validate_due_on(self, day: Any) -> Any:
        made_on = self.context["row"].evaluated_on
        if day < made_on:
            raise serializers.ValidationError(f"整改期限不能早于评价日期{made_on}")
        return day


class ProofSerializer(serializers.Serializer):
    """Who put it right, how, and what shows it."""

    owner = serializers.CharField(max_length=60, label="责任人")
    measure = serializers.CharField(max_length=500, label="整改措施")
    proof = serializers.CharField(max_length=1000, label="完成情况及佐证")


class _OfItemsSerializer(serializers.Serializer):
    """What says something of each item of the file in its context, in their order."""

    def check_items(self, rows: list[Any]) -> list[Any]:
        count = len(self.context["row"].items)
        if len(rows) != count:
            raise serializers.ValidationError(f"应按评价项目的次序逐项填写，共{count}项")
        return rows

    def check_scores(self, scores: list[Any]) -> None:
        """No item is given more than it weighs."""
        items = self.context["row"].items
        if wrong := [
            item for item, score in zip(items, scores, strict=True) if score > item["weight"]
        ]:
            words = "；".join(f"“{item['name']}”不能超过{item['weight']}分" for item in wrong)
            raise serializers.ValidationError(words)


class _OwnItemSerializer(serializers.Serializer):
    score = serializers.IntegerField(min_value=0, label="自评分")
    words = serializers.CharField(max_length=300, allow_blank=True, default="", label="说明")


class SelfAssessmentSerializer(_OfItemsSerializer):
    """What an academy says of itself, item by item; never a figure that rows can give."""

    own = _OwnItemSerializer(many=True, label="各项自评")
    statement = serializers.CharField(
        max_length=1000, allow_blank=True, default="", label="总的说明"
    )

    def validate_own(self, rows: list[Any]) -> list[Any]:
        self.check_scores([row["score"] for row in self.check_items(rows)])
        return rows


class MarksSerializer(_OfItemsSerializer):
    """What an expert gives, item by item."""

    scores = serializers.ListField(
        child=serializers.DecimalField(max_digits=4, decimal_places=1, min_value=0),
        label="各项评分",
    )
    words = serializers.CharField(max_length=500, allow_blank=True, default="", label="评语")

    def validate_scores(self, rows: list[Any]) -> list[Any]:
        self.check_scores(self.check_items(rows))
        return rows


class ReviewFaultSerializer(GroundsSerializer):
    fault = serializers.ChoiceField(choices=TrainingReport.Fault.choices, label="退回原因")
    until = serializers.DateField(label="重新报送期限")


class GradeSerializer(serializers.Serializer):
    """The grade; of a failed one what is to be put right, and until when."""

    grade = serializers.ChoiceField(choices=Evaluation.Grade.choices, label="等次")
    reason = serializers.CharField(max_length=500, allow_blank=True, default="", label="理由")
    demand = serializers.CharField(max_length=500, allow_blank=True, default="", label="整改要求")
    due_on = serializers.DateField(allow_null=True, default=None, label="整改期限")

    def validate(self, facts: dict[str, Any]) -> dict[str, Any]:
        if facts["grade"] == Evaluation.Grade.FAILED and facts["due_on"] is None:
            raise serializers.ValidationError({"due_on": "不合格的须写明整改期限"})
        return facts


class ExtensionSerializer(GroundsSerializer):
    until = serializers.DateField(label="准予自评至")


class ReviewAnswerSerializer(GroundsSerializer):
    grade = serializers.ChoiceField(choices=Evaluation.Grade.choices, label="答复后的等次")


class EvaluationCorrectionSerializer(GroundsSerializer):
    """What is right about an evaluation that came with the history."""

    academy = serializers.CharField(max_length=40, label="学院编码")
    year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR, label="评价年度")
    grade = serializers.ChoiceField(choices=Evaluation.Grade.choices, label="等次")
    evaluated_on = serializers.DateField(label="评价日期")
    due_on = serializers.DateField(allow_null=True, default=None, label="整改期限")
    closed_on = serializers.DateField(allow_null=True, default=None, label="整改完成日期")

    def validate_academy(self, code: str) -> Academy:
        found = academies_in_scope(self.context["user"]).filter(code=code).first()
        if found is None:
            raise serializers.ValidationError(f"没有编码为“{code}”的学院")
        return found


def _corrected(pk: int, *, actor: User, note: str, **facts: Any) -> None:
    propose_correction(pk, facts, actor=actor, note=note)


def _proved(pk: int, *, actor: User, **facts: Any) -> None:
    rectification.prove(pk, facts, actor=actor)


def _assessed(pk: int, *, own: list[dict[str, Any]], statement: str, actor: User) -> None:
    told = [(item["score"], item["words"]) for item in own]
    reviews.self_assess(pk, told, statement=statement, actor=actor)


class EvaluationViewSet(DeedViewSet):
    """审核评价及整改情况；对不合格的提出整改事项。"""

    queryset = Evaluation.objects.none()
    serializer_class = EvaluationSerializer
    filterset_class = EvaluationFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Evaluation]:
        return evaluations_in_scope(self.user)

    @extend_schema(request=DemandSerializer, responses=RectificationSerializer)
    @action(detail=True, methods=["post"])
    def demand(self, request: Request, pk: str) -> Response:
        """提出一项整改事项，并通知学院。"""
        row = self.get_object()
        facts = self.said(DemandSerializer, row=row)
        item = rectification.demand(row.pk, facts, actor=self.user)
        return Response(RectificationSerializer(item).data)

    @extend_schema(request=EvaluationCorrectionSerializer, responses=EvaluationSerializer)
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: str) -> Response:
        """提出更正导入的历年结果：由另一位审批人复核后生效。"""
        may_propose_correction.check(
            self.user, self.get_object()
        )  # before an academy is looked for
        return self.done(_corrected, EvaluationCorrectionSerializer)

    @extend_schema(request=GroundsSerializer, responses=EvaluationSerializer)
    @action(detail=True, methods=["post"])
    def strike(self, request: Request, pk: str) -> Response:
        """提出撤下本不该登记的历年结果：由另一位审批人复核后撤下。"""
        return self.done(propose_striking, GroundsSerializer)

    @extend_schema(request=GroundsSerializer, responses=EvaluationSerializer)
    @action(detail=True, methods=["post"], url_path="agree-to-correction", url_name="agree")
    def agree_to_correction(self, request: Request, pk: str) -> Response:
        """复核更正或撤下：由提出人、导入人以外的审批人办理；答复更正后的，或撤下前的一条。"""
        row = self.get_object()
        if not row.is_to_be_struck:
            return self.done(agree_to_correction, GroundsSerializer)
        said = self.said(GroundsSerializer, row=row)
        told = self.get_serializer(row).data
        agree_to_correction(row.pk, actor=self.user, **said)
        return Response(told)

    @extend_schema(request=GroundsSerializer, responses=EvaluationSerializer)
    @action(detail=True, methods=["post"], url_path="drop-correction", url_name="drop")
    def drop_correction(self, request: Request, pk: str) -> Response:
        """不予更正，维持原登记；提出人可以收回。"""
        return self.done(drop_correction, GroundsSerializer)


class RectificationViewSet(DeedViewSet):
    """整改事项：问题、期限、责任人、完成情况、复核意见；填报、销号、退回。"""

    queryset = Rectification.objects.none()
    serializer_class = RectificationSerializer
    filterset_class = ItemFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Rectification]:
        return items_in_scope(self.user)

    @extend_schema(request=ProofSerializer, responses=RectificationSerializer)
    @action(detail=True, methods=["post"])
    def prove(self, request: Request, pk: str) -> Response:
        """填报整改情况，报送复核。"""
        return self.done(_proved, ProofSerializer)

    @extend_schema(request=GroundsSerializer, responses=RectificationSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """复核销号：由提出人、填报人、评定人以外的另一人办理。"""
        return self.done(rectification.strike_off, GroundsSerializer)

    @extend_schema(request=GroundsSerializer, responses=RectificationSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request: Request, pk: str) -> Response:
        """退回学院继续整改。"""
        return self.done(rectification.send_back, GroundsSerializer)


class ReviewViewSet(DeedViewSet):
    """年度审核评价的评价件：统计数、自评、初审意见、评定和异议；各人办理各自的一步。"""

    queryset = Review.objects.none()
    serializer_class = ReviewSerializer
    filterset_class = ReviewFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Review]:
        return reviews_in_scope(self.user).prefetch_related("evidence__file")

    @extend_schema(request=SelfAssessmentSerializer, responses=ReviewSerializer)
    @action(detail=True, methods=["post"], url_path="self-assess", url_name="self-assess")
    def self_assess(self, request: Request, pk: str) -> Response:
        """报送自评：逐项自评分和说明；统计数由记录计出，不填写。"""
        return self.done(_assessed, SelfAssessmentSerializer)

    @extend_schema(request=GroundsSerializer, responses=ReviewSerializer)
    @action(detail=True, methods=["post"])
    def endorse(self, request: Request, pk: str) -> Response:
        """初审：电话抽查都有结果以后，由主管工会出具意见。"""
        return self.done(reviews.endorse, GroundsSerializer)

    @extend_schema(request=ReviewFaultSerializer, responses=ReviewSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def give_back(self, request: Request, pk: str) -> Response:
        """退回自评，写明原因。"""
        return self.done(reviews.give_back, ReviewFaultSerializer)

    @extend_schema(request=MarksSerializer, responses=ReviewSerializer)
    @action(detail=True, methods=["post"])
    def mark(self, request: Request, pk: str) -> Response:
        """专家评分：逐项，一次写定。"""
        return self.done(reviews.mark, MarksSerializer)

    @extend_schema(request=GradeSerializer, responses=ReviewSerializer)
    @action(detail=True, methods=["post"])
    def grade(self, request: Request, pk: str) -> Response:
        """评定等次。"""
        return self.done(reviews.grade, GradeSerializer)

    @extend_schema(request=GroundsSerializer, responses=ReviewSerializer)
    @action(detail=True, methods=["post"], url_path="agree-to-lifting", url_name="agree-to-lifting")
    def agree_to_lifting(self, request: Request, pk: str) -> Response:
        """复核高于建议的等次：由提出人以外的审批人同意。"""
        return self.done(reviews.agree_to_lifting, GroundsSerializer)

    @extend_schema(request=GroundsSerializer, responses=ReviewSerializer)
    @action(detail=True, methods=["post"], url_path="drop-lifting", url_name="drop-lifting")
    def drop_lifting(self, request: Request, pk: str) -> Response:
        """不同意高于建议的等次，或由提出人收回。"""
        return self.done(reviews.drop_lifting, GroundsSerializer)

    @extend_schema(request=ExtensionSerializer, responses=ReviewSerializer)
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, pk: str) -> Response:
        """准予延期自评，写明事由和日期。"""
        return self.done(extend_self_assessment, ExtensionSerializer)

    @extend_schema(request=GroundsSerializer, responses=ReviewSerializer)
    @action(detail=True, methods=["post"], url_path="object", url_name="object")
    def object_to(self, request: Request, pk: str) -> Response:
        """学院对评定提出异议，一次为限。"""
        return self.done(reviews.object_to, GroundsSerializer)

    @extend_schema(request=ReviewAnswerSerializer, responses=ReviewSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """答复异议：由评定人以外的人办理，等次维持或者改变。"""
        return self.done(reviews.answer, ReviewAnswerSerializer)
