"""The quarter's three charts: how demands ended, who was in time, how it was rated. [3.10]

Drawn once, as SVG, for the page; the same drawing becomes a picture for Word. Readable in print and without colour:
patterns, and every number is written.
"""

from dataclasses import dataclass
from typing import Any

import resvg_py
from django.utils.translation import gettext as _

from reports.figures.counts import ENOUGH, Count
from reports.figures.drawing import ACCENT, CROSSED, EMPTY, HATCHED, INK, LINE, SOFT, SOLID, Drawing, wide
from reports.figures.quarter import Quarter
from reports.figures.shapes import QuarterFigures, Table

# Word's fonts are the reader's; a picture's are the server's.
SERVER_FONT = "Noto Sans CJK SC"
HALF, WHOLE = 400, 820
OUTCOMES = (("on_the_spot", SOLID), ("handed_over", HATCHED), ("explained", EMPTY))
ROW = 26


@dataclass(frozen=True)
class Chart:
    """`summary` says in words what the drawing shows, for who does not see it."""

    key: str
    title: str
    summary: str
    width: int
    height: int
    svg: str

    def png(self, scale: float = 3.0) -> bytes:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=self.svg, zoom=scale, background="#ffffff", font_family=SERVER_FONT,
                sans_serif_family=SERVER_FONT,
            )
        )  # fmt: skip


def charts_of(found: QuarterFigures) -> list[Chart]:
    """Those that have something to show; the one of ratings only for who may see them. [5.2]"""
    made = [outcomes(found), ratings(found), punctuality(found)]
    return [chart for chart in made if chart is not None]


def outcomes(found: QuarterFigures) -> Chart | None:
    """五个季度的诉求处理方式: columns of what was solved at the table, handed over, explained."""
    series = [(found[key], look) for key, look in OUTCOMES if key in found.figures]
    quarters = found.quarter.seen_together
    totals = [sum(figure.history[place].numerator for figure, _look in series) for place in range(len(quarters))]
    if not totals or not max(totals):
        return None
    title, height = _("近五个季度的诉求处理方式（件）"), 280
    summary = _in_words(series, quarters)
    drawing = Drawing("chart-outcomes", HALF, height, title=title, summary=summary)
    drawing.legend(8, 16, [(look, figure.label.removesuffix(_("率"))) for figure, look in series])
    floor, room, step = height - 44, height - 100, (HALF - 16) / len(quarters)
    drawing.line(8, floor, HALF - 8, floor, stroke=INK)
    for place, quarter in enumerate(quarters):
        middle = 8 + step * (place + 0.5)
        top = _column(drawing, middle, floor, [(f.history[place].numerator, k) for f, k in series], room / max(totals))
        drawing.text(middle, top - 6, str(totals[place]), text_anchor="middle", font_weight=600)
        _under(drawing, middle, floor, quarter, quarter == found.quarter)
    return Chart("outcomes", title, summary, HALF, height, drawing.svg)


def _in_words(series: list[Any], quarters: tuple[Quarter, ...]) -> str:
    said = [
        f"{quarter.short}{'，'.join(f'{figure.label} {figure.history[place].numerator}' for figure, _look in series)}"
        for place, quarter in enumerate(quarters)
    ]
    return "；".join(said) + "。"


def _column(drawing: Drawing, middle: float, floor: float, parts: list[tuple[int, str]], unit: float) -> float:
    """Piled up from the floor; returns where it ends. A number stands in what is high enough, else beside."""
    top = floor
    for count, look in parts:
        high = count * unit
        top -= high
        if count:
            drawing.box(middle - 22, top, 44, high, look)
        if high >= 16:
            drawing.number(middle, top + high / 2, str(count), look)
        elif count:
            drawing.text(middle + 26, top + high / 2 + 4, str(count), fill=SOFT, font_size=11)
    return top


def _under(drawing: Drawing, middle: float, floor: float, quarter: Quarter, is_this: bool) -> None:
    bold: dict[str, object] = {"font_weight": 600} if is_this else {"fill": SOFT}
    year, number = quarter.short.split("年")
    drawing.text(middle, floor + 18, number, text_anchor="middle", **bold)
    drawing.text(middle, floor + 34, _("%s年") % year, text_anchor="middle", font_size=11, **bold)


def punctuality(found: QuarterFigures) -> Chart | None:
    """反馈按期率: against the granted date and the first one, a line for each department in the notice's order."""
    table = next((one for one in found.tables if _both(one)), None)
    lines = [line for line in _lines(table) if line[1].denominator] if table else []
    if not lines or table is None:
        return None
    title = _("反馈按期率（%s）") % table.title
    height = 52 + ROW * len(lines) + 22
    summary = "；".join(_("%(who)s %(count)s") % {"who": w, "count": _said(g, f)} for w, g, f in lines) + "。"
    drawing = Drawing("chart-punctuality", WHOLE, height, title=title, summary=summary)
    _axis(drawing, height)
    for place, (label, granted, first) in enumerate(lines):
        _line(drawing, 62 + ROW * place, label, granted, first)
    return Chart("punctuality", title, summary, WHOLE, height, drawing.svg)


