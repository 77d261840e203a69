"""A corpus in, a run folder out."""
