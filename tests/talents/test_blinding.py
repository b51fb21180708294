"""What is taken out of the words that experts read: regions in their short form, and studios."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from talents.models import Employment, Studio
from talents.rules.blinding import Redaction
from tests.factories.growth import PairFactory
from tests.factories.honours import HonourFactory
from tests.factories.organizations import OrganizationFactory, UserFactory, with_child
from tests.factories.talents import NominationFactory, PersonFactory, RoundFactory

pytestmark = pytest.mark.django_db


def test_regions_below_the_round_and_the_studios_of_the_person_are_taken_out():
    city = OrganizationFactory(kind="city", name="北京市总工会")
    district = with_child(city, "district", name="海淀区总工会")
    unit = with_child(district, "unit", name="东升精密机械有限公司")
    somebody = PersonFactory(name="赵焊花", organization=unit)
    row = NominationFactory(round=RoundFactory(organizer=city), unit=unit, person=somebody)
    Studio.objects.create(
        name="赵焊花创新工作室", organization=unit, leader=somebody, field="焊接",
        founded_on=date(2020, 1, 1), proposed_by=UserFactory(),
    )  # fmt: skip
    Studio.objects.create(
        name="银河职工创新工作室", organization=unit, leader=PersonFactory(organization=unit),
        field="焊接", founded_on=date(2020, 1, 1), proposed_by=UserFactory(),
    ).members.create(person=somebody, joined_on=date(2021, 1, 1))  # fmt: skip
    blanked = Redaction.of(row)

    assert blanked("获海淀首席技师，领衔赵焊花创新工作室") == "获某某首席技师，领衔某某"
    assert blanked("参加银河职工创新工作室，银河团队骨干") == "参加某某，某某团队骨干"
    assert blanked("获北京大工匠提名") == "获北京大工匠提名"


def somebody_of(*names, employer=""):
    """A candidate of the last of these bodies, each below the one before, in a round of the first."""
    body = organizer = OrganizationFactory(kind="city", name=names[0])
    for name in names[1:]:
        body = with_child(body, "unit" if name is names[-1] else "district", name=name)
    somebody = PersonFactory(name="赵焊花", organization=body)
    if employer:
        Employment.objects.create(person=somebody, start_month=2000 * 12, employer=employer)
    return NominationFactory(round=RoundFactory(organizer=organizer), unit=body, person=somebody)


@pytest.mark.parametrize("district", ["海淀区总工会（示例）", "北京市海淀区总工会", "海淀区总工会"])
def test_a_region_is_taken_out_however_its_union_is_called(district):
    row = somebody_of("北京市总工会（示例）", district, "东升精密机械有限公司（示例）")
    blanked = Redaction.of(row)

    assert blanked("海淀区劳模，获海淀首席技师") == "某某劳模，获某某首席技师"
    assert blanked("东升精密机械骨干，北京市先进") == "某某骨干，北京市先进"


def test_a_zone_goes_by_its_whole_name_and_leaves_the_words_of_the_trade():
    row = somebody_of("北京市总工会", "北京经济技术开发区总工会", "东升精密机械有限公司")
    blanked = Redaction.of(row)

    assert blanked("在北京经济技术开发区做技术开发") == "在某某做技术开发"


def test_a_company_called_by_a_region_does_not_take_the_region_out_of_other_words():
    row = somebody_of("北京市总工会", "海淀区总工会", "城建区域发展有限公司")

    assert Redaction.of(row)("参加城建工程") == "参加城建工程"
    assert Redaction.of(row)("城建区域发展的骨干") == "某某的骨干"


def test_blanks_between_the_characters_of_a_name_do_not_hide_it():
    row = somebody_of("北京市总工会", "海淀区总工会", "东升精密机械有限公司")

    assert Redaction.of(row)("赵 焊　花（东升 精密机械）") == "某某（某某）"


def test_earlier_employers_master_apprentices_and_certificates_are_taken_out():
    row = somebody_of(
        "北京市总工会", "海淀区总工会", "东升精密机械有限公司", employer="北重集团公司"
    )
    master = PersonFactory(name="孙铸造", organization=row.unit)
    PairFactory(master=master, apprentice=row.person, organization=row.unit)
    HonourFactory(person=row.person, organization=row.unit, certificate_number="GJ-2023-0007")
    blanked = Redaction.of(row)

    assert (
        blanked("曾在北重工作，师从孙铸造，证书GJ-2023-0007") == "曾在某某工作，师从某某，证书某某"
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("电话13800138000", "电话某某"),
        ("电话138 0013 8000", "电话某某"),
        ("电话010-62345678", "电话某某"),
        ("身份证11010119900307775X", "身份证某某"),
        ("专利ZL202010123456.7", "专利ZL某某"),
        ("邮箱zhao.hh@example.com。", "邮箱某某。"),
        ("2019-2024年节约12000000元", "2019-2024年节约12000000元"),
        ("2024-05-01、20240501投产，编号1234567", "2024-05-01、20240501投产，编号1234567"),
    ],
)
def test_numbers_by_which_somebody_is_found_are_taken_out(written, read):
    row = somebody_of("北京市总工会", "海淀区总工会", "东升精密机械有限公司")

    assert Redaction.of(row)(written) == read


def test_a_paper_costs_the_same_however_much_is_known_of_the_person():
    row = somebody_of(
        "北京市总工会", "海淀区总工会", "东升精密机械有限公司", employer="北重集团公司"
    )

    with CaptureQueriesContext(connection) as queries:
        Redaction.of(row)
    assert len(queries) == 3  # the bodies; all else; what staff decided of words


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("在京城机电从事焊接", "在某某从事焊接"),
        ("京城控股首席技师", "某某首席技师"),
        ("京城机电控股公司的骨干", "某某公司的骨干"),
        ("北京京城机电的技师", "某某的技师"),
        ("赵师傅带徒三人，工友叫他老赵、赵工", "某某带徒三人，工友叫他某某、某某"),
        ("工号：A12345，微信 zhao_hh2020", "某某，某某"),
        ("机电设备的控股企业改造，参加北京市比武", "机电设备的控股企业改造，参加北京市比武"),
        ("师傅带徒，老工艺改造，小批量试制", "师傅带徒，老工艺改造，小批量试制"),
    ],
)
def test_a_unit_goes_in_the_forms_that_its_people_use(said, left):
    row = somebody_of("北京市总工会", "通州区总工会", "北京京城机电控股有限责任公司")
    assert Redaction.of(row)(said).replace("北京某某", "某某") == left


def test_the_core_of_the_body_above_goes_and_with_it_the_workshop():
    row = somebody_of("北京市总工会", "首钢集团工会", "首钢股份公司炼钢作业部")
    blanked = Redaction.of(row)
    assert blanked("获首钢工匠称号") == "获某某工匠称号"
    assert "首钢" not in blanked("首钢股份炼钢部、首钢股份公司")
