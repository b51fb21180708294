"""Who may do what with files handed in: pages, commands and the API ask here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.kinds import kind_of, registered_kinds
from intake.models import ImportBatch
from intake.workflow import DISCARD, REVERT
from organizations.roles import Role
from organizations.scoping import holds_role, holds_role_anywhere
from workflow.permissions import permission
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from intake.kinds import ImportKind
    from intake.kinds.files import ImportFile
    from organizations.models import User
    from workflow.models import Attachment

#: Who hands files in.
HANDING_IN = frozenset({Role.HANDLER, Role.NOMINATOR, Role.ACADEMY_MANAGER})
SHORTEST_PURPOSE = 4
UNMASKED = "文件中有未遮盖的身份号码，只提供给上传单位或其主管工会负责导入的经办人"
Status = ImportBatch.Status


@permission
def may_hand_in(user: User, kind: ImportKind) -> DomainError | None:
    """Hand in files of this kind at all; about what, the kind's subject says."""
    if holds_role_anywhere(user, kind.roles):
        return None
    return DomainError("role-required", f"您没有导入{kind.title}的权限")


@permission
def may_read(user: User, kind: ImportKind) -> DomainError | None:
    """Read what was handed in of this kind."""
    if holds_role_anywhere(user, kind.readers):
        return None
    return DomainError("role-required", f"您没有查阅{kind.title}的权限")


def readable_kinds(user: User) -> list[ImportKind]:
    """The kinds whose previews this account may open."""
    return [kind for kind in registered_kinds() if may_read.allows(user, kind)]


@permission
def may_handle(user: User, batch: ImportBatch) -> DomainError | None:
    """Work on the file: commit, correct, discard, take it back."""
    if batch.subject in kind_of(batch).withheld(user):
        message = "本批次涉及您本人或与您有代理关系的人，须由他人查阅、办理"
        return DomainError("import-withheld", message)
    if holds_role(user, kind_of(batch).roles, batch.place):
        return None
    message = "您没有办理本批次的权限，请由上传单位或其主管工会的经办人办理"
    return DomainError("role-required", message)


@permission
def may_discard(user: User, file: ImportFile) -> DomainError | None:
    """Give up a file of which nothing was filed."""
    if refusal := may_handle.why_not(user, file.batch):
        return refusal
    if any(batch.status == Status.COMMITTED for batch in file.batches):
        message = "本批次已入库，不能再放弃；退回的行可更正，或写明事由后不再处理，也可撤销整个批次"
        return DomainError("import-moved-on", message)
    if any(batch.status in DISCARD.sources for batch in file.batches):
        return None
    status = file.batch.get_status_display()
    return DomainError(DISCARD.code, DISCARD.message.format(now=status))


@permission
def may_take(user: User, attachment: Attachment) -> DomainError | None:
    """Take the file as it is, unmasked: who works on what was read from it.

    Nothing was read from a scan; the page of what it proves gives it out, to whom it is for.
    """
    batches = list(ImportBatch.objects.filter(attachment=attachment).select_related("organization"))
    if not batches:
        message = "该文件不是导入的表格，请在所属业务的页面查看"
        return DomainError("file-of-another-page", message)
    refusals = [may_handle.why_not(user, batch) for batch in batches]
    withheld = (one for one in refusals if one and one.code == "import-withheld")
    if refusal := next(withheld, None):
        return refusal
    return None if None in refusals else DomainError("role-required", UNMASKED)


@permission
def may_take_annotated(user: User, batch: ImportBatch) -> DomainError | None:
    """Take the original with its findings, as full of personal data as it came."""
    refusal = may_handle.why_not(user, batch)
    if refusal is None or refusal.code == "import-withheld":
        return refusal
    return DomainError("role-required", UNMASKED)


def may_take_some(user: User) -> bool:
    """Whether this account may take any original at all: for headings."""
    return holds_role_anywhere(user, HANDING_IN)


def check_purpose(reason: str) -> None:
    """Refuse a file full of personal data to who says not what for."""
    if len(reason.strip()) < SHORTEST_PURPOSE:
        message = f"下载含完整身份号码的文件须写明用途（至少{SHORTEST_PURPOSE}个字）"
        raise DomainError("reason-required", message)


def offers(user: User, file: ImportFile) -> dict[str, bool]:
    """The buttons of the file's page, for who may handle it, as the file stands."""
    if not may_handle.allows(user, file.batch):
        return {}
    statuses = {batch.status for batch in file.batches}
    return {
        "commits": file.unread is None
        and bool(file.standing)
        and not (file.kind.whole and file.refused_count),
        "discards": may_discard.allows(user, file),
        "reverts": bool(statuses & REVERT.sources),
        "corrects": bool(statuses & {Status.STAGED, Status.COMMITTED}),
        "takes": True,
    }
