"""What must come of workbooks: the given one, made ones, and single cells of every kind."""

import json
from datetime import date
from pathlib import Path

import pytest

from intake import services as imports
from intake.models import ImportRow
from organizations.models import User
from talents.models import Certificate, Employment, Nomination, Person
from tests.factories.organizations import OrganizationFactory, with_child
from tests.factories.talents import NominationFactory, PersonFactory
from tests.talents.importing import (
    BEGUN_AS_CHILDREN,
    OTHER_SOUND,
    SOUND,
    call_of_nominations,
    codes,
    committed,
    faults,
    forces_missing,
    ranked_alike,
    roster_for,
    sheet_of,
    staged,
)
from tests.talents.rosters import REFERENCE, as_csv, as_xlsx, check_character
from workflow.models import Record
from workflow.refusals import DomainError
from workflow.storage import vault

pytestmark = pytest.mark.django_db
GIVEN = Path(__file__).parents[1] / "fixtures"
UNTIL = REFERENCE.year * 12 + REFERENCE.month


def number(body):
    return body + check_character(body)


@pytest.fixture
def call():
    return call_of_nominations()


def months_of(nomination):
    """The front-line months as anybody would count them on a calendar."""
    months = set()
    for segment in nomination.employments.filter(is_frontline=True):
        last = UNTIL if segment.end_month is None else segment.end_month + 1
        months |= set(range(segment.start_month, last))
    return len(months) or None


def test_the_given_workbook_refuses_exactly_what_is_expected(call):
    answers = json.loads((GIVEN / "expected.json").read_text("utf-8"))["nominations"]
    for line in (GIVEN / "organizations.csv").read_text("utf-8-sig").splitlines()[1:]:
        code, name, kind, _, uscc, *_ = line.split(",")
        if kind == "基层单位":
            with_child(call.city, "unit", code=code, name=name, uscc=uscc)

    given = GIVEN / "nominations-beijing-great-2026.xlsx"
    batch = committed(call, given.read_bytes())

    repeated = [a["row"] for a in answers if "duplicate_of" in a]
    assert faults(batch) == sorted(
        [(a["row"], "公民身份号码", "identity-checksum") for a in answers if a["bad_id"]]
        + [(row, "公民身份号码", "duplicate-nomination") for row in repeated]
    )
    alike = [(row, "推荐排序", "rank-given") for row in ranked_alike(given, faults(batch))]
    assert len(alike) > 50
    assert faults(batch, "warning") == sorted([*BEGUN_AS_CHILDREN, *alike])
    filed = {n.row_number: n for n in Nomination.objects.select_related("person")}
    assert {
        number: (n.person.name, months_of(n), forces_missing(n)) for number, n in filed.items()
    } == {
        a["row"]: (a["name"], a["frontline_months"], a["forces_missing"])
        for a in answers
        if not a["bad_id"] and a["row"] not in repeated
    }
    assert {vault.decrypt(n.person.identity_cipher).decode() for n in filed.values()} == {
        a["id"] for a in answers if a["id"]
    }


@pytest.mark.parametrize("seed", range(6))
def test_other_workbooks_come_out_as_their_makers_say(call, seed):
    roster = roster_for(call, seed, 150)

    batch = committed(call, as_xlsx(roster, title=seed % 3 > 0, two_rows=seed % 2 == 0))

    assert {(n, code) for n, _, code in faults(batch)} == {
        (e.number, code) for e in roster.expected for _, code in e.refused
    }
    filed = Nomination.objects.select_related("person", "unit")
    assert {
        n.row_number: (n.person.name, months_of(n), forces_missing(n), n.unit.name) for n in filed
    } == {
        e.number: (e.name, e.months, e.forces_missing, e.unit)
        for e in roster.expected
        if not e.refused
    }


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_a_csv_of_any_usual_encoding_comes_out_the_same(call, encoding):
    roster = roster_for(call, 11, 60)

    batch = staged(call, as_csv(roster, encoding), filename="汇总表.csv")

    assert {(n, code) for n, _, code in faults(batch)} == {
        (e.number, code) for e in roster.expected for _, code in e.refused
    }


