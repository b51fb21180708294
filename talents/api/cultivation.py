"""Who is cultivated over HTTP: begun, planned, reported of, assessed; by the functions behind the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from pages.api import CodeField, DeedViewSet
from pages.readings import count_read
from pages.tables.paging import NEWEST_FIRST
from talents.api.notes import NoteSerializer, ReasonedSerializer
from talents.api.people import BodyField, SomebodyField
from talents.filters.growth import CultivationFilter, GoalFilter, ReportFilter
from talents.forms.plans import FACTS
from talents.models import Cultivation, CultivationGoal, CultivationReport, Person, StudioProject
from talents.models.honours import FIRST_YEAR, LAST_YEAR
from talents.permissions.growth import may_cultivate_some
from talents.rules.titles import people_steps
from talents.selectors.cohorts import Group, Step, cohort_of
from talents.selectors.growth import cultivations_in_scope, reports_in_scope
from talents.selectors.plans import goals_in_scope
from talents.selectors.studios import projects_in_scope
from talents.services.cultivating import move_cultivation
from talents.services.planning import assess_goal, correct_goal, set_goal
from talents.workflow import cultivation
from talents.workflow.cohorts import begin_cohort, chosen_of
from workflow.corrections import version_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from organizations.models import User

MOST_WORDS = 4_000


class CultivationSerializer(serializers.ModelSerializer):
    organization = CodeField(label="单位编码")
    accepted_reports = serializers.IntegerField(source="accepted", label="已接收报备")
    reports_due = serializers.IntegerField(source="whole", label="应报次数")

    class Meta:
        model = Cultivation
        fields = (
            "id", "person", "organization", "scheme", "tier", "title", "mentor", "post", "plan",
            "starts_on", "ends_on", "extended_from", "extensions", "state", "closed_on",
            "begun_for",
            "early_reason",
            "accepted_reports", "reports_due",
        )  # fmt: skip


class CultivationReportSerializer(serializers.ModelSerializer):
    class Meta:
        model = CultivationReport
        fields = (
            "id", "cultivation", "number", "due_on", "is_midterm", "words", "submitted_on", "state",
            "finding",
        )  # fmt: skip


class CultivationGoalSerializer(serializers.ModelSerializer):
    version = serializers.SerializerMethodField(label="版本（更正时写明）")

    class Meta:
        model = CultivationGoal
        fields = ("id", "cultivation", *FACTS, "outcome", "reached", "version")

    def get_version(self, row: CultivationGoal) -> int:
        return version_of(row)


class CourseSerializer(serializers.Serializer):
    """Whom, for which step of which ladder, at which body, by which plan, from when."""

    person = SomebodyField(label="培育对象")
    organization = BodyField(label="培养单位编码")
    scheme = serializers.CharField(max_length=60, label="制度编码")
    tier = serializers.CharField(max_length=60, label="培育层级")
    mentor = SomebodyField(allow_null=True, default=None, label="导师")
    plan = serializers.CharField(max_length=MOST_WORDS, label="培养方案")
    starts_on = serializers.DateField(label="培育开始")
    months = serializers.IntegerField(
        min_value=1, max_value=60, allow_null=True, default=None, label="培育期（月）"
    )
    begun_for = serializers.CharField(
        max_length=200, allow_blank=True, default="", label="补登或缩短事由"
    )

    def validate(self, facts: dict[str, Any]) -> dict[str, Any]:
        return facts | {"title": _title_of(facts["scheme"], facts["tier"])}


def _title_of(scheme: str, tier: str) -> str:
    found = people_steps().get(f"{scheme}:{tier}")
    if found is None:
        message = "现行政策没有这一培育层级，请核对制度编码和层级"
        raise serializers.ValidationError({"tier": message})
    return found[1].title


class CohortSerializer(serializers.Serializer):
    """Who was named together, for which step they are cultivated, by which plan, from when."""

    named_scheme = serializers.CharField(max_length=60, label="命名的制度编码")
    named_tier = serializers.CharField(max_length=60, label="命名的层级")
    year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR, label="命名年度")
    scheme = serializers.CharField(max_length=60, label="制度编码")
    tier = serializers.CharField(max_length=60, label="培育层级")
    plan = serializers.CharField(max_length=MOST_WORDS, label="培养方案")
    starts_on = serializers.DateField(label="培育开始")
    months = serializers.IntegerField(
        min_value=1, max_value=60, allow_null=True, default=None, label="培育期（月）"
    )
    begun_for = serializers.CharField(
        max_length=200, allow_blank=True, default="", label="补登或缩短事由"
    )
    persons = serializers.ListField(
        child=serializers.IntegerField(),
        allow_null=True,
        default=None,
        label="只登记这些人员（不填的，可以开始的全部登记）",
    )
    preview = serializers.BooleanField(default=False, label="只核对名单，不办理")

    def validate(self, facts: dict[str, Any]) -> dict[str, Any]:
        return facts | {"title": _title_of(facts["scheme"], facts["tier"])}


class LeftOutSerializer(serializers.Serializer):
    person = serializers.IntegerField(label="人员")
    reason = serializers.CharField(label="原因")


class CohortTellSerializer(serializers.Serializer):
    """Whose cultivation begins, or began, and who is left out."""

    persons = serializers.ListField(child=serializers.IntegerField(), label="开始培育的人员")
    left_out = LeftOutSerializer(many=True, label="不列入的人员")


class CultivationExtensionSerializer(ReasonedSerializer):
    until = serializers.DateField(label="新的期满日期")


class MoveSerializer(ReasonedSerializer):
    """Where to, or to which post at the same body."""

    organization = BodyField(label="培养单位编码")
    post = serializers.CharField(max_length=60, allow_blank=True, default="", label="新岗位")


class PassSerializer(ReasonedSerializer):
    document_number = serializers.CharField(
        max_length=60, allow_blank=True, default="", label="合格文号"
    )
    early_reason = serializers.CharField(
        max_length=500, allow_blank=True, default="", label="提前评价事由（培育期未满的须写明）"
    )


class ReportedSerializer(serializers.Serializer):
    words = serializers.CharField(min_length=10, max_length=MOST_WORDS, label="培育情况")


class AcceptedSerializer(NoteSerializer):
    finding = serializers.ChoiceField(
        choices=CultivationReport.Finding.choices,
        allow_blank=True,
        default="",
        label="中期结论（仅中期检查）",
    )


class AimSerializer(serializers.Serializer):
    """One goal: what, how it is shown, by when; of a project, which of the studios' it is."""

    kind = serializers.ChoiceField(choices=CultivationGoal.Kind.choices, label="类别")
    goal = serializers.CharField(max_length=200, label="目标")
    shown_by = serializers.CharField(max_length=200, label="怎样体现")
    due_on = serializers.DateField(label="完成时间")
    project = serializers.IntegerField(allow_null=True, default=None, label="工作室项目")

    def validate_project(self, number: int | None) -> StudioProject | None:
        """One that the account may see; a foreign one is as unknown as one that does not exist."""
        if number is None:
            return None
        found = projects_in_scope(self.context["user"]).filter(pk=number).first()
        if found is None:
            raise serializers.ValidationError("没有这个工作室项目，请核对")
        return found


