"""Entries of the five actions."""

from datetime import date

from organizations.models import User
from talents.models import ActionEntry
from tests.factories.talents import PersonFactory

DAY = date(2025, 5, 8)


def seed_of(organization, **facts):
    told = {
        "kind": "seed", "sort": "student", "told": "技师学院实训基地，导师王工", "held_on": DAY,
        "organization": organization, "entered_by": User.objects.system(),
    }  # fmt: skip
    if facts.get("kind", "seed") == "seed" and "person" not in facts:
        facts["person"] = PersonFactory(organization=organization)
    return ActionEntry.objects.create(**(told | facts))


def assessing(organization, **facts):
    told = {
        "kind": "assessing",
        "sort": "",
        "told": "焊工、钳工",
        "document_number": "烟人社备〔2025〕7号",
    }
    return seed_of(organization, **(told | facts))


def patent_of(organization, **facts):
    told = {
        "kind": "patent",
        "sort": "inventive",
        "told": "焊缝跟踪装置",
        "document_number": "2003101023445",
    }
    if "person" not in facts:
        facts["person"] = PersonFactory(organization=organization)
    return seed_of(organization, **(told | facts))
