"""What the database refuses, in words for the person in front of the screen.

Constraints and triggers have the last word on every rule of one row. When a form let something
through, or two people were at it at once, their refusal arrives here as an exception and leaves as
a ``DomainError``; only what nobody foresaw stays an error.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DataError, Error
from django.db.models import ProtectedError, RestrictedError

from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.db.models.constraints import BaseConstraint
    from psycopg.errors import Diagnostic

#: Classes of SQLSTATE: our own triggers, and the constraints of the standard.
OURS, INTEGRITY = "JX", "23"
NOT_UNIQUE, STILL_REFERENCED = "23505", "23503"
TRY_AGAIN = "另一项操作正在改动同一数据，本次未作任何改动，请稍后重试"
TOO_LONG = "查询的数据过多，未能在规定时间内完成，请缩小范围后重试"
STILL_USED = "还有数据与它关联，不能删除；请先处理关联的数据，或改为停用"
VANISHED = "要办理的数据已被他人删除或撤回，或已不在您的范围内，本次未作任何改动；请返回列表核对"
UNREADABLE = "提交的内容含有不能保存的字符或数值，请检查后重新填写"
#: Refusals that have nothing to do with what was asked: the same again later goes through.
PASSING = {
    "40001": ("busy", TRY_AGAIN),
    "40P01": ("busy", TRY_AGAIN),
    "55P03": ("busy", TRY_AGAIN),
    "57014": ("took-too-long", TOO_LONG),
}


@contextmanager
def refusing(
    named: Mapping[str, DomainError] | None = None, *, invalid: str = "invalid-value"
) -> Iterator[None]:
    """What the database or a model refuses inside comes out as a ``DomainError``.

    Wraps the transaction. ``named``: constraint → the refusal that says it better here than the
    constraint itself does; ``invalid``: the code where a model finds fields wrong.
    """
    try:
        yield
    except ValidationError as error:
        first = None if hasattr(error, "error_dict") else error.error_list[0].code
        raise DomainError(first or invalid, "；".join(error.messages)) from error
    except Error as error:
        refusal = (named or {}).get(constraint_of(error)) or refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error


@contextmanager
def refusing_references(code: str, message: str) -> Iterator[None]:
    """A row that others still refer to is refused in these words; for deletions."""
    try:
        yield
    except (ProtectedError, RestrictedError) as error:
        raise DomainError(code, message) from error
    except Error as error:
        if _diagnosis(error)[0] != STILL_REFERENCED:
            raise
        raise DomainError(code, message) from error


def constraint_of(error: BaseException) -> str:
    """The name of the constraint that ``error`` is about; empty for other errors."""
    diagnostic = _diagnosis(error)[1]
    return (diagnostic.constraint_name if diagnostic else "") or ""


def refusal_of(error: BaseException) -> DomainError | None:
    """``error`` as a refusal, or None if it is none of ours to explain."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, ProtectedError | RestrictedError):
        return DomainError("still-referenced", STILL_USED)
    if isinstance(error, ObjectDoesNotExist):
        return DomainError("vanished", VANISHED)
    return _refusal_by_state(error) if isinstance(error, Error) else None


def _refusal_by_state(error: Error) -> DomainError | None:
    state, diagnostic = _diagnosis(error)
    if state in PASSING:
        return DomainError(*PASSING[state])
    if state.startswith(OURS) and diagnostic is not None:
        code = (diagnostic.constraint_name or state).lower().replace("_", "-")
        return DomainError(code, diagnostic.message_primary or TRY_AGAIN)
    if state.startswith(INTEGRITY) and diagnostic is not None:
        return _broken_constraint(state, diagnostic)
    return DomainError("unreadable-value", UNREADABLE) if isinstance(error, DataError) else None


def _diagnosis(error: BaseException) -> tuple[str, Diagnostic | None]:
    """SQLSTATE and details that the driver attached to the cause; empty for its own errors."""
    cause = error.__cause__
    return getattr(cause, "sqlstate", None) or "", getattr(cause, "diag", None)


def _broken_constraint(state: str, diagnostic: Diagnostic) -> DomainError:
    name = diagnostic.constraint_name or ""
    code = name.replace("_", "-") or "invalid-value"
    if constraint := _constraints().get(name):
        default = constraint.violation_error_message == constraint.default_violation_error_message
        words = "" if default else str(constraint.violation_error_message)
        return DomainError(code, words or "数据不符合登记的要求，未作任何改动；请核对后重试")
    if state == NOT_UNIQUE:
        label = _label(diagnostic)
        return DomainError("already-exists", f"{label}已存在，请勿重复登记")
    if state == STILL_REFERENCED:
        return DomainError("still-referenced", STILL_USED)
    return DomainError("invalid-value", f"{_label(diagnostic)}的内容不符合要求，未作任何改动")


@cache
def _constraints() -> dict[str, BaseConstraint]:
    return {
        constraint.name: constraint
        for model in apps.get_models()
        for constraint in model._meta.constraints
    }


def _label(diagnostic: Diagnostic) -> str:
    """What people call the column that the database complains of."""
    column = diagnostic.column_name or ""
    if not column and (diagnostic.message_detail or "").startswith("Key ("):
        column = (diagnostic.message_detail or "")[5:].partition(")")[0]
    for model in apps.get_models():
        if model._meta.db_table == diagnostic.table_name:
            fields = {field.column: field for field in model._meta.concrete_fields}
            return (
                f"“{fields[column].verbose_name}”"
                if column in fields
                else str(model._meta.verbose_name)
            )
    return "该数据"
