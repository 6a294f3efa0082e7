"""Lay out text, tables, and charts in cells of a terminal or an SVG."""
