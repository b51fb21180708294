"""The words that go with a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework import serializers

if TYPE_CHECKING:
    from rest_framework.request import Request


class NoteSerializer(serializers.Serializer):
    """The words that go with a decision."""

    note = serializers.CharField(
        label="事由或意见", max_length=200, required=False, allow_blank=True, default=""
    )


class ReasonedSerializer(serializers.Serializer):
    """The words without which something is not decided."""

    note = serializers.CharField(label="事由或意见", max_length=200)


def note_of(request: Request) -> str:
    serializer = NoteSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data["note"]