def _both(table: Table) -> bool:
    keys = {column.key for column in table.columns}
    return {"feedback_on_time", "feedback_on_time_original"} <= keys


def _lines(table: Table | None) -> list[tuple[str, Count, Count]]:
    if table is None:
        return []
    places = {column.key: place for place, column in enumerate(table.columns)}
    granted, first = places["feedback_on_time"], places["feedback_on_time_original"]
    return [(row.label, row.cells[granted].count, row.cells[first].count) for row in (*table.rows, table.total)]


LEFT, RIGHT = 180, 540
# Where the two columns of rates end.
GRANTED, FIRST = 680, 810


def _at(count: Count) -> float:
    return LEFT + (RIGHT - LEFT) * (count.share or 0)


def _axis(drawing: Drawing, height: int) -> None:
    drawing.dot(LEFT + 6, 12, 5, filled=True)
    drawing.text(LEFT + 18, 16, _("按批准后的期限"))
    drawing.dot(LEFT + 136, 12, 8, filled=False)
    drawing.text(LEFT + 150, 16, _("按原定期限"))
    drawing.text(GRANTED, 16, _("批准后"), text_anchor="end", fill=SOFT)
    drawing.text(FIRST, 16, _("原定"), text_anchor="end", fill=SOFT)
    for quarter in range(5):
        x = LEFT + (RIGHT - LEFT) * quarter / 4
        drawing.line(x, 34, x, height - 24, stroke=LINE)
        drawing.text(x, height - 8, f"{25 * quarter}%", text_anchor="middle", fill=SOFT, font_size=11)


def _line(drawing: Drawing, y: float, label: str, granted: Count, first: Count) -> None:
    drawing.text(LEFT - 14, y + 4, label, text_anchor="end")
    for end, count in ((GRANTED, granted), (FIRST, first)):
        drawing.text(end - 56, y + 4, f"{count.numerator}/{count.denominator}", text_anchor="end", fill=SOFT)
        if not count.is_few:
            drawing.text(end, y + 4, f"{(count.per_mille or 0) / 10:.1f}%", text_anchor="end", font_weight=600)
    if granted.is_few:
        words = _("基数不足 %s，不计比率") % ENOUGH
        drawing.patch(LEFT + 4, y - 9, wide(words, 11) + 8, 18)
        drawing.text(LEFT + 8, y + 4, words, fill=SOFT, font_size=11)
        return
    drawing.line(_at(first), y, _at(granted), y, stroke=ACCENT, stroke_width=2.5)
    drawing.dot(_at(first), y, 8, filled=False)
    drawing.dot(_at(granted), y, 5, filled=True)


def _percent(count: Count) -> str:
    fraction = f"{count.numerator}/{count.denominator}"
    return fraction if count.is_few else f"{fraction}　{(count.per_mille or 0) / 10:.1f}%"


def _said(granted: Count, first: Count) -> str:
    return _("按批准后的期限 %(granted)s，按原定期限 %(first)s") % {
        "granted": _percent(granted),
        "first": _percent(first),
    }


RATED = (("satisfied", SOLID), ("unsatisfied", CROSSED), ("counted_satisfied", EMPTY))


def ratings(found: QuarterFigures) -> Chart | None:
    """诊后评价: rated and counted as satisfied apart, this quarter, the one before, and a year before. [3.8]"""
    if not all(key in found.figures for key, _look in RATED):
        return None
    quarters = found.quarter.seen_together
    shown = [place for place in (4, 3, 0) if found["rated"].history[place].denominator]
    if not shown:
        return None
    title, height = _("诊后评价：已评价的和未评价视为满意的分列（轮）"), 46 + 78 * len(shown)
    bars = [(quarters[at].short, [found[key].history[at].numerator for key, _look in RATED]) for at in shown]
    names = (_("评价满意"), _("评价不满意"), _("未评价，视为满意"))
    words = (f"{who}{'，'.join(f'{n} {c}' for n, c in zip(names, counts, strict=True))}" for who, counts in bars)
    summary = "；".join(words) + "。"
    drawing = Drawing("chart-ratings", HALF, height, title=title, summary=summary)
    drawing.legend(8, 16, [(look, name) for (_key, look), name in zip(RATED, names, strict=True)])
    for place, (who, counts) in enumerate(bars):
        _bar(drawing, 40 + 78 * place, who, counts, is_this=shown[place] == 4)
    return Chart("ratings", title, summary, HALF, height, drawing.svg)


def _bar(drawing: Drawing, y: float, who: str, counts: list[int], *, is_this: bool) -> None:
    whole, x, room = sum(counts), 8.0, HALF - 16.0
    drawing.text(8, y + 12, who, font_weight=600 if is_this else 400)
    drawing.text(HALF - 8, y + 12, _("共 %s 轮") % whole, text_anchor="end", fill=SOFT)
    for count, (_key, look) in zip(counts, RATED, strict=True):
        width = room * count / whole
        if count:
            drawing.box(x, y + 20, width, 36, look)
        if width >= 14 + 8 * len(str(count)):
            drawing.number(x + width / 2, y + 38, str(count), look)
        x += width
