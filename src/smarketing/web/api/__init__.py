"""The same answers for programs: /api/v1, described by its own OpenAPI file."""
