"""Passwords: ten characters of three classes, none of the last five, ninety days. (domain rules)"""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError

from core import services
from core.models import AuditEntry
from core.passwords import password_is_old
from tests.conftest import CAST_PASSWORD

pytestmark = pytest.mark.django_db


def codes(password: str, user=None) -> set[str]:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, user)
    return {error.code for error in refused.value.error_list}


@pytest.mark.parametrize("password", ["Kunming-2026", "kunming-2026", "KUNMING-2026x", "KunmingAnning7"])
def test_three_classes_in_ten_characters_are_accepted(password):
    validate_password(password)


@pytest.mark.parametrize("password", ["kunminganning", "KUNMINGanning", "kunming202677", "中文密码中文密码中文密码"])
def test_two_classes_are_refused(password):
    assert "password_too_plain" in codes(password)


def test_nine_characters_are_refused():
    assert codes("Kunm-2026") == {"password_too_short"}


def test_current_and_last_five_are_refused_and_the_sixth_accepted(cast):
    user = cast.leader
    history = [CAST_PASSWORD, *(f"Anning-Round-{number}" for number in range(1, 6))]
    for password in history[1:]:
        services.change_own_password(user_id=user.pk, password=password)
    user.refresh_from_db()
    for password in history[1:]:
        assert codes(password, user) == {"password_recent"}
    validate_password(CAST_PASSWORD, user)


def test_change_own_password_ends_the_duty_to_change_it_and_is_recorded(cast):
    user = cast.leader
    user.must_change_password = True
    user.save()
    services.change_own_password(user_id=user.pk, password="Anning-New-2026")
    user.refresh_from_db()
    assert user.check_password("Anning-New-2026")
    assert user.must_change_password is False
    assert AuditEntry.objects.filter(action="change_password", user=user).count() == 1


def test_reset_password_by_the_administrator_must_be_changed(cast):
    services.reset_password(user_id=cast.leader.pk, password="Anning-Reset-2026", actor=cast.system_administrator)
    cast.leader.refresh_from_db()
    assert cast.leader.check_password("Anning-Reset-2026")
    assert cast.leader.must_change_password is True
    row = AuditEntry.objects.get(action="reset_password")
    assert (row.user, row.subject) == (cast.system_administrator, f"core.user:{cast.leader.pk}")


@pytest.mark.parametrize("name", ["security_officer", "auditor", "bureau_supervisor", "leader"])
def test_reset_password_by_anyone_else_is_denied(cast, name):
    with pytest.raises(PermissionDenied):
        services.reset_password(user_id=cast.leader.pk, password="Anning-Reset-2026", actor=cast[name])
    cast.leader.refresh_from_db()
    assert cast.leader.check_password(CAST_PASSWORD)


@pytest.mark.parametrize(("days", "old"), [(89, False), (90, True)])
def test_password_is_old_from_the_ninetieth_day(cast, days, old):
    changed = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    cast.leader.password_changed_at = changed
    with time_machine.travel(changed + timedelta(days=days), tick=False):
        assert password_is_old(cast.leader) is old
