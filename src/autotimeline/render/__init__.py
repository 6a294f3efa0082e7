"""Lay out text, tables, and charts for people, in cells of a terminal or an SVG."""
