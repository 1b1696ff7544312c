"""Whether a request was sent by who says so: one file for each way of signing, all on the raw bytes."""
