"""One kind of promise per file."""
