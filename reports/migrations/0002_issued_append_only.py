"""The database itself refuses to change or remove a report once it is issued, and what was kept of it; the words of a
typical case once it was published; a quarter's published results, and what was withdrawn of them."""

from django.db import migrations

from core.append_only import frozen_columns, frozen_rows, guard, statements, together

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
    frozen_columns(
        "reports_typicalcase",
        (
            *("case_id", "title", "area_id", "department_id", "year", "quarter"),
            *("situation", "handling", "outcome", "lessons", "keywords", "published_at"),
        ),
        when="OLD.published_at IS NOT NULL",
        function="reports_typical_frozen",
        refusal="a published typical case does not change",
    ),
    statements(
        "reports_publishedfigures",
        function="reports_published_append_only",
        refusal="published figures are append-only",
    ),
    frozen_rows(
        "reports_publishedresults",
        when="OLD.status = 'withdrawn'",
        function="reports_results_frozen",
        refusal="withdrawn results do not change",
    ),
)


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [guard(STATEMENTS)]
