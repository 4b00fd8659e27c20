"""The database itself refuses to change or remove a rating. [3.8] [5.2]"""

from django.db import migrations

from core.append_only import guard, statements

STATEMENTS = statements(
    "evaluations_rating",
    function="evaluations_rating_append_only",
    refusal="ratings are append-only",
)


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0001_initial")]
    operations = [guard(STATEMENTS)]
