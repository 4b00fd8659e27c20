"""Asking, reminding, drawing: each once, each late rather than never, each at the cost of what is due. [3.8] [3.9]"""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from cases.models import Case, Closing
from core import audit
from core import services as kernel
from core.audit import subject_of
from core.errors import Refused
from core.models import AuditEntry
from core.selectors import forget_settings
from evaluations import services
from evaluations.models import FollowUp, Invitation
from evaluations.services import sampling
from notifications import services as messages
from notifications.channels import fill
from notifications.models import Message
from tests.cases.conftest import DAY, SEEN, close_at_once
from tests.conftest import Cast
from tests.evaluations.rating_steps import (
    ASKED,
    CLOSED,
    LAST_DAY,
    SATISFIED,
    SILENT,
    close_again,
    invite,
    next_round,
    rate,
)
from tests.factories import moment

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.8]")]
SAME_START = True
FIRST, SECOND = moment("2026-12-15 09:00"), moment("2026-12-20 09:00")


def told(invitation: Invitation) -> list[str]:
    return list(Message.objects.filter(subject=subject_of(invitation)).order_by("pk").values_list("kind", flat=True))


def set_ours(cast: Cast, **values: int) -> None:
    for key, value in values.items():
        kernel.change_setting(key=key, value=str(value), actor=cast.bureau_supervisor, reason="试行")
    forget_settings()  # as the transaction's end does


class TestInvite:
    def test_asks_once_with_the_last_day_and_a_secret_of_its_own(self, closed: Case) -> None:
        assert (services.invite_closed(ASKED), services.invite_closed(ASKED)) == (1, 0)
        invitation = Invitation.objects.get()
        assert (invitation.round, invitation.closed_at) == (1, CLOSED)
        assert (invitation.silent_on, invitation.draw_on) == (date(2026, 12, 25), date(2026, 12, 25))
        assert invitation.unit is not None
        assert invitation.unit.name == "市税务局"
        booking = closed.booking
        assert len({invitation.secret, booking.ticket_secret, booking.checkin_secret}) == 3

    def test_message_holds_a_placeholder_until_it_is_sent(self, closed: Case, settings: Any) -> None:
        invitation = invite(closed)
        message = Message.objects.get(subject=subject_of(invitation))
        assert message.kind == "rating_asked"
        assert "{{rating}}" in message.text
        assert invitation.secret not in str(list(Message.objects.values()))
        assert f"{settings.PUBLIC_BASE_URL}/r/{invitation.secret}/" in fill(message)
        messages.send_due(ASKED)
        assert invitation.secret not in str(list(Message.objects.values()))

    def test_who_wants_to_be_phoned_gets_an_sms(self, closed: Case) -> None:
        booking = closed.booking
        booking.channels = ["phone"]
        booking.save()
        invite(closed)
        assert Message.objects.filter(kind="rating_asked").values_list("channel", flat=True).get() == "sms"

    def test_what_was_closed_at_once_is_asked_about_too(self, booking: Any, cast: Cast) -> None:
        case = close_at_once(booking, cast.department_head)
        assert invite(case, now=SEEN).silent_on == DAY + timedelta(15)

    def test_each_round_is_asked_about(self, closed: Case) -> None:
        first = invite(closed)
        close_again(next_round(closed), now=SILENT)
        second = invite(closed, now=SILENT)
        assert (first.round, second.round) == (1, 2)
        assert first.secret != second.secret

    def test_after_a_week_without_a_sweep_the_days_count_from_the_question(self, closed: Case) -> None:
        invitation = invite(closed, now=CLOSED + timedelta(7))
        assert (invitation.silent_on, invitation.remind_on) == (date(2027, 1, 1), date(2026, 12, 22))


