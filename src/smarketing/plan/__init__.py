"""From the quota to the leads, and whether it can be done."""
