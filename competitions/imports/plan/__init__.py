"""The plan of a year: contests and their items from one table, a row for each item."""

from competitions.imports.plan.filing import PlanRegister, carry_out, plan_of
from competitions.imports.plan.form import FORM, TITLES
from competitions.imports.plan.undoing import take_back

__all__ = ["FORM", "TITLES", "PlanRegister", "carry_out", "plan_of", "take_back"]
