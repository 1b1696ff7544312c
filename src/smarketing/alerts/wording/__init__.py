"""The words of messages: one kind a file."""
