"""The database itself refuses to change or remove a report once it is issued, and what was kept of it."""

from django.db import migrations

from core.append_only import frozen_rows, guard, statements, together

STATEMENTS = together(
    statements(
        "reports_issuedreport",
        function="reports_issued_append_only",
        refusal="issued reports are append-only",
    ),
    frozen_rows(
        "reports_report",
        when="OLD.status = 'issued'",
        function="reports_report_frozen",
        refusal="an issued report does not change",
    ),
)


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [guard(STATEMENTS)]
