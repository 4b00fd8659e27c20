"""What was said to whom, on the page of what it was about. [3.5]"""

import pytest

from core.audit import subject_of
from departments.selectors import audience_of, department_of
from notifications.enums import Channel, MessageStatus
from notifications.selectors import SHOWN_AT_MOST, messages_about
from sessions_app.models import Sitting
from tests.appointments.conftest import confirm, sitting, take  # noqa: F401 - the sitting is asked for by name
from tests.conftest import Cast
from tests.notifications.conftest import SUBJECT, make_message
from tests.notifications.test_outbox_console import signed_in

pytestmark = [pytest.mark.clause("[3.5]"), pytest.mark.django_db]


def test_booking_page_shows_what_was_said_masked_and_without_links(cast: Cast, sitting: Sitting) -> None:  # noqa: F811
    booking = confirm(take(sitting, 1))
    make_message(
        MessageStatus.FAILED, subject=subject_of(booking), heading="叫号提醒", last_error="号码停机", text="{{ticket}}"
    )
    html = signed_in(cast.bureau_staff).get(f"/console/appointments/booking/{booking.pk}/change/").content.decode()
    block = html[html.index("告知记录") :]
    assert block.index("叫号提醒") < block.index("预约成功")
    assert "号码停机" in block
    assert "发送失败" in block
    assert booking.mobile not in block
    assert "{{" not in block


def test_booking_page_without_messages_says_what_will_appear(cast: Cast, sitting: Sitting) -> None:  # noqa: F811
    booking = take(sitting, 1)
    html = signed_in(cast.bureau_staff).get(f"/console/appointments/booking/{booking.pk}/change/").content.decode()
    assert "还没有向企业发送消息" in html


@pytest.mark.parametrize("rows", [1, 3])
def test_messages_about_is_one_read(cast: Cast, django_assert_num_queries, rows: int) -> None:
    for _row in range(rows):
        make_message()
    cast.bureau_staff.has_perm("notifications.view_message")
    with django_assert_num_queries(1):
        assert len(messages_about(cast.bureau_staff, SUBJECT)) == rows


def test_messages_about_has_an_end(cast: Cast) -> None:
    for _row in range(SHOWN_AT_MOST + 1):
        make_message()
    assert len(messages_about(cast.bureau_staff, SUBJECT)) == SHOWN_AT_MOST


def test_messages_about_shows_each_what_they_may_see(cast: Cast) -> None:
    department = department_of(cast.department_staff)
    assert department is not None
    make_message(audience=audience_of(department))
    make_message()
    make_message(channel=Channel.CONSOLE, recipient=cast.inspector.username)
    seen = {
        name: len(messages_about(cast[name], SUBJECT))
        for name in ("bureau_staff", "inspector", "department_staff", "other_department_staff", "leader")
    }
    assert seen == {
        "bureau_staff": 2,
        "inspector": 3,
        "department_staff": 1,
        "other_department_staff": 0,
        "leader": 0,
    }
