"""What may be wrong with a training workbook is named by cell; the rest is filed, and taken back."""

from datetime import date

import pytest

from academies.imports import CLASSES, ROSTER
from academies.imports.subjects import YearSubject
from academies.models import Academy, AcademyYear, Enrolment, TrainingClass
from intake.models import ImportBatch
from organizations.roles import Role
from talents.services.referrals import REFERRED
from tests.academies.books import ROSTER_HEADINGS, a_class, a_line, identity, workbook
from tests.academies.handling import commit_workbook, receive_workbook, upload_of
from tests.academies.staged import doubts, faults, found
from tests.factories.academies import AcademyFactory
from tests.factories.organizations import account, with_child
from tests.factories.talents import PersonFactory
from workflow.models import Record
from workflow.refusals import DomainError
from workflow.storage import vault

pytestmark = pytest.mark.django_db


def test_a_sound_workbook_is_filed_as_a_whole(handed_in, actor):
    book = handed_in(
        [a_class(是否实操="是"), a_class("2025-002")],
        [a_line(1, 培训前等级="无", 培训后等级="初级工"), a_line(2), a_line(1, "2025-002")],
    )
    assert found(book.classes) == found(book.roster) == []

    commit_workbook(book, actor=actor)

    counted = AcademyYear.objects.get()
    assert (counted.classes, counted.practical_classes) == (2, 1)
    assert (counted.person_times, counted.persons) == (3, 2)
    assert (counted.practical_persons, counted.upgraded_persons) == (2, 1)
    first = Enrolment.objects.order_by("pk").first()
    assert (first.employer, first.attendance, first.level_after) == ("首钢技师学院", 95, "5")
    assert first.person.organization.name == "首钢技师学院"
    assert vault.decrypt(first.person.identity_cipher).decode() == identity(1)
    assert Record.objects.filter(kind=Record.Kind.IMPORT, action="提交入库").count() == 2


def test_a_trainee_is_matched_by_number_and_registered_where_the_employer_is_known(
    handed_in, actor, academy
):
    known = PersonFactory(
        name="学员乙", identity_digest=vault.digest(identity(1)), organization=academy.organization
    )
    book = handed_in(
        roster=[a_line(1), a_line(2, 工作单位="北京城市学院"), a_line(3, 工作单位="没有登记的公司")]
    )

    commit_workbook(book, actor=actor)

    assert Enrolment.objects.get(batch_line=3).person == known
    assert Enrolment.objects.get(batch_line=4).person.organization.code == "U02"
    assert Enrolment.objects.get(batch_line=5).person.organization == academy.organization


FAULTY_CLASSES = [
    ({"结束日期": date(2025, 5, 1)}, "结束日期", "class-ends-before-start"),
    ({"开始日期": "2025年13月1日"}, "开始日期", "starts-unreadable"),
    ({"开始日期": "2025-02-30"}, "开始日期", "starts-unreadable"),
    ({"结束日期": None}, "结束日期", "end-missing"),
    (
        {"开始日期": date(2024, 5, 9), "结束日期": date(2024, 5, 12)},
        "开始日期",
        "class-outside-year",
    ),
    ({"是否实操": "也许"}, "是否实操", "practical-unreadable"),
    ({"班次名称": None}, "班次名称", "class-name-missing"),
]
FAULTY_LINES = [
    ({"班次编号": "2025-099"}, "班次编号", "unknown-class"),
    ({"班次编号": None}, "班次编号", "class-missing"),
    ({"姓名": None}, "姓名", "name-missing"),
    ({"公民身份号码": "110199199001010000"}, "公民身份号码", "identity-rounded"),
    ({"公民身份号码": identity(5)[:-1] + "Y"}, "公民身份号码", "identity-characters"),
    ({"培训后等级": "初级工"}, "培训后等级", "level-falls"),
    ({"培训后等级": "无"}, "培训后等级", "level-falls"),
    ({"培训后等级": "大师傅"}, "培训后等级", "level-unreadable"),
    ({"考核结果": "差不多"}, "考核结果", "result-unreadable"),
]
DOUBTFUL_LINES = [
    ({"证书编号": "Y000011456754300219000"}, "证书编号", "certificate-level-mismatch"),
    (
        {"培训前等级": "无", "培训后等级": "无", "证书编号": "Y000011456754303190000"},
        "证书编号",
        "certificate-level-mismatch",
    ),
    ({"证书编号": "Y0000"}, "证书编号", "certificate-length"),
    ({"证书编号": 110_011_456_754_300_219}, "证书编号", "certificate-rounded"),
    ({"出勤率": "一半"}, "出勤率", "attendance-unreadable"),
    ({"出勤率": "180%"}, "出勤率", "attendance-unreadable"),
    ({"考核结果": None}, "考核结果", "result-missing"),
    ({"工作单位": None}, "工作单位", "employer-missing"),
    ({"考核结果": "不合格", "培训后等级": "高级工"}, "考核结果", "failed-but-upgraded"),
]


