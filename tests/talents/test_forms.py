import re
from datetime import date

import pytest
from django.urls import reverse

from organizations.models import Organization, User
from organizations.roles import Role
from talents.models import Nomination, Person
from talents.models.standards import EDUCATIONS, ETHNICITIES, POLITICAL_STATUSES
from talents.services.nominations import file_nomination
from tests.factories.filings import filing, identity_number
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import RoundFactory
from workflow.texts.folding import fold_prose

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def unit():
    return with_child(OrganizationFactory(code="BJ"), Organization.Kind.UNIT, name="示例公司")


@pytest.fixture
def selection(unit):
    return RoundFactory(organizer=unit.parent)


@pytest.fixture
def clerk(client, unit):
    client.force_login(account(Role.NOMINATOR, unit))
    return client


@pytest.fixture
def typed(unit):
    """Call it for what somebody types into the form of a candidate."""

    def fields(**changes):
        return {
            "identity": identity_number(),
            "name": "曾怡刚",
            "unit": unit.name,
            "skill_level": "1",
            "certificate_number": "Y000011123456241000001",
            "submission": "one-form",
            "segments-TOTAL_FORMS": "1",
            "segments-INITIAL_FORMS": "0",
            "segments-0-start_month": "2015年1月",
            "segments-0-end_month": "至今",
            "segments-0-employer": "示例公司",
            "segments-0-is_frontline": "on",
        } | changes

    return fields


@pytest.fixture
def file(clerk, selection, typed):
    """Call it to send the form of a new candidate."""

    def post(**changes):
        address = reverse("talents:nomination-new", args=[selection.code])
        return clerk.post(address, typed(**changes))

    return post


def test_a_candidate_is_filed_with_sex_and_birthday_from_the_number(file):
    response = file()

    person = Nomination.objects.get().person
    assert response.status_code == 302
    assert (person.sex, person.birth_on) == ("1", date(1985, 6, 15))


def test_the_same_form_twice_ends_at_the_same_candidate(file):
    first, second = file(), file()

    assert first.headers["Location"] == second.headers["Location"]
    assert Nomination.objects.count() == 1


def test_another_form_for_the_same_person_is_refused_with_everything_kept(file):
    file()

    response = file(submission="another", post="车间主任")

    page = response.content.decode()
    assert response.status_code == 409
    assert "已被推荐" in page
    assert "车间主任" in page


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"identity": identity_number()[:-1] + "9"}, "校验位不符"),
        ({"identity": "1101991985"}, "应为18位"),
        ({"identity": "110199198502300019"}, "公民身份号码"),
        ({"identity": ""}, "请填写公民身份号码"),
        ({"name": ""}, "姓名"),
        ({"unit": "没有的公司"}, "在您的范围内没有"),
        ({"certificate_number": "Y0000"}, "应为22位"),
        ({"skill_level": "2"}, "第16位"),
        ({"segments-0-start_month": "去年"}, "不是年月"),
        ({"segments-0-end_month": "2014年12月"}, "结束年月早于起始年月"),
        ({"phone": "见名片"}, "联系电话只能由数字组成"),
        ({"post": "班长，电话13812345678"}, "请删去"),
        ({"occupation": "焊工 110199 19700226 2579"}, "请删去"),
    ],
    ids=[
        "check digit", "too short", "no such day", "no number", "no name", "unknown unit",
        "short certificate", "another level", "no month", "months reversed", "no telephone",
        "a telephone in the post", "an identity number in the trade",
    ],
)  # fmt: skip
def test_a_fault_is_said_beside_its_field_and_nothing_is_written(file, changes, says):
    response = file(**changes)

    assert response.status_code == 422
    assert says in response.content.decode()
    assert not Nomination.objects.exists()


def test_full_width_digits_and_blanks_are_read_as_meant(file):
    wide = identity_number().translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))

    file(identity=f" {wide[:6]} {wide[6:]} ", **{"segments-0-start_month": "２０１５．１"})

    assert Nomination.objects.get().employments.get().started == "2015年1月"


def test_a_doubtful_certificate_is_taken_when_somebody_vouches_for_it(file):
    assert "is_certified" in file(skill_level="2").content.decode()

    assert file(skill_level="2", is_certified="on").status_code == 302


