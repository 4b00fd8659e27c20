"""Tables that the database itself keeps from change: the statements, for the migrations that guard one.

A migration that rebuilds a guarded table on SQLite (AlterField and the like) loses its triggers there, and has to run
the guard again; the tests of each trail notice.
"""

from collections.abc import Iterable
from typing import Any

from django.db import migrations

# For each database: what guards the tables, and what frees them again.
Statements = dict[str, tuple[list[str], list[str]]]


def statements(*tables: str, function: str, refusal: str) -> Statements:
    """`function` is the trigger function's name in PostgreSQL, `refusal` what the database says."""
    sqlite = [(table, verb) for table in tables for verb in ("update", "delete")]
    return {
        "sqlite": (
            [
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
                for table, verb in sqlite
            ],
            [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for table, verb in sqlite],
        ),
        "postgresql": (
            [
                f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'restrict_violation'; END $$",
                *[
                    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
                    for table in tables
                ],
            ],
            [
                *[f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}" for table in tables],
                f"DROP FUNCTION IF EXISTS {function}()",
            ],
        ),
    }


def frozen_rows(table: str, *, when: str, function: str, refusal: str) -> Statements:
    """The same for rows that are at rest: `when` is a condition on what the row holds (`OLD`) before the change."""
    return {
        "sqlite": (
            [
                f"CREATE TRIGGER {table}_frozen_{verb} BEFORE {verb.upper()} ON {table} WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
                for verb in ("update", "delete")
            ],
            [f"DROP TRIGGER IF EXISTS {table}_frozen_{verb}" for verb in ("update", "delete")],
        ),
        "postgresql": (
            [
                f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'restrict_violation'; END $$",
                f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {function}()",
            ],
            [f"DROP TRIGGER IF EXISTS {table}_frozen ON {table}", f"DROP FUNCTION IF EXISTS {function}()"],
        ),
    }


def frozen_columns(table: str, columns: Iterable[str], *, when: str, function: str, refusal: str) -> Statements:
    """The same for some columns of rows that still move: nobody writes these, and the row is not removed."""
    written = f"UPDATE OF {', '.join(columns)}"
    return {
        "sqlite": (
            [
                f"CREATE TRIGGER {table}_frozen_{name} BEFORE {verb} ON {table} WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
                for name, verb in (("update", written), ("delete", "DELETE"))
            ],
            [f"DROP TRIGGER IF EXISTS {table}_frozen_{name}" for name in ("update", "delete")],
        ),
        "postgresql": (
            [
                f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'restrict_violation'; END $$",
                f"CREATE TRIGGER {table}_frozen BEFORE {written} OR DELETE ON {table} "
                f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {function}()",
            ],
            [f"DROP TRIGGER IF EXISTS {table}_frozen ON {table}", f"DROP FUNCTION IF EXISTS {function}()"],
        ),
    }


def together(*several: Statements) -> Statements:
    """One set of statements; what was guarded last is freed first."""
    return {
        vendor: (
            [statement for made in several for statement in made[vendor][0]],
            [statement for made in reversed(several) for statement in made[vendor][1]],
        )
        for vendor in ("sqlite", "postgresql")
    }


def guard(made: Statements) -> migrations.RunPython:
    """The operation that guards, however often it is run, and frees on the way back."""

    def forwards(apps: Any, schema_editor: Any) -> None:
        create, drop = made[schema_editor.connection.vendor]
        for statement in [*drop, *create]:
            schema_editor.execute(statement)

    def backwards(apps: Any, schema_editor: Any) -> None:
        for statement in made[schema_editor.connection.vendor][1]:
            schema_editor.execute(statement)

    return migrations.RunPython(forwards, backwards)
