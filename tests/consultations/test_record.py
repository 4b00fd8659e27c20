"""The record at the table: opened with what is known, kept, signed once, corrected by versions. [3.6]"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from appointments import services as day
from appointments.enums import QueueStatus
from appointments.models import QueueEntry
from cases.enums import Outcome
from cases.models import Case
from consultations import services
from consultations.enums import RecordStatus
from consultations.fields import read
from consultations.models import Attendance, Consultation, Signature, Version
from core.errors import AlreadyDone, Refused
from core.models import AuditEntry
from core.workdays import due_date
from deadlines.models import Obligation
from notifications.models import Message
from sessions_app.models import Session, Sitting
from tests.appointments.conftest import DAY
from tests.appointments.day_steps import arrived
from tests.conftest import Cast
from tests.consultations.conftest import (
    AT_TABLE,
    LEAD,
    OTHER,
    SIGNED,
    correct,
    keep,
    open_record,
    ready,
    sign,
    signature,
    signed,
    whole,
)
from tests.factories import department

pytestmark = [pytest.mark.clause("[3.6]"), pytest.mark.django_db]
SAME_START = True


def problems_of(record: Consultation, actor: Any) -> set[str]:
    with pytest.raises(Refused, match="incomplete") as refusal:
        sign(record, actor)
    assert refusal.value.field in refusal.value.facts["problems"]
    return set(refusal.value.facts["problems"])


def test_record_opens_with_what_is_known(entry: QueueEntry, cast: Cast) -> None:
    record = open_record(entry, cast.department_head)
    entry.refresh_from_db()
    assert (entry.status, entry.started_at) == (QueueStatus.CONSULTING, AT_TABLE)
    assert (record.status, record.held_on, record.revision) == (RecordStatus.DRAFT, DAY, 0)
    assert record.visitors == "张建国（法定代表人）"
    assert "七月申请，至今未办结。" in record.points
    (row,) = record.attendances.all()
    assert (row.department.name, row.principal, row.principal_came) == (LEAD, "张三 局长", True)
    assert (record.lead, record.outcome) == (department(LEAD), "")


def test_record_opened_again_is_the_same(record: Consultation, entry: QueueEntry, cast: Cast) -> None:
    assert open_record(entry, cast.department_staff) == record
    assert Consultation.objects.count() == 1


def test_record_of_who_was_not_called_is_refused(sitting: Sitting, cast: Cast) -> None:
    (waiting,) = arrived(sitting, cast.bureau_staff, 2)
    with pytest.raises(Refused, match="not_called"):
        open_record(waiting, cast.department_head)
    with pytest.raises(Refused, match="gone"):
        services.open_record(booking_id=10**9, actor=cast.department_head, now=AT_TABLE)


def test_record_of_a_consultation_that_the_desk_ended_is_still_written(entry: QueueEntry, cast: Cast) -> None:
    step = {"entry_id": entry.pk, "actor": cast.bureau_staff, "now": AT_TABLE}
    day.start_consultation(**step)
    day.finish_consultation(**step)
    done = signed(open_record(entry, cast.department_head), cast.department_head)
    done.booking.refresh_from_db()
    assert (done.status, done.booking.status) == ("signed", "attended")


@pytest.mark.parametrize("outcome", [Outcome.SOLVED, Outcome.EXPLAINED])
def test_solved_or_explained_is_attended_and_closed_that_day(
    record: Consultation, cast: Cast, outcome: Outcome
) -> None:
    done = signed(record, cast.department_head, outcome)
    case = Case.objects.get()
    assert (case.booking_id, case.outcome, case.status, case.start) == (record.booking_id, outcome, "closed", DAY)
    assert ("退税已到账。" if outcome == Outcome.SOLVED else "协助准备复核材料。") in case.answer
    assert (done.status, done.signed_by, done.signed_at) == ("signed", cast.department_head, SIGNED)
    done.booking.refresh_from_db()
    assert done.booking.status == "attended"
    assert QueueEntry.objects.get().ended_at == SIGNED
    assert AuditEntry.objects.filter(action="sign_off_consultation").count() == 1


@pytest.mark.clause("[3.7]")
def test_handed_over_opens_the_case_its_limits_and_its_messages(record: Consultation, cast: Cast) -> None:
    other = department(OTHER)
    done = signed(record, cast.department_head, Outcome.HANDED_OVER, assisting=[str(other.pk)])
    case = Case.objects.get()
    assert (case.status, case.is_joint, case.start) == ("handling", True, DAY)
    assert done.due_on == due_date(DAY, 20).due
    assert Obligation.objects.filter(kind="feedback", status="open").count() == 2
    assert Message.objects.filter(kind="case_assigned").count() == 3
    assert Message.objects.filter(kind="case_opened").count() == 1


@pytest.mark.clause("[3.7]")
def test_signed_on_a_later_day_ends_with_its_session_and_counts_from_its_own_day(
    record: Consultation, cast: Cast
) -> None:
    done = ready(record, cast.department_head, Outcome.HANDED_OVER)
    done = sign(done, cast.department_head, now=SIGNED + timedelta(days=5))
    assert QueueEntry.objects.get().ended_at == record.session.ends_at
    assert (Case.objects.get().start, done.due_on) == (DAY, due_date(DAY, 15).due)


def test_second_sign_off_is_already_done(record: Consultation, cast: Cast) -> None:
    done = signed(record, cast.department_head)
    with pytest.raises(AlreadyDone):
        sign(done, cast.department_head)
    assert Case.objects.count() == 1


NEEDS = {
    Outcome.SOLVED: {"solved_measures", "solved_manner", "solved_result"},
    Outcome.HANDED_OVER: {"lead"},
    Outcome.EXPLAINED: {"explained_why", "explanation", "help_offered"},
}


@pytest.mark.parametrize(("outcome", "needs"), NEEDS.items())
def test_record_without_what_its_outcome_needs_stays_a_draft(
    record: Consultation, cast: Cast, outcome: str, needs: set[str]
) -> None:
    keep(record, cast.department_head, outcome=str(outcome), reply="已答复。", **dict.fromkeys(needs, ""))
    assert problems_of(record, cast.department_head) == needs
    record.refresh_from_db()
    assert (record.status, Case.objects.count()) == ("draft", 0)


@pytest.mark.parametrize("name", ["points", "reply", "outcome", "recorder"])
def test_record_without_points_reply_outcome_or_recorder_stays_a_draft(
    record: Consultation, cast: Cast, name: str
) -> None:
    keep(record, cast.department_head, **(whole() | {name: ""}))
    assert name in problems_of(record, cast.department_head)


def test_promise_on_the_day_itself_and_a_lead_that_assists_stay_drafts(record: Consultation, cast: Cast) -> None:
    lead = str(department(LEAD).pk)
    ready(record, cast.department_head, Outcome.HANDED_OVER, assisting=[lead], promised_on=DAY.isoformat())
    assert problems_of(record, cast.department_head) == {"assisting", "promised_on"}


def test_main_session_without_its_principal_leader_needs_a_reason(record: Consultation, cast: Cast) -> None:
    key = department(LEAD).pk
    ready(record, cast.department_head, **{f"came_{key}": "no"})
    assert problems_of(record, cast.department_head) == {f"absence_{key}"}
    keep(record, cast.department_head, **{f"absence_{key}": "参加市委会议，由分管负责同志接诉。"})
    assert sign(record, cast.department_head).status == "signed"


def test_main_session_with_a_leader_nobody_named_needs_the_name(record: Consultation, cast: Cast) -> None:
    key = department(LEAD).pk
    ready(record, cast.department_head, **{f"principal_{key}": " "})
    assert problems_of(record, cast.department_head) == {f"principal_{key}"}


def test_special_session_needs_no_reason(record: Consultation, cast: Cast) -> None:
    Session.objects.filter(pk=record.session_id).update(kind="special")
    assert signed(record, cast.department_head, **{f"came_{department(LEAD).pk}": "no"}).status == "signed"


def test_what_was_typed_for_another_outcome_is_no_part_of_the_record(record: Consultation, cast: Cast) -> None:
    keep(record, cast.department_head, **whole(Outcome.EXPLAINED))
    done = signed(record, cast.department_head)
    assert (done.explanation, done.help_offered, done.lead) == ("", "", None)


@pytest.mark.parametrize(
    "columns",
    [
        {"reply": ""},
        {"outcome": ""},
        {"solved_result": ""},
        {"explanation": "另行说明"},
        {"due_on": DAY},
        {"signed_by": None},
    ],
)
def test_database_refuses_a_signed_record_without_what_it_needs(
    record: Consultation, cast: Cast, columns: dict[str, Any]
) -> None:
    done = signed(record, cast.department_head)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.filter(pk=done.pk).update(**columns)


@pytest.mark.parametrize("broken", ["cases.hand_over", "write_version"])
def test_sign_off_that_breaks_in_the_middle_leaves_nothing(
    record: Consultation, cast: Cast, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    ready(record, cast.department_head, Outcome.HANDED_OVER)
    before = (AuditEntry.objects.count(), Message.objects.count(), Obligation.objects.filter(status="open").count())

    def dies(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(f"consultations.services.signing.{broken}", dies)
    with pytest.raises(RuntimeError):
        sign(record, cast.department_head)
    record.refresh_from_db()
    record.booking.refresh_from_db()
    assert (record.status, record.due_on, record.booking.status) == ("draft", None, "accepted")
    assert QueueEntry.objects.get().status == QueueStatus.CONSULTING
    assert not Case.objects.exists()
    assert not Version.objects.exists()
    after = (AuditEntry.objects.count(), Message.objects.count(), Obligation.objects.filter(status="open").count())
    assert after == before


def test_nobody_signs_what_they_have_not_seen(record: Consultation, cast: Cast) -> None:
    seen = ready(record, cast.department_head).revision
    keep(record, cast.department_staff, reply="改为下月办结。")
    with pytest.raises(Refused, match="changed_by_other"):
        sign(record, cast.department_head, revision=seen)
    keep(record, cast.department_head, reply="本月底办结。")
    with pytest.raises(Refused, match="changed_since"):
        sign(record, cast.department_head, revision=seen + 1)
    assert sign(record, cast.department_head).reply == "本月底办结。"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"reply": "字" * 2001}, "too_long"),
        ({"outcome": "forgotten"}, "bad_value"),
        ({"lead": "987654321"}, "bad_value"),
        ({"lead": "局"}, "bad_value"),
        ({"promised_on": "明天"}, "bad_value"),
        ({"reply": ["两", "个"]}, "bad_value"),
        ({"status": "signed"}, "unknown_field"),
        ({"principal_987654321": "张三"}, "unknown_field"),
    ],
)
def test_what_no_field_can_hold_is_refused(record: Consultation, cast: Cast, fields: Any, code: str) -> None:
    with pytest.raises(Refused, match=code) as refusal:
        keep(record, cast.department_head, **fields)
    assert refusal.value.field == next(iter(fields))


def test_kept_fields_read_back_as_they_were_typed(record: Consultation, cast: Cast) -> None:
    key = department(LEAD).pk
    typed: Any = {
        **whole(Outcome.HANDED_OVER, assisting=[str(department(OTHER).pk)], promised_on="2026-12-10"),
        f"deputies_{key}": "李四 副局长",
        f"sections_{key}": "王五 科长",
        f"came_{key}": "no",
        f"absence_{key}": "公务",
    }
    kept = keep(record, cast.department_head, **typed)
    assert {name: read(kept)[name] for name in typed} == typed
    assert Attendance.objects.get().deputies == "李四 副局长"


def test_nul_characters_are_dropped(record: Consultation, cast: Cast) -> None:
    assert keep(record, cast.department_head, reply="已\x00办").reply == "已办"


def test_signed_record_is_frozen(record: Consultation, cast: Cast) -> None:
    done = signed(record, cast.department_head)
    with pytest.raises(Refused, match="signed"):
        keep(done, cast.department_head, reply="再改")
    with pytest.raises(Refused, match="signed"):
        services.sign_by_hand(
            consultation_id=done.pk, side="enterprise", picture=signature(), actor=cast.department_head, now=SIGNED
        )


class TestCorrection:
    def test_is_a_new_version_with_its_reason(self, record: Consultation, cast: Cast) -> None:
        done = signed(record, cast.department_head)
        correct(done, cast.department_head, reason="日期写错", reply="退税将于下月办结。")
        first, second = Version.objects.all()
        assert (first.number, first.reason, first.content["reply"]) == (1, "", "退税将于本月办结。")
        assert (second.number, second.reason, second.content["reply"]) == (2, "日期写错", "退税将于下月办结。")
        done.refresh_from_db()
        assert (done.reply, done.status, done.revision) == ("退税将于下月办结。", "signed", record.revision + 1)

    @pytest.mark.parametrize(
        ("fields", "reason", "code"),
        [
            ({"reply": "改"}, " ", "no_reason"),
            ({"reply": "退税将于本月办结。"}, "笔误", "nothing_changed"),
            ({"reply": ""}, "笔误", "incomplete"),
            ({"solved_result": ""}, "笔误", "incomplete"),
            ({"outcome": "explained"}, "笔误", "outcome_fixed"),
        ],
    )
    def test_that_puts_nothing_right_is_refused(
        self, record: Consultation, cast: Cast, fields: Any, reason: str, code: str
    ) -> None:
        done = signed(record, cast.department_head)
        with pytest.raises(Refused, match=code):
            correct(done, cast.department_head, reason=reason, **fields)
        assert Version.objects.count() == 1

    def test_of_a_draft_is_refused(self, record: Consultation, cast: Cast) -> None:
        with pytest.raises(Refused, match="not_signed"):
            correct(record, cast.department_head, reply="改")

    def test_versions_cannot_be_changed_or_removed(self, record: Consultation, cast: Cast) -> None:
        signed(record, cast.department_head)
        for change in (lambda rows: rows.update(reason="无"), lambda rows: rows._raw_delete(rows.db)):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                change(Version.objects.all())


class TestHandwriting:
    def test_signed_anew_the_new_picture_counts(self, record: Consultation, cast: Cast) -> None:
        for width in (600, 640):
            services.sign_by_hand(
                consultation_id=record.pk,
                side="enterprise",
                picture=signature(width),
                actor=cast.department_staff,
                now=AT_TABLE,
            )
        row = Signature.objects.get()
        with row.image.open() as image:
            assert image.read() == signature(640)
        done = signed(record, cast.department_head)
        assert done.versions.get().content["signature_enterprise"] == row.digest

    @pytest.mark.parametrize(
        ("picture", "code"),
        [
            (b"", "not_a_signature"),
            (b"\x89PNG\r\n\x1a\n" + b"0" * 40, "not_a_signature"),
            (b"GIF89a", "not_a_signature"),
            (signature(3000, 10), "not_a_signature"),
            (b"\x89PNG\r\n\x1a\n" + b"0" * 300_000, "too_large"),
        ],
    )
    def test_that_is_no_picture_of_a_hand_is_refused(
        self, record: Consultation, cast: Cast, picture: bytes, code: str
    ) -> None:
        with pytest.raises(Refused, match=code):
            services.sign_by_hand(
                consultation_id=record.pk, side="enterprise", picture=picture, actor=cast.department_head, now=SIGNED
            )
