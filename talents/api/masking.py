"""What was decided about words of blind papers, over HTTP: read, and decided, as on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from pages.api import DeedViewSet
from pages.tables.paging import NEWEST_FIRST
from talents.filters.masking import MaskingFilter
from talents.models import Masking, Nomination
from talents.models.masking import LONGEST_WORDS
from talents.permissions.masking import may_mask_some
from talents.selectors.masking import maskings_in_scope
from talents.services.masking import decide_words

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter


class MaskingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Masking
        fields = (
            "id", "nomination", "words", "decision", "reason", "is_late", "decided_at",
        )  # fmt: skip


class DecidingSerializer(serializers.Serializer):
    """About which words of whose paper, and why."""

    nomination: serializers.PrimaryKeyRelatedField = serializers.PrimaryKeyRelatedField(
        queryset=Nomination.objects.none(), label="推荐"
    )
    words = serializers.CharField(max_length=LONGEST_WORDS, label="词语")
    decision = serializers.ChoiceField(choices=Masking.Decision.choices, label="决定")
    note = serializers.CharField(min_length=4, max_length=200, label="理由")

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        if (user := self.context.get("user")) is not None:
            field: Any = fields["nomination"]
            field.queryset = Nomination.objects.visible_to(user)
        return fields


class MaskingViewSet(DeedViewSet):
    """评审材料的遮盖决定；陈述原文不变。"""

    queryset = Masking.objects.none()
    serializer_class = MaskingSerializer
    filterset_class = MaskingFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Masking]:
        return maskings_in_scope(self.user)

    @extend_schema(request=DecidingSerializer, responses={201: MaskingSerializer})
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def decide(self, request: Request) -> Response:
        """遮盖评审材料中的词语，或决定原样显示。"""
        if not may_mask_some.allows(self.user):
            raise PermissionDenied
        facts = self.said(DecidingSerializer)
        made = decide_words(facts.pop("nomination").pk, actor=self.user, **facts)
        return Response(MaskingSerializer(made).data, status=201)


def register_maskings(router: BaseRouter) -> None:
    router.register("maskings", MaskingViewSet)
