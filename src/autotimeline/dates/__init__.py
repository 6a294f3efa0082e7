"""Dates as sources know them: EDTF, human words, bounds, order and gaps."""
