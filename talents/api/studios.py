"""Studios over HTTP: entered, named, closed; who works there, on what, and the years that are boosted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from pages.api import CodeField, DeedViewSet
from pages.tables.paging import NEWEST_FIRST
from talents.api.notes import ReasonedSerializer
from talents.api.people import BodyField, SomebodyField
from talents.filters.studios import BoostFilter, MemberFilter, ProjectFilter, StudioFilter
from talents.models import BoostYear, Studio, StudioMember, StudioProject
from talents.permissions.studios import may_found_some
from talents.selectors.studios import (
    boost_years_in_scope,
    members_in_scope,
    projects_in_scope,
    studios_in_scope,
)
from talents.workflow import studios

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet
    from rest_framework.request import Request

    from organizations.models import User
    from talents.models import Person

MOST_WORDS = 4_000


class StudioSerializer(serializers.ModelSerializer):
    organization = CodeField(label="单位编码")
    people = serializers.IntegerField(label="成员数（含领衔人）")
    tasks = serializers.IntegerField(label="项目数")

    class Meta:
        model = Studio
        fields = (
            "id", "name", "organization", "leader", "field", "founded_on", "level",
            "document_number", "named_on", "state", "people", "tasks",
        )  # fmt: skip


class StudioMemberSerializer(serializers.ModelSerializer):
    class Meta:
        model = StudioMember
        fields = ("id", "studio", "person", "joined_on", "left_on")


class StudioProjectSerializer(serializers.ModelSerializer):
    class Meta:
        model = StudioProject
        fields = ("id", "studio", "title", "lead", "goals", "starts_on", "ends_on")


class BoostYearSerializer(serializers.ModelSerializer):
    class Meta:
        model = BoostYear
        fields = (
            "id", "project", "person", "year", "progress", "accounts", "state", "finding",
            "decided_on",
        )  # fmt: skip


class FoundingSerializer(serializers.Serializer):
    """What a studio is entered with."""

    leader = SomebodyField(label="领衔人")
    organization = BodyField(label="所在单位编码")
    name = serializers.CharField(max_length=80, label="名称")
    field = serializers.CharField(max_length=120, label="专业方向")
    founded_on = serializers.DateField(label="创建日期")


class StudioNamedSerializer(serializers.Serializer):
    """At which level, by which document, when."""

    level = serializers.ChoiceField(choices=Studio.Level.choices, label="级别")
    document_number = serializers.CharField(max_length=60, label="认定文号")
    named_on = serializers.DateField(label="认定日期")


class JoiningSerializer(serializers.Serializer):
    person = SomebodyField(label="成员")
    joined_on = serializers.DateField(label="加入日期")


class LeavingSerializer(serializers.Serializer):
    left_on = serializers.DateField(label="离开日期")


class TaskSerializer(serializers.Serializer):
    """What a project is entered with."""

    lead = SomebodyField(label="第一完成人")
    title = serializers.CharField(max_length=120, label="项目名称")
    goals = serializers.CharField(max_length=MOST_WORDS, label="攻关目标")
    starts_on = serializers.DateField(label="立项日期")
    ends_on = serializers.DateField(label="计划结题")


class AskedYearSerializer(serializers.Serializer):
    year = serializers.IntegerField(min_value=2000, max_value=2100, label="年度")
    progress = serializers.CharField(max_length=MOST_WORDS, label="进展情况")
    accounts = serializers.CharField(max_length=MOST_WORDS, label="经费账目")


class JudgedSerializer(ReasonedSerializer):
    is_passed = serializers.BooleanField(label="评审通过")


def _joined(pk: int, *, person: Person, joined_on: date, actor: User) -> None:
    studios.add_member(pk, person.pk, joined_on=joined_on, actor=actor)


def _undertaken(pk: int, *, lead: Person, actor: User, **task: Any) -> None:
    studios.add_project(pk, lead.pk, studios.Task(**task), actor=actor)


class StudioViewSet(DeedViewSet):
    """职工创新工作室；登记、认定、撤销，登记成员和项目。"""

    queryset = Studio.objects.none()
    serializer_class = StudioSerializer
    filterset_class = StudioFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Studio]:
        return studios_in_scope(self.user)

    @extend_schema(request=FoundingSerializer, responses={201: StudioSerializer})
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def enter(self, request: Request) -> Response:
        """登记工作室，由主管工会认定。"""
        if not may_found_some.allows(self.user):
            raise PermissionDenied
        facts = self.said(FoundingSerializer)
        leader, body = facts.pop("leader"), facts.pop("organization")
        made = studios.found_studio(
            leader.pk, studios.Founding(**facts), organization_id=body.pk, actor=self.user
        )
        return Response(self.get_serializer(self.get_queryset().get(pk=made.pk)).data, status=201)

    @extend_schema(request=StudioNamedSerializer, responses=StudioSerializer)
    @action(detail=True, methods=["post"], url_path="name", url_name="name")
    def give_name(self, request: Request, pk: str) -> Response:
        """认定工作室或改认级别：填报人不能认定。"""
        return self.done(studios.name_studio, StudioNamedSerializer)

    @extend_schema(request=ReasonedSerializer, responses=StudioSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """撤销工作室，须写明事由。"""
        return self.done(studios.close_studio, ReasonedSerializer)

    @extend_schema(request=JoiningSerializer, responses=StudioSerializer)
    @action(detail=True, methods=["post"], url_path="add-member", url_name="add-member")
    def add_member(self, request: Request, pk: str) -> Response:
        """登记一名成员。"""
        return self.done(_joined, JoiningSerializer)

    @extend_schema(request=TaskSerializer, responses=StudioSerializer)
    @action(detail=True, methods=["post"], url_path="add-project", url_name="add-project")
    def add_project(self, request: Request, pk: str) -> Response:
        """登记一个项目。"""
        return self.done(_undertaken, TaskSerializer)


class StudioMemberViewSet(DeedViewSet):
    """工作室成员；登记离开。"""

    queryset = StudioMember.objects.none()
    serializer_class = StudioMemberSerializer
    filterset_class = MemberFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[StudioMember]:
        return members_in_scope(self.user)

    @extend_schema(request=LeavingSerializer, responses=StudioMemberSerializer)
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str) -> Response:
        """登记离开；曾是成员的记录保留。"""
        return self.done(studios.member_leaves, LeavingSerializer)


class StudioProjectViewSet(DeedViewSet):
    """工作室项目；申报年度助推。"""

    queryset = StudioProject.objects.none()
    serializer_class = StudioProjectSerializer
    filterset_class = ProjectFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[StudioProject]:
        return projects_in_scope(self.user)

    @extend_schema(request=AskedYearSerializer, responses=StudioProjectSerializer)
    @action(detail=True, methods=["post"], url_path="ask-boost", url_name="ask-boost")
    def ask_boost(self, request: Request, pk: str) -> Response:
        """申报一个年度的助推，由上级工会评审。"""
        return self.done(studios.ask_boost, AskedYearSerializer)


class BoostYearViewSet(DeedViewSet):
    """在研项目的年度助推；登记评审结论。"""

    queryset = BoostYear.objects.none()
    serializer_class = BoostYearSerializer
    filterset_class = BoostFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[BoostYear]:
        return boost_years_in_scope(self.user)

    @extend_schema(request=JudgedSerializer, responses=BoostYearSerializer)
    @action(detail=True, methods=["post"])
    def judge(self, request: Request, pk: str) -> Response:
        """登记评审结论：由上级工会、申报人以外的人办理。"""
        return self.done(studios.judge_boost, JudgedSerializer)
