"""What everybody may open: the announcement in every state, feeds, poster, and what holds for all public pages."""

import io
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appointments.enums import BookingStatus
from appointments.models import Booking
from core import policy, secrets
from core.models import Setting, User
from core.selectors import forget_settings
from notifications.models import Message
from portal.models import Feedback
from sessions_app.models import Sitting
from tests.appointments.conftest import (
    DAY,
    FIRST_SESSION,
    NOW,
    ONCE_SUBMITTED,
    OPENS,
    bring_to,
    cancel,
    claim,
    confirm,
    consent,
    take,
    wait,
)
from tests.conftest import Cast
from tests.factories import make_sitting

pytestmark = pytest.mark.django_db
NOBODY = "a" * 26
SECRET_PAGES = [
    "/b/{}/",
    "/b/{}/booking.ics",
    "/b/{}/form/demand/",
    "/b/{}/form/review/",
    "/b/{}/form/demand/keep/",
    "/b/{}/files/1/",
    "/b/{}/files/1/remove/",
    "/b/{}/cancel/",
    "/b/{}/again/",
    "/b/{}/pressure/",
    "/c/{}/",
]
STEPS = ("grounds", "demand", "facts", "contact", "files", "review")


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        cache.clear()
        yield traveller


@pytest.fixture
def client() -> Client:
    """As strict as a real server: a public form must work without a token and without a cookie."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def sitting(db: None) -> Sitting:
    consent()
    return make_sitting(DAY, published=True, opens_at=OPENS)


@pytest.fixture
def confirmed(sitting: Sitting) -> Booking:
    return confirm(take(sitting, 1))


def fill_up(sitting: Sitting) -> None:
    for serial in range(1, policy.NUMBERS_PER_SITTING + 1):
        take(sitting, serial)


def public_pages(booking: Booking) -> list[str]:
    """Every public page that a visitor can open, with a booking of its own."""
    sitting, secret = booking.sitting_id, booking.ticket_secret
    number = reverse("appointments:take", args=[sitting])
    open_to_all = ["/", "/sittings/", f"/sittings/{sitting}/", f"/sittings/{sitting}/poster/", number]
    open_to_all += [
        f"{number}?join=1",
        "/feedback/",
        "/find/",
        "/announcements.atom",
        "/announcements.ics",
        "/healthz",
    ]
    own = [page.format(secret) for page in ("/b/{}/", "/b/{}/booking.ics", "/b/{}/cancel/", "/b/{}/pressure/")]
    return [*open_to_all, f"/sittings/{sitting}/calendar.ics", *own, f"/c/{booking.checkin_secret}/"]


@pytest.mark.clause("[3.2]")
class TestAnnouncement:
    STATES = {
        "upcoming": (OPENS - timedelta(hours=1), "尚未开放"),
        "open": (NOW, "正在预约"),
        "full": (NOW, "约满"),
        "closed": (OPENS + timedelta(days=8), "预约已截止"),
        "over": (FIRST_SESSION + timedelta(days=1), "已坐诊"),
        "cancelled": (NOW, "取消"),
    }

    @pytest.mark.parametrize("state", STATES)
    def test_announcement_says_its_state(self, client: Client, clock: Any, state: str) -> None:
        announced = make_sitting(DAY, published=True, opens_at=OPENS, cancelled=state == "cancelled")
        if state == "full":
            fill_up(announced)
        moment, says = self.STATES[state]
        clock.move_to(moment, tick=False)
        page = client.get(announced.get_absolute_url())
        assert page.status_code == 200
        assert says in text_of(page)
        takes = reverse("appointments:take", args=[announced.pk]) in text_of(page)
        assert takes is (state in ("open", "full", "closed"))

    def test_announcement_offers_calendar_and_poster(self, client: Client, sitting: Sitting) -> None:
        page = text_of(client.get(sitting.get_absolute_url()))
        assert reverse("portal:sitting_ics", args=[sitting.pk]) in page
        assert reverse("portal:poster", args=[sitting.pk]) in page

    def test_planned_sitting_is_not_announced(self, client: Client) -> None:
        planned = make_sitting(DAY)
        for page in ("", "poster/", "calendar.ics", "number/"):
            assert client.get(f"/sittings/{planned.pk}/{page}").status_code == 404

    def test_front_page_shows_what_can_be_booked_before_what_is_nearer(self, client: Client, sitting: Sitting) -> None:
        nearer = make_sitting(DAY - timedelta(days=7), published=True, opens_at=OPENS - timedelta(days=9))
        page = text_of(client.get("/"))
        assert page.index(sitting.title) < page.index(nearer.title)

    def test_front_page_without_a_sitting_says_what_comes(self, client: Client) -> None:
        planned = make_sitting(DAY)
        page = text_of(client.get("/"))
        assert "暂无正在公告的坐诊" in page
        assert planned.title in page

    def test_front_page_says_no_opening_that_is_past(self, client: Client, sitting: Sitting) -> None:
        later = make_sitting(DAY + timedelta(days=14), published=True, opens_at=OPENS + timedelta(days=20))
        assert text_of(client.get("/")).count("开放预约</time>") == 1  # of `later`
        make_sitting(DAY + timedelta(days=1), published=True, opens_at=OPENS - timedelta(days=1))
        page = text_of(client.get("/"))
        assert later.title in page
        assert page.count("开放预约</time>") == 1

    def test_front_page_shows_no_enterprise(self, client: Client, confirmed: Booking) -> None:
        for page in public_pages(confirmed)[:8]:
            answer = text_of(client.get(page))
            assert not [said for said in (confirmed.company_name, confirmed.reference) if said in answer], page

    def test_list_of_sittings_shows_announced_planned_and_past(self, client: Client, sitting: Sitting) -> None:
        others = [make_sitting(DAY + timedelta(days=14)), make_sitting(DAY - timedelta(days=14), published=True)]
        page = text_of(client.get("/sittings/"))
        assert not [row.title for row in (sitting, *others) if row.title not in page]

    def test_poster_holds_a_code_and_the_address_in_words(self, client: Client, sitting: Sitting) -> None:
        page = text_of(client.get(f"/sittings/{sitting.pk}/poster/"))
        assert "<svg" in page
        assert f"localhost:8000{sitting.get_absolute_url()}" in page

    def test_feeds_name_the_sitting(self, client: Client, sitting: Sitting) -> None:
        feed, calendar = client.get("/announcements.atom"), client.get("/announcements.ics")
        assert sitting.title in text_of(feed)
        assert "DTSTART" in text_of(calendar)
        one = client.get(f"/sittings/{sitting.pk}/calendar.ics")
        assert text_of(one).count("BEGIN:VEVENT") == sitting.sessions.count()

    def test_hold_minutes_of_the_bureau_are_the_ones_shown(self, client: Client, sitting: Sitting) -> None:
        Setting.objects.create(key=policy.HOLD_MINUTES.key, value="40")
        forget_settings()
        for page in ("/", sitting.get_absolute_url(), reverse("appointments:take", args=[sitting.pk])):
            answer = text_of(client.get(page))
            assert "40 分钟" in answer, page
            assert "15 分钟写" not in answer, page


@pytest.mark.clause("[3.3]")
class TestEverySecretPage:
    @pytest.mark.parametrize("place", SECRET_PAGES)
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_unknown_secret_is_not_found(self, client: Client, sitting: Sitting, place: str, method: str) -> None:
        assert getattr(client, method)(place.format(NOBODY)).status_code == 404

    def test_ticket_and_check_in_do_not_open_each_other(self, client: Client, confirmed: Booking) -> None:
        assert client.get(f"/b/{confirmed.checkin_secret}/").status_code == 404
        assert client.get(f"/c/{confirmed.ticket_secret}/").status_code == 404

    def test_secret_pages_are_never_cached_framed_or_told_to_others(self, client: Client, confirmed: Booking) -> None:
        for page in public_pages(confirmed):
            answer = client.get(page)
            assert answer.status_code == 200, page
            assert answer.headers["Referrer-Policy"] == "same-origin"
            assert answer.headers["X-Frame-Options"] == "DENY"
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
            if page.startswith(("/b/", "/c/")):
                assert "no-store" in answer.headers["Cache-Control"], page

    @pytest.mark.clause("[5.2]")
    @pytest.mark.parametrize("place", [*(f"form/{step}/" for step in STEPS), "", "cancel/", "again/"])
    def test_every_page_from_booking_on_says_where_to_report_pressure(
        self, client: Client, sitting: Sitting, clock: Any, place: str
    ) -> None:
        own = f"/b/{take(sitting, 1).ticket_secret}/"
        if place == "again/":
            clock.shift(timedelta(minutes=16))
        assert f"{own}pressure/" in text_of(client.get(own + place))

    @pytest.mark.parametrize("status", BookingStatus.values)
    def test_slip_opens_in_every_status_in_words_of_its_own(
        self, client: Client, sitting: Sitting, clock: Any, cast: Cast, status: str
    ) -> None:
        booking = booking_in(sitting, status, cast.bureau_staff)
        if status in (BookingStatus.EXPIRED, BookingStatus.LAPSED):
            clock.shift(timedelta(days=2))
        page = client.get(f"/b/{booking.ticket_secret}/")
        booking.refresh_from_db()
        assert (page.status_code, booking.status) == (200, status)
        assert booking.reference in text_of(page)
        assert str(booking.get_status_display()) in text_of(page)

    def test_check_in_page_names_nobody(self, client: Client, confirmed: Booking) -> None:
        page = client.get(f"/c/{confirmed.checkin_secret}/")
        named = (confirmed.company_name, confirmed.mobile, "张建国", confirmed.credit_code, confirmed.ticket_secret)
        assert page.status_code == 200
        assert not [said for said in named if said in text_of(page)]

    def test_slip_as_a_calendar_entry_holds_no_secret(self, client: Client, confirmed: Booking) -> None:
        answer = client.get(f"/b/{confirmed.ticket_secret}/booking.ics")
        assert answer.headers["Content-Type"].startswith("text/calendar")
        assert b"DTSTART;VALUE=DATE:20261126" in answer.content
        assert confirmed.ticket_secret not in text_of(answer)

    def test_logs_hold_no_secret(self, client: Client, confirmed: Booking) -> None:
        """What the configured handler writes, not what the test runner collects."""
        written = io.StringIO()
        handlers = [h for h in logging.getLogger().handlers if getattr(h, "formatter", None) and h.filters]
        assert handlers
        before = [handler.setStream(written) for handler in handlers if isinstance(handler, logging.StreamHandler)]
        try:
            client.get(f"/b/{confirmed.ticket_secret}/form/nothing/")
            client.get(f"/b/{confirmed.ticket_secret}/files/99/")
            client.get(f"/b/{confirmed.ticket_secret[::-1]}/")
            client.get(f"/c/{confirmed.checkin_secret}/nothing")
        finally:
            for handler, stream in zip(handlers, before, strict=True):
                handler.setStream(stream)
        assert "/b/…" in written.getvalue()
        assert not re.search(r"[a-z2-7]{26}", written.getvalue())


def booking_in(sitting: Sitting, status: str, bureau: User) -> Booking:
    """A booking brought into a status through the verbs; a timed one has still to run out."""
    match status:
        case BookingStatus.WAITING:
            fill_up(sitting)
            return wait(sitting, 6)
        case BookingStatus.OFFERED | BookingStatus.LAPSED:
            fill_up(sitting)
            waiting = wait(sitting, 6)
            cancel(Booking.objects.get(slot__number=1))
            return waiting
        case BookingStatus.CONTESTED:
            take(sitting, 1)
            return claim(sitting, 1)
        case BookingStatus.CANCELLED:
            return cancel(take(sitting, 1))
        case BookingStatus.SITTING_CANCELLED:
            booking = take(sitting, 1)
            Booking.objects.filter(pk=booking.pk).update(status=status, held_until=None)
            Sitting.objects.filter(pk=sitting.pk).update(status="cancelled", cancelled_at=NOW)
            return booking
    if status in ONCE_SUBMITTED:
        return bring_to(status, take(sitting, 1), bureau)
    return take(sitting, 1)


class TestEveryPublicPage:
    @pytest.mark.clause("[3.3]")
    def test_no_public_page_sets_a_cookie(self, client: Client, confirmed: Booking) -> None:
        for page in [*public_pages(confirmed), "/nothing/"]:
            assert not client.get(page).cookies, page
        for page in ("/find/", "/feedback/", reverse("appointments:take", args=[confirmed.sitting_id])):
            assert not client.post(page, {}).cookies, page

    def test_larger_view_is_the_one_cookie_and_only_when_asked_for(self, client: Client, sitting: Sitting) -> None:
        answer = client.get("/view/?large=1&next=/sittings/")
        assert (answer.headers["Location"], list(answer.cookies)) == ("/sittings/", ["view"])
        assert 'class="large"' in text_of(client.get("/"))
        client.get("/view/?large=0")
        assert 'class="large"' not in text_of(client.get("/"))

    @pytest.mark.parametrize("target", ["//evil.cn", "https://evil.cn/", "javascript:alert(1)", "/\\evil.cn"])
    def test_larger_view_leads_nowhere_else(self, client: Client, target: str) -> None:
        assert client.get("/view/", {"large": "1", "next": target}).headers["Location"] == "/"

    def test_page_not_found_is_said_in_chinese_with_a_way_back(self, client: Client) -> None:
        answer = client.get("/nothing/")
        assert answer.status_code == 404
        assert "服务专窗" in text_of(answer)
        assert 'href="/"' in text_of(answer)

    def test_feedback_is_kept_and_limited(self, client: Client) -> None:
        assert client.post("/feedback/", {"content": ""}).status_code == 422
        codes = [client.post("/feedback/", {"content": f"字太小 {n}"}).status_code for n in range(11)]
        assert set(codes[:10]) <= {200, 302}
        assert codes[10] == 429
        assert Feedback.objects.count() == 10


@pytest.mark.clause("[3.3]")
class TestFind:
    def test_find_answers_the_same_either_way_and_sends_the_link(self, client: Client, confirmed: Booking) -> None:
        right = {"reference": confirmed.reference.lower(), "mobile": confirmed.mobile}
        found = client.post("/find/", right)
        missed = client.post("/find/", right | {"reference": "26-99-AAAAA"})
        assert (found.status_code, found.content) == (missed.status_code, missed.content)
        assert confirmed.ticket_secret not in text_of(found)
        message = Message.objects.get(kind="link_again")
        assert message.recipient == confirmed.mobile
        assert confirmed.ticket_secret not in message.text
        assert secrets.TICKET in message.text

    def test_find_wrong_mobile_sends_nothing(self, client: Client, confirmed: Booking) -> None:
        client.post("/find/", {"reference": confirmed.reference, "mobile": "13800009999"})
        assert not Message.objects.filter(kind="link_again").exists()

    def test_find_more_than_the_hourly_limit_says_how_long_to_wait(
        self, client: Client, confirmed: Booking, clock: Any
    ) -> None:
        clock.move_to(timezone.localtime(NOW).replace(minute=20), tick=False)
        said = {"reference": confirmed.reference, "mobile": confirmed.mobile}
        codes = [client.post("/find/", said).status_code for _try in range(policy.FIND_ATTEMPTS_PER_HOUR.default)]
        assert set(codes) <= {200, 302}
        answer = client.post("/find/", said)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, str(41 * 60))
        assert "41 分钟" in text_of(answer)
        clock.shift(timedelta(hours=1))
        assert client.post("/find/", said).status_code in (200, 302)
