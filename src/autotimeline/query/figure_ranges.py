"""The predicate of a figure in a range, as in `revenue:1bn..`."""

from collections.abc import Iterable, Sequence

from autotimeline.errors import UsageError
from autotimeline.quantities.parse import parse_range
from autotimeline.quantities.quantity import EXACT_CONTEXT, RATE_PERIODS, unit_key
from autotimeline.query.predicates import Predicate, Sql, and_, compose, not_, or_, param, values


def figure_in_range(metric: str, spellings: Iterable[str], value: str) -> Predicate:
    """Build the predicate that some figure of the metric is in a range; rates are converted to the range's period.

    `spellings` are those of the metric in the store.
    """
    if not any(c.isdigit() for c in value):
        raise UsageError(f'"{metric}:{value}" has no number; write a range, as {metric}:1bn.. or {metric}:10..20%')
    wanted = parse_range(value)
    family, size = RATE_PERIODS.get(wanted.per, ("", 1))
    overlaps, inside = [], []
    for per in [per for per, (kin, _) in RATE_PERIODS.items() if kin == family] if wanted.per else [""]:
        # Decimals, divided last: an even result must equal the figure's bound exactly.
        scale = RATE_PERIODS[per][1] if per else 1
        bounds = [
            (None if end is None else float(EXACT_CONTEXT.divide(EXACT_CONTEXT.multiply(end, scale), size)), is_open)
            for end, is_open in ((wanted.high, wanted.high_open), (wanted.low, wanted.low_open))
        ]
        # A figure in words has no unit that could differ.
        unit = compose("COALESCE(f.unit = {}, TRUE) AND ", param(unit_key(wanted.unit))) if wanted.unit else Sql("")
        if wanted.unit or per:
            unit = compose("{}COALESCE(f.per = {}, TRUE) AND ", unit, param(per))
        overlaps.append(compose("{}({} {{}})", unit, _compare_bounds(_OVERLAPS_SQL, bounds)))
        inside.append(compose("{}NOT f.qualified AND {}", unit, _compare_bounds(_INSIDE_SQL, bounds)))
    metrics = values(spellings)
    possible, certain = _some_figure(metrics, overlaps), _some_figure(metrics, inside)
    return Predicate(possible, certain, not_(certain), not_(_some_figure(metrics, overlaps, "OR f.qualified")))


def _some_figure(metrics: Sql, clauses: Sequence[Sql], extra: str = "") -> Sql:
    bounds = or_(*(Sql(clause.text.format(extra), clause.params) for clause in clauses))
    return compose("e.number IN (SELECT f.event FROM figure f WHERE f.metric IN {} AND ({}))", metrics, bounds)


# How a figure compares with the upper and with the lower bound of a range; {} is whether that bound is included.
_OVERLAPS_SQL = (
    "(f.low IS NULL OR f.low < ? OR (f.low = ? AND NOT f.low_open AND {}))",
    "(f.high IS NULL OR f.high > ? OR (f.high = ? AND NOT f.high_open AND {}))",
)
_INSIDE_SQL = (
    "COALESCE(f.high < ? OR (f.high = ? AND (f.high_open OR {})), FALSE)",
    "COALESCE(f.low > ? OR (f.low = ? AND (f.low_open OR {})), FALSE)",
)


def _compare_bounds(templates: Sequence[str], bounds: Sequence[tuple[float | None, bool]]) -> Sql:
    return and_(
        *(
            Sql(sql.format("FALSE" if is_open else "TRUE"), (bound, bound))
            for sql, (bound, is_open) in zip(templates, bounds, strict=True)
            if bound is not None
        )
    )
