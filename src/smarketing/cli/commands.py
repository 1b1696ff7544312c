"""The list of commands; adding one is adding a line."""
