"""How the sample paper is written in each format; `make_samples.py` puts them together."""
