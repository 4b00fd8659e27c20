"""A record that was begun and is not signed: who owes the signature, until when, and who is told. [3.6]"""

from datetime import time

import pytest

from consultations import services
from consultations.enums import RECORD
from consultations.models import Consultation
from core.audit import subject_of
from core.workdays import due_date
from deadlines.models import Obligation
from notifications.models import Message
from sessions_app.services import local_moment
from tests.appointments.conftest import DAY
from tests.conftest import Cast
from tests.consultations.conftest import LEAD, SIGNED, ready, sign, signed

pytestmark = [pytest.mark.clause("[3.6]"), pytest.mark.django_db]
SAME_START = True


def owed(record: Consultation) -> Obligation:
    return Obligation.objects.get(owner=subject_of(record), kind=RECORD)


def test_who_leads_the_session_owes_the_signature_a_working_day_later(record: Consultation) -> None:
    debt = owed(record)
    assert (debt.department.name if debt.department else "", debt.start) == (LEAD, DAY)
    assert (debt.is_open, debt.last_day) == (True, due_date(DAY, 1).due)


def test_signed_on_its_day_is_met_in_time(record: Consultation, cast: Cast) -> None:
    signed(record, cast.department_head)
    assert (owed(record).status, owed(record).met_at, owed(record).late_working_days) == ("met", SIGNED, 0)


def test_signed_late_stays_late(record: Consultation, cast: Cast) -> None:
    ready(record, cast.department_head)
    sign(record, cast.department_head, now=local_moment(due_date(DAY, 3).due, time(10)))
    assert (owed(record).status, owed(record).late_working_days) == ("met", 2)


def test_who_leads_by_now_owes_nothing_that_was_owed_before(record: Consultation, cast: Cast) -> None:
    chairs = record.session.chairs.order_by("pk")
    for chair in chairs:
        chair.is_lead = not chair.is_lead
    for chair in sorted(chairs, key=lambda chair: chair.is_lead):
        chair.save()
    signed(record, cast.department_head)
    assert not Obligation.objects.filter(owner=subject_of(record), status="open").exists()


def test_unsigned_record_is_told_up_the_ladder_once(record: Consultation) -> None:
    late = local_moment(due_date(DAY, 2).due, time(10))
    assert services.remind(late) > 0
    told = Message.objects.filter(kind="deadline_step", text__contains="签办坐诊记录")
    assert {"department_head", "bureau_staff"} <= set(told.values_list("recipient", flat=True))
    assert services.remind(late) == 0
