"""The people who sign in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class People(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **said: Any) -> Person:
        """A person with this address; without a password only single sign-on or a reset lets them in."""
        person = self.model(email=self.normalize_email(email).lower(), **said)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser):
    """Somebody who signs in by e-mail address. `is_admin` runs the installation; the rest follows from teams."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=2, blank=True)  # empty: what the browser asks for
    zone = models.CharField(max_length=64, blank=True)  # empty: the installation's
    scheme = models.CharField(max_length=5, blank=True)  # light, dark, or as the system has it
    is_admin = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def initials(self) -> str:
        words = (self.name or self.email).split()
        return (words[0][0] + words[-1][0] if len(words) > 1 else words[0][:2]).upper()
