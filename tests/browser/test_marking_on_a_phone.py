"""Marks on a phone or tablet: kept while the line is cut, sent once, set aside with the reason where refused."""

import pytest
from playwright.sync_api import expect

from competitions.models import Mark
from competitions.services.judging import assign_judge, dismiss_judge, give_marks
from competitions.services.schemes import draw_up_scheme
from organizations.roles import Role
from tests.factories.competitions import EntryFactory


@pytest.fixture
def sheet_open(walker, contest):
    """The phone of the first judge with a filled sheet open: the page, the work."""
    item, _, judges = contest
    entry = EntryFactory(item=item, number="001", work_code="K001", terms=item.competition.terms.get(), signed_on=item.starts_on)  # fmt: skip
    walker.log_in(judges[1])
    page = walker.page
    walker.go(f"/competitions/judging/{item.code}/{entry.work_code}/")
    page.get_by_label("3", exact=True).check()
    return page, entry


def test_what_the_server_cannot_take_just_now_waits_on_the_phone_and_is_sent_once(sheet_open):
    page, entry = sheet_open
    asked = []

    def down(route):
        if route.request.method != "POST":
            route.fallback()
            return
        asked.append(route.request.url)
        route.fulfill(status=503, body="busy")

    page.route("**/judging/**", down)
    page.get_by_role("button", name="保存评分").click()
    expect(page.get_by_text("有 1 份评分存在本机")).to_be_visible()
    page.get_by_role("button", name="保存评分").click()
    expect(page.get_by_text("有 1 份评分存在本机")).to_be_visible()
    assert asked
    assert not Mark.objects.exists()

    page.unroute("**/judging/**")
    expect(page.get_by_text(f"{entry.work_code}号已保存")).to_be_visible(timeout=20_000)

    assert Mark.objects.get().value == 3
    assert page.evaluate("localStorage.getItem('marks-waiting')") == "[]"


def test_a_sheet_whose_token_is_refused_is_sent_with_a_new_one_once(sheet_open):
    page, entry = sheet_open
    page.context.clear_cookies(name="csrftoken")
    page.context.clear_cookies(name="__Host-csrftoken")

    with page.expect_response(lambda answer: answer.status == 403):
        page.get_by_role("button", name="保存评分").click()

    expect(page.get_by_text(f"{entry.work_code}号已保存")).to_be_visible()
    assert Mark.objects.get().value == 3
    assert page.evaluate("localStorage.getItem('marks-waiting') || '[]'") == "[]"


def test_who_was_logged_out_meanwhile_logs_in_and_the_sheet_is_sent(sheet_open, walker, contest):
    page, entry = sheet_open
    page.context.clear_cookies()

    page.get_by_role("button", name="保存评分").click()
    page.wait_for_url("**/accounts/login/**")
    assert not Mark.objects.exists()
    walker.log_in(contest[2][1])
    walker.go(f"/competitions/judging/{entry.item.code}/")

    expect(page.get_by_text(f"{entry.work_code}号已保存")).to_be_visible(timeout=20_000)
    assert Mark.objects.get().value == 3


def offline_save(page):
    page.context.set_offline(True)
    page.get_by_role("button", name="保存评分").click()
    expect(page.get_by_text("有 1 份评分存在本机")).to_be_visible()


def save_and_leave_without_a_line(page):
    """The line is cut to the server, and the tablet is put down before it is back."""
    page.context.route("**/judging/**", lambda route: route.abort("internetdisconnected"))
    page.get_by_role("button", name="保存评分").click()
    expect(page.get_by_text("有 1 份评分存在本机")).to_be_visible()
    page.goto("about:blank")
    page.context.unroute("**/judging/**")
    assert not Mark.objects.exists()


