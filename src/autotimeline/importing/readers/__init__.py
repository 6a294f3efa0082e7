"""Readers of imported files, one module per format."""
