"""Stored editions: loaded from the library once, then evaluated from their own words for ever."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from policies.library import LIBRARY, LibraryFile, consistency, digest_of, parse, read_library
from policies.library.defaults import defaults_of
from policies.library.policy import Policy, Status
from policies.library.positions import line_numbers
from policies.library.problems import PolicyFileError, Problem
from policies.models import EditionDefault, EditionUse, PolicyEdition
from policies.wording import chinese_day, span
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.records.wording import fields_of, label_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from pathlib import Path

    from django.db.models import QuerySet

    from organizations.models import User

LOADED = Event("policies.loaded", "载入", Record.Kind.POLICY)
_LOADING_LOCK = 0x706F6C69  # one loading at a time


@dataclass(slots=True)
class Loaded:
    """What a loading did."""

    new: list[PolicyEdition] = field(default_factory=list)
    unchanged: list[PolicyEdition] = field(default_factory=list)


@transaction.atomic
def load_library(folder: Path = LIBRARY, *, actor: User) -> Loaded:
    """Store every edition of the library that is not stored yet, or refuse all of it."""
    files = read_library(folder)
    lock_library()
    stored = {(e.code, e.edition): e for e in PolicyEdition.objects.all()}
    _refuse_rewriting(files, stored)
    _refuse_seams(files, stored)
    loaded = Loaded()
    for file in files:
        known = stored.get((file.policy.code, file.policy.edition))
        if known is not None:
            loaded.unchanged.append(known)
        else:
            loaded.new.append(load(file, actor))
    return loaded


def lock_library() -> None:
    """Let nobody else add an edition until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOADING_LOCK])


def _refuse_rewriting(
    files: tuple[LibraryFile, ...], stored: dict[tuple[str, int], PolicyEdition]
) -> None:
    problems = []
    for file in files:
        policy = file.policy
        known = stored.get((policy.code, policy.edition))
        if known is not None and known.digest != policy.digest:
            newest = max(edition for code, edition in stored if code == policy.code) + 1
            message = (
                f"第 {policy.edition} 版已于 {known.loaded_at:%Y-%m-%d} 载入，内容不得改动。"
                f"请恢复原文件，把修改写入新文件 {policy.code}-{newest}.toml，edition = {newest}，"
                "并写明新版的 effective_from"
            )
            problems.append(Problem(file.name, _edition_line(file), message))
    if problems:
        raise PolicyFileError(problems)


def _edition_line(file: LibraryFile) -> int:
    return line_numbers(file.text).get(("edition",), 1)


def _refuse_seams(
    files: tuple[LibraryFile, ...], stored: dict[tuple[str, int], PolicyEdition]
) -> None:
    """Editions whose file is gone still stand; the new ones must follow on from them."""
    present = {(f.policy.code, f.policy.edition) for f in files}
    placed = [consistency.Placed(f.name, line_numbers(f.text), f.policy) for f in files]
    placed += [
        consistency.Placed(f"{edition}（已载入）", {}, policy_by_digest(edition.digest))
        for key, edition in stored.items()
        if key not in present
    ]
    if problems := consistency.problems_between(placed):
        raise PolicyFileError(problems)


def load(file: LibraryFile, actor: User) -> PolicyEdition:
    """Keep an edition of the library for good, on the record."""
    policy = file.policy
    edition = store(policy, file.text)
    record_event(
        LOADED,
        subject_of(edition),
        actor=actor,
        after={"code": policy.code, "edition": policy.edition, "digest": policy.digest},
        note=f"载入政策版本《{policy.title}》第{policy.edition}版",
    )
    return edition


def store(policy: Policy, text: str) -> PolicyEdition:
    """Keep an edition for ever: its words, what in them is our choice, what money may go to.

    The caller records it.
    """
    edition = PolicyEdition.objects.create(**_facts(policy), text=text)
    EditionDefault.objects.bulk_create(
        EditionDefault(
            edition=edition,
            position=position,
            section=default.section,
            item=default.item,
            title=default.title,
            digest=default.digest,
        )
        for position, default in enumerate(defaults_of(policy))
    )
    EditionUse.objects.bulk_create(
        EditionUse(
            edition=edition,
            code=use.code,
            is_permitted=use.permitted,
            needs_approval=use.needs_approval,
        )
        for use in policy.uses
    )
    return edition


