"""Policy editions that are whole: their pages can be read."""

from itertools import count

from organizations.models import User
from policies.library import LibraryFile, parse
from policies.library.editions import store

_numbers = count(1)

TEXT = """\
code = "{code}"
edition = {number}
title = "{title}"
issuer = "示例工会"
jurisdiction = "示例市"
status = "trial"
effective_from = 2024-01-01
summary = "示例"

[sources.S9]
grade = "A"
publisher = "示例报"

[[tiers]]
code = "top"
title = "最高层级"
subject = "person"
source = "S9"
quote = "原文"

[[criteria]]
code = "months"
title = "一线五年"
tiers = ["top"]
severity = "must"
fact = "frontline_months"
at_least = 60
source = "S9"
quote = "有5年以上一线工作经历"
"""


def policy_edition(code="", *, number=1):
    """The smallest valid edition, stored."""
    code = code or f"policy-{next(_numbers)}"
    text = TEXT.format(code=code, number=number, title=f"{code}办法")
    policy = parse(text, name=f"{code}.toml" if number == 1 else f"{code}-{number}.toml")
    return store(LibraryFile(policy.code, policy, text), User.objects.system())
