"""The server is killed between commit and answer; the browser's retry gets the same ticket. [3.3]"""

import os
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from appointments.models import Booking
from core import secrets
from sessions_app.models import Sitting, Slot
from tests.appointments.conftest import credit_code
from tests.factories import make_sitting

pytestmark = [pytest.mark.prove, pytest.mark.django_db(transaction=True), pytest.mark.clause("[3.3]")]
ROOT = Path(__file__).resolve().parents[2]


class KeepRedirect(urllib.request.HTTPRedirectHandler):
    """Hands out the redirect itself instead of following it."""

    def http_error_302(self, request: Any, answer: Any, *args: Any) -> Any:
        return answer


opener = urllib.request.build_opener(KeepRedirect)


@pytest.fixture
def sitting(transactional_db: None) -> Sitting:
    day = timezone.localdate() + timedelta(days=9)
    return make_sitting(day, published=True, opens_at=timezone.now() - timedelta(hours=1))


@contextmanager
def server(port: int, marker: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The fragile web process on the test's own database and keys."""
    environment = os.environ | {
        "DIE_ONCE": str(marker),
        "DJANGO_SETTINGS_MODULE": "tests.prove.served_settings",
        "SERVED_DATABASE": str(connection.settings_dict["NAME"]),
        # A restarted server has the same keys; the tests' settings would make new ones.
        "SERVED_SECRET_KEY": settings.SECRET_KEY,
        "SERVED_LINK_KEY": settings.LINK_KEY,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.prove.fragile_server", str(port)], cwd=ROOT, env=environment
    )
    try:
        wait_until_listening(port)
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until_listening(port: int) -> None:
    for _try in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not start")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def post(port: int, sitting: Sitting, form: dict[str, str]) -> str:
    """Where the answer leads. Raises when there is none."""
    address = f"http://127.0.0.1:{port}/sittings/{sitting.pk}/number/"
    with opener.open(urllib.request.Request(address, urllib.parse.urlencode(form).encode()), timeout=20) as answer:
        assert answer.status == 302
        return answer.headers["Location"]


def test_retry_after_the_lost_answer_gets_the_same_ticket(sitting: Sitting, tmp_path: Path) -> None:
    marker = tmp_path / "die-once"
    marker.touch()
    port = free_port()
    form = {
        "enterprise_kind": "operating",
        "company_name": "安宁断电有限公司",
        "credit_code": credit_code(1),
        "mobile": "13800000001",
        "submission": secrets.new_submission(),
    }
    with server(port, marker) as process:
        with pytest.raises(OSError):  # noqa: PT011 - refused, reset or closed: the answer is lost in one way or another
            post(port, sitting, form)
        assert process.wait(timeout=10) == -9
    made = Booking.objects.get()
    with server(port, marker):
        ticket = post(port, sitting, form)
        assert post(port, sitting, form) == ticket
    assert made.ticket_secret in ticket
    assert Booking.objects.count() == 1
    assert Slot.objects.filter(taken=True).count() == 1
