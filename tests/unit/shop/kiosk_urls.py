"""The addresses of a kiosk, whichever role the settings of the test name."""

from django.contrib import admin
from django.urls import path

from edgeshop.shop import views
from edgeshop.urls import _kiosk

urlpatterns = [path("admin/", admin.site.urls), path("media/<str:sha256>", views.picture), *_kiosk]
