"""The units that the notice names are there from the first day, each with its remit."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model

from departments.enums import DepartmentKind, Role
from departments.models import Department, Membership
from departments.selectors import bureau, department_of, users_with_role
from tests.conftest import Cast
from tests.house.source import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[2]")]
add_units = import_module("departments.migrations.0002_units_of_the_notice").add_units
MEMBERS = [
    *("市工科信局", "市税务局", "市统计局", "市发改局", "市市场监管局", "市投促局", "市工商联", "安宁产业园区管委会"),
]


@pytest.fixture(autouse=True)
def as_migrated(db: None) -> None:
    """Whatever a transactional test emptied before."""
    add_units(apps, None)


def test_units_of_the_notice_are_there_in_its_order() -> None:
    names = list(Department.objects.order_by("position").values_list("name", flat=True))
    assert names == ["市政务服务局", *MEMBERS, "市政府办公室督查科"]


def test_units_of_the_notice_stand_in_its_text() -> None:
    text = (ROOT / "docs" / "notice.md").read_text(encoding="utf-8")
    units = text.partition("## [2]")[2].partition("## [3]")[0]
    assert [name for name in ["市政务服务局", *MEMBERS] if name not in units] == []


def test_units_of_the_notice_have_their_kind_and_their_remit() -> None:
    kinds = dict(Department.objects.values_list("name", "kind"))
    assert bureau().name == "市政务服务局"
    assert {kinds[name] for name in MEMBERS} == {DepartmentKind.MEMBER}
    assert kinds["市政府办公室督查科"] == DepartmentKind.INSPECTION
    assert not Department.objects.filter(remit="").exists()


def test_units_of_the_notice_filled_again_leave_what_a_person_entered() -> None:
    Department.objects.filter(name="市税务局").update(remit="税费", position=5)
    add_units(apps, None)
    assert Department.objects.filter(name="市税务局").values_list("remit", "position").get() == ("税费", 5)
    assert Department.objects.count() == len(MEMBERS) + 2


def test_role_of_reads_who_works_where(cast: Cast) -> None:
    assert department_of(cast.department_staff) == Department.objects.get(name="市税务局")
    assert department_of(cast.leader) is None
    assert users_with_role(Role.INSPECTOR, Role.LEADER) == [cast.inspector, cast.leader]


def test_users_with_role_leaves_out_who_is_no_longer_in_use(cast: Cast) -> None:
    get_user_model().objects.filter(pk=cast.inspector.pk).update(is_active=False)
    assert Membership.objects.filter(role=Role.INSPECTOR).exists()
    assert users_with_role(Role.INSPECTOR) == []
