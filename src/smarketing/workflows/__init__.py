"""One thing that a person or the clock asks for, named by a verb."""
