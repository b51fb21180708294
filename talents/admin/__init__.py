"""The back office of the craftsman programme: what is on file, searched, filtered, with its history.

Filing and deciding have their pages in the portal, and nominations are decided from the list here as
well; places are set, and a person's particulars and certificates put right. The rest stands as filed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from organizations.roles import STAFF
from pages.admin.recorded import CorrectionForm, RecordedAdmin, VersionedForm
from pages.permissions import user_of
from talents.admin import declaring, masking, panels, works
from talents.forms.persons import PersonForm
from talents.forms.rounds import AllocationForm
from talents.models import (
    AssessmentRun,
    Certificate,
    Clearance,
    Cultivation,
    CultivationReport,
    Draw,
    Employment,
    Endorsement,
    Expert,
    Honour,
    Mentorship,
    Nomination,
    NoticeCheck,
    NoticeEntry,
    Objection,
    PairConsent,
    PairLog,
    Paper,
    Person,
    PersonCompletion,
    PublicNotice,
    QuotaAllocation,
    Review,
    SelectionRound,
    Shortcoming,
    UnitNotice,
)
from talents.permissions import sees_all_of
from talents.services.honours import correct_honour
from talents.services.persons import correct_person
from talents.services.quotas import allocate_quotas, quotas_subject
from talents.services.reviewing import correct_expert
from talents.tables.endorsing import (
    ClearanceTable,
    EndorsementTable,
    PaperTable,
    ShortcomingTable,
    UnitNoticeTable,
)
from talents.tables.growth import (
    ConsentTable,
    CultivationTable,
    LogTable,
    PairTable,
    ReportTable,
)
from talents.tables.honours import HonourTable
from talents.tables.nominations import NominationTable
from talents.tables.persons import (
    CertificateTable,
    CompletionTable,
    EmploymentTable,
    PersonTable,
    fields_in_words,
)
from talents.tables.publicity import CheckTable, EntryTable, NoticeTable, ObjectionTable
from talents.tables.reviews import AllReviewTable, DrawTable, ExpertTable
from talents.tables.rounds import COUNTS, AllRunTable, QuotaTable, RoundTable
from workflow.selectors import history_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from organizations.models import User


@admin.register(Person)
class PersonAdmin(RecordedAdmin):
    form, table = PersonForm, PersonTable
    change_roles = STAFF
    fields = (
        "identity_mask", "name", "sex", "birth_on", "ethnicity", "education", "political_status",
        "organization",
    )  # fmt: skip
    readonly_fields = ("identity_mask", "sex", "birth_on", "organization")

    def correct(self, obj: Any, form: VersionedForm, actor: User) -> None:
        correct_person(obj.pk, form.cleaned_data, actor=actor, **form.words)


@admin.register(Certificate)
class CertificateAdmin(RecordedAdmin):
    form, table, change_roles = CorrectionForm, CertificateTable, STAFF
    fields = ("person", "number", "level", "occupation", "issued_year")
    readonly_fields = ("person",)


@admin.register(Honour)
class HonourAdmin(RecordedAdmin):
    form, table, page, change_roles = CorrectionForm, HonourTable, ("talents:honour", "pk"), STAFF
    fields = (
        "person", "title", "year", "named_on", "certificate_number", "organization", "unit", "trade",
        "document_number", "state", "revoked_on", "reason", "recall", "recalled_on", "recall_note",
        "recalled_by",
    )  # fmt: skip
    readonly_fields = (
        "person", "title", "year", "named_on", "certificate_number", "organization", "state",
        "revoked_on", "reason", "recall", "recalled_on", "recall_note", "recalled_by",
    )  # fmt: skip

    def correct(self, obj: Any, form: VersionedForm, actor: User) -> None:
        correct_honour(obj.pk, form.cleaned_data, actor=actor, **form.words)


@admin.register(Employment)
class EmploymentAdmin(RecordedAdmin):
    table, page = EmploymentTable, ("talents:nomination", "nomination_id")
    fields = ("person", "nomination", "started", "ended", "employer", "trade", "is_frontline")

    @admin.display(description="起始")
    def started(self, row: Employment) -> str:
        return row.started

    @admin.display(description="结束")
    def ended(self, row: Employment) -> str:
        return row.ended


@admin.register(PersonCompletion)
class PersonCompletionAdmin(RecordedAdmin):
    table = CompletionTable
    fields = ("person", "filled_in", "batch")
    readonly_fields = ("filled_in",)

    @admin.display(description="补充的项目")
    def filled_in(self, row: PersonCompletion) -> str:
        return fields_in_words(row)


@admin.register(SelectionRound)
class SelectionRoundAdmin(RecordedAdmin):
    table, page, listed = RoundTable, ("talents:round", "code"), "talents:rounds"
    fields = (
        "name", "code", "edition", "tier_title", "year", "organizer", "reference_day", "opens_on",
        "closes_on", "state", "edited_at",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description="层级")
    def tier_title(self, row: SelectionRound) -> str:
        return row.tier_title


@admin.register(QuotaAllocation)
class QuotaAllocationAdmin(RecordedAdmin):
    """Set by staff above the body, as on the round's own sheet of places."""

    form, table, page = AllocationForm, QuotaTable, ("talents:places", "round.code")
    add_roles = change_roles = STAFF
    autocomplete_fields = ("round", "organization")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple:
        return ("round", "organization") if obj else ()

    def get_fields(self, request: HttpRequest, obj: QuotaAllocation | None = None) -> tuple:
        may = self.has_change_permission(request, obj) or obj is None
        return ("round", "organization", "places", *(("note",) if may else ()))

    def history_of(self, request: HttpRequest, obj: Any) -> Sequence[Any]:
        return history_of(quotas_subject(obj.round_id), user_of(request))

    def enter(self, obj: Any, form: VersionedForm, actor: User) -> None:
        given = form.cleaned_data
        row = allocate_quotas(
            obj.round_id,
            organization_id=obj.organization_id,
            places=given["places"],
            actor=actor,
            note=given["note"],
            version=given.get("version"),
        )
        obj.pk = row.pk if row else obj.pk

    correct = enter  # both say how many places there are


