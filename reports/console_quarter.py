"""The quarter at a glance: eight figures, three charts, the tables; and the lists that the figures open. [3.10]"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from core.console import actor_of
from core.console_nav import NavGroup, NavPage, nav_pages
from core.console_page import console_page
from core.models import User
from core.sheets import download
from reports.excel_quarter import quarter_workbook
from reports.figures import (
    BY_KEY,
    Definition,
    Figure,
    Filters,
    Part,
    Quarter,
    QuarterFigures,
    counted_rows,
    of_quarter,
)
from reports.figures.charts import charts_of
from reports.figures.lists import LISTINGS, listed
from reports.models import ServiceItemsList
from reports.permissions import can_see_list, department_shown_to, sees_authors, sees_ratings

VIEWS, EXPORTS = "reports.view_quarter", "reports.export_quarter"
# The eight of the page; what stands behind the first one of a tile is read together with it. [3.10]
TILES = (
    ("schedule_kept", "late_publications"),
    ("numbers_used", "absent"),
    ("refused",),
    ("on_the_spot", "explained"),
    ("feedback_on_time", "feedback_on_time_original"),
    ("solved", "overdue_open"),
    ("satisfied", "rated", "satisfied_with_silence"),
    ("follow_ups", "follow_ups_done", "sent_back", "unrectified"),
)
QUARTERS_OFFERED = 12
ROWS_ON_A_PAGE = 50
DIMENSIONS = (
    ("department", gettext_lazy("部门")),
    ("area", gettext_lazy("诉求领域")),
    ("district", gettext_lazy("街道、园区")),
)


@dataclass(frozen=True)
class Asked:
    """What the address asks for: nonsense asks for everything. A department head has no choice of department."""

    quarter: Quarter
    filters: Filters

    @classmethod
    def by(cls, request: HttpRequest, actor: User, today: date) -> "Asked":
        given = {name: request.GET.get(name, "") for name, _label in DIMENSIONS}
        keys = {name: int(text) if text.isdecimal() and len(text) < 10 else None for name, text in given.items()}
        own = department_shown_to(actor)
        filters = Filters(own if own is not None else keys["department"], keys["area"], keys["district"])
        return cls(Quarter.parse(request.GET.get("quarter", "")) or Quarter.of(today), filters)

    def query(self, **other: Any) -> str:
        return urlencode({"quarter": self.quarter.key, **self.filters.given(), **other})


@dataclass(frozen=True)
class Shown:
    """A figure, and where its list is; "" where it may not be opened."""

    figure: Figure
    query: str


def _asked(request: HttpRequest, permission: str) -> tuple[User, Asked, date]:
    actor, today = actor_of(request), timezone.localdate()
    if not actor.has_perm(permission):
        raise PermissionDenied
    return actor, Asked.by(request, actor, today), today


def _counted(actor: User, asked: Asked, today: date) -> QuarterFigures:
    given = {name: getattr(asked.filters, name) for name, _label in DIMENSIONS}
    seen = {"with_ratings": sees_ratings(actor), "split_ratings": sees_authors(actor)}
    return of_quarter(asked.quarter, **given, **seen, today=today)


def quarter(request: HttpRequest) -> HttpResponse:
    actor, asked, today = _asked(request, VIEWS)
    found = _counted(actor, asked, today)
    shown = {key: Shown(figure, _list_query(actor, asked, figure.definition)) for key, figure in found.figures.items()}
    context = {
        "found": found,
        "tiles": [[shown[key] for key in keys if key in shown] for keys in TILES if keys[0] in shown],
        "parts": _parts(shown),
        "charts": [(chart, mark_safe(chart.svg)) for chart in charts_of(found)],  # noqa: S308 - drawn here, escaped
        "tables": [_with_links(actor, asked, table) for table in found.tables],
        "quarters": _offered(asked.quarter, today),
        "choices": _choices(actor, found),
        "query": asked.query(),
        "ends": not asked.quarter.is_over(today),
        "exports": actor.has_perm(EXPORTS),
        "lists_closed": sees_ratings(actor) and not sees_authors(actor),
    }
    return _page(request, "console/quarter.html", context, title=found.quarter.title)


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, title: Any) -> HttpResponse:
    return console_page(request, template, context, title=title, model=ServiceItemsList)


def _list_query(actor: User, asked: Asked, definition: Definition, **other: Any) -> str:
    """Of the list of what was counted; "" where that would tell who rated. [5.2]"""
    return asked.query(figure=definition.key, part="counted", **other) if can_see_list(actor, definition) else ""


def _parts(shown: dict[str, Shown]) -> list[tuple[str, list[Shown]]]:
    """Every figure, in the order of the chain."""
    grouped = [(part, [one for one in shown.values() if one.figure.definition.part is part]) for part in Part]
    return [(str(part.value), rows) for part, rows in grouped if rows]


def _with_links(actor: User, asked: Asked, table: Any) -> dict[str, Any]:
    def line(row: Any) -> tuple[Any, list[tuple[Any, str]]]:
        narrowed = {table.dimension: row.key} if row.key is not None else {}
        links = [
            _list_query(actor, asked, cell.definition, **narrowed) if row.key is not None or row is table.total else ""
            for cell in row.cells
        ]
        return row, list(zip(row.cells, links, strict=True))

    return {"table": table, "rows": [line(row) for row in table.rows], "total": line(table.total)}


def _offered(chosen: Quarter, today: date) -> list[Quarter]:
    latest = Quarter.of(today)
    return sorted({chosen, *(latest.plus(-back) for back in range(QUARTERS_OFFERED))}, reverse=True)


def _choices(actor: User, found: QuarterFigures) -> list[tuple[str, Any, list[tuple[int, str]], int | None]]:
    fixed = department_shown_to(actor) is not None
    return [
        (name, label, found.names[name], getattr(found.filters, name))
        for name, label in DIMENSIONS
        if not (fixed and name == "department")
    ]


def quarter_excel(request: HttpRequest) -> HttpResponse:
    """The same figures and tables in Excel, audited. [3.10]"""
    actor, asked, today = _asked(request, EXPORTS)
    found = _counted(actor, asked, today)
    audit.record(
        "export_quarter",
        f"reports.quarter:{asked.quarter.key}",
        actor=actor,
        after=found.narrowed_to,
        clause="[3.10]",
    )
    return download(quarter_workbook(found), _("%s“局长坐诊接诉”工作数据.xlsx") % found.quarter.title)


def quarter_list(request: HttpRequest) -> HttpResponse:
    """The rows that a figure counts. [3.10]"""
    actor, asked, today = _asked(request, VIEWS)
    definition = BY_KEY.get(request.GET.get("figure", ""))
    if definition is None or not definition.accepts(asked.filters):
        raise Http404
    out_of = request.GET.get("part") == "out_of"
    if not can_see_list(actor, definition):
        raise PermissionDenied
    listing = LISTINGS[definition.source.key]
    rows = listed(definition.source.key, counted_rows(definition, asked.quarter, asked.filters, today, out_of=out_of))
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("p"))
    context = {
        "definition": definition,
        "asked": asked,
        "out_of": out_of,
        "headings": listing.headings,
        "lines": [listing.line(row) for row in page],
        "page": page,
        "query": asked.query(figure=definition.key, part="out_of" if out_of else "counted"),
        "back": f"{reverse('console:reports_quarter')}?{asked.query()}",
        "other": asked.query(figure=definition.key, part="counted" if out_of else "out_of"),
        "has_other": definition.out_of is not None,
        "opens_cases": actor.has_perm("cases.view_case"),
    }
    return _page(request, "console/quarter_list.html", context, title=definition.label)


nav_pages += [
    NavPage(
        route="reports/quarter/",
        name="reports_quarter",
        view=quarter,
        group=NavGroup.REPORTS,
        label=gettext_lazy("季度工作情况"),
        order=5,
        open_to=lambda user: user.has_perm(VIEWS),
    ),
    NavPage(route="reports/quarter/excel/", name="reports_quarter_excel", view=quarter_excel, group=NavGroup.REPORTS),
    NavPage(route="reports/quarter/list/", name="reports_quarter_list", view=quarter_list, group=NavGroup.REPORTS),
]