def test_a_unit_outside_the_clerks_scope_is_unknown(file, unit):
    with_child(unit.parent, Organization.Kind.UNIT, name="邻单位")

    assert "在您的范围内没有" in file(unit="邻单位").content.decode()


def test_a_unit_may_be_named_by_its_credit_code(file, unit):
    Organization.objects.filter(pk=unit.pk).update(uscc="91110199401935090G")

    assert file(unit=" ９１110199401935090g ").status_code == 302


def test_one_more_line_is_offered_without_judging_what_is_typed(file):
    page = file(add_segment="1", name="").content.decode()

    assert "segments-1-start_month" in page
    assert "曾怡刚" not in page
    assert "处需要改正" not in page
    assert not Nomination.objects.exists()


def test_lines_marked_for_removal_and_empty_lines_are_no_segments(file):
    file(
        **{
            "segments-TOTAL_FORMS": "3",
            "segments-1-start_month": "2010.1",
            "segments-1-end_month": "2011.1",
            "segments-1-DELETE": "on",
            "segments-2-is_frontline": "on",
        }
    )

    assert Nomination.objects.get().employments.count() == 1


def test_a_fault_in_a_segment_stands_in_the_summary_and_leads_to_its_field(file):
    page = file(
        **{
            "name": "",
            "segments-TOTAL_FORMS": "3",
            "segments-1-start_month": "去年",
            "segments-2-employer": "示例公司",
            "segments-2-DELETE": "on",
        }
    ).content.decode()

    assert "有 2 处需要改正" in page
    assert re.search(r'<a href="#id_segments-1-start_month">第2段起始年月：“去年”不是年月', page)
    assert "第3段" not in re.search(r"data-error-summary.*?</ul>", page, re.DOTALL)[0]


@pytest.mark.parametrize("tick", [{}, {"segments-1-is_frontline": "on"}], ids=("off", "on"))
def test_a_line_into_which_nothing_is_typed_is_no_segment(file, tick):
    blank = dict.fromkeys(
        ("segments-1-start_month", "segments-1-end_month", "segments-1-employer"), " "
    )

    answer = file(**{"segments-TOTAL_FORMS": "2"} | blank | tick)

    assert answer.status_code == 302
    assert Nomination.objects.get().employments.count() == 1


def test_a_segment_on_file_is_not_emptied_but_marked_for_removal(clerk, file, typed):
    file()
    address = reverse("talents:nomination-edit", args=[Nomination.objects.get().pk])
    emptied = {"segments-0-start_month": "", "segments-0-end_month": "", "segments-0-employer": ""}
    words = typed(identity="", version="1", note="核对更正", **{"segments-INITIAL_FORMS": "1"})

    page = clerk.post(address, words | emptied)

    assert page.status_code == 422
    assert "第1段起始年月：请填写年月" in page.content.decode()


def test_a_line_that_is_added_is_ticked_as_front_line_work(file):
    page = file(add_segment="1").content.decode()

    assert re.search(r'<input[^>]*name="segments-1-is_frontline"[^>]*checked', page)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ethnicity", ETHNICITIES),
        ("education", EDUCATIONS),
        ("political_status", POLITICAL_STATUSES),
    ],
)
def test_what_standards_name_is_picked_and_kept_in_their_words(file, clerk, name, words):
    page = file(**{name: words[-1]})

    person = Nomination.objects.get().person
    assert page.status_code == 302
    assert getattr(person, name) == words[-1]
    assert [fold_prose(word) for word in words] == list(words), "as an import folds them"
    assert len(set(words)) == len(words)
    assert max(map(len, words)) <= Person._meta.get_field(name).max_length


def test_the_standard_names_fifty_six_ethnicities():
    assert len(ETHNICITIES) == 56 + 1
    assert ETHNICITIES[-1] == "其他"


def test_words_outside_the_list_are_offered_and_kept(clerk, file, typed):
    file(ethnicity="汉", education="本科", political_status="党员")
    nomination = Nomination.objects.get()
    address = reverse("talents:nomination-edit", args=[nomination.pk])
    page = clerk.get(address).content.decode()
    kept = {"ethnicity": "汉", "education": "本科", "political_status": "党员"}
    told = typed(identity="", version="1", note="更正职务", post="班组长", **kept)

    answer = clerk.post(address, told | {"segments-INITIAL_FORMS": "1"})

    for word in kept.values():
        assert f'<option value="{word}" selected>{word}</option>' in page
    person = Person.objects.get()
    assert answer.status_code == 302
    assert {name: getattr(person, name) for name in kept} == kept


