"""How much of a processor one answer took, told in a header."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PROCESSOR_HEADER = "X-Processor-Microseconds"


class AnswerClock:
    """The thread's own processor time: unlike the clock on the wall it does not count waiting in line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.thread_time_ns()
        response = self.get_response(request)
        response[PROCESSOR_HEADER] = str((time.thread_time_ns() - began) // 1000)
        return response
