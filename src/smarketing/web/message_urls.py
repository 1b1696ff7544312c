"""Addresses of messages: the inbox, links in mails, how one is told, where messages go, and what was sent."""

from __future__ import annotations

from django.urls import path

from smarketing.web.views import endpoints, message_links, messages, notices, preferences

urlpatterns = [
    path("messages/", messages.browse, name="messages"),
    path("messages/unread/", messages.unread, name="messages_unread"),
    path("messages/links/<str:token>/", message_links.act, name="message_link"),
    path("messages/<int:notice_id>/", messages.show, name="message"),
    path("messages/<int:notice_id>/acknowledgement/", messages.acknowledge, name="message_acknowledgement"),
    path("messages/<int:notice_id>/snooze/", messages.snooze, name="message_snooze"),
    path("settings/messages/", preferences.show, name="preferences"),
    path("settings/messages/absences/", preferences.add_absence, name="absences"),
    path("settings/messages/absences/<int:absence_id>/removal/", preferences.remove_absence, name="absence"),
    path("settings/endpoints/", endpoints.browse, name="endpoints"),
    path("settings/endpoints/<slug:slug>/", endpoints.show, name="endpoint"),
    path("settings/endpoints/<slug:slug>/secret/", endpoints.rotate, name="endpoint_secret"),
    path("settings/endpoints/<slug:slug>/pause/", endpoints.pause, name="endpoint_pause"),
    path("settings/endpoints/<slug:slug>/trial/", endpoints.try_out, name="endpoint_trial"),
    path("settings/endpoints/<slug:slug>/retirement/", endpoints.retire, name="endpoint_retirement"),
    path("settings/notices/", notices.browse, name="notices"),
    path("settings/notices/<int:notice_id>/replays/", notices.replay, name="notice_replays"),
]
