"""The words in which rules about contests speak: of what level and class, for whom, up to which level."""

from enum import StrEnum


class ContestLevel(StrEnum):
    """Who holds a contest, from below."""

    ENTERPRISE = "enterprise"
    DISTRICT = "district"
    INDUSTRY = "industry"
    CITY = "city"
    NATIONAL = "national"
    INTERNATIONAL = "international"


class ContestClass(StrEnum):
    """一类 spans several industries, 二类 is about one."""

    FIRST = "first"
    SECOND = "second"


class ContestGroup(StrEnum):
    """Who competes with whom."""

    WORKERS = "workers"
    STUDENTS = "students"


class Reached(StrEnum):
    """The skill levels that a contest can lead to; nothing leads beyond the last."""

    JUNIOR = "junior"
    MIDDLE = "middle"
    SENIOR = "senior"
    TECHNICIAN = "technician"
    SENIOR_TECHNICIAN = "senior-technician"
