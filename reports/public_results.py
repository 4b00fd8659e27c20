"""What everybody may be told of a quarter: sums of the whole city, sentences, and what each figure means. [5.4]

Made from the figures that the bulletin is made from and kept as it was made, words and definitions too, so that a
published page says what it said. Nothing of a department, a demand or an enterprise is in it:

1. A figure of enterprises on fewer than `ENOUGH` is not told. Sittings and numbers are announced by themselves.
2. What is split (by demand area, by ground) is protected as one table, as ratings are: small cells, and as many more
   as keep them from being reckoned; where that is not enough there is no table.
3. Ratings only where their sum may be told (`reports.rating_sums`), always the three figures together. [3.8] [5.2]
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.selectors_sums import Sum, protect
from reports.enums import ReportKind, ReportStatus
from reports.figures import Figure, Quarter, QuarterFigures, of_quarter
from reports.figures.counts import ENOUGH
from reports.figures.definition import Part
from reports.models import IssuedReport
from reports.rating_sums import RatingSums, Told, rating_sums
from reports.sentences import GROUNDS, Says

# What may be public, in the order of the chain, and under which key a page finds it.
PUBLIC = (
    *("schedule_kept", "numbers_used", "refused", "received", "on_the_spot"),
    *("plan_on_time", "plan_on_time_original", "feedback_on_time", "feedback_on_time_original"),
    *("rated", "satisfied", "satisfied_with_silence"),
)
RATINGS = ("rated", "satisfied", "satisfied_with_silence")
# Told however few: how many numbers were given out and used can be read on the announcements.
KNOWN_ANYHOW = (Part.SITTINGS,)
NO_RATINGS = {
    Told.STILL_OPEN: gettext_lazy("评价期未满，本季度的满意度暂不公布。"),
    Told.TOO_FEW: gettext_lazy("评价的企业较少，为保护企业自主评价的权利，本季度的满意度不公布。"),
}


def content_of(quarter: Quarter, now: datetime) -> dict[str, Any]:
    today = timezone.localdate(now)
    found = of_quarter(quarter, today=today)
    sums = rating_sums(found, today)
    told = [figure for figure in _public(found) if figure.key not in RATINGS or sums.told[-1] == Told.WHOLE]
    return {
        "figures": [_kept(figure) for figure in told],
        "sentences": list(_sentences(found, sums)),
        "areas": areas(found),
        "grounds": grounds(found),
        "history": history(found),
        "ratings": _ratings(found) if sums.told[-1] == Told.WHOLE else None,
    }


def _public(found: QuarterFigures) -> list[Figure]:
    return [found[key] for key in PUBLIC]


def is_withheld(figure: Figure) -> bool:
    """Too few enterprises stand behind it."""
    if figure.definition.part in KNOWN_ANYHOW or figure.key == "received":
        return False
    return bool(figure.count.denominator) and (figure.count.denominator or 0) < ENOUGH


def _kept(figure: Figure) -> dict[str, Any]:
    definition = figure.definition
    withheld = is_withheld(figure)
    return {
        "key": figure.key,
        "label": figure.label,
        "clause": definition.clause,
        "meaning": definition.explanation,
        "word": str(definition.word),
        "value": "" if withheld else definition.value_of(figure.count),
        "fraction": "" if withheld else definition.fraction_of(figure.count) if figure.count.denominator else "",
    }


def _cells(counts: Mapping[str, int], whole: int) -> dict[str, Any] | None:
    """A split of `whole`, which everybody knows, as it may be shown; None: not at all."""
    there = {name: Sum(given=count) for name, count in counts.items() if count}
    shown = protect(there)
    if shown.total is None or all(cell is None for cell in shown.cells.values()):
        return None
    return {"cells": [[name, cell and cell.given] for name, cell in shown.cells.items()], "whole": whole}


def areas(found: QuarterFigures) -> dict[str, Any] | None:
    """Demands that were consulted about, by their area, in the list's order."""
    table = found.table("area")
    if table is None:
        return None
    place = [column.key for column in table.columns].index("on_the_spot")
    counts = {row.label: row.cells[place].count.denominator or 0 for row in table.rows}
    return _cells(counts, found["on_the_spot"].count.denominator or 0)


def grounds(found: QuarterFigures) -> dict[str, Any] | None:
    """Refusals by the grounds of the notice. [4.2]"""
    counts = {found[key].label: found[key].count.numerator for key in GROUNDS}
    return _cells(counts, found["refused"].count.numerator)