def test_every_faulty_class_is_refused_with_its_roster(handed_in):
    classes = [a_class(f"2025-{n:03}", **case[0]) for n, case in enumerate(FAULTY_CLASSES)]
    people = [a_line(n, f"2025-{n:03}") for n in range(len(FAULTY_CLASSES))]

    book = handed_in([*classes, a_class("2025-100")], [*people, a_line(50, "2025-100")])

    named = [(line, column, code) for line, (_, column, code) in enumerate(FAULTY_CLASSES, start=3)]
    assert faults(book.classes) == named
    assert faults(book.roster) == [(line, "班次编号", "class-refused") for line, *_ in named]


def test_a_class_before_the_designation_or_still_to_come_is_filed_with_a_warning(
    handed_in, academy, actor, time_machine
):
    time_machine.move_to("2025-06-01T12:00:00+08:00")
    Academy.objects.filter(pk=academy.pk).update(designated_on=date(2025, 3, 1))
    days = [(date(2025, 2, 1), date(2025, 2, 28)), (date(2025, 2, 1), date(2025, 3, 1)),
            (date(2025, 5, 1), date(2025, 6, 1)), (date(2025, 5, 1), date(2025, 6, 2))]  # fmt: skip
    classes = [
        a_class(f"2025-{n}", 开始日期=starts, 结束日期=ends)
        for n, (starts, ends) in enumerate(days)
    ]

    book = handed_in(classes, [a_line(n, f"2025-{n}") for n in range(len(days))])

    assert doubts(book.classes) == [
        (3, "开始日期", "class-before-designation"),
        (6, "结束日期", "class-not-yet-over"),
    ]
    assert book.classes.accepted_count == len(days)


def test_every_faulty_line_is_named_by_its_cell_and_the_others_stand(handed_in, actor):
    lines = [a_line(n, **case[0]) for n, case in enumerate(FAULTY_LINES)]
    book = handed_in(roster=[*lines, a_line(50)])

    named = [(line, column, code) for line, (_, column, code) in enumerate(FAULTY_LINES, start=3)]
    assert faults(book.roster) == named
    commit_workbook(book, actor=actor)
    assert [row.batch_line for row in Enrolment.objects.all()] == [3 + len(FAULTY_LINES)]


def test_every_doubtful_line_is_filed_with_a_warning(handed_in, actor):
    book = handed_in(roster=[a_line(n, **case[0]) for n, case in enumerate(DOUBTFUL_LINES)])

    named = [(line, column, code) for line, (_, column, code) in enumerate(DOUBTFUL_LINES, start=3)]
    assert (faults(book.roster), doubts(book.roster)) == ([], named)
    commit_workbook(book, actor=actor)
    assert Enrolment.objects.count() == len(DOUBTFUL_LINES)


def test_a_certificate_whose_digit_is_the_level_after_passes(handed_in):
    book = handed_in(
        roster=[a_line(1, 培训后等级="高级工", 证书编号="Y00001145675433319000X"[:21] + "1")]
    )

    assert found(book.roster) == []


def test_attendance_is_read_as_people_type_it(handed_in, actor):
    typed = {"90%": 90, 0.9: 90, "90": 90, "１００％": 100, 1: 100, "": None, "0.5%": 0.5}
    book = handed_in(roster=[a_line(n, 出勤率=cell) for n, cell in enumerate(typed)])

    commit_workbook(book, actor=actor)

    kept = Enrolment.objects.order_by("batch_line").values_list("attendance", flat=True)
    assert [None if a is None else float(a) for a in kept] == [*typed.values()]


