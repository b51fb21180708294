import re

import pytest
from django.urls import reverse

from organizations.models import Organization, User
from organizations.roles import Role
from talents import workflow
from talents.models import Nomination, SelectionRound
from talents.services.nominations import file_nomination
from tests.factories.filings import filing, identity_number, month, segment
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import NominationFactory, RoundFactory, eligible_nomination
from tests.factories.workflow import moved
from tests.passwords import with_password
from workflow.models import Record

pytestmark = pytest.mark.django_db
Kind = Organization.Kind


@pytest.fixture
def city():
    return OrganizationFactory(code="BJ", name="北京市总工会")


@pytest.fixture
def district(city):
    return with_child(city, Kind.DISTRICT, code="D1", name="东城区总工会")


@pytest.fixture
def unit(district):
    return with_child(district, Kind.UNIT, code="U1", name="示例公司")


@pytest.fixture
def selection(city):
    return RoundFactory(organizer=city, code="bj-2026", name="2026年选树")


@pytest.fixture
def staff(client, city):
    """A browser of the city's handler."""
    client.force_login(account(Role.HANDLER, city))
    return client


@pytest.fixture
def clerk(client, unit):
    """A browser of the nominating unit's clerk."""
    client.force_login(account(Role.NOMINATOR, unit))
    return client


def text_of(response):
    """The page without tokens and time, which differ from one answer to the next."""
    return re.sub('token" value="[^"]*|打印时间：[^<]*', "", response.content.decode())


def go(client, page, *args, status=200, **query):
    response = client.get(reverse(f"talents:{page}", args=args), query)
    assert response.status_code == status
    return text_of(response)


def send(client, page, *args, status=302, **data):
    response = client.post(reverse(f"talents:{page}", args=args), data)
    assert response.status_code == status, text_of(response)[-3000:]
    return response


# Rounds


def test_a_round_is_called_opened_and_closed_from_the_pages(staff, city):
    edition = RoundFactory(organizer=city).edition
    told = {
        "name": "2026年北京大工匠选树",
        "code": "beijing-great-2026",
        "tier": f"{edition.pk}:beijing-great",
        "year": "2026",
        "organizer": str(city.pk),
        "reference_day": "2026-06-30",
        "opens_on": "2026-03-29",
        "closes_on": "2026-05-15",
    }

    send(staff, "round-new", **told)
    made = SelectionRound.objects.get(code="beijing-great-2026")
    assert made.state == SelectionRound.State.DRAFT
    assert "选定政策版本" in go(staff, "round", made.code)

    send(staff, "round-open", made.code)
    send(staff, "round-close", made.code, note="时间已到")
    made.refresh_from_db()
    assert made.state == SelectionRound.State.CLOSED


def test_a_taken_code_and_reversed_dates_are_said_on_the_form(staff, city, selection):
    told = {
        "name": "又一轮",
        "code": selection.code,
        "tier": f"{selection.edition_id}:beijing-great",
        "year": "2026",
        "organizer": str(city.pk),
        "reference_day": "2026-06-30",
        "opens_on": "2026-05-15",
        "closes_on": "2026-03-29",
    }

    page = text_of(send(staff, "round-new", status=422, **told))

    assert "该编码已被使用" in page
    assert "截止日期不能早于开始日期" in page


def test_what_a_round_is_judged_by_is_fixed_once_it_is_open(staff, selection):
    page = go(staff, "round-edit", selection.code)

    assert "轮次已开放，不再更改" in page
    send(
        staff,
        "round-edit",
        selection.code,
        name="改个名称",
        year="2026",
        closes_on="2026-12-31",
        tier="0:x",
        note="延长申报",
        version="1",
    )
    before = selection.reference_day
    selection.refresh_from_db()
    assert (selection.name, selection.reference_day) == ("改个名称", before)


def test_reopening_asks_for_a_reason(staff, selection):
    workflow.close_round(selection.pk, actor=User.objects.system())

    send(staff, "round-reopen", selection.code, status=422, note="")
    send(staff, "round-reopen", selection.code, note="漏报一个单位")

    selection.refresh_from_db()
    assert selection.state == SelectionRound.State.OPEN


def test_a_round_in_preparation_is_absent_below_and_an_open_one_is_read(client, city, unit):
    opened = RoundFactory(organizer=city)
    draft = RoundFactory(organizer=city, edition=opened.edition)
    moved(SelectionRound.objects.filter(pk=draft.pk), SelectionRound.State.DRAFT)
    client.force_login(account(Role.NOMINATOR, unit))

    page = go(client, "rounds")

    assert opened.name in page
    assert draft.name not in page
    go(client, "round", opened.code)
    go(client, "round", draft.code, status=404)


