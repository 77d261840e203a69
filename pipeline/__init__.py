"""Reads Chinese biomedical reviews and writes down mediator-effect-outcome triples."""

__version__ = "0.1.0"
