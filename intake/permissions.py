"""Who may do what with files handed in: pages, commands and the API ask here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.kinds import kind_of
from intake.models import ImportBatch
from organizations.roles import Role
from organizations.scoping import holds_role, holds_role_anywhere
from workflow.errors import DomainError

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from intake.files import ImportFile
    from intake.kinds import ImportKind
    from organizations.models import User
    from workflow.models import Attachment

#: Who hands files in, and takes them again while nothing says more closely what they are about.
HANDING_IN = frozenset({Role.HANDLER, Role.NOMINATOR, Role.ACADEMY_MANAGER})
SHORTEST_PURPOSE = 4
Status = ImportBatch.Status
UNFILED = frozenset({Status.READING, Status.STAGED, Status.UNREADABLE})


def may_hand_in(actor: User | AnonymousUser, kind: ImportKind) -> bool:
    """Whether ``actor`` hands in files of this kind at all; the subject says for which bodies."""
    return holds_role_anywhere(actor, kind.roles)


def may_handle(actor: User, batch: ImportBatch) -> bool:
    """Whether ``actor`` works on the file: commits, corrects, discards, takes it back."""
    return holds_role(actor, kind_of(batch).roles, batch.place)


def check_may_handle(actor: User, batch: ImportBatch) -> None:
    if not may_handle(actor, batch):
        message = "您没有办理本批次的权限，请由上传单位或其主管工会的经办人办理"
        raise DomainError("role-required", message)


def may_take(actor: User, attachment: Attachment) -> bool:
    """Whether this account takes the file as it is, unmasked: who works on what was read from it."""
    batches = ImportBatch.objects.filter(attachment=attachment).select_related("organization")
    handled = [may_handle(actor, batch) for batch in batches]
    place = attachment.organization.path if attachment.organization else "/"
    return any(handled) or (not handled and holds_role(actor, HANDING_IN, place))


def check_may_take(*, is_allowed: bool, reason: str) -> None:
    """Refuse a file full of personal data to all who do not work on it, or give no reason."""
    if not is_allowed:
        message = "文件中有未遮盖的身份号码，只提供给上传单位或其主管工会负责导入的经办人"
        raise DomainError("role-required", message)
    if len(reason.strip()) < SHORTEST_PURPOSE:
        message = f"下载含完整身份号码的文件须写明用途（至少{SHORTEST_PURPOSE}个字）"
        raise DomainError("reason-required", message)


@dataclass(frozen=True, slots=True)
class FilePowers:
    """What an account may do with a file as it stands."""

    commits: bool = False
    discards: bool = False
    reverts: bool = False
    corrects: bool = False
    takes: bool = False


def powers_over(file: ImportFile, user: User) -> FilePowers:
    """The buttons of the file's page."""
    if not may_handle(user, file.batch):
        return FilePowers()
    statuses = {batch.status for batch in file.batches}
    return FilePowers(
        commits=file.unread is None
        and bool(file.standing)
        and not (file.kind.whole and file.refused_count),
        discards=bool(statuses & UNFILED),
        reverts=Status.COMMITTED in statuses,
        corrects=bool(statuses & {Status.STAGED, Status.COMMITTED}),
        takes=True,
    )