class TestRemind:
    def test_twice_in_the_morning_of_its_days_and_never_again(self, closed: Case) -> None:
        invitation = invite(closed)
        ticks = [CLOSED + timedelta(hours=hour) for hour in range(30 * 24)]
        reminded = [tick for tick in ticks if services.remind_unrated(tick)]
        assert [tick.date() for tick in reminded] == [FIRST.date(), SECOND.date()]
        assert [tick.hour for tick in reminded] == [9, 9]
        assert told(invitation) == ["rating_asked", "rating_reminder", "rating_reminder"]
        invitation.refresh_from_db()
        assert (invitation.reminded, invitation.remind_on) == (2, None)

    @pytest.mark.parametrize("late", [1, 7, 30])
    def test_asked_late_it_is_reminded_as_often(self, closed: Case, late: int) -> None:
        invite(closed, now=CLOSED + timedelta(days=late))
        ticks = [CLOSED + timedelta(hours=hour) for hour in range(60 * 24)]
        reminded = [tick.date() - CLOSED.date() for tick in ticks if services.remind_unrated(tick)]
        assert [after.days for after in reminded] == [late + 5, late + 10]

    @pytest.mark.parametrize("early", [FIRST - timedelta(minutes=1), FIRST - timedelta(hours=9)])
    def test_not_before_the_hour(self, closed: Case, early: datetime) -> None:
        invite(closed)
        assert services.remind_unrated(early) == 0

    def test_never_once_rated(self, closed: Case) -> None:
        rate(invite(closed))
        assert services.remind_unrated(SECOND) == 0

    def test_after_an_outage_one_stands_for_both(self, closed: Case) -> None:
        invitation = invite(closed)
        assert [services.remind_unrated(SECOND + timedelta(hours=n)) for n in (0, 1, 30)] == [1, 0, 0]
        assert told(invitation).count("rating_reminder") == 1

    def test_after_the_last_day_nothing_is_sent(self, closed: Case) -> None:
        invitation = invite(closed)
        assert services.remind_unrated(SILENT + timedelta(hours=12)) == 0
        assert told(invitation) == ["rating_asked"]
        invitation.refresh_from_db()
        assert invitation.remind_on is None

    def test_a_round_that_is_handled_again_is_left_alone(self, closed: Case) -> None:
        invitation = invite(closed)
        next_round(closed)
        assert services.remind_unrated(FIRST) == 0
        assert told(invitation) == ["rating_asked"]

    @pytest.mark.parametrize(("first", "last", "days"), [(10, 5, [15, 20]), (7, 7, [17]), (20, 3, [13]), (30, 40, [])])
    def test_days_are_the_bureaus_and_never_after_the_last(
        self, closed: Case, cast: Cast, first: int, last: int, days: list[int]
    ) -> None:
        set_ours(cast, first_rating_reminder_days=first, last_rating_reminder_days=last)
        invite(closed)
        noons = [moment("2026-12-10 12:00") + timedelta(days=n) for n in range(40)]
        assert [noon.day for noon in noons if services.remind_unrated(noon)] == days


@pytest.mark.clause("[3.9]")
class TestDraw:
    def chance(self, monkeypatch: pytest.MonkeyPatch, value: int) -> None:
        monkeypatch.setattr(sampling._chance, "randrange", lambda stop: value)

    @pytest.mark.parametrize(("value", "drawn"), [(0, True), (19, True), (20, False), (99, False)])
    def test_one_in_five_is_followed_up(
        self, closed: Case, monkeypatch: pytest.MonkeyPatch, value: int, drawn: bool
    ) -> None:
        self.chance(monkeypatch, value)
        invitation = invite(closed)
        assert services.draw_silent(SILENT) == 1
        invitation.refresh_from_db()
        assert (invitation.drawn, invitation.drawn_at, invitation.draw_on) == (drawn, SILENT, None)
        assert list(FollowUp.objects.values_list("origin", flat=True)) == ["sample"] * drawn
        entry = AuditEntry.objects.get(action="draw_sample")
        assert (entry.after, entry.reason) == ("抽中" if drawn else "未抽中", "按 20% 随机抽取")

    def test_is_decided_once(self, closed: Case, monkeypatch: pytest.MonkeyPatch) -> None:
        self.chance(monkeypatch, 99)
        invite(closed)
        services.draw_silent(SILENT)
        self.chance(monkeypatch, 0)
        assert services.draw_silent(SILENT + timedelta(1)) == 0
        assert not FollowUp.objects.exists()

    def test_not_while_a_rating_would_be_in_time(self, closed: Case) -> None:
        invite(closed)
        assert services.draw_silent(LAST_DAY) == 0

    def test_stores_no_rating(self, closed: Case) -> None:
        invite(closed)
        services.draw_silent(SILENT)
        assert not closed.ratings.exists()

    def test_never_of_a_round_that_was_rated(self, closed: Case, monkeypatch: pytest.MonkeyPatch) -> None:
        self.chance(monkeypatch, 0)
        rate(invite(closed))
        assert services.draw_silent(SILENT) == 0
        assert not FollowUp.objects.exists()

    def test_nor_of_one_that_is_handled_again(self, closed: Case, monkeypatch: pytest.MonkeyPatch) -> None:
        self.chance(monkeypatch, 0)
        invitation = invite(closed)
        next_round(closed)
        assert services.draw_silent(SILENT) == 0
        invitation.refresh_from_db()
        assert (invitation.drawn_at, invitation.draw_on) == (None, None)

    def test_late_rating_of_what_was_drawn_is_kept(self, closed: Case, monkeypatch: pytest.MonkeyPatch) -> None:
        self.chance(monkeypatch, 0)
        invitation = invite(closed)
        services.draw_silent(SILENT)
        assert rate(invitation, SATISFIED, now=SILENT).is_late

    @pytest.mark.parametrize(("percent", "count"), [(0, 0), (100, 1)])
    def test_share_is_the_bureaus(self, closed: Case, cast: Cast, percent: int, count: int) -> None:
        set_ours(cast, sample_percent=percent)
        invite(closed)
        services.draw_silent(SILENT)
        assert FollowUp.objects.count() == count

    def test_chance_is_the_operating_systems(self) -> None:
        first = [sampling._chance.randrange(100) for _ in range(1000)]
        sampling._chance.seed(1)
        assert 120 < sum(value < 20 for value in first) < 280
        assert first != [sampling._chance.randrange(100) for _ in range(1000)]


