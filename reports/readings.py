"""What of a policy the annual report reads: its targets, counted or without data."""

from __future__ import annotations

from policies.library.policy import Target
from policies.readings import register
from policies.rules.measures import measure_of

register(Target, "列入年度名额报告", lambda policy, target: measure_of(target.measure) is not None)
register(
    Target,
    "列入年度名额报告，但系统尚未登记此项资料，列为无数据",
    lambda policy, target: measure_of(target.measure) is None,
)
