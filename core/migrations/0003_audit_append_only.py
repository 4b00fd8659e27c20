"""The database itself refuses to change or remove a row of the audit trail.

A migration that rebuilds one of these tables on SQLite (AlterField and the like) loses its triggers there, and has to
run `forwards` again; tests/core/test_audit.py notices.
"""

from django.db import migrations

TABLES = ["core_auditentry", "core_auditseal"]
REFUSAL = "the audit trail is append-only"

SQLITE_CREATE = [
    f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for table in TABLES
    for verb in ("update", "delete")
]
SQLITE_DROP = [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for table in TABLES for verb in ("update", "delete")]

POSTGRES_CREATE = [
    "CREATE OR REPLACE FUNCTION core_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$",
    *[
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION core_audit_append_only()"
        for table in TABLES
    ],
]
POSTGRES_DROP = [
    *[f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}" for table in TABLES],
    "DROP FUNCTION IF EXISTS core_audit_append_only()",
]

STATEMENTS = {"sqlite": (SQLITE_CREATE, SQLITE_DROP), "postgresql": (POSTGRES_CREATE, POSTGRES_DROP)}


def forwards(apps, schema_editor):
    create, drop = STATEMENTS[schema_editor.connection.vendor]
    for statement in [*drop, *create]:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor][1]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("core", "0002_fill_calendar")]
    operations = [migrations.RunPython(forwards, backwards)]
