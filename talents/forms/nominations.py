"""The form of one candidate: who, what is filed for this round, and the working life."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator
from django.urls import reverse

from pages.forms import (
    CorrectionFields,
    IdentityField,
    OccupationField,
    ProseField,
    ReasonForm,
    from_model,
)
from talents.forms.endorsing import RETURNABLE
from talents.forms.fields import (
    CertificateField,
    MonthField,
    StandardWordsForm,
    UnitField,
)
from talents.models import Nomination, Person, SelectionRound
from talents.permissions import may_correct_person
from talents.rules import evidence, telling
from talents.selectors.filing import told_of_certificate, told_of_person, told_of_places
from talents.selectors.nominations import candidates_of, shortcomings_of
from talents.selectors.units import filing_units
from talents.services.nominations import FILED_FIELDS, Filing, Segment
from talents.services.persons import TYPED_FIELDS
from workflow.storage import vault
from workflow.texts.folding import fold_code, fold_prose

if TYPE_CHECKING:
    from organizations.models import User

MOST_SEGMENTS = 30
MOST_UNITS_OFFERED = 100
LONGEST_TEXT, MOST_COUNTED = 4000, 100_000
#: Which field was meant where one was given back by its name.
NAMED = {label: name for name, label in RETURNABLE.items()}


class NominationForm(
    StandardWordsForm,
    from_model(Person, TYPED_FIELDS),  # type: ignore[misc]
    from_model(Nomination, FILED_FIELDS),  # type: ignore[misc]
):
    """What a unit states about one candidate; sex and birthday come from the identity number."""

    identity = IdentityField()
    phone = forms.CharField(
        label="联系电话",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    unit = UnitField(
        label="推荐单位", help_text="全称、编码或统一社会信用代码；填写其中一部分即可查找"
    )
    certificate_number = CertificateField(help_text="22位，第16位为等级")
    occupation_code = OccupationField(
        label="职业编码",
        required=False,
        max_length=30,
        help_text=Nomination._meta.get_field("occupation_code").help_text,
    )
    rank = forms.IntegerField(label="推荐排序", min_value=1, max_value=10000, required=False)
    is_certified = forms.BooleanField(label="已核对证书原件，确认按此登记", required=False)
    submission = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    #: What is corrected; None while it is filed.
    nomination: Any = None

    PERSON = ("identity", "name", "ethnicity", "education", "political_status", "phone")
    POST = (
        "unit",
        "post",
        "occupation",
        "occupation_code",
        "skill_level",
        "certificate_number",
        "rank",
    )
    #: What the candidate counts as in the make-up of the slate.
    STANDING = ("category", "is_migrant", "is_non_public", "is_key_industry")
    RECORD = ("honours_text", "patents_count", "apprentices_count")
    FORCES = tuple(field for field in FILED_FIELDS if field.startswith("force_"))
    #: In the order of the page, but for the identity number.
    STATED = (*PERSON[1:], *POST, *STANDING, *RECORD, *FORCES)
    field_order = ("identity", *STATED)

    def __init__(
        self,
        *args: Any,
        segments: SegmentFormSet,
        user: User,
        selection: SelectionRound,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.lines, self.user, self.selection = segments, user, selection
        for field in ("honours_text", *self.FORCES):
            self.fields[field].widget = forms.Textarea(attrs={"rows": 2})
            self.fields[field].validators.append(MaxLengthValidator(LONGEST_TEXT))
        for field in ("patents_count", "apprentices_count"):
            self.fields[field].validators.append(MaxValueValidator(MOST_COUNTED))
        unit: Any = self.fields["unit"]
        unit.queryset = filing_units(user, selection)
        units = list(unit.queryset.order_by("path")[: MOST_UNITS_OFFERED + 1])
        if len(units) == 1:
            unit.initial = units[0]
        elif len(units) > MOST_UNITS_OFFERED:
            search = reverse("talents:round-units", args=[selection.code])
            unit.widget.attrs["data-search"] = search
            units = []
        self.offered = {"units": [each.name for each in units]}
        self.fields["submission"].initial = uuid4().hex

    def is_valid(self) -> bool:
        """Whether the form and the working life below it are as they should be."""
        return super().is_valid() & self.lines.is_valid()

    def clean_phone(self) -> str:
        phone = fold_code(self.cleaned_data["phone"])
        if phone and not phone.replace("-", "").replace("+", "").isdigit():
            raise ValidationError("联系电话只能由数字组成", code="phone-shape")
        return phone

    def clean_post(self) -> str:
        return self._without_number("post")

    def clean_occupation(self) -> str:
        return self._without_number("occupation")

    def _without_number(self, field: str) -> str:
        """What goes up on lists says no number of anybody."""
        words: str = self.cleaned_data[field]
        if telling.tells_number(words):
            raise ValidationError(f"{telling.TYPED[field]}{telling.SAYS}", code=telling.CODE)
        return words

    def clean(self) -> None:
        number = self.cleaned_data.get("certificate_number", "")
        problem = evidence.certificate_problem(number, self.cleaned_data.get("skill_level", ""))
        if problem and not self.cleaned_data.get("is_certified"):
            message = f"{problem.message}；核对无误的，勾选下方确认后再提交"
            self.add_error("certificate_number", ValidationError(message, problem.code))
        if other := self._ranked_alike():
            message = f"该单位在本轮次已把第{other.rank}位排给{other.person.name}；请另填位次，或先登记、再对调排序"
            self.add_error("rank", ValidationError(message, code="rank-given"))

    def _ranked_alike(self) -> Nomination | None:
        """Whom the unit gave this rank to already."""
        unit, rank = self.cleaned_data.get("unit"), self.cleaned_data.get("rank")
        if unit is None or rank is None:
            return None
        rows = candidates_of(self.user, self.selection, unit).filter(rank=rank)
        return rows.exclude(pk=self.nomination.pk if self.nomination else None).first()

    def remarks(self) -> dict[str, list[str]]:
        """What is worth knowing before it is sent, by field; faults are the form's."""
        typed, user, selection = self.cleaned_data, self.user, self.selection
        digest = vault.digest(typed["identity"].text) if typed.get("identity") else b""
        if not digest and self.nomination:
            digest = bytes(self.nomination.person.identity_digest)
        number, unit = typed.get("certificate_number"), typed.get("unit")
        told = {
            "identity": told_of_person(user, selection, digest, self.nomination) if digest else [],
            "certificate_number": told_of_certificate(user, number, digest) if number else [],
            "unit": told_of_places(selection, unit) if unit else [],
        }
        return {name: said for name, said in told.items() if said}

    @property
    def asks_about_certificate(self) -> bool:
        """Whether the number looked wrong, so that somebody has to vouch for it."""
        return bool(self.data.get("is_certified")) or "certificate_number" in self.errors

    def person_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.PERSON if name != "identity"]

    def post_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.POST]

    def standing_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.STANDING]

    def force_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FORCES]

    def filing(self) -> Filing:
        """The cleaned form as the service takes it."""
        cleaned = self.cleaned_data
        identity = cleaned["identity"]
        person = {f: cleaned[f] for f in ("name", "ethnicity", "education", "political_status")}
        person["phone"] = cleaned["phone"]
        if identity:
            person.update(sex=identity.sex, birth_on=identity.birth_on)
        filed = {field: cleaned[field] for field in FILED_FIELDS}
        number = identity.text if identity else ""
        return Filing(identity=number, person=person, filed=filed, segments=self.lines.segments())


