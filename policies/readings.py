"""What of a policy some code reads, and for what; the rest is there for people alone.

An app says in its own ``readings.py`` which items it reads::

    register(Target, "列入年度名额报告", lambda policy, target: bool(measure_of(target.measure)))

``policies`` imports every ``readings`` module at start. What nobody registered for is explanatory:
its page and the rule book say so, and nothing in the programme follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policies.library.policy import Parameter, Policy, Reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from organizations.models import User
    from policies.library.policy import Article

    Reads = Callable[[Policy, Any], bool]

EXPLANATORY = "说明性条款"


@dataclass(frozen=True, slots=True)
class _Reading:
    kind: type
    purpose: str
    reads: Reads


_readings: list[_Reading] = []


def register(kind: type, purpose: str, reads: Reads) -> None:
    """Say that items of exactly this ``kind`` are read for ``purpose`` where ``reads`` says so."""
    _readings.append(_Reading(kind, purpose, reads))


def purposes_of(policy: Policy, item: Article) -> list[str]:
    """What an item is read for; nothing if it only explains."""
    return [r.purpose for r in _readings if type(item) is r.kind and r.reads(policy, item)]


def is_explanatory(policy: Policy, item: Article) -> bool:
    """Whether a rule, by the look of it, is read by nobody; what claims to be no rule is none."""
    return not isinstance(item, Reference) and not purposes_of(policy, item)


@dataclass(frozen=True, slots=True)
class Effect:
    """What would become of something if another edition applied: what it is, and what in words."""

    title: str
    words: str
    href: str = ""


_effects: list[Callable[[User, Policy, Policy], list[Effect]]] = []


def register_effects(tell: Callable[[User, Policy, Policy], list[Effect]]) -> None:
    """Say what of an app's rows would come out otherwise by a later edition than by the one before."""
    _effects.append(tell)


def effects_of(user: User, before: Policy, after: Policy) -> list[Effect]:
    """What every app says would come out otherwise, of the rows that ``user`` may see."""
    return [effect for tell in _effects for effect in tell(user, before, after)]


def _is_a_factor(policy: Policy, parameter: Parameter) -> bool:
    return any(standard.factor == parameter.code for standard in policy.standards)


register(Parameter, "折算建设标准", _is_a_factor)
