"""Publishing a sitting: what is needed, what may be overridden, what it leaves behind."""

from datetime import date, time

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from core import audit
from core.errors import AlreadyDone, Refused
from core.models import AuditEntry
from sessions_app import services
from sessions_app.enums import SittingStatus
from sessions_app.models import Sitting
from sessions_app.services_publication import outlook_of
from tests.conftest import Cast
from tests.factories import make_session, make_sitting, moment

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 12, 15)
EIGHT_DAYS_BEFORE = moment("2026-12-07 10:00")


def publish(sitting: Sitting, actor: audit.Actor, at: str = "2026-12-07 10:00", **options: object) -> Sitting:
    return services.publish_sitting(sitting_id=sitting.pk, actor=actor, now=moment(at), **options)


def refusal(sitting: Sitting, actor: audit.Actor, at: str = "2026-12-07 10:00", **options: object) -> Refused:
    with pytest.raises(Refused) as caught:
        publish(sitting, actor, at, **options)
    sitting.refresh_from_db()
    assert sitting.status == SittingStatus.PLANNED
    assert not sitting.slots.exists()
    return caught.value


@pytest.mark.clause("[3.2]")
def test_publish_sitting_seven_days_before_is_published(cast: Cast) -> None:
    published = publish(make_sitting(TUESDAY), cast.bureau_staff, "2026-12-08 23:59")
    assert (published.status, published.published_at) == (SittingStatus.PUBLISHED, moment("2026-12-08 23:59"))
    assert published.published_by == cast.bureau_staff


@pytest.mark.clause("[3.2]")
def test_publish_sitting_six_days_before_is_refused(cast: Cast) -> None:
    found = refusal(make_sitting(TUESDAY), cast.bureau_staff, "2026-12-09 00:00")
    assert (found.code, found.field) == ("needs_override", "override_reason")
    assert found.facts["problems"] == ["距首场坐诊仅 6 天，公告应提前 7 天发布。"]


@pytest.mark.clause("[3.2]")
def test_publish_sitting_lead_counts_to_the_first_session(cast: Cast) -> None:
    sitting = make_sitting(TUESDAY)
    make_session(sitting, "special", day=date(2026, 12, 14))
    assert refusal(sitting, cast.bureau_staff, "2026-12-08 09:00").code == "needs_override"


@pytest.mark.clause("[3.2]")
def test_publish_sitting_late_with_a_supervisors_reason_keeps_it(cast: Cast) -> None:
    published = publish(
        make_sitting(TUESDAY), cast.bureau_supervisor, "2026-12-10 10:00", override_reason=" 市长现场办公 "
    )
    assert (published.status, published.override_reason) == (SittingStatus.PUBLISHED, "市长现场办公")
    entry = AuditEntry.objects.get(action="publish_sitting")
    assert (entry.reason.strip(), entry.clause, entry.user) == ("市长现场办公", "[3.2]", cast.bureau_supervisor)


@pytest.mark.clause("[3.2]")
def test_publish_sitting_in_time_keeps_no_override_reason(cast: Cast) -> None:
    assert publish(make_sitting(TUESDAY), cast.bureau_supervisor, override_reason="多余").override_reason == ""


@pytest.mark.clause("[3.2]")
@pytest.mark.parametrize("reason", ["", "   "])
def test_publish_sitting_late_without_a_reason_is_refused_to_the_supervisor_too(cast: Cast, reason: str) -> None:
    found = refusal(make_sitting(TUESDAY), cast.bureau_supervisor, "2026-12-10 10:00", override_reason=reason)
    assert found.code == "needs_override"


@pytest.mark.clause("[3.2]")
def test_publish_sitting_late_with_a_reason_of_staff_is_denied(cast: Cast) -> None:
    sitting = make_sitting(TUESDAY)
    with pytest.raises(PermissionDenied):
        publish(sitting, cast.bureau_staff, "2026-12-10 10:00", override_reason="来不及了")
    sitting.refresh_from_db()
    assert sitting.status == SittingStatus.PLANNED


