"""Meetings of panels over HTTP: entered at the round, voted, handed in and confirmed as actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from pages.api import DeedViewSet
from pages.tables.paging import NEWEST_FIRST
from talents.api.notes import ReasonedSerializer
from talents.filters.panels import PanelFilter
from talents.models import Panel, PanelDecision, PanelMember, PanelRecusal
from talents.rules.panels import Vote
from talents.selectors.panels import panels_in_scope
from talents.services.exchanging import exchange
from talents.services.panel_corrections import correct_panel
from talents.services.panels import (
    MOST_ON_TABLE,
    Minutes,
    Seats,
    convene_panel,
    declare_recusal,
    enter_votes,
)
from talents.workflow.panels import confirm_panel, drop_panel, return_panel, submit_panel

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter

    from organizations.models import User

MOST_VOTES = 1_000
SEATS = ("experts", "staff", "absent_experts", "absent_staff")


class PanelRecusalSerializer(serializers.ModelSerializer):
    class Meta:
        model = PanelRecusal
        fields = ("member", "ground", "told")


class PanelMemberSerializer(serializers.ModelSerializer):
    class Meta:
        model = PanelMember
        fields = ("id", "name", "expert", "is_present")


class PanelDecisionSerializer(serializers.ModelSerializer):
    recusals = PanelRecusalSerializer(many=True, read_only=True, label="委员回避")

    class Meta:
        model = PanelDecision
        fields = (
            "id", "nomination", "position", "rank", "score", "voters", "votes_for",
            "votes_against", "votes_abstain", "decision", "departs_from_ranking",
            "departs_from_majority", "reason", "recusals",
        )  # fmt: skip


class PanelSerializer(serializers.ModelSerializer):
    members = PanelMemberSerializer(many=True, read_only=True, label="评审委员")
    decisions = PanelDecisionSerializer(many=True, read_only=True, label="表决结果")

    class Meta:
        model = Panel
        fields = (
            "id", "round", "number", "held_on", "place", "minutes_number", "corrects", "reason",
            "state", "confirmed_on", "members", "decisions",
        )  # fmt: skip


class MinutesSerializer(serializers.Serializer):
    held_on = serializers.DateField(label="会议日期")
    minutes_number = serializers.CharField(label="会议纪要编号", max_length=60)
    place = serializers.CharField(label="会议地点", max_length=120, default="", allow_blank=True)


def _keys(label: str) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.IntegerField(min_value=1), default=list, label=label
    )


class ConveningSerializer(MinutesSerializer):
    """A meeting, who came to it, and how many candidates were on the table."""

    tabled = serializers.IntegerField(min_value=1, max_value=MOST_ON_TABLE, label="上会人数")
    experts = _keys("到会专家")
    staff = _keys("到会工会人员")
    leaves_out = serializers.BooleanField(default=False, label="确认不列入没有名次的人选")
    absent_experts = _keys("缺席专家")
    absent_staff = _keys("缺席工会人员")

    def validate(self, facts: dict[str, Any]) -> dict[str, Any]:
        return {
            "tabled": facts["tabled"],
            "leaves_out": facts["leaves_out"],
            "minutes": Minutes(facts["held_on"], facts["minutes_number"], facts["place"]),
            "seats": Seats(**{name: facts[name] for name in SEATS}),
        }


class PanelCorrectionSerializer(MinutesSerializer, ReasonedSerializer):
    """What the minutes should have said, and why they are put right."""


class PanelVoteSerializer(serializers.Serializer):
    id = serializers.IntegerField(min_value=1, label="表决结果")
    votes_for = serializers.IntegerField(min_value=0, max_value=MOST_VOTES, label="同意")
    votes_against = serializers.IntegerField(min_value=0, max_value=MOST_VOTES, label="不同意")
    votes_abstain = serializers.IntegerField(min_value=0, max_value=MOST_VOTES, label="弃权")
    decision = serializers.ChoiceField(choices=PanelDecision.Decision.choices, label="决定")
    reason = serializers.CharField(max_length=300, default="", allow_blank=True, label="理由")


class PanelVotesSerializer(serializers.Serializer):
    """The votes of as many candidates as are told of."""

    votes = PanelVoteSerializer(many=True, label="表决")

    def validate(self, facts: dict[str, Any]) -> dict[str, Any]:
        return {
            "votes": {
                one["id"]: Vote(
                    one["votes_for"], one["votes_against"], one["votes_abstain"], one["decision"],
                    one["reason"],
                )
                for one in facts["votes"]
            }
        }  # fmt: skip


class RecusingSerializer(serializers.Serializer):
    member = serializers.IntegerField(min_value=1, label="委员")
    decision = serializers.IntegerField(min_value=1, label="表决结果")
    told = serializers.CharField(min_length=4, max_length=200, label="缘由")


class ExchangeSerializer(serializers.Serializer):
    out = serializers.IntegerField(min_value=1, label="换下的表决结果")
    into = serializers.IntegerField(min_value=1, label="换上的表决结果")
    note = serializers.CharField(min_length=4, max_length=200, label="理由")


def _corrected(pk: int, *, actor: User, note: str, **minutes: Any) -> None:
    correct_panel(pk, Minutes(**minutes), actor=actor, note=note)


class RoundPanelViewSet(DeedViewSet):
    """What is done about the panel of a round at the address of the round."""

    @extend_schema(request=ConveningSerializer, responses={201: PanelSerializer})
    @action(detail=True, methods=["post"], url_path="convene-panel", url_name="convene-panel")
    def convene_panel(self, request: Request, pk: str) -> Response:
        """录入评审委员会会议：按名次上会，应当回避的自动登记。"""
        row, said = self.get_object(), self.said(ConveningSerializer)
        made = convene_panel(row.pk, actor=self.user, **said)
        return Response(PanelSerializer(made).data, status=201)


class PanelViewSet(DeedViewSet):
    """评审委员会会议和表决结果。"""

    queryset = Panel.objects.none()
    serializer_class = PanelSerializer
    filterset_class = PanelFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Panel]:
        return panels_in_scope(self.user).prefetch_related("members", "decisions__recusals")

    @extend_schema(request=PanelVotesSerializer, responses=PanelSerializer)
    @action(detail=True, methods=["post"])
    def vote(self, request: Request, pk: str) -> Response:
        """录入表决：票数之和不超过应投票数；与名次或多数意见不一致的写明理由。"""
        return self.done(enter_votes, PanelVotesSerializer)

    @extend_schema(request=RecusingSerializer, responses=PanelSerializer)
    @action(detail=True, methods=["post"])
    def recuse(self, request: Request, pk: str) -> Response:
        """登记委员本人申明的回避。"""
        return self.done(declare_recusal, RecusingSerializer)

    @extend_schema(request=ExchangeSerializer, responses=PanelSerializer)
    @action(detail=True, methods=["post"])
    def exchange(self, request: Request, pk: str) -> Response:
        """按结构比例调换：换下的列入后备，理由记入两人的决定。"""
        return self.done(exchange, ExchangeSerializer)

    @extend_schema(request=None, responses=PanelSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """报送确认；此后不能再改。"""
        return self.done(submit_panel)

    @extend_schema(request=None, responses=PanelSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """确认表决结果；录入人不能确认。"""
        return self.done(confirm_panel)

    @extend_schema(request=ReasonedSerializer, responses=PanelSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, pk: str) -> Response:
        """退回录入人修改，须写明事由。"""
        return self.done(return_panel, ReasonedSerializer)

    @extend_schema(request=ReasonedSerializer, responses=PanelSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str) -> Response:
        """作废没有报送的录入，须写明事由。"""
        return self.done(drop_panel, ReasonedSerializer)

    @extend_schema(request=PanelCorrectionSerializer, responses=PanelSerializer)
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: str) -> Response:
        """更正已确认的表决结果：另行录入一份，经另一人确认后替代。"""
        return self.done(_corrected, PanelCorrectionSerializer)


def register_panels(router: BaseRouter) -> None:
    router.register("panels", PanelViewSet)
