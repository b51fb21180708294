"""The record, read-only for everybody; the database sees to that as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils.html import format_html_join

from organizations.roles import STAFF, Role
from pages.admin.recorded import RecordedAdmin
from pages.models import ReadingTally
from pages.permissions import user_of
from portal.tables import ChainTable, ReadingTable, RecordTable
from workflow.models import ChainHead, Record
from workflow.permissions import may_read_content
from workflow.records.wording import chain_in_words, subject_in_words
from workflow.selectors import changes_of, deed_in_words, records_in_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

OUTLINE = ("at", "kind", "deed", "about", "organization", "actor")
CONTENT = ("content", "note")
LINK = ("whose", "sequence", "digest")


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
        return (*OUTLINE, *CONTENT, *LINK)

    @admin.display(description="动作")
    def deed(self, record: Record) -> str:
        return deed_in_words(record)

    @admin.display(description="对象")
    def about(self, record: Record) -> str:
        return subject_in_words(record.subject)

    @admin.display(description="内容")
    def content(self, record: Record) -> str:
        return format_html_join(
            "", "<p>{}：{}{}</p>",
            (
                (one.label, f"{one.before} → " if record.before else "", one.after)
                for one in changes_of(record)
            ),
        )  # fmt: skip

    @admin.display(description="链")
    def whose(self, record: Record) -> str:
        return chain_in_words(record.chain)

    @admin.display(description="哈希")
    def digest(self, record: Record) -> str:
        return bytes(record.hash).hex()


@admin.register(ChainHead)
class ChainHeadAdmin(RecordedAdmin):
    """Where each chain ends: what is copied out of the house to be compared later."""

    table = ChainTable
    view_roles = frozenset({Role.AUDITOR, Role.AUDIT_ADMIN})
    fields = ("whose", "sequence", "digest")
    readonly_fields = fields

    @admin.display(description="链")
    def whose(self, head: ChainHead) -> str:
        return chain_in_words(head.chain)

    @admin.display(description="哈希")
    def digest(self, head: ChainHead) -> str:
        return bytes(head.hash).hex()


@admin.register(ReadingTally)
class ReadingTallyAdmin(RecordedAdmin):
    """How much about persons was read by whom."""

    table = ReadingTable
    view_roles = frozenset({Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
    fields = ("owner", "day", "persons")
