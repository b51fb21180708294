"""What was chosen where the texts are silent: listed, confirmed by document, open again when it changes."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from organizations.roles import Role
from policies.library import parse
from policies.library.defaults import defaults_of
from policies.library.editions import file_name, store
from policies.models import DefaultConfirmation, EditionDefault, PolicyEdition
from policies.services.defaults import Basis, confirm_default
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.policies import CHOSEN, TEXT, policy_edition
from workflow.models import Record
from workflow.refusals import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_policies")]

BASIS = Basis("京工发〔2026〕3号", date(2026, 3, 1), "第2条")
SENT = {"document_number": "京工发〔2026〕3号", "decided_on": "2026-03-01", "note": "第2条"}


@pytest.fixture
def city():
    return OrganizationFactory(kind="city", name="示例市总工会")


@pytest.fixture
def approver(city):
    return account(Role.APPROVER, city)


def a_default():
    (default,) = policy_edition(defaults=1).defaults.all()
    return default


def edition_saying(number, value, *, title="选定"):
    """An edition of one policy in which one parameter was chosen by us."""
    text = TEXT.format(code="sample", number=number, title="示例办法")
    text = text.replace("2024-01-01", f"{2023 + number}-01-01")
    text += CHOSEN.format(number=7).replace("number = 7", f"number = {value}")
    name = "sample.toml" if number == 1 else f"sample-{number}.toml"
    return store(parse(text, name=name), text)


def words(response):
    return response.content.decode()


def test_every_default_of_the_shipped_library_is_listed(client, approver):
    call_command("load_policies", verbosity=0)
    client.force_login(approver)

    listed = EditionDefault.objects.count()
    page = client.get(reverse("policies:defaults"), {"code": ""})

    in_files = sum(
        len(list(defaults_of(parse(e.text, name=file_name(e.code, e.edition)))))
        for e in PolicyEdition.objects.all()
    )
    assert listed == in_files > 100
    assert page.status_code == 200


def test_whoever_answers_for_the_policy_confirms_by_document(client, approver):
    default = a_default()
    client.force_login(approver)

    answer = client.post(reverse("policies:default-confirm", args=[default.pk]), SENT)

    assert answer.status_code == 302
    confirmation = DefaultConfirmation.objects.get()
    assert (confirmation.digest, confirmation.confirmed_by) == (default.digest, approver)
    record = Record.objects.get(code="policies.default-confirmed")
    assert record.after["document_number"] == "京工发〔2026〕3号"
    assert record.after["value"].startswith("取值：")
    assert record.note == "第2条"


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("document_number", "", "依据文号"),
        ("decided_on", "2999-01-01", "文件日期不能晚于今日"),
    ],
)
def test_a_confirmation_without_a_document_of_the_past_is_refused(
    client, approver, field, value, told
):
    default = a_default()
    client.force_login(approver)

    answer = client.post(
        reverse("policies:default-confirm", args=[default.pk]), {**SENT, field: value}
    )

    assert answer.status_code == 422
    assert told in words(answer)
    assert not DefaultConfirmation.objects.exists()


@pytest.mark.parametrize("role", [Role.HANDLER, Role.AUDITOR])
def test_others_of_the_same_body_do_not_confirm(city, role):
    with pytest.raises(DomainError) as refusal:
        confirm_default(a_default().pk, BASIS, actor=account(role, city))

    assert refusal.value.code == "role-required"
    assert "示例市总工会" in refusal.value.message


def test_the_approver_of_a_district_does_not_confirm_for_the_city(city):
    district = with_child(city, "district")

    with pytest.raises(DomainError, match="没有确认该政策默认的权限"):
        confirm_default(a_default().pk, BASIS, actor=account(Role.APPROVER, district))


def test_a_document_of_the_whole_country_is_confirmed_by_the_city(city, approver):
    (default,) = policy_edition(jurisdiction="全国", defaults=1).defaults.all()

    confirm_default(default.pk, BASIS, actor=approver)

    assert DefaultConfirmation.objects.exists()


def test_the_policy_page_says_that_it_is_confirmed_and_by_what(client, approver):
    default = a_default()
    address = reverse("policies:edition", args=[default.edition.code, 1])
    assert "默认·待确认" in words(client.get(address))

    confirm_default(default.pk, BASIS, actor=approver)

    page = words(client.get(address))
    assert "默认·已确认" in page
    assert "京工发〔2026〕3号" in page
    assert approver.display_name not in page, "the name is for those who are signed in"
    assert f'id="parameters-{default.item}"' in page


def test_the_same_item_in_the_next_edition_stays_confirmed(approver):
    (default,) = edition_saying(1, 80).defaults.all()
    confirm_default(default.pk, BASIS, actor=approver)

    (later,) = edition_saying(2, 80).defaults.all()

    assert later.digest == default.digest
    with pytest.raises(DomainError, match="已由他人确认"):
        confirm_default(later.pk, BASIS, actor=approver)


def test_a_changed_value_waits_to_be_confirmed_again(client, approver):
    (default,) = edition_saying(1, 80).defaults.all()
    confirm_default(default.pk, BASIS, actor=approver)

    (later,) = edition_saying(2, 90).defaults.all()

    assert later.digest != default.digest
    client.force_login(approver)
    page = client.get(reverse("policies:defaults"), {"state": "open"})
    assert [row.pk for row in page.context["page"]] == [later.pk]
    confirm_default(later.pk, BASIS, actor=approver)


def test_what_is_to_be_confirmed_stands_first(client, approver):
    done, waiting = policy_edition(defaults=2).defaults.all()
    confirm_default(done.pk, BASIS, actor=approver)
    client.force_login(approver)

    page = client.get(reverse("policies:defaults"))

    assert [row.pk for row in page.context["page"]] == [waiting.pk, done.pk]


def test_many_are_confirmed_by_one_document_and_each_is_told(client, approver):
    first, second = policy_edition(defaults=2).defaults.all()
    confirm_default(first.pk, BASIS, actor=approver)
    client.force_login(approver)

    answer = client.post(
        reverse("policies:defaults-act", args=["confirm"]),
        {**SENT, "confirmed": 1, "chosen": [first.pk, second.pk]},
    )

    assert "已由他人确认" in words(answer)
    assert DefaultConfirmation.objects.filter(digest=second.digest).exists()


def test_the_home_of_whoever_must_confirm_counts_what_waits(client, city, approver):
    first, _ = policy_edition(defaults=2).defaults.all()
    confirm_default(first.pk, BASIS, actor=approver)
    client.force_login(approver)

    home = client.get(reverse("portal:home"))

    (tile,) = [t for t in home.context["tiles"] if t.title == "待确认的默认：示例市"]
    assert tile.count == 1
    assert len(client.get(tile.href).context["page"].object_list) == 1
    client.force_login(account(Role.HANDLER, city))
    assert "待确认的默认" not in words(client.get(reverse("portal:home")))


def test_the_interface_confirms_too(client, approver):
    default = a_default()
    client.force_login(approver)

    answer = client.post(
        reverse("policy-default-confirm", args=[default.pk]), SENT, content_type="application/json"
    )

    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["is_confirmed"], told["document_number"]) == (True, "京工发〔2026〕3号")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE policies_defaultconfirmation SET note = 'x'",
        "DELETE FROM policies_defaultconfirmation",
        "UPDATE policies_editiondefault SET title = 'x'",
    ],
)
def test_the_database_keeps_confirmations_as_they_were_made(approver, change):
    confirm_default(a_default().pk, BASIS, actor=approver)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_gets_through(city):
    default, start, told = a_default(), Barrier(2), []
    people = [account(Role.APPROVER, city) for _ in range(2)]

    def confirm(person):
        try:
            start.wait()
            confirm_default(default.pk, BASIS, actor=person)
            told.append("done")
        except DomainError as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=confirm, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["default-confirmed-already", "done"]
    assert DefaultConfirmation.objects.count() == 1


def test_the_rule_book_of_what_is_stored_says_what_is_confirmed(tmp_path, approver):
    done, waiting = policy_edition(defaults=2).defaults.all()
    confirm_default(done.pk, BASIS, actor=approver)

    call_command("rulebook", out=tmp_path, stored=True)

    (printed,) = (tmp_path / "rulebook").iterdir()
    text = printed.read_text(encoding="utf-8")
    assert f"{done.title}**【默认·已确认：京工发〔2026〕3号】" in text
    assert f"{waiting.title}**【默认·待确认】" in text
