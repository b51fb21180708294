"""What is asked of an entry of the five actions; which fields count depends on its kind."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from organizations.models import Organization, User
from organizations.scoping import outermost_bodies, within_reach
from pages.forms import IdentityField, ProseField, Section, from_model
from talents.models import ActionEntry
from talents.permissions import FILERS
from talents.services.actions import Told

FACTS = ("kind", "sort", "told", "document_number", "held_on")
Kind, Sort = ActionEntry.Kind, ActionEntry.Sort
SEEDS = frozenset({Sort.STUDENT, Sort.NEWCOMER})


class ActionForm(from_model(ActionEntry, FACTS)):  # type: ignore[misc]
    """One entry; the person by number and name."""

    SECTIONS = (
        Section("登记什么", ("kind", "sort", "organization", "told", "document_number", "held_on")),
        Section("人员", ("identity", "name")),
    )
    REFUSED_AT: ClassVar = {"action-in-future": "held_on"}

    organization = forms.ModelChoiceField(
        label="单位（院校）", queryset=Organization.objects.none()
    )
    name = ProseField(
        label="姓名",
        max_length=60,
        required=False,
        help_text="登记种子工匠必填；五小成果写第一完成人",
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        bodies = Organization.objects.visible_to(user).filter(within_reach(user, FILERS))
        field: Any = self.fields["organization"]
        field.queryset = bodies.order_by("path")
        tops = outermost_bodies(user, FILERS)
        field.initial = tops[0].pk if tops else None
        self.fields["held_on"].initial = timezone.localdate()
        self.fields["identity"] = IdentityField()
        self.fields["identity"].required = False

    def clean(self) -> None:
        cleaned = self.cleaned_data
        kind, sort = cleaned.get("kind"), cleaned.get("sort")
        if kind == Kind.SEED and not cleaned.get("identity") and "identity" not in self.errors:
            self.add_error("identity", ValidationError("登记种子工匠须填公民身份号码", "missing"))
        if cleaned.get("identity") and not cleaned.get("name"):
            self.add_error("name", ValidationError("请填写姓名", "missing"))
        if kind and not self._fits(kind, sort or ""):
            wanted = {
                Kind.SEED: "种子工匠的类别是职业院校学生或新入职一线工人",
                Kind.SMALL: "五小成果须写明是小发明、小创造、小革新、小设计还是小建议",
                Kind.ASSESSING: "自主评价企业不填类别",
            }
            self.add_error("sort", ValidationError(wanted[Kind(kind)], "sort-unfit"))
        if kind == Kind.ASSESSING and not cleaned.get("document_number"):
            message = "请填写自主评价的备案文号"
            self.add_error("document_number", ValidationError(message, "missing"))

    @staticmethod
    def _fits(kind: str, sort: str) -> bool:
        if kind == Kind.ASSESSING:
            return sort == ""
        return sort != "" and (kind == Kind.SEED) == (sort in SEEDS)

    def entered(self) -> dict[str, Any]:
        """The cleaned form as the service takes it; an enterprise is nobody."""
        cleaned = self.cleaned_data
        identity = None if cleaned["kind"] == Kind.ASSESSING else cleaned["identity"]
        person = {"name": cleaned["name"]}
        if identity:
            person |= {"sex": identity.sex, "birth_on": identity.birth_on}
        return {
            "told": Told(**{name: cleaned[name] for name in FACTS}),
            "organization_id": cleaned["organization"].pk,
            "identity": identity.text if identity else "",
            "person": person,
        }
