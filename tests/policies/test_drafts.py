"""Drafting a next edition on the web, what it would change, and putting it in force by a second person."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse
from time_machine import travel

from organizations.roles import Role
from policies import workflow
from policies.library.editions import edition_in_force, load_library, policy_by_digest
from policies.library.problems import PolicyFileError
from policies.models import EditionDraft, PolicyEdition
from policies.services.drafts import change_item
from tests.factories.drafts import AT, CHANGE, DOCUMENT, draft_of
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.policies import policy_edition
from tests.policies.conftest import POLICY
from workflow.models import Notice, Record
from workflow.refusals import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_policies")]

HEAD = {
    **DOCUMENT, "issued_on": "2026-06-01", "effective_from": "2027-01-01", "effective_until": "",
    "title": "示例办法", "status": "trial", "summary": "示例", "provenance": "",
}  # fmt: skip
ITEM = {"at_least": "48", "severity": "must", "title": "一线四年", "quote": "有4年以上一线工作经历"}


@pytest.fixture
def city():
    return OrganizationFactory(kind="city", name="示例市总工会")


@pytest.fixture
def handler(city):
    return account(Role.HANDLER, city)


@pytest.fixture
def approver(city):
    return account(Role.APPROVER, city)


@pytest.fixture
def submitted(city, handler):
    return draft_of(city, handler, state="submitted")


@pytest.fixture
def writing(client, city, handler):
    """Somebody at a draft of theirs."""
    client.force_login(handler)
    return client, draft_of(city, handler)


def words(response):
    return response.content.decode()


def item_address(draft):
    return reverse("policies:draft-item", args=[draft.pk, *AT])


def test_an_edition_is_drafted_changed_submitted_and_put_in_force(client, handler, approver):
    edition = policy_edition()
    client.force_login(handler)
    address = reverse("policies:draft-new", args=[edition.code, 1])
    assert "起草新版次" in words(client.get(reverse("policies:edition", args=[edition.code, 1])))

    begun = client.post(address, HEAD)
    draft = EditionDraft.objects.get()
    assert begun["Location"] == reverse("policies:draft", args=[draft.pk])
    changed = client.post(item_address(draft), {**ITEM, "version": 1})
    assert changed.status_code == 302, words(changed)
    page = words(client.get(reverse("policies:draft", args=[draft.pk])))
    assert "<del>一线工作月数不少于 60 个月</del>" in page
    assert "<ins>一线工作月数不少于 48 个月</ins>" in page
    assert "资格核验，由程序判断" in page
    sent = client.post(reverse("policies:draft-submit", args=[draft.pk]), {"version": 2})
    assert sent.status_code == 302, words(sent)

    client.force_login(approver)
    done = client.post(reverse("policies:draft-activate", args=[draft.pk]), {"version": 2})
    assert done["Location"] == reverse("policies:edition", args=[edition.code, 2])

    later = PolicyEdition.objects.get(code=edition.code, edition=2)
    policy = policy_by_digest(later.digest)
    assert (policy.criteria[0].at_least, policy.criteria[0].quote) == (48, ITEM["quote"])
    assert later.document_number == DOCUMENT["document_number"]
    assert edition_in_force(edition.code, date(2026, 12, 31)).edition == 1
    assert edition_in_force(edition.code, date(2027, 1, 1)).edition == 2
    assert Record.objects.filter(code="policies.activate", actor=approver).exists()
    with travel(date(2026, 7, 1)):
        old = words(client.get(reverse("policies:edition", args=[edition.code, 1])))
    assert "至2026年12月31日" in old


def test_the_home_of_a_second_person_says_what_waits(client, approver, submitted):
    client.force_login(approver)

    home = client.get(reverse("portal:home"))

    (tile,) = [t for t in home.context["tiles"] if t.title.startswith("待生效")]
    assert tile.count == "第2版"
    assert client.get(tile.href).status_code == 200


def test_the_record_of_a_change_names_the_item_and_its_value(client, city, handler):
    draft = draft_of(city, handler)
    client.force_login(handler)

    client.post(item_address(draft), {**ITEM, "at_least": "36", "version": 1})

    record = Record.objects.filter(subject=f"policies.editiondraft:{draft.pk}").get()
    assert record.after["一线四年"].startswith("不少于：36")


def test_the_drafter_does_not_put_it_in_force(city):
    both = account(Role.APPROVER, city)
    draft = draft_of(city, both, state="submitted")

    with pytest.raises(DomainError) as refusal:
        workflow.activate_draft(draft.pk, version=1, actor=both)

    assert refusal.value.code == "drafter-cannot-activate"
    assert not PolicyEdition.objects.filter(edition=2).exists()


def test_whoever_changed_or_submitted_it_does_not_either(city, handler):
    hand = account(Role.APPROVER, city)
    draft = draft_of(city, handler)
    change_item(draft.pk, AT, {**CHANGE, "at_least": "36"}, version=1, actor=hand)
    workflow.submit_draft(draft.pk, version=2, actor=handler)

    with pytest.raises(DomainError, match="须由其他审批人"):
        workflow.activate_draft(draft.pk, version=2, actor=hand)


def test_a_handler_does_not_decide(city, submitted):
    with pytest.raises(DomainError, match="没有“使其生效”的权限"):
        workflow.activate_draft(submitted.pk, version=1, actor=account(Role.HANDLER, city))


def test_staff_of_a_district_do_not_draft_for_the_city(client, city):
    edition = policy_edition()
    client.force_login(account(Role.HANDLER, with_child(city, "district")))

    address = reverse("policies:draft-new", args=[edition.code, 1])

    assert client.get(address).status_code == 403
    assert client.post(address, HEAD).status_code == 403
    assert "起草新版次" not in words(
        client.get(reverse("policies:edition", args=[edition.code, 1]))
    )


def test_what_is_given_back_goes_to_its_drafter_with_the_reason(city, handler, approver, submitted):
    workflow.return_draft(submitted.pk, actor=approver, note="第2条与文件不符")

    submitted.refresh_from_db()
    notice = Notice.objects.get(recipient=handler)
    assert (submitted.state, notice.body) == ("draft", "第2条与文件不符")


@pytest.mark.parametrize(
    ("sent", "field", "told"),
    [
        ({"at_least": "-1"}, "at_least", "大于或等于0"),
        ({"at_least": "60.5"}, "at_least", "小数"),
        ({"at_least": "四十八"}, "at_least", "数字"),
        ({"quote": ""}, "quote", ""),
        ({"default": "on"}, "remark", "须写明为何这样选定"),
        ({"severity": "warn"}, "__all__", "人人合格"),
    ],
)
def test_what_the_loader_would_refuse_is_said_in_chinese_at_the_field(writing, sent, field, told):
    client, draft = writing

    answer = client.post(item_address(draft), {**ITEM, "version": 1, **sent})

    assert answer.status_code == 422
    assert told in str(answer.context["form"].errors[field])


@pytest.mark.parametrize(
    ("sent", "field", "told"),
    [
        ({"effective_from": "2023-01-01"}, "effective_from", "须晚于第 1 版生效"),
        ({"effective_until": "2026-01-01"}, "effective_until", "须晚于生效日期"),
    ],
)
def test_dates_that_do_not_follow_on_are_refused_at_the_field(client, handler, sent, field, told):
    edition = policy_edition()
    client.force_login(handler)

    answer = client.post(reverse("policies:draft-new", args=[edition.code, 1]), {**HEAD, **sent})

    assert answer.status_code == 422
    assert told in str(answer.context["form"].errors[field])


def test_a_policy_has_one_draft_at_a_time(client, city, handler):
    edition = policy_edition()
    draft_of(city, handler, edition=edition)
    client.force_login(handler)

    answer = client.post(reverse("policies:draft-new", args=[edition.code, 1]), HEAD)

    assert answer.status_code == 409
    assert "已有在办的新版次草稿" in words(answer)


def test_a_change_is_taken_back(client, city, handler):
    draft = draft_of(city, handler)
    client.force_login(handler)

    client.post(reverse("policies:draft-item-undo", args=[draft.pk, *AT]), {"version": 1})

    draft.refresh_from_db()
    assert draft.changes == {}
    assert "条文没有变化" in words(client.get(reverse("policies:draft", args=[draft.pk])))


def test_a_draft_that_was_changed_since_it_was_shown_is_not_put_in_force(
    city, handler, approver, submitted
):
    workflow.return_draft(submitted.pk, actor=approver, note="请改为36个月")
    change_item(submitted.pk, AT, {**CHANGE, "at_least": "36"}, version=1, actor=handler)
    workflow.submit_draft(submitted.pk, version=2, actor=handler)

    with pytest.raises(DomainError, match="他人已更正过"):
        workflow.activate_draft(submitted.pk, version=1, actor=approver)

    assert not PolicyEdition.objects.filter(edition=2).exists()


def test_a_draft_overtaken_by_a_file_is_refused(approver, submitted):
    policy_edition(submitted.code, number=2)

    with pytest.raises(DomainError, match="已有更新的版次"):
        workflow.activate_draft(submitted.pk, version=1, actor=approver)


def test_a_file_of_the_same_number_is_refused_after_the_draft(tmp_path, city, handler, approver):
    (tmp_path / "sample.toml").write_text(POLICY, encoding="utf-8")
    edition = load_library(tmp_path, actor=handler).new[0]
    draft = draft_of(city, handler, edition=edition, state="submitted")
    workflow.activate_draft(draft.pk, version=1, actor=approver)
    second = POLICY.replace("edition = 1", "edition = 2").replace("2024-01-01", "2027-01-01")
    (tmp_path / "sample-2.toml").write_text(second, encoding="utf-8")

    with pytest.raises(PolicyFileError, match=r"sample-3\.toml"):
        load_library(tmp_path, actor=handler)


def test_a_dropped_draft_makes_room_for_another(city, handler):
    draft = draft_of(city, handler)

    workflow.drop_draft(draft.pk, actor=handler, note="改由文件载入")

    draft_of(city, handler, edition=draft.base)


def at_once(*deeds):
    """What comes of deeds done at the same moment, each in a thread and a connection of its own."""
    start, told = Barrier(len(deeds)), []

    def run(deed):
        try:
            start.wait()
            deed()
            told.append("done")
        except DomainError as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


@pytest.mark.django_db(transaction=True)
def test_of_two_activations_at_once_one_gets_through(city, submitted):
    people = [account(Role.APPROVER, city) for _ in range(2)]

    told = at_once(
        *(lambda p=p: workflow.activate_draft(submitted.pk, version=1, actor=p) for p in people)
    )

    assert told == ["done", "illegal-transition"]
    assert PolicyEdition.objects.filter(code=submitted.code).count() == 2


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_second_is_still_refused_by_the_database(city, submitted, monkeypatch):
    """The control: both get past every check at once, so the race above is one."""
    people = [account(Role.APPROVER, city) for _ in range(2)]
    both_here = Barrier(2)
    rows = EditionDraft.objects.select_related("base", "organization")
    monkeypatch.setattr(workflow, "lock_library", lambda: None)
    monkeypatch.setattr(workflow, "locked_draft", lambda pk, actor: rows.get(pk=pk))
    monkeypatch.setattr(workflow, "check_newest", lambda draft: both_here.wait())

    told = at_once(
        *(lambda p=p: workflow.activate_draft(submitted.pk, version=1, actor=p) for p in people)
    )

    assert "done" in told
    assert "illegal-transition" not in told
    assert PolicyEdition.objects.filter(code=submitted.code).count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_", range(3))
def test_what_is_put_in_force_is_what_was_shown_whoever_edits_meanwhile(
    city, handler, approver, submitted, _
):
    other = account(Role.APPROVER, city)

    def edit():
        workflow.return_draft(submitted.pk, actor=other, note="请改为36个月")
        change_item(submitted.pk, AT, {**CHANGE, "at_least": "36"}, version=1, actor=handler)

    told = at_once(lambda: workflow.activate_draft(submitted.pk, version=1, actor=approver), edit)

    assert told == ["done", "illegal-transition"]
    later = PolicyEdition.objects.filter(code=submitted.code, edition=2).first()
    assert later is None or policy_by_digest(later.digest).criteria[0].at_least == 48