def test_a_known_person_is_filled_in_where_it_may_be_seen(clerk, selection, unit, file):
    other = RoundFactory(organizer=unit.parent, edition=selection.edition)
    file_nomination(other.pk, filing(unit), actor=User.objects.system())

    page = file(lookup="1", name="", education="").content.decode()

    assert "已有人员档案" in page
    assert 'value="曾怡刚"' in page
    assert '<option value="大专" selected>' in page


def test_a_stranger_on_file_is_answered_like_nobody(file, unit, selection):
    elsewhere = with_child(unit.parent, Organization.Kind.UNIT)
    other = RoundFactory(organizer=unit.parent, edition=selection.edition)
    file_nomination(other.pk, filing(elsewhere), actor=User.objects.system())

    page = file(lookup="1", name="").content.decode()

    assert "没有此号码的人员档案" in page
    assert "曾怡刚" not in page


def test_a_form_that_saw_an_older_version_is_refused_with_both_values(clerk, file, typed):
    file()
    nomination = Nomination.objects.get()
    address = reverse("talents:nomination-edit", args=[nomination.pk])
    changes = {"identity": "", "note": "更正职务", "segments-INITIAL_FORMS": "1"}
    mine = typed(**changes, post="班组长", version="1")
    theirs = typed(**changes, post="车间主任", version="1")

    assert clerk.post(address, theirs).status_code == 302
    page = clerk.post(address, mine).content.decode()

    assert "他人已在您之后更正过" in page
    assert re.search("职务/岗位：您填写“班组长”，现登记“车间主任”", page)
    assert 'name="version" value="2"' in page

    assert clerk.post(address, mine | {"version": "2"}).status_code == 302
    nomination.refresh_from_db()
    assert nomination.post == "班组长"


def test_correcting_asks_why(clerk, file, typed):
    file()
    nomination = Nomination.objects.get()
    address = reverse("talents:nomination-edit", args=[nomination.pk])

    response = clerk.post(address, typed(identity="", version="1", note=""))

    assert response.status_code == 422
    assert "更正说明" in response.content.decode()


def test_no_field_of_the_form_reaches_another_column(file, unit):
    file(state="checked", round="1", batch="1", version="9", row_number="7", person="1")

    nomination = Nomination.objects.get()
    assert (nomination.state, nomination.batch, nomination.version, nomination.row_number) == (
        Nomination.State.DRAFT, None, 1, None,
    )  # fmt: skip


@pytest.fixture
def of_another_unit(client, unit, selection):
    """The form for correcting a nomination whose person's file another unit keeps."""
    keeper = with_child(unit.parent, Organization.Kind.UNIT, name="档案单位")
    earlier = RoundFactory(organizer=unit.parent, edition=selection.edition)
    file_nomination(earlier.pk, filing(keeper), actor=User.objects.system())
    blank = dict.fromkeys(("ethnicity", "education", "political_status", "phone"), "")
    clerk = account(Role.NOMINATOR, unit)
    nomination = file_nomination(selection.pk, filing(unit, person=blank), actor=clerk)
    client.force_login(clerk)
    return nomination


def test_what_another_unit_keeps_is_shown_but_cannot_be_typed_over(client, of_another_unit, typed):
    address = reverse("talents:nomination-edit", args=[of_another_unit.pk])
    page = client.get(address).content.decode()

    words = {"note": "核对更正", "version": "1", "identity": "", "post": "工段长"}
    tampered = client.post(address, typed(**words, education="研究生", phone="12088888888"))
    sent = typed(**words)
    del sent["name"]  # a browser leaves out what is disabled
    plain = client.post(address, sent)

    person = Nomination.objects.get(pk=of_another_unit.pk).person
    for name in ("identity", "name", "ethnicity", "education", "political_status", "phone"):
        assert re.search(rf'<(input|select)[^>]*name="{name}"[^>]*disabled', page), name
    assert "人员档案由“档案单位”维护" in page
    assert set(tampered.context["form"].errors) == {"education", "phone"}
    assert plain.status_code == 302
    assert (person.education, person.name) == ("大专", "曾怡刚")
    assert Nomination.objects.get(pk=of_another_unit.pk).post == "工段长"
