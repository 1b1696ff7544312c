"""The command line: parse, call one workflow or one pure function, print, exit."""
