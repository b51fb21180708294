"""Entries of the five actions."""

from datetime import date
from decimal import Decimal

from organizations.models import User
from talents.models import ActionEntry, EducationSpend
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


def spend_of(organization, **facts):
    told = {
        "year": 2025, "wages": Decimal("1000000.00"), "spent": Decimal("25000.00"),
        "frontline": Decimal("16000.00"), "organization": organization,
        "entered_by": User.objects.system(),
    }  # fmt: skip
    return EducationSpend.objects.create(**(told | facts))
