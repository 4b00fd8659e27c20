"""The list of cases in the console: its filters, and what it reads beside each line. [3.7]"""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Assignment, Case
from cases.selectors_list import WORST_FIRST, cases_in_light, for_list, next_obligations
from core.console import actor_of
from core.console_filters import SelectFilter
from deadlines.enums import Light
from departments.enums import DepartmentKind
from departments.models import Department


class CaseList(ChangeList):
    """Each line with its units and what is due next, read once for all the lines of a page."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        self.root_queryset = for_list(self.root_queryset, actor_of(request))
        return super().get_queryset(request, exclude_parameters)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        found = next_obligations(rows, timezone.localdate())
        for row in rows:
            row.next_obligation = found.get(row.pk)
        self.result_list = rows


class LightFilter(admin.SimpleListFilter):
    """By the worst light of what is owed in a case."""

    title = _("时限")
    parameter_name = "light"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(light.value, light.label) for light in WORST_FIRST]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in WORST_FIRST:
            return queryset
        return cases_in_light(queryset, Light(self.value()), actor_of(request), timezone.localdate())


class UnitFilter(SelectFilter):
    """Whoever has a part in the present round of a case, leading or assisting."""

    title = _("责任单位")
    parameter_name = "unit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        units = Department.objects.filter(is_active=True).exclude(kind=DepartmentKind.INSPECTION)
        return [(str(unit.pk), unit.name) for unit in units]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        if not (self.value() or "").isdecimal():
            return queryset
        parts = Assignment.objects.taking_part().filter(department=self.value(), round=F("case__round"))
        return queryset.filter(pk__in=parts.values("case"))


class JointFilter(admin.SimpleListFilter):
    title = _("办理方式")
    parameter_name = "joint"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("单一部门")), ("yes", _("多部门联办"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        return queryset.filter(is_joint=self.value() == "yes") if self.value() in ("yes", "no") else queryset
