"""What the back office takes in: field rules only; what the house decides, services decide."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib.auth import password_validation
from django.utils import timezone

from accounts.services import delegations, grants
from organizations import services
from organizations.models import Membership, Organization, User
from organizations.standing_in import lendable_of
from pages.admin.recorded import CorrectionForm, VersionedForm
from pages.forms import (
    LONGEST_REASON,
    SHORTEST_REASON,
    DayInput,
    IdentityField,
    ProseField,
    WordsForm,
)


class OrganizationForm(CorrectionForm):
    class Meta:
        model = Organization
        fields: ClassVar = [
            "code", "name", "kind", "parent", "uscc", "region_code", "industry",
            "valid_from", "valid_until",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        kind, parent = given.get("kind") or self.instance.kind, given.get("parent")
        if (
            "parent" in given
            and kind
            and (fault := services.misplacement(kind, parent and parent.kind))
        ):
            self.add_error("parent", fault)
        is_below = parent and self.instance.pk and parent.path.startswith(self.instance.path)
        if is_below:
            self.add_error("parent", "不能挂在自己或自己的下级之下，请另选上级组织")
        if "valid_until" in self.changed_data and not given.get("valid_until"):
            self.add_error("valid_until", "已停用的组织不能恢复，请改填日期，或登记新的组织")
        return given


class MembershipForm(WordsForm, VersionedForm):
    class Meta:
        model = Membership
        fields: ClassVar = ["user", "organization", "role", "valid_from", "valid_until"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if (
            self.instance.pk is None
            and {"user", "organization", "role", "valid_from"} <= given.keys()
        ):
            wanted = Membership(
                **{k: given[k] for k in ("user", "organization", "role", "valid_from")}
            )
            if refusal := grants.refusal_to(wanted):
                raise forms.ValidationError(refusal.message, code=refusal.code)
        return given


class AccountForm(CorrectionForm):
    identity = IdentityField(
        required=False,
        help_text="账号本人的公民身份号码，核对原件后填写；一人一个账号，登记后不能改动，只存摘要",
    )
    new_password = forms.CharField(
        label="设置密码",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="留空则不改动；重置须另一位管理员复核后生效，一日内有效，本人登录后须先改成自己的密码",
    )

    class Meta:
        model = User
        fields: ClassVar = ["username", "display_name", "is_active"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "new_password" in self.fields:
            rules = "".join(password_validation.password_validators_help_texts())
            self.fields["new_password"].help_text += f"。{rules}"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        is_known = self.instance.owner_digest is not None or given.get("identity")
        if self.instance.pk is None and not is_known and "identity" not in self.errors:
            self.add_error("identity", "请填写账号本人的公民身份号码")
        password = given.get("new_password") or ""
        if self.instance.pk is None and not password:
            self.add_error("new_password", "请为新账号设置初始密码")
        elif password:
            try:
                person = User(username=given.get("username") or self.instance.username)
                password_validation.validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("new_password", error)
        return given


class LendingForm(forms.Form):
    """Who stands in for which of one's roles, from which day to which, and why."""

    REFUSED_AT: ClassVar = {
        "not-to-be-lent": "membership",
        "not-a-colleague": "to",
        "lending-in-the-past": "begins",
        "lending-too-long": "last_day",
        "lent-already": "begins",
        "delegation-follows-its-source": "last_day",
        "membership-once-per-role": "to",
    }

    membership = forms.ModelChoiceField(Membership.objects.none(), label="委托代理的任职")
    to = forms.ModelChoiceField(
        User.objects.none(), label="代理人", help_text="在同一组织任职、已登记本人身份的同事"
    )
    begins = forms.DateField(label="自", widget=DayInput())
    last_day = forms.DateField(
        label="至（含当日）", widget=DayInput(), help_text="到期自动终止；提前回来的，可随时终止"
    )
    reason = ProseField(
        label="事由",
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        help_text="如出差、休假、脱产培训，计入留痕记录",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        own = lendable_of(user)
        colleagues = {other.pk for m in own for other in delegations.colleagues_for(m)}
        membership: Any = self.fields["membership"]
        membership.queryset = user.memberships.filter(pk__in=[m.pk for m in own]).select_related(
            "organization"
        )
        membership.label_from_instance = lambda m: f"{m.organization} · {m.get_role_display()}"
        to: Any = self.fields["to"]
        to.queryset = User.objects.filter(pk__in=colleagues).order_by("display_name", "pk")
        to.empty_label = "请选择代理人" if colleagues else "同一组织没有其他账号"
        if len(own) == 1:
            self.initial.setdefault("membership", own[0].pk)
        self.initial.setdefault("begins", timezone.localdate())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        begins, last = given.get("begins"), given.get("last_day")
        if begins and last and last < begins:
            self.add_error("last_day", "截止日期早于开始日期，请核对")
        elif last and last < date.max:
            given["ends"] = last + timedelta(days=1)
        elif last:
            self.add_error("last_day", "截止日期太晚，请核对")
        return given
