"""Quantities with bounds and units: `parse` reads them, `arithmetic` and `change` reckon with them."""
