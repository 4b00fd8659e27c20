import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core import uploads
from sessions_app.models import Sitting
from tests.factories import make_sitting


@pytest.fixture
def sitting(db: None) -> Sitting:
    return make_sitting(published=True)


@pytest.mark.parametrize(("limit", "status"), [(100, 400), (100_000, 422)])
def test_request_that_announces_too_much_is_stopped(
    sitting: Sitting, client: Client, monkeypatch: pytest.MonkeyPatch, limit: int, status: int
) -> None:
    monkeypatch.setattr(uploads, "REQUEST_BYTES_MAX", limit)
    form = {"company_name": "安宁", "attachments": SimpleUploadedFile("a.pdf", b"%PDF-" + bytes(5_000))}
    answer = client.post(reverse("appointments:take", args=[sitting.pk]), form)
    assert answer.status_code == status
