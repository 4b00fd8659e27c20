"""Every periodic job says when it ran, and the front page says when one stands still."""

import re
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.test import Client
from django.utils import timezone

from anning_clinic.schedule import LABELS, SCHEDULE
from core.heartbeat import beat, periodic
from core.models import Heartbeat, User
from core.tasks import seal_audit

pytestmark = pytest.mark.django_db
JOBS = sorted(settings.PERIODIC_WORK)


def front(user: User) -> str:
    client = Client()
    client.force_login(user, backend="departments.backends.RoleBackend")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get("/console/").content.decode()))


def all_ran(ago: timedelta = timedelta()) -> None:
    for job in JOBS:
        beat(job, timezone.now() - ago, 0)


@pytest.mark.parametrize("job", JOBS)
def test_every_job_of_the_schedule_says_that_it_ran(job: str) -> None:
    current_app.loader.import_default_modules()
    current_app.tasks[job].run()
    row = Heartbeat.objects.get()
    assert (row.job, row.last_error) == (job, "")
    assert timezone.now() - row.last_at < timedelta(minutes=1)


def test_every_job_of_the_schedule_has_a_name_for_people() -> None:
    assert {entry["task"] for entry in SCHEDULE.values()} == set(LABELS) == set(JOBS)


@pytest.mark.parametrize(("done", "count"), [(3, 3), ([2027, 2028], 2), (None, 0)])
def test_periodic_counts_what_was_done(done: Any, count: int) -> None:
    def work() -> Any:
        return done

    periodic(f"test.count.{count}")(work)()
    assert Heartbeat.objects.get().last_count == count


def test_periodic_names_the_error_without_its_words_and_forgets_it_when_it_goes_well() -> None:
    answers: list[Any] = [ValueError("13800000000"), 1]

    def work() -> int:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    task = periodic("test.fail")(work)
    with pytest.raises(ValueError, match="138"):
        task()
    assert Heartbeat.objects.get().last_error == "ValueError"
    task()
    row = Heartbeat.objects.get()
    assert (row.last_error, row.last_count) == ("", 1)


def test_a_task_called_by_hand_answers_as_before() -> None:
    assert seal_audit() == 0


def test_front_page_is_quiet_while_all_run(cast: Any) -> None:
    all_ran()
    html = front(cast.bureau_supervisor)
    assert "后台任务 运行正常" in html
    assert "定时发布公告" in html
    assert "没有按时运行" not in html


def test_front_page_warns_of_a_job_that_missed_three_turns(cast: Any) -> None:
    all_ran()
    beat("sessions_app.publish_due", timezone.now() - timedelta(seconds=80), 0)
    assert "运行正常" in front(cast.system_administrator)
    beat("sessions_app.publish_due", timezone.now() - timedelta(seconds=100), 0)
    html = front(cast.system_administrator)
    assert "1 项异常" in html
    assert "此后没有再运行" in html


def test_front_page_warns_of_an_error(cast: Any) -> None:
    all_ran()
    beat("core.seal_audit", timezone.now(), 0, error="OperationalError")
    assert "出错（OperationalError）" in front(cast.system_administrator)


def test_front_page_warns_where_nothing_ever_ran_and_waits_for_a_first_turn(cast: Any) -> None:
    html = front(cast.system_administrator)
    assert f"{len(JOBS)} 项异常" in html
    beat("core.seal_audit", timezone.now(), 0)
    html = front(cast.system_administrator)
    assert "运行正常" in html
    assert "尚未运行" in html


@pytest.mark.parametrize("who", ["bureau_staff", "department_head", "inspector", "auditor", "leader"])
def test_front_page_says_nothing_of_jobs_to_others(who: str, cast: Any) -> None:
    assert "后台任务" not in front(cast[who])
