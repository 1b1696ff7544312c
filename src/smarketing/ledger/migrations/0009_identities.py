"""Events are told apart by 64 bits of their source and key, whose index is a tenth of one of the words."""

from collections import defaultdict
from hashlib import blake2b
from typing import Any

from django.db import migrations, models

AT_ONCE = 10_000
SEVERAL = (
    "SELECT id, identity FROM ledger_inbox WHERE identity IN"
    " (SELECT identity FROM ledger_inbox GROUP BY identity HAVING count(*) > 1) ORDER BY id"
)


def identity_of(src: str, key: str) -> int:
    return int.from_bytes(blake2b(f"{src}\n{key}".encode(), digest_size=8).digest(), "big", signed=True)


def fill(apps: Any, schema_editor: Any) -> None:
    """In the order in which the rows came, which is that of their ids under the lock of their source.

    Nearly every row is the first of its identity: only the others are held in memory.
    """
    connection = schema_editor.connection
    rows = apps.get_model("ledger", "InboxRow").objects.using(connection.alias).order_by("id")
    last = 0
    with connection.cursor() as cursor:
        while found := list(rows.filter(id__gt=last).values_list("id", "src", "key")[:AT_ONCE]):
            cursor.executemany(
                "UPDATE ledger_inbox SET identity = %s WHERE id = %s",
                [(identity_of(src, key), row_id) for row_id, src, key in found],
            )
            last = found[-1][0]
        cursor.execute(SEVERAL)
        n_rows: dict[int, int] = defaultdict(int)
        turns = []
        for row_id, identity in cursor.fetchall():
            turns.append((n_rows[identity], row_id))
            n_rows[identity] += 1
        cursor.executemany("UPDATE ledger_inbox SET n_before = %s WHERE id = %s", turns)


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
