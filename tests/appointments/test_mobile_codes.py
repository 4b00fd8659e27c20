"""The one-time code: where text messages are sent, who books itself shows that the mobile is its own. [3.3]"""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from appointments import services
from appointments.enums import BookingStatus
from appointments.models import Booking, MobileCode
from appointments.selectors import sitting_for_booking
from core import audit, secrets
from core.errors import Refused
from core.models import AuditEntry
from notifications.channels import outgoing_of
from notifications.models import Message
from sessions_app.models import Sitting
from tests.appointments.conftest import NOW, application, cancel, confirm, take, wait
from tests.conftest import Cast

pytestmark = [pytest.mark.clause("[3.3]"), pytest.mark.django_db]
MOBILE = application(1).mobile


@pytest.fixture(autouse=True)
def clock() -> Any:
    cache.clear()  # the counters of an hour outlive a test
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def gateway(settings: Any) -> None:
    """A provider is configured; nothing is sent in these tests, for no relay runs."""
    settings.SMS_PROVIDER = "aliyun"


def code_of(mobile: str = MOBILE) -> str:
    latest = MobileCode.objects.filter(mobile=mobile).latest("pk")
    return secrets.one_time_code(str(latest.seed))


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def refused(code: str, typed: str, now: Any = NOW) -> None:
    with pytest.raises(Refused) as refusal:
        services.check_code(mobile=MOBILE, typed=typed, now=now)
    assert refusal.value.code == code


def test_confirm_without_a_gateway_needs_no_code(sitting: Sitting) -> None:
    assert confirm(take(sitting, 1)).status == BookingStatus.CONFIRMED


def test_confirm_with_a_gateway_needs_the_code_and_keeps_the_number_meanwhile(sitting: Sitting, gateway: None) -> None:
    booking = take(sitting, 1)
    with pytest.raises(Refused, match="mobile_unverified"):
        confirm(booking)
    booking.refresh_from_db()
    assert booking.status == BookingStatus.HELD
    services.send_code(mobile=MOBILE, now=NOW)
    services.verify_mobile(booking_id=booking.pk, typed=f" {code_of()} ", now=NOW)
    assert confirm(booking).status == BookingStatus.CONFIRMED


def test_desk_confirms_without_a_code(sitting: Sitting, gateway: None, cast: Cast) -> None:
    assert confirm(take(sitting, 1), actor=cast.window_clerk).status == BookingStatus.CONFIRMED


def test_code_stands_in_no_row_and_is_filled_in_when_sending() -> None:
    services.send_code(mobile=MOBILE, now=NOW)
    message = Message.objects.get(kind="mobile_code")
    stored = " ".join(str(value) for value in vars(message).values())
    assert code_of() not in stored
    assert code_of() in outgoing_of(message).text


def test_wrong_code_counts_and_the_fifth_ends_it() -> None:
    services.send_code(mobile=MOBILE, now=NOW)
    for _try in range(5):
        refused("code_wrong", wrong(code_of()))
    refused("too_many_tries", code_of())


def test_code_is_good_once_and_for_five_minutes() -> None:
    services.send_code(mobile=MOBILE, now=NOW)
    refused("code_expired", code_of(), NOW + timedelta(minutes=5, seconds=1))
    services.check_code(mobile=MOBILE, typed=code_of(), now=NOW + timedelta(minutes=4))
    refused("no_code", code_of())


def test_code_of_another_mobile_or_none_is_refused() -> None:
    refused("no_code", "123456")
    services.send_code(mobile="13900000000", now=NOW)
    refused("no_code", code_of("13900000000"))


def test_new_code_takes_the_place_of_the_old_one() -> None:
    services.send_code(mobile=MOBILE, now=NOW)
    old = code_of()
    services.send_code(mobile=MOBILE, now=NOW + timedelta(minutes=1))
    assert old != code_of()
    refused("code_wrong", old, NOW + timedelta(minutes=1))


def test_codes_are_sent_once_a_minute_and_five_times_an_hour() -> None:
    services.send_code(mobile=MOBILE, now=NOW)
    with pytest.raises(Refused, match="code_just_sent"):
        services.send_code(mobile=MOBILE, now=NOW + timedelta(seconds=59))
    for minute in range(1, 5):
        services.send_code(mobile=MOBILE, now=NOW + timedelta(minutes=minute))
    with pytest.raises(Refused, match="too_many_codes") as refusal:
        services.send_code(mobile=MOBILE, now=NOW + timedelta(minutes=6))
    assert "55 分钟" in str(refusal.value.message)
    services.send_code(mobile=MOBILE, now=NOW + timedelta(minutes=61))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_tries_at_once_are_all_counted() -> None:
    services.send_code(mobile=MOBILE, now=NOW)
    together, codes = threading.Barrier(8), []

    def guess() -> None:
        together.wait()
        try:
            services.check_code(mobile=MOBILE, typed=wrong(code_of()), now=NOW)
        except Refused as refusal:
            codes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _guess in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["code_wrong"] * 5 + ["too_many_tries"] * 3


def test_call_back_gives_the_number_on_and_waits_for_the_desk(
    full_sitting: Sitting, gateway: None, cast: Cast
) -> None:
    """Else a made-up mobile would keep a number for a day."""
    booking, waiting = Booking.objects.get(slot__number=1), wait(full_sitting, 6)
    asked = services.ask_call_back(booking_id=booking.pk, now=NOW)
    waiting.refresh_from_db()
    assert (asked.status, waiting.status, waiting.slot.number) == ("waiting", "offered", 1)
    call = Message.objects.get(kind="call_back")
    assert (call.channel, call.status, call.recipient) == ("phone", "to_call", booking.mobile)


