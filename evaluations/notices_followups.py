"""What is said about a follow-up to those who do it. It never says why there is one. [3.9] [5.2]"""

from typing import Any

from core.audit import subject_of
from core.models import User
from departments.enums import Role
from departments.selectors import users_with_role
from evaluations.enums import Office
from evaluations.models import FollowUp
from notifications.services import render, tell_in_console

# Who names the person that does it.
ASSIGNERS = {
    Office.BUREAU: (Role.BUREAU_SUPERVISOR,),
    Office.INSPECTION: (Role.INSPECTOR, Role.INSPECTION_APPROVER),
}


def opened(follow_up: FollowUp) -> None:
    tell_staff(follow_up, "follow_up_opened", users_with_role(*ASSIGNERS[Office(follow_up.office)]), once_for="opened")


def tell_staff(follow_up: FollowUp, kind: str, people: list[User], *, once_for: str, **context: Any) -> None:
    heading, text = render(kind, follow_up=follow_up, **context)
    tell_in_console(
        people,
        kind=kind,
        subject=subject_of(follow_up),
        key=f"follow-up:{follow_up.pk}:{kind}:{once_for}",
        heading=heading,
        text=text,
    )
