"""The public page of a quarter's results, from what was kept: a few big figures, bars, sentences, definitions. [5.4]

A bar is drawn by the page: its words are text that grows with the reader's own size, and its pieces differ without
colour. Where each piece stands is reckoned here, in thousandths of the longest bar.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from reports.figures.quarter import Quarter
from reports.models import PublishedFigures, PublishedResults

SOLID, MIDDLE, EMPTY = "solid", "middle", "empty"
WHOLE = 1000
# What is read first; what belongs to one stands under it.
TILES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("received", ("numbers_used",)),
    ("schedule_kept", ()),
    ("refused", ()),
    ("on_the_spot", ()),
    ("feedback_on_time", ("feedback_on_time_original",)),
    ("satisfied", ("rated", "satisfied_with_silence")),
)


@dataclass(frozen=True)
class Piece:
    look: str
    at: int
    wide: int


@dataclass(frozen=True)
class Bar:
    """`words` says the numbers that the pieces show."""

    label: str
    words: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Bars:
    key: str
    title: str
    legend: list[tuple[str, str]]
    bars: list[Bar]
    note: str = ""


@dataclass(frozen=True)
class ResultsPage:
    results: PublishedResults
    content: dict[str, Any]
    counted_at: datetime

    @property
    def quarter(self) -> Quarter:
        return Quarter(self.results.year, self.results.quarter)

    @property
    def tiles(self) -> list[dict[str, Any]]:
        figures = {one["key"]: one for one in self.content["figures"] if one["value"]}
        return [
            figures[key] | {"more": [figures[other] for other in others if other in figures]}
            for key, others in TILES
            if key in figures
        ]

    @property
    def charts(self) -> list[Bars]:
        made = (_history(self.content["history"]), _areas(self.content["areas"]), _grounds(self.content["grounds"]))
        return [bars for bars in (*made, _ratings(self.content["ratings"])) if bars is not None]


def page_of(results: PublishedResults) -> ResultsPage:
    """Once published only what was published then; before that what was counted."""
    kept = PublishedFigures.objects.filter(results=results).first() if results.was_published else None
    return page_from(results, kept)


def page_from(results: PublishedResults, kept: PublishedFigures | None) -> ResultsPage:
    if kept is None:
        return ResultsPage(results, results.content, results.made_at)
    return ResultsPage(results, kept.content, kept.counted_at)


def _pieces(parts: Sequence[tuple[str, int]], longest: int) -> Iterator[Piece]:
    at = 0
    for look, count in parts:
        end = at + count
        left, right = WHOLE * at // longest, WHOLE * end // longest
        if count:
            yield Piece(look, left, right - left)
        at = end


def _history(rows: list[dict[str, Any]]) -> Bars | None:
    rows = [row for row in rows if row["all"]]
    if not rows:
        return None
    longest = max(row["all"] for row in rows)
    bars = []
    for row in rows:
        few = row["solved"] is None
        parts = [(MIDDLE, row["all"])] if few else [(SOLID, row["solved"]), (EMPTY, row["all"] - row["solved"])]
        said = _("共 %(all)s 件") if few else _("现场解决 %(solved)s 件，共 %(all)s 件")
        bars.append(Bar(row["quarter"], said % row, list(_pieces(parts, longest))))
    legend = [(SOLID, _("现场解决")), (EMPTY, _("交办或者解释说明"))]
    note = _("不足 5 件的季度只列总数。") if any(row["solved"] is None for row in rows) else ""
    return Bars("history", _("近期各季度接诊的诉求"), legend, bars, note)


def _areas(kept: dict[str, Any] | None) -> Bars | None:
    return _split("areas", _("接诊的诉求，按领域分"), kept)


def _grounds(kept: dict[str, Any] | None) -> Bars | None:
    return _split("grounds", _("不予受理的挂号，按情形分"), kept)


def _split(key: str, title: str, kept: dict[str, Any] | None) -> Bars | None:
    if kept is None:
        return None
    told = [(name, count) for name, count in kept["cells"] if count is not None]
    rest = [name for name, count in kept["cells"] if count is None]
    if rest:
        # What is left is known from the whole, and says no more.
        told.append((_("其余 %s 类合计") % len(rest), kept["whole"] - sum(count for _name, count in told)))
    longest = max(count for _name, count in told)
    bars = [Bar(name, _("%s 件") % count, [*_pieces([(SOLID, count)], longest)]) for name, count in told]
    note = _("共 %s 件。") % kept["whole"]
    if rest:
        note += _("不足 5 件的，以及可由此推算的，不单列：%s。") % "、".join(rest)
    return Bars(key, title, [], bars, note)


def _ratings(kept: dict[str, int] | None) -> Bars | None:
    """Rated and counted as satisfied apart. [3.8]"""
    if kept is None or not sum(kept.values()):
        return None
    names = {"satisfied": _("评价满意"), "unsatisfied": _("评价不满意"), "silent": _("未评价视为满意")}
    looks = {"satisfied": SOLID, "unsatisfied": MIDDLE, "silent": EMPTY}
    words = "，".join(_("%(name)s %(count)s 轮") % {"name": name, "count": kept[key]} for key, name in names.items())
    pieces = list(_pieces([(look, kept[key]) for key, look in looks.items()], sum(kept.values())))
    legend = [(looks[key], name) for key, name in names.items()]
    return Bars("ratings", _("诊后评价"), legend, [Bar(_("办结的办理轮次"), words, pieces)])
