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

from pages.api import ReadingViewSet
from pages.forms import LONGEST_REASON
from policies.filters import DefaultFilter, EditionFilter
from policies.library.editions import policy_by_digest
from policies.models import EditionDefault, PolicyEdition
from policies.models.defaults import LONGEST_DOCUMENT
from policies.permissions import may_confirm
from policies.selectors.defaults import defaults_for_list, told
from policies.selectors.editions import STANDINGS, editions_for_list
from policies.services import Basis, confirm_default
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
    is_confirmed = serializers.BooleanField(label="已确认")
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

    def paginate_queryset(self, queryset: Any) -> list[EditionDefault]:
        """A page of rows, told all at once."""
        return told(super().paginate_queryset(queryset) or [], self.user)

    def get_object(self) -> EditionDefault:
        return told([super().get_object()], self.user)[0]

    @extend_schema(request=BasisSerializer, responses=DefaultSerializer)
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def confirm(self, request: Request, pk: str) -> Response:
        """凭文件确认一条默认：政策所属工会的审批人。"""
        default = self.get_object()
        may_confirm.check(self.user, default.edition)
        asked = BasisSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        confirm_default(default.pk, Basis(**asked.validated_data), actor=self.user)
        return Response(self.get_serializer(self.get_object()).data)


def register(router: DefaultRouter) -> None:
    router.register("policies/defaults", DefaultViewSet, basename="policy-default")
    router.register("policies/editions", EditionViewSet, basename="policy-edition")
