"""Claims over HTTP, and how they move; no number of a person or an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from pages.api import ReadingViewSet
from pages.tables.paging import NEWEST_FIRST
from subsidies.api.allocations import CallSerializer
from subsidies.filters.claims import ClaimFilter
from subsidies.models import Claim
from subsidies.models.funds import CENTS, DIGITS, NOTHING
from subsidies.selectors.claims import claims_in_scope
from subsidies.workflow.claims import approve_claim, call_back, endorse_claim, refuse_claim
from talents.api.notes import NoteSerializer, note_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request


class ClaimSerializer(serializers.ModelSerializer):
    is_shared = serializers.BooleanField(read_only=True, label="收款账号与他人相同")
    name = serializers.CharField(source="person.name", read_only=True, label="姓名")
    organization = serializers.CharField(
        source="organization.code", read_only=True, label="工作单位编码"
    )

    class Meta:
        model = Claim
        fields = (
            "id", "kind", "name", "organization", "fund", "title", "certificate_number", "trade",
            "level", "issued_on", "gross", "tax", "net", "account_mask", "is_shared", "called_at",
            "state",
        )  # fmt: skip


class ApprovalSerializer(NoteSerializer):
    """What of the sum is kept back as tax, and by which decision."""

    tax = serializers.DecimalField(
        max_digits=DIGITS, decimal_places=CENTS, min_value=NOTHING, default=NOTHING, label="扣税"
    )


class ClaimViewSet(ReadingViewSet):
    """个人申领：奖励与助推资助；不含身份号码和账号。"""

    queryset = Claim.objects.none()
    serializer_class = ClaimSerializer
    filterset_class = ClaimFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Claim]:
        return claims_in_scope(self.user)

    @extend_schema(request=NoteSerializer, responses=ClaimSerializer)
    @action(detail=True, methods=["post"])
    def endorse(self, request: Request, pk: str) -> Response:
        """上级工会核实在职和会员身份。"""
        endorse_claim(self.get_object().pk, note_of(request), actor=self.user)
        return self._shown()

    @extend_schema(request=ApprovalSerializer, responses=ClaimSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """批准发放，从本年度预算预占。"""
        said = ApprovalSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        facts = said.validated_data
        approve_claim(
            self.get_object().pk, facts["tax"], actor=self.user, note=facts.get("note", "")
        )
        return self._shown()

    @extend_schema(request=CallSerializer, responses=ClaimSerializer)
    @action(detail=True, methods=["post"], url_path="call-back", url_name="call-back")
    def call_back(self, request: Request, pk: str) -> Response:
        """回访本人，确认与他人相同的收款账号。"""
        claim, said = self.get_object(), CallSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        facts = said.validated_data
        call_back(claim.pk, facts["called_to"], actor=self.user, note=facts.get("note", ""))
        return self._shown()

    @extend_schema(request=NoteSerializer, responses=ClaimSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        """不予发放，须写明事由。"""
        refuse_claim(self.get_object().pk, actor=self.user, note=note_of(request))
        return self._shown()

    def _shown(self) -> Response:
        return Response(self.get_serializer(self.get_object()).data)
