"""The working pages of cases: where they stand on the console's left side, and their queues on the front page."""

from typing import Any

from django.db.models import Count, Min, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.console_inbox import HANDLES, inbox
from cases.console_supervision import URGES, supervision
from cases.console_urge import remove_filter, save_filter, urge
from cases.selectors_work import came_back_to, owed_in_cases, to_close
from core.console import Queue, Tone, badge, queue_sources
from core.console_nav import NavGroup, NavPage, nav_pages
from deadlines.selectors import first_day_on_track
from departments.models import Department
from departments.selectors import department_of

nav_pages += [
    NavPage(
        route="cases/inbox/",
        name="cases_inbox",
        view=inbox,
        group=NavGroup.CASES,
        label=gettext_lazy("办理收件箱"),
        order=10,
        open_to=lambda user: user.has_perm(HANDLES),
    ),
    NavPage(
        route="cases/supervision/",
        name="cases_supervision",
        view=supervision,
        group=NavGroup.CASES,
        label=gettext_lazy("督办"),
        order=15,
        open_to=lambda user: user.has_perm(URGES),
    ),
    NavPage(route="cases/urge/", name="cases_urge", view=urge, group=NavGroup.CASES),
    NavPage(route="cases/filters/", name="cases_filter_save", view=save_filter, group=NavGroup.CASES),
    NavPage(
        route="cases/filters/<key:pk>/remove/", name="cases_filter_remove", view=remove_filter, group=NavGroup.CASES
    ),
]


def case_queues(request: HttpRequest) -> list[Queue]:
    """办理中的诉求, by light: for departments their own, for the bureau and the inspection office all. [3.7]"""
    user: Any = request.user
    if not user.has_perm("cases.view_case"):
        return []
    supervises = user.has_perm(URGES)
    counts = _counts(user)
    queues = [
        Queue(
            label=_("办理中的诉求"),
            count=counts["whole"],
            url=reverse("console:cases_supervision") + "?light=all" if supervises else reverse("console:cases_inbox"),
            due=counts["due"],
            empty=_("没有办理中的诉求。坐诊后交办的，将列在这里。"),
            badges=tuple(_badges(counts)),
        )
    ]
    department = department_of(user)
    if department is not None and user.has_perm("cases.close_case"):
        queues.append(_to_close(department))
    if department is not None and user.has_perm(HANDLES) and not supervises:
        back = came_back_to(department)
        queues.append(
            Queue(
                label=_("退回和未获同意的"),
                count=len(back),
                url=f"{reverse('console:cases_inbox')}#back",
                oldest=back[-1].at if back else None,
                empty=_("没有退回的反馈或未获同意的申请。"),
            )
        )
    return queues


def _counts(user: Any) -> dict[str, Any]:
    """Cases in which something is owed, each by its worst light: what ends first. One query."""
    today = timezone.localdate()
    ahead = first_day_on_track(today)
    first = owed_in_cases().visible_to(user).order_by().values("belongs_to")
    return first.annotate(first=Min("last_day"), first_at=Min("due_at")).aggregate(
        whole=Count("belongs_to"),
        late=Count("belongs_to", filter=Q(first__lt=today)),
        near=Count("belongs_to", filter=Q(first__gte=today, first__lt=ahead)),
        due=Min("first_at"),
    )


def _badges(counts: dict[str, Any]) -> Any:
    if counts["late"]:
        yield badge(_("超期 %s 件") % counts["late"], Tone.LATE)
    if counts["near"]:
        yield badge(_("临近 %s 件") % counts["near"], Tone.NEAR)
    if counts["whole"] and not (counts["late"] or counts["near"]):
        yield badge(_("均在期限内"), Tone.ON_TRACK)


def _to_close(office: Department) -> Queue:
    waiting = to_close(office)
    return Queue(
        label=_("待答复销号"),
        count=waiting.count(),
        url=f"{reverse('console:cases_supervision')}#ours",
        empty=_("没有等待答复销号的诉求。"),
    )


queue_sources.append(case_queues)