class AimCorrectionSerializer(AimSerializer, ReasonedSerializer):
    version = serializers.IntegerField(min_value=1, label="所据版本")


class OutcomeSerializer(serializers.Serializer):
    outcome = serializers.ChoiceField(choices=CultivationGoal.Outcome.choices, label="完成情况")
    reached = serializers.CharField(min_length=4, max_length=500, label="实际完成")


def _moved(pk: int, *, organization: Any, post: str, note: str, actor: User) -> None:
    move_cultivation(pk, organization_id=organization.pk, post=post, note=note, actor=actor)


def _aimed(pk: int, *, actor: User, **facts: Any) -> None:
    set_goal(pk, facts, actor=actor)


def _corrected(pk: int, *, version: int, note: str, actor: User, **facts: Any) -> None:
    correct_goal(pk, facts, version=version, note=note, actor=actor)


class CultivationViewSet(DeedViewSet):
    """工匠培育及其报备进度；登记培育、目标、变更、延期、期满合格、终止。"""

    queryset = Cultivation.objects.none()
    serializer_class = CultivationSerializer
    filterset_class = CultivationFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Cultivation]:
        return cultivations_in_scope(self.user)

    @extend_schema(request=CourseSerializer, responses={201: CultivationSerializer})
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def begin(self, request: Request) -> Response:
        """登记培育对象：报备日期按政策排定。"""
        if not may_cultivate_some.allows(self.user):
            raise PermissionDenied
        facts = self.said(CourseSerializer)
        person, body, mentor = (facts.pop(name) for name in ("person", "organization", "mentor"))
        made = cultivation.cultivate(
            person.pk,
            cultivation.Course(**facts),
            organization_id=body.pk,
            mentor_id=mentor and mentor.pk,
            actor=self.user,
        )
        return Response(self.get_serializer(self.get_queryset().get(pk=made.pk)).data, status=201)

    @extend_schema(request=CohortSerializer, responses={200: CohortTellSerializer})
    @action(
        detail=False,
        methods=["post"],
        url_path="begin-cohort",
        url_name="begin-cohort",
        filterset_class=None,
        pagination_class=None,
    )
    def begin_cohort(self, request: Request) -> Response:
        """成批登记同批命名的工匠，全部或其中所选的；有一人不能登记的，全部不登记。"""
        if not may_cultivate_some.allows(self.user):
            raise PermissionDenied
        facts = self.said(CohortSerializer)
        group = Group(facts.pop("named_scheme"), facts.pop("named_tier"), facts.pop("year"))
        step, is_preview = Step(facts["scheme"], facts["tier"]), facts.pop("preview")
        chosen = facts.pop("persons")
        found = cohort_of(self.user, group, step)
        begin = chosen_of(found, chosen)
        if not is_preview:
            begin_cohort(
                group,
                step,
                cultivation.Course(**facts),
                actor=self.user,
                digest=found.digest,
                persons=chosen,
            )
        count_read(self.user, Person, len(found.begin) + len(found.left_out))
        left_out = [{"person": one.person_id, "reason": reason} for one, reason in found.left_out]
        persons = [one.person_id for one in begin]
        return Response({"persons": persons, "left_out": left_out})

    @extend_schema(request=AimSerializer, responses=CultivationSerializer)
    @action(detail=True, methods=["post"], url_path="set-goal", url_name="set-goal")
    def set_goal(self, request: Request, pk: str) -> Response:
        """登记一项培育目标。"""
        return self.done(_aimed, AimSerializer)

    @extend_schema(request=MoveSerializer, responses=CultivationSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """变更培养单位或岗位，须写明事由。"""
        return self.done(_moved, MoveSerializer)

    @extend_schema(request=CultivationExtensionSerializer, responses=CultivationSerializer)
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, pk: str) -> Response:
        """延长培育期，须写明事由。"""
        return self.done(cultivation.extend_cultivation, CultivationExtensionSerializer)

    @extend_schema(request=PassSerializer, responses=CultivationSerializer)
    @action(detail=True, methods=["post"], url_path="pass", url_name="pass")
    def end_well(self, request: Request, pk: str) -> Response:
        """期满合格：报备、目标齐全后办理，同时发出合格证书。"""
        return self.done(cultivation.pass_cultivation, PassSerializer)

    @extend_schema(request=ReasonedSerializer, responses=CultivationSerializer)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: str) -> Response:
        """终止培育，须写明事由。"""
        return self.done(cultivation.stop_cultivation, ReasonedSerializer)


