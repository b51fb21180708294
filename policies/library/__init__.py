"""The policy files: read strictly, refused with file and line, never edited in the database."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin, get_type_hints

from policies.facts import offered_codes
from policies.library import consistency
from policies.library.policy import (
    Amount,
    Baseline,
    Criterion,
    Derivation,
    Parameter,
    Policy,
    Promotion,
    Provision,
    Reference,
    Source,
    Standard,
    Step,
    Target,
    Tier,
    Use,
    rounded,
)
from policies.library.positions import line_numbers, line_of
from policies.library.problems import PolicyFileError, Problem
from policies.library.vocabulary import TERMS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from _typeshed import DataclassInstance

LIBRARY = Path(__file__).parent

SECTIONS: dict[str, type] = {
    "tiers": Tier,
    "criteria": Criterion,
    "standards": Standard,
    "targets": Target,
    "baselines": Baseline,
    "amounts": Amount,
    "procedure": Step,
    "uses": Use,
    "promotions": Promotion,
    "parameters": Parameter,
    "provisions": Provision,
    "references": Reference,
}

T = TypeVar("T", bound="DataclassInstance")

_NOT_FINITE = (Decimal("Infinity"), Decimal("-Infinity"))


@dataclass(frozen=True, slots=True)
class LibraryFile:
    """One file of the library: what it says, and its exact words."""

    name: str
    policy: Policy
    text: str


@dataclass(slots=True)
class Document:
    """A file being read: where its keys stand, and what is wrong with it so far."""

    name: str
    lines: Mapping[tuple[str | int, ...], int]
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, path: tuple[str | int, ...], message: str) -> None:
        self.problems.append(Problem(self.name, line_of(self.lines, path), message, path))


def canonical(content: bytes, *, name: str) -> str:
    """The text a digest is taken of: UTF-8 without mark, lines ended by a line feed."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise PolicyFileError(
            [Problem(name, line, "文件不是 UTF-8 编码，请另存为 UTF-8")]
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def digest_of(text: str) -> str:
    """What pins a decision to these exact words."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_library(folder: Path = LIBRARY) -> tuple[LibraryFile, ...]:
    """Every file of the library, or one refusal that lists all that is wrong in all of them."""
    found: list[LibraryFile] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            text = canonical(path.read_bytes(), name=path.name)
            policy = parse(text, name=path.name, known=known_facts())
        except PolicyFileError as refused:
            problems += refused.problems
        else:
            found.append(LibraryFile(path.name, policy, text))
    if not problems:
        placed = [consistency.Placed(f.name, line_numbers(f.text), f.policy) for f in found]
        problems = consistency.problems_between(placed)
    if problems:
        raise PolicyFileError(problems)
    return tuple(found)


def known_facts() -> frozenset[str]:
    """What a criterion may ask: the common vocabulary and whatever the apps register."""
    return frozenset(offered_codes() | TERMS.keys())


@lru_cache(maxsize=64)
def parse(text: str, *, name: str, known: frozenset[str] | None = None) -> Policy:
    """The policy written in ``text``; ``known`` facts are checked unless the text is already pinned."""
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        raise PolicyFileError([Problem(name, line, f"TOML 语法错误：{error}")]) from error
    doc = Document(name, line_numbers(text))
    policy = _policy(data, doc)
    if policy is not None and not doc.problems:
        placed = consistency.Placed(name, doc.lines, policy)
        doc.problems += consistency.problems_within(placed, known)
    if policy is None or doc.problems:
        raise PolicyFileError(doc.problems)
    policy = replace(policy, standards=_derived(policy), digest=digest_of(text))
    if known is not None:
        for path, message in consistency.too_fine(policy):
            doc.refuse(path, message)
        if doc.problems:
            raise PolicyFileError(doc.problems)
    return policy


def _policy(data: dict[str, Any], doc: Document) -> Policy | None:
    sections: dict[str, Any] = {}
    for section, kind in SECTIONS.items():
        items = data.pop(section, [])
        if not isinstance(items, list):
            doc.refuse((section,), f"{section} 应写成 [[{section}]]")
            items = []
        built = [_build(kind, item, (section, i), doc) for i, item in enumerate(items)]
        sections[section] = tuple(item for item in built if item is not None)
    sources = data.pop("sources", {})
    if not isinstance(sources, dict):
        doc.refuse(("sources",), "sources 应写成 [sources.标记]")
        sources = {}
    declared = [
        _build(
            Source,
            {**entry, "mark": mark} if isinstance(entry, dict) else entry,
            ("sources", mark),
            doc,
        )
        for mark, entry in sources.items()
    ]
    sections["sources"] = tuple(source for source in declared if source is not None)
    policy = _build(Policy, data, (), doc, skip=frozenset(sections))
    return None if policy is None else replace(policy, **sections)


def _build(
    kind: type[T],
    table: Any,
    path: tuple[str | int, ...],
    doc: Document,
    *,
    skip: frozenset[str] = frozenset(),
) -> T | None:
    """One table as an instance of its class, or None after saying what is wrong with it."""
    if not isinstance(table, dict):
        doc.refuse(path, "此处应是一个表")
        return None
    hints = _hints(kind)
    schema = {f.name: f for f in fields(kind) if f.name not in skip and not f.metadata}
    before = len(doc.problems)
    for key in table.keys() - schema.keys():
        doc.refuse((*path, key), f"不认识的键 {key}；此处可用：{'、'.join(schema)}")
    values = {}
    for name, spec in schema.items():
        if name in table:
            value = _value(hints[name], table[name])
            if value is None:
                doc.refuse(
                    (*path, name), f"{name} 的值 {table[name]!r} 不合要求：{_wanted(hints[name])}"
                )
            values[name] = value
        elif _is_required(spec):
            doc.refuse(path, _absence(name))
    return kind(**values) if len(doc.problems) == before else None


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _is_required(spec: Field) -> bool:
    return spec.default is MISSING and spec.default_factory is MISSING


def _absence(name: str) -> str:
    if name == "source":
        return '缺少出处：请写 source（如 "S0"；自行选定的写 "I" 并标 default = true）'
    return f"缺少必填项 {name}"


def _bare(hint: Any) -> Any:
    """The type behind ``X | None``."""
    if get_origin(hint) is UnionType:
        return next(arg for arg in get_args(hint) if arg is not type(None))
    return hint


def _value(hint: Any, raw: Any) -> Any:
    """``raw`` as the type the field wants; None if it is not that."""
    wanted = _bare(hint)
    if get_origin(wanted) is tuple:
        entries = raw if isinstance(raw, list) else [raw]
        values = tuple(_value(get_args(wanted)[0], entry) for entry in entries)
        return None if None in values or not values else values
    if issubclass(wanted, StrEnum):
        return wanted(raw) if raw in list(wanted) else None
    if wanted is str:
        return raw.strip() or None if isinstance(raw, str) else None
    if wanted is Decimal and type(raw) is int:
        return Decimal(raw)
    # By exact type: for Python a bool is an int and a datetime is a date.
    return raw if type(raw) is wanted and raw not in _NOT_FINITE else None


def value_kind(kind: type, name: str) -> tuple[type, bool]:
    """The type of a key, or of each entry of a list, and whether it is a list."""
    wanted = _bare(_hints(kind)[name])
    return (get_args(wanted)[0], True) if get_origin(wanted) is tuple else (wanted, False)


def _wanted(hint: Any) -> str:
    wanted = _bare(hint)
    if get_origin(wanted) is tuple:
        return f"一项或多项，每项{_wanted(get_args(wanted)[0])}"
    if issubclass(wanted, StrEnum):
        return f"只能是 {'、'.join(wanted)}"
    return {
        str: "应是不为空的文字",
        int: "应是整数",
        Decimal: "应是数字",
        bool: "应是 true 或 false",
        date: "应是日期，如 2026-06-30",
    }[wanted]


def _derived(policy: Policy) -> tuple[Standard, ...]:
    """The standards with every derived threshold worked out."""
    by_code = {s.code: s for s in policy.standards}
    return tuple(
        s if not s.derived_from else _derive(s, by_code[s.derived_from], policy)
        for s in policy.standards
    )


def _derive(standard: Standard, base: Standard, policy: Policy) -> Standard:
    parameter = policy.parameter(standard.factor)
    factor = parameter.number if parameter else None
    if base.threshold is None or factor is None or standard.rounding is None:
        return standard  # refused by ``consistency`` before it comes here
    exact = base.threshold * factor
    figure = rounded(exact, standard.rounding)
    return replace(
        standard,
        fact=base.fact,
        tolerance=standard.tolerance or base.tolerance,
        other_readings=standard.other_readings or base.other_readings,
        derivation=Derivation(base.threshold, factor, exact, standard.rounding),
        at_least=None if base.at_least is None else figure,
        at_most=None if base.at_most is None else figure,
        equals=None if base.equals is None else figure,
    )
