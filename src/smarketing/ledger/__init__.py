"""Facts at rest: the tables of a folder and the replica the engine reads."""
