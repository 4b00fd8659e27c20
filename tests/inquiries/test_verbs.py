"""What the verbs of a question leave behind: rows, clock, trail, messages. [3.1]"""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from appointments.enums import BookingStatus, Origin
from appointments.models import Booking, BookingDraft
from appointments.services import release_due
from core import audit, secrets
from core.errors import AlreadyDone, Refused
from core.models import AuditEntry, Setting
from core.selectors import forget_settings
from inquiries import services
from inquiries.enums import EntryKind, InquiryStatus, Source
from inquiries.models import Entry, Inquiry
from inquiries.services import booking as booking_verbs
from notifications.channels import fill
from notifications.enums import Channel
from notifications.models import Message
from tests.appointments.conftest import DAY, NOW, OPENS, application, cancel, confirm, take
from tests.conftest import Cast
from tests.factories import department, make_sitting
from tests.inquiries.conftest import MOBILE, answer, ask, follow_up, pass_on, point_on, question
from tests.inquiries.test_matrix import start_booking

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.1]")]


def told(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("pk"))


class TestAsk:
    def test_ask_keeps_the_question_with_consent_and_a_due_day(self) -> None:
        inquiry = ask(question=question(company_name="安宁某公司", contact_name="王工", email="w@example.cn"))
        kept = Inquiry.objects.get()
        assert (kept.status, kept.source, kept.round, kept.taken_by) == (InquiryStatus.OPEN, Source.SITE, 1, None)
        assert kept.consent_id is not None
        assert (kept.opened_at, kept.due) == (NOW, date(2026, 11, 20))
        assert kept.link_digest == secrets.digest(inquiry.secret)
        assert AuditEntry.objects.get(action="ask").after == InquiryStatus.OPEN

    def test_the_same_submission_again_gives_the_same_question(self) -> None:
        token = secrets.new_submission()
        first, second = ask(submission=token), ask(submission=token, question=question(text="另一问"))
        assert first.pk == second.pk
        assert Inquiry.objects.count() == 1
        assert len(told("inquiry_received")) == 1

    def test_a_reference_drawn_twice_is_drawn_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        drawn = iter("AAAAAAAAAABBBBB")
        monkeypatch.setattr("core.references.secrets.choice", lambda _characters: next(drawn))
        assert [ask().reference[-5:] for _time in range(2)] == ["AAAAA", "BBBBB"]

    def test_the_asker_is_sent_the_link_of_the_page(self) -> None:
        inquiry = ask(question=question(email="w@example.cn"))
        sms, mail = told("inquiry_received")
        assert (sms.channel, sms.recipient) == (Channel.SMS, MOBILE)
        assert (mail.channel, mail.recipient) == (Channel.EMAIL, "w@example.cn")
        assert inquiry.secret not in sms.text
        assert f"/q/{inquiry.secret}/" in fill(sms)

    def test_the_limit_is_the_bureaus_to_change(self) -> None:
        Setting.objects.create(key="question_working_days", value="3")
        forget_settings()
        assert ask().due == date(2026, 11, 23)

    @pytest.mark.parametrize("text", ["", "  \n "])
    def test_ask_without_words_is_refused(self, text: str) -> None:
        with pytest.raises(Refused, match="empty"):
            ask(question=question(text=text))

    def test_clerk_asks_for_somebody_on_the_phone(self, cast: Cast) -> None:
        inquiry = ask(actor=cast.window_clerk, source=Source.PHONE)
        assert (inquiry.taken_by, inquiry.source) == (cast.window_clerk, Source.PHONE)
        with pytest.raises(PermissionDenied):
            ask(actor=cast.department_staff)


