"""Every column that could hold a person's data is listed in docs/personal-data.csv, and the trail holds none.

A history table holds the columns of its model, under the same lines; of its own it has only the reason of a change.
"""

import csv
from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models

from appointments import services
from appointments.models import Booking
from appointments.moves import ACTIONS as BOOKING_ACTIONS
from core import audit, masks, services_accounts
from core import services as kernel
from core.console_history import CONTACT_COLUMNS
from core.models import AuditEntry, User
from departments.enums import Role
from departments.services import set_membership
from sessions_app.enums import SessionKind
from sessions_app.models import Sitting
from sessions_app.services import local_moment
from tests.appointments.conftest import (
    DAY,
    NOW,
    OPENS,
    accept,
    add_facts,
    answers,
    application,
    cancel,
    claim,
    confirm,
    propose_solved,
    send_back,
    take,
    wait,
)
from tests.conftest import CAST_PASSWORD, Cast
from tests.factories import department, make_sitting
from tests.house.source import ROOT

LIST = ROOT / "docs" / "personal-data.csv"
HEADINGS = ["column", "personal", "why", "mask", "retention"]
# What can hold words, addresses, files or anything at all. Numbers, days, yes and no, and keys cannot.
WORDY = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.FileField,
    models.GenericIPAddressField,
    models.UUIDField,
    models.BinaryField,
)
HISTORY_OF_ITS_OWN = {"history_change_reason", "history_type"}
# A function of core.masks, or in words: who sees it whole.
MASKS = {name for name in vars(masks) if name.startswith("mask_")} | {"by role", "not shown", "public"}


def rows() -> list[dict[str, str]]:
    with LIST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def listed() -> dict[str, dict[str, str]]:
    return {row["column"]: row for row in rows()}


def wordy_columns(model: type[models.Model]) -> Iterator[models.Field]:
    return (field for field in model._meta.concrete_fields if isinstance(field, WORDY))


def is_history(model: type[models.Model]) -> bool:
    return hasattr(model, "history_type") or model._meta.model_name.startswith("historical")


def live_columns() -> dict[str, models.Field]:
    return {
        f"{model._meta.label}.{field.name}": field
        for model in apps.get_models(include_auto_created=True)
        if not is_history(model)
        for field in wordy_columns(model)
    }


def test_the_list_has_one_whole_line_for_each_column() -> None:
    found = rows()
    assert list(found[0]) == HEADINGS
    assert not [row for row in found if None in row or None in row.values()], "a comma too many or too few"
    names = [row["column"] for row in found]
    assert names == sorted(set(names))
    assert not [row["column"] for row in found if row["personal"] not in ("yes", "no") or not row["why"]]


def test_every_column_is_listed() -> None:
    missing = sorted(live_columns().keys() - listed().keys())
    assert not missing, f"Enter these in docs/personal-data.csv: {missing}"


def test_no_listed_column_is_gone() -> None:
    gone = sorted(listed().keys() - live_columns().keys() - {"*.history_change_reason"})
    assert not gone, f"Remove these from docs/personal-data.csv: {gone}"


def test_history_tables_hold_only_listed_columns() -> None:
    histories = [model for model in apps.get_models() if is_history(model)]
    known = listed()
    assert histories
    assert "*.history_change_reason" in known
    for history in histories:
        own = {field.name for field in wordy_columns(history)} - HISTORY_OF_ITS_OWN
        live = history._meta.app_label, history._meta.model_name.removeprefix("historical")
        label = apps.get_model(*live)._meta.label
        assert not {name for name in own if f"{label}.{name}" not in known}, history


def test_personal_columns_say_how_they_are_masked_and_how_long_kept() -> None:
    personal = [row for row in rows() if row["personal"] == "yes"]
    assert not [row["column"] for row in personal if row["mask"] not in MASKS or not row["retention"]]
    assert not [row["column"] for row in rows() if row["personal"] == "no" and (row["mask"] or row["retention"])]