def every_edition() -> QuerySet[PolicyEdition]:
    """All that was ever loaded; policies are public, so there is nothing to hide from anybody."""
    return PolicyEdition.objects.all()


def edition_by_digest(digest: str) -> PolicyEdition:
    """The stored edition with exactly these words."""
    return PolicyEdition.objects.get(digest=digest)


@lru_cache(maxsize=64)
def policy_by_digest(digest: str) -> Policy:
    """The policy a decision was pinned to, read from the stored words; the file may be gone."""
    edition = edition_by_digest(digest)
    if fault := fault_in(edition):
        raise DomainError("policy-altered", f"{edition}{fault}，不能据以核验；请联系系统管理员")
    return _parsed(edition)


def fault_in(edition: PolicyEdition) -> str:
    """What of a stored edition is no longer what was loaded; empty if nothing is."""
    if digest_of(edition.text) != edition.digest:
        return "的文字与摘要值不符"
    try:
        policy = _parsed(edition)
    except PolicyFileError:
        return "的文字不能读取"
    wrong = [name for name, value in _facts(policy).items() if getattr(edition, name) != value]
    names = "、".join(label_of(name, fields_of(subject_of(edition))) for name in wrong)
    return f"的“{names}”与文字不符" if wrong else ""


def _facts(policy: Policy) -> dict[str, Any]:
    """What a row says of the edition beside its text."""
    return {
        "code": policy.code,
        "edition": policy.edition,
        "title": policy.title,
        "issuer": policy.issuer,
        "jurisdiction": policy.jurisdiction,
        "document_number": policy.document_number,
        "effective_from": policy.effective_from,
        "effective_until": policy.effective_until,
        "status": policy.status.value,
        "summary": policy.summary,
        "digest": policy.digest,
    }


def _parsed(edition: PolicyEdition) -> Policy:
    return parse(edition.text, name=file_name(edition.code, edition.edition))


def file_name(code: str, edition: int) -> str:
    return f"{code}.toml" if edition == 1 else f"{code}-{edition}.toml"


def editions_applying(on: date) -> QuerySet[PolicyEdition]:
    """What applies on a day, one edition of a code at most.

    An edition ends on its own last day, or on the day a later one of its code begins; a draft never
    applies, and one whose status is “repealed” says that nothing does any more.
    """
    newest = (
        PolicyEdition.objects.exclude(status=Status.DRAFT.value)
        .filter(effective_from__lte=on)
        .order_by("code", "-effective_from", "-edition")
        .distinct("code")
        .values("pk")
    )
    return (
        PolicyEdition.objects.filter(pk__in=newest)
        .exclude(status=Status.REPEALED.value)
        .filter(PolicyEdition.DAYS.lasting(on))
    )


def first_day_of(code: str) -> date:
    """Since when there is such a policy; of a code that was never loaded, the last day there is."""
    editions = PolicyEdition.objects.filter(code=code).exclude(status=Status.DRAFT.value)
    first = editions.order_by("effective_from").values_list("effective_from", flat=True).first()
    return first or date.max


def edition_in_force(code: str, on: date) -> PolicyEdition:
    """The edition of a code that applies on a day; a refusal says what is there instead."""
    edition = editions_applying(on).filter(code=code).first()
    if edition is not None:
        return edition
    known = list(PolicyEdition.objects.filter(code=code).order_by("edition"))
    if not known:
        raise DomainError(
            "unknown-policy", f"政策库中没有编码为 {code} 的政策；请先载入政策（load_policies）"
        )
    spans = "；".join(f"第{e.edition}版{span(e.effective_from, e.effective_until)}" for e in known)
    raise DomainError(
        "policy-not-in-force",
        f"《{known[-1].title}》在{chinese_day(on)}没有适用的版本（{spans}）",
        citation=code,
    )
