"""What is said about typical cases, to who wrote them. [5.4]"""

from core.audit import subject_of
from notifications.services import render, tell_in_console
from reports.models import TypicalCase


def typical_sent_back(typical: TypicalCase) -> None:
    heading, text = render("typical_sent_back", typical=typical)
    _tell_writers(typical, "typical_sent_back", heading, text)


def typical_published(typical: TypicalCase) -> None:
    heading, text = render("typical_published", typical=typical)
    _tell_writers(typical, "typical_published", heading, text)


def typical_withdrawn(typical: TypicalCase) -> None:
    heading, text = render("typical_withdrawn", typical=typical)
    _tell_writers(typical, "typical_withdrawn", heading, text)


def _tell_writers(typical: TypicalCase, kind: str, heading: str, text: str) -> None:
    people = typical.writers.filter(is_active=True)
    key = f"typical:{typical.pk}:{kind}:{typical.revision}"
    tell_in_console(people, kind=kind, subject=subject_of(typical), key=key, heading=heading, text=text)
