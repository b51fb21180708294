"""Policy editions that are whole: their pages can be read."""

from functools import cache
from itertools import count

from organizations.models import User
from policies.library import LibraryFile, parse, read_library
from policies.library.editions import load
from policies.models import PolicyEdition

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


CHOSEN = """
[[parameters]]
code = "chosen_{number}"
title = "选定{number}"
number = {number}
unit = "分"
source = "I"
gist = "条文未写明"
note = "按通行做法选定"
default = true
"""


def policy_edition(code="", *, number=1, jurisdiction="示例市", defaults=0, status="trial"):
    """The smallest valid edition, stored; with some parameters that were chosen by us."""
    code = code or f"policy-{next(_numbers)}"
    text = TEXT.format(code=code, number=number, title=f"{code}办法")
    text = text.replace("示例市", jurisdiction).replace('"trial"', f'"{status}"')
    text += "".join(CHOSEN.format(number=next(_numbers)) for _ in range(defaults))
    policy = parse(text, name=f"{code}.toml" if number == 1 else f"{code}-{number}.toml")
    return load(LibraryFile(policy.code, policy, text), User.objects.system())


@cache
def _shipped(code):
    return [file for file in read_library() if file.policy.code == code]


def with_policy(code):
    """The shipped editions of one document on file, if nobody has loaded them."""
    if not PolicyEdition.objects.filter(code=code).exists():
        for file in _shipped(code):
            load(file, User.objects.system())


def amended(code, addition="", *, instead=("", "")):
    """The shipped first edition of one document under another code, with some text changed or added."""
    (file,) = [file for file in _shipped(code) if file.policy.edition == 1]
    other = f"{code}-{next(_numbers)}"
    text = (
        file.text.replace(f'code = "{code}"', f'code = "{other}"', 1).replace(*instead) + addition
    )
    policy = parse(text, name=f"{other}.toml")
    return load(LibraryFile(policy.code, policy, text), User.objects.system())
