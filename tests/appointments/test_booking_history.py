"""A booking's past on its console page: lists and departments read as people write them, contact data not at all."""

import pytest
from django.test import Client
from django.urls import reverse

from sessions_app.models import Sitting
from tests.appointments.conftest import answers, confirm, take
from tests.conftest import Cast
from tests.factories import department


@pytest.mark.clause("[3.3]")
def test_history_page_of_a_confirmed_booking_tells_what_changed(client: Client, sitting: Sitting, cast: Cast) -> None:
    two = [department("市税务局"), department("市统计局")]
    booking = confirm(
        take(sitting, 1), answers=answers(departments=two, channels=["sms", "email"], email="zhang@example.cn")
    )
    client.force_login(cast.bureau_staff)
    page = client.get(reverse("console:appointments_booking_history", args=[booking.pk])).content.decode()
    assert "市税务局、市统计局" in page
    assert "sms、email" in page
    assert "退税进度" in page
    assert "zhang@example.cn" not in page
    assert "张建国" not in page
