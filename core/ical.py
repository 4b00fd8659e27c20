"""Calendar files."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from icalendar import Calendar, Event

PRODUCT = "-//Anning//Clinic//ZH"


def calendar(name: str, events: list[Event]) -> bytes:
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    for entry in events:
        made.add_component(entry)
    return made.to_ical()


def event(uid: str, summary: str, stamp: datetime, **properties: Any) -> Event:
    """`stamp`: when the entry last changed, so that a calendar takes the newer one."""
    made = Event()
    made.add("uid", f"{uid}@anning-clinic")
    made.add("summary", summary)
    made.add("dtstamp", stamp)
    for name, value in properties.items():
        made.add(name, value)
    return made


def download(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
