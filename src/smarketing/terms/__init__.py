"""What the parties promised, as frozen data: the agreement is the configuration."""
