"""What the console's pages of bulletins, published results and typical cases have in common."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from core.console import Queue
from core.templatetags.cn import cn_short


def in_status(*statuses: str) -> Callable[[Any], bool]:
    """Whether a button is offered."""
    return lambda row: row.status in statuses


def signed(at: datetime | None, by: object) -> str:
    """When it was done and by whom, each in one piece; a dash while it is not done."""
    if at is None:
        return "—"
    return format_html('<span class="nowrap">{}</span> <span class="nowrap">{}</span>', cn_short(at), by)


def sent_back(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """The drafts that came back to who wrote in them."""
    return rows.filter(status="draft", returned_at__isnull=False, writers=user)


class TurnFilter(admin.SimpleListFilter):
    """The drafts that the front page counts, so that its links lead to exactly those.

    `waiting`: key of what waits for another person -> its words, that person's permission, and which drafts;
    `writes`: the permission of those to whom drafts come back.
    """

    title = gettext_lazy("待办")
    parameter_name = "turn"
    waiting: Mapping[str, tuple[Any, str, Callable[[Any], Any]]] = {}
    writes = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        user: Any = request.user
        offered = [(key, words) for key, (words, who, _rows) in self.waiting.items() if user.has_perm(who)]
        return [*offered, ("back", gettext_lazy("退回我修改"))] if user.has_perm(self.writes) else offered

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "back":
            return sent_back(queryset, request.user)
        found = self.waiting.get(str(self.value()))
        return found[2](queryset) if found else queryset


def queue_of(label: str, rows: QuerySet[Any], query: str, empty: str) -> Queue:
    """A card of the front page: how many of these documents wait, and the list of exactly those."""
    opts = rows.model._meta
    address = reverse(f"console:{opts.app_label}_{opts.model_name}_changelist")
    return Queue(label=label, count=rows.count(), url=f"{address}?{query}", empty=empty)
