"""The full-screen explorer: `terminal` (keys and rows), `line_input`, `session` (the answer), and `explorer`."""