class CorrectionForm(CorrectionFields, NominationForm):
    """The same for a nomination on file: the number stays unless retyped; a reason is asked.

    The person's file has a version of its own: other nominations correct it, too.
    """

    person_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, nomination: Nomination, **options: Any) -> None:
        super().__init__(*args, **options)
        self.nomination = nomination
        self.fields["identity"].required = False
        self.fields[
            "identity"
        ].help_text = f"现登记 {nomination.person.identity_mask}，不更正则留空"
        self.fields["phone"].help_text = "不更正则留空"
        for fault in shortcomings_of(nomination):
            if field := self.fields.get(NAMED.get(fault.field, "")):
                field.help_text = f"退回：{fault.get_kind_display()}。{field.help_text}"
                field.widget.attrs["data-faulty"] = "true"
        self.keeper = None
        if not may_correct_person.allows(options["user"], nomination.person):
            self.keeper = nomination.person.organization
            for name in self.PERSON:
                self.fields[name].disabled = True
                self.fields[name].help_text = f"人员档案由“{self.keeper}”维护"

    def clean(self) -> None:
        super().clean()
        if self.keeper is None:
            return
        for name in self.PERSON:
            typed = fold_prose(self.data.get(self.add_prefix(name)) or "")
            if typed and typed != fold_prose(
                self.get_initial_for_field(self.fields[name], name) or ""
            ):
                message = f"人员档案由“{self.keeper}”维护，不能在此更正，请联系该单位或其主管工会"
                self.add_error(name, ValidationError(message, code="person-kept-elsewhere"))

    def filing(self) -> Filing:
        filing = replace(super().filing(), person_version=self.cleaned_data["person_version"])
        if not filing.identity:
            person = self.nomination.person
            filing.person.update(sex=person.sex, birth_on=person.birth_on)
        return filing


