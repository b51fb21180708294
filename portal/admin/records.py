"""The record, read-only for everybody; the database sees to that as well."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils.html import format_html

from organizations.roles import STAFF, Role
from pages.admin.recorded import RecordedAdmin
from pages.models import ReadingTally
from pages.permissions import user_of
from portal.tables import ChainTable, ReadingTable, RecordTable
from workflow.models import ChainHead, Record
from workflow.permissions import may_read_content
from workflow.selectors import records_in_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

OUTLINE = ("at", "kind", "code", "action", "subject", "organization", "actor")
CONTENT = ("source", "target", "before_text", "after_text", "note")
LINK = ("chain", "sequence", "digest")


@admin.register(Record)
class RecordAdmin(RecordedAdmin):
    table, listed = RecordTable, "portal:records"
    view_roles = STAFF | {Role.AUDITOR, Role.AUDIT_ADMIN}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Record]:
        return records_in_scope(user_of(request))

    def get_fields(self, request: HttpRequest, obj: Record | None = None) -> tuple:
        is_open = obj is not None and may_read_content(user_of(request), obj)
        return (*OUTLINE, *(CONTENT if is_open else ()), *LINK)

    def get_readonly_fields(self, request: HttpRequest, obj: Record | None = None) -> tuple:
        return ("before_text", "after_text", "digest", "chain", "sequence", "at")

    @admin.display(description="变更前")
    def before_text(self, record: Record) -> str:
        return _text(record.before)

    @admin.display(description="变更后")
    def after_text(self, record: Record) -> str:
        return _text(record.after)

    @admin.display(description="哈希")
    def digest(self, record: Record) -> str:
        return bytes(record.hash).hex()


@admin.register(ChainHead)
class ChainHeadAdmin(RecordedAdmin):
    """Where each chain ends: what is copied out of the house to be compared later."""

    table = ChainTable
    view_roles = frozenset({Role.AUDITOR, Role.AUDIT_ADMIN})
    fields = ("chain", "sequence", "digest")
    readonly_fields = ("digest",)

    @admin.display(description="哈希")
    def digest(self, head: ChainHead) -> str:
        return bytes(head.hash).hex()


@admin.register(ReadingTally)
class ReadingTallyAdmin(RecordedAdmin):
    """How much about persons was read by whom."""

    table = ReadingTable
    view_roles = frozenset({Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
    fields = ("owner", "day", "persons")


def _text(content: dict) -> str:
    if not content:
        return "—"
    return format_html("<pre>{}</pre>", json.dumps(content, ensure_ascii=False, indent=2))