@pytest.mark.clause("[3.6]")
@pytest.mark.parametrize("kinds", [(), ("special",), ("special", "extra")])
def test_publish_sitting_without_a_main_session_is_refused_and_cannot_be_overridden(
    cast: Cast, kinds: tuple[str, ...]
) -> None:
    found = refusal(make_sitting(TUESDAY, sessions=kinds), cast.bureau_supervisor, override_reason="先发布")
    assert found.code == "no_main_session"


@pytest.mark.clause("[3.6]")
def test_publish_sitting_with_a_main_session_of_three_hours_is_published(cast: Cast) -> None:
    sitting = make_sitting(TUESDAY, sessions=())
    make_session(sitting, "main", starts=time(9), ends=time(12))
    assert publish(sitting, cast.bureau_staff).status == SittingStatus.PUBLISHED


@pytest.mark.clause("[3.6]")
def test_publish_sitting_with_a_main_session_a_minute_too_short_is_refused(cast: Cast) -> None:
    sitting = make_sitting(TUESDAY, sessions=())
    make_session(sitting, "main", starts=time(9), ends=time(11, 59))
    assert refusal(sitting, cast.bureau_staff).facts["problems"] == ["主场 12-15 09:00 不足 3 小时。"]


@pytest.mark.clause("[3.6]")
@pytest.mark.parametrize("chairs", [{"leader": ""}, {"departments": ()}])
def test_publish_sitting_without_a_principal_leader_is_refused(cast: Cast, chairs: dict[str, object]) -> None:
    sitting = make_sitting(TUESDAY, sessions=())
    make_session(sitting, "main", **chairs)
    assert refusal(sitting, cast.bureau_staff).facts["problems"] == [
        "主场 12-15 09:00 尚未明确牵头部门的主要负责同志。"
    ]


@pytest.mark.clause("[3.6]")
def test_publish_sitting_names_every_problem_at_once(cast: Cast) -> None:
    sitting = make_sitting(TUESDAY, sessions=())
    make_session(sitting, "main", ends=time(10), leader="")
    assert len(refusal(sitting, cast.bureau_staff, "2026-12-14 10:00").facts["problems"]) == 3


@pytest.mark.clause("[3.6]")
@pytest.mark.parametrize(("count", "warned"), [(0, True), (1, True), (2, False), (3, False), (4, True)])
def test_publish_sitting_with_odd_special_sessions_warns_and_is_published(
    cast: Cast, count: int, warned: bool
) -> None:
    sitting = make_sitting(TUESDAY, sessions=["main", *["special"] * count])
    assert bool(outlook_of(sitting, EIGHT_DAYS_BEFORE).warnings) is warned
    assert publish(sitting, cast.bureau_staff).status == SittingStatus.PUBLISHED


@pytest.mark.clause("[3.2]")
@pytest.mark.parametrize("at", ["2026-12-15 09:00", "2026-12-16 10:00"])
def test_publish_sitting_that_has_begun_is_refused_with_any_reason(cast: Cast, at: str) -> None:
    found = refusal(make_sitting(TUESDAY), cast.bureau_supervisor, at, override_reason="补发")
    assert found.code == "already_begun"


@pytest.mark.clause("[3.3]")
def test_publish_sitting_opens_before_publication_is_refused(cast: Cast) -> None:
    found = refusal(make_sitting(TUESDAY), cast.bureau_staff, opens_at=moment("2026-12-07 09:59"))
    assert (found.code, found.field) == ("opens_before_publication", "opens_at")


@pytest.mark.clause("[3.3]")
def test_publish_sitting_opens_at_publication_is_published(cast: Cast) -> None:
    published = publish(make_sitting(TUESDAY), cast.bureau_staff, opens_at=EIGHT_DAYS_BEFORE)
    assert published.opens_at == published.published_at == EIGHT_DAYS_BEFORE