class TestReplies:
    def test_correction_stands_below_what_was_said_and_is_told(self, cast: Cast) -> None:
        inquiry = answer(ask(), cast.window_clerk)
        for text in ("以新目录为准。", "目录见附件。"):
            services.correct_reply(inquiry_id=inquiry.pk, text=text, actor=cast.window_clerk, now=NOW)
        kinds = list(inquiry.entries.values_list("kind", flat=True))
        assert kinds == [EntryKind.ANSWER, EntryKind.CORRECTION, EntryKind.CORRECTION]
        assert len({message.dedup_key for message in told("inquiry_corrected")}) == 2
        assert "以新目录为准" not in told("inquiry_corrected")[0].text

    def test_link_is_sent_again_once_a_minute(self, cast: Cast) -> None:
        cache.clear()
        inquiry = ask()
        send = {"inquiry_id": inquiry.pk, "actor": cast.window_clerk}
        services.send_link_again(now=NOW, **send)
        with pytest.raises(Refused, match="too_often"):
            services.send_link_again(now=NOW, **send)
        services.send_link_again(now=NOW + timedelta(minutes=1), **send)
        messages = told("inquiry_link_again")
        assert [(message.recipient, message.link_seed) for message in messages] == [
            (inquiry.mobile, str(inquiry.link_seed))
        ] * 2

    def test_answer_is_kept_with_its_author_and_unit_and_never_in_the_message(self, cast: Cast) -> None:
        inquiry = answer(pass_on(ask(), cast), cast.department_staff, text="带营业执照原件。")
        entry = Entry.objects.get()
        assert (entry.kind, entry.text, entry.round) == (EntryKind.ANSWER, "带营业执照原件。", 1)
        assert (entry.written_by, entry.unit) == (cast.department_staff, department("市税务局"))
        assert inquiry.closed_at == NOW
        (message,) = told("inquiry_answered")
        assert "营业执照" not in message.text
        assert f"/q/{inquiry.secret}/" in fill(message)

    def test_pointer_names_where_and_why(self, cast: Cast) -> None:
        inquiry = ask()
        to = department("市统计局")
        services.point_on(
            inquiry_id=inquiry.pk, department_id=to.pk, place="", text="找综合科", actor=cast.window_clerk, now=NOW
        )
        entry = Entry.objects.get()
        assert (entry.kind, entry.to_department) == (EntryKind.POINTER, to)
        assert len(told("inquiry_pointed_on")) == 1

    def test_pointer_to_nowhere_is_refused_and_impossible(self, cast: Cast) -> None:
        inquiry = ask()
        with pytest.raises(Refused, match="no_place"):
            point_on(inquiry, cast.window_clerk, place=" ")
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.create(inquiry=inquiry, kind=EntryKind.POINTER, round=1, text="x")

    def test_a_second_answer_is_told_as_already_done_and_sends_nothing(self, cast: Cast) -> None:
        inquiry = answer(ask(), cast.window_clerk)
        with pytest.raises(AlreadyDone):
            answer(inquiry, cast.bureau_staff, text="另一答复")
        assert len(told("inquiry_answered")) == Entry.objects.count() == 1

    def test_only_the_asker_says_whether_a_reply_helped(self, cast: Cast) -> None:
        answer(ask(), cast.window_clerk)
        entry = Entry.objects.get()
        with pytest.raises(PermissionDenied):
            services.judge_reply(entry_id=entry.pk, helped=True, actor=cast.bureau_supervisor)
        for word in (False, True, True):
            services.judge_reply(entry_id=entry.pk, helped=word, actor=audit.HOLDER)
        entry.refresh_from_db()
        assert entry.helped is True
        assert AuditEntry.objects.filter(action="judge_reply").count() == 2

    def test_what_the_asker_wrote_cannot_be_judged(self) -> None:
        follow_up(ask())
        with pytest.raises(Refused, match="no_reply"):
            services.judge_reply(entry_id=Entry.objects.get().pk, helped=True, actor=audit.HOLDER)


