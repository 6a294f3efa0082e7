"""Formats of `autotimeline export`, one module each."""
