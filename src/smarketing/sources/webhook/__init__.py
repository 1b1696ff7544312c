"""What systems post to us: requests become events, events become patches of fact rows; no sockets, no clock."""