class TestFollowUp:
    def test_adding_to_an_open_question_leaves_its_clock(self) -> None:
        inquiry = ask()
        follow_up(inquiry, now=NOW + timedelta(days=1))
        inquiry.refresh_from_db()
        assert (inquiry.round, inquiry.opened_at, inquiry.due) == (1, NOW, date(2026, 11, 20))
        assert Entry.objects.get().kind == EntryKind.ADDITION

    def test_asking_again_opens_a_round_with_its_own_clock_and_messages(self, cast: Cast) -> None:
        inquiry = answer(ask(), cast.window_clerk)
        later = NOW + timedelta(days=5)
        for number in (2, 3):
            follow_up(inquiry, now=later)
            inquiry.refresh_from_db()
            assert (inquiry.status, inquiry.round, inquiry.closed_at) == (InquiryStatus.OPEN, number, None)
            assert (inquiry.opened_at, inquiry.due) == (later, date(2026, 11, 25))
            answer(inquiry, cast.window_clerk, now=later)
        assert [entry.round for entry in Entry.objects.order_by("pk")] == [1, 2, 2, 3, 3]
        assert len(told("inquiry_answered")) == 3

    def test_asking_again_tells_the_department_that_answered(self, cast: Cast) -> None:
        inquiry = answer(pass_on(ask(), cast), cast.department_staff)
        before = len(told("inquiry_passed"))
        follow_up(inquiry)
        assert len(told("inquiry_passed")) == 2 * before == 4

    def test_a_page_behind_a_link_is_no_chat(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("core.policy.INQUIRY_ENTRIES_MAX", 2)
        inquiry = ask()
        follow_up(inquiry)
        follow_up(inquiry)
        with pytest.raises(Refused, match="too_long"):
            follow_up(inquiry)

    def test_withdrawing_at_the_desk_needs_a_reason_and_is_told(self, cast: Cast) -> None:
        inquiry = ask()
        with pytest.raises(Refused, match="no_reason"):
            services.withdraw(inquiry_id=inquiry.pk, actor=cast.window_clerk, now=NOW)
        services.withdraw(inquiry_id=inquiry.pk, actor=cast.window_clerk, now=NOW, reason="来电撤回")
        assert len(told("inquiry_withdrawn")) == 1

    def test_withdrawing_by_the_link_sends_nothing(self) -> None:
        services.withdraw(inquiry_id=ask().pk, actor=audit.HOLDER, now=NOW)
        assert not told("inquiry_withdrawn")


class TestDepartments:
    def test_passing_tells_the_departments_people_and_keeps_the_clock(self, cast: Cast) -> None:
        inquiry = ask()
        pass_on(inquiry, cast)
        inquiry.refresh_from_db()
        assert (inquiry.department, inquiry.due) == (department("市税务局"), date(2026, 11, 20))
        assert {message.recipient for message in told("inquiry_passed")} == {"department_staff", "department_head"}

    def test_passing_twice_is_told_as_done(self, cast: Cast) -> None:
        inquiry = pass_on(ask(), cast)
        with pytest.raises(AlreadyDone):
            pass_on(inquiry, cast)

    @pytest.mark.parametrize("name", ["市政务服务局", "市政府办公室督查科", "已停用"])
    def test_only_a_member_department_in_use_takes_over(self, name: str, cast: Cast) -> None:
        department("已停用", is_active=False)
        with pytest.raises(Refused, match="wrong_department"):
            pass_on(ask(), cast, name)

    def test_handed_back_it_is_the_windows_again(self, cast: Cast) -> None:
        inquiry = pass_on(ask(), cast)
        with pytest.raises(Refused, match="no_reason"):
            services.hand_back(inquiry_id=inquiry.pk, reason=" ", actor=cast.department_staff, now=NOW)
        services.hand_back(inquiry_id=inquiry.pk, reason="非我局职责", actor=cast.department_staff, now=NOW)
        inquiry.refresh_from_db()
        assert inquiry.department is None
        assert AuditEntry.objects.get(action="hand_back_inquiry").reason == "非我局职责"
        with pytest.raises(PermissionDenied):
            answer(inquiry, cast.department_staff)

    def test_a_look_at_the_contact_is_kept_with_its_reason(self, cast: Cast) -> None:
        inquiry = pass_on(ask(), cast)
        with pytest.raises(PermissionDenied):
            services.reveal_asker(inquiry_id=inquiry.pk, reason="x", actor=cast.department_staff)
        with pytest.raises(Refused, match="no_reason"):
            services.reveal_asker(inquiry_id=inquiry.pk, reason="", actor=cast.window_clerk)
        assert services.reveal_asker(inquiry_id=inquiry.pk, reason="回电", actor=cast.window_clerk).mobile == MOBILE
        assert AuditEntry.objects.get(action="reveal_asker").reason == "回电"


class TestBooking:
    def test_a_number_taken_for_the_asker_keeps_what_is_known(self, cast: Cast) -> None:
        inquiry = ask(question=question(contact_name="王工", email="w@example.cn"))
        booking = start_booking(inquiry, cast.window_clerk)
        inquiry.refresh_from_db()
        assert (inquiry.booking, inquiry.status) == (booking, InquiryStatus.OPEN)
        assert (booking.origin, booking.booked_by) == (Origin.DESK, cast.window_clerk)
        draft = BookingDraft.objects.get().answers
        assert draft["facts"] == [inquiry.question]
        assert draft["representative_name"] == ["王工"]
        assert draft["channels"] == ["sms", "email"]

    def test_the_question_ends_when_the_booking_is_made_and_not_before(self, cast: Cast) -> None:
        inquiry = ask()
        booking = start_booking(inquiry, cast.window_clerk)
        assert services.end_booked(NOW) == 0
        confirm(booking, actor=cast.window_clerk)
        assert [services.end_booked(NOW), services.end_booked(NOW)] == [1, 0]
        inquiry.refresh_from_db()
        assert (inquiry.status, inquiry.closed_at) == (InquiryStatus.BOOKED, NOW)
        (message,) = told("inquiry_booked")
        assert booking.reference in message.text

    def test_a_number_that_runs_out_leaves_the_question_open_for_another(self, cast: Cast) -> None:
        inquiry = ask()
        start_booking(inquiry, cast.window_clerk)
        release_due(NOW + timedelta(hours=1))
        assert services.end_booked(NOW + timedelta(hours=1)) == 0
        again = services.start_booking(
            inquiry_id=inquiry.pk,
            sitting_id=Booking.objects.get().sitting_id,
            application=application(1),
            submission=secrets.new_submission(),
            in_line=False,
            actor=cast.window_clerk,
            now=NOW + timedelta(hours=1),
        )
        inquiry.refresh_from_db()
        assert inquiry.booking == again

    def test_a_place_in_line_is_a_booking_made(self, cast: Cast) -> None:
        sitting = make_sitting(DAY, published=True, opens_at=OPENS)
        for serial in range(2, 7):
            take(sitting, serial)
        inquiry = ask()
        booking = services.start_booking(
            inquiry_id=inquiry.pk,
            sitting_id=sitting.pk,
            application=application(1),
            submission=secrets.new_submission(),
            in_line=True,
            actor=cast.window_clerk,
            now=NOW,
        )
        assert booking.status == BookingStatus.WAITING
        assert services.end_booked(NOW) == 1

    def test_a_refused_number_leaves_nothing(self, cast: Cast) -> None:
        sitting = make_sitting(DAY, published=True, opens_at=OPENS)
        confirm(take(sitting, 1))
        inquiry = ask()
        with pytest.raises(Refused, match="already_booked"):
            services.start_booking(
                inquiry_id=inquiry.pk,
                sitting_id=sitting.pk,
                application=application(1),
                submission=secrets.new_submission(),
                in_line=False,
                actor=cast.window_clerk,
                now=NOW,
            )
        inquiry.refresh_from_db()
        assert inquiry.booking is None

    def test_a_booking_undone_between_the_look_and_the_lock_ends_nothing(self, cast: Cast) -> None:
        inquiry = ask()
        start_booking(inquiry, cast.window_clerk)
        assert not booking_verbs._end(inquiry.pk, NOW)
        inquiry.refresh_from_db()
        assert inquiry.status == InquiryStatus.OPEN

    def test_a_booking_cancelled_meanwhile_does_not_end_the_question(self, cast: Cast) -> None:
        inquiry = ask()
        booking = confirm(start_booking(inquiry, cast.window_clerk), actor=cast.window_clerk)
        cancel(booking)
        assert services.end_booked(NOW) == 0
        inquiry.refresh_from_db()
        assert inquiry.status == InquiryStatus.OPEN


@pytest.mark.parametrize(
    "columns",
    [{"status": "answered", "closed_at": None}, {"status": "open", "closed_at": NOW}, {"status": "booked"}],
    ids=["closed without time", "open with an end", "booked without a booking"],
)
def test_the_database_refuses_a_state_that_cannot_be(columns: dict[str, object]) -> None:
    inquiry = ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        Inquiry.objects.filter(pk=inquiry.pk).update(**({"closed_at": NOW} | columns))


def test_the_trail_holds_no_contact_data(cast: Cast) -> None:
    inquiry = ask(question=question(contact_name="王大锤", email="wang@example.cn", company_name="安宁某公司"))
    follow_up(inquiry)
    pass_on(inquiry, cast)
    answer(inquiry, cast.department_staff)
    services.reveal_asker(inquiry_id=inquiry.pk, reason="回电", actor=cast.window_clerk)
    hidden = (MOBILE, "王大锤", "wang@example.cn", "安宁某公司", inquiry.secret, inquiry.question)
    rows = [str(row) for row in AuditEntry.objects.values()]
    assert not [word for word in hidden for row in rows if word in row]
