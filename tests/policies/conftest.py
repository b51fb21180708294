import pytest

from tests.policies import subjects


@pytest.fixture
def tables(db):
    """The small tables of `subjects`, empty, for this test."""
    subjects.create_tables()


@pytest.fixture
def policy_text():
    """A smallest valid policy file, with room to break it."""
    return POLICY


POLICY = """\
code = "sample"
edition = 1
title = "示例办法"
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
