import pytest
from django.db import connection

from organizations.models import Organization
from organizations.names import is_named, sort_key, title_contains, title_key
from talents.models import Person
from tests.factories.organizations import OrganizationFactory, credit_code
from tests.factories.talents import PersonFactory


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("曾怡刚", "zengyigang", "zyg"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("解缙", "xiejin", "xj"),
        ("尉迟敬德", "yuchijingde", "ycjd"),
        ("单于", "chanyu", "cy"),
        ("买买提·吐尔逊", "maimaitituerxun", "mmttex"),
        ("Anna李", "annali", "annal"),
        ("", "", ""),
    ],
    ids=("surname", "another", "rare", "compound", "compound of two", "dotted", "latin", "empty"),
)  # fmt: skip
def test_a_person_is_found_by_the_reading_of_the_surname(name, pinyin, initials):
    assert sort_key(name) == (pinyin, initials)


def test_a_rare_character_without_reading_does_no_harm():
    assert sort_key("𠮷田") == ("𠮷tian", "𠮷t")


@pytest.mark.parametrize(
    ("title", "initials"),
    [("重庆路机械厂", "cqljxc"), ("单位工会", "dwgh"), ("首钢集团", "sgjt")],
)
def test_an_organization_has_no_surname(title, initials):
    assert title_key(title)[1] == initials


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("大兴", {"D1", "U1"}), ("北京市大兴", {"U1"}), ("daxing", {"D1"}), ("DXQ", {"D1"}),
        ("d1", {"D1"}), (credit_code("91", 9), {"U1"}), ("xing", set()), ("%", set()), ("_", set()),
    ],
)  # fmt: skip
def test_a_body_is_found_by_part_of_its_name_or_the_beginning_of_a_key(term, found):
    city = OrganizationFactory(kind="city", code="BJ", name="市总工会")
    OrganizationFactory(parent=city, kind="district", code="D1", name="大兴区总工会")
    OrganizationFactory(
        parent=city, kind="unit", code="U1", name="北京市大兴建设公司", uscc=credit_code("91", 9)
    )

    rows = Organization.objects.filter(title_contains(term))

    assert set(rows.values_list("code", flat=True)) == found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("term", "finds"),
    [
        ("甲", True), ("ji", True), ("JG", True), ("工", True), ("会", True), ("工会", True),
        ("gong", False), ("甲 工", True), ("甲会", False), ("%", False), ("_", False),
    ],
)  # fmt: skip
def test_a_name_is_found_by_what_stands_in_it_or_the_beginning_of_its_pinyin(term, finds):
    OrganizationFactory(name="甲工会")

    assert Organization.objects.filter(is_named(term)).exists() == finds


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("兰梅", {"赵兰梅", "欧阳兰梅"}), ("梅", {"赵兰梅", "欧阳兰梅", "买买提·吐尔逊·梅"}),
        ("zhaolm", {"赵兰梅"}), ("ZhaoL", {"赵兰梅"}), ("zhaolanm", {"赵兰梅"}),
        ("ouyanglm", {"欧阳兰梅"}), ("oulm", set()), ("zlm", {"赵兰梅"}), ("zhaoml", set()),
        ("吐尔逊", {"买买提·吐尔逊·梅"}), ("兰", {"赵兰梅", "欧阳兰梅"}), ("xiann", {"西安娜", "先娜"}),
    ],
)  # fmt: skip
def test_a_person_is_found_by_any_part_of_the_name_and_by_surname_with_initials(term, found):
    for name in ("赵兰梅", "钱小兵", "欧阳兰梅", "买买提·吐尔逊·梅", "西安娜", "先娜"):
        pinyin, initials = sort_key(name)
        PersonFactory(name=name, name_pinyin=pinyin, name_initials=initials)

    assert set(Person.objects.filter(is_named(term)).values_list("name", flat=True)) == found


@pytest.mark.django_db
@pytest.mark.parametrize("term", ["兰梅", "zhaolm"])
def test_every_way_of_looking_for_a_name_has_its_index(term):
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        plan = Person.objects.filter(is_named(term)).explain()

    assert "Seq Scan" not in plan
    assert "person_by_given_name" in plan
    assert "person_by_last_character" in plan
    assert "person_by_long_name" in plan
