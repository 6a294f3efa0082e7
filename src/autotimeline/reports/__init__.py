"""Computations for views, checks, and exports: counts, totals, rates, comparisons, lanes, and snapshots."""
