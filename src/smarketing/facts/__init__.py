"""What machines saw: the canonical tables and the rules they keep."""
