"""The database itself refuses to change or remove a version of a signed record."""

from django.db import migrations

from core.append_only import guard, statements

STATEMENTS = statements(
    "consultations_version",
    function="consultations_version_append_only",
    refusal="versions of records are append-only",
)


class Migration(migrations.Migration):
    dependencies = [("consultations", "0001_initial")]
    operations = [guard(STATEMENTS)]
