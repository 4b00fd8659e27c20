"""Write the search index of bookings and cases anew, row by row, while people work: after a restore, or a new rule."""

from typing import Any

from django.core.management.base import BaseCommand

from appointments.models import Booking
from cases.services import index_again

REPORTED_EACH = 1000


class Command(BaseCommand):
    help = "Writes the search index of bookings and cases anew; may run beside everything else, and twice."

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        for key in Booking.objects.order_by("pk").values_list("pk", flat=True).iterator(REPORTED_EACH):
            index_again(booking_id=key)
            done += 1
            if done % REPORTED_EACH == 0:
                self.stdout.write(f"{done}")
        self.stdout.write(f"{done} bookings indexed")
