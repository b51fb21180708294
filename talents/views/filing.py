"""Filing and correcting one candidate by form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pages.forms import posted
from pages.views.forms import FormPage, done, for_form, form_page
from talents.forms.nominations import (
    CorrectionForm,
    NominationForm,
    SegmentFormSet,
)
from talents.permissions import may_edit, may_file_in
from talents.rules.papers import asked_by_person
from talents.rules.places import cautions
from talents.selectors.attainments import Sight
from talents.selectors.filing import told_of_days
from talents.selectors.nominations import return_of, shortcomings_of
from talents.selectors.persons import person_in_scope
from talents.selectors.statements import drafts_of, standing_of
from talents.selectors.units import filing_units, units_named
from talents.services.nominations import (
    FILED_FIELDS,
    Segment,
    correct_nomination,
    file_nomination,
)
from talents.services.persons import PERSON_FIELDS
from talents.views.access import (
    for_filers,
    nomination_or_404,
    nomination_trail,
    round_or_404,
    round_trail,
)
from workflow.corrections import version_of
from workflow.refusals import DomainError
from workflow.texts.folding import fold_prose
from workflow.texts.identity import read_identity
from workflow.texts.numbers import natural

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest
    from talents.models import Nomination, Person
    from talents.selectors.statements import Draft

ONE_MORE = "add_segment"
LOOK_UP = "lookup"
LONGEST_SEARCH = 60


@for_form
@never_cache
@for_filers
def nomination_new(request: SignedRequest, code: str) -> HttpResponse:
    """File one candidate in a round."""
    selection = round_or_404(request, code)
    if request.method != "POST":  # what is sent too late is refused below, with the draft kept
        may_file_in.check(request.user, selection)
    data, known, drafts = _as_typed(request)
    segments = SegmentFormSet(data, prefix="segments")
    form = NominationForm(data, segments=segments, user=request.user, selection=selection)

    def file() -> HttpResponse:
        submission = form.cleaned_data["submission"]
        nomination = file_nomination(
            selection.pk, form.filing(), actor=request.user, submission=submission
        )
        for caution in cautions(selection, [nomination.unit]):
            messages.warning(request, caution)
        words = f"已登记对{nomination.person}的推荐"
        return done(request, words, "talents:nomination", nomination.pk)

    page = FormPage(
        title="登记推荐人选",
        checks=lambda: _remarks(form, may_file_in.why_not(request.user, selection)),
        button="登记推荐",
        cancel_href=reverse("talents:round", args=[code]),
        trail=round_trail(selection),
        here="登记人选",
        kicker=selection.name,
        keeps_draft=True,
        lead="性别与出生日期按公民身份号码自动登记，与汇总表导入使用同一套核对规则。",
        template="talents/nomination_form.html",
        context={
            "segments": segments,
            "known": known,
            "drafts": drafts,
            "papers_asked": asked_by_person(selection),
        },
    )
    return form_page(request, form, page, file, redraws=_only_redraws(request))


@require_safe
@never_cache
@for_filers
def round_units(request: SignedRequest, code: str) -> JsonResponse:
    """The nominating units that may be meant by what is being typed into the form above."""
    selection = round_or_404(request, code)
    text = fold_prose(request.GET.get("q", "").replace("\0", ""))[:LONGEST_SEARCH]
    units = units_named(filing_units(request.user, selection), text) if text else []
    return JsonResponse({"units": [{"name": unit.name, "code": unit.code} for unit in units]})


@for_form
@never_cache
@for_filers
def nomination_edit(request: SignedRequest, pk: int) -> HttpResponse:
    """Correct what is filed; who saw an older version is told and keeps both values."""
    nomination = nomination_or_404(request, pk)
    if request.method != "POST":
        may_edit.check(request.user, nomination)
    data = _with_one_more(request)
    segments = SegmentFormSet(data, prefix="segments", initial=_segments(nomination))
    form = CorrectionForm(
        data,
        segments=segments,
        user=request.user,
        selection=nomination.round,
        nomination=nomination,
        initial=_initial(nomination),
    )
    context = {
        "nomination": nomination,
        "segments": segments,
        "papers_asked": asked_by_person(nomination.round),
        "returned": return_of(nomination, request.user),
        "shortcomings": shortcomings_of(nomination),
    }

    def put_right() -> HttpResponse:
        try:
            correct_nomination(pk, form.filing(), actor=request.user, **form.words)
        except DomainError as refusal:
            if refusal.code == "edited-meanwhile":
                now = nomination_or_404(request, pk)
                context["conflicts"] = _conflicts(form, now)
                data["version"] = str(now.version)
                data["person_version"] = str(version_of(now.person))
            raise
        words = "更正已保存；原核验结果不再适用，请重新核验"
        return done(request, words, "talents:nomination", pk)

    page = FormPage(
        title="更正推荐资料",
        checks=lambda: _remarks(form, may_edit.why_not(request.user, nomination)),
        button="保存更正",
        cancel_href=reverse("talents:nomination", args=[pk]),
        trail=nomination_trail(nomination),
        here="更正",
        kicker=nomination.person.name,
        corrects=True,
        keeps_draft=True,
        template="talents/nomination_form.html",
        context=context,
    )
    return form_page(request, form, page, put_right, redraws=_only_redraws(request))


def _remarks(form: NominationForm, refusal: DomainError | None) -> dict[str, list[str]]:
    """What is told of what is typed so far, and that it would be refused or until when it may be sent."""
    return form.remarks() | {"": [refusal.message] if refusal else told_of_days(form.selection)}


def _only_redraws(request: SignedRequest) -> bool:
    """One more line, or a person looked up, is no reason to judge what is typed so far."""
    return bool({ONE_MORE, LOOK_UP} & request.POST.keys())


def _as_typed(request: SignedRequest) -> tuple[Any, Person | None, list[Draft]]:
    """The form as posted, with one line more or with a known person filled in where asked for.

    Of a known person what is blank is filled in, the statements as drafts; what is typed stays.
    """
    data = _with_one_more(request)
    if data is None or LOOK_UP not in request.POST:
        return data, None, []
    identity = read_identity(data.get("identity", ""), today=timezone.localdate())
    person = None if identity.problem else person_in_scope(request.user, identity.text)
    if person is None:
        messages.info(request, "在您的范围内没有此号码的人员档案，请直接填写")
        return data, None, []
    for field in ("name", "ethnicity", "education", "political_status"):
        data[field] = data.get(field) or getattr(person, field)
    sight = Sight(request.user)
    drafts = [draft for draft in drafts_of(person, sight) if not data.get(draft.field, "").strip()]
    offered = standing_of(person, sight) | {draft.field: draft.words for draft in drafts}
    for field, words in offered.items():
        data[field] = data.get(field, "").strip() or words
    return data, person, drafts


def _with_one_more(request: SignedRequest) -> Any:
    """What was typed, to be added to; where asked for, with an empty line more."""
    typed = posted(request)
    if typed is None:
        return None
    data = typed.copy()
    count = natural(data.get("segments-TOTAL_FORMS"))
    if ONE_MORE in request.POST and count is not None:
        data["segments-TOTAL_FORMS"] = str(count + 1)
        data[f"segments-{count}-is_frontline"] = "on"
    return data


def _initial(nomination: Nomination) -> dict[str, Any]:
    person = {f: getattr(nomination.person, f) for f in PERSON_FIELDS}
    filed = {f: getattr(nomination, f) for f in FILED_FIELDS}
    versions = {"version": nomination.version, "person_version": version_of(nomination.person)}
    return person | filed | versions


def _segments(nomination: Nomination) -> list[dict[str, Any]]:
    fields = ("start_month", "end_month", "is_frontline", "employer", "trade")
    rows = nomination.employments.order_by("start_month", "pk")
    return [{f: getattr(Segment.of(row), f) for f in fields} for row in rows]


def _conflicts(form: CorrectionForm, nomination: Nomination) -> list[dict[str, Any]]:
    """Fields on which this form and what is on file now differ: both values, side by side."""
    stored = _initial(nomination)
    differing = []
    for name in form.STATED:
        mine, theirs = form.cleaned_data.get(name), stored.get(name)
        if name in stored and (mine or "") != (theirs or ""):
            differing.append({"label": form[name].label, "mine": mine, "theirs": theirs})
    return differing
