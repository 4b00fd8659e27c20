"""Two hands on one record at once, on PostgreSQL, with the controls that show what each safeguard is for. [3.6]"""

from collections import Counter

import pytest

from appointments.enums import QueueStatus
from appointments.models import ConsentText, QueueEntry
from cases.enums import Outcome
from cases.models import Case
from consultations.models import Consultation, Version
from consultations.services import signing
from core import transitions
from core.models import User
from departments.enums import DepartmentKind, Role
from departments.models import Department
from notifications.models import Message
from tests.appointments.conftest import DAY, OPENS
from tests.appointments.day_steps import arrived, bring_entry_to
from tests.appointments.test_calling import read_together
from tests.appointments.test_races import at_once, outcome
from tests.conftest import make_person
from tests.consultations.conftest import LEAD, keep, open_record, ready, sign
from tests.factories import department, make_sitting

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.clause("[3.6]")]


@pytest.fixture
def bureau(transactional_db: None) -> User:
    ConsentText.objects.get_or_create(text="同意", in_force_from=OPENS)
    unit, _created = Department.objects.get_or_create(name="市政务服务局", defaults={"kind": DepartmentKind.BUREAU})
    return make_person("bureau", Role.BUREAU_STAFF, unit)


@pytest.fixture
def head(bureau: User) -> User:
    return make_person("head", Role.DEPARTMENT_HEAD, department(LEAD))


@pytest.fixture
def second(head: User) -> User:
    return make_person("second", Role.DEPARTMENT_HEAD, department(LEAD))


@pytest.fixture
def entry(bureau: User) -> QueueEntry:
    (waiting,) = arrived(make_sitting(DAY, published=True, opens_at=OPENS), bureau, 1)
    return bring_entry_to(QueueStatus.CALLED, waiting, bureau)


@pytest.fixture
def record(entry: QueueEntry, head: User) -> Consultation:
    return ready(open_record(entry, head), head, Outcome.HANDED_OVER)


def test_eight_sign_offs_at_once_are_one_case(record: Consultation, head: User, second: User) -> None:
    results = at_once(8, lambda place: sign(record, (head, second)[place % 2], revision=record.revision))
    assert Counter(map(outcome, results)) == {"given": 1, "already_done": 7}
    assert (Case.objects.count(), Version.objects.count()) == (1, 1)
    assert Message.objects.filter(kind="case_opened").count() == 1


def test_without_any_lock_the_database_still_leaves_one_case(
    record: Consultation, head: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The booking's own lock and the one case of a booking hold when the record's does not."""
    unlocked = read_together(4, seconds=1)
    monkeypatch.setattr(signing, "lock", unlocked)
    monkeypatch.setattr(transitions, "lock", unlocked)
    results = at_once(4, lambda _place: sign(record, head, revision=record.revision))
    assert Case.objects.count() == 1
    assert Counter(map(outcome, results))["given"] == 1


def test_opened_by_eight_at_once_is_one_record(entry: QueueEntry, head: User, second: User) -> None:
    results = at_once(8, lambda place: open_record(entry, (head, second)[place % 2]))
    assert Counter(map(outcome, results)) == {"given": 8}
    assert len({record.pk for record in results}) == 1
    assert Consultation.objects.count() == 1


def test_kept_by_two_at_once_one_is_told(record: Consultation, head: User, second: User) -> None:
    people = (head, second)
    results = at_once(2, lambda place: keep(record, people[place], revision=record.revision, reply=f"{place}"))
    assert Counter(map(outcome, results)) == {"given": 1, "changed_by_other": 1}


def test_signed_while_another_keeps_is_signed_as_it_was_read(record: Consultation, head: User, second: User) -> None:
    seen = record.revision
    results = at_once(
        2,
        lambda place: (
            sign(record, head, revision=seen) if place else keep(record, second, revision=seen, reply="另写")
        ),
    )
    record.refresh_from_db()
    said = {"signed": ("退税将于本月办结。", ["signed", "given"]), "draft": ("另写", ["given", "changed_by_other"])}
    assert (record.reply, list(map(outcome, results))) == said[record.status]
