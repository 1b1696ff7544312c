"""`python -m smarketing` is the command line."""

from smarketing.cli.__main__ import main

if __name__ == "__main__":  # a process that the web server spawns reads this file too
    main()