@pytest.mark.clause("[3.3]")
@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-12-04 08:59", "2026-12-04 09:00"),
        ("2026-12-04 09:01", "2026-12-07 09:00"),
        ("2026-12-05 08:00", "2026-12-07 09:00"),
    ],
    ids=["same morning", "friday after nine", "saturday"],
)
def test_publish_sitting_opens_by_default_at_nine_of_a_working_day(cast: Cast, at: str, opens: str) -> None:
    assert publish(make_sitting(TUESDAY), cast.bureau_staff, at).opens_at == moment(opens)


@pytest.mark.clause("[3.3]")
def test_publish_sitting_closes_with_the_seventh_day_after_opening(cast: Cast) -> None:
    published = publish(make_sitting(TUESDAY), cast.bureau_staff, "2026-12-04 08:00")
    assert published.closes_at == moment("2026-12-11 23:59:59")


@pytest.mark.clause("[3.3]")
def test_publish_sitting_closes_at_the_latest_with_the_day_before_the_first_session(cast: Cast) -> None:
    published = publish(make_sitting(TUESDAY), cast.bureau_staff, opens_at=moment("2026-12-10 09:00"))
    assert published.closes_at == moment("2026-12-14 23:59:59")


@pytest.mark.clause("[3.3]")
@pytest.mark.parametrize("opens", ["2026-12-15 08:00", "2026-12-20 09:00"])
def test_publish_sitting_opening_with_no_time_to_book_is_refused(cast: Cast, opens: str) -> None:
    found = refusal(make_sitting(TUESDAY), cast.bureau_staff, opens_at=moment(opens))
    assert (found.code, found.field) == ("no_time_to_book", "opens_at")


@pytest.mark.clause("[3.3]")
def test_publish_sitting_makes_five_free_numbers_for_all_sessions_together(cast: Cast) -> None:
    published = publish(make_sitting(TUESDAY, sessions=("main", "special", "special")), cast.bureau_staff)
    assert list(published.slots.values_list("number", "taken", "session")) == [(n, False, None) for n in range(1, 6)]


@pytest.mark.clause("[3.2]")
def test_publish_sitting_twice_is_already_done_and_makes_no_more_numbers(cast: Cast) -> None:
    sitting = publish(make_sitting(TUESDAY), cast.bureau_staff)
    with pytest.raises(AlreadyDone) as caught:
        publish(sitting, cast.bureau_staff, "2026-12-07 10:05")
    sitting.refresh_from_db()
    assert (caught.value.code, sitting.slots.count()) == ("already_done", 5)
    assert sitting.published_at == EIGHT_DAYS_BEFORE
    assert AuditEntry.objects.filter(action="publish_sitting").count() == 1


@pytest.mark.clause("[3.2]")
@pytest.mark.parametrize("actor", [audit.ANYONE, audit.HOLDER])
def test_publish_sitting_by_nobody_signed_in_is_denied(actor: audit.Actor) -> None:
    with pytest.raises(PermissionDenied):
        publish(make_sitting(TUESDAY), actor)


@pytest.mark.clause("[3.2]")
def test_schedule_publication_is_done_at_its_time_and_not_before(cast: Cast) -> None:
    sitting = make_sitting(TUESDAY)
    at = moment("2026-12-04 08:30")
    services.schedule_publication(
        sitting_id=sitting.pk, publish_at=at, actor=cast.bureau_staff, now=moment("2026-12-01 10:00")
    )
    assert services.publish_due(moment("2026-12-04 08:29")) == []
    assert services.publish_due(at) == [sitting]
    sitting.refresh_from_db()
    assert (sitting.status, sitting.published_by, sitting.publish_at) == (SittingStatus.PUBLISHED, None, None)
    assert sitting.opens_at == moment("2026-12-04 09:00")
    assert AuditEntry.objects.get(action="publish_sitting").by == audit.SYSTEM


@pytest.mark.clause("[3.2]")
def test_publish_due_catches_up_after_missed_days(cast: Cast) -> None:
    make_sitting(TUESDAY, publish_at=moment("2026-12-04 08:30"))
    assert len(services.publish_due(moment("2026-12-07 03:00"))) == 1
    assert services.publish_due(moment("2026-12-07 03:01")) == []


