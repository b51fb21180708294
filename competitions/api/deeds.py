"""What is said with a deed about a contest over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework import serializers

if TYPE_CHECKING:
    from organizations.models import User


class AppealGroundsSerializer(serializers.Serializer):
    """What is held against a result."""

    grounds = serializers.CharField(label="申诉理由", min_length=4, max_length=1000)


class VerdictSerializer(serializers.Serializer):
    """What the group decided, and who of it took part besides who enters it."""

    is_upheld = serializers.BooleanField(label="申诉是否成立")
    verdict = serializers.CharField(label="仲裁意见", min_length=4, max_length=1000)
    jury = serializers.ListField(
        child=serializers.CharField(max_length=150), default=list, label="参加仲裁的成员（用户名）"
    )

    def validate_jury(self, names: list[str]) -> list[User]:
        """Members of the group of the contest by their names; whoever is none of it is told so alike."""
        found = {row.user.username: row.user for row in self.context["group"]}
        if strange := [name for name in names if name not in found]:
            raise serializers.ValidationError(f"“{'、'.join(strange)}”不是本竞赛仲裁组成员")
        return [found[name] for name in names]


class ContestCertificateSerializer(serializers.Serializer):
    """The number of the certificate that the labour authority issued."""

    number = serializers.CharField(label="证书编号", max_length=30)

    def validate_number(self, number: str) -> str:
        return number.replace(" ", "").upper()