def test_checking_leads_to_results_that_filter(staff, selection, unit, check):
    eligible_nomination(round=selection, unit=unit, person__name="张合格")
    NominationFactory(round=selection, unit=unit, person__name="李缺失")
    run = check(selection)

    page = go(staff, "run", run.pk)
    missing = go(staff, "run", run.pk, verdict="missing")
    by_criterion = go(staff, "run", run.pk, missed="frontline_months:missing")

    assert "张合格" in page
    assert "李缺失" in page
    for filtered in (missing, by_criterion):
        assert "李缺失" in filtered
        assert "张合格" not in filtered


def test_two_checks_are_compared(staff, selection, unit, check):
    nomination = NominationFactory(round=selection, unit=unit)
    check(selection)
    eligible_nomination(round=selection, unit=nomination.unit)
    run = check(selection)

    page = go(staff, "run", run.pk)

    assert "较上次+1" in page
    assert go(staff, "runs", selection.code).count("<tr>") == 3


# Lists


def test_the_list_finds_by_character_pinyin_and_initials(staff, selection, unit):
    file_nomination(selection.pk, filing(unit), actor=User.objects.system())
    other = filing(unit, identity=identity_number(9), person={"name": "林红桂"})
    file_nomination(selection.pk, other, actor=User.objects.system())

    for words in ("曾", "zengy", "ZYG", "zy"):
        page = go(staff, "round-nominations", selection.code, q=words)
        assert "曾怡刚" in page, words
        assert "林红桂" not in page, words


def test_a_unit_sees_its_own_and_nobody_elses(clerk, selection, unit, district):
    own = NominationFactory(round=selection, unit=unit, person__name="本单位人选")
    sibling = with_child(district, Kind.UNIT)
    other = NominationFactory(round=selection, unit=sibling, person__name="邻单位人选")

    for page in (go(clerk, "nominations"), go(clerk, "round-nominations", selection.code)):
        assert "本单位人选" in page
        assert "邻单位人选" not in page
    for name in ("nomination", "why", "nomination-edit", "withdraw"):
        go(clerk, name, own.pk)
        assert go(clerk, name, other.pk, status=404) == go(clerk, name, 2_000_000, status=404)


def test_counts_on_a_units_pages_are_its_own(clerk, selection, unit, district, check):
    eligible_nomination(round=selection, unit=unit)
    eligible_nomination(round=selection, unit=with_child(district, Kind.UNIT))
    run = check(selection)

    page = go(clerk, "run", run.pk)

    figures = re.findall(r'tile__count">(\d+)', page)
    assert figures == ["1", "1", "0", "0"]


def test_an_export_is_recorded_and_masked(staff, selection, unit):
    file_nomination(selection.pk, filing(unit), actor=User.objects.system())

    response = staff.post(reverse("talents:nominations-export", args=[selection.code]))

    content = b"".join(response)
    assert content[:2] == b"PK"
    assert identity_number().encode() not in content
    record = Record.objects.get(kind=Record.Kind.EXPORT)
    assert record.after == {"count": 1}


def test_too_many_persons_are_not_exported_at_once(staff, selection, unit, monkeypatch):
    monkeypatch.setattr("talents.tables.nominations.MOST_PERSONS", 1)
    NominationFactory.create_batch(2, round=selection, unit=unit)

    response = staff.post(reverse("talents:nominations-export", args=[selection.code]))

    assert response.status_code == 409
    assert "一次最多导出1人" in text_of(response)


# One candidate


def test_the_page_masks_and_reveals_one_value_once(clerk, selection, unit):
    nomination = file_nomination(selection.pk, filing(unit), actor=User.objects.system())

    masked = go(clerk, "nomination", nomination.pk)
    with_password(clerk)
    response = send(clerk, "reveal", nomination.pk, "identity", status=200, reason="核对身份证原件")

    assert identity_number() not in masked
    assert identity_number() in text_of(response)
    assert "12012345678" not in text_of(response)
    assert "no-store" in response.headers["Cache-Control"]
    assert identity_number() not in go(clerk, "nomination", nomination.pk)
    send(clerk, "reveal", nomination.pk, "identity", status=409, reason="")
    send(clerk, "reveal", nomination.pk, "digest", status=404, reason="核对身份证原件")


def test_a_reveal_asks_for_the_password_first(clerk, selection, unit):
    nomination = file_nomination(selection.pk, filing(unit), actor=User.objects.system())

    response = send(clerk, "reveal", nomination.pk, "identity", reason="核对身份证原件")

    assert response.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not Record.objects.filter(kind=Record.Kind.REVEAL).exists()


