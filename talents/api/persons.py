"""Persons, their certificates and working lives over HTTP; numbers of persons only as masks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework import serializers

from pages.api import CodeField, ReadingViewSet
from talents.filters import CertificateFilter, EmploymentFilter, PersonFilter
from talents.models import Certificate, Employment, Person
from talents.selectors.persons import persons_in_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet


class PersonSerializer(serializers.ModelSerializer):
    organization = CodeField(label="单位编码")

    class Meta:
        model = Person
        fields = (
            "id", "name", "identity_mask", "sex", "birth_on", "ethnicity", "education",
            "political_status", "organization",
        )  # fmt: skip


class CertificateSerializer(serializers.ModelSerializer):
    class Meta:
        model = Certificate
        fields = ("id", "person", "number", "level", "occupation", "issued_year")


class EmploymentSerializer(serializers.ModelSerializer):
    started = serializers.CharField(read_only=True, label="起始")
    ended = serializers.CharField(read_only=True, label="结束")

    class Meta:
        model = Employment
        fields = (
            "id", "person", "nomination", "started", "ended", "is_frontline", "employer", "trade",
        )  # fmt: skip


class PersonViewSet(ReadingViewSet):
    """人员；身份号码只给掩码。"""

    queryset = Person.objects.none()
    serializer_class = PersonSerializer
    filterset_class = PersonFilter

    def get_queryset(self) -> QuerySet[Person]:
        return persons_in_scope(self.user)


class CertificateViewSet(ReadingViewSet):
    """技能证书。"""

    queryset = Certificate.objects.none()
    serializer_class = CertificateSerializer
    filterset_class = CertificateFilter

    def get_queryset(self) -> QuerySet[Certificate]:
        return Certificate.objects.visible_to(self.user)


class EmploymentViewSet(ReadingViewSet):
    """工作经历；按推荐填报的各段属于该推荐。"""

    queryset = Employment.objects.none()
    serializer_class = EmploymentSerializer
    filterset_class = EmploymentFilter

    def get_queryset(self) -> QuerySet[Employment]:
        return Employment.objects.visible_to(self.user)
