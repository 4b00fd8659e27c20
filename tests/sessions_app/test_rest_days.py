"""A year's notice that leaves sessions on a day of rest: named before, and listed until they are moved. [3.2]"""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from core.calendar_files import to_text
from core.calendar_table import from_json
from core.services_calendar import import_year, in_force
from sessions_app.models import Sitting
from sessions_app.selectors import sittings_on_rest_days
from tests.conftest import Cast
from tests.factories import make_session, make_sitting, moment

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.2]")]
NOW = moment("2026-11-23 10:00")
FRIDAY, MONDAY = date(2026, 12, 4), date(2026, 12, 7)
NUMBER = "国办发明电〔2026〕9号"


@pytest.fixture(autouse=True)
def monday_before() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sitting(db: None) -> Sitting:
    """With a main session on a Friday, and a special one on the Monday after."""
    made = make_sitting(FRIDAY)
    make_session(made, "special", day=MONDAY)
    return made


def with_holiday(day: date) -> dict[date, tuple[str, str]]:
    version = in_force(day.year)
    assert version is not None
    return dict(from_json(version.exceptions)) | {day: ("holiday", "临时")}


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="departments.backends.RoleBackend")
    return client


def previewed(cast: Cast, day: date) -> str:
    given = {"year": day.year, "document_number": NUMBER, "text": to_text(with_holiday(day))}
    return signed_in(cast.bureau_staff).post("/console/core/calendaryear/import/", given).content.decode()


def test_preview_names_the_sessions_that_would_rest(sitting: Sitting, cast: Cast) -> None:
    html = previewed(cast, MONDAY)
    assert all(
        words in html for words in ("1 场坐诊落在休息日", sitting.title, "专场", "2026年12月7日（周一）", "临时")
    )
    assert "落在休息日" not in previewed(cast, date(2026, 12, 8))


@pytest.mark.parametrize(("day", "found"), [(FRIDAY, True), (MONDAY, True), (date(2026, 12, 8), False)])
def test_a_sitting_on_a_new_rest_day_is_listed(day: date, found: bool, sitting: Sitting, cast: Cast) -> None:
    import_year(year=2026, exceptions=with_holiday(day), document_number=NUMBER, actor=cast.bureau_staff)
    assert list(sittings_on_rest_days(NOW)) == ([sitting] if found else [])
    front = signed_in(cast.bureau_staff).get("/console/").content.decode()
    assert ("落在休息日的坐诊，待调整" in front) == found
    listed = signed_in(cast.bureau_staff).get("/console/sessions_app/sitting/?rest=1").content.decode()
    assert (sitting.title in listed) == found


def test_what_is_over_or_called_off_is_not_listed(sitting: Sitting, cast: Cast) -> None:
    make_sitting(date(2026, 12, 10), cancelled=True)
    import_year(
        year=2026,
        exceptions=with_holiday(FRIDAY) | {date(2026, 12, 10): ("holiday", "临时")},
        document_number=NUMBER,
        actor=cast.bureau_staff,
    )
    assert list(sittings_on_rest_days(NOW)) == [sitting]
    assert not sittings_on_rest_days(moment("2026-12-05 10:00")).exists()
