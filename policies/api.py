"""The policy library for programs: public, read only."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from pages.api import CodeField, ReadingViewSet
from pages.forms import LONGEST_REASON, SHORTEST_REASON
from pages.tables.paging import NEWEST_FIRST
from policies import workflow
from policies.filters import DefaultFilter, DraftFilter, EditionFilter
from policies.library.editions import policy_by_digest
from policies.models import EditionDefault, EditionDraft, PolicyEdition
from policies.models.defaults import LONGEST_DOCUMENT
from policies.permissions import ACTIVATE, RETURN, SUBMIT, may_confirm
from policies.selectors.defaults import defaults_for_list, with_wording
from policies.selectors.drafts import drafts_in_scope
from policies.selectors.editions import STANDINGS, editions_for_list
from policies.services.defaults import Basis, confirm_default
from policies.wording.statements import SECTION_TITLES

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.routers import DefaultRouter

    from policies.library.policy import Article, Derivation


COLUMNS = (
    "id", "code", "edition", "title", "issuer", "jurisdiction", "document_number", "status",
    "standing", "effective_from", "effective_until", "summary", "digest", "loaded_at",
)  # fmt: skip


STANDING_CHOICES = list(STANDINGS.items())


class EditionSerializer(serializers.ModelSerializer):
    """One edition without its words."""

    standing = serializers.ChoiceField(STANDING_CHOICES, help_text="今日状态")

    class Meta:
        model = PolicyEdition
        fields: tuple[str, ...] = COLUMNS


class EditionDetailSerializer(EditionSerializer):
    """One edition with every item of every section."""

    sections = serializers.SerializerMethodField(help_text="各部分的条目：层级、条件、标准、目标等")

    class Meta(EditionSerializer.Meta):
        fields = (*COLUMNS, "sections")

    def get_sections(self, edition: PolicyEdition) -> dict[str, list[dict[str, Any]]]:
        policy = policy_by_digest(edition.digest)
        return {
            section: [_as_json(item) for item in getattr(policy, section)]
            for section in SECTION_TITLES
        }


def _as_json(item: Article | Derivation) -> dict[str, Any]:
    """What the file says of an item; unset keys left out, figures as text so that none is rounded."""
    values = ((f.name, getattr(item, f.name)) for f in fields(item))
    return {name: _plain(value) for name, value in values if value not in (None, "", (), False)}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if is_dataclass(value):
        return _as_json(value)  # type: ignore[arg-type]
    return str(value) if isinstance(value, Decimal) else value


@extend_schema_view(
    list=extend_schema(summary="政策版本列表", auth=[]),
    retrieve=extend_schema(summary="一个政策版本及其全部条目", auth=[]),
)
class EditionViewSet(viewsets.ReadOnlyModelViewSet):
    """政策版本：公开，只读。"""

    permission_classes = (AllowAny,)
    filterset_class = EditionFilter

    def get_queryset(self) -> QuerySet[PolicyEdition]:
        return editions_for_list(timezone.localdate())

    def get_serializer_class(self) -> type[EditionSerializer]:
        return EditionDetailSerializer if self.action == "retrieve" else EditionSerializer


class DefaultSerializer(serializers.ModelSerializer):
    """A default with its value, and by what it is confirmed."""

    policy = serializers.CharField(source="edition.code", label="政策编码")
    edition = serializers.IntegerField(source="edition.edition", label="版次")
    standing = serializers.ChoiceField(STANDING_CHOICES, label="版本今日状态")
    is_confirmed = serializers.BooleanField(source="confirmed", label="已确认")
    value = serializers.CharField(label="选定的取值")
    reason = serializers.CharField(label="为何这样选定")
    document_number = serializers.CharField(
        source="confirmation.document_number", label="依据文号", default=None
    )
    decided_on = serializers.DateField(
        source="confirmation.decided_on", label="文件日期", default=None
    )

    class Meta:
        model = EditionDefault
        fields = (
            "id", "policy", "edition", "standing", "section", "item", "title", "value", "reason",
            "digest", "is_confirmed", "document_number", "decided_on",
        )  # fmt: skip


class BasisSerializer(serializers.Serializer):
    """The document by which a default is confirmed."""

    document_number = serializers.CharField(label="依据文号", max_length=LONGEST_DOCUMENT)
    decided_on = serializers.DateField(label="文件日期")
    note = serializers.CharField(
        label="说明", max_length=LONGEST_REASON, required=False, allow_blank=True, default=""
    )


class DefaultViewSet(ReadingViewSet):
    """条文未写明、由系统选定的取值；confirm 凭文件确认一条。"""

    queryset = EditionDefault.objects.none()
    serializer_class = DefaultSerializer
    filterset_class = DefaultFilter

    def get_queryset(self) -> QuerySet[EditionDefault]:
        return defaults_for_list(self.user)

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        """A page of rows, told all at once."""
        return with_wording(super().paginate_queryset(queryset) or [], self.user)

    def get_object(self) -> Any:
        return with_wording([super().get_object()], self.user)[0]

    @extend_schema(request=BasisSerializer, responses=DefaultSerializer)
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def confirm(self, request: Request, pk: str) -> Response:
        """凭文件确认一条默认：政策所属工会的审批人。"""
        default = self.get_object()
        may_confirm.check(self.user, default.edition)
        serializer = BasisSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        confirm_default(default.pk, Basis(**serializer.validated_data), actor=self.user)
        return Response(self.get_serializer(self.get_object()).data)


class DraftSerializer(serializers.ModelSerializer):
    """A draft of a next edition; ``changes`` has the items that say otherwise."""

    edition = serializers.IntegerField(source="number", label="将成为的版次")
    organization = CodeField(label="起草工会编码")

    class Meta:
        model = EditionDraft
        fields = (
            "id", "code", "edition", "organization", "title", "status", "document_number",
            "document_title", "publisher", "issued_on", "effective_from", "effective_until",
            "changes", "state", "drafted_at", "version", "result",
        )  # fmt: skip


class DecisionSerializer(serializers.Serializer):
    """A decision about a draft as it was read."""

    version = serializers.IntegerField(label="所读的修改次数", min_value=1)
    note = serializers.CharField(
        label="意见", max_length=LONGEST_REASON, required=False, allow_blank=True, default=""
    )


class ReturnSerializer(serializers.Serializer):
    note = serializers.CharField(
        label="事由", min_length=SHORTEST_REASON, max_length=LONGEST_REASON
    )


class DraftViewSet(ReadingViewSet):
    """新版次草稿；在页面上起草和修改，submit 提交、return 退回、activate 由第二人使其生效。"""

    queryset = EditionDraft.objects.none()
    serializer_class = DraftSerializer
    filterset_class = DraftFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[EditionDraft]:
        return drafts_in_scope(self.user)

    @extend_schema(request=DecisionSerializer, responses=DraftSerializer)
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def submit(self, request: Request, pk: str) -> Response:
        """提交，交他人核对生效。"""
        return self._decided(SUBMIT.why_not, workflow.submit_draft, DecisionSerializer)

    @extend_schema(request=ReturnSerializer, responses=DraftSerializer)
    @action(
        detail=True,
        methods=["post"],
        url_path="return",
        filterset_class=None,
        pagination_class=None,
    )
    def give_back(self, request: Request, pk: str) -> Response:
        """退回修改，须写明事由。"""
        return self._decided(RETURN.why_not, workflow.return_draft, ReturnSerializer)

    @extend_schema(request=DecisionSerializer, responses=DraftSerializer)
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def activate(self, request: Request, pk: str) -> Response:
        """使其生效：起草、修改、提交以外的审批人。"""
        return self._decided(ACTIVATE.why_not, workflow.activate_draft, DecisionSerializer)

    def _decided(self, why_not: Any, act: Any, body: type[serializers.Serializer]) -> Response:
        draft = self.get_object()
        if refusal := why_not(self.user, draft, draft.organization):
            raise refusal
        serializer = body(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        act(draft.pk, actor=self.user, **serializer.validated_data)
        return Response(self.get_serializer(self.get_object()).data)


def register(router: DefaultRouter) -> None:
    router.register("policies/drafts", DraftViewSet, basename="policy-draft")
    router.register("policies/defaults", DefaultViewSet, basename="policy-default")
    router.register("policies/editions", EditionViewSet, basename="policy-edition")
