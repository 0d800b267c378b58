"""Finds the line: one change of a submission's own text with which more of the suite passes, proved by running it."""
