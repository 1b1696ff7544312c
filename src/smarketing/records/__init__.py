"""What people said: who they are, what they agreed, signed, asked for and changed."""
