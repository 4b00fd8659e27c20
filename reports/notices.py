"""What is said about a list."""

from core.audit import subject_of
from departments.selectors import people_of
from notifications.services import render, tell_in_console
from reports.models import ServiceItemsList


def list_sent(made: ServiceItemsList) -> None:
    """To everybody of the departments that have a part in it. [3.4]"""
    heading, text = render("list_sent", made=made)
    departments = {key for row in made.rows for key in row["departments"]}
    tell_in_console(
        people_of(departments),
        kind="list_sent",
        subject=subject_of(made),
        key=f"list:{made.pk}",
        heading=heading,
        text=text,
    )
