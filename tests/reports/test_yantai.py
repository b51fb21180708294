"""The five actions of Yantai in the annual report of its policy, each counted from rows on file."""

import json
from datetime import date

import pytest
from django.core.management import call_command

from organizations.models import User
from policies.library.editions import load_library
from talents.models import Certificate, Mentorship
from tests.factories.actions import assessing, seed_of
from tests.factories.growth import PairFactory
from tests.factories.honours import HonourFactory
from tests.factories.organizations import OrganizationFactory, UserFactory, with_child
from tests.factories.talents import PersonFactory
from tests.factories.workflow import moved

pytestmark = pytest.mark.django_db(transaction=True)
YANTAI = "yantai-craftsman-2023"


def test_seeds_certificates_enterprises_titles_and_pairs_are_counted(tmp_path):
    load_library(actor=User.objects.system())
    city = OrganizationFactory(kind="city", code="YT", name="烟台市总工会", region_code="370600")
    plant = with_child(city, "unit", name="烟台机械示例公司")
    for sort in ("student", "newcomer", "student"):
        seed_of(plant, sort=sort)
    assessing(plant)
    for sort in ("invention", "proposal"):
        seed_of(plant, kind="small", sort=sort, told="焊枪夹具改进", person=None)
    for at in range(2):
        Certificate.objects.create(
            person=PersonFactory(organization=plant),
            number=f"Y{at:021}",
            level="3",
            issued_year=2025,
        )
    for at, tier in enumerate(("city-great", "city-craftsman", "city-craftsman", "district")):
        HonourFactory(
            person=PersonFactory(organization=plant), organization=city, scheme=YANTAI, tier=tier,
            year=2025, named_on=date(2025, 6, 1), certificate_number=f"YT{at}",
        )  # fmt: skip
    made = PairFactory(organization=plant)
    Mentorship.objects.filter(pk=made.pk).update(agreed_by=UserFactory())
    moved(Mentorship.objects.filter(pk=made.pk), Mentorship.State.AGREED)

    call_command(
        "quota_report", policy=YANTAI, year=2025, organization="YT", out=str(tmp_path), verbosity=0
    )

    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    actual = {f["measure"]: f["actual"] for f in told["figures"] if f["organization"] == "YT"}
    assert {code: actual[code] for code in actual if actual[code] is not None} == {
        "seed_craftsmen": 3,
        "self_assessing_enterprises": 1,
        "small_results": 2,
        "level_certificates": 2,
        "high_skilled_persons": 2,
        "yantai_great_named": 1,
        "yantai_named": 2,
        "yantai_titles": 3,
        "local_titles": 1,
        "mentor_pairs": 1,
    }
    assert told["sha256"]