@admin.register(Nomination)
class NominationAdmin(RecordedAdmin):
    table, page, listed = NominationTable, ("talents:nomination", "pk"), "talents:nominations"


@admin.register(AssessmentRun)
class AssessmentRunAdmin(RecordedAdmin):
    table, page = AllRunTable, ("talents:run", "pk")
    fields = (
        "round", "edition_digest", "reference_day", "status", "requested_by", "started_at",
        "finished_at", "nomination_count", "eligible_count", "ineligible_count", "missing_count",
    )  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: AssessmentRun | None = None) -> tuple:
        """Stored counts are of the whole round: only for who sees all of it."""
        if obj is not None and sees_all_of(user_of(request), obj.round):
            return self.fields
        return tuple(name for name in self.fields if name not in COUNTS | {"nomination_count"})


@admin.register(Expert)
class ExpertAdmin(RecordedAdmin):
    form, table, page, change_roles = CorrectionForm, ExpertTable, ("talents:expert", "pk"), STAFF
    fields = ("organization", "code", "name", "unit", "fields", "user", "left_on")
    readonly_fields = ("organization", "code", "unit", "user")

    def correct(self, obj: Any, form: VersionedForm, actor: User) -> None:
        correct_expert(obj.pk, form.cleaned_data, actor=actor, **form.words)


@admin.register(Draw)
class DrawAdmin(RecordedAdmin):
    table, page = DrawTable, ("talents:review-desk", "round.code")
    fields = (
        "round", "seed", "per_candidate", "sha256", "drawn_by", "drawn_at", "state", "released_by",
        "substitutes",
    )  # fmt: skip


@admin.register(Review)
class ReviewAdmin(RecordedAdmin):
    """Who marks whom and how far it has come; the marks themselves stand in nobody's list."""

    table = AllReviewTable
    fields = ("nomination", "expert", "look", "status", "is_recused", "submitted_at", "batch")


@admin.register(PublicNotice)
class PublicNoticeAdmin(RecordedAdmin):
    table, page = NoticeTable, ("talents:notice", "pk")
    fields = (
        "round", "organization", "version", "places", "named_count", "minutes_number", "posted_at",
        "contact", "days", "starts_on", "ends_on", "sha256", "state", "drafted_by", "posted_by",
    )  # fmt: skip


@admin.register(NoticeEntry)
class NoticeEntryAdmin(RecordedAdmin):
    table, page = EntryTable, ("talents:notice", "notice_id")
    fields = ("notice", "nomination", "position", "is_reserve", "name", "unit", "post", "trade")


