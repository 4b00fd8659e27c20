"""Phoning as a task for a person, and whose task it is. [3.5]"""

import pytest

from core.errors import Refused
from core.models import AuditEntry
from departments.selectors import audience_of, department_of
from notifications import services
from notifications.enums import Channel, MessageStatus
from notifications.models import Message
from tests.conftest import Cast
from tests.factories import moment
from tests.notifications.conftest import NOW, make_message, told
from tests.notifications.test_outbox_console import LIST, signed_in

pytestmark = [pytest.mark.clause("[3.5]"), pytest.mark.django_db]
TO_CALL = f"{LIST}?waiting=to_call"


def call(message: Message, cast: Cast, *, reached: bool, note: str = "无人接听") -> Message:
    return services.record_call(message_id=message.pk, reached=reached, note=note, actor=cast.window_clerk, now=NOW)


def test_enqueue_over_the_phone_is_a_task_that_the_relay_leaves_alone() -> None:
    message = told(channel=Channel.PHONE, recipient="13800000001")
    assert services.send_due(NOW) == 0
    message.refresh_from_db()
    assert (message.status, message.attempts) == (MessageStatus.TO_CALL, 0)


def test_record_call_not_reached_counts_the_try_and_keeps_the_note(cast: Cast) -> None:
    message = make_message(MessageStatus.TO_CALL)
    call(message, cast, reached=False)
    message.refresh_from_db()
    assert (message.status, message.attempts, message.last_error) == (MessageStatus.TO_CALL, 1, "无人接听")
    entry = AuditEntry.objects.get(action="call_missed")
    assert (entry.reason, entry.user) == ("无人接听", cast.window_clerk)


def test_record_call_reached_is_sent_now(cast: Cast) -> None:
    message = make_message(MessageStatus.TO_CALL, attempts=1, last_error="无人接听")
    call(message, cast, reached=True, note="")
    message.refresh_from_db()
    assert (message.status, message.sent_at, message.last_error) == (MessageStatus.SENT, NOW, "")


def test_record_call_before_its_time_is_refused(cast: Cast) -> None:
    message = make_message(MessageStatus.TO_CALL, not_before=moment("2026-11-23 09:00"))
    with pytest.raises(Refused, match="too_early"):
        call(message, cast, reached=True)


def test_give_up_call_before_the_third_try_is_refused(cast: Cast) -> None:
    message = make_message(MessageStatus.TO_CALL)
    for _try in range(2):
        call(message, cast, reached=False)
    with pytest.raises(Refused, match="too_few_calls"):
        services.give_up_call(message_id=message.pk, note="关机", actor=cast.window_clerk)
    call(message, cast, reached=False)
    services.give_up_call(message_id=message.pk, note="关机", actor=cast.window_clerk)
    message.refresh_from_db()
    assert message.status == MessageStatus.FAILED


def test_failed_message_with_a_number_becomes_one_call_in_the_same_audience() -> None:
    message = told(channel=Channel.SMS, phone_fallback="13900000002", audience="department:3")
    services.send_due(NOW)
    services.send_due(NOW)
    made = Message.objects.get(dedup_key=f"{message.dedup_key}:phone")
    assert (made.channel, made.status, made.recipient) == (Channel.PHONE, MessageStatus.TO_CALL, "13900000002")
    assert (made.audience, made.subject, made.text) == ("department:3", message.subject, message.text)
    assert Message.objects.count() == 2


def test_failed_message_without_a_number_becomes_no_call() -> None:
    told(channel=Channel.SMS)
    services.send_due(NOW)
    assert Message.objects.get().status == MessageStatus.FAILED


def test_settled_as_arrived_drops_the_call_that_nobody_began(cast: Cast) -> None:
    lost = make_message(MessageStatus.UNKNOWN)
    waiting = make_message(MessageStatus.TO_CALL, dedup_key=f"{lost.dedup_key}:phone")
    services.settle_unknown(message_id=lost.pk, arrived=True, note="已回复", actor=cast.bureau_staff, now=NOW)
    waiting.refresh_from_db()
    assert waiting.status == MessageStatus.WITHHELD


