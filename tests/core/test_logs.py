"""Log lines without the secrets of links."""

import logging

import pytest

from core.logs import HideSecrets

SECRET = "a2" * 13


@pytest.mark.parametrize("letter", ["b", "c", "q"])
def test_a_line_with_a_link_keeps_the_letter_alone(letter: str) -> None:
    record = logging.LogRecord("django", logging.INFO, "", 0, "GET %s", (f"/{letter}/{SECRET}/more/",), None)
    assert HideSecrets().filter(record)
    assert record.getMessage() == f"GET /{letter}/…/more/"
