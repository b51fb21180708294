"""Log-in and two-step verification in our own design, in Chinese, without anything inline."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse

INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\bsrc=)|\son[a-z]+=")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("account_login", "账号由本级工会的系统管理员开通"),
        ("account_signup", "不开放自行注册"),
        ("account_inactive", "账号已停用"),
    ],
)
def test_entrance_page_is_ours(client, db, name, words):
    page = client.get(reverse(name)).content.decode()

    assert 'class="masthead"' in page
    assert words in page
    assert INLINE.findall(page) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("account_logout", "退出后需要重新登录"),
        ("account_change_password", "其他设备上的登录会失效"),
        ("mfa_index", "两步验证"),
    ],
)
def test_account_page_is_ours(client, account_with, name, words):
    client.force_login(account_with("handler"))

    page = client.get(reverse(name)).content.decode()

    assert 'class="masthead"' in page
    assert words in page
    assert INLINE.findall(page) == []


def test_second_step_is_set_up_and_asked_for(client, account_with):
    account_with("approver")
    client.post(reverse("account_login"), {"login": "zhoulan", "password": "pw"})

    again = client.get(reverse("mfa_activate_totp"), follow=True)
    assert "确认是您本人" in again.content.decode()
    activate = client.post(
        reverse("account_reauthenticate"),
        {"password": "pw", "next": reverse("mfa_activate_totp")},
        follow=True,
    )
    secret = activate.context["form"].secret
    assert secret in activate.content.decode()
    assert "供验证器扫描的二维码" in activate.content.decode()

    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    codes = client.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)
    assert "备用码" in codes.content.decode()
    assert client.get(reverse("mfa_index")).content.decode().count("已启用") == 1
    for page in (again, activate, codes):
        assert INLINE.findall(page.content.decode()) == []

    client.post(reverse("account_logout"))
    step = client.post(
        reverse("account_login"), {"login": "zhoulan", "password": "pw"}, follow=True
    )
    assert "输入动态码" in step.content.decode()
    assert "_auth_user_id" not in client.session


def test_wrong_password_is_refused_in_words(client, account_with):
    account_with("handler")

    response = client.post(reverse("account_login"), {"login": "zhoulan", "password": "no"})

    assert response.status_code == 200
    assert "data-error-summary" in response.content.decode()
