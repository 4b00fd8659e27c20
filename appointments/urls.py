from django.urls import path

from appointments.views import form, holder, number, ticket

app_name = "appointments"
urlpatterns = [
    path("sittings/<key:pk>/number/", number.take, name="take"),
    path("b/<secret:secret>/", ticket.ticket, name="ticket"),
    path("b/<secret:secret>/booking.ics", ticket.ticket_ics, name="ticket_ics"),
    path("b/<secret:secret>/form/<slug:step>/", form.step, name="step"),
    path("b/<secret:secret>/form/<slug:step>/keep/", form.keep, name="keep"),
    path("b/<secret:secret>/files/<key:attachment_id>/", form.attachment, name="file"),
    path("b/<secret:secret>/files/<key:attachment_id>/remove/", form.remove_file, name="remove_file"),
    path("b/<secret:secret>/cancel/", holder.cancel, name="cancel"),
    path("b/<secret:secret>/again/", holder.expired, name="expired"),
    path("b/<secret:secret>/pressure/", holder.pressure, name="pressure"),
    path("c/<secret:secret>/", holder.checkin, name="checkin"),
    path("find/", holder.find, name="find"),
]
