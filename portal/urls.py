from django.urls import include, path

from portal import feeds, views, views_enterprise, views_results, views_typical

app_name = "portal"
# The secret address of a booking, for as long as there is anything to say about it. What lies below it and belongs to
# the booking alone is the appointments'.
ENTERPRISE = [
    path("", views_enterprise.page, name="enterprise"),
    path("rating/", views_enterprise.rating_link, name="rating_link"),
    path("case/add/", views_enterprise.add, name="add_to_case"),
    path("case/add/keep/", views_enterprise.keep, name="keep_for_case"),
    path("case/files/<key:file_id>/", views_enterprise.file, name="case_file"),
    path("case/files/<key:file_id>/remove/", views_enterprise.remove_file, name="remove_case_file"),
]
urlpatterns = [
    path("sittings/<key:pk>/", views.sitting, name="sitting"),
    path("", views.home, name="home"),
    path("b/<secret:secret>/", include(ENTERPRISE)),
    path("sittings/", views.sittings, name="sittings"),
    path("sittings/<key:pk>/poster/", views.poster, name="poster"),
    path("sittings/<key:pk>/calendar.ics", views.sitting_ics, name="sitting_ics"),
    path("announcements.atom", feeds.Announcements(), name="atom"),
    path("announcements.ics", feeds.calendar, name="ical"),
    path("typical/", views_typical.typical_cases, name="typical_cases"),
    path("typical/<key:pk>/", views_typical.typical_case, name="typical_case"),
    path("typical.atom", feeds.TypicalCases(), name="typical_atom"),
    path("results/", views_results.results, name="results"),
    path("results/<int:year>Q<int:quarter>/", views_results.results_of, name="results_of"),
    path("feedback/", views.feedback, name="feedback"),
    path("view/", views.view_size, name="view_size"),
    path("healthz", views.healthz, name="healthz"),
]
