"""Figures that are ours: the default until the bureau changes it, with a reason, within bounds."""

from datetime import time

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core import policy, selectors, services
from core.errors import Refused
from core.models import AuditEntry, Setting
from tests.appointments.conftest import confirm, take
from tests.factories import make_sitting

pytestmark = pytest.mark.django_db


def change(cast, key: str, value: str, reason: str = "试行后调整", actor: str = "bureau_supervisor"):
    return services.change_setting(key=key, value=value, actor=cast[actor], reason=reason)


def refusal(cast, key: str, value: str, reason: str = "试行后调整") -> tuple[str, str | None]:
    with pytest.raises(Refused) as refused:
        change(cast, key, value, reason)
    return refused.value.code, refused.value.field


def test_ours_without_a_row_is_the_default():
    assert selectors.ours(policy.HOLD_MINUTES) == 15
    assert selectors.ours_time(policy.CLOSE_OF_BUSINESS) == time(17, 30)


def test_ours_after_a_change_is_the_bureaus(cast, django_capture_on_commit_callbacks):
    assert selectors.ours(policy.HOLD_MINUTES) == 15
    with django_capture_on_commit_callbacks(execute=True):
        change(cast, "hold_minutes", "20")
        change(cast, "close_of_business", "17:00")
    assert selectors.ours(policy.HOLD_MINUTES) == 20
    assert selectors.ours_time(policy.CLOSE_OF_BUSINESS) == time(17, 0)


def test_change_setting_keeps_who_what_before_and_why(cast):
    change(cast, "hold_minutes", "20")
    change(cast, "hold_minutes", "25", "再次调整")
    rows = AuditEntry.objects.order_by("id").values_list("subject", "user", "before", "after", "reason")
    supervisor = cast.bureau_supervisor.pk
    assert list(rows) == [
        ("setting:hold_minutes", supervisor, "15", "20", "试行后调整"),
        ("setting:hold_minutes", supervisor, "20", "25", "再次调整"),
    ]
    assert Setting.objects.get().history.count() == 3


@pytest.mark.parametrize("value", ["5", "60"])
def test_change_setting_at_its_bounds_is_accepted(cast, value):
    assert change(cast, "hold_minutes", value).value == value


@pytest.mark.parametrize("value", ["4", "61", "-1", "ten", "", "1.5"])
def test_change_setting_outside_its_bounds_is_refused(cast, value):
    assert refusal(cast, "hold_minutes", value) == ("bad_value", "value")
    assert not Setting.objects.exists()


@pytest.mark.parametrize("value", ["25:00", "half past five", "1730pm"])
def test_change_setting_to_no_time_of_day_is_refused(cast, value):
    assert refusal(cast, "close_of_business", value) == ("bad_value", "value")


def test_change_setting_without_a_reason_is_refused(cast):
    assert refusal(cast, "hold_minutes", "20", "  ") == ("no_reason", "reason")


def test_change_setting_of_what_the_notice_fixes_is_refused(cast):
    assert refusal(cast, "numbers_per_sitting", "6") == ("unknown_setting", None)


@pytest.mark.parametrize("name", ["bureau_staff", "department_head", "inspector", "system_administrator", "leader"])
def test_change_setting_by_anyone_but_the_supervisor_is_denied(cast, name):
    with pytest.raises(PermissionDenied):
        change(cast, "hold_minutes", "20", actor=name)
    assert not Setting.objects.exists()


def test_every_figure_of_ours_has_a_label_a_clause_and_a_default_within_its_bounds():
    for key, figure in policy.OURS.items():
        assert figure.key == key
        assert str(figure.label)
        assert figure.clause.startswith("[")
        if isinstance(figure.default, int):
            assert figure.minimum <= figure.default <= figure.maximum


def test_words_are_kept_as_typed_and_may_be_taken_away(cast, django_capture_on_commit_callbacks):
    assert "宁湖大厦" in selectors.ours_words(policy.WINDOW_CONTACT)
    with django_capture_on_commit_callbacks(execute=True):
        change(cast, "window_contact", "  电话 0871-68690000\n工作日 9:00 至 17:00 ")
    assert selectors.ours_words(policy.WINDOW_CONTACT) == "电话 0871-68690000\n工作日 9:00 至 17:00"
    with django_capture_on_commit_callbacks(execute=True):
        change(cast, "window_contact", "")
    assert selectors.ours_words(policy.WINDOW_CONTACT) == ""


def test_words_longer_than_their_room_are_refused(cast):
    assert change(cast, "page_notice", "字" * 200).value == "字" * 200
    assert refusal(cast, "page_notice", "字" * 201) == ("bad_value", "value")


def test_words_of_a_page_are_changed_in_the_console_and_shown(cast, client, django_capture_on_commit_callbacks):
    page = "/console/core/setting/page_notice/do/change/"
    client.force_login(cast.bureau_supervisor)
    assert "公开页面顶部的通知" in client.get(page).content.decode()
    too_long = client.post(page, {"value": "字" * 201, "reason": "国庆放假"})
    assert too_long.status_code == 422
    assert "字" * 201 in too_long.content.decode()
    assert "page-notice" not in client.get("/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(page, {"value": "国庆放假期间\r\n专窗停止接待<b>", "reason": "国庆放假"})
    assert answer.status_code == 302
    shown = client.get("/").content.decode()
    assert "国庆放假期间<br>专窗停止接待&lt;b&gt;" in shown
    listed = client.get("/console/core/setting/").content.decode()
    assert "国庆放假期间<br>专窗停止接待&lt;b&gt;" in listed
    assert "（不显示）" in listed


def test_slip_shows_what_to_bring_along(cast, client):
    sitting = make_sitting(published=True)
    booking = confirm(take(sitting, 1, now=timezone.now()), now=timezone.now())
    Setting.objects.create(key="bring_along", value="请携带营业执照复印件。")
    selectors.forget_settings()
    assert "请携带营业执照复印件。" in client.get(f"/b/{booking.ticket_secret}/").content.decode()