def history(found: QuarterFigures) -> list[dict[str, Any]]:
    """Five quarters: of the demands consulted about, how many were solved at the table."""
    counts = found["on_the_spot"].history
    return [
        {"quarter": one.short, "solved": None if count.is_few else count.numerator, "all": count.denominator or 0}
        for one, count in zip(found.quarter.seen_together, counts, strict=True)
    ]


def _ratings(found: QuarterFigures) -> dict[str, int]:
    """How many were satisfied, how many not, and of how many nothing was heard: the parts of the three figures."""
    satisfied, rated = (found[key].count for key in ("satisfied", "rated"))
    return {
        "satisfied": satisfied.numerator,
        "unsatisfied": rated.numerator - satisfied.numerator,
        "silent": (rated.denominator or 0) - rated.numerator,
    }


def _sentences(found: QuarterFigures, sums: RatingSums) -> Iterator[str]:
    says = Says(found)
    yield _(
        "日程安排坐诊%(planned)s期，如期公告并举办%(held)s期；放号%(numbers)s个，企业到场接诊%(received)s家次。"
    ) % {
        "planned": says.whole("schedule_kept"),
        "held": says.number("schedule_kept"),
        "numbers": says.whole("numbers_used"),
        "received": says.number("received"),
    }
    if not is_withheld(found["refused"]):
        yield _("审核挂号%(all)s件，受理%(accepted)s件，不予受理%(refused)s件。不予受理的均说明理由和办理渠道。") % {
            "all": says.whole("refused"),
            "accepted": says.missing("refused"),
            "refused": says.number("refused"),
        }
    if not is_withheld(found["on_the_spot"]):
        yield _("签办诉求%(all)s件，现场解决%(solved)s件，其余交办或者解释说明。") % {
            "all": says.whole("on_the_spot"),
            "solved": says.number("on_the_spot"),
        }
    yield from _punctuality(found, says)
    yield str(NO_RATINGS[Told(sums.told[-1])]) if sums.told[-1] != Told.WHOLE else _satisfaction(says)


def _punctuality(found: QuarterFigures, says: Says) -> Iterator[str]:
    """Always both dates. [3.7]"""
    if not says.whole("feedback_on_time") or is_withheld(found["feedback_on_time"]):
        return
    yield _("应反馈办理情况%(all)s项，按批准后的期限按期反馈%(granted)s项，按最初的期限按期反馈%(first)s项。") % {
        "all": says.whole("feedback_on_time"),
        "granted": says.number("feedback_on_time"),
        "first": says.number("feedback_on_time_original"),
    }


def _satisfaction(says: Says) -> str:
    return _(
        "办结后，企业主动评价的%(rated)s轮，占%(rate)s；主动评价中都满意的占%(satisfied)s；"
        "未评价的视为满意，一并计入为%(silent)s。"
    ) % {
        "rated": says.number("rated"),
        "rate": says.rate("rated"),
        "satisfied": says.rate("satisfied"),
        "silent": says.rate("satisfied_with_silence"),
    }


@dataclass(frozen=True)
class Difference:
    label: str
    in_bulletin: str
    here: str


def differences(year: int, quarter: int, content: dict[str, Any]) -> list[Difference]:
    """Where an issued bulletin of the quarter says another figure; what either withholds is not compared."""
    said = _said_in_bulletin(year, quarter)
    found = []
    for figure in content.get("figures", []):
        here, there = _one_line(figure), said.get(figure["label"], "")
        if there and there != "—" and figure["value"] and here != there:
            found.append(Difference(figure["label"], there, here))
    return found


def _said_in_bulletin(year: int, quarter: int) -> dict[str, str]:
    """The quarter's column of the latest issued bulletin's main table, by the figures' names."""
    issued = IssuedReport.objects.filter(
        report__kind=ReportKind.BULLETIN,
        report__status=ReportStatus.ISSUED,
        report__year=year,
        report__quarter=quarter,
    )
    figures = issued.order_by("-report__version").values_list("figures", flat=True).first()
    tables = [table for table in (figures or {}).get("tables", []) if table["section"] == "overall"]
    return {row[0]: row[1].replace("\n", " ") for table in tables for row in table["rows"]}


def _one_line(figure: dict[str, Any]) -> str:
    return f"{figure['value']} {figure['fraction']}".strip()
