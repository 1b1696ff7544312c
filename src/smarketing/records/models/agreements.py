"""Agreements as people write, negotiate and sign them: versions, every saved text, signatures, comments."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from smarketing.records.models.people import Person


class Agreement(models.Model):
    """What its versions have in common; `slug` is the `id` of the YAML document."""

    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=200)
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """One version on its way through the states of terms.lifecycle; its text is its latest revision's.

    `from_on` and `until_on` (included) repeat the text's own days, so that the database knows what is in force.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=12, default="draft")
    based_on = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="successors")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)  # by the last party
    ended_at = models.DateTimeField(null=True)
    ended_why = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["agreement", "number"], name="one_version_of_each_number"),)

    def __str__(self) -> str:
        return f"{self.agreement.slug} {self.number}"


class Revision(models.Model):
    """One saved text of a version; never changed, only followed by the next."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField()  # YAML
    fingerprint = models.CharField(max_length=80)
    verb = models.CharField(max_length=10, default="edit")  # of terms.lifecycle: edit, counter, reopen
    party = models.CharField(max_length=60, blank=True)  # for which party it was written
    note = models.TextField(blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["version", "number"], name="one_revision_of_each_number"),)
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.version} · {self.number}"


class Signature(models.Model):
    """A party's signature under exactly one text. It lapses when the other side answers with changes."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="signatures")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=60)
    person = models.ForeignKey(Person, models.PROTECT, related_name="signatures")
    name = models.CharField(max_length=120)  # as it was when they signed
    fingerprint = models.CharField(max_length=80)
    statement = models.TextField()  # the sentence they agreed to, in their language
    method = models.CharField(max_length=20)  # how they proved who they are: password, passkey, sso
    signed_at = models.DateTimeField()
    lapsed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["version", "party"], condition=Q(lapsed_at=None), name="one_standing_signature_per_party"
            ),
        )

    def __str__(self) -> str:
        return f"{self.party}: {self.name}"


class Decline(models.Model):
    """A party's refusal to sign, with reasons."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="declines")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    party = models.CharField(max_length=60)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reasons = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.party}: {self.reasons}"


class Comment(models.Model):
    """A remark on one clause (`commitments.speed`), or on the whole document where `clause` is empty."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="comments")
    answers = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replies")
    clause = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return self.text[:60]


class Acknowledgement(models.Model):
    """A member read this version."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="acknowledgements")
    person = models.ForeignKey(Person, models.CASCADE, related_name="acknowledgements")
    fingerprint = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["version", "person"], name="read_once"),)

    def __str__(self) -> str:
        return f"{self.person} read {self.version}"
