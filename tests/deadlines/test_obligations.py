"""Opening an obligation, meeting it, ending it otherwise; its last day and its lateness. [3.4] [3.7]"""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from core import audit
from core.constraints import violated
from core.errors import Refused
from core.models import AuditEntry
from deadlines import services
from deadlines.enums import Cause, ObligationStatus
from deadlines.models import Obligation, Revision, Timer
from deadlines.selectors import obligation_of, open_obligations
from tests.deadlines.conftest import NOON, OWNER, meet, owe, timers
from tests.factories import department, moment

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.4]"), pytest.mark.clause("[3.7]")]


def test_open_obligation_counts_its_days_and_ends_at_close_of_business() -> None:
    obligation = owe()
    assert (obligation.due, obligation.last_day, obligation.original_day) == (date(2026, 3, 12),) * 3
    assert obligation.due_at == moment("2026-03-12 17:30")
    assert not obligation.provisional
    revision = Revision.objects.get()
    assert (revision.number, revision.cause, revision.before, revision.after) == (
        1, Cause.OPENED, None, date(2026, 3, 12),
    )  # fmt: skip
    assert AuditEntry.objects.get().action == "open_obligation"


def test_open_obligation_again_is_the_same_one() -> None:
    first = owe()
    assert owe(working_days=5) == first
    assert Revision.objects.count() == 1


def test_open_obligation_of_another_department_round_or_kind_is_another() -> None:
    debtors = [department("市税务局"), department("市统计局"), None]
    for debtor in debtors:
        owe(department=debtor)
        owe(department=debtor, round=2)
        owe(department=debtor, kind="triage")
    assert Obligation.objects.count() == 9


def test_open_obligation_that_was_met_is_refused_and_after_a_void_one_it_is_new() -> None:
    owe()
    meet()
    with pytest.raises(Refused, match="already_met"):
        owe()
    again = owe(kind="triage")
    services.void_obligations(owner=OWNER, actor=audit.SYSTEM, now=NOON)
    assert owe(kind="triage") != again


@pytest.mark.parametrize("debtor", ["市税务局", None])
def test_two_open_ones_of_a_kind_are_refused_by_the_database(debtor: str | None) -> None:
    one = owe(department=department(debtor) if debtor else None)
    columns = {field.attname: getattr(one, field.attname) for field in Obligation._meta.concrete_fields}
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Obligation.objects.create(**columns | {"id": None})
    assert violated(error.value) == ("one_obligation_of_a_department" if debtor else "one_obligation_of_the_bureau")


@pytest.mark.parametrize(
    ("limit", "last_day"),
    [
        ("2026-03-06", "2026-03-06"),  # the working day before a sitting that is near
        ("2026-03-20", "2026-03-12"),
        ("2026-03-02", "2026-03-03"),  # already over when it was opened: late from its own first day
    ],
)
def test_outer_limit_ends_it_earlier_and_keeps_the_statutory_day(limit: str, last_day: str) -> None:
    obligation = owe(no_later_than=date.fromisoformat(limit))
    assert obligation.due == date(2026, 3, 12)
    assert obligation.last_day == date.fromisoformat(last_day)
    assert f"{obligation.due_at:%Y-%m-%d %H:%M}" == f"{last_day} 17:30"
    assert "应不晚于" in Revision.objects.get().explanation["sentences"][-1]


def test_explanation_names_another_law_where_one_overrides() -> None:
    owe(legal_basis="《优化营商环境条例》第四十九条")
    assert "《优化营商环境条例》" in Revision.objects.get().explanation["sentences"][0]


@pytest.mark.parametrize(
    ("when", "late"),
    [
        ("2026-03-12 17:30", 0),
        ("2026-03-12 17:31", 1),  # past close of business: the last day is over
        ("2026-03-13 09:00", 1),
        ("2026-03-14 09:00", 1),  # a Saturday
        ("2026-03-16 09:00", 2),
    ],
)
def test_meet_obligation_keeps_how_late_it_was(when: str, late: int) -> None:
    owe()
    met = meet(now=moment(when))
    assert met is not None
    assert (met.status, met.met_at, met.late_working_days) == (ObligationStatus.MET, moment(when), late)


def test_meet_obligation_after_an_extension_is_late_against_the_first_day_still() -> None:
    obligation = owe()
    services.revise_obligation(
        obligation_id=obligation.pk, cause=Cause.EXTENDED, actor=audit.SYSTEM, now=NOON, reason="补充材料",
        due=date(2026, 3, 20),
    )  # fmt: skip
    met = meet(now=moment("2026-03-16 10:00"))
    assert met is not None
    assert (met.late_working_days, met.late_working_days_original) == (0, 2)
    assert met.original_day == date(2026, 3, 12)


def test_meet_obligation_ends_its_reminders() -> None:
    obligation = owe()
    meet()
    assert timers(obligation) == {}
    assert len(timers(obligation, "superseded")) == 4


def test_meet_obligation_twice_changes_nothing() -> None:
    owe()
    first = meet(now=moment("2026-03-10 10:00"))
    again = meet(now=moment("2026-03-30 10:00"))
    assert first is not None
    assert again is not None
    assert again.met_at == first.met_at
    assert AuditEntry.objects.filter(action="meet_obligation").count() == 1


def test_meet_obligation_that_nobody_owes_is_none() -> None:
    assert meet() is None
    owe()
    services.void_obligations(owner=OWNER, actor=audit.SYSTEM, now=NOON)
    assert meet() is None


def test_void_obligations_ends_what_is_open_of_the_owner_and_nothing_else() -> None:
    done, ended, kept = owe(kind="triage"), owe(), owe(kind="claim")
    other = owe("appointments.booking:413")
    meet(kind="triage")
    assert services.void_obligations(owner=OWNER, actor=audit.SYSTEM, now=NOON, kinds=["triage", "verification"]) == 1
    statuses = {row.pk: row.status for row in Obligation.objects.all()}
    assert [statuses[row.pk] for row in (done, ended, kept, other)] == ["met", "void", "open", "open"]
    assert timers(ended) == {}
    assert len(timers(kept)) == 4
    assert services.void_obligations(owner=OWNER, actor=audit.SYSTEM, now=NOON) == 1
    assert services.void_obligations(owner=OWNER, actor=audit.SYSTEM, now=NOON) == 0


def test_verbs_join_the_transaction_of_the_caller() -> None:
    with transaction.atomic():
        owe()
        meet()
        transaction.set_rollback(True)
    assert not Obligation.objects.exists()
    assert not Timer.objects.exists()


def test_selectors_find_what_is_owed() -> None:
    debtor = department("市税务局")
    owed, met = owe(department=debtor), owe(kind="triage")
    meet(kind="triage")
    assert list(open_obligations(OWNER)) == [owed]
    assert obligation_of(OWNER, "verification", debtor) == owed
    assert obligation_of(OWNER, "verification") is None
    assert obligation_of(OWNER, "triage") == met


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_a_revision_is_refused_any_change_by_the_database(verb: str) -> None:
    owe()
    statement = "DELETE FROM deadlines_revision" if verb == "delete" else "UPDATE deadlines_revision SET reason = 'x'"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Revision.objects.get().reason == ""
