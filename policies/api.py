"""The policy library for programs: public, read only."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.permissions import AllowAny

from policies.filters import EditionFilter
from policies.library.editions import policy_by_digest
from policies.models import PolicyEdition
from policies.selectors.editions import STANDINGS, editions_for_list
from policies.wording.statements import SECTION_TITLES

if TYPE_CHECKING:
    from django.db.models import QuerySet
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


def register(router: DefaultRouter) -> None:
    router.register("policies/editions", EditionViewSet, basename="policy-edition")