def test_auditors_read_without_buttons(client, city, selection, unit):
    nomination = file_nomination(selection.pk, filing(unit), actor=User.objects.system())
    client.force_login(account(Role.AUDITOR, city))

    page = go(client, "nomination", nomination.pk) + go(client, "round", selection.code)

    for word in ("更正", "撤回", "查看完整身份号码", "登记一名人选", "发起资格核验"):
        assert f">{word}<" not in page, word
    assert "/close/" not in page


def test_why_shows_clause_value_source_and_rows_and_promises_nothing_to_whom_left(
    clerk, selection, unit, check
):
    spans = segment(month(2010, 1), month(2012, 6)), segment(month(2015, 1), month(2017, 5))
    nomination = file_nomination(selection.pk, filing(unit, *spans), actor=User.objects.system())
    check(selection)

    page = go(clerk, "why", nomination.pk)

    assert "不少于 60 个月" in page
    assert "59 个月" in page
    assert "30 + 29 = 59 个月" in page
    assert "2026年7月" not in page  # whoever left in 2017 does not grow into it
    assert "基准日已不在一线岗位，月数不再增加" in page
    assert "北京日报" in page
    assert "待人工核定" in page
    assert selection.edition.digest[:8] in page
    assert "2026年6月30日" in page


def test_overlapping_segments_are_told_apart(clerk, selection, unit, check):
    spans = segment(month(2010, 1), month(2012, 12)), segment(month(2012, 10), month(2014, 12))
    nomination = file_nomination(selection.pk, filing(unit, *spans), actor=User.objects.system())
    check(selection)

    assert "36 + 27 － 重叠 3 = 60 个月" in go(clerk, "why", nomination.pk)


def test_why_before_any_check_is_a_trial_and_says_so(clerk, selection, unit):
    nomination = eligible_nomination(round=selection, unit=unit)

    page = go(clerk, "why", nomination.pk)

    assert "尚未正式核验" in page
    assert "合格" in page


def test_after_a_correction_the_old_verdict_is_marked_outdated(clerk, selection, unit, check):
    nomination = eligible_nomination(round=selection, unit=unit)
    check(selection)
    Nomination.objects.filter(pk=nomination.pk).update(version=2)

    assert "核验之后资料又有更正" in go(clerk, "why", nomination.pk)
    assert "待重新核验" in go(clerk, "round-nominations", selection.code)


def test_an_eligible_draft_is_confirmed_and_returned_for_a_reason(staff, selection, unit, check):
    nomination = eligible_nomination(round=selection, unit=unit)
    send(staff, "confirm", nomination.pk, status=409)
    check(selection)

    send(staff, "confirm", nomination.pk)
    nomination.refresh_from_db()
    assert nomination.state == Nomination.State.CHECKED

    send(staff, "return", nomination.pk, status=422, note="")
    send(staff, "return", nomination.pk, note="证书需更换")
    nomination.refresh_from_db()
    assert nomination.state == Nomination.State.DRAFT


def test_all_eligible_drafts_are_confirmed_at_once(staff, selection, unit, check):
    good = eligible_nomination(round=selection, unit=unit)
    bad = NominationFactory(round=selection, unit=unit)
    check(selection)

    asked = go(staff, "round-confirm", selection.code)
    act = reverse("talents:round-confirm-act", args=[selection.code, "confirm"])
    staff.post(act, {"chosen": [good.pk, bad.pk], "confirmed": "1"})

    assert good.person.name in asked
    assert bad.person.name not in asked
    states = Nomination.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [Nomination.State.CHECKED, Nomination.State.DRAFT]


def test_a_withdrawal_can_be_taken_back_on_the_round_page(clerk, selection, unit):
    nomination = file_nomination(selection.pk, filing(unit), actor=User.objects.system())
    send(clerk, "withdraw", nomination.pk, note="本人放弃")

    page = go(clerk, "round", selection.code)
    record = re.search(r'name="record" value="(\d+)"', page)[1]
    send(clerk, "restore", selection.code, record=record)

    assert Nomination.objects.get().pk == nomination.pk


# Places


def test_places_are_entered_on_one_sheet(staff, selection, district, city):
    other = with_child(city, Kind.DISTRICT, code="D2")
    fields = {f"places-{district.pk}": "3", f"places-{other.pk}": ""}
    seen = {f"initial-{name}": "" for name in fields}

    send(staff, "places", selection.code, note="按职工人数", **fields, **seen)

    assert [(a.organization, a.places) for a in selection.allocations.all()] == [(district, 3)]
    page = text_of(
        send(
            staff,
            "places",
            selection.code,
            status=422,
            note="再存一次",
            **{
                f"places-{district.pk}": "3",
                f"initial-places-{district.pk}": "3",
            },
        )
    )
    assert "名额没有变化" in page
