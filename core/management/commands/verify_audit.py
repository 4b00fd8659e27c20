"""Says whether the audit trail is as it was sealed. Exit code 1 when it is not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.audit import broken_seals
from core.models import AuditEntry, AuditSeal


class Command(BaseCommand):
    help = "Check every seal of the audit trail against the rows it covers."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = broken_seals()
        for seal in broken:
            self.stderr.write(f"Seal {seal} of {seal.sealed_at:%Y-%m-%d %H:%M} does not hold.")
        if broken:
            raise CommandError(f"{len(broken)} of {AuditSeal.objects.count()} seals do not hold.")
        last = AuditSeal.objects.order_by("last").last()
        waiting = AuditEntry.objects.filter(pk__gt=last.last if last else 0).count()
        self.stdout.write(f"{AuditSeal.objects.count()} seals hold; {waiting} rows are not sealed yet.")
