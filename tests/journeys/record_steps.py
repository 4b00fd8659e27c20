"""A record at the table on a tablet: what stands on the page, on the device, on the server; the line between."""

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from appointments import services as day
from appointments.models import Booking, QueueEntry
from consultations import services
from consultations.models import Consultation
from tests.conftest import CAST_PASSWORD, Cast
from tests.journeys.conftest import TABLET, Open
from tests.journeys.test_bureau import sign_in

SAID = "退税将于本月办结，由税源科专人跟进。"
KEEP, KEY = re.compile(r"/keep/$"), re.compile(r"/key/")
# All that the device holds, as text: whatever was put into it in the clear would be found here.
EVERYTHING = """
    async () => {
      const out = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
      for (const { name } of await indexedDB.databases()) {
        const opening = indexedDB.open(name);
        const db = await new Promise((resolve) => { opening.onsuccess = () => resolve(opening.result); });
        for (const store of db.objectStoreNames) {
          const all = db.transaction(store).objectStore(store).getAll();
          for (const entry of await new Promise((resolve) => { all.onsuccess = () => resolve(all.result); })) {
            out.push(JSON.stringify(entry));
            const bytes = Object.values(entry).filter((v) => v instanceof ArrayBuffer || ArrayBuffer.isView(v));
            const decoders = ["utf-8", "utf-16le", "latin1"].map((code) => new TextDecoder(code));
            for (const part of bytes) for (const decoder of decoders) out.push(decoder.decode(part));
          }
        }
        db.close();
      }
      return out;
    }
"""


def called_to_table(cast: Cast) -> Consultation:
    """The first in line was called, and sits at the table of 市税务局."""
    now = timezone.now()
    booking = Booking.objects.get(slot__number=1)
    day.check_in(booking_id=booking.pk, actor=cast.window_clerk, now=now)
    entry = QueueEntry.objects.get(booking=booking)
    day.call(entry_id=entry.pk, desk="1号桌", actor=cast.window_clerk, now=now)
    return services.open_record(booking_id=booking.pk, actor=cast.department_head, now=now)


def open_record(page: Page, record: Consultation) -> None:
    # Until the page has its key: that answer writes the session, which a test may be about to change.
    with page.expect_response(KEY):
        page.goto(f"/console/consultations/consultation/{record.pk}/record/")
    expect(state(page)).to_contain_text("已保存")


def tablet_of(opened: Open, record: Consultation) -> Page:
    page = opened(**TABLET)
    sign_in(page, "department_head")
    open_record(page, record)
    return page


def state(page: Page) -> Any:
    return page.locator("[data-keep-state]")


def note(page: Page) -> Any:
    return page.locator("[data-keep-note]")


def cover(page: Page) -> Any:
    return page.locator("dialog[data-lock]")


def reply(page: Page) -> Any:
    return page.locator("#id_reply")


def kept(record: Consultation) -> Consultation:
    return Consultation.objects.get(pk=record.pk)


def fresh(page: Page, revision: int) -> None:
    """Kept, and the page knows it."""
    expect(page.locator("form[data-keep] [name=revision]")).to_have_value(str(revision))
    expect(state(page)).to_contain_text("已保存")


def posts(page: Page) -> list[str]:
    """What the page sends from now on, one entry each time."""
    sent: list[str] = []
    page.on("request", lambda request: KEEP.search(request.url) and sent.append(request.post_data or ""))
    return sent


def drop_line(page: Page) -> None:
    page.context.set_offline(True)


def restore_line(page: Page) -> None:
    page.context.set_offline(False)


def write_without_line(page: Page, text: str = SAID) -> None:
    drop_line(page)
    reply(page).fill(text)
    expect(state(page)).to_contain_text("未连接，已保留在本机")


def change_session(page: Page, change: Callable[[Any], None]) -> None:
    """Of the person who is signed in on this page."""
    (cookie,) = [c for c in page.context.cookies() if c["name"] == settings.SESSION_COOKIE_NAME]
    session = import_module(settings.SESSION_ENGINE).SessionStore(cookie["value"])
    change(session)
    session.save()


def leave_without_line(page: Page) -> None:
    """What a page sends while it is being left goes past the driver's switch for the line: it sends nothing."""
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no line')); }")
    page.goto("about:blank")
    restore_line(page)


def let_sign_in_run_out(page: Page) -> None:
    def long_ago(session: Any) -> None:
        session["seen_at"] = int(timezone.now().timestamp()) - 31 * 60

    change_session(page, long_ago)


def sign_in_again(page: Page, password: str = CAST_PASSWORD) -> None:
    cover(page).get_by_label("密码").fill(password)
    cover(page).get_by_role("button", name="重新登录").click()


def choose(page: Page, field: str, side: str) -> None:
    page.locator(f"[data-field={field}] input[value={side}]").check()


def let_sign_in_nearly_run_out(page: Page) -> None:
    def a_while_ago(session: Any) -> None:
        session["seen_at"] = int(timezone.now().timestamp()) - 29 * 60

    change_session(page, a_while_ago)
