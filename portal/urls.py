from django.urls import path

from portal import feeds, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("sittings/", views.sittings, name="sittings"),
    path("sittings/<key:pk>/", views.sitting, name="sitting"),
    path("sittings/<key:pk>/poster/", views.poster, name="poster"),
    path("sittings/<key:pk>/calendar.ics", views.sitting_ics, name="sitting_ics"),
    path("announcements.atom", feeds.Announcements(), name="atom"),
    path("announcements.ics", feeds.calendar, name="ical"),
    path("feedback/", views.feedback, name="feedback"),
    path("view/", views.view_size, name="view_size"),
    path("healthz", views.healthz, name="healthz"),
]
