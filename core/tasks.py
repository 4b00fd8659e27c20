from celery import shared_task

from core import audit


@shared_task(name="core.seal_audit")
def seal_audit() -> int:
    return audit.seal()
