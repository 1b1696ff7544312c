"""The message that carries an invitation's link."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail

from smarketing.records.models import Invitation
from smarketing.terms.language import words

log = logging.getLogger(__name__)


def mail_invitation(invitation: Invitation, link: str) -> bool:
    """Was it sent? Not where no mail is set up, nor where the server refuses; the link is on the screen either way."""
    if not settings.ENVIRONMENT.email_url:
        return False
    said = words(invitation.language or "en")
    lines = (
        said("{name} invites you to smarketing.", name=str(invitation.invited_by)),
        link,
        said("The link works once, for seven days."),
    )
    try:
        send_mail(said("Your invitation to smarketing"), "\n\n".join(lines), None, [invitation.email])
    except (SMTPException, OSError) as error:
        log.warning("The invitation to %s was not mailed: %s", invitation.email, error)
        return False
    return True
