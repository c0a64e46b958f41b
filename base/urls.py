from django.urls import URLPattern, path

from base import views

urlpatterns: list[URLPattern] = [
    path("health/", views.health, name="health"),
]
