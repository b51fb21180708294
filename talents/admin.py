"""The back office of the craftsman programme: what is on file, searched, filtered, with its history.

Filing, deciding and allocating have their pages in the portal; here only a person's particulars and
certificates are put right. Everything else stands as it was filed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from organizations.names import is_named
from organizations.roles import STAFF
from pages.admin.recorded import RecordedAdmin
from pages.admin.scoped import SearchByName
from talents.forms.persons import PersonForm
from talents.models import (
    AssessmentRun,
    Certificate,
    Employment,
    Nomination,
    Person,
    PersonCompletion,
    QuotaAllocation,
    SelectionRound,
)
from talents.services.persons import PERSON_FIELDS, correct_person

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.forms import ModelForm
    from django.http import HttpRequest

MOST_ROUNDS = 50


class RoundChoice(admin.SimpleListFilter):
    """One of the rounds in sight."""

    title = "轮次"
    parameter_name = "round"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rounds = SelectionRound.objects.visible_to(request.user).order_by("-year", "-pk")
        return [(r.code, r.name) for r in rounds[:MOST_ROUNDS]]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        is_offered = self.value() in dict(self.lookup_choices)
        return queryset.filter(round__code=self.value()) if is_offered else queryset


class SearchByPerson:
    """Rows about a person, searched by the beginning of the person's name, pinyin or initials."""

    search_fields = ("person__name",)
    search_help_text = "按姓名、全拼或拼音首字母查找"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        return queryset.filter(is_named(search_term, route="person__")), False


@admin.register(Person)
class PersonAdmin(SearchByName, RecordedAdmin):
    change_roles = STAFF

    form = PersonForm
    list_display = (
        "name", "sex", "birth_on", "identity_mask", "education", "political_status", "organization",
    )  # fmt: skip
    list_filter = ("sex",)
    list_select_related = ("organization",)
    ordering = ("-pk",)
    fields = (
        "identity_mask", "name", "sex", "birth_on", "ethnicity", "education", "political_status",
        "organization", "note",
    )  # fmt: skip
    readonly_fields = ("identity_mask", "sex", "birth_on", "organization")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple:
        may_change = self.has_change_permission(request, obj)
        return self.fields if may_change else tuple(f for f in self.fields if f != "note")

    def save_model(
        self,
        request: HttpRequest,
        obj: Person,
        form: ModelForm,
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        told = {field: getattr(obj, field) for field in PERSON_FIELDS}
        correct_person(obj.pk, told, actor=request.user, note=form.cleaned_data["note"])


@admin.register(Certificate)
class CertificateAdmin(SearchByPerson, RecordedAdmin):
    change_roles = STAFF

    list_display = ("number", "person", "level", "occupation", "issued_year")
    list_filter = ("level",)
    list_select_related = ("person",)
    ordering = ("-pk",)
    fields = ("person", "number", "level", "occupation", "issued_year")
    readonly_fields = ("person",)


@admin.register(Employment)
class EmploymentAdmin(SearchByPerson, RecordedAdmin):
    list_display = ("person", "started", "ended", "employer", "trade", "is_frontline")
    list_filter = ("is_frontline",)
    list_select_related = ("person",)
    ordering = ("-pk",)
    fields = ("person", "nomination", "started", "ended", "employer", "trade", "is_frontline")

    @admin.display(description="起始")
    def started(self, row: Employment) -> str:
        return row.started

    @admin.display(description="结束")
    def ended(self, row: Employment) -> str:
        return row.ended


@admin.register(PersonCompletion)
class PersonCompletionAdmin(SearchByPerson, RecordedAdmin):
    list_display = ("person", "filled_in", "batch")
    list_select_related = ("person", "batch__attachment")
    ordering = ("-pk",)
    fields = ("person", "filled_in", "batch")
    readonly_fields = ("filled_in",)

    @admin.display(description="补充的项目")
    def filled_in(self, row: PersonCompletion) -> str:
        named = {field.name: str(field.verbose_name) for field in Person._meta.concrete_fields}
        return "、".join(named.get(name, name) for name in row.fields)


@admin.register(SelectionRound)
class SelectionRoundAdmin(RecordedAdmin):
    list_display = (
        "name", "code", "year", "organizer", "edition", "reference_day", "opens_on", "closes_on",
        "state", "page",
    )  # fmt: skip
    list_filter = ("state",)
    list_select_related = ("organizer", "edition")
    ordering = ("-pk",)
    search_fields = ("name__icontains", "code")
    search_help_text = "按名称或编码查找"
    readonly_fields = ("page",)

    @admin.display(description="办理")
    def page(self, row: SelectionRound) -> str:
        return format_html('<a href="{}">打开工作台</a>', reverse("talents:round", args=[row.code]))


@admin.register(QuotaAllocation)
class QuotaAllocationAdmin(RecordedAdmin):
    list_display = ("round", "organization", "places")
    list_filter = (RoundChoice,)
    list_select_related = ("round", "organization")
    ordering = ("-pk",)
    search_fields = ("organization__name",)
    search_help_text = "按组织名称的开头查找"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        return queryset.filter(is_named(search_term, route="organization__")), False


@admin.register(Nomination)
class NominationAdmin(SearchByPerson, RecordedAdmin):
    list_display = (
        "person", "unit", "round", "occupation", "skill_level", "rank", "state", "created_at", "page",
    )  # fmt: skip
    list_filter = ("state", "skill_level", RoundChoice)
    list_select_related = ("person", "unit", "round")
    ordering = ("-pk",)
    readonly_fields = ("page",)

    @admin.display(description="办理")
    def page(self, row: Nomination) -> str:
        return format_html(
            '<a href="{}">资料</a>　<a href="{}">为什么</a>',
            reverse("talents:nomination", args=[row.pk]),
            reverse("talents:why", args=[row.pk]),
        )


@admin.register(AssessmentRun)
class AssessmentRunAdmin(RecordedAdmin):
    list_display = (
        "round", "status", "started_at", "finished_at", "requested_by", "nomination_count",
        "eligible_count", "ineligible_count", "missing_count", "page",
    )  # fmt: skip
    list_filter = ("status", RoundChoice)
    list_select_related = ("round", "requested_by")
    ordering = ("-pk",)
    fields = (
        "round", "edition_digest", "reference_day", "status", "requested_by", "started_at",
        "finished_at", "nomination_count", "eligible_count", "ineligible_count", "missing_count", "page",
    )  # fmt: skip
    readonly_fields = ("page",)

    @admin.display(description="结果")
    def page(self, row: AssessmentRun) -> str:
        return format_html('<a href="{}">查看结果</a>', reverse("talents:run", args=[row.pk]))
