"""What is kept for a moment is made once, however many ask for it at the same time."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from core import moments
from core.moments import Page, blank, kept


@pytest.fixture(autouse=True)
def nothing_kept(settings: Any) -> Iterator[None]:
    settings.PAGES_KEPT_SECONDS = 60
    moments._kept.clear()
    yield
    moments._kept.clear()


def ask_at_once(many: int, make: Any) -> list[Any]:
    answers: list[Any] = []
    together = threading.Barrier(many)

    def ask() -> None:
        together.wait()
        answers.append(kept(("page",), make))

    threads = [threading.Thread(target=ask) for _asker in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def slowly(made: list[int], seconds: float = 0.1) -> Any:
    def make() -> int:
        time.sleep(seconds)
        made.append(1)
        return len(made)

    return make


def test_kept_asked_for_by_many_before_it_exists_is_made_once() -> None:
    made: list[int] = []
    assert ask_at_once(8, slowly(made)) == [1] * 8
    assert made == [1]


def test_kept_being_made_anew_gives_the_others_the_one_before(settings: Any) -> None:
    settings.PAGES_KEPT_SECONDS = 0.2
    made: list[int] = []
    kept(("page",), slowly(made))
    time.sleep(0.25)
    began = time.monotonic()
    answers = ask_at_once(4, slowly(made))
    assert sorted(answers) == [1, 1, 1, 2]
    assert time.monotonic() - began < 4 * 0.1  # nobody waited for the others' making in turn


def test_kept_whose_making_hangs_is_made_by_the_others_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "WAIT_SECONDS", 0.05)
    made: list[int] = []
    assert len(ask_at_once(3, slowly(made, 0.4))) == 3
    assert len(made) == 3


def test_kept_after_a_failed_making_is_made_by_the_next() -> None:
    def fail() -> int:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        kept(("page",), fail)
    assert kept(("page",), lambda: 5) == 5


def test_page_filled_escapes_a_value_and_does_not_look_into_it() -> None:
    page = Page.of(f"<p>{blank('name')}|{blank('free')}</p>")
    assert page.fill({"name": f"<甲>{blank('free')}", "free": "3"}).decode() == f"<p>&lt;甲&gt;{blank('free')}|3</p>"
