"""What a long-lived process has loaded is left out of the search for garbage."""

import subprocess
import sys

CODE = """
import gc
from smarketing.cli.heap import YOUNG, settle_heap
before = len(gc.get_objects())
settle_heap()
assert gc.get_freeze_count() > before / 2 and len(gc.get_objects()) < before / 10
assert gc.isenabled() and gc.get_threshold()[0] == YOUNG
loop = []
loop.append(loop)
del loop
assert gc.collect() >= 1
"""


def test_what_is_loaded_is_settled_and_new_loops_are_still_found() -> None:
    subprocess.run([sys.executable, "-c", CODE], check=True)
