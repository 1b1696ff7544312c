"""Every address of the site."""

from django.urls import include, path

urlpatterns = [path("", include("smarketing.web.urls"))]
handler400 = "smarketing.web.views.errors.bad_request"
handler403 = "smarketing.web.views.errors.not_found"  # who may not see a thing does not learn that it is there
handler404 = "smarketing.web.views.errors.not_found"
handler500 = "smarketing.web.views.errors.broken"
