"""Rounds, nominations, persons and verdicts over HTTP: the scope of the pages, changes as actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from organizations.models import Organization
from pages.api import CodeField, ReadingViewSet
from pages.tables.paging import NEWEST_FIRST, OLDEST_FIRST
from policies.rules.findings import findings
from policies.rules.verdicts import Overall, code_of
from talents import workflow
from talents.api.declaring import register_declarations
from talents.api.endorsing import ClearanceViewSet, EndorsementViewSet, FaultsSerializer
from talents.api.growth import register_growth
from talents.api.honours import HonourViewSet
from talents.api.masking import register_maskings
from talents.api.notes import NoteSerializer, note_of
from talents.api.panels import register_panels
from talents.api.persons import CertificateViewSet, EmploymentViewSet, PersonViewSet
from talents.api.reviews import (
    DrawViewSet,
    ExpertViewSet,
    ObjectionViewSet,
    PublicNoticeViewSet,
    RoundReviewViewSet,
)
from talents.api.taking_back import register_papers
from talents.facts.service import growing_facts, growing_of
from talents.filters import (
    NominationFilter,
    QuotaFilter,
    RoundFilter,
    RunFilter,
)
from talents.models import (
    AssessmentRun,
    Nomination,
    QuotaAllocation,
    SelectionRound,
)
from talents.permissions import may_decide, sees_all_of
from talents.rules import evaluation_of
from talents.selectors.explanations import run_and_assessment
from talents.selectors.nominations import nominations_of_all_rounds
from talents.selectors.results import ResultQuestion, results_for_list
from talents.selectors.rounds import quotas_in_scope, rounds_in_scope, runs_in_scope
from talents.services.eligibility import start_run
from talents.services.quotas import MOST_PLACES, divide_quotas

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter


#: Bodies on one sheet of places.
MOST_BODIES = 2_000
#: Nominations confirmed by one call.
MOST_CHOSEN = 1_000


class ChosenSerializer(NoteSerializer):
    """Nominations named one by one; nothing is confirmed that nobody looked at."""

    nominations = serializers.ListField(
        child=serializers.IntegerField(min_value=1),
        label="推荐",
        allow_empty=False,
        max_length=MOST_CHOSEN,
    )


class DecidedSerializer(serializers.Serializer):
    confirmed = serializers.ListField(child=serializers.IntegerField(), label="已确认的推荐")
    refused = serializers.SerializerMethodField(label="未确认的推荐和原因")

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_refused(self, done: workflow.Decided) -> dict[str, str]:
        return {str(pk): refusal.message for pk, refusal in done.refused.items()}


class RoundSerializer(serializers.ModelSerializer):
    organizer = CodeField(label="主办工会编码")
    policy = serializers.CharField(source="edition.code", read_only=True, label="政策编码")
    edition = serializers.IntegerField(source="edition.edition", read_only=True, label="版次")
    edition_digest = serializers.CharField(
        source="edition.digest", read_only=True, label="版本摘要"
    )

    class Meta:
        model = SelectionRound
        fields = (
            "id", "code", "name", "policy", "edition", "edition_digest", "tier", "year", "organizer",
            "reference_day", "opens_on", "closes_on", "state",
        )  # fmt: skip


class NominationSerializer(serializers.ModelSerializer):
    round = CodeField(label="轮次编码")
    unit = CodeField(label="推荐单位编码")
    name = serializers.CharField(source="person.name", read_only=True, label="姓名")
    identity_mask = serializers.CharField(
        source="person.identity_mask", read_only=True, label="公民身份号码（掩码）"
    )
    verdict = serializers.SerializerMethodField(label="核验结果")
    is_outdated = serializers.SerializerMethodField(label="核验后又有更正")
    awaits_unit = serializers.BooleanField(read_only=True, label="已退回，待单位更正")

    class Meta:
        model = Nomination
        fields = (
            "id", "round", "person", "name", "identity_mask", "unit", "state", "post", "occupation",
            "occupation_code", "skill_level", "certificate_number", "honours_text", "patents_count", "apprentices_count",
            "category", "is_migrant", "is_non_public", "is_key_industry",
            "force_leading", "force_practice", "force_innovation", "force_tackling", "force_passing",
            "rank", "row_number", "created_at", "edited_at", "version", "verdict", "is_outdated",
            "awaits_unit",
        )  # fmt: skip

    def get_verdict(self, row: Any) -> str:
        return code_of(row.overall)

    def get_is_outdated(self, row: Any) -> bool:
        return row.overall is not None and row.judged_version != row.version


class QuotaSerializer(serializers.ModelSerializer):
    round = CodeField(label="轮次编码")
    organization = CodeField(label="组织编码")

    class Meta:
        model = QuotaAllocation
        fields = ("id", "round", "organization", "places")


class PlacesSerializer(serializers.Serializer):
    """How many places a body is to have; 0 takes them back."""

    organization = serializers.CharField(label="组织编码", max_length=40)
    places = serializers.IntegerField(label="名额", min_value=0, max_value=MOST_PLACES)


class DivisionSerializer(NoteSerializer):
    """A sheet of places, written as a whole or not at all."""

    places = PlacesSerializer(many=True, allow_empty=False, max_length=MOST_BODIES)  # type: ignore[call-arg]

    def changes(self, user: Any) -> list[tuple[Organization, int]]:
        """The bodies named, as far as ``user`` sees them, with what they are to have."""
        wanted = {entry["organization"]: entry["places"] for entry in self.validated_data["places"]}
        bodies = Organization.objects.visible_to(user).filter(code__in=wanted)
        found = {body.code: body for body in bodies}
        if unknown := sorted(wanted.keys() - found.keys()):
            message = f"没有编码为{'、'.join(unknown)}的组织，请核对编码"
            raise serializers.ValidationError({"places": [message]})
        return [(found[code], number) for code, number in wanted.items()]


class CountsSerializer(serializers.Serializer):
    eligible = serializers.IntegerField(source="eligible_count", label=Overall.ELIGIBLE.label)
    ineligible = serializers.IntegerField(source="ineligible_count", label=Overall.INELIGIBLE.label)
    missing = serializers.IntegerField(source="missing_count", label=Overall.MISSING.label)


class RunSerializer(serializers.ModelSerializer):
    round = CodeField(label="轮次编码")
    counts = serializers.SerializerMethodField(label="各结果人数（仅对可见全轮次者）")

    class Meta:
        model = AssessmentRun
        fields = (
            "id", "round", "edition_digest", "reference_day", "status", "started_at", "finished_at",
            "counts",
        )  # fmt: skip

    @extend_schema_field(CountsSerializer(allow_null=True))
    def get_counts(self, run: AssessmentRun) -> Any:
        if not sees_all_of(self.context["request"].user, run.round):
            return None
        return CountsSerializer(run).data


class FindingSerializer(serializers.Serializer):
    criterion = serializers.CharField(source="code", label="条件")
    title = serializers.CharField(source="criterion.title", label="名称")
    severity = serializers.CharField(source="severity.value", label="性质")
    met = serializers.BooleanField(allow_null=True, label="是否满足")
    actual = serializers.DecimalField(
        max_digits=20, decimal_places=1, allow_null=True, coerce_to_string=False, label="实际"
    )
    threshold = serializers.DecimalField(
        max_digits=20, decimal_places=1, allow_null=True, coerce_to_string=False, label="要求"
    )
    source = serializers.CharField(label="来源")  # type: ignore[assignment]
    sentence = serializers.CharField(label="说明")


class ResultSerializer(serializers.Serializer):
    nomination = serializers.IntegerField(source="pk", label="推荐")
    name = serializers.CharField(source="person.name", label="姓名")
    unit = serializers.CharField(source="unit.code", label="推荐单位编码")
    row = serializers.IntegerField(source="row_number", allow_null=True, label="序号")
    verdict = serializers.SerializerMethodField(label="结果")
    is_outdated = serializers.SerializerMethodField(label="核验后又有更正")
    findings = serializers.SerializerMethodField(label="各项条件")

    def get_verdict(self, row: Any) -> str:
        return code_of(row.overall)

    def get_is_outdated(self, row: Any) -> bool:
        return row.judged_version != row.version

    @extend_schema_field(FindingSerializer(many=True))
    def get_findings(self, row: Any) -> Any:
        return FindingSerializer(
            findings(self.context["evaluation"], row, growing=growing_of(row)), many=True
        ).data


class RoundViewSet(RoundReviewViewSet):
    """选树轮次；状态只通过 open、close、reopen 动作变化，check 发起资格核验；评审、公示的办理各有动作。"""

    queryset = SelectionRound.objects.none()
    serializer_class = RoundSerializer
    filterset_class = RoundFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[SelectionRound]:
        return rounds_in_scope(self.user)

    @extend_schema(request=NoteSerializer, responses=RoundSerializer)
    @action(detail=True, methods=["post"])
    def open(self, request: Request, pk: str) -> Response:
        """开放申报。"""
        return self._moved(workflow.open_round)

    @extend_schema(request=NoteSerializer, responses=RoundSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """截止申报。"""
        return self._moved(workflow.close_round)

    @extend_schema(request=NoteSerializer, responses=RoundSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """重新开放申报，须写明事由。"""
        return self._moved(workflow.reopen_round)

    @extend_schema(request=DivisionSerializer, responses=QuotaSerializer(many=True))
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def places(self, request: Request, pk: str) -> Response:
        """分配或调整名额，整张写入；返回本轮次可见的全部名额。"""
        selection, serializer = self.get_object(), DivisionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        note, changes = serializer.validated_data["note"], serializer.changes(self.user)
        divide_quotas(selection.pk, changes, actor=self.user, note=note)
        given = quotas_in_scope(self.user).filter(round=selection)
        return Response(QuotaSerializer(given, many=True).data)

    @extend_schema(request=None, responses={202: RunSerializer})
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str) -> Response:
        """发起资格核验，完成后从 runs 取结果。"""
        run = start_run(self.get_object().pk, actor=self.user)
        shown = RunSerializer(run, context=self.get_serializer_context())
        return Response(shown.data, status=202)

    @extend_schema(request=ChosenSerializer, responses=DecidedSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """确认所列的推荐；不能确认的逐名说明原因，不影响其他。"""
        selection = self.get_object()
        may_decide.check(self.user, selection)
        serializer = ChosenSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        chosen, note = serializer.validated_data["nominations"], serializer.validated_data["note"]
        done = workflow.confirm_chosen(selection.pk, chosen, actor=self.user, note=note)
        return Response(DecidedSerializer(done).data)

    def _moved(self, act: Any) -> Response:
        moved = act(self.get_object().pk, actor=self.user, note=note_of(self.request))
        return Response(self.get_serializer(moved).data)


class NominationViewSet(ReadingViewSet):
    """推荐；确认与退回通过 confirm、return 动作办理。"""

    queryset = Nomination.objects.none()
    serializer_class = NominationSerializer
    filterset_class = NominationFilter

    def get_queryset(self) -> QuerySet[Nomination]:
        return nominations_of_all_rounds(self.user)

    @extend_schema(request=NoteSerializer, responses=NominationSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """确认一份合格的草稿。"""
        return self._moved(workflow.confirm_nomination)

    @extend_schema(request=FaultsSerializer, responses=NominationSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, pk: str) -> Response:
        """退回草稿，须写明事由，可逐项指出问题。"""
        row, asked = self.get_object(), FaultsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        workflow.return_nomination(row.pk, actor=self.user, **asked.validated_data)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(responses=FindingSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def why(self, request: Request, pk: str) -> Response:
        """最近一次核验的各项条件；尚未核验的为空。"""
        nomination = self.get_object()
        _, assessment = run_and_assessment(nomination)
        if assessment is None:
            return Response([])
        found = findings(
            evaluation_of(assessment.run),
            assessment,
            growing=growing_facts(nomination, assessment.run.reference_day),
        )
        return Response(FindingSerializer(found, many=True).data)

    def _moved(self, act: Any) -> Response:
        act(self.get_object().pk, actor=self.user, note=note_of(self.request))
        return Response(self.get_serializer(self.get_object()).data)


class QuotaViewSet(ReadingViewSet):
    """名额；分配与调整用轮次的 places 动作。"""

    queryset = QuotaAllocation.objects.none()
    serializer_class = QuotaSerializer
    filterset_class = QuotaFilter

    def get_queryset(self) -> QuerySet[QuotaAllocation]:
        return quotas_in_scope(self.user)


class RunViewSet(ReadingViewSet):
    """资格核验；results 给出每人每项条件的结论。"""

    queryset = AssessmentRun.objects.none()
    serializer_class = RunSerializer
    filterset_class = RunFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[AssessmentRun]:
        return runs_in_scope(self.user)

    @extend_schema(responses=ResultSerializer(many=True))
    @action(detail=True, filterset_class=None)
    def results(self, request: Request, pk: str) -> Response:
        """一次核验的结果，按登记先后分页。"""
        run = self.get_object()
        self.order = OLDEST_FIRST
        rows = self.paginate_queryset(results_for_list(self.user, run, ResultQuestion()))
        context = {**self.get_serializer_context(), "evaluation": evaluation_of(run)}
        return self.get_paginated_response(ResultSerializer(rows, many=True, context=context).data)


def register(router: BaseRouter, *_: Any) -> None:
    router.register("rounds", RoundViewSet)
    router.register("nominations", NominationViewSet)
    router.register("persons", PersonViewSet)
    router.register("runs", RunViewSet)
    router.register("quota-allocations", QuotaViewSet)
    router.register("certificates", CertificateViewSet)
    router.register("employments", EmploymentViewSet)
    router.register("honours", HonourViewSet)
    router.register("experts", ExpertViewSet)
    router.register("draws", DrawViewSet)
    router.register("public-notices", PublicNoticeViewSet)
    router.register("objections", ObjectionViewSet)
    router.register("endorsements", EndorsementViewSet)
    router.register("clearances", ClearanceViewSet)
    register_declarations(router)
    register_maskings(router)
    register_papers(router)
    register_panels(router)
    register_growth(router)