def test_on_a_tablet_of_two_judges_a_sheet_waits_for_the_one_who_filled_it_in(
    sheet_open, walker, contest
):
    page, entry = sheet_open
    item, _, judges = contest
    save_and_leave_without_a_line(page)

    walker.log_in(judges[2])
    walker.go(f"/competitions/judging/{item.code}/{entry.work_code}/")
    expect(page.get_by_text("本机另有 1 份是其他裁判留存的")).to_be_visible()
    page.wait_for_timeout(9_000)  # longer than until what waits is tried again
    assert not Mark.objects.exists()
    page.get_by_label("2", exact=True).check()
    page.get_by_role("button", name="保存评分").click()
    expect(page.get_by_text(f"{entry.work_code}号已保存")).to_be_visible()
    assert set(Mark.objects.values_list("seat", "value")) == {(3, 2)}

    walker.log_in(judges[1])
    walker.go(f"/competitions/judging/{item.code}/")
    expect(page.get_by_text(f"{entry.work_code}号已保存")).to_be_visible(timeout=20_000)
    assert set(Mark.objects.values_list("seat", "value", "given_by")) == {
        (2, 3, judges[1].pk), (3, 2, judges[2].pk),
    }  # fmt: skip
    assert page.evaluate("localStorage.getItem('marks-waiting')") == "[]"


def test_what_is_refused_for_good_is_set_aside_and_does_not_hold_up_the_next(
    sheet_open, walker, contest
):
    page, entry = sheet_open
    item = contest[0]
    next_one = EntryFactory(item=item, number="002", work_code="K002", terms=entry.terms, signed_on=entry.signed_on)  # fmt: skip
    save_and_leave_without_a_line(page)
    forbidden = f"**/judging/{item.code}/{entry.work_code}/"
    page.route(forbidden, lambda route: route.fulfill(status=403, body="<main><div class='prose'><p>您的角色不能打开这个页面</p></div></main>"))  # fmt: skip

    walker.go(f"/competitions/judging/{item.code}/{next_one.work_code}/")
    aside = page.locator("[data-marks-aside]")
    expect(aside).to_contain_text(f"{entry.work_code}号作品：您的角色不能打开这个页面")
    expect(page.locator("[data-marks-waiting]")).to_be_hidden()
    page.get_by_label("2", exact=True).check()
    page.get_by_role("button", name="保存评分").click()
    expect(page.get_by_text(f"{next_one.work_code}号已保存")).to_be_visible()
    assert Mark.objects.get().entry == next_one
    expect(aside).to_be_visible()  # and on every page until it is dealt with
    walker.look("contest-9-set-aside")

    page.unroute(forbidden)
    aside.get_by_role("link", name="打开核对").click()
    page.get_by_role("button", name="填入留存的分数").click()
    expect(page.get_by_label("3", exact=True)).to_be_checked()
    page.get_by_role("button", name="保存评分").click()
    expect(page.get_by_text(f"{entry.work_code}号已保存")).to_be_visible()
    assert set(Mark.objects.values_list("entry", "value")) == {(entry.pk, 3), (next_one.pk, 2)}
    expect(aside).to_be_hidden()


def test_what_is_changed_after_it_was_sent_by_itself_counts(sheet_open):
    page, _ = sheet_open
    offline_save(page)
    page.context.set_offline(False)
    expect(page.locator("[data-marks-waiting]")).to_be_hidden(timeout=20_000)
    assert Mark.objects.get().value == 3

    page.get_by_label("1", exact=True).check()
    with page.expect_navigation():
        page.get_by_role("button", name="保存评分").click()

    assert not page.url.endswith("/K001/")
    assert list(Mark.objects.order_by("pk").values_list("value", "is_superseded")) == [
        (3, True), (1, False),
    ]  # fmt: skip


def test_what_is_changed_before_it_was_sent_counts_as_changed(sheet_open):
    page, _ = sheet_open
    offline_save(page)
    page.get_by_label("1", exact=True).check()
    page.get_by_role("button", name="保存评分").click()
    page.context.set_offline(False)

    expect(page.locator("[data-marks-waiting]")).to_be_hidden(timeout=20_000)
    assert Mark.objects.get().value == 1