@pytest.mark.clause("[3.2]")
def test_publish_due_too_late_keeps_the_problem_and_asks_no_more(cast: Cast) -> None:
    sitting = make_sitting(TUESDAY, publish_at=moment("2026-12-04 08:30"))
    assert services.publish_due(moment("2026-12-09 00:01")) == []
    sitting.refresh_from_db()
    assert sitting.publish_problem == "距首场坐诊仅 6 天，公告应提前 7 天发布。"
    services.publish_due(moment("2026-12-09 00:02"))
    assert AuditEntry.objects.filter(action="publication_refused").count() == 1


@pytest.mark.clause("[3.2]")
def test_publish_due_refused_for_one_publishes_the_others(cast: Cast) -> None:
    make_sitting(TUESDAY, sessions=(), publish_at=moment("2026-12-04 08:00"))
    good = make_sitting(date(2026, 12, 22), publish_at=moment("2026-12-04 08:30"))
    assert services.publish_due(moment("2026-12-04 09:00")) == [good]


@pytest.mark.clause("[3.2]")
def test_schedule_publication_anew_forgets_the_problem(cast: Cast) -> None:
    sitting = make_sitting(TUESDAY, publish_problem="尚未明确主要负责同志。", publish_at=moment("2026-12-01 08:30"))
    services.schedule_publication(
        sitting_id=sitting.pk,
        publish_at=moment("2026-12-04 08:30"),
        actor=cast.bureau_staff,
        now=moment("2026-12-02 09:00"),
    )
    assert len(services.publish_due(moment("2026-12-04 08:30"))) == 1


@pytest.mark.clause("[3.2]")
@pytest.mark.parametrize(
    ("at", "code"),
    [("2026-12-01 10:00", "publication_in_the_past"), ("2026-12-09 00:00", "publication_too_late")],
)
def test_schedule_publication_at_an_impossible_time_is_refused(cast: Cast, at: str, code: str) -> None:
    sitting = make_sitting(TUESDAY)
    with pytest.raises(Refused) as caught:
        services.schedule_publication(
            sitting_id=sitting.pk, publish_at=moment(at), actor=cast.bureau_staff, now=moment("2026-12-01 10:00")
        )
    assert (caught.value.code, caught.value.field) == (code, "publish_at")


@pytest.mark.clause("[3.2]")
def test_schedule_publication_cleared_publishes_nothing(cast: Cast) -> None:
    sitting = make_sitting(TUESDAY, publish_at=moment("2026-12-04 08:30"))
    services.schedule_publication(
        sitting_id=sitting.pk, publish_at=None, actor=cast.bureau_staff, now=moment("2026-12-01 10:00")
    )
    assert services.publish_due(moment("2026-12-07 10:00")) == []


@pytest.mark.clause("[3.2]")
def test_publish_due_of_a_sitting_that_was_just_published_or_called_off_keeps_no_problem(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another sweep, or a person, between the list and the lock."""
    gone = make_sitting(TUESDAY, cancelled=True)
    done = make_sitting(date(2026, 12, 16), published=True)
    for sitting in (gone, done):
        Sitting.objects.filter(pk=sitting.pk).update(publish_at=moment("2026-12-01 08:30"))
    monkeypatch.setattr(services, "due_publications", lambda now: [gone.pk, done.pk])
    assert services.publish_due(moment("2026-12-02 09:00")) == []
    assert set(Sitting.objects.values_list("publish_problem", flat=True)) == {""}


@pytest.mark.clause("[3.2]")
@time_machine.travel(moment("2026-12-07 10:00"), tick=False)
def test_outlook_of_says_what_publishing_would_do_and_changes_nothing(cast: Cast) -> None:
    sitting = make_sitting(TUESDAY)
    outlook = outlook_of(sitting, EIGHT_DAYS_BEFORE)
    assert (outlook.opens_at, outlook.closes_at) == (moment("2026-12-08 09:00"), moment("2026-12-14 23:59:59"))
    assert (outlook.problems, outlook.refusal) == ([], "")
    published = publish(sitting, cast.bureau_staff)
    assert (published.opens_at, published.closes_at) == (outlook.opens_at, outlook.closes_at)
