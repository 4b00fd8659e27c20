from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("console/", admin.site.urls),
    path("", include("appointments.urls")),
    path("", include("inquiries.urls")),
    path("", include("evaluations.urls")),
    path("", include("portal.urls")),
]
