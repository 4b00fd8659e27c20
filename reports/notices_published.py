"""What is said about a quarter's published results. [5.4]"""

from core.audit import subject_of
from core.models import User
from departments.enums import ROLES_OF_BUREAU, ROLES_OF_DEPARTMENT, Role
from departments.selectors import users_with_role
from notifications.services import render, tell_in_console
from reports.models import PublishedResults


def results_sent_back(results: PublishedResults, reason: str) -> None:
    """To who made them, with what is to be looked at. [5.4]"""
    heading, text = render("results_sent_back", results=results, reason=reason)
    _tell([results.made_by], "results_sent_back", results, heading, text)


def results_published(results: PublishedResults) -> None:
    """To the bureau, the leadership and every department, which spread the word. [5.4]"""
    heading, text = render("results_published", results=results)
    _tell(_everybody(), "results_published", results, heading, text)


def results_withdrawn(results: PublishedResults) -> None:
    """To the same: they may have passed the address on. [5.4]"""
    heading, text = render("results_withdrawn", results=results)
    _tell(_everybody(), "results_withdrawn", results, heading, text)


def _everybody() -> list[User]:
    return list(users_with_role(*(ROLES_OF_BUREAU - {Role.WINDOW_CLERK}), *ROLES_OF_DEPARTMENT, Role.LEADER))


def _tell(people: list[User], kind: str, results: PublishedResults, heading: str, text: str) -> None:
    key = f"results:{results.pk}:{kind}:{results.revision}"
    tell_in_console(people, kind=kind, subject=subject_of(results), key=key, heading=heading, text=text)
