"""What is typed into a long form is kept until it is done: declared once, on the page of the form."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from academies.models import Academy
from organizations.models import Organization
from organizations.roles import Role
from pages.models import FormDraft
from pages.services import LONGEST_DRAFT
from pages.tasks import forget_old_drafts
from talents.models import Nomination
from tests.factories.filings import identity_number
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import RoundFactory
from tests.passwords import PASSWORD

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 7, 2, tzinfo=UTC)  # 15:02 in Peking
TYPED = {"identity": identity_number(), "name": "曾怡刚", "post": "班组长", "segments-TOTAL_FORMS": "2",
         "segments-INITIAL_FORMS": "0", "segments-0-start_month": "去年", "segments-0-employer": "示例公司",
         "segments-1-employer": "另一公司", "_draft": ""}  # fmt: skip


@pytest.fixture
def unit():
    return with_child(OrganizationFactory(code="BJ"), Organization.Kind.UNIT, name="示例公司")


@pytest.fixture
def clerk(client, unit):
    user = account(Role.NOMINATOR, unit)
    client.force_login(user)
    return user


@pytest.fixture
def address(unit):
    return reverse("talents:nomination-new", args=[RoundFactory(organizer=unit.parent).code])


@pytest.fixture
def keep(client, clerk, address):
    """Call it for what a page does by itself while somebody types."""

    def post(**changes):
        return client.post(address, TYPED | changes | {"_draft": "keep"})

    return post


def test_what_is_typed_is_kept_sealed_without_being_judged(keep, clerk, address):
    answer = keep()

    draft = FormDraft.objects.get()
    assert (answer.status_code, draft.owner, draft.path) == (204, clerk, address)
    assert TYPED["identity"].encode() not in bytes(draft.sealed)
    assert "csrfmiddlewaretoken" not in draft.typed()
    assert draft.typed()["name"] == "曾怡刚"
    assert not Nomination.objects.exists()


def test_a_page_keeps_one_draft_of_each_account(keep, client, unit, address):
    keep()
    keep(post="车间主任")
    client.force_login(account(Role.NOMINATOR, unit))

    client.post(address, TYPED | {"_draft": "keep"})
    page = client.get(f"{address}?draft").content.decode()

    assert FormDraft.objects.count() == 2
    assert "班组长" in page
    assert "车间主任" not in page


def test_the_form_says_when_its_draft_was_kept_and_opens_it_unjudged(keep, client, address):
    with time_machine.travel(NOW, tick=False):
        keep()
    with time_machine.travel(NOW + timedelta(minutes=20), tick=False):
        fresh = client.get(address).content.decode()
        resumed = client.get(f"{address}?draft").content.decode()

    assert "有 2026年11月27日 15:02 的草稿" in fresh
    assert "曾怡刚" not in fresh
    assert "已填入 2026年11月27日 15:02 的草稿，尚未提交" in resumed
    for word in (TYPED["identity"], "曾怡刚", "班组长", "去年", "示例公司", "另一公司"):
        assert f'value="{word}"' in resumed
    assert "处需要改正" not in resumed
    assert "field__error" not in resumed


def test_what_is_sent_and_refused_is_kept_too(client, clerk, address):
    answer = client.post(address, TYPED)

    assert answer.status_code == 422
    assert FormDraft.objects.get().typed()["post"] == "班组长"


def test_a_form_that_is_done_leaves_no_draft(keep, client, address, unit):
    keep()
    good = {"segments-0-start_month": "2010年1月", "segments-1-start_month": "2015年1月",
            "unit": unit.name, "skill_level": "1"}  # fmt: skip

    answer = client.post(address, TYPED | good)

    assert answer.status_code == 302, answer.context["form"].errors
    assert not FormDraft.objects.exists()


def test_a_draft_is_given_up_on_the_form(keep, client, address):
    keep()

    answer = client.post(address, {"_draft": "discard"}, follow=True)

    assert answer.redirect_chain == [(address, 302)]
    assert "草稿已放弃" in answer.content.decode()
    assert not FormDraft.objects.exists()


def test_whoever_may_not_fill_in_the_form_keeps_nothing(client, address):
    elsewhere = with_child(OrganizationFactory(code="TJ"), Organization.Kind.UNIT)
    answers = []
    for role, place in ((Role.NOMINATOR, elsewhere), (Role.AUDITOR, elsewhere)):
        client.force_login(account(role, place))
        answers.append(client.post(address, TYPED | {"_draft": "keep"}).status_code)

    assert set(answers) <= {403, 404}
    assert not FormDraft.objects.exists()


def test_a_form_that_is_declared_so_keeps_its_draft_and_others_do_not(client, unit):
    client.force_login(account(Role.HANDLER, unit.parent))
    fields = {"name": "示例工匠学院", "_draft": "keep"}

    kept = client.post(reverse("academies:new"), fields)
    asked = client.post(reverse("reports:new"), fields)

    assert (kept.status_code, asked.status_code) == (204, 422)
    assert FormDraft.objects.get().path == reverse("academies:new")
    assert not Academy.objects.exists()


def test_a_draft_is_forgotten_after_thirty_days(keep, client, address):
    with time_machine.travel(NOW, tick=False):
        keep()
    with time_machine.travel(NOW + timedelta(days=30), tick=False):
        forget_old_drafts()
        last_day = FormDraft.objects.count()
    with time_machine.travel(NOW + timedelta(days=30, seconds=1), tick=False):
        client.force_login(FormDraft.objects.get().owner)
        page = client.get(address).content.decode()
        forget_old_drafts()

    assert last_day == 1
    assert "的草稿" not in page
    assert not FormDraft.objects.exists()
    assert settings.CELERY_BEAT_SCHEDULE["forget-old-drafts"]["task"] == forget_old_drafts.name


def test_what_no_form_is_as_long_as_is_not_kept(keep):
    assert keep(post="长" * (LONGEST_DRAFT // 9 + 1)).status_code == 204
    assert not FormDraft.objects.exists()


@pytest.mark.parametrize("wrong", [{"path": "elsewhere"}, {"sealed": b""}], ids=("path", "sealed"))
def test_the_table_refuses_what_is_no_draft(clerk, wrong):
    draft = FormDraft(
        **{"owner": clerk, "path": "/", "sealed": b"0", "saved_at": timezone.now()} | wrong
    )

    with pytest.raises(ValidationError, match="草稿"):
        draft.validate_constraints()


@pytest.fixture
def browser(clerk):
    """Somebody at a browser that checks tokens, with the form open."""
    clerk.set_password(PASSWORD)
    clerk.save(update_fields=["password"])
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(clerk)
    return browser


def token_on(answer):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.content.decode())[1]


def test_a_form_sent_after_the_session_ended_is_filled_in_after_logging_in(browser, clerk, address):
    with time_machine.travel(NOW, tick=False):
        token = token_on(browser.get(address))
    with time_machine.travel(NOW + timedelta(minutes=31), tick=False):
        late = browser.post(address, TYPED | {"csrfmiddlewaretoken": token})
        login = browser.get(late.headers["Location"])
        words = {"login": clerk.username, "password": PASSWORD, "next": f"{address}?draft"}
        page = browser.post(
            reverse("account_login"), words | {"csrfmiddlewaretoken": token_on(login)}, follow=True
        )

    assert late.headers["Location"].startswith(reverse("account_login"))
    assert page.redirect_chain[-1][0] == f"{address}?draft"
    assert "已填入 2026年11月27日 15:33 的草稿" in page.content.decode()
    assert 'value="另一公司"' in page.content.decode()


def test_nothing_is_kept_that_comes_without_token_or_with_no_session(browser, address):
    with time_machine.travel(NOW, tick=False):
        token = token_on(browser.get(address))
    with time_machine.travel(NOW + timedelta(minutes=31), tick=False):
        forged = browser.post(address, TYPED)
        stranger = browser.post(address, TYPED | {"csrfmiddlewaretoken": token})

    assert (forged.status_code, stranger.status_code) == (403, 302)
    assert not FormDraft.objects.exists()


def test_a_page_says_how_long_its_session_lasts_and_every_answer_says_it_anew(
    client, clerk, address
):
    with time_machine.travel(NOW, tick=False):
        page = client.get(address)
    for minutes in range(20, 11 * 60 + 41, 20):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            last = client.head(address)

    assert 'data-session-idle="1800" data-session-latest="43200"' in page.content.decode()
    assert page.headers["Session-Seconds-Left"] == "1800"
    assert last.headers["Session-Seconds-Left"] == str(20 * 60), "twelve hours after logging in"
    assert "Session-Seconds-Left" not in Client().get(reverse("account_login")).headers