def test_a_clean_row_is_filed_whole(call):
    batch = committed(call, sheet_of(call, {}))

    person = Person.objects.get()
    assert (person.name, person.sex, person.birth_on) == ("曾怡刚", "1", date(1970, 2, 26))
    assert (person.name_pinyin, person.organization) == ("zengyigang", call.units[0])
    assert vault.decrypt(person.identity_cipher) == SOUND.encode()
    assert vault.decrypt(person.phone_cipher) == b"12014699330"
    assert person.identity_mask == "******************"
    nomination = Nomination.objects.get()
    assert (nomination.person, nomination.unit, nomination.batch) == (person, call.units[0], batch)
    assert (nomination.state, nomination.skill_level, nomination.patents_count) == ("draft", "2", 3)
    segment = Employment.objects.get()
    assert (str(segment), segment.employer, segment.trade) == (
        "2010年1月—2012年6月 东一公司 钳工", "东一公司", "钳工",
    )  # fmt: skip
    certificate = Certificate.objects.get()
    assert (certificate.number, certificate.issued_year) == ("Y332211649709192555929", 2019)


def test_identity_and_telephone_are_nowhere_in_the_clear(call):
    batch = committed(call, sheet_of(call, {}))

    row = ImportRow.objects.get(batch=batch)
    assert SOUND not in str([getattr(row, field.attname) for field in row._meta.fields])
    assert "12014699330" not in str(row.cells)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "identity-missing"),
        ("110199700226257", "identity-length"),
        (SOUND[:17], "identity-length"),
        (SOUND[:16] + "O9", "identity-characters"),
        (SOUND[:17] + "8", "identity-checksum"),
        (float(SOUND), "identity-rounded"),
        (SOUND[:15] + "000", "identity-rounded"),
        (number("11019919700230257"), "identity-date"),
        (number("11019929900226257"), "identity-date"),
    ],
    ids=[
        "empty", "old 15 digits", "one short", "letter O", "check digit", "stored as a number",
        "rounded in a CSV", "30 February", "in the future",
    ],
)  # fmt: skip
def test_an_unusable_identity_number_refuses_the_row_by_name(call, typed, code):
    assert codes(call, 公民身份号码=typed) == ({code}, set())


@pytest.mark.parametrize(
    "typed",
    [f" {SOUND}", "１１０１９９１９７００２２６２５７９", "110199 19700226 2579", f"{SOUND}\u00a0"],
)
def test_blanks_and_full_width_digits_in_an_identity_number_are_no_fault(call, typed):
    assert codes(call, 公民身份号码=typed) == (set(), set())


def test_a_lower_case_check_character_is_no_fault(call):
    typed = OTHER_SOUND.lower()

    assert codes(call, 公民身份号码=typed, 出生年月="1965.03") == (set(), set())


@pytest.mark.parametrize(
    ("career", "segments"),
    [
        ("2010.1至2012.6 甲厂 焊工", [(2010, 1, 2012, 6)]),
        ("2010年1月—2012年6月 甲厂 焊工", [(2010, 1, 2012, 6)]),
        ("2014.3-2017.8 甲厂 焊工", [(2014, 3, 2017, 8)]),
        ("2010/01-2012/06 甲厂 焊工", [(2010, 1, 2012, 6)]),
        ("2010-01至2012-06 甲厂 焊工", [(2010, 1, 2012, 6)]),
        ("2010-01-2012-06 甲厂 焊工", [(2010, 1, 2012, 6)]),
        ("２０１０．１至２０１２．６ 甲厂 焊工", [(2010, 1, 2012, 6)]),
        ("2010.1.5至2012.6.30 甲厂 焊工", [(2010, 1, 2012, 6)]),
        ("2010年1月5日至2012年6月30日 甲厂 焊工", [(2010, 1, 2012, 6)]),
        ("2010年1月 至 2012年6月：甲厂 焊工", [(2010, 1, 2012, 6)]),
        ("自2010年1月起至2012年6月止 甲厂 焊工", [(2010, 1, 2012, 6)]),
        ("2012.2至今 甲厂 焊工", [(2012, 2, None, None)]),
        ("2012年2月－现在 甲厂 焊工", [(2012, 2, None, None)]),
        ("2012.2——今 甲厂 焊工", [(2012, 2, None, None)]),
        ("1.2010.1至2012.6 甲厂 焊工；2.2013.1至今 乙厂 焊工", [(2010, 1, 2012, 6), (2013, 1, None, None)]),
        ("2010.1至2012.6 甲厂 焊工\n2013.1至今 乙厂 焊工", [(2010, 1, 2012, 6), (2013, 1, None, None)]),
        ("2010.1至2012.6 甲厂 焊工，2013.1至今 乙厂 焊工。", [(2010, 1, 2012, 6), (2013, 1, None, None)]),
        ("2010.1至2012.6 3号车间 焊工", [(2010, 1, 2012, 6)]),
        ("", []),
        ("无", []),
    ],
)  # fmt: skip
def test_careers_are_read_in_every_usual_spelling(call, career, segments):
    batch = committed(call, sheet_of(call, {"一线工作经历": career}))

    assert faults(batch) + faults(batch, "warning") == []
    found = Employment.objects.order_by("pk").values_list("start_month", "end_month")
    assert list(found) == [
        (y1 * 12 + m1 - 1, None if y2 is None else y2 * 12 + m2 - 1) for y1, m1, y2, m2 in segments
    ]


