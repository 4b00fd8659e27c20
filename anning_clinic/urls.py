from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    # First what a rush asks for: every pattern that is tried before costs each visitor.
    path("", include("appointments.urls")),
    path("", include("portal.urls")),
    path("", include("inquiries.urls")),
    path("", include("evaluations.urls")),
    path("console/", admin.site.urls),
]
