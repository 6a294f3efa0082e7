"""Parse, format, and calculate with quantities: bounds, a unit, and a rate."""
