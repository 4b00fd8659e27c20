"""The demonstration's published results: one for each quarter that is over. [5.4]"""

from datetime import date

from core.models import User
from portal.demo_bulletins import APPROVED_AFTER, ISSUED_AFTER, WRITTEN_AFTER, day_after, moment_after
from portal.demo_clock import Clock
from portal.demo_handling import People
from reports import services
from reports.figures import Quarter


def publish_results(first: date, today: date, people: People, clock: Clock) -> None:
    """Counted on the day of the bulletin, so that both say the same."""
    quarter = Quarter.of(first)
    while day_after(quarter, ISSUED_AFTER) < today:
        _publish(quarter, people.bureau, people.supervisor, clock)
        quarter = quarter.plus(1)
    clock.deliver()


def _publish(quarter: Quarter, maker: User, chief: User, clock: Clock) -> None:
    made = services.make_results(
        year=quarter.year,
        quarter=quarter.number,
        actor=maker,
        now=clock.at(moment_after(quarter, WRITTEN_AFTER)),
    )
    services.approve_results(
        results_id=made.pk, revision=made.revision, actor=chief, now=clock.at(moment_after(quarter, APPROVED_AFTER))
    )
    services.publish_results(results_id=made.pk, actor=chief, now=clock.at(moment_after(quarter, ISSUED_AFTER)))