@pytest.mark.parametrize(
    ("career", "code"),
    [
        ("2010年至2012年 甲厂 焊工", "career-unreadable"),
        ("2010.13至2012.6 甲厂 焊工", "career-unreadable"),
        ("2010.1至2012.123 甲厂 焊工", "career-unreadable"),
        ("在甲厂工作十年", "career-unreadable"),
        ("2010.1至 甲厂 焊工", "career-unreadable"),
        ("2012.6至2010.1 甲厂 焊工", "career-reversed"),
    ],
)
def test_a_career_that_cannot_be_read_is_asked_about_and_never_guessed(call, career, code):
    assert codes(call, 一线工作经历=career) == ({code}, set())


@pytest.mark.parametrize(
    ("column", "typed", "code"),
    [
        ("性别", "女", "sex-mismatch"),
        ("性别", "m", "sex-unreadable"),
        ("出生年月", "1970年3月", "birth-mismatch"),
        ("出生年月", "七十年代", "birth-unreadable"),
        ("专利成果数", "若干", "number-unreadable"),
        ("推荐排序", "第一批", "rank-unreadable"),
        ("职业技能等级", "八级", "level-unreadable"),
        ("证书编号", "Y3322116497091", "certificate-length"),
        ("证书编号", "Y332211649709191555929", "certificate-level-mismatch"),
        ("证书编号", 1234567890123456, "certificate-rounded"),
        ("工作单位", "东一公司（新名）", "uscc-name-mismatch"),
        ("统一社会信用代码", "91110199000000000X", "uscc-name-mismatch"),
        ("一线工作经历", "2010.1至2012.6 甲厂 焊工；期间获先进", "career-note"),
        ("一线工作经历", "2010.1至2032.6 甲厂 焊工", "career-future"),
        ("序号", "", "row-number-missing"),
        ("序号", "甲", "row-number-unreadable"),
    ],
)
def test_a_doubt_is_a_warning_and_the_row_is_filed(call, column, typed, code):
    assert codes(call, **{column: typed}) == (set(), {code})


@pytest.mark.parametrize(
    "typed", ["1970.2", "1970年02月", "1970/2", "197002", "19700226", date(1970, 2, 26)]
)
def test_birth_months_are_read_in_every_usual_spelling(call, typed):
    assert codes(call, 出生年月=typed) == (set(), set())


def test_october_typed_as_a_number_is_not_doubted(call):
    """1990.10 in a numeric cell is 1990.1."""
    batch = staged(
        call, sheet_of(call, {"公民身份号码": number("11019919901004001"), "出生年月": 1990.1})
    )

    assert "birth-mismatch" not in {code for *_, code in faults(batch, "warning")}


def test_units_are_known_by_code_then_by_name_whatever_the_brackets(call):
    unit = call.units[1]

    assert codes(call, 工作单位=unit.name.replace("（", "(").replace("）", ")"), 统一社会信用代码="") == (
        set(), set(),
    )  # fmt: skip
    assert codes(call, 工作单位="", 统一社会信用代码=unit.uscc.lower()) == (set(), set())


def test_two_units_of_one_name_ask_for_the_code(call):
    with_child(call.districts[1], "unit", name=call.units[0].name)

    assert codes(call, 统一社会信用代码="") == ({"ambiguous-organization"}, set())


