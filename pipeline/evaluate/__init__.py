"""Scoring a run against gold files, and comparing two runs."""