def test_a_sheet_that_is_refused_stays_until_the_judge_has_seen_why(sheet_open, walker, contest):
    page, entry = sheet_open
    item, _, judges = contest
    judge = item.judges.get(user=judges[1])
    offline_save(page)
    aspect = item.schemes.get().aspects.get(method="judgement")
    give_marks(
        judge.pk, entry.work_code, {aspect.pk: 1}, seen=0, actor=judge.user
    )  # from another device
    page.context.set_offline(False)

    aside = page.locator("[data-marks-aside]")
    expect(aside).to_contain_text("本席的分数已另行保存", timeout=20_000)
    walker.go(f"/competitions/judging/{item.code}/")
    expect(aside).to_contain_text("本席的分数已另行保存")
    assert Mark.objects.get().value == 1

    page.once("dialog", lambda dialog: dialog.dismiss())
    aside.get_by_role("button", name="已另行处理，删去").click()
    expect(aside).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    aside.get_by_role("button", name="已另行处理，删去").click()
    expect(aside).to_be_hidden()
    assert page.evaluate("localStorage.getItem('marks-waiting')") == "[]"


def test_a_refusal_whose_page_does_not_come_is_told_when_the_line_is_back(sheet_open, contest):
    """The answer says no, and the line is cut before the page that says why has come."""
    page, entry = sheet_open
    item, _, judges = contest
    judge = item.judges.get(user=judges[1])
    aspect = item.schemes.get().aspects.get(method="judgement")
    give_marks(judge.pk, entry.work_code, {aspect.pk: 1}, seen=0, actor=judge.user)
    address = page.url

    def cut_after_the_answer(route):
        if route.request.method == "POST" and route.request.is_navigation_request():
            route.abort()
        else:
            route.fallback()

    page.route("**/judging/**", cut_after_the_answer)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="保存评分").click()
    page.unroute("**/judging/**")
    page.goto(address)

    expect(page.locator("[data-marks-aside]")).to_contain_text("本席的分数已另行保存")
    page.get_by_role("button", name="填入留存的分数").click()
    page.get_by_role("button", name="保存评分").click()
    expect(page.get_by_text(f"{entry.work_code}号已保存")).to_be_visible()
    assert Mark.objects.get(is_superseded=False).value == 3


def new_version(item, people):
    """The scheme in other words, before anything is marked by it."""
    aspects = list(item.schemes.get().aspects.all())
    return draw_up_scheme(item.pk, aspects, actor=people[Role.HANDLER], note="更正评分基准")


def test_marks_kept_over_a_new_version_of_the_scheme_are_set_aside_with_the_reason(
    sheet_open, walker, contest
):
    page, entry = sheet_open
    item, people, _ = contest
    save_and_leave_without_a_line(page)
    version = new_version(item, people)

    walker.go(f"/competitions/judging/{item.code}/")
    aside = page.locator("[data-marks-aside]")
    expect(aside).to_contain_text("评分方案已换版（现为第2版）", timeout=20_000)
    expect(aside).to_contain_text("B1（评价，0至3分）：3")
    assert not Mark.objects.exists()

    aside.get_by_role("link", name="打开核对").click()
    expect(page.get_by_label("3", exact=True)).not_to_be_checked()
    expect(page.get_by_role("button", name="填入留存的分数")).to_be_hidden()
    walker.look("contest-10-of-another-version")
    page.get_by_label("3", exact=True).check()
    page.get_by_role("button", name="保存评分").click()
    expect(page.get_by_text(f"{entry.work_code}号已保存")).to_be_visible()
    assert Mark.objects.get().aspect.scheme == version
    expect(aside).to_contain_text("评分方案已换版")  # until the judge says that it is dealt with
    page.once("dialog", lambda dialog: dialog.accept())
    aside.get_by_role("button", name="已另行处理，删去").click()
    expect(aside).to_be_hidden()


