"""The database itself refuses to change or remove a row of the audit trail."""

from django.db import migrations

from core.append_only import guard, statements

STATEMENTS = statements(
    "core_auditentry", "core_auditseal",
    function="core_audit_append_only",
    refusal="the audit trail is append-only",
)


class Migration(migrations.Migration):
    dependencies = [("core", "0002_fill_calendar")]
    operations = [guard(STATEMENTS)]
