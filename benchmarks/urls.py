"""The floors, found first so that they cost the least, and the system as it is."""

from django.urls import include, path

from benchmarks import floors

urlpatterns = [
    path("floors/<slug:floor>/<int:run>/", floors.announcement),
    path("floors/<slug:floor>/<int:run>/step/", floors.step),
    path("floors/memory/<int:run>/number/", floors.memory, {"floor": "memory"}),
    path("floors/claim/<int:run>/number/", floors.claim, {"floor": "claim"}),
    path("", include("anning_clinic.urls")),
]
