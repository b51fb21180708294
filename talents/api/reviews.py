"""Review and public notice over HTTP: pools, draws, lists, objections; moves as actions, no marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from organizations.models import Organization
from pages.api import DeedViewSet, ReadingViewSet
from pages.tables.paging import NEWEST_FIRST
from talents.api.notes import NoteSerializer, ReasonedSerializer
from talents.api.panels import RoundPanelViewSet
from talents.filters import DrawFilter, ExpertFilter, ObjectionFilter, PublicNoticeFilter
from talents.forms.publicity import LONGEST_WORDS, MOST_PLACES
from talents.models import Draw, Expert, NoticeEntry, Objection, PublicNotice
from talents.selectors.publicity import notices_in_scope, objections_in_scope
from talents.selectors.reviews import draws_in_scope, experts_in_scope
from talents.services.drawing import MOST_SEED, draw_experts
from talents.services.postings import Seen, check_posting
from talents.services.reviewing import order_second_look
from talents.services.substituting import substitute_experts
from talents.workflow.added_places import add_place
from talents.workflow.levels import LevelSlate, draft_level_notice
from talents.workflow.objections import (
    Came,
    Reported,
    decide_objection,
    enter_objection,
    look_into,
    reopen_objection,
)
from talents.workflow.publicity import Slate, draft_notice, drop_notice, name_chosen, post_notice
from talents.workflow.reviews import release_draw
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from organizations.models import User


class ExpertSerializer(serializers.ModelSerializer):
    class Meta:
        model = Expert
        fields = ("id", "organization", "code", "name", "unit", "fields", "left_on")


class DrawSerializer(serializers.ModelSerializer):
    class Meta:
        model = Draw
        fields = (
            "id",
            "round",
            "seed",
            "per_candidate",
            "drawn",
            "sha256",
            "drawn_at",
            "state",
            "substitutes",
        )


@extend_schema_serializer(component_name="NoticeEntry")
class EntrySerializer(serializers.ModelSerializer):
    class Meta:
        model = NoticeEntry
        fields = ("id", "position", "is_reserve", "name", "unit", "post", "trade")


class PublicNoticeSerializer(serializers.ModelSerializer):
    entries = EntrySerializer(many=True, read_only=True, label="名单")

    class Meta:
        model = PublicNotice
        fields = (
            "id", "round", "organization", "of_level", "version", "places", "named_count", "minutes_number", "posted_at",
            "contact", "days", "starts_on", "ends_on", "sha256", "state", "entries",
        )  # fmt: skip


class ObjectionSerializer(serializers.ModelSerializer):
    entry = serializers.CharField(read_only=True, label="所涉人选")

    class Meta:
        model = Objection
        fields = (
            "id", "receipt", "entry", "category", "is_anonymous", "channel", "received_on",
            "received_at", "state", "finding", "decided_on",
        )  # fmt: skip


class DaySerializer(serializers.Serializer):
    starts_on = serializers.DateField(label="公示开始")


class DocumentSerializer(serializers.Serializer):
    document_number = serializers.CharField(label="命名文号", max_length=60)


class AddedPlaceSerializer(ReasonedSerializer):
    """By which decision of the organizer, and why."""

    document_number = serializers.CharField(label="决定文号或会议纪要编号", max_length=60)


class NamedSerializer(serializers.Serializer):
    certificates = serializers.ListField(child=serializers.CharField(), label="证书编号")


class EnteredSerializer(serializers.Serializer):
    """What came by letter, telephone or visit while the list was up."""

    entry = serializers.IntegerField(label="所涉人选")
    category = serializers.ChoiceField(choices=Objection.Category.choices, label="类别")
    words = serializers.CharField(min_length=10, max_length=LONGEST_WORDS, label="情况")
    sender = serializers.CharField(
        max_length=200, allow_blank=True, default="", label="姓名和联系方式"
    )
    channel = serializers.ChoiceField(choices=Objection.Channel.choices[1:], label="反映方式")
    received_on = serializers.DateField(label="收到日期")


class ConclusionSerializer(serializers.Serializer):
    finding = serializers.CharField(label="核查情况和结论", max_length=500)


@extend_schema_serializer(component_name="ObjectionDecision")
class DecisionSerializer(NoteSerializer):
    is_upheld = serializers.BooleanField(label="异议成立")


class SeedSerializer(serializers.Serializer):
    """The number that was drawn in public."""

    seed = serializers.IntegerField(min_value=0, max_value=MOST_SEED, label="随机种子")


class LookedAgainSerializer(serializers.Serializer):
    count = serializers.IntegerField(label="安排复评份数")


class SlateSerializer(serializers.Serializer):
    """What the panel decided, and where the list goes up."""

    places = serializers.IntegerField(min_value=1, max_value=MOST_PLACES, label="拟命名人数")
    reserve = serializers.IntegerField(
        min_value=0, max_value=MOST_PLACES, default=0, label="候补人数"
    )
    minutes_number = serializers.CharField(max_length=60, label="会议纪要编号")
    posted_at = serializers.CharField(max_length=200, label="公示地点或网址")
    contact = serializers.CharField(max_length=120, label="受理异议的部门和电话")
    leaves_out = serializers.BooleanField(default=False, label="确认不列入没有名次的人选")


class LevelSlateSerializer(serializers.Serializer):
    """Whom a body between unit and organizer is going to recommend, and where the list goes up."""

    organization = serializers.IntegerField(label="公示单位")
    nominations = serializers.ListField(
        child=serializers.IntegerField(), max_length=MOST_PLACES, label="人选"
    )
    minutes_number = serializers.CharField(max_length=60, label="会议纪要编号")
    posted_at = serializers.CharField(max_length=200, label="公示地点或网址")
    contact = serializers.CharField(max_length=120, label="受理异议的部门和电话")


class SeenSerializer(serializers.Serializer):
    """Where and when somebody looked, and whether the list could be read; pictures go in by page."""

    place = serializers.CharField(max_length=200, label="查看地点或网址")
    seen_at = serializers.DateTimeField(label="查看时间")
    is_up = serializers.BooleanField(label="能否查看")
    told = serializers.CharField(max_length=300, allow_blank=True, default="", label="说明")

    def validate(self, facts: dict[str, Any]) -> dict[str, Any]:
        if not facts["is_up"] and not facts["told"]:
            raise serializers.ValidationError({"told": "不能查看的，请写明原因和采取的措施"})
        return facts


def _looked(pk: int, *, actor: User, **seen: Any) -> None:
    check_posting(pk, Seen(**seen), actor=actor)


class RoundReviewViewSet(RoundPanelViewSet):
    """What is done about the review of a round at the address of the round."""

    @extend_schema(request=SeedSerializer, responses=DrawSerializer)
    @action(detail=True, methods=["post"], url_path="draw-experts", url_name="draw-experts")
    def draw_experts(self, request: Request, pk: str) -> Response:
        """抽取评审专家：同一种子、同一情形，结果相同。"""
        row, said = self.get_object(), self.said(SeedSerializer)
        return Response(DrawSerializer(draw_experts(row.pk, actor=self.user, **said)).data)

    @extend_schema(request=ReasonedSerializer, responses=LookedAgainSerializer)
    @action(detail=True, methods=["post"], url_path="second-look", url_name="second-look")
    def second_look(self, request: Request, pk: str) -> Response:
        """对分差超过限度的人选安排复评，须写明事由；每名至多一次。"""
        row, said = self.get_object(), self.said(ReasonedSerializer)
        return Response({"count": order_second_look(row.pk, actor=self.user, **said)})

    @extend_schema(request=SlateSerializer, responses={201: PublicNoticeSerializer})
    @action(detail=True, methods=["post"], url_path="draft-notice", url_name="draft-notice")
    def draft_notice(self, request: Request, pk: str) -> Response:
        """按名次拟定公示名单，由另一位审批人发布。"""
        row, said = self.get_object(), self.said(SlateSerializer)
        made = draft_notice(row.pk, Slate(**said), actor=self.user)
        return Response(PublicNoticeSerializer(made).data, status=201)

    @extend_schema(request=LevelSlateSerializer, responses={201: PublicNoticeSerializer})
    @action(
        detail=True, methods=["post"], url_path="draft-level-notice", url_name="draft-level-notice"
    )
    def draft_level_notice(self, request: Request, pk: str) -> Response:
        """拟定中间层级拟推荐人选的公示，由另一位审批人发布。"""
        row, said = self.get_object(), self.said(LevelSlateSerializer)
        body = (
            Organization.objects.visible_to(self.user).filter(pk=said.pop("organization")).first()
        )
        if body is None:
            raise DomainError("level-unknown", "没有这一级推荐工会，或不在您的范围内")
        made = draft_level_notice(row.pk, body.pk, LevelSlate(**said), actor=self.user)
        return Response(PublicNoticeSerializer(made).data, status=201)


class ExpertViewSet(ReadingViewSet):
    """专家库。"""

    queryset = Expert.objects.none()
    serializer_class = ExpertSerializer
    filterset_class = ExpertFilter

    def get_queryset(self) -> QuerySet[Expert]:
        return experts_in_scope(self.user)


class DrawViewSet(DeedViewSet):
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
        return self.done(release_draw)

    @extend_schema(request=None, responses=DrawSerializer)
    @action(detail=True, methods=["post"])
    def substitute(self, request: Request, pk: str) -> Response:
        """替补申报回避和逾期未申报的专家：按同一种子的次序，成为另一次抽取。"""
        made = substitute_experts(self.get_object().pk, actor=self.user)
        return Response(DrawSerializer(made).data)


class PublicNoticeViewSet(DeedViewSet):
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
        return self.done(post_notice, DaySerializer)

    @extend_schema(request=ReasonedSerializer, responses=PublicNoticeSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str) -> Response:
        """作废没有公示过的名单，须写明事由。"""
        return self.done(drop_notice, ReasonedSerializer)

    @extend_schema(request=SeenSerializer, responses=PublicNoticeSerializer)
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str) -> Response:
        """登记公示查看情况；截图或照片在页面上附。"""
        return self.done(_looked, SeenSerializer)

    @extend_schema(request=EnteredSerializer, responses={201: ObjectionSerializer})
    @action(detail=True, methods=["post"], url_path="enter-objection", url_name="enter-objection")
    def enter_objection(self, request: Request, pk: str) -> Response:
        """登记公示期内收到的来信、来电、来访；扫描件在页面上附。"""
        row, said = self.get_object(), self.said(EnteredSerializer)
        line = row.entries.filter(pk=said["entry"]).first()
        if line is None:
            raise DomainError("entry-unknown", "名单上没有这名人选，请核对后再登记")
        told = Reported(said["category"], said["words"], said["sender"])
        came = Came(said["channel"], said["received_on"])
        made = enter_objection(line.pk, told, came, actor=self.user)
        return Response(ObjectionSerializer(made).data, status=201)

    @extend_schema(request=AddedPlaceSerializer, responses=PublicNoticeSerializer)
    @action(detail=True, methods=["post"], url_path="add-place", url_name="add-place")
    def add_place(self, request: Request, pk: str) -> Response:
        """异议改判不成立而名额已给候补的，凭决定增补一个名额。"""
        return self.done(add_place, AddedPlaceSerializer)

    @extend_schema(request=DocumentSerializer, responses=NamedSerializer)
    @action(detail=True, methods=["post"], url_path="name")
    def give_names(self, request: Request, pk: str) -> Response:
        """公示期满后命名；异议未办结的只暂缓本人。"""
        row, said = self.get_object(), self.said(DocumentSerializer)
        honours = name_chosen(row.pk, actor=self.user, **said)
        return Response({"certificates": [honour.certificate_number for honour in honours]})


class ObjectionViewSet(DeedViewSet):
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
        return self.done(look_into, ConclusionSerializer)

    @extend_schema(request=DecisionSerializer, responses=ObjectionSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """审定异议；核查人不能审定。"""
        return self.done(decide_objection, DecisionSerializer)

    @extend_schema(request=ReasonedSerializer, responses=ObjectionSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """已成立的异议重新核查，须写明事由；审定人不能提出。"""
        return self.done(reopen_objection, ReasonedSerializer)
