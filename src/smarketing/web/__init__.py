"""The site: what a person asks for, one workflow, a page."""