def test_a_unit_outside_the_uploaders_scope_is_unknown(call):
    foreign = call.units[2]
    content = sheet_of(call, {"工作单位": foreign.name, "统一社会信用代码": foreign.uscc})

    batch = staged(call, content, organization=call.districts[0])

    assert faults(batch) == [(1, "工作单位", "unknown-organization")]


def test_a_unit_no_longer_in_force_is_unknown(call):
    closed = with_child(call.city, "unit", name="已并入公司")
    type(closed).objects.filter(pk=closed.pk).update(valid_until=date(2020, 1, 1))

    assert codes(call, 工作单位="已并入公司", 统一社会信用代码="") == (
        {"unknown-organization"},
        set(),
    )


def test_the_later_of_two_rows_is_refused_and_only_against_one_that_stands(call):
    batch = staged(
        call,
        sheet_of(call, {"姓名": ""}, {}, {}, {"公民身份号码": OTHER_SOUND, "出生年月": ""}),
    )

    assert faults(batch) == [
        (1, "姓名", "name-missing"),
        (3, "公民身份号码", "duplicate-nomination"),
    ]


def test_somebody_already_nominated_in_the_round_is_refused(call):
    person = PersonFactory(identity_digest=vault.digest(SOUND), name="曾怡刚")
    NominationFactory(round=call.round, person=person)

    assert codes(call) == ({"duplicate-nomination"}, set())


def test_a_known_number_under_another_name_is_refused_without_telling_the_name(call):
    PersonFactory(identity_digest=vault.digest(SOUND), name="别人甲", organization=call.city)

    batch = staged(call, sheet_of(call, {}))

    assert faults(batch) == [(1, "姓名", "name-conflict")]
    assert "别人甲" not in batch.findings.get().message


def test_every_fault_of_a_row_is_told_at_once(call):
    errors, warnings = codes(
        call, 姓名="", 公民身份号码="", 工作单位="无此单位", 统一社会信用代码="",
        一线工作经历="2010年至2012年 甲厂", 专利成果数="若干",
    )  # fmt: skip

    assert errors == {
        "name-missing", "identity-missing", "unknown-organization", "career-unreadable",
    }  # fmt: skip
    assert warnings == {"number-unreadable"}


def test_every_message_says_where_what_and_what_to_do(call):
    roster = roster_for(call, 3, 150)

    batch = staged(call, as_xlsx(roster))

    for finding in batch.findings.all():
        assert finding.message.startswith(f"第{finding.line}行“{finding.column}”：")
        assert "请" in finding.message or "登记" in finding.message, finding.message


def test_blanks_of_a_person_in_scope_are_filled_and_nothing_is_overwritten(call):
    person = PersonFactory(
        identity_digest=vault.digest(SOUND), name="曾怡刚", organization=call.units[0], sex="2"
    )

    committed(call, sheet_of(call, {}))

    person.refresh_from_db()
    assert (person.sex, person.birth_on) == ("2", date(1970, 2, 26))
    assert vault.decrypt(person.phone_cipher) == b"12014699330"


def test_a_person_of_another_body_is_nominated_but_left_as_they_are(call):
    elsewhere = OrganizationFactory()
    person = PersonFactory(
        identity_digest=vault.digest(SOUND), name="曾怡刚", organization=elsewhere
    )

    committed(call, sheet_of(call, {}))

    person.refresh_from_db()
    assert (person.birth_on, person.organization) == (None, elsewhere)
    assert Nomination.objects.get().person == person


def test_one_record_stands_for_the_whole_commit(call):
    before = Record.objects.count()

    batch = committed(call, sheet_of(call, {}, {}))

    record = Record.objects.order_by("-pk").first()
    assert Record.objects.count() == before + 1
    assert (record.kind, record.source, record.target) == ("import", "staged", "committed")
    assert (record.after["accepted"], record.after["refused"]) == (1, 1)
    assert record.after["digest"] == batch.digest


def test_a_batch_without_a_good_row_is_not_committed(call):
    batch = staged(call, sheet_of(call, {"姓名": ""}))

    with pytest.raises(DomainError) as refusal:
        imports.commit(batch.pk, actor=User.objects.system())

    assert refusal.value.code == "nothing-to-commit"
