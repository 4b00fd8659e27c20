"""What the same sequence of requests costs at least: pages from memory, and one bare UPDATE for a number.

Both send back the very bytes that the system sent once, so that all three transfer the same.
"""

import threading
from collections import Counter
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from core.public import public_form

NUMBERS = 5
CREATE_TABLE = "CREATE TABLE floor_number (run integer, number integer, holder text, PRIMARY KEY (run, number))"
# Who loses the race for the lowest number is told no, and a later one gets the next: never twice, and one statement.
CLAIM = """
    UPDATE floor_number SET holder = %s WHERE run = %s AND holder IS NULL
    AND number = (SELECT min(number) FROM floor_number WHERE run = %s AND holder IS NULL) RETURNING number
"""
_given: Counter[int] = Counter()
_giving = threading.Lock()


@cache
def page(name: str) -> bytes:
    return (Path(settings.FLOOR_PAGES) / name).read_bytes()


def announcement(request: HttpRequest, floor: str, run: int) -> HttpResponse:
    return HttpResponse(page("announcement"))


@public_form
def step(request: HttpRequest, floor: str, run: int) -> HttpResponse:
    return HttpResponse(page("step"))


@public_form
def memory(request: HttpRequest, floor: str, run: int) -> HttpResponse:
    """Five from each process: no two processes share a memory, so this floor shows a cost and not a solution."""
    if request.method != "POST":
        return HttpResponse(page("form"))
    assert request.POST["credit_code"]
    with _giving:
        _given[run] += 1
        given = _given[run] <= NUMBERS
    return answer(floor, run, given)


@public_form
def claim(request: HttpRequest, floor: str, run: int) -> HttpResponse:
    if request.method != "POST":
        return HttpResponse(page("form"))
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [request.POST["credit_code"], run, run])
        given = cursor.fetchone() is not None
    return answer(floor, run, given)


def answer(floor: str, run: int, given: bool) -> HttpResponse:
    """The same two answers, with the same status, as the system's."""
    if given:
        return HttpResponseRedirect(f"/floors/{floor}/{run}/step/")
    return HttpResponse(page("full"), status=409)
