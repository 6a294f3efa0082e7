"""Compute what views show: counts, totals, rates, comparisons, lanes."""