def test_call_back_alone_in_line_is_offered_nothing_and_closes_nothing(sitting: Sitting, cast: Cast) -> None:
    booking = take(sitting, 1)
    services.ask_call_back(booking_id=booking.pk, now=NOW)
    services.release_due(NOW)
    booking.refresh_from_db()
    assert booking.status == BookingStatus.WAITING
    assert sitting_for_booking(sitting.pk).waiting == 0
    assert take(sitting, 2).number == 1
    services.confirm_mobile(booking_id=booking.pk, note="已回电", actor=cast.window_clerk, now=NOW)
    services.release_due(NOW)
    booking.refresh_from_db()
    assert booking.status == BookingStatus.OFFERED
    assert AuditEntry.objects.filter(action="verify_mobile", user=cast.window_clerk).exists()


def test_confirm_mobile_without_a_note_is_refused(sitting: Sitting, cast: Cast) -> None:
    with pytest.raises(Refused, match="no_note"):
        services.confirm_mobile(booking_id=take(sitting, 1).pk, note=" ", actor=cast.window_clerk, now=NOW)


def test_page_sends_takes_and_leads_back_to_the_form(sitting: Sitting, gateway: None, client: Client) -> None:
    booking = take(sitting, 1)
    own = f"/b/{booking.ticket_secret}/"
    review = client.get(f"{own}form/review/").content.decode()
    assert f'href="{own}mobile/"' in review
    assert client.post(f"{own}mobile/", {"send": "1"}).status_code == 302
    page = client.post(f"{own}mobile/", {"code": wrong(code_of())})
    assert (page.status_code, "还可再试 4 次" in page.content.decode()) == (422, True)
    done = client.post(f"{own}mobile/", {"code": code_of()})
    assert done["Location"] == f"{own}form/review/"
    assert list(done.cookies) == ["mobile"]
    booking.refresh_from_db()
    assert booking.mobile_verified_at == NOW


def test_device_that_showed_it_is_not_asked_again_for_thirty_days(
    sitting: Sitting, gateway: None, client: Client, clock: Any
) -> None:
    client.post("/mobile/", {"mobile": MOBILE, "send": "1"})
    client.post("/mobile/", {"mobile": MOBILE, "code": code_of()})
    columns = {"submission": secrets.new_submission(), **vars(application(1))}
    client.post(reverse("appointments:take", args=[sitting.pk]), columns)
    assert Booking.objects.get().mobile_verified_at == NOW


def test_proof_of_another_mobile_or_an_old_one_proves_nothing(clock: Any) -> None:
    token, days = secrets.device_proof(MOBILE), timedelta(days=30)
    assert secrets.proves(token, MOBILE, days)
    assert not secrets.proves(token, "13900000000", days)
    assert not secrets.proves("", MOBILE, days)
    clock.shift(timedelta(days=31))
    assert not secrets.proves(token, MOBILE, days)


def test_proof_does_not_show_the_mobile() -> None:
    assert not re.search(MOBILE, secrets.device_proof(MOBILE))


def test_pages_exist_only_where_texts_are_sent(sitting: Sitting, client: Client) -> None:
    assert client.get("/mobile/").status_code == 404
    booking = take(sitting, 1)
    assert client.get(f"/b/{booking.ticket_secret}/mobile/").status_code == 302
    assert "手机验证" not in client.get(f"/b/{booking.ticket_secret}/form/review/").content.decode()


@pytest.mark.parametrize("typed", ["", "abc", "１２３４５６", "9" * 500, "\ufffe", "-1"])
def test_mangled_code_is_answered_at_its_field(sitting: Sitting, gateway: None, client: Client, typed: str) -> None:
    booking = take(sitting, 1)
    services.send_code(mobile=MOBILE, now=NOW)
    answer = client.post(f"/b/{booking.ticket_secret}/mobile/", {"code": typed})
    assert answer.status_code == 422
    booking.refresh_from_db()
    assert booking.mobile_verified_at is None


def test_call_back_from_the_page_keeps_what_was_typed(sitting: Sitting, gateway: None, client: Client) -> None:
    booking = take(sitting, 1)
    services.keep_answers(booking_id=booking.pk, answers={"title": ["退税"]}, now=NOW)
    client.post(f"/b/{booking.ticket_secret}/mobile/", {"call_back": "1"})
    booking.refresh_from_db()
    assert (booking.status, booking.draft.answers) == (BookingStatus.WAITING, {"title": ["退税"]})


def test_holder_alone_is_asked(sitting: Sitting, gateway: None) -> None:
    with pytest.raises(Refused, match="mobile_unverified"):
        confirm(take(sitting, 1), actor=audit.HOLDER)


def test_codes_are_forgotten_after_a_day() -> None:
    services.send_code(mobile=MOBILE, now=NOW)
    assert services.forget_codes(NOW + timedelta(hours=23)) == 0
    assert services.forget_codes(NOW + timedelta(hours=25)) == 1


@pytest.mark.parametrize("end", ["cancel", "confirm", "line"])
def test_nobody_calls_back_who_needs_it_no_more(full_sitting: Sitting, gateway: None, cast: Cast, end: str) -> None:
    booking = Booking.objects.get(slot__number=1)
    services.ask_call_back(booking_id=booking.pk, now=NOW)
    call = Message.objects.get(kind="call_back")
    if end == "cancel":
        cancel(booking)
    elif end == "confirm":
        services.confirm_mobile(booking_id=booking.pk, note="本人接听", actor=cast.window_clerk, now=NOW)
    else:
        services.end_lines(NOW + timedelta(days=30))
    call.refresh_from_db()
    assert call.status == "withheld"
