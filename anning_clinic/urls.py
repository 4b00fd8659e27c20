from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    # Before the console: what a page's script asks is answered to the script, never with the sign-in page.
    path("console/consultations/consultation/", include("consultations.urls")),
    path("console/", admin.site.urls),
    path("", include("appointments.urls")),
    path("", include("inquiries.urls")),
    path("", include("portal.urls")),
]
