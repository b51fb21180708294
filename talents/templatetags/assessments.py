"""Stored verdicts in the words and signs of the components."""

from __future__ import annotations

from django import template

from policies.rules.verdicts import code_of

register = template.Library()

#: The code of a stored verdict for ``{% verdict %}``; None is 未核验.
register.filter("verdict_code", code_of)
