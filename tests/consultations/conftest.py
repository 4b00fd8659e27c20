"""An enterprise that was called to the table, and the steps of its record in the fewest words. [3.6]"""

import io
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
from PIL import Image

from appointments.enums import QueueStatus
from appointments.models import QueueEntry
from cases.enums import Outcome
from consultations import services
from consultations.fields import Values
from consultations.models import Consultation
from core.models import User
from sessions_app.models import Sitting
from tests.appointments.conftest import DAY, FIRST_SESSION, OPENS
from tests.appointments.day_steps import arrived, bring_entry_to
from tests.conftest import Cast
from tests.factories import department, make_sitting
from tests.starts import copied_start, same_start, whole_cast

LEAD, OTHER = "市税务局", "市统计局"
# A few minutes after the number was called, and the moment of signing.
AT_TABLE = FIRST_SESSION + timedelta(minutes=3)
SIGNED = FIRST_SESSION + timedelta(minutes=25)


class Start(NamedTuple):
    cast: Cast
    sitting: Sitting
    entry: QueueEntry


def make_start() -> Start:
    """An enterprise that was called."""
    cast, sitting = whole_cast(), make_sitting(DAY, published=True, opens_at=OPENS)
    return Start(cast, sitting, called(sitting, cast))


kept_start, own_start = same_start(make_start), copied_start


def called(sitting: Sitting, cast: Cast) -> QueueEntry:
    (waiting,) = arrived(sitting, cast.bureau_staff, 1)
    return bring_entry_to(QueueStatus.CALLED, waiting, cast.bureau_staff)


@pytest.fixture
def cast(own_start: Start | None, request: pytest.FixtureRequest) -> Cast:
    return own_start.cast if own_start else request.getfixturevalue("cast")


@pytest.fixture
def sitting(own_start: Start | None, db: None) -> Sitting:
    return own_start.sitting if own_start else make_sitting(DAY, published=True, opens_at=OPENS)


@pytest.fixture
def entry(own_start: Start | None, sitting: Sitting, cast: Cast) -> QueueEntry:
    """Called, and on the way to the table."""
    return own_start.entry if own_start else called(sitting, cast)


@pytest.fixture
def record(entry: QueueEntry, cast: Cast) -> Consultation:
    return open_record(entry, cast.department_head)


def open_record(entry: QueueEntry, actor: User, *, now: datetime = AT_TABLE) -> Consultation:
    return services.open_record(booking_id=entry.booking_id, actor=actor, now=now)


def keep(
    record: Consultation, actor: User, *, revision: int | None = None, now: datetime = AT_TABLE, **fields: Any
) -> Consultation:
    """Some fields, by whoever has read the newest revision if not said otherwise."""
    if revision is None:
        revision = Consultation.objects.get(pk=record.pk).revision
    return services.keep_draft(consultation_id=record.pk, revision=revision, fields=fields, actor=actor, now=now)


def sign(record: Consultation, actor: User, *, revision: int | None = None, now: datetime = SIGNED) -> Consultation:
    if revision is None:
        revision = Consultation.objects.get(pk=record.pk).revision
    return services.sign_off(consultation_id=record.pk, revision=revision, actor=actor, now=now)


def correct(record: Consultation, actor: User, *, reason: str = "笔误", **fields: Any) -> Any:
    return services.correct_record(
        consultation_id=record.pk, fields=fields, reason=reason, actor=actor, now=SIGNED + timedelta(hours=1)
    )


def whole(outcome: str = Outcome.SOLVED, **changes: Any) -> Values:
    """What is typed at the table until the record can be signed."""
    needs: dict[str, Values] = {
        Outcome.SOLVED: {
            "solved_measures": "税源科当场复核并退税。",
            "solved_manner": "done",
            "solved_result": "退税已到账。",
        },
        Outcome.HANDED_OVER: {"lead": str(department(LEAD).pk), "assisting": []},
        Outcome.EXPLAINED: {
            "explained_why": "beyond_reach",
            "explanation": "退税须待上级核定。",
            "help_offered": "协助准备复核材料。",
        },
    }
    return {"outcome": str(outcome), "reply": "退税将于本月办结。", **needs[outcome], **changes}


def ready(
    record: Consultation, actor: User, outcome: str = Outcome.SOLVED, *, now: datetime = AT_TABLE, **changes: Any
) -> Consultation:
    return keep(record, actor, now=now, **whole(outcome, **changes))


def signed(record: Consultation, actor: User, outcome: str = Outcome.SOLVED, **changes: Any) -> Consultation:
    return sign(ready(record, actor, outcome, **changes), actor)


def signature(width: int = 600, height: int = 200) -> bytes:
    made = io.BytesIO()
    Image.new("RGBA", (width, height), (0, 0, 0, 0)).save(made, "PNG")
    return made.getvalue()
