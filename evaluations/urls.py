from django.urls import include, path

from evaluations import views, views_reporting

app_name = "evaluations"
RATING = [
    path("", views.rating, name="rating"),
    path("pressure/", views.pressure, name="pressure"),
]
# Below the secret address of a booking, once it is a case.
CASE = [
    path("case/report/", views_reporting.report, name="report"),
]
urlpatterns = [
    path("r/<secret:secret>/", include(RATING)),
    path("b/<secret:secret>/", include(CASE)),
]
