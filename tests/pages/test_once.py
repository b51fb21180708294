"""A form is done once, however often its button is pressed; one that was refused may be sent again."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from academies.models import TrainingClass
from organizations.models import Membership
from organizations.roles import Role
from pages.models import SentForm
from pages.services import ONCE
from pages.tasks import forget_old_drafts
from tests.academies.overlapping import at_once
from tests.academies.test_training_forms import CLASS_FILLED
from tests.factories.academies import hosted_academy
from tests.factories.organizations import UserFactory, account

TOKEN = re.compile(rf'name="{ONCE}" value="([0-9a-f-]{{36}})"')


@pytest.fixture
def academy(db):
    return hosted_academy()


@pytest.fixture
def manager(client, academy):
    user = account(Role.ACADEMY_MANAGER, academy.host)
    client.force_login(user)
    return user


@pytest.fixture
def where(academy):
    return reverse("academies:class-new", args=[academy.code, 2025])


def token_shown(answer):
    return TOKEN.search(answer.content.decode())[1]


def test_every_form_shown_has_a_number_of_its_own(client, manager, where):
    first, second = (token_shown(client.get(where)) for _ in range(2))

    assert first != second


def test_the_same_form_again_does_nothing_and_leads_to_the_same_page(client, manager, where):
    form = CLASS_FILLED | {ONCE: token_shown(client.get(where))}
    first = client.post(where, form)
    again = client.post(where, form, follow=True)

    entered = TrainingClass.objects.get()
    assert first.url == reverse("academies:class", args=[entered.pk])
    assert again.redirect_chain == [(first.url, 302)]
    assert "这张表单已经办理过，没有重复办理" in again.content.decode()


def test_a_refused_form_keeps_its_number_and_may_be_sent_again(client, manager, where):
    client.post(where, CLASS_FILLED)
    form = CLASS_FILLED | {ONCE: token_shown(client.get(where))}

    refused = client.post(where, form)
    mended = client.post(where, form | {"number": "2025-002"})

    assert (refused.status_code, token_shown(refused)) == (409, form[ONCE])
    assert mended.status_code == 302
    assert TrainingClass.objects.count() == 2


def test_an_invalid_form_keeps_its_number_too(client, manager, where):
    form = CLASS_FILLED | {ONCE: token_shown(client.get(where)), "number": ""}

    invalid = client.post(where, form)

    assert (invalid.status_code, token_shown(invalid)) == (422, form[ONCE])
    assert not SentForm.objects.exists()


def test_a_number_of_somebody_else_counts_for_nothing(client, manager, academy, where):
    form = CLASS_FILLED | {ONCE: str(uuid4())}
    client.post(where, form)
    client.force_login(account(Role.ACADEMY_MANAGER, academy.host))

    answer = client.post(where, form | {"number": "2025-002"})

    assert answer.status_code == 302
    assert TrainingClass.objects.count() == 2


@pytest.mark.parametrize("odd", ["", "1", "x" * 5000, "00000000-0000-0000-0000-00000000000g"])
def test_an_odd_number_is_none(client, manager, where, odd):
    assert client.post(where, CLASS_FILLED | {ONCE: odd}).status_code == 302
    assert not SentForm.objects.exists()


def test_a_form_of_the_back_office_is_done_once_too(client, academy):
    client.force_login(account(Role.SECURITY_ADMIN, academy.host))
    where = reverse("admin:organizations_membership_add")
    form = {
        "user": UserFactory().pk, "organization": academy.host.pk, "role": "handler",
        "valid_from": "2026-01-01", "note": "到岗", ONCE: token_shown(client.get(where)),
    }  # fmt: skip

    invalid = client.post(where, form | {"role": "king"})
    first = client.post(where, form)
    again = client.post(where, form, follow=True)

    assert (invalid.status_code, token_shown(invalid)) == (200, form[ONCE])
    assert again.redirect_chain == [(first.url, 302)]
    assert Membership.objects.filter(user=form["user"]).count() == 1
    assert "这张表单已经办理过，没有重复办理" in again.content.decode()


def test_what_was_done_is_noted_for_thirty_days(client, manager, where):
    client.post(where, CLASS_FILLED | {ONCE: str(uuid4())})

    forget_old_drafts()
    kept = SentForm.objects.count()
    SentForm.objects.update(sent_at=timezone.now() - timedelta(days=30, seconds=1))
    forget_old_drafts()

    assert (kept, SentForm.objects.count()) == (1, 0)


def pressed_at_once(academy, tokens):
    """What each press of the button came to, all at the same time."""
    user = account(Role.ACADEMY_MANAGER, academy.host)
    where = reverse("academies:class-new", args=[academy.code, 2025])

    def press(token):
        browser = Client()
        browser.force_login(user)
        return lambda: browser.post(where, CLASS_FILLED | {ONCE: token}).status_code

    return at_once(*(press(token) for token in tokens))


def test_pressed_by_two_fingers_at_once_both_see_it_done(transactional_db):
    token = str(uuid4())

    statuses = pressed_at_once(hosted_academy(), [token] * 4)

    assert statuses == [302] * 4
    assert TrainingClass.objects.count() == 1


def test_without_the_number_the_second_press_is_an_error(transactional_db):
    statuses = pressed_at_once(hosted_academy(), [str(uuid4()) for _ in range(4)])

    assert sorted(statuses) == [302, 409, 409, 409]
