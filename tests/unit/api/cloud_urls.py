"""The addresses of a cloud, whichever role the settings of the test name."""

from django.contrib import admin
from django.urls import path

from edgeshop.shop import views
from edgeshop.urls import _cloud

urlpatterns = [path("admin/", admin.site.urls), path("media/<str:sha256>", views.picture), *_cloud]
