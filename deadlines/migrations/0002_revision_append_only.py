"""The database itself refuses to change or remove a date that an obligation had."""

from django.db import migrations

from core.append_only import guard, statements

STATEMENTS = statements(
    "deadlines_revision",
    function="deadlines_revision_append_only",
    refusal="revisions of obligations are append-only",
)


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0001_initial")]
    operations = [guard(STATEMENTS)]