class CandidateField(forms.ModelChoiceField):
    """One of a unit's candidates, by rank and name."""

    def label_from_instance(self, row: Any) -> str:
        return f"{f'第{row.rank}位' if row.rank else '未排'}　{row.person.name}"


class RankSwapForm(ReasonForm):
    """With which other candidate of the unit one changes ranks."""

    REFUSED_AT: ClassVar = {
        "swap-not-of-one-unit": "other",
        "nothing-to-swap": "other",
        "ranks-changed": "other",
    }

    other = CandidateField(label="与谁对调", queryset=Nomination.objects.none())
    #: The ranks as they stood when the page was opened, in the manner of ``12:1,13:2,14:``.
    ranks = forms.RegexField(r"^\d{1,18}:\d{0,9}(,\d{1,18}:\d{0,9})*$", widget=forms.HiddenInput)
    field_order = ("other", "note", "ranks")

    def __init__(self, *args: Any, nomination: Nomination, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = candidates_of(user, nomination.round, nomination.unit)
        field: Any = self.fields["other"]
        field.queryset = rows.exclude(pk=nomination.pk)
        shown = rows.values_list("pk", "rank")
        self.fields["ranks"].initial = ",".join(f"{pk}:{rank or ''}" for pk, rank in shown)

    def clean_ranks(self) -> dict[int, int | None]:
        """Who was shown with which rank."""
        pairs = (each.split(":") for each in self.cleaned_data["ranks"].split(","))
        return {int(pk): int(rank) if rank else None for pk, rank in pairs}


class SegmentForm(forms.Form):
    """One stretch of working life."""

    start_month = MonthField(label="起始年月")
    end_month = MonthField(label="结束年月", may_be_open=True)
    employer = ProseField(label="单位", max_length=120, required=False)
    trade = ProseField(label="岗位（工种）", max_length=60, required=False)
    is_frontline = forms.BooleanField(label="一线", required=False, initial=True)

    TYPED = ("start_month", "end_month", "employer", "trade")

    def has_changed(self) -> bool:
        """A line into which nothing is typed is no segment, whichever way its tick stands."""
        return any(fold_prose(self[name].data or "") for name in self.TYPED)

    def clean(self) -> None:
        start, end = self.cleaned_data.get("start_month"), self.cleaned_data.get("end_month")
        if start is not None and end is not None and end < start:
            self.add_error(
                "end_month", ValidationError("结束年月早于起始年月，请核对", code="months-reversed")
            )

    def segment(self) -> Segment:
        return Segment(**{name: self.cleaned_data[name] for name in (*self.TYPED, "is_frontline")})


class SegmentFormSet(
    forms.formset_factory(  # type: ignore[misc]
        SegmentForm, extra=1, can_delete=True, max_num=MOST_SEGMENTS, validate_max=True
    )
):
    """The working life, segment by segment; an empty line is no segment."""

    WORDS = "第{}段"

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "删去"

    def segments(self) -> tuple[Segment, ...]:
        return tuple(
            form.segment()
            for form in self.forms
            if form.has_changed() and not form.cleaned_data.get("DELETE")
        )
