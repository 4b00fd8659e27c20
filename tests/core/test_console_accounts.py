"""Accounts in the console: added, changed, blocked and unlocked there, and only by whom that concerns."""

import pytest
from django.test import Client

from core.models import AuditEntry, User
from tests.conftest import CAST_PASSWORD
from tests.core.console_steps import INDEX, LOGIN, page, signed_in

pytestmark = pytest.mark.django_db


def new_account(**changes: str) -> dict[str, str]:
    given = {"username": "zhang", "full_name": "张三", "email": "", "password1": "Anning-Temp-2026"}
    return given | {"password2": "Anning-Temp-2026"} | changes


def test_account_is_added_through_the_form_without_any_power(cast):
    client = signed_in(cast.system_administrator)
    assert client.post("/console/core/user/add/", new_account()).status_code == 302
    user = User.objects.get(username="zhang")
    assert user.check_password("Anning-Temp-2026")
    assert (user.is_staff, user.is_superuser, user.must_change_password) == (True, False, True)
    row = AuditEntry.objects.get(action="add_account")
    assert (row.user, row.subject) == (cast.system_administrator, f"core.user:{user.pk}")
    assert not AuditEntry.objects.filter(action="add").exists()


def test_account_with_a_plain_password_is_not_added(cast):
    answer = signed_in(cast.system_administrator).post(
        "/console/core/user/add/", new_account(password1="kunminganning", password2="kunminganning")
    )
    assert "密码须含大写字母、小写字母、数字、符号中的至少三类。" in answer.content.decode()
    assert not User.objects.filter(username="zhang").exists()


def test_account_form_cannot_give_powers(cast):
    powers = {"is_superuser": "on", "groups": "1", "user_permissions": "1", "must_change_password": ""}
    given = {"full_name": "李四", "email": "", "username": "other"} | powers
    client = signed_in(cast.system_administrator)
    assert client.post(f"/console/core/user/{cast.leader.pk}/change/", given).status_code == 302
    user = User.objects.get(pk=cast.leader.pk)
    assert (user.full_name, user.username, user.is_superuser) == ("李四", "leader", False)
    assert AuditEntry.objects.get(action="change_account").after == "full_name"


def test_account_pages_never_show_the_hash(cast):
    client = signed_in(cast.system_administrator)
    for path in ("", f"{cast.leader.pk}/change/", f"{cast.leader.pk}/history/"):
        html = page(client, f"/console/core/user/{path}")
        assert cast.leader.password not in html
        assert "md5$" not in html


def test_account_cannot_be_deleted(cast):
    client = signed_in(cast.system_administrator)
    assert client.post(f"/console/core/user/{cast.leader.pk}/delete/", {"post": "yes"}).status_code == 403


def test_button_resets_a_password(cast):
    client = signed_in(cast.system_administrator)
    path = f"/console/core/user/{cast.leader.pk}/do/reset-password/"
    new = {"new_password1": "Anning-Reset-2026", "new_password2": "Anning-Reset-2026"}
    assert client.post(path, new | {"new_password2": "other"}).status_code == 422
    assert client.post(path, new).status_code == 302
    cast.leader.refresh_from_db()
    assert cast.leader.check_password("Anning-Reset-2026")
    assert cast.leader.must_change_password


def test_button_deactivates_with_a_reason_and_the_person_is_out(cast):
    client, theirs = signed_in(cast.system_administrator), signed_in(cast.leader)
    path = f"/console/core/user/{cast.leader.pk}/do/deactivate/"
    assert client.post(path, {"reason": ""}).status_code == 422
    assert theirs.get(INDEX).status_code == 200
    assert client.post(path, {"reason": "调离"}).status_code == 302
    assert theirs.get(INDEX).status_code == 302
    row = AuditEntry.objects.get(action="deactivate_account")
    assert (row.subject, row.reason) == (f"core.user:{cast.leader.pk}", "调离")


def test_button_does_not_deactivate_oneself(cast):
    client = signed_in(cast.system_administrator)
    answer = client.post(f"/console/core/user/{cast.system_administrator.pk}/do/deactivate/", {"reason": "x"})
    assert "不能停用或启用自己的账号" in answer.content.decode()
    cast.system_administrator.refresh_from_db()
    assert cast.system_administrator.is_active


def test_button_unlocks_an_account_before_the_half_hour(cast):
    stranger, client = Client(), signed_in(cast.system_administrator)
    change = f"/console/core/user/{cast.leader.pk}/change/"
    assert "解除锁定" not in page(client, change)
    for _attempt in range(5):
        stranger.post(LOGIN, {"username": "leader", "password": "Wrong-2026-x"})
    assert "解除锁定" in page(client, change)
    client.post(f"/console/core/user/{cast.leader.pk}/do/unlock/")
    assert stranger.post(LOGIN, {"username": "leader", "password": CAST_PASSWORD}).status_code == 302


@pytest.mark.parametrize("name", ["security_officer", "auditor"])
def test_accounts_are_read_only_for_the_other_two(cast, name):
    client = signed_in(cast[name])
    html = page(client, f"/console/core/user/{cast.leader.pk}/change/")
    assert "重置密码" not in html
    assert 'name="full_name"' not in html
    assert client.post(f"/console/core/user/{cast.leader.pk}/do/reset-password/").status_code == 403


@pytest.mark.parametrize("name", ["bureau_staff", "department_head", "leader"])
def test_accounts_are_closed_to_others(cast, name):
    assert signed_in(cast[name]).get("/console/core/user/").status_code == 403
