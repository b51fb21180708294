"""What is asked of a result, a seed or own assessment; which fields count depends on the kind."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from organizations.models import Organization, User
from organizations.scoping import outermost_bodies, within_reach
from pages.forms import IdentityField, ProseField, Section, from_model
from talents.forms.fields import ScanField
from talents.models import ActionEntry
from talents.models.actions import SORTS
from talents.permissions import FILERS
from talents.rules.patents import bare_number, patent_problem
from talents.services.actions import Told

FACTS = ("kind", "sort", "told", "document_number", "held_on")
Kind, Sort = ActionEntry.Kind, ActionEntry.Sort
UNFIT = {
    Kind.SEED: "种子工匠的类别是职业院校学生或新入职一线工人",
    Kind.PATENT: "专利须写明是发明专利、实用新型专利还是外观设计专利",
    Kind.FOUR: "四技成果须写明是技术革新、技术协作、技术攻关还是技术发明",
    Kind.SMALL: "五小成果须写明是小发明、小创造、小革新、小设计还是小建议",
    Kind.ASSESSING: "自主评价企业不填类别",
}
#: Kinds that are somebody's.
PERSONAL = {Kind.SEED: "登记种子工匠", Kind.PATENT: "登记专利", Kind.FOUR: "登记四技成果"}
SCAN = "证书（证明）扫描件"
SCAN_REFUSALS = {"scan-size": "scan", "scan-kind": "scan", "entry-no-result": "scan"}


class ActionForm(from_model(ActionEntry, FACTS)):  # type: ignore[misc]
    """One entry; the person by number and name."""

    SECTIONS = (
        Section("登记什么", ("kind", "sort", "organization", "told", "document_number", "held_on")),
        Section("人员", ("identity", "name")),
        Section("证明材料", ("scan",)),
    )
    REFUSED_AT: ClassVar = {"action-in-future": "held_on"} | SCAN_REFUSALS

    organization = forms.ModelChoiceField(
        label="单位（院校）", queryset=Organization.objects.none()
    )
    name = ProseField(
        label="姓名",
        max_length=60,
        required=False,
        help_text="登记种子工匠、专利、四技成果必填；成果写第一完成人，其他完成人登记后逐人添加",
    )
    scan = ScanField(
        label=SCAN,
        required=False,
        help_text="专利证书、成果证明，PDF、JPG或PNG，不超过5 MB；也可登记后再传",
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
        kind, sort = cleaned.get("kind"), cleaned.get("sort") or ""
        whose = PERSONAL.get(kind)
        if whose and not cleaned.get("identity") and "identity" not in self.errors:
            self.add_error("identity", ValidationError(f"{whose}须填公民身份号码", "missing"))
        if cleaned.get("identity") and not cleaned.get("name"):
            self.add_error("name", ValidationError("请填写姓名", "missing"))
        if kind and sort not in SORTS[kind]:
            self.add_error("sort", ValidationError(UNFIT[Kind(kind)], "sort-unfit"))
        elif kind == Kind.PATENT:
            self._read_patent(cleaned.get("document_number", ""), sort)
        if kind == Kind.ASSESSING and not cleaned.get("document_number"):
            message = "请填写自主评价的备案文号"
            self.add_error("document_number", ValidationError(message, "missing"))

    def _read_patent(self, typed: str, sort: str) -> None:
        if problem := patent_problem(typed, sort):
            self.add_error("document_number", ValidationError(problem, "patent-number"))
        else:
            self.cleaned_data["document_number"] = bare_number(typed)

    def entered(self) -> dict[str, Any]:
        """The cleaned form as the service takes it; an enterprise is nobody."""
        cleaned = self.cleaned_data
        identity = None if cleaned["kind"] == Kind.ASSESSING else cleaned["identity"]
        return {
            "told": Told(
                **{name: cleaned[name] for name in FACTS},
                scan=cleaned["scan"],
            ),
            "organization_id": cleaned["organization"].pk,
            "identity": identity.text if identity else "",
            "person": _typed(cleaned["name"], identity),
        }


class PartnerForm(forms.Form):
    """Who else made a result, by number and name."""

    REFUSED_AT: ClassVar = {"partner-is-first": "identity"}

    name = ProseField(label="姓名", max_length=60)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["identity"] = IdentityField()
        self.order_fields(["identity", "name"])

    def entered(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        identity = cleaned["identity"]
        return {"identity": identity.text, "person": _typed(cleaned["name"], identity)}


class EvidenceForm(forms.Form):
    """The paper of a result."""

    REFUSED_AT: ClassVar = SCAN_REFUSALS | {"entry-evidenced": "scan"}

    scan = ScanField(
        label=SCAN, help_text="专利证书、成果证明，PDF、JPG或PNG，不超过5 MB；上传后不能更换"
    )


def _typed(name: str, identity: Any) -> dict[str, Any]:
    """What a form tells of a person: the name, and what follows from the number."""
    person = {"name": name}
    return person | {"sex": identity.sex, "birth_on": identity.birth_on} if identity else person
