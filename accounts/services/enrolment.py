"""The first three administrators of an empty house; from then on they enrol everybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.services import grants, resets
from organizations.models import Membership, Organization, User
from organizations.roles import SEPARATED_ADMINS, Role
from organizations.services import lock_tree
from organizations.validity import VALIDITY
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

#: In the order in which they are named everywhere.
POSTS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
NOTE = "首批系统、安全、审计管理员"


class Enrolled(NamedTuple):
    """One of the three: the account to open and what its owner will log in with."""

    role: Role
    username: str
    display_name: str
    password: str
    #: Whether they typed it themselves; what was drawn for them they change first.
    is_own: bool = True


def serving_administrators() -> QuerySet[Membership]:
    """Roles of the three kinds that an open account holds, from today or from a later day on."""
    lasting = VALIDITY.lasting(timezone.localdate())
    return Membership.objects.filter(lasting, role__in=SEPARATED_ADMINS, user__is_active=True)


def check_vacant() -> None:
    """Refuse where somebody serves: who could enrol administrators beside them would be all three."""
    if serving := serving_administrators().select_related("user").first():
        message = (
            f"已有在任的管理员（{serving.user.username}，{serving.get_role_display()}），"
            "本命令只用于首次设立；此后由系统管理员开立账号、安全管理员授权"
        )
        raise DomainError("administrators-exist", message)


def check_people(people: Sequence[Enrolled]) -> None:
    """Three posts, three people, passwords that the house accepts."""
    names = {person.display_name.strip() for person in people}
    if len({person.username for person in people}) < len(POSTS) or len(names) < len(POSTS):
        message = "系统管理员、安全管理员、审计管理员须由三个不同的人担任，请分别填写账号和姓名"
        raise DomainError("administrators-are-three", message)
    for person in people:
        try:
            User.username_validator(person.username)
        except ValidationError as error:
            message = f"账号“{person.username}”不能用：{'；'.join(error.messages)}"
            raise DomainError("username-invalid", message) from error


def check_password(person: Enrolled) -> None:
    """Refuse a password that is weak, or too like the name."""
    owner = User(username=person.username, display_name=person.display_name)
    try:
        password_validation.validate_password(person.password, owner)
    except ValidationError as error:
        message = f"{person.role.label}的密码不能用：{'；'.join(error.messages)}"
        raise DomainError("password-weak", message) from error


@transaction.atomic
def enrol_administrators(
    people: Sequence[Enrolled], *, organization: Organization, actor: User
) -> list[User]:
    """Open three accounts and give each its role, all or nothing; of two at once one is refused."""
    lock_tree()
    check_vacant()
    check_people(people)
    accounts = []
    for person in people:
        check_password(person)
        user = grants.open_account(
            person.username,
            display_name=person.display_name,
            password=person.password,
            actor=actor,
        )
        if person.is_own:
            resets.owner_set_password(user)
        else:
            resets.password_handed_over(user)
        post = Membership(user=user, organization=organization, role=person.role)
        grants.grant(post, actor=actor, note=NOTE)
        accounts.append(user)
    return accounts
