"""Two people merge at once, on PostgreSQL, with the positive controls. [3.7]"""

import threading
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest

from appointments.models import ConsentText
from cases import services
from cases.models import Case, Closing, CommonDemandCase, MergedCase, Merger
from cases.services import common as common_verbs
from cases.services import together
from sessions_app.models import Sitting
from tests.appointments.conftest import OPENS, accept, confirm, take
from tests.appointments.test_races import at_once, outcome
from tests.cases.conftest import DAY, LEAD, SEEN, give_feedback, hand_over, make_plan, part, working_day
from tests.conftest import Cast
from tests.factories import department, make_sitting

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.clause("[3.7]")]


@pytest.fixture
def sitting(transactional_db: None) -> Sitting:
    ConsentText.objects.get_or_create(text="同意", in_force_from=OPENS)
    return make_sitting(DAY, published=True, opens_at=OPENS)


@pytest.fixture
def cases(sitting: Sitting, cast: Cast) -> list[Case]:
    bookings = [accept(confirm(take(sitting, serial)), cast.bureau_staff) for serial in (1, 2, 3, 4)]
    return [hand_over(booking, cast.department_head) for booking in bookings]


def merge(main: Case, *others: Case, actor: Any) -> Merger:
    keys = [case.pk for case in others]
    return services.merge_cases(main_id=main.pk, case_ids=keys, reason="同一问题", actor=actor, now=SEEN)


def places() -> Counter[int]:
    """How often each case stands in a merger."""
    return Counter(MergedCase.objects.filter(is_standing=True).values_list("case_id", flat=True))


def test_two_merging_the_same_two_both_ways_make_one_merger(cases: list[Case], cast: Cast) -> None:
    first, second, *_others = cases
    pairs = [(first, second), (second, first)] * 4
    results = at_once(8, lambda place: merge(*pairs[place], actor=cast.bureau_staff))
    assert Counter(map(outcome, results)) == {"given": 1, "merged_already": 7}
    assert places() == {first.pk: 1, second.pk: 1}


def test_a_chain_and_a_ring_of_mergers_never_come_about(cases: list[Case], cast: Cast) -> None:
    """1←2, 2←3, 3←4, 4←1: whoever comes first, no case stands in two, and none follows one that follows another."""
    results = at_once(4, lambda place: merge(cases[place], cases[(place + 1) % 4], actor=cast.bureau_staff))
    assert set(map(outcome, results)) <= {"given", "merged_already"}
    assert max(places().values()) == 1
    mains = MergedCase.objects.filter(is_standing=True, is_main=True).values("case")
    assert not MergedCase.objects.filter(is_standing=True, is_main=False, case__in=mains).exists()


def test_undoing_beside_joining_leaves_no_half_merger(cases: list[Case], cast: Cast) -> None:
    first, second, third, _fourth = cases
    merger = merge(first, second, actor=cast.bureau_staff)
    undo = {"merger_id": merger.pk, "reason": "不同", "actor": cast.bureau_staff, "now": SEEN}
    at_once(2, lambda place: services.undo_merger(**undo) if place else merge(first, third, actor=cast.bureau_staff))
    merger.refresh_from_db()
    assert merger.status == "undone"
    standing = MergedCase.objects.filter(is_standing=True)
    assert not standing.filter(merger=merger).exists()
    assert places() in ({}, {first.pk: 1, third.pk: 1})


def test_answering_together_beside_answering_alone_answers_each_once(cases: list[Case], cast: Cast) -> None:
    first, second, *_others = cases
    merge(first, second, actor=cast.bureau_staff)
    for case in (first, second):
        make_plan(part(case), cast.department_staff)
    answer = services.Answer("solved", "已办。")
    common = {"answer": answer, "actor": cast.department_staff, "now": working_day(8)}
    own = {case.pk: part(case).pk for case in (first, second)}

    def attempt(place: int) -> Any:
        if place % 2:
            return services.answer_together(assignment_id=own[first.pk], **common)
        return give_feedback(part(second), cast.department_staff)

    results = at_once(4, attempt)
    assert set(map(outcome, results)) <= {"given", "already_done", "wrong_status"}
    assert [part(case).feedbacks.count() for case in (first, second)] == [1, 1]