def test_days_are_read_as_people_type_them(handed_in, actor):
    typed = ["2025-05-09", "2025/5/9", "2025.5.9", "2025年5月9日", "20250509", "２０２５-０５-０９"]
    book = handed_in([a_class(f"2025-{n:03}", 开始日期=cell) for n, cell in enumerate(typed, 1)])

    commit_workbook(book, actor=actor)

    assert set(TrainingClass.objects.values_list("starts_on", flat=True)) == {date(2025, 5, 9)}


def test_the_same_person_twice_in_one_class_is_refused_but_not_in_two(handed_in):
    book = handed_in(
        [a_class(), a_class("2025-002")], [a_line(1), a_line(1), a_line(1, "2025-002")]
    )

    assert faults(book.roster) == [(4, "公民身份号码", "duplicate-enrolment")]


def test_the_later_of_two_stands_when_the_first_does_not(handed_in):
    book = handed_in(roster=[a_line(1, 培训后等级="无"), a_line(1)])

    assert faults(book.roster) == [(3, "培训后等级", "level-falls")]


def test_the_same_class_number_twice_is_refused(handed_in):
    book = handed_in([a_class(), a_class("2025－001")])

    assert faults(book.classes) == [(4, "班次编号", "duplicate-class")]


def test_a_line_without_a_name_does_not_spoil_the_others_of_the_same_person(handed_in):
    book = handed_in(
        [a_class(), a_class("2025-002")], [a_line(1, 姓名=None), a_line(1, "2025-002")]
    )

    assert faults(book.roster) == [(3, "姓名", "name-missing")]


def test_one_number_under_two_names_is_refused(handed_in, academy):
    PersonFactory(
        name="别人", identity_digest=vault.digest(identity(2)), organization=academy.organization
    )
    book = handed_in(
        [a_class(), a_class("2025-002")],
        [a_line(1), a_line(1, "2025-002", 姓名="换名"), a_line(2)],
    )

    assert faults(book.roster) == [(4, "姓名", "name-conflict"), (5, "姓名", "name-conflict")]


def test_a_roster_that_asks_about_more_people_elsewhere_than_a_day_allows_is_not_taken(
    academy, settings
):
    settings.FOREIGN_TRIES_A_DAY = 1
    elsewhere = with_child(with_child(academy.organization.parent, "district"), "unit")
    for which in (1, 2):
        digest = vault.digest(identity(which))
        PersonFactory(name="别人", identity_digest=digest, organization=elsewhere)

    manager = account(Role.ACADEMY_MANAGER, academy.host)

    def handed_in(*lines):
        content = workbook([a_class()], lines)
        return receive_workbook(
            upload_of(content, "培训.xlsx", academy=academy, year=2025, actor=manager)
        )

    one = handed_in(a_line(1), a_line(3))

    assert faults(one.roster) == [(3, "姓名", "name-conflict")]
    assert Record.objects.get(code=REFERRED.code).after["tries"] == 1
    with pytest.raises(DomainError) as refused:
        handed_in(a_line(2), a_line(4))
    assert refused.value.code == "tries-used-up"


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("首钢技师学院2024年度学员名册", "other-year"),
        ("2024年度首钢技师学院学员名册", "other-year"),
        ("首钢技师学院2024学员名册", "other-year"),
        ("北京城市学院2025年度学员名册", "other-academy"),
        ("2025年度北京城市学院学员名册", "other-academy"),
        ("北京城市学院学员名册", "other-academy"),
        ("大兴工匠学院（大兴区第一职业学校）2025年度学员名册", "other-academy"),
        ("产业工匠学院（首钢技师学院附属实训基地）2025年度学员名册", "other-academy"),
        ("北京某某建设有限公司2025年度学员名册", "other-academy"),
    ],
)
def test_a_workbook_of_another_year_or_academy_is_refused_whole(handed_in, academy, title, code):
    AcademyFactory(name="产业工匠学院（首钢技师学院附属实训基地）")
    with_child(academy.supervising_union, "unit", name="北京某某建设有限公司")

    with pytest.raises(DomainError) as refused:
        handed_in(titles=title)

    assert refused.value.code == code
    assert not ImportBatch.objects.exists()


