from django.urls import path

from consultations import console_keep

app_name = "consultations"
urlpatterns = [
    path("<key:pk>/key/", console_keep.key, name="key"),
    path("<key:pk>/keep/", console_keep.keep, name="keep"),
]
