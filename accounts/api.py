"""The tree and its roles over HTTP: read-only, the same scope as the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework import serializers

from accounts.filters import MembershipFilter, OrganizationFilter
from organizations.models import Membership, Organization
from organizations.selectors import memberships_in_scope, organizations_in_scope
from pages.api import CodeField, ReadingViewSet

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.routers import BaseRouter


class OrganizationSerializer(serializers.ModelSerializer):
    parent: serializers.SlugRelatedField = serializers.SlugRelatedField(  # type: ignore[assignment]
        slug_field="code", read_only=True, label="上级编码"
    )

    class Meta:
        model = Organization
        fields = (
            "id", "code", "name", "kind", "parent", "uscc", "region_code", "industry",
            "valid_from", "valid_until",
        )  # fmt: skip


class MembershipSerializer(serializers.ModelSerializer):
    user = serializers.CharField(source="user.username", label="账号", read_only=True)
    organization = CodeField(label="组织编码")

    class Meta:
        model = Membership
        fields = ("id", "user", "organization", "role", "valid_from", "valid_until")


class OrganizationViewSet(ReadingViewSet):
    """组织机构：可见范围内的工会与单位。"""

    serializer_class = OrganizationSerializer
    filterset_class = OrganizationFilter

    def get_queryset(self) -> QuerySet[Organization]:
        return organizations_in_scope(self.user)


class MembershipViewSet(ReadingViewSet):
    """任职与角色：谁在哪个组织担任何种角色。"""

    serializer_class = MembershipSerializer
    filterset_class = MembershipFilter

    def get_queryset(self) -> QuerySet[Membership]:
        return memberships_in_scope(self.user)


def register(router: BaseRouter, *_: Any) -> None:
    router.register("organizations", OrganizationViewSet, basename="organization")
    router.register("memberships", MembershipViewSet, basename="membership")
