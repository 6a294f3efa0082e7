"""From an article to proposed events: dates, amounts, names, and the verification of proposals from elsewhere."""
