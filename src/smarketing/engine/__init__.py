"""Facts and terms in, clocks and tallies out: arrays only, no files, no wall clock."""