def test_pressing_together_from_both_ends_presses_each_once(cases: list[Case], cast: Cast) -> None:
    """From either case's page: the locks are taken in one order, and nobody waits for ever."""
    ends = cases[:2]
    merge(*ends, actor=cast.bureau_staff)
    for case in ends:
        make_plan(part(case), cast.department_staff)
        give_feedback(part(case), cast.department_staff)
    own = [part(case).pk for case in ends]
    accept = {"note": "", "actor": cast.bureau_staff, "now": working_day(8)}
    pressed = at_once(4, lambda place: services.accept_together(assignment_id=own[place % 2], **accept))
    assert Counter(map(outcome, pressed)) == {"given": 1, "already_done": 3}
    close = {"result": "solved", "answer": "已办。", "actor": cast.bureau_supervisor, "now": working_day(8)}
    shut = at_once(4, lambda place: services.close_together(case_id=ends[place % 2].pk, **close))
    assert Counter(map(outcome, shut)) == {"given": 1, "already_done": 3}
    assert Closing.objects.count() == 2


@pytest.mark.clause("[5.3]")
def test_two_listing_the_same_case_as_common_list_it_once(cases: list[Case], cast: Cast) -> None:
    first, *others = cases
    common = services.Common("退税周期长", (department(LEAD).pk,))
    results = at_once(
        3,
        lambda place: services.open_common(
            common=common, case_ids=[first.pk, others[place].pk], actor=cast.bureau_staff, now=SEEN
        ),
    )
    assert Counter(map(outcome, results)) == {"given": 1, "in_another": 2}


class TestPositiveControls:
    """What is proved above fails, or is caught by the constraint, when the lock is taken away."""

    @pytest.fixture
    def without_lock(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Read instead of locked; everybody has looked before anybody writes."""
        barrier = threading.Barrier(2, timeout=3)

        def careless(case_ids: Any) -> list[Case]:
            return list(Case.objects.filter(pk__in=case_ids).order_by("pk"))

        def looked(*_args: Any) -> None:
            with suppress(threading.BrokenBarrierError):
                barrier.wait()

        monkeypatch.setattr(together, "lock_cases", careless)
        monkeypatch.setattr(common_verbs, "lock_cases", careless)
        record = together.MergedCase.objects.bulk_create
        monkeypatch.setattr(
            together.MergedCase.objects, "bulk_create", lambda rows: (looked(), record(rows))[1], raising=False
        )

    def test_without_lock_the_constraint_holds_and_says_a_sentence(
        self, cases: list[Case], cast: Cast, without_lock: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second, third, _fourth = cases
        hits = []
        sentence = together.refusal_of
        monkeypatch.setattr(together, "refusal_of", lambda error: (hits.append(error), sentence(error))[1])
        mains = (first, third)
        results = at_once(2, lambda place: merge(mains[place], second, actor=cast.bureau_staff))
        assert Counter(map(outcome, results)) == {"given": 1, "merged_already": 1}
        assert len(hits) == 1, "the constraint, not the look before it"
        assert max(places().values()) == 1

    def test_without_the_look_the_constraint_of_common_demands_holds(self, cases: list[Case], cast: Cast) -> None:
        first, second, third, _fourth = cases
        common = services.Common("退税", (department(LEAD).pk,))
        made = {"common": common, "actor": cast.bureau_staff, "now": SEEN}
        services.open_common(case_ids=[first.pk, second.pk], **made)
        item = services.open_common(case_ids=[third.pk, cases[3].pk], **made)
        with pytest.raises(Exception, match="a_case_shows_one_common_demand"):
            CommonDemandCase.objects.create(item=item, case=first, added_at=SEEN, added_by=cast.bureau_staff)
