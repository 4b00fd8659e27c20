"""Who may at the table, and two people on one record. [3.6]"""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from appointments.models import QueueEntry
from cases.enums import Outcome
from consultations.enums import RecordStatus
from consultations.models import Consultation
from core.errors import AlreadyDone, Refused
from core.models import AuditEntry
from tests.conftest import CAST, Cast
from tests.consultations.conftest import (
    AT_TABLE,
    OTHER,
    correct,
    keep,
    open_record,
    ready,
    sign,
    signed,
)
from tests.factories import department

pytestmark = [pytest.mark.clause("[3.6]"), pytest.mark.django_db]
SAME_START = True


class TestTwoPeopleOnOneRecord:
    def test_the_second_is_told_by_whom_when_and_what(self, record: Consultation, cast: Cast) -> None:
        keep(record, cast.department_staff, revision=0, reply="经办人所写", now=AT_TABLE + timedelta(minutes=2))
        with pytest.raises(Refused, match="changed_by_other") as refusal:
            keep(record, cast.department_head, revision=0, reply="局长所写")
        facts = refusal.value.facts
        assert (facts["by"], facts["revision"]) == (cast.department_staff.full_name, 1)
        assert facts["at"] == AT_TABLE + timedelta(minutes=2)
        assert facts["fields"]["reply"] == "经办人所写"
        record.refresh_from_db()
        assert record.reply == "经办人所写"

    def test_who_has_read_the_other_goes_on(self, record: Consultation, cast: Cast) -> None:
        keep(record, cast.department_staff, revision=0, reply="经办人所写")
        kept = keep(record, cast.department_head, revision=1, reply="局长所写")
        assert (kept.reply, kept.revision, kept.kept_by) == ("局长所写", 2, cast.department_head)
        assert AuditEntry.objects.filter(action="take_over_record").count() == 2

    def test_ones_own_stale_page_goes_on_with_the_later_words(self, record: Consultation, cast: Cast) -> None:
        keep(record, cast.department_head, revision=0, reply="先写")
        kept = keep(record, cast.department_head, revision=0, opinion="满意")
        assert (kept.reply, kept.opinion, kept.revision) == ("先写", "满意", 2)

    def test_ones_own_stale_page_does_not_hide_what_another_wrote_between(
        self, record: Consultation, cast: Cast
    ) -> None:
        """The last hand is one's own, on another page that had read the other's words; this page has not."""
        keep(record, cast.department_head, revision=0, opinion="满意")
        keep(record, cast.department_staff, revision=1, reply="经办人所写")
        keep(record, cast.department_head, revision=2, visitors="张建国")
        with pytest.raises(Refused, match="changed_by_other"):
            keep(record, cast.department_head, revision=1, reply="旧页面所写")

    def test_what_changes_nothing_is_no_change(self, record: Consultation, cast: Cast) -> None:
        keep(record, cast.department_staff, revision=0, reply="一行\r\n两行")
        kept = keep(record, cast.department_staff, revision=0, reply="一行\n两行")
        assert (kept.revision, kept.kept_by) == (1, cast.department_staff)

    def test_the_same_words_do_not_pass_for_having_read_the_others(self, record: Consultation, cast: Cast) -> None:
        """A revision handed back would let the head sign what the other wrote elsewhere in the record."""
        keep(record, cast.department_staff, revision=0, reply="同一句", opinion="另一处")
        with pytest.raises(Refused, match="changed_by_other"):
            keep(record, cast.department_head, revision=0, reply="同一句")


KEEPERS = {"department_head", "department_staff"}
SIGNERS = {"department_head"}


@pytest.mark.parametrize("who", CAST)
def test_who_may_open_keep_sign_and_correct(entry: QueueEntry, cast: Cast, who: str) -> None:
    """The other department sits in no session of this day: it may nothing."""
    head, actor = cast.department_head, cast[who]
    allowed: dict[str, bool] = {}

    def tried(name: str, attempt: Any) -> None:
        try:
            with transaction.atomic():
                attempt()
                allowed[name] = True
                transaction.set_rollback(True)
        except PermissionDenied:
            allowed[name] = False

    tried("open", lambda: open_record(entry, actor))
    record = ready(open_record(entry, head), head)
    tried("keep", lambda: keep(record, actor, opinion="满意"))
    tried("sign", lambda: sign(record, actor))
    done = sign(record, head)
    tried("correct", lambda: correct(done, actor, reply="改"))
    assert allowed == {
        "open": who in KEEPERS,
        "keep": who in KEEPERS,
        "sign": who in SIGNERS,
        "correct": who in SIGNERS,
    }


@pytest.mark.parametrize("who", ["other_department_staff", "department_staff", "bureau_staff", "inspector"])
def test_a_department_sees_where_it_sits_and_what_it_was_handed(record: Consultation, cast: Cast, who: str) -> None:
    def sees() -> bool:
        return Consultation.objects.visible_to(type(cast[who]).objects.get(pk=cast[who].pk)).exists()

    assert sees() == (who != "other_department_staff")
    signed(record, cast.department_head, Outcome.HANDED_OVER, assisting=[str(department(OTHER).pk)])
    assert sees()


@pytest.mark.parametrize("status", RecordStatus.values)
def test_matrix_of_the_one_move(record: Consultation, cast: Cast, status: str) -> None:
    if status == RecordStatus.SIGNED:
        signed(record, cast.department_head)
    else:
        ready(record, cast.department_head)
    if status == RecordStatus.DRAFT:
        assert sign(record, cast.department_head).status == RecordStatus.SIGNED
    else:
        with pytest.raises(AlreadyDone):
            sign(record, cast.department_head)
