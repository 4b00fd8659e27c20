"""Roles: one for each person, given by the security officer, never by oneself."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from core.errors import Refused
from core.models import AuditEntry
from departments import services
from departments.enums import ROLES_WITHOUT_DEPARTMENT, DepartmentKind, Role
from departments.models import Department, Membership
from departments.permissions import all_grants
from departments.selectors import department_of, role_of
from tests.conftest import CAST, Cast

pytestmark = pytest.mark.django_db


def set_role(cast: Cast, person: str, role: str, unit: str | None, actor: str = "security_officer", **kwargs):
    department = Department.objects.get(name=unit) if unit else None
    return services.set_membership(
        user_id=cast[person].pk, role=role, department_id=department.pk if department else None,
        actor=cast[actor], **kwargs,
    )  # fmt: skip


def test_set_membership_replaces_the_role_and_keeps_who_what_before(cast):
    membership = set_role(cast, "department_staff", Role.DEPARTMENT_HEAD, "市统计局", reason="轮岗")
    assert (membership.role, membership.department.name) == (Role.DEPARTMENT_HEAD, "市统计局")
    assert Membership.objects.filter(user=cast.department_staff).count() == 1
    row = AuditEntry.objects.get(action="set_role")
    told = (row.user, row.subject, row.before, row.after, row.reason)
    key = f"departments.membership:{membership.pk}"
    assert told == (cast.security_officer, key, "部门经办（市税务局）", "部门负责人（市统计局）", "轮岗")


def test_set_membership_of_a_person_without_one(cast):
    Membership.objects.filter(user=cast.leader).delete()
    set_role(cast, "leader", Role.AUDITOR, None)
    row = AuditEntry.objects.get(action="set_role")
    assert (row.before, row.after) == ("", "审计管理员")


def test_set_membership_takes_effect_at_the_next_question(cast):
    set_role(cast, "department_staff", Role.AUDITOR, None)
    fresh = type(cast.department_staff).objects.get(pk=cast.department_staff.pk)
    assert role_of(fresh) == Role.AUDITOR
    assert department_of(fresh) is None
    assert fresh.has_perm("core.view_auditentry")


def test_set_membership_of_oneself_is_refused(cast):
    with pytest.raises(Refused) as refused:
        set_role(cast, "security_officer", Role.BUREAU_SUPERVISOR, "市政务服务局")
    assert refused.value.code == "own_role"
    assert role_of(cast.security_officer) == Role.SECURITY_OFFICER


@pytest.mark.parametrize("actor", sorted(set(CAST) - {"security_officer"}))
def test_set_membership_by_anyone_else_is_denied(cast, actor):
    person = "leader" if actor != "leader" else "auditor"
    with pytest.raises(PermissionDenied):
        set_role(cast, person, Role.WINDOW_CLERK, "市政务服务局", actor=actor)


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        (Role.DEPARTMENT_STAFF, "市政务服务局"),
        (Role.BUREAU_STAFF, "市税务局"),
        (Role.INSPECTOR, "市税务局"),
        (Role.WINDOW_CLERK, "市政府办公室督查科"),
        (Role.DEPARTMENT_STAFF, None),
        (Role.LEADER, "市税务局"),
        ("emperor", None),
    ],
)
def test_set_membership_that_does_not_fit_the_department_is_refused(cast, role, unit):
    with pytest.raises(Refused) as refused:
        set_role(cast, "department_staff", role, unit)
    assert refused.value.code == "wrong_department"
    assert Membership.objects.get(user=cast.department_staff).role == Role.DEPARTMENT_STAFF


def test_second_membership_of_a_person_is_refused_by_the_database(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=cast.auditor, role=Role.SYSTEM_ADMINISTRATOR)


def test_role_without_the_department_it_needs_is_refused_by_the_database(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(user=cast.department_staff).update(department=None)


def test_administrator_security_officer_and_auditor_handle_no_cases():
    three = (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_OFFICER, Role.AUDITOR)
    for role in three:
        apps = {permission.partition(".")[0] for permission in all_grants()[role]}
        assert apps <= {"core", "departments"}


def test_the_three_managers_powers_do_not_overlap():
    grants = all_grants()
    assert "core.change_user" in grants[Role.SYSTEM_ADMINISTRATOR]
    assert "departments.change_membership" in grants[Role.SECURITY_OFFICER]
    assert "core.view_auditentry" in grants[Role.AUDITOR]
    for permission in ("core.change_user", "departments.change_membership"):
        assert sum(permission in held for held in grants.values()) == 1


def test_inactive_person_may_nothing(cast):
    cast.security_officer.is_active = False
    cast.security_officer.save()
    assert not cast.security_officer.has_perm("departments.change_membership")


@pytest.mark.clause("[2]")
def test_units_of_the_notice_are_there_with_their_remits(db):
    units = dict(Department.objects.values_list("name", "kind"))
    members = {
        "市工科信局", "市税务局", "市统计局", "市发改局", "市市场监管局", "市投促局", "市工商联", "安宁产业园区管委会",
    }  # fmt: skip
    expected = dict.fromkeys(members, DepartmentKind.MEMBER) | {
        "市政务服务局": DepartmentKind.BUREAU,
        "市政府办公室督查科": DepartmentKind.INSPECTION,
    }
    assert expected.items() <= units.items()
    assert not Department.objects.filter(name__in=expected, remit="").exists()


def test_cast_has_one_person_for_each_role(cast):
    assert {role_of(user) for user in cast.values()} == set(Role)
    for user in cast.values():
        assert (department_of(user) is None) is (role_of(user) in ROLES_WITHOUT_DEPARTMENT)
