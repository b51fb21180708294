"""Classes and their rosters: one class's page, entering, correcting, removing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.views.decorators.cache import never_cache

from academies.forms.training import (
    ClassCorrectionForm,
    ClassForm,
    EnrolmentCorrectionForm,
    EnrolmentForm,
    class_initial,
    training_initial,
)
from academies.permissions import check_year, may_keep
from academies.selectors.academies import brands_of
from academies.selectors.rooms import room_of, rooms_of
from academies.services import training
from academies.tables.academies import REMOVAL, ClassRosterTable, academy_trail, class_trail
from academies.views.access import (
    academy_or_404,
    class_or_404,
    enrolment_or_404,
    for_keepers,
    for_readers,
)
from pages.forms import ReasonForm, posted
from pages.views.forms import FormPage, Question, done, for_form, form_page
from pages.views.lists import list_page
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from academies.models import TrainingClass
    from pages.permissions import SignedRequest

AT_ONCE = "更正后年度指标立即随之变化，更正前后都留存。"


@for_readers
@list_page("academies/class.html")
def class_page(request: SignedRequest, pk: int) -> ClassRosterTable:
    """One class and everybody in it."""
    row = class_or_404(request, pk)
    table = ClassRosterTable(request, of_class=row)
    table.context = lambda: {  # type: ignore[method-assign]
        "class": row,
        "academy": row.academy,
        "room": room_of(row, request.user),
        "may_keep": may_keep.offer(request.user, row.academy),
        "records": history_of(subject_of(row), request.user),
    }
    return table


@for_form
@never_cache
@for_keepers
def class_new(request: SignedRequest, code: str, year: int) -> HttpResponse:
    """Enter one class."""
    academy = academy_or_404(request, code)
    may_keep.check(request.user, academy)
    check_year(academy, year)
    form = ClassForm(
        posted(request),
        year=year,
        brands=brands_of(academy, year, request.user),
        rooms=rooms_of(academy, request.user),
    )

    def enter() -> HttpResponse:
        row = training.record_class(academy.pk, year, form.facts(), actor=request.user)
        return done(request, f"已登记培训班“{row}”，请登记学员", "academies:class", row.pk)

    page = FormPage(
        title="登记培训班",
        cancel_href=reverse("academies:year", args=[code, year]),
        trail=academy_trail(academy, year),
        kicker=academy.name,
        keeps_draft=True,
    )
    return form_page(request, form, page, enter)


@for_form
@never_cache
@for_keepers
def class_edit(request: SignedRequest, pk: int) -> HttpResponse:
    """Correct one class; figures and enrolments follow."""
    row = class_or_404(request, pk)
    may_keep.check(request.user, row.academy)
    form = ClassCorrectionForm(  # type: ignore[call-arg]
        posted(request),
        year=row.year,
        brands=brands_of(row.academy, row.year, request.user),
        rooms=rooms_of(row.academy, request.user),
        initial=class_initial(row),
    )

    def put_right() -> HttpResponse:
        training.correct_class(pk, form.facts(), actor=request.user, **form.words)
        return done(request, "更正已保存，年度指标已随之更新", "academies:class", pk)

    page = FormPage(
        title="更正培训班",
        cancel_href=reverse("academies:class", args=[pk]),
        trail=class_trail(row),
        here="更正",
        kicker=row.academy.name,
        lead=AT_ONCE,
        corrects=True,
        keeps_draft=True,
    )
    return form_page(request, form, page, put_right)


@for_form
@never_cache
@for_keepers
def class_remove(request: SignedRequest, pk: int) -> HttpResponse:
    """Take a class away that was not held."""
    row = class_or_404(request, pk)
    may_keep.check(request.user, row.academy)

    def remove(note: str) -> HttpResponse:
        training.remove_class(pk, actor=request.user, note=note)
        notice = f"已删除培训班“{row}”"
        return done(request, notice, "academies:year", row.academy.code, row.year)

    return _removal(
        request,
        row,
        remove,
        title="删除该班",
        question=f"删除培训班“{row}”吗？",
        consequences=("还有学员登记的班次不能删除；", "年度指标随之更新，删除记录留存。"),
    )


@for_form
@never_cache
@for_keepers
def enrolment_new(request: SignedRequest, pk: int) -> HttpResponse:
    """Enter one person in a class."""
    row = class_or_404(request, pk)
    may_keep.check(request.user, row.academy)
    form = EnrolmentForm(posted(request))

    def enter() -> HttpResponse:
        cleaned = form.cleaned_data
        enrolment = training.enrol(
            pk, cleaned["identity"], cleaned["name"], form.facts(), actor=request.user
        )
        return done(request, f"已登记学员{enrolment.person}", "academies:class", pk)

    page = FormPage(
        title="登记学员",
        cancel_href=reverse("academies:class", args=[pk]),
        trail=class_trail(row),
        kicker=row,
        lead="按公民身份号码查找，已有档案的人员沿用其档案。",
        keeps_draft=True,
    )
    return form_page(request, form, page, enter)


@for_form
@never_cache
@for_keepers
def enrolment_edit(request: SignedRequest, pk: int) -> HttpResponse:
    """Correct one person's training; the figures change at once."""
    row = enrolment_or_404(request, pk)
    may_keep.check(request.user, row.academy)
    form = EnrolmentCorrectionForm(posted(request), initial=training_initial(row))

    def put_right() -> HttpResponse:
        training.correct_enrolment(pk, form.facts(), actor=request.user, **form.words)
        words = f"{row.person}的培训记录已更正，年度指标已随之更新"
        return done(request, words, "academies:class", row.training_class_id)

    page = FormPage(
        title=row.person.name,
        cancel_href=reverse("academies:class", args=[row.training_class_id]),
        trail=class_trail(row.training_class),
        kicker=row.training_class,
        lead=AT_ONCE,
        corrects=True,
        links=(("删除该记录", reverse("academies:enrolment-remove", args=[pk])),),
        context={"records": history_of(subject_of(row), request.user)},
        keeps_draft=True,
    )
    return form_page(request, form, page, put_right)


@for_form
@never_cache
@for_keepers
def enrolment_remove(request: SignedRequest, pk: int) -> HttpResponse:
    """Take one person out of a class, for a reason."""
    row = enrolment_or_404(request, pk)
    may_keep.check(request.user, row.academy)

    def remove(note: str) -> HttpResponse:
        training.remove_enrolment(pk, actor=request.user, note=note)
        notice = f"已删除{row.person}在本班的记录"
        return done(request, notice, "academies:class", row.training_class_id)

    return _removal(
        request,
        row.training_class,
        remove,
        title="删除该记录",
        question=f"删除{row.person}在“{row.training_class}”的培训记录吗？",
        consequences=REMOVAL,
    )


def _removal(
    request: SignedRequest,
    training_class: TrainingClass,
    remove: Callable[[str], HttpResponse],
    **words: Any,
) -> HttpResponse:
    """Ask for the reason, and give it to ``remove``; the class's page is where one comes from."""
    form = ReasonForm(posted(request))
    page = Question(
        tone="bad",
        kicker=training_class.academy.name,
        trail=class_trail(training_class),
        cancel_href=reverse("academies:class", args=[training_class.pk]),
        **words,
    )
    return form_page(request, form, page, lambda: remove(form.cleaned_data["note"]))
