"""The demo company: two offices, four sales teams, fourteen months, and two months that went wrong."""
