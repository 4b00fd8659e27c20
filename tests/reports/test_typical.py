"""Typical cases: chosen, written, checked, approved, published, taken down; and every refusal on the way.
[5.3] [5.4]
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appointments.models import Enterprise, PressureReport
from cases.models import Case, MergedCase, Merger
from core import search
from core.errors import Refused
from core.models import AuditEntry
from notifications.models import Message
from reports.enums import TypicalStatus
from reports.identifying import Kind
from reports.models import TypicalCase
from reports.selectors_typical import findings_in, other_enterprises_named
from reports.services import typical as services
from tests.cases.conftest import close_at_once, working_day
from tests.conftest import Cast
from tests.evaluations.followup_steps import assign, confirm, follow
from tests.evaluations.rating_steps import UNSATISFIED, rate
from tests.reports.typical_start import booking, case, cast, closed, good, kept_start, own_start, sitting
from tests.reports.typical_steps import (
    WORDS,
    approve,
    bring_to,
    check,
    choose,
    fresh,
    over,
    publish,
    save,
    send_back,
    silent_on,
    withdraw,
)

__all__ = ["booking", "case", "cast", "closed", "good", "kept_start", "own_start", "sitting"]
SAME_START = True
pytestmark = [pytest.mark.clause("[5.3]", "[5.4]"), pytest.mark.django_db]


def refused(act: Callable[[], Any]) -> Refused:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value


def code_of(act: Callable[[], Any]) -> str:
    return refused(act).code


class TestWay:
    def test_from_the_case_to_the_site_by_three_people(self, good: Case, cast: Cast) -> None:
        typical = bring_to("published", good, cast)
        assert (typical.written_by, typical.checked_by, typical.approved_by) == (
            cast.bureau_staff,
            cast.inspector,
            cast.bureau_supervisor,
        )
        assert typical.department.name == "市税务局"
        assert list(search.find("一次告知", ["typical"])) == [typical.pk]
        statuses = [row.status for row in typical.history.order_by("history_id")]
        assert statuses[0] == "draft"
        assert statuses[-1] == "published"
        done = AuditEntry.objects.filter(subject=f"reports.typicalcase:{typical.pk}").order_by("pk")
        assert list(done.values_list("action", flat=True)) == [
            *("choose_typical", "save_typical", "check_typical", "approve_typical", "publish_typical"),
        ]
        assert Message.objects.filter(kind="typical_published").exists()

    def test_begins_with_what_is_known_and_not_with_the_enterprises_words(self, good: Case, cast: Cast) -> None:
        typical = choose(good, cast)
        assert typical.title == good.booking.title
        assert typical.area == good.booking.demand_area
        assert typical.department.name == "市税务局"
        assert (typical.year, typical.quarter) == (2026, 4)
        assert (typical.situation, typical.handling, typical.outcome, typical.lessons) == ("", "", "", "")

    def test_withdrawn_is_found_no_more(self, good: Case, cast: Cast) -> None:
        typical = bring_to("withdrawn", good, cast)
        assert list(search.find("一次告知", ["typical"])) == []
        assert typical.withdrawn_reason == "企业提出可被认出。"
        assert Message.objects.filter(kind="typical_withdrawn").exists()

    def test_a_new_version_takes_the_place_of_the_old(self, good: Case, cast: Cast) -> None:
        first = bring_to("published", good, cast)
        second = choose(good, cast)
        assert second.situation == first.situation
        save(second, cast, outcome="退税款三日内到账。")
        check(second, cast)
        approve(second, cast)
        assert fresh(first).status == "published"
        publish(second, cast)
        assert fresh(first).status == "withdrawn"
        assert "新的一版" in fresh(first).withdrawn_reason
        assert list(search.find("一次告知", ["typical"])) == [second.pk]

    def test_sent_back_begins_anew_and_saving_answers_it(self, good: Case, cast: Cast) -> None:
        typical = bring_to("approved", good, cast)
        back = send_back(typical, cast)
        assert (back.status, back.checked_by, back.approved_by) == ("draft", None, None)
        assert Message.objects.filter(kind="typical_sent_back").exists()
        assert save(typical, cast).returned_at is None

    def test_keywords_are_told_apart_however_they_are_typed(self, good: Case, cast: Cast) -> None:
        typical = save(choose(good, cast), cast, keywords="退税，一次告知  退税；清单")
        assert typical.key_words == ["退税", "一次告知", "清单"]


class TestChoosing:
    def test_open_case_not_closed(self, case: Case, cast: Cast) -> None:
        assert code_of(lambda: choose(case, cast)) == "not_closed"

    def test_explained_not_solved(self, booking: Any, cast: Cast) -> None:
        from_table = close_at_once(booking, cast.department_head, "explained")
        assert code_of(lambda: choose(from_table, cast)) == "not_solved"

    def test_while_it_may_be_rated_too_early(self, good: Case, cast: Cast) -> None:
        last = timezone.localtime(over()).replace(
            year=silent_on(good).year, month=silent_on(good).month, day=silent_on(good).day
        )
        assert code_of(lambda: choose(good, cast, now=last)) == "too_early"
        assert choose(good, cast, now=last + timedelta(days=1))

    def test_gone(self, cast: Cast) -> None:
        assert code_of(lambda: services.choose_case(case_id=0, actor=cast.bureau_staff, now=over())) == "gone"

    def test_twice_already_chosen(self, good: Case, cast: Cast) -> None:
        choose(good, cast)
        assert code_of(lambda: choose(good, cast, by="bureau_supervisor")) == "already_chosen"

    @pytest.mark.parametrize("code", ["reopened", "merged", "looked_into"])
    def test_what_speaks_against_it(self, good: Case, cast: Cast, code: str) -> None:
        happens(code, good, cast)
        assert code_of(lambda: choose(good, cast)) == code

    @pytest.mark.parametrize("said", ["pressed", "badly_rated"])
    def test_what_its_enterprise_said_is_told_to_the_inspection_office_alone(
        self, good: Case, cast: Cast, said: str
    ) -> None:
        """The bureau chooses and writes as if nothing was; the check ends it. [5.2]"""
        happens(said, good, cast)
        typical = bring_to("draft", good, cast)
        assert code_of(lambda: check(typical, cast)) == "not_suitable"

    def test_rated_well_or_found_in_order_is_suitable(self, good: Case, cast: Cast) -> None:
        rate(good.invitations.get(), now=working_day(11))
        confirm(follow(good, "inspector", cast.inspector, assigned_to=cast.inspector.pk), cast.inspector)
        assert bring_to("published", good, cast)


def happens(what: str, case: Case, cast: Cast) -> None:
    if what == "reopened":
        Case.objects.filter(pk=case.pk).update(round=2)
    elif what == "not_closed":
        Case.objects.filter(pk=case.pk).update(status="handling", closed_at=None, closed_by=None)
    elif what == "merged":
        merger = Merger.objects.create(status="standing", reason="同一事项", made_at=over(), made_by=cast.bureau_staff)
        MergedCase.objects.create(merger=merger, case=case, is_main=True)
    elif what == "looked_into":
        follow(case, "inspector", cast.inspector, assigned_to=cast.inspector.pk)
    elif what == "pressed":
        PressureReport.objects.create(booking=case.booking, content="被要求撤回")
    else:
        rate(case.invitations.get(), UNSATISFIED, now=working_day(11))
        for opened in case.follow_ups.all():
            confirm(assign(opened, cast.inspector, cast.inspector), cast.inspector)


class TestRefusals:
    @pytest.mark.parametrize(
        ("changed", "code", "field"),
        [
            ({"title": " "}, "no_title", "title"),
            ({"title": "字" * 41}, "too_long", "title"),
            ({"handling": "字" * 2001}, "too_long", "handling"),
            ({"keywords": "一一、二二、三三、四四、五五、六六、七七"}, "too_many", "keywords"),
            ({"area": 0}, "unknown_area", "area"),
            ({"department": 0}, "unknown_department", "department"),
            ({"revision": 7}, "changed_meanwhile", None),
        ],
    )
    def test_save(self, good: Case, cast: Cast, changed: dict[str, Any], code: str, field: str | None) -> None:
        typical = choose(good, cast)
        refusal = refused(lambda: save(typical, cast, **changed))
        assert (refusal.code, refusal.field) == (code, field)

    def test_check_of_another_version_than_was_read(self, good: Case, cast: Cast) -> None:
        typical = bring_to("draft", good, cast)
        assert code_of(lambda: check(typical, cast, revision=0)) == "changed_meanwhile"

    def test_approve_of_another_version_than_was_read(self, good: Case, cast: Cast) -> None:
        typical = bring_to("checked", good, cast)
        assert code_of(lambda: approve(typical, cast, revision=0)) == "changed_meanwhile"

    @pytest.mark.parametrize("name", ["situation", "handling", "outcome", "lessons", "keywords", "area", "department"])
    def test_check_of_what_is_not_whole_says_what_is_missing(self, good: Case, cast: Cast, name: str) -> None:
        typical = save(choose(good, cast), cast, **{name: None if name in ("area", "department") else ""})
        refusal = refused(lambda: check(typical, cast))
        assert refusal.code == "incomplete"
        assert str(TypicalCase._meta.get_field(name).verbose_name) in refusal.message

    def test_check_without_the_tick(self, good: Case, cast: Cast) -> None:
        typical = bring_to("draft", good, cast)
        assert code_of(lambda: check(typical, cast, confirmed=False)) == "not_confirmed"

    def test_check_of_what_is_doubtful_needs_a_reason_that_is_kept(self, good: Case, cast: Cast) -> None:
        typical = save(choose(good, cast), cast, situation="王总反映，材料多次往返。")
        refusal = refused(lambda: check(typical, cast))
        assert refusal.code == "no_reason"
        assert "王总" in refusal.message
        checked = check(typical, cast, reason="王姓常见，无法据此识别。")
        assert checked.judged == "王姓常见，无法据此识别。"
        assert approve(typical, cast).status == "approved"

    @pytest.mark.parametrize("verb", [withdraw, send_back])
    def test_without_a_reason(self, good: Case, cast: Cast, verb: Callable[..., Any]) -> None:
        typical = bring_to("checked", good, cast)
        assert code_of(lambda: verb(typical, cast, reason=" ")) == "no_reason"

    @pytest.mark.parametrize("code", ["not_closed", "reopened", "merged", "looked_into"])
    def test_publish_after_something_happened_to_the_case(self, good: Case, cast: Cast, code: str) -> None:
        typical = bring_to("approved", good, cast)
        happens(code, good, cast)
        assert code_of(lambda: publish(typical, cast)) == code


class TestIdentifying:
    """What tells whose case it is stands in the way at the check, and again at every step after it. [5.4]"""

    @pytest.mark.parametrize("name", ["title", "situation", "handling", "outcome", "lessons", "keywords"])
    def test_the_enterprises_name_in_any_field(self, good: Case, cast: Cast, name: str) -> None:
        company = good.booking.company_name
        typical = save(choose(good, cast), cast, **{name: company})
        refusal = refused(lambda: check(typical, cast))
        assert (refusal.code, refusal.field) == ("identifies", name)
        assert [finding.field for finding in refusal.facts["findings"]] == [name]

    def test_what_the_case_knows_of_people_and_numbers(self, good: Case, cast: Cast) -> None:
        booking = good.booking
        said = [booking.representative_name, booking.mobile, booking.credit_code, booking.reference]
        assert all(said)
        typical = save(choose(good, cast), cast, lessons="，".join(["做法", *said]))
        kinds = {finding.kind for finding in findings_in(typical) if finding.strict}
        assert {Kind.PERSON, Kind.PHONE, Kind.DOCUMENT, Kind.REFERENCE} <= kinds
        assert code_of(lambda: check(typical, cast)) == "identifies"

    @pytest.mark.parametrize("person", ["李和平", "陈 静"])
    def test_a_name_in_which_stands_what_parts_two_names(self, good: Case, cast: Cast, person: str) -> None:
        good.booking.representative_name = person
        good.booking.save(update_fields=["representative_name"])
        typical = save(choose(good, cast), cast, lessons=f"请{person.replace(' ', '')}介绍经验。")
        assert {finding.kind for finding in findings_in(typical)} == {Kind.PERSON}

    @pytest.mark.parametrize(("status", "verb"), [("checked", approve), ("approved", publish)])
    def test_searched_again_at_each_step(self, good: Case, cast: Cast, status: str, verb: Callable[..., Any]) -> None:
        """An enterprise that first books after the check is found by the next step."""
        typical = bring_to(status, good, cast)
        Enterprise.objects.create(identity="code:1", name="一次性告知清单")
        assert code_of(lambda: verb(typical, cast)) == "identifies"

    def test_other_enterprises_that_booked_in_one_query(self, good: Case, cast: Cast) -> None:
        Enterprise.objects.bulk_create(
            Enterprise(identity=f"code:{place}", name=f"安宁宏图{place}（云南）有限公司") for place in range(300)
        )
        texts = ["与安宁 宏图7(云南)有限公司一同办理", "别处"]
        with CaptureQueriesContext(connection) as queries:
            assert other_enterprises_named(texts, good) == ["安宁宏图7（云南）有限公司"]
        assert len(queries) == 1

    @pytest.mark.parametrize(("status", "verb"), [("draft", check), ("checked", approve), ("approved", publish)])
    def test_searched_through_before_anything_is_locked(
        self, good: Case, cast: Cast, status: str, verb: Callable[..., Any]
    ) -> None:
        """It is compared with the name of every enterprise, and nobody waits for that."""
        typical = bring_to(status, good, cast)
        with CaptureQueriesContext(connection) as queries:
            verb(typical, cast)
        asked = [row["sql"] for row in queries]
        compared = next(place for place, sql in enumerate(asked) if "REPLACE(" in sql)
        begun = next(place for place, sql in enumerate(asked) if sql.startswith(("SAVEPOINT", "BEGIN")))
        assert compared < begun

    def test_changed_between_the_search_and_the_lock_is_read_again(
        self, good: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        typical = bring_to("approved", good, cast)

        def changed_meanwhile(typical: TypicalCase) -> list[Any]:
            TypicalCase.objects.filter(pk=typical.pk).update(revision=typical.revision + 1)
            return []

        monkeypatch.setattr(services, "findings_in", changed_meanwhile)
        assert code_of(lambda: publish(typical, cast)) == "changed_meanwhile"

    def test_check_asks_the_database_little(self, good: Case, cast: Cast) -> None:
        typical = bring_to("draft", good, cast)
        typical = TypicalCase.objects.select_related("case__booking__enterprise").get(pk=typical.pk)
        with CaptureQueriesContext(connection) as queries:
            findings_in(typical)
        assert len(queries) == 3, "verifications, consultations, other enterprises"


class TestTheDatabaseRefuses:
    def write(self, typical: TypicalCase, **columns: Any) -> None:
        with transaction.atomic():
            TypicalCase.objects.filter(pk=typical.pk).update(**columns)

    @pytest.mark.parametrize(
        ("status", "columns"),
        [
            ("checked", {"checked_by": "bureau_staff"}),
            ("approved", {"approved_by": "bureau_staff"}),
            ("approved", {"approved_by": "inspector"}),
            ("checked", {"checked_at": None}),
            ("checked", {"situation": ""}),
            ("checked", {"status": "approved"}),
            ("approved", {"status": "published"}),
            ("published", {"status": "withdrawn"}),
            ("draft", {"quarter": 5}),
        ],
    )
    def test_what_no_verb_would_write(self, good: Case, cast: Cast, status: str, columns: dict[str, Any]) -> None:
        typical = bring_to(status, good, cast)
        wanted = {name: cast[value] if name.endswith("_by") else value for name, value in columns.items()}
        with pytest.raises(IntegrityError):
            self.write(typical, **wanted)

    @pytest.mark.parametrize("status", ["published", "withdrawn"])
    @pytest.mark.parametrize("name", [*WORDS, "published_at"])
    def test_words_that_were_published_do_not_change(self, good: Case, cast: Cast, status: str, name: str) -> None:
        typical = bring_to(status, good, cast)
        with pytest.raises(DatabaseError, match="does not change"):
            self.write(typical, **{name: over() if name == "published_at" else "改"})

    def test_what_was_published_is_not_removed(self, good: Case, cast: Cast) -> None:
        typical = bring_to("published", good, cast)
        with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
            typical.delete()

    @pytest.mark.parametrize("status", ["draft", "published"])
    def test_a_second_of_a_case(self, good: Case, cast: Cast, status: str) -> None:
        typical = bring_to(status, good, cast)
        typical.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            typical.save(force_insert=True)


class TestThreePeople:
    def test_who_wrote_does_not_check_in_another_office_either(self, good: Case, cast: Cast) -> None:
        typical = save(choose(good, cast), cast)
        typical.writers.add(cast.inspector)
        with pytest.raises(PermissionDenied):
            check(typical, cast)

    def test_who_checked_does_not_approve_in_another_office_either(self, good: Case, cast: Cast) -> None:
        typical = bring_to("checked", good, cast)
        TypicalCase.objects.filter(pk=typical.pk).update(checked_by=cast.bureau_supervisor)
        with pytest.raises(PermissionDenied):
            approve(typical, cast)

    def test_who_wrote_does_not_approve(self, good: Case, cast: Cast) -> None:
        typical = save(choose(good, cast), cast, by="bureau_supervisor")
        check(typical, cast)
        with pytest.raises(PermissionDenied):
            approve(typical, cast)


def test_every_status_can_be_brought_about(good: Case, cast: Cast) -> None:
    assert bring_to(TypicalStatus.WITHDRAWN, good, cast).status == "withdrawn"
