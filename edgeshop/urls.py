"""Which role answers which addresses."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, path, re_path

from edgeshop.api import cloud_api, kiosk_api
from edgeshop.fleet.views import enrol_page
from edgeshop.shop import views
from edgeshop.shop.consumers import ScreenConsumer
from edgeshop.sync.views import bundle
from edgeshop.vault.views import artefact

_cloud: list[URLPattern | URLResolver] = [
    path("", views.to_admin),
    path("artefacts/<path:name>", artefact),
    path("bundles/<str:name>", bundle),
    path("", cloud_api.urls),
]
_kiosk: list[URLPattern | URLResolver] = [
    path("api/", kiosk_api.urls),
    path("", views.front),
    path("enrol", enrol_page),
    path("sw.js", views.service_worker),
    re_path(r"^(?P<name>assets/[\w./-]+|[\w-]+\.(?:webmanifest|svg|png|ico|woff2|json))$", views.built_file),
    re_path(r"^(?!admin/|api/|media/|static/|ws/).+$", views.shell),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("media/<str:sha256>", views.picture),
    *(_cloud if settings.EDGESHOP.is_ledger else _kiosk),
]
websocket_urlpatterns = [path("ws/shop/", ScreenConsumer.as_asgi())]