def test_a_sheet_open_over_a_new_version_is_refused_and_not_called_unchanged(sheet_open, contest):
    page, _ = sheet_open
    item, people, _ = contest
    new_version(item, people)

    page.get_by_role("button", name="保存评分").click()

    aside = page.locator("[data-marks-aside]")
    expect(aside).to_contain_text("评分方案已换版（现为第2版）")
    expect(aside).to_contain_text("B1（评价，0至3分）：3")
    assert not Mark.objects.exists()
    aside.get_by_role("link", name="打开核对").click()
    expect(aside).to_contain_text("B1（评价，0至3分）：3")


def test_what_was_set_aside_stays_when_the_same_work_is_saved_with_other_marks(
    sheet_open, walker, contest
):
    page, entry = sheet_open
    item, _, judges = contest
    judge = item.judges.get(user=judges[1])
    offline_save(page)
    aspect = item.schemes.get().aspects.get(method="judgement")
    give_marks(judge.pk, entry.work_code, {aspect.pk: 1}, seen=0, actor=judge.user)
    page.context.set_offline(False)
    aside = page.locator("[data-marks-aside]")
    expect(aside).to_contain_text("本席的分数已另行保存", timeout=20_000)

    walker.go(f"/competitions/judging/{item.code}/{entry.work_code}/")
    page.get_by_label("2", exact=True).check()
    offline_save(page)  # the newer one waits beside the one that was refused
    expect(aside).to_contain_text("B1（评价，0至3分）：3")
    page.context.set_offline(False)
    expect(page.locator("[data-marks-waiting]")).to_be_hidden(timeout=20_000)
    assert Mark.objects.get(is_superseded=False).value == 2
    expect(aside).to_contain_text("B1（评价，0至3分）：3")
    page.get_by_label("1", exact=True).check()
    with page.expect_navigation():
        page.get_by_role("button", name="保存评分").click()
    expect(page.locator("[data-marks-aside]")).to_contain_text("B1（评价，0至3分）：3")
    assert Mark.objects.get(is_superseded=False).value == 1


def test_who_was_dismissed_and_appointed_again_sends_what_the_phone_kept(
    sheet_open, walker, contest
):
    page, entry = sheet_open
    item, people, judges = contest
    save_and_leave_without_a_line(page)
    handler = people[Role.HANDLER]
    dismiss_judge(item.judges.get(user=judges[1]).pk, actor=handler, note="误聘")
    assign_judge(item.pk, judges[1], 2, actor=handler)

    walker.go(f"/competitions/judging/{item.code}/")

    expect(page.get_by_text(f"{entry.work_code}号已保存")).to_be_visible(timeout=20_000)
    assert Mark.objects.get().value == 3
    assert page.evaluate("localStorage.getItem('marks-waiting')") == "[]"


def test_what_is_typed_and_not_saved_survives_the_closed_tab_and_not_the_sign_out(
    sheet_open, walker, contest
):
    """Typed with the line cut, the tab closed before anything was saved, opened again."""
    page, entry = sheet_open
    item = contest[0]
    work = f"/competitions/judging/{item.code}/{entry.work_code}/"
    page.context.set_offline(True)
    page.get_by_label("2", exact=True).check()
    page.goto("about:blank")
    page.context.set_offline(False)

    walker.go(work)
    expect(page.get_by_text("本机留有此作品尚未保存的填写")).to_be_visible()
    expect(page.get_by_label("2", exact=True)).to_be_checked()
    kept = page.evaluate("localStorage.getItem('marks-drafts')")
    assert entry.person.name not in kept

    page.get_by_role("button", name="保存评分").click()
    expect(page.get_by_text(f"{entry.work_code}号已保存")).to_be_visible()
    assert Mark.objects.get().value == 2
    assert page.evaluate("localStorage.getItem('marks-drafts')") == "[]"

    walker.go(work)
    page.get_by_label("1", exact=True).check()
    walker.go("/accounts/logout/")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(lambda url: "/logout/" not in url)
    assert page.evaluate("localStorage.getItem('marks-drafts')") == "[]"
