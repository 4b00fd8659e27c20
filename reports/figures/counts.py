"""What was counted, out of how many, and what the quarter was narrowed to. [3.10]"""

from dataclasses import dataclass
from datetime import timedelta

# Rates on fewer than these say so, and are not compared. [3.10]
ENOUGH = 5
NONE = "—"


@dataclass(frozen=True)
class Filters:
    """What a quarter is narrowed to: keys of a department, a demand area, a street or park; None: all."""

    department: int | None = None
    area: int | None = None
    district: int | None = None

    def given(self) -> dict[str, int]:
        wanted = {"department": self.department, "area": self.area, "district": self.district}
        return {name: key for name, key in wanted.items() if key is not None}


@dataclass(frozen=True)
class Count:
    """What was counted, and out of how many; a plain count has no denominator. `total`: what an average divides."""

    numerator: int = 0
    denominator: int | None = None
    total: timedelta = timedelta()

    def __add__(self, other: "Count") -> "Count":
        together = None
        if self.denominator is not None or other.denominator is not None:
            together = (self.denominator or 0) + (other.denominator or 0)
        return Count(self.numerator + other.numerator, together, self.total + other.total)

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None where there is nothing to divide by."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def per_mille(self) -> int | None:
        """The share in thousandths, half of one rounded up, as people do it on paper."""
        return (2000 * self.numerator + self.denominator) // (2 * self.denominator) if self.denominator else None

    @property
    def minutes(self) -> float | None:
        return self.total.total_seconds() / 60 / self.numerator if self.numerator else None

    @property
    def is_few(self) -> bool:
        return self.denominator is not None and self.denominator < ENOUGH