def test_settled_as_arrived_leaves_a_call_that_somebody_began(cast: Cast) -> None:
    lost = make_message(MessageStatus.UNKNOWN)
    waiting = make_message(MessageStatus.TO_CALL, dedup_key=f"{lost.dedup_key}:phone", attempts=1)
    services.settle_unknown(message_id=lost.pk, arrived=True, note="已回复", actor=cast.bureau_staff, now=NOW)
    waiting.refresh_from_db()
    assert waiting.status == MessageStatus.TO_CALL


def test_list_of_calls_shows_what_is_due_oldest_first_and_masked(cast: Cast) -> None:
    for heading, when in (
        ("第二个", "2026-11-20 08:30"),
        ("第一个", "2026-11-19 09:00"),
        ("以后的", "2099-01-01 09:00"),
    ):
        make_message(MessageStatus.TO_CALL, heading=heading, not_before=moment(when))
    html = signed_in(cast.window_clerk).get(TO_CALL).content.decode()
    assert html.index("第一个") < html.index("第二个")
    assert "以后的" not in html
    assert "138****0001" in html
    assert "13800000001" not in html


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_calls_costs_the_same_for_more_rows(cast: Cast, django_assert_num_queries, rows: int) -> None:
    for _row in range(rows):
        make_message(MessageStatus.TO_CALL)
    client = signed_in(cast.department_staff)
    client.get(TO_CALL)
    with django_assert_num_queries(3):
        client.get(TO_CALL)


def test_a_department_sees_its_own_calls_alone(cast: Cast) -> None:
    department = department_of(cast.department_staff)
    assert department is not None
    make_message(MessageStatus.TO_CALL, heading="税务局的通知", audience=audience_of(department))
    make_message(MessageStatus.TO_CALL, heading="本局的通知")
    seen = {}
    for person in ("department_staff", "department_head", "other_department_staff", "bureau_staff"):
        html = signed_in(cast[person]).get(TO_CALL).content.decode()
        seen[person] = ("税务局的通知" in html, "本局的通知" in html)
    assert seen == {
        "department_staff": (True, False),
        "department_head": (True, False),
        "other_department_staff": (False, False),
        "bureau_staff": (True, True),
    }


def test_look_at_the_number_is_kept_and_shown_once(cast: Cast) -> None:
    message = make_message(MessageStatus.TO_CALL)
    client = signed_in(cast.window_clerk)
    page = client.post(f"{LIST}{message.pk}/do/reveal/", {"reason": "电话告知"}, follow=True).content.decode()
    assert "13800000001" in page
    entry = AuditEntry.objects.get(action="reveal_recipient")
    assert (entry.user, entry.reason) == (cast.window_clerk, "电话告知")
    assert "138000" not in f"{entry.before}{entry.after}{entry.subject}"
    assert "13800000001" not in client.get(f"{LIST}{message.pk}/change/").content.decode()


def test_call_not_reached_without_a_note_is_asked_for_it(cast: Cast) -> None:
    message = make_message(MessageStatus.TO_CALL)
    client = signed_in(cast.window_clerk)
    answer = client.post(f"{LIST}{message.pk}/do/record-call/", {"reached": "no", "note": ""})
    assert answer.status_code == 422
    assert "未接通的，说明情况" in answer.content.decode()
    client.post(f"{LIST}{message.pk}/do/record-call/", {"reached": "yes"})
    message.refresh_from_db()
    assert message.status == MessageStatus.SENT


def test_page_of_a_call_says_what_to_tell_without_the_link(cast: Cast) -> None:
    message = make_message(MessageStatus.TO_CALL, text="请于周四到场。{{ticket}}")
    html = signed_in(cast.window_clerk).get(f"{LIST}{message.pk}/do/record-call/").content.decode()
    assert "告知内容：请于周四到场。〔链接〕" in html


def test_front_page_counts_the_calls_that_are_due(cast: Cast) -> None:
    make_message(MessageStatus.TO_CALL)
    html = signed_in(cast.window_clerk).get("/console/").content.decode()
    assert "待电话告知" in html
    assert "?waiting=to_call" in html
