"""Time to learn."""

from django.urls import URLPattern, path

from performance_support.views import time

urlpatterns: list[URLPattern] = [
    path("", time.time_show, name="time_show"),
    path("grant/", time.time_grant, name="time_grant"),
    path("grants/<uuid:pk>/end/", time.time_end, name="time_end"),
    path("learnt/", time.learning_log, name="learning_log"),
    path("learnt/<uuid:pk>/forget/", time.learning_forget, name="learning_forget"),
]
