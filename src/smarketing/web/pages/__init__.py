"""What templates read: frozen dataclasses, made without HTTP."""
