from django.urls import include, path

from appointments.views import day, form, hall, handling, holder, mobile, number, ticket

app_name = "appointments"
TICKET = [
    path("booking.ics", ticket.ticket_ics, name="ticket_ics"),
    path("form/<slug:step>/", form.step, name="step"),
    path("form/<slug:step>/keep/", form.keep, name="keep"),
    path("files/<key:attachment_id>/", form.attachment, name="file"),
    path("files/<key:attachment_id>/remove/", form.remove_file, name="remove_file"),
    path("cancel/", holder.cancel, name="cancel"),
    path("again/", holder.expired, name="expired"),
    path("mobile/", mobile.of_booking, name="mobile"),
    path("facts/", handling.facts, name="facts"),
    path("solved/", handling.solved, name="solved"),
    path("next/", day.next_list, name="next_list"),
    path("pressure/", holder.pressure, name="pressure"),
]
urlpatterns = [
    path("sittings/<key:pk>/number/", number.take, name="take"),
    path("b/<secret:secret>/", include(TICKET)),
    path("c/<secret:secret>/", holder.checkin, name="checkin"),
    path("mobile/", mobile.beforehand, name="mobile_beforehand"),
    path("hall/<secret:secret>/", hall.board, name="hall"),
    path("hall/<secret:secret>/calls/", hall.calls, name="hall_calls"),
    path("find/", holder.find, name="find"),
]
