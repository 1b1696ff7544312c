"""What people type, checked; nothing is saved here."""
