from django.urls import include, path

from evaluations import views

app_name = "evaluations"
RATING = [
    path("", views.rating, name="rating"),
    path("pressure/", views.pressure, name="pressure"),
]
urlpatterns = [path("r/<secret:secret>/", include(RATING))]
