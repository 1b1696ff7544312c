"""`python -m smarketing` is the command line."""

from smarketing.cli.__main__ import main

main()