class TestCost:
    """Follows what is due, not what exists."""

    @pytest.fixture
    def many(self, closed: Case) -> Invitation:
        """What waits for its day, and what nothing waits for any more."""
        invitation = invite(closed)
        Invitation.objects.bulk_create(
            Invitation(
                case=closed,
                round=number,
                closed_at=CLOSED,
                silent_on=date(2027, 1, 1),
                digest=str(number),
                remind_on=date(2026, 12, 31) if number % 2 else None,
                draw_on=date(2027, 1, 1) if number % 2 else None,
            )
            for number in range(2, 200)
        )
        Closing.objects.bulk_create(
            Closing(
                case=closed,
                round=number,
                start=closed.start,
                result="solved",
                answer="。",
                closed_at=CLOSED,
                taken_up_at=CLOSED,
            )
            for number in range(2, 200)
        )
        return invitation

    def test_nothing_due_costs_one_read_each(self, many: Invitation, django_assert_num_queries: Any) -> None:
        services.remind_unrated(ASKED)  # the settings are in the cache from here on
        for sweep in (services.invite_closed, services.remind_unrated, services.draw_silent):
            with django_assert_num_queries(1):
                assert sweep(ASKED) == 0

    def test_one_due_costs_the_same_among_many(self, many: Invitation, django_assert_num_queries: Any) -> None:
        services.remind_unrated(ASKED)
        with django_assert_num_queries(9):
            assert services.remind_unrated(FIRST) == 1

    def test_of_asking(self, closed: Case, django_assert_num_queries: Any) -> None:
        services.remind_unrated(ASKED)
        with django_assert_num_queries(11):
            assert services.invite_closed(ASKED) == 1


class TestSendAgain:
    def send(self, case: Case, *, round: int = 1, now: datetime = ASKED) -> Invitation:
        return services.send_link_again(case_id=case.pk, round=round, actor=audit.HOLDER, now=now)

    def test_goes_to_the_contact_on_record_once_in_ten_minutes(self, closed: Case) -> None:
        invitation = invite(closed)
        for _press in range(3):
            self.send(closed)
        again = Message.objects.get(kind="rating_link_again")
        assert (again.recipient, again.subject) == (closed.booking.mobile, subject_of(invitation))
        self.send(closed, now=ASKED + timedelta(minutes=11))
        assert Message.objects.filter(kind="rating_link_again").count() == 2

    @pytest.mark.parametrize("round", [0, 2])
    def test_of_a_round_that_was_not_asked_about_is_refused(self, closed: Case, round: int) -> None:
        invite(closed)
        with pytest.raises(Refused, match="not_asked"):
            self.send(closed, round=round)

    def test_once_rated_is_refused(self, closed: Case) -> None:
        rate(invite(closed))
        with pytest.raises(Refused, match="rated"):
            self.send(closed)
