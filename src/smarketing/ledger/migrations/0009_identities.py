"""Events are told apart by 64 bits of their source and key, whose index is a tenth of one of the words."""

from collections import defaultdict
from hashlib import blake2b
from typing import Any

from django.db import migrations, models

AT_ONCE = 10_000


def fill(apps: Any, schema_editor: Any) -> None:
    """In the order in which the rows came, which is that of their ids under the lock of their source."""
    connection = schema_editor.connection
    rows = apps.get_model("ledger", "InboxRow").objects.using(connection.alias).order_by("id")
    n_rows: dict[int, int] = defaultdict(int)
    last = 0
    while found := list(rows.filter(id__gt=last).values_list("id", "src", "key")[:AT_ONCE]):
        turns = []
        for row_id, src, key in found:
            identity = int.from_bytes(blake2b(f"{src}\n{key}".encode(), digest_size=8).digest(), "big", signed=True)
            turns.append((identity, n_rows[identity], row_id))
            n_rows[identity] += 1
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE ledger_inbox SET identity = %s, n_before = %s WHERE id = %s", turns)
        last = found[-1][0]


class Migration(migrations.Migration):
    dependencies = [("ledger", "0008_holders")]

    operations = [
        migrations.RemoveConstraint(model_name="inboxrow", name="one_row_of_each_version"),
        migrations.AddField(
            model_name="inboxrow", name="identity", field=models.BigIntegerField(default=0), preserve_default=False
        ),
        migrations.AddField(model_name="inboxrow", name="n_before", field=models.PositiveIntegerField(default=0)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="inboxrow",
            constraint=models.UniqueConstraint(fields=["identity", "n_before"], name="one_row_at_each_turn"),
        ),
    ]
