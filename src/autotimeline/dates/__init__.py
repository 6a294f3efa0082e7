"""Parse and format dates: EDTF, phrases, bounds in days, order, and gaps."""
