"""Every address of the system and what it answers to whom. A new address is entered in its area or the test goes red.

An answer is a pair: the status of a GET, and of a POST with nothing in it. Of several, the first whose people include
the visitor holds. Arguments name something of `world.World`; a plain word stands for itself.
"""

from tests.portal import (
    addresses_appointments,
    addresses_cases,
    addresses_common,
    addresses_evaluations,
    addresses_inquiries,
    addresses_quarter,
    addresses_ratings,
    addresses_reports,
    addresses_results,
    addresses_settings,
    addresses_typical,
)
from tests.portal.visitors import Row

AREAS = (
    addresses_settings,
    addresses_appointments,
    addresses_inquiries,
    addresses_cases,
    addresses_ratings,
    addresses_evaluations,
    addresses_quarter,
    addresses_reports,
    addresses_common,
    addresses_results,
    addresses_typical,
)


def of_all_areas(kind: str) -> list[Row]:
    return [row for area in AREAS for row in getattr(area, kind, [])]


PUBLIC = of_all_areas("PUBLIC")
SECRET = of_all_areas("SECRET")
SCRIPTS = of_all_areas("SCRIPTS")
MODELS = of_all_areas("MODELS")
ROWS = [*PUBLIC, *SECRET, *of_all_areas("CONSOLE"), *of_all_areas("PAGES"), *SCRIPTS, *MODELS]
