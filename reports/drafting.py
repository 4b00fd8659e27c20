"""What the figures of a quarter say, in sentences, tables and charts: the draft that a person goes on from. [3.10]"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reports.content import quarter_name


@dataclass(frozen=True)
class Material:
    """`texts` by the key of a part; `figures` and `cases` as a report keeps them."""

    texts: dict[str, str] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    cases: list[dict[str, Any]] = field(default_factory=list)


def material_of(year: int, quarter: int, now: datetime) -> Material:
    return Material(texts={"overall": quarter_name(year, quarter)})
