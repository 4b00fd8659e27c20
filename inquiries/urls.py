from django.urls import include, path

from inquiries import views

app_name = "inquiries"
QUESTION = [
    path("", views.question, name="question"),
    path("more/", views.more, name="more"),
    path("withdraw/", views.withdraw, name="withdraw"),
    path("helped/", views.judge, name="judge"),
]
urlpatterns = [
    path("questions/", views.frequent, name="frequent"),
    path("questions/ask/", views.ask, name="ask"),
    path("q/<secret:secret>/", include(QUESTION)),
]