@admin.register(NoticeCheck)
class NoticeCheckAdmin(RecordedAdmin):
    table, page = CheckTable, ("talents:notice", "notice_id")
    fields = ("notice", "seen_at", "place", "is_up", "told", "scan", "made_by", "made_at")


@admin.register(Objection)
class ObjectionAdmin(RecordedAdmin):
    """What was said stands on the objection's own page, for who handles it."""

    table, page, listed = ObjectionTable, ("talents:objection", "pk"), "talents:objections"
    fields = (
        "receipt", "entry", "category", "is_anonymous", "received_at", "state", "finding",
        "handled_by", "decided_by", "decided_on",
    )  # fmt: skip


@admin.register(Mentorship)
class MentorshipAdmin(RecordedAdmin):
    table, page, listed = PairTable, ("talents:pair", "pk"), "talents:pairs"
    fields = (
        "master", "apprentice", "organization", "trade", "goals", "starts_on", "ends_on", "state",
        "closed_on", "level_after", "early_reason", "proposed_by", "agreed_by",
    )  # fmt: skip


@admin.register(Cultivation)
class CultivationAdmin(RecordedAdmin):
    form, table, change_roles = CorrectionForm, CultivationTable, STAFF
    page, listed = ("talents:cultivation", "pk"), "talents:cultivations"
    fields = (
        "person", "title", "organization", "post", "mentor", "plan", "starts_on", "ends_on",
        "begun_for", "state", "closed_on", "started_by",
    )  # fmt: skip
    readonly_fields = (
        "person", "title", "organization", "post", "mentor", "starts_on", "begun_for", "state",
        "closed_on", "started_by",
    )  # fmt: skip


@admin.register(PairConsent)
class PairConsentAdmin(RecordedAdmin):
    table, page = ConsentTable, ("talents:pair", "mentorship_id")
    fields = ("mentorship", "party", "scan", "given_by", "given_at")


@admin.register(PairLog)
class PairLogAdmin(RecordedAdmin):
    table, page = LogTable, ("talents:pair", "mentorship_id")
    fields = (
        "mentorship", "held_on", "words", "written_by", "master_by", "apprentice_by", "written_at",
    )  # fmt: skip


@admin.register(CultivationReport)
class CultivationReportAdmin(RecordedAdmin):
    table, page = ReportTable, ("talents:cultivation", "cultivation_id")
    fields = (
        "cultivation", "number", "due_on", "is_midterm", "words", "state", "finding",
        "submitted_on", "submitted_by", "accepted_by",
    )  # fmt: skip


@admin.register(UnitNotice)
class UnitNoticeAdmin(RecordedAdmin):
    table, page = UnitNoticeTable, ("talents:nomination", "nomination_id")
    fields = (
        "nomination", "told", "place", "starts_on", "ends_on", "state", "finding", "scan",
        "put_up_by", "closed_by", "closed_on",
    )  # fmt: skip


@admin.register(Clearance)
class ClearanceAdmin(RecordedAdmin):
    table, page = ClearanceTable, ("talents:nomination", "nomination_id")
    listed = "talents:clearances"
    fields = (
        "nomination", "office", "state", "reply", "document_number", "asked_on", "answered_on",
        "asked_by", "answered_by", "objection", "objection_number", "objected_on", "objected_by",
        "corrected_for", "cleared_reply", "cleared_number", "cleared_on", "cleared_by",
        "objected_for",
    )  # fmt: skip


@admin.register(Endorsement)
class EndorsementAdmin(RecordedAdmin):
    table, page = EndorsementTable, ("talents:nomination", "nomination_id")
    listed = "talents:endorsements"
    fields = (
        "nomination", "organization", "level", "version", "state", "opinion", "asked_at",
        "decided_by", "decided_on",
    )  # fmt: skip


@admin.register(Paper)
class PaperAdmin(RecordedAdmin):
    table, page = PaperTable, ("talents:nomination", "nomination_id")
    fields = ("nomination", "kind", "told", "file", "uploaded_by", "uploaded_at")


@admin.register(Shortcoming)
class ShortcomingAdmin(RecordedAdmin):
    table, page = ShortcomingTable, ("talents:nomination", "nomination_id")
    fields = ("nomination", "version", "field", "kind", "answer", "returned_by", "returned_at")


__all__ = ["declaring", "masking", "panels", "works"]