def test_masked_columns_are_hidden_in_the_console_history() -> None:
    fields = live_columns()
    masked = [name for name, row in listed().items() if row["mask"].startswith("mask_")]
    tracked = [name for name in masked if hasattr(fields[name].model._meta, "simple_history_manager_attribute")]
    assert tracked
    assert not [name for name in tracked if fields[name].name not in CONTACT_COLUMNS]


EMAIL = "zhang.jianguo@example.cn"
REPRESENTATIVE = "张建国"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 32


def drive_a_booking(sitting: Sitting, cast: Cast) -> Booking:
    """From the number to the end, with everything an enterprise says of itself."""
    booking = take(sitting, 1)
    services.keep_answers(booking_id=booking.pk, answers={"representative_name": [REPRESENTATIVE]}, now=NOW)
    services.keep_attachment(booking_id=booking.pk, upload=SimpleUploadedFile("张建国.png", PNG), now=NOW)
    confirm(booking, answers=answers(email=EMAIL, channels=["sms", "email", "phone"]))
    services.find_booking(reference=booking.reference, mobile=booking.mobile, now=NOW)
    services.reveal_contact(booking_id=booking.pk, reason="回访", actor=cast.bureau_staff)
    services.report_pressure(booking_id=booking.pk, content="被要求撤回", contact=booking.mobile, now=NOW)
    return booking


def drive_the_handling(sitting: Sitting, cast: Cast) -> None:
    """Sent back, accepted, assigned to others, placed, called, and a solution that the enterprise does not see."""
    bureau = cast.bureau_staff
    booking = confirm(take(sitting, 8))
    send_back(booking, bureau)
    add_facts(booking)
    accept(booking, bureau)
    assignment = services.Assignment(department("市税务局").pk, (department("市统计局").pk,))
    services.assign_departments(booking_id=booking.pk, assignment=assignment, reason="联办", actor=bureau, now=NOW)
    propose_solved(booking, bureau)
    services.decline_solved(booking_id=booking.pk, actor=audit.HOLDER, now=NOW)
    services.send_call_notices(local_moment(DAY - timedelta(days=2), time(10)))
    cancel(booking)


def drive_the_day(cast: Cast) -> None:
    """Checked in, postponed to the next day, called and seen there; and a screen that is made and revoked."""
    bureau, morning = cast.bureau_supervisor, local_moment(DAY - timedelta(days=7), time(8))
    sitting = make_sitting(DAY - timedelta(days=7), published=True, opens_at=morning - timedelta(days=7))
    then = morning - timedelta(days=5)
    booking = accept(confirm(take(sitting, 21, now=then), now=then), bureau, now=then)
    services.place_as_proposed(sitting_id=sitting.pk, actor=bureau, now=then)
    services.check_in(booking_id=booking.pk, actor=bureau, now=morning)
    moved = sitting.day + timedelta(days=1)
    services.move_sitting(sitting_id=sitting.pk, day=moved, reason="停电", actor=bureau, now=morning)
    entry = services.check_in(booking_id=booking.pk, actor=bureau, now=morning + timedelta(days=1))
    step = {"entry_id": entry.pk, "actor": bureau, "now": morning + timedelta(days=1)}
    services.call(desk="1号桌", **step)
    services.start_consultation(**step)
    services.finish_consultation(**step)
    board, _secret = services.make_board(name="大厅", actor=bureau, now=morning)
    services.revoke_board(board_id=board.pk, actor=bureau, now=morning)


