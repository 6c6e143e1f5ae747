"""The addresses of a kiosk, whichever role the settings of the test name."""

from django.contrib import admin
from django.urls import path

from edgeshop.urls import _kiosk

urlpatterns = [path("admin/", admin.site.urls), *_kiosk]
