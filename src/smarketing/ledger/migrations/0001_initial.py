"""The tables of facts, of the merges that brought them, and of the imports behind those."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import smarketing.ledger.models.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField(null=True, unique=True)),
                ("at", models.DateTimeField()),
                ("by", models.BigIntegerField(null=True)),
                ("profile", models.CharField(max_length=200)),
                ("source", models.CharField(max_length=200)),
                ("zone", models.CharField(blank=True, max_length=80)),
                ("status", models.CharField(default="done", max_length=10)),
                ("sequence", models.BigIntegerField()),
                ("tables", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.BigIntegerField(null=True)),
                ("undone_seq", models.BigIntegerField(null=True)),
            ],
            options={
                "ordering": ("-at", "-sequence"),
            },
        ),
        migrations.CreateModel(
            name="LedgerId",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ledger_id", models.CharField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("stamp", models.CharField(max_length=32)),
                ("undoes", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Overwritten",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.BigIntegerField(db_index=True)),
                ("table", models.CharField(max_length=40)),
                ("rows", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Removed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.BigIntegerField(db_index=True)),
                ("table", models.CharField(max_length=40)),
                ("rows", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="DealFact",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "src", "deal_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("src", models.TextField()),
                ("deal_id", models.TextField()),
                ("lead_id", models.TextField(null=True)),
                ("person_key", models.TextField(null=True)),
                ("account_key", models.TextField(null=True)),
                ("owner_id", models.TextField(null=True)),
                ("pipeline", models.TextField(null=True)),
                ("stage", models.TextField(null=True)),
                ("status", models.TextField()),
                ("amount", smarketing.ledger.models.fields.MoneyField(null=True)),
                ("currency", models.TextField(null=True)),
                ("created_at", smarketing.ledger.models.fields.InstantField()),
                ("created_prec", models.TextField(null=True)),
                ("closed_at", smarketing.ledger.models.fields.InstantField(null=True)),
                ("expected_close", models.DateField(null=True)),
                ("lost_reason", models.TextField(null=True)),
                ("channel", models.TextField(null=True)),
                ("campaign", models.TextField(null=True)),
                ("merged_into", models.TextField(null=True)),
                ("deleted_at", smarketing.ledger.models.fields.InstantField(null=True)),
                ("updated_at", smarketing.ledger.models.fields.InstantField(null=True)),
                ("seen_at", smarketing.ledger.models.fields.InstantField()),
                ("seq", models.BigIntegerField()),
                ("brought_by", models.BigIntegerField()),
            ],
            options={
                "db_table": "ledger_deal",
                "indexes": [models.Index(fields=["seq"], name="deal_by_seq")],
            },
        ),
        migrations.CreateModel(
            name="DealLeadFact",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "src",
                        "deal_id",
                        "lead_id",
                        "role",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("src", models.TextField()),
                ("deal_id", models.TextField()),
                ("lead_id", models.TextField()),
                ("role", models.TextField()),
                ("is_primary", models.BooleanField(null=True)),
                ("seen_at", smarketing.ledger.models.fields.InstantField()),
                ("seq", models.BigIntegerField()),
                ("brought_by", models.BigIntegerField()),
            ],
            options={
                "db_table": "ledger_deal_lead",
                "indexes": [models.Index(fields=["seq"], name="deal_lead_by_seq")],
            },
        ),
        migrations.CreateModel(
            name="DeliveryFact",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "src", "delivery_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("src", models.TextField()),
                ("delivery_id", models.TextField()),
                ("deliverable", models.TextField()),
                ("delivered_at", smarketing.ledger.models.fields.InstantField()),
                ("quantity", models.FloatField(null=True)),
                ("evidence", models.TextField(null=True)),
                ("delivered_by", models.TextField(null=True)),
                ("confirmed_by", models.TextField(null=True)),
                ("seen_at", smarketing.ledger.models.fields.InstantField()),
                ("seq", models.BigIntegerField()),
                ("brought_by", models.BigIntegerField()),
            ],
            options={
                "db_table": "ledger_delivery",
                "indexes": [models.Index(fields=["seq"], name="delivery_by_seq")],
            },
        ),
        migrations.CreateModel(
            name="IdentityFact",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "src", "from_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("src", models.TextField()),
                ("from_id", models.TextField()),
                ("to_id", models.TextField()),
                ("at", smarketing.ledger.models.fields.InstantField(null=True)),
                ("reason", models.TextField(null=True)),
                ("seen_at", smarketing.ledger.models.fields.InstantField()),
                ("seq", models.BigIntegerField()),
                ("brought_by", models.BigIntegerField()),
            ],
            options={
                "db_table": "ledger_identity",
                "indexes": [models.Index(fields=["seq"], name="identity_by_seq")],
            },
        ),
        migrations.CreateModel(
            name="LeadFact",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "src", "lead_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("src", models.TextField()),
                ("lead_id", models.TextField()),
                ("object", models.TextField(null=True)),
                ("created_at", smarketing.ledger.models.fields.InstantField()),
                ("created_prec", models.TextField(null=True)),
                ("owner_id", models.TextField(null=True)),
                ("assigned_at", smarketing.ledger.models.fields.InstantField(null=True)),
                ("person_key", models.TextField(null=True)),
                ("channel", models.TextField(null=True)),
                ("source_raw", models.TextField(null=True)),
                ("medium", models.TextField(null=True)),
                ("campaign", models.TextField(null=True)),
                ("content", models.TextField(null=True)),
                ("landing_page", models.TextField(null=True)),
                ("score", models.FloatField(null=True)),
                ("grade", models.TextField(null=True)),
                ("status", models.TextField(null=True)),
                ("lifecycle", models.TextField(null=True)),
                ("reason", models.TextField(null=True)),
                ("reason_raw", models.TextField(null=True)),
                ("is_test", models.BooleanField(null=True)),
                ("duplicate_of", models.TextField(null=True)),
                ("converted_at", smarketing.ledger.models.fields.InstantField(null=True)),
                ("converted_deal_id", models.TextField(null=True)),
                ("merged_into", models.TextField(null=True)),
                ("deleted_at", smarketing.ledger.models.fields.InstantField(null=True)),
                ("erased_at", smarketing.ledger.models.fields.InstantField(null=True)),
                ("updated_at", smarketing.ledger.models.fields.InstantField(null=True)),
                ("seen_at", smarketing.ledger.models.fields.InstantField()),
                ("seq", models.BigIntegerField()),
                ("brought_by", models.BigIntegerField()),
            ],
            options={
                "db_table": "ledger_lead",
                "indexes": [models.Index(fields=["seq"], name="lead_by_seq")],
            },
        ),
        migrations.CreateModel(
            name="OwnerFact",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "src", "owner_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("src", models.TextField()),
                ("owner_id", models.TextField()),
                ("kind", models.TextField()),
                ("name", models.TextField(null=True)),
                ("email", models.TextField(null=True)),
                ("team", models.TextField(null=True)),
                ("manager_id", models.TextField(null=True)),
                ("zone", models.TextField(null=True)),
                ("calendar", models.TextField(null=True)),
                ("active", models.BooleanField(null=True)),
                ("deleted_at", smarketing.ledger.models.fields.InstantField(null=True)),
                ("updated_at", smarketing.ledger.models.fields.InstantField(null=True)),
                ("seen_at", smarketing.ledger.models.fields.InstantField()),
                ("seq", models.BigIntegerField()),
                ("brought_by", models.BigIntegerField()),
            ],
            options={
                "db_table": "ledger_owner",
                "indexes": [models.Index(fields=["seq"], name="owner_by_seq")],
            },
        ),
        migrations.CreateModel(
            name="SourceFact",
            fields=[
                ("src", models.TextField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("account_id", models.TextField(null=True)),
                ("zone", models.TextField(null=True)),
                ("currency", models.TextField(null=True)),
                ("mapping_version", models.TextField(null=True)),
                ("seen_at", smarketing.ledger.models.fields.InstantField()),
                ("seq", models.BigIntegerField()),
                ("brought_by", models.BigIntegerField()),
            ],
            options={
                "db_table": "ledger_source",
                "indexes": [models.Index(fields=["seq"], name="source_by_seq")],
            },
        ),
        migrations.CreateModel(
            name="SpendFact",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "src", "spend_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("src", models.TextField()),
                ("spend_id", models.TextField()),
                ("day", models.DateField()),
                ("channel", models.TextField(null=True)),
                ("campaign", models.TextField(null=True)),
                ("adgroup", models.TextField(null=True)),
                ("ad", models.TextField(null=True)),
                ("amount", smarketing.ledger.models.fields.MoneyField(null=True)),
                ("currency", models.TextField(null=True)),
                ("impressions", models.BigIntegerField(null=True)),
                ("clicks", models.BigIntegerField(null=True)),
                ("seen_at", smarketing.ledger.models.fields.InstantField()),
                ("seq", models.BigIntegerField()),
                ("brought_by", models.BigIntegerField()),
            ],
            options={
                "db_table": "ledger_spend",
                "indexes": [models.Index(fields=["seq"], name="spend_by_seq")],
            },
        ),
        migrations.CreateModel(
            name="StageChangeFact",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "src", "change_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("src", models.TextField()),
                ("change_id", models.TextField()),
                ("entity", models.TextField()),
                ("entity_id", models.TextField()),
                ("field", models.TextField()),
                ("pipeline", models.TextField(null=True)),
                ("from_value", models.TextField(null=True)),
                ("to_value", models.TextField(null=True)),
                ("to_raw", models.TextField(null=True)),
                ("reason", models.TextField(null=True)),
                ("changed_at", smarketing.ledger.models.fields.InstantField()),
                ("prec", models.TextField(null=True)),
                ("changed_by", models.TextField(null=True)),
                ("origin", models.TextField(null=True)),
                ("exact", models.BooleanField(null=True)),
                ("seen_at", smarketing.ledger.models.fields.InstantField()),
                ("seq", models.BigIntegerField()),
                ("brought_by", models.BigIntegerField()),
            ],
            options={
                "db_table": "ledger_stage_change",
                "indexes": [models.Index(fields=["seq"], name="stage_change_by_seq")],
            },
        ),
        migrations.CreateModel(
            name="TouchFact",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "src", "touch_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("src", models.TextField()),
                ("touch_id", models.TextField()),
                ("object", models.TextField(null=True)),
                ("lead_id", models.TextField(null=True)),
                ("deal_id", models.TextField(null=True)),
                ("person_key", models.TextField(null=True)),
                ("owner_id", models.TextField(null=True)),
                ("kind", models.TextField()),
                ("direction", models.TextField()),
                ("occurred_at", smarketing.ledger.models.fields.InstantField()),
                ("prec", models.TextField(null=True)),
                ("logged_at", smarketing.ledger.models.fields.InstantField(null=True)),
                ("duration_s", models.BigIntegerField(null=True)),
                ("outcome", models.TextField(null=True)),
                ("outcome_raw", models.TextField(null=True)),
                ("automated", models.BooleanField(null=True)),
                ("campaign", models.TextField(null=True)),
                ("deleted_at", smarketing.ledger.models.fields.InstantField(null=True)),
                ("updated_at", smarketing.ledger.models.fields.InstantField(null=True)),
                ("seen_at", smarketing.ledger.models.fields.InstantField()),
                ("seq", models.BigIntegerField()),
                ("brought_by", models.BigIntegerField()),
            ],
            options={
                "db_table": "ledger_touch",
                "indexes": [models.Index(fields=["seq"], name="touch_by_seq")],
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("file", models.TextField()),
                ("sheet", models.TextField(blank=True)),
                ("status", models.CharField(max_length=12)),
                ("read_as", models.TextField(blank=True)),
                ("kind", models.CharField(blank=True, max_length=40)),
                ("form", models.TextField(blank=True)),
                ("fingerprint", models.CharField(blank=True, db_index=True, max_length=128)),
                ("n_rows", models.BigIntegerField(default=0)),
                ("n_accepted", models.BigIntegerField(default=0)),
                ("n_rejected", models.BigIntegerField(default=0)),
                ("n_duplicates", models.BigIntegerField(default=0)),
                ("n_blank", models.BigIntegerField(default=0)),
                ("n_unused", models.BigIntegerField(default=0)),
                ("n_twice", models.BigIntegerField(default=0)),
                ("n_emptied", models.BigIntegerField(default=0)),
                ("reasons", models.JSONField(default=dict)),
                ("examples", models.JSONField(default=list)),
                ("lost_ids", models.JSONField(default=list)),
                ("rejects_file", models.TextField(blank=True)),
                ("unread_columns", models.JSONField(default=list)),
                ("notes", models.JSONField(default=list)),
                ("problem", models.TextField(blank=True)),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="ledger.import"
                    ),
                ),
            ],
            options={
                "ordering": ("position",),
                "constraints": [
                    models.UniqueConstraint(fields=("of", "position"), name="one_import_file_of_each_position"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "n_rows",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("n_accepted"), "+", models.F("n_rejected")
                                    ),
                                    "+",
                                    models.F("n_duplicates"),
                                ),
                            )
                        ),
                        name="no_row_is_lost",
                    ),
                ],
            },
        ),
    ]
