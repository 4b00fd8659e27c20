"""What a transactional test leaves behind: the tables as the migrations filled them, at little cost.

Django's flush truncates every table there is and makes the permissions anew: on PostgreSQL that took longer than many
of these tests. Most tables are empty, and hardly a test changes a day of the calendar.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any
from unittest import mock

from django.core.management.commands import flush as flush_command
from django.db import OperationalError, connection

# What migrations fill, parents first.
REFERENCE_TABLES = (
    *("core_calendaryear", "core_calendarday", "departments_department"),
    *("appointments_refusalground", "appointments_choice", "appointments_consenttext"),
)
COPY = "copy_of_"
# They follow from the models alone.
KEPT_TABLES = {"django_content_type", "auth_permission"}
# The migrations that guard a table against being emptied, too.
APPEND_ONLY = [
    "core.migrations.0003_audit_append_only",
    "deadlines.migrations.0002_revision_append_only",
    "consultations.migrations.0002_version_append_only",
    "evaluations.migrations.0002_rating_append_only",
    "reports.migrations.0002_issued_append_only",
]
# How often this may meet somebody who still writes: a page that was closed sends its last words.
ATTEMPTS = 4


def copy_reference_tables() -> None:
    """Once, when the migrations have just filled them."""
    with connection.cursor() as cursor:
        for table in REFERENCE_TABLES:
            cursor.execute(f"CREATE TABLE {COPY}{table} AS SELECT * FROM {table}")


@contextmanager
def emptied_at_little_cost() -> Iterator[None]:
    operations = type(connection.ops)
    run = operations.execute_sql_flush

    def statements(self: Any, style: Any, tables: list[str], **options: Any) -> list[str]:
        return _statements(tables) if tables else []

    def run_again(self: Any, statements: list[str]) -> None:
        for _attempt in range(ATTEMPTS):
            with suppress(OperationalError):
                return run(self, statements)
        return run(self, statements)

    with (
        mock.patch.object(operations, "sql_flush", statements),
        mock.patch.object(operations, "execute_sql_flush", run_again),
        mock.patch.object(flush_command, "emit_post_migrate_signal"),
    ):
        yield


def _statements(tables: list[str]) -> list[str]:
    guarded = [import_module(name).STATEMENTS[connection.vendor] for name in APPEND_ONLY]
    lift = [statement for _creates, drops in guarded for statement in drops]
    guard = [statement for creates, _drops in guarded for statement in creates]
    changed = [table for table in REFERENCE_TABLES if _holds(_differs(table))]
    filled = _filled(sorted(set(tables) - KEPT_TABLES - set(REFERENCE_TABLES)))
    return [
        *lift,
        *[f"DELETE FROM {table}" for table in (*filled, *changed)],
        *[f"INSERT INTO {table} SELECT * FROM {COPY}{table}" for table in changed],
        # Rows that point to what is gone are gone as well: said now, for a guard is not put up while it is open.
        *(["SET CONSTRAINTS ALL IMMEDIATE"] if connection.vendor == "postgresql" else []),
        *guard,
    ]


def _filled(tables: list[str]) -> list[str]:
    asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [table for (table,) in cursor.fetchall()]


def _differs(table: str) -> str:
    there, kept = f"SELECT * FROM {table}", f"SELECT * FROM {COPY}{table}"
    return (
        f"SELECT EXISTS (SELECT 1 FROM ({there} EXCEPT {kept}) a) OR EXISTS (SELECT 1 FROM ({kept} EXCEPT {there}) b)"
    )


def _holds(question: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return bool(cursor.fetchone()[0])
