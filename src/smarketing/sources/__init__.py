"""CRM exports and the demo company, turned into facts."""
