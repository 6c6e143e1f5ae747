"""The addresses of a kiosk and of its cloud at once: both play in one process."""

from django.contrib import admin
from django.urls import path

from edgeshop.urls import _cloud, _kiosk

urlpatterns = [path("admin/", admin.site.urls), *_cloud[1:], *_kiosk]
