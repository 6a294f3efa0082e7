"""An article and a store that the tests of drafts share."""

STORE = """\
[store]
format = 1
title = "Batteries"

[actor.voltra]
name = "Voltra"
aliases = ["Voltra Energy"]

[actor.nordkraft]
name = "Nordkraft"

[actor.helmut-berg]
name = "Helmut Berg"
aliases = ["Berg"]

[[event]]
id = "voltra-founded"
date = "2011"
title = "Voltra is founded"
actors = ["voltra"]
places = ["Malmö, Sweden"]
"""

ARTICLE = """\
Voltra builds a second plant

Voltra was founded in 2011. In October 2023, Voltra said it would buy about 20% of Nordkraft for
about 1.5 billion euros. Six months later, Helmut Berg left the company.

In 2024, Voltra sold 68,000 batteries, compared with nearly 90,000 batteries in 2019. In the first half of 2025,
it sold fewer than 29,000 batteries. Together, this is 97,000 so far. The group did not sell its plant in Malmö.

Nordkraft and Voltra will open a plant near Bergen by the end of 2026. It will have a capacity of 50 GWh a year
and create 1,200 jobs. On Monday, Helmut Berg declined to comment.
Solarix Group reportedly called off its own plan in July.
"""

BUY = "In October 2023, Voltra said it would buy about 20% of Nordkraft for about 1.5 billion euros."  # one sentence
LEFT = "Six months later, Helmut Berg left the company."
SOLD = "In 2024, Voltra sold 68,000 batteries, compared with nearly 90,000 batteries in 2019."
HALF = "In the first half of 2025, it sold fewer than 29,000 batteries."
TOTAL = "Together, this is 97,000 so far."
KEPT = "The group did not sell its plant in Malmö."
OPEN = "Nordkraft and Voltra will open a plant near Bergen by the end of 2026."
JOBS = "It will have a capacity of 50 GWh a year and create 1,200 jobs."
SILENT = "On Monday, Helmut Berg declined to comment."
OFF = "Solarix Group reportedly called off its own plan in July."