class CultivationReportViewSet(DeedViewSet):
    """定期报备：报送、接收、退回、催办。"""

    queryset = CultivationReport.objects.none()
    serializer_class = CultivationReportSerializer
    filterset_class = ReportFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[CultivationReport]:
        return reports_in_scope(self.user)

    @extend_schema(request=ReportedSerializer, responses=CultivationReportSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """报送一期报备。"""
        return self.done(cultivation.report, ReportedSerializer)

    @extend_schema(request=AcceptedSerializer, responses=CultivationReportSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """接收报备：填报人不能接收；中期检查须作出结论。"""
        return self.done(cultivation.accept_report, AcceptedSerializer)

    @extend_schema(request=ReasonedSerializer, responses=CultivationReportSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request: Request, pk: str) -> Response:
        """退回报备，须写明事由。"""
        return self.done(cultivation.give_report_back, ReasonedSerializer)

    @extend_schema(request=None, responses=CultivationReportSerializer)
    @action(detail=True, methods=["post"])
    def chase(self, request: Request, pk: str) -> Response:
        """催办逾期的报备，同一份一天一次。"""
        return self.done(cultivation.chase_report)


class CultivationGoalViewSet(DeedViewSet):
    """培育目标：更正，登记完成情况；新的目标用培育的 set-goal 登记。"""

    queryset = CultivationGoal.objects.none()
    serializer_class = CultivationGoalSerializer
    filterset_class = GoalFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[CultivationGoal]:
        return goals_in_scope(self.user)

    @extend_schema(request=AimCorrectionSerializer, responses=CultivationGoalSerializer)
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: str) -> Response:
        """更正目标，须写明事由和所据版本。"""
        return self.done(_corrected, AimCorrectionSerializer)

    @extend_schema(request=OutcomeSerializer, responses=CultivationGoalSerializer)
    @action(detail=True, methods=["post"])
    def assess(self, request: Request, pk: str) -> Response:
        """登记目标完成情况。"""
        return self.done(assess_goal, OutcomeSerializer)