def drive_the_line(sitting: Sitting, cast: Cast) -> None:
    """Claims both ways, a number that ran out, a place in the line, and a cancelled number that is passed on."""
    take(sitting, 2)
    for serial, upheld in ((1, False), (2, True)):
        contested = claim(sitting, serial, application=application(serial, mobile=f"1399999000{serial}"))
        services.settle_claim(booking_id=contested.pk, upheld=upheld, note="已核实", actor=cast.window_clerk, now=NOW)
    late = take(sitting, 3)
    services.release_if_due(booking_id=late.pk, now=NOW + timedelta(hours=1))
    services.retake_number(booking_id=late.pk, actor=audit.HOLDER, now=NOW + timedelta(hours=1))
    for serial in (4, 5):
        take(sitting, serial, actor=cast.window_clerk)
    wait(sitting, 7)
    asked = services.ask_call_back(booking_id=late.pk, now=NOW)
    services.confirm_mobile(booking_id=asked.pk, note="已回电", actor=cast.window_clerk, now=NOW)
    cancel(Booking.objects.filter(mobile=application(4).mobile).get())


def drive_the_schedule(sitting: Sitting, cast: Cast) -> None:
    bureau = cast.bureau_supervisor
    special = sitting.sessions.get(kind=SessionKind.SPECIAL)
    later = {"starts_at": special.starts_at + timedelta(hours=1), "ends_at": special.ends_at + timedelta(hours=1)}
    services.move_session(session_id=special.pk, place="产业园区", reason="场地", actor=bureau, now=NOW, **later)
    services.call_off_session(session_id=special.pk, reason="合并", actor=bureau, now=NOW)
    services.move_sitting(sitting_id=sitting.pk, day=DAY + timedelta(days=1), reason="会议冲突", actor=bureau, now=NOW)
    services.cancel_sitting(sitting_id=sitting.pk, reason="场地维修", actor=bureau, now=NOW)
    make_sitting(DAY + timedelta(days=14), published=True, opens_at=OPENS + timedelta(days=14))
    services.offer_first_claims(NOW)


def drive_accounts(cast: Cast) -> User:
    admin, officer = cast.system_administrator, cast.security_officer
    user = services_accounts.add_account(
        username="lisi", full_name="李四光", email="old@example.cn", password=CAST_PASSWORD, actor=admin
    )
    services_accounts.change_account(user_id=user.pk, full_name="李思光", email="lisi@example.cn", actor=admin)
    set_membership(user_id=user.pk, role=Role.LEADER, department_id=None, actor=officer)
    kernel.reset_password(user_id=user.pk, password=CAST_PASSWORD, actor=admin)
    kernel.change_own_password(user_id=user.pk, password="Another-Word-2026")
    services_accounts.set_account_active(user_id=user.pk, active=False, reason="调离", actor=admin)
    return user


def contact_data() -> set[str]:
    """Everything by which somebody could be reached or named, and every secret of a link."""
    found = {
        EMAIL,
        REPRESENTATIVE,
        "张建国.png",
        "李四光",
        "李思光",
        "old@example.cn",
        "lisi@example.cn",
        CAST_PASSWORD,
    }
    for booking in Booking.objects.all():
        found |= {booking.mobile, booking.company_name, booking.credit_code, str(booking.link_seed)}
        found |= {booking.ticket_secret, booking.checkin_secret}
    return found - {""}


@pytest.mark.django_db
def test_the_trail_holds_keys_and_never_contact_data(cast: Cast) -> None:
    sitting = make_sitting(DAY, published=True, opens_at=OPENS, sessions=(SessionKind.MAIN, SessionKind.SPECIAL))
    drive_a_booking(sitting, cast)
    drive_the_handling(sitting, cast)
    drive_the_day(cast)
    drive_the_line(sitting, cast)
    drive_the_schedule(sitting, cast)
    drive_accounts(cast)

    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"confirm_booking", "offer_number", "dismiss_claim", "hold_ran_out", "sitting_cancelled"} <= actions
    assert actions >= set(BOOKING_ACTIONS) - {"export_bookings", "download_attachment"}
    columns = [field.attname for field in AuditEntry._meta.concrete_fields]
    found = [
        (entry.action, column, secret)
        for secret in contact_data()
        for entry in AuditEntry.objects.all()
        for column in columns
        if secret in str(getattr(entry, column))
    ]
    assert not found