def test_the_words_that_names_share_do_not_make_one_academy_the_other(actor):
    """区（产业）工匠学院 holds a bracket that is nobody's name."""
    east, west = (
        AcademyFactory(name=f"{union}区（产业）工匠学院示例{number}", code=f"A-{number}")
        for union, number in (("东城", "001"), ("西城", "004"))
    )
    content = workbook(owner=west.name)

    with pytest.raises(DomainError) as refused:
        receive_workbook(upload_of(content, "培训.xlsx", academy=east, year=2025, actor=actor))
    own = receive_workbook(upload_of(content, "培训.xlsx", academy=west, year=2025, actor=actor))

    assert (refused.value.code, west.name in refused.value.message) == ("other-academy", True)
    assert own.roster.remarks == []


@pytest.mark.parametrize(
    "title",
    [
        "",
        "学员名册",
        "2025年度学员名册",
        "首都工匠学院（首钢技师学院）2025年度学员名册",
        "2025年度首钢技师学院学员名册",
        "附件2：首钢技师学院2025年度学员名册",
        "首钢技师学院2024年9月至2025年6月学员名册",
    ],
)
def test_a_title_that_names_ours_or_nobody_is_accepted(handed_in, title):
    assert handed_in(titles=title).roster.remarks == []


def test_a_title_of_somebody_unknown_is_accepted_and_pointed_out(handed_in):
    book = handed_in(owner="上海某技师学院")

    assert ["请核对是否本学院的工作簿" in batch.remarks[0] for batch in book.batches] == [
        True,
        True,
    ]


@pytest.mark.parametrize("name", ["学员名册(2)", "补录"])
def test_a_second_sheet_of_the_same_form_is_refused_instead_of_left_out(handed_in, name):
    with pytest.raises(DomainError) as refused:
        handed_in([a_class()], [a_line(1)], further={name: [a_line(2)]})

    assert (refused.value.code, name in refused.value.message) == ("second-sheet-of-form", True)
    assert not ImportBatch.objects.exists()


def test_a_workbook_without_its_second_sheet_leaves_nothing(academy, actor):
    content = workbook()
    half = content.replace(b"xl/worksheets/sheet2.xml", b"xl/worksheets/sheet1.xml")
    with pytest.raises(DomainError):
        receive_workbook(upload_of(half, "培训.xlsx", academy=academy, year=2025, actor=actor))

    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    ("year", "code"), [(2099, "year-out-of-range"), (1999, "year-out-of-range")]
)
def test_an_impossible_year_is_refused(academy, actor, year, code):
    with pytest.raises(DomainError) as refused:
        upload_of(workbook(), "培训.xlsx", academy=academy, year=year, actor=actor)

    assert refused.value.code == code


def test_both_batches_name_the_academy_and_the_year(handed_in, academy):
    book = handed_in()

    assert {book.classes.subject, book.roster.subject} == {YearSubject(academy, 2025).text}
    assert (book.classes.kind, book.roster.kind) == (CLASSES.name, ROSTER.name)


def test_the_sheets_may_stand_in_either_order(handed_in, actor):
    book = handed_in([a_class()], [a_line(1)], order=("学员名册", "培训班"))

    commit_workbook(book, actor=actor)

    assert (found(book.classes), found(book.roster)) == ([], [])
    assert Enrolment.objects.count() == 1


def test_totals_repeated_headings_and_notes_are_no_rows(handed_in):
    roster = [
        a_line(1),
        [*ROSTER_HEADINGS],
        a_line(2),
        ["合计", "2人", *[None] * 8],
        ["填表人：刘国庆", *[None] * 9],
    ]

    book = handed_in([a_class(), ["注：实操班请填“是”", *[None] * 9]], roster)

    assert (book.classes.row_count, book.roster.row_count) == (1, 2)
    assert len(book.roster.remarks) == 3
