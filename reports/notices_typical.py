"""What is said about typical cases, to who wrote them and to who can take them down. [5.4]"""

from core.audit import subject_of
from departments.enums import ROLES_OF_INSPECTION, Role
from departments.selectors import users_with_role
from notifications.services import render, tell_in_console
from reports.enums import TypicalNewsKind
from reports.models import TypicalCase, TypicalNews


def typical_sent_back(typical: TypicalCase) -> None:
    heading, text = render("typical_sent_back", typical=typical)
    _tell_writers(typical, "typical_sent_back", heading, text)


def typical_published(typical: TypicalCase) -> None:
    heading, text = render("typical_published", typical=typical)
    _tell_writers(typical, "typical_published", heading, text)


def typical_withdrawn(typical: TypicalCase) -> None:
    heading, text = render("typical_withdrawn", typical=typical)
    _tell_writers(typical, "typical_withdrawn", heading, text)


def typical_news(news: TypicalNews) -> None:
    """Never what it is. Nobody is told of what is not theirs to know: a bureau that finds nothing on the case's page
    would know that pressure was reported, which the inspection office may know alone. Both can take it down. [5.2]
    """
    roles = ROLES_OF_INSPECTION if news.kind == TypicalNewsKind.PRESSURE else {Role.BUREAU_SUPERVISOR}
    heading, text = render("typical_news", typical=news.typical)
    tell_in_console(
        users_with_role(*roles),
        kind="typical_news",
        subject=subject_of(news.typical),
        key=f"typical:{news.typical_id}:news:{news.kind}:{news.row}",
        heading=heading,
        text=text,
    )


def _tell_writers(typical: TypicalCase, kind: str, heading: str, text: str) -> None:
    people = typical.writers.filter(is_active=True)
    key = f"typical:{typical.pk}:{kind}:{typical.revision}"
    tell_in_console(people, kind=kind, subject=subject_of(typical), key=key, heading=heading, text=text)
