"""A step of the ladder and a moved day, told to those concerned: handed to the sweeps by the app whose kinds they are.
[3.7]
"""

from core.models import User
from deadlines.enums import TimerKind
from deadlines.models import Obligation, Revision
from deadlines.selectors import recipients_of
from notifications.services import render, tell_group, tell_in_console

LATE_STEPS = (TimerKind.ONE_LATE, TimerKind.THREE_LATE)


def deadline_step(obligation: Obligation, step: TimerKind, levels: list[TimerKind]) -> list[User]:
    """A step of the ladder: one message for each, and in the group, however many steps were missed. [3.7]"""
    people = recipients_of(obligation, step)
    heading, text = render("deadline_step", obligation=obligation, step=step, late=step in LATE_STEPS)
    key = f"obligation:{obligation.pk}:{obligation.revision}:{step}"
    said = {"kind": "deadline_step", "subject": obligation.belongs_to, "key": key, "heading": heading, "text": text}
    tell_in_console(people, **said)
    tell_group(**said)
    return people


def deadline_moved(obligation: Obligation, revisions: list[Revision]) -> None:
    """A date is another than was told: the calendar or the sitting changed. [3.4]"""
    heading, text = render("deadline_moved", obligation=obligation)
    tell_in_console(
        recipients_of(obligation, TimerKind.TWO_BEFORE),
        kind="deadline_moved",
        subject=obligation.belongs_to,
        key=f"obligation:{obligation.pk}:moved:{revisions[-1].number}",
        heading=heading,
        text=text,
    )
