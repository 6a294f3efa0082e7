// The timeline: lanes of bars on an axis of days, by the rules and with the symbols of `chart` (docs/chart.md).

const CELL = 4, ROW_HEIGHT = 22, LANE_GAP = 10, AXIS_HEIGHT = 24, LETTER = 6.8;
const MAX_LANES = 12, MAX_LANE_ROWS = 16, MAX_BARS = 320, MAX_LABEL = 46;
const MONTH_STEPS = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000];
const HOLLOW_MARKS = ["planned", "overdue", "cancelled"];
const RING = "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z", HOLE = "M-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z";
const MARK_SHAPES = {
  happened: RING,
  planned: RING + HOLE,
  reported: RING + "M0 -3a3 3 0 0 1 0 6z",
  cancelled: "M-4 -3l1 -1l3 3l3 -3l1 1l-3 3l3 3l-1 1l-3 -3l-3 3l-1 -1l3 -3z",
  overdue: RING + HOLE + "M-1.6 0a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0 -3.2 0z",
};

/** Escape controls, bidirectional marks, and other invisible characters, as the program does. */
function visible(text) {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (c) => {
    const code = c.codePointAt(0), hex = code.toString(16);
    if (c === "\u200c" || c === "\u200d" || c === "\n") return c;
    return code < 0x100 ? `\\x${hex.padStart(2, "0")}` : code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
  });
}

/** Return an element such as `p.muted` or `svg:path`; attributes come first, if any, and `on…` are listeners. */
function el(name, ...children) {
  const [, isSvg, tag, classes] = name.match(/^(svg:)?(\w+)((?:\.[\w-]+)*)$/);
  const node = isSvg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  const attributes = children[0]?.constructor === Object ? children.shift() : {};
  if (classes) node.setAttribute("class", classes.slice(1).replaceAll(".", " "));
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && (value !== false || key.startsWith("aria")))
      node.setAttribute(key, key === "href" ? value : visible(String(value)));
  }
  for (const child of children.flat(3))
    if (child || child === 0) node.append(child instanceof Node ? child : visible(String(child)));
  return node;
}

/** The days from the tick before `first` to `last` on a number of cells, with ticks as fine as their labels allow. */
class TimeAxis {
  constructor(first, last, cells) {
    this.cells = cells;
    for (const ticks of TimeAxis.candidates(first, last, cells)) {
      this.first = Math.max(1, Math.min(first, ticks[0][0]));
      this.days = last - this.first + 1;
      this.ticks = ticks.map(([day, label]) => [this.cellOf(day), label]);
      const fits = ([cell, label], at) =>
        at + 1 >= this.ticks.length || cell + ((label.length + 2) * LETTER) / CELL <= this.ticks[at + 1][0];
      if (this.ticks.every(fits)) break;
    }
  }

  cellOf(day) {
    return Math.floor(((day - this.first) * this.cells) / this.days);
  }

  dayOf(cell) {
    return this.first + Math.floor((cell * this.days) / this.cells);
  }

  static *candidates(first, last, cells) {
    const days = last - first + 1, perLabel = (letters) => (cells * CELL) / (letters * LETTER);
    for (const step of [1, 7])
      if (days / step <= perLabel(10)) {
        const begin = first - ((first - 1) % step);
        yield Array.from({ length: Math.floor((last - begin) / step) + 1 }, (_, at) => [begin + at * step, toIso(begin + at * step)]);
      }
    const month = (day) => toDate(day).getUTCFullYear() * 12 + toDate(day).getUTCMonth();
    for (const step of MONTH_STEPS) {
      if (days / (step * 31) > perLabel(4) && step !== MONTH_STEPS.at(-1)) continue;
      const ticks = [];
      for (let at = Math.floor(month(first) / step) * step; at <= month(last); at += step) {
        const start = Math.max(at, 12), part = start % 12;
        const suffix = { 1: `-${String(part + 1).padStart(2, "0")}`, 3: `Q${part / 3 + 1}`, 6: `H${part / 6 + 1}` }[step] ?? "";
        ticks.push([toDay(Math.floor(start / 12), part + 1, 1), String(Math.floor(start / 12)).padStart(4, "0") + suffix]);
      }
      yield ticks;
    }
  }
}

/** The bars of a lane: events that look alike on the axis are one. `items` are [event, whether only possible]. */
function makeBars(items, axis) {
  const last = axis.cells - 1, groups = new Map();
  for (const [event, possible] of items) {
    const [, first, final, , , , certainFirst, certainLast, written] = event.days;
    if (final < axis.first || first >= axis.first + axis.days) continue;
    const clip = (day) => Math.max(-1, Math.min(axis.cells, axis.cellOf(day)));
    const [begin, end] = certainFirst === null ? [null, written && clip(written)] : [clip(certainFirst), clip(certainLast)];
    const look = [clip(first), clip(final), begin, end, event.mark, possible, Boolean(event.disputed)];
    const key = look.join();
    if (!groups.has(key)) groups.set(key, { look, events: [] });
    groups.get(key).events.push(event);
  }
  return [...groups.values()].map(({ look: [low, high, begin, end, mark, possible, disputed], events }) => {
    const isCertain = begin !== null;
    let [from, to] = isCertain ? [begin, end] : [low, high];
    let at = from >= 0 && (isCertain || to > last) ? from : from < 0 && to <= last ? to : (Math.max(from, 0) + Math.min(to, last)) >> 1;
    if (!isCertain && end !== null) at = end;
    at = Math.max(0, Math.min(last, at));
    const signs = `${events.length > 1 ? number(events.length) : ""}${possible ? "?" : ""}${disputed ? "≠" : ""}`;
    return {
      events, mark, possible, disputed, signs, at,
      reach: [Math.max(low, 0), Math.min(high, last)],
      open: [low < 0, high > last],
      core: isCertain && begin < end ? [Math.max(begin, 0), Math.min(end, last)] : null,
    };
  });
}

/** Put bars into rows so that none touch; null if they need more rows than a lane has. */
function stackBars(bars, cells, withLabels) {
  const rows = [], width = (text) => Math.ceil((text.length * LETTER) / CELL);
  for (const bar of bars) {
    const title = bar.events.length === 1 ? bar.events[0].title : "";
    bar.label = withLabels && title ? (title.length > MAX_LABEL ? `${title.slice(0, MAX_LABEL - 1)}…` : title) : "";
    // Signs and label are behind the bar; without room there, the label is before it.
    bar.signsAt = Math.max(bar.reach[1] + (bar.open[1] ? 2 : 0), bar.at + 1) + 1;
    const after = bar.signsAt + width(bar.signs);
    const start = Math.min(bar.reach[0], bar.at - 2) - (bar.open[0] ? 2 : 0), length = width(bar.label) + 2;
    bar.isBefore = after + length > cells;
    if (bar.isBefore && start - length < 0) bar.label = "";
    bar.labelAt = bar.isBefore ? start - 2 : after + 1;
    bar.drawn = !bar.label ? [start, after] : bar.isBefore ? [start - length, after] : [start, after + length];
  }
  bars.sort((a, b) => a.drawn[0] - b.drawn[0] || a.drawn[1] - b.drawn[1]);
  for (const bar of bars) {
    const row = rows.find((one) => one.at(-1).drawn[1] + 1 < bar.drawn[0]);
    if (row) row.push(bar);
    else if (rows.push([bar]) > MAX_LANE_ROWS) return null;
  }
  return rows;
}

function drawBar(bar, y, href) {
  const x = (cell) => (cell + 0.5) * CELL, [low, high] = bar.reach.map(x);
  const [one] = bar.events, isHollow = HOLLOW_MARKS.includes(bar.mark);
  const name = bar.events.length > 1 ? `${bar.events.length} events that look alike` : `${one.dateText}: ${one.title}`;
  const arrows = (bar.open[0] ? `M${low + 5} -4l-6 4l6 4` : "") + (bar.open[1] ? `M${high - 5} -4l6 4l-6 4` : "");
  const core = bar.core?.map(x), hollow = core && `M${core[0]} -2.5H${core[1]}M${core[0]} 2.5H${core[1]}`;
  const flags = `${bar.possible ? ", may not match" : ""}${bar.disputed ? ", sources disagree" : ""}`;
  return el("svg:a", { href: href(bar), class: `bar ${bar.mark}`, transform: `translate(0 ${y})`, tabindex: -1,
    "data-id": one.id },
    el("svg:title", `${name}, ${bar.mark}${flags}`),
    el("svg:rect.hit", { x: low - 8, y: -9, width: high - low + 16, height: 18 }),
    high > low && el("svg:path.reach", { d: `M${low} 0H${high}` }),
    arrows && el("svg:path.line", { d: arrows }),
    core && el("svg:path", { class: isHollow ? "hollow" : "core", d: isHollow ? hollow : `M${core[0]} 0H${core[1]}` }),
    el("svg:path.mark", { "fill-rule": "evenodd", transform: `translate(${x(bar.at)} 0)`, d: MARK_SHAPES[bar.mark] }),
    bar.signs && el("svg:text.signs", { x: x(bar.signsAt), y: 4 }, bar.signs),
    bar.label && el("svg:text.label", { x: x(bar.labelAt), y: 4, "text-anchor": bar.isBefore ? "end" : "start" }, bar.label));
}

/** The columns of a lane with too many events for bars: the higher, the more events are possible there. */
function countPath(bars, cells, height) {
  const changes = new Array(cells + 1).fill(0);
  for (const bar of bars) {
    changes[bar.reach[0]] += bar.events.length;
    changes[bar.reach[1] + 1] -= bar.events.length;
  }
  let sum = 0;
  const heights = changes.map((change) => (sum += change)), peak = Math.max(1, ...heights);
  const columns = heights.slice(0, cells).map((n, at) => `L${at * CELL} ${(-n * height) / peak}h${CELL}`);
  return { peak, path: `M0 0${columns.join("")}L${cells * CELL} 0z` };
}

/** Draw lanes, which are {label, items}, in a width; `zoom` are the first and the last day, or null for all. */
function drawTimeline(lanes, { width, zoom, today, href }) {
  const narrow = width < 640, gutter = narrow ? 0 : 150, cells = Math.max(20, Math.floor((width - gutter - 8) / CELL));
  const days = lanes.flatMap(({ items }) => items.flatMap(([event]) => event.days.slice(1, 3)));
  const bounded = days.filter((day) => day > BEGIN && day < END);
  if (!bounded.length) return { note: "No dated events." };
  let [first, last] = [bounded.reduce((a, b) => Math.min(a, b)), bounded.reduce((a, b) => Math.max(a, b))];
  const edge = Math.floor((last - first) / 20) + 1;
  if (days.some((day) => day <= BEGIN)) first = Math.max(BEGIN + 1, first - edge);
  if (days.some((day) => day >= END)) last = Math.min(END - 1, last + edge);
  const axis = new TimeAxis(...(zoom ?? [first, last]), cells), parts = [];
  const shown = lanes.slice(0, MAX_LANES), budget = Math.floor(MAX_BARS / shown.length);
  let y = AXIS_HEIGHT;
  for (const { label, items } of shown) {
    const bars = makeBars(items, axis), isFull = bars.length > budget;
    const rows = isFull ? null : stackBars(bars, cells, true) ?? stackBars(bars, cells, false);
    const top = y, name = label.length > 22 ? `${label.slice(0, 21)}…` : label;
    if (narrow) y += 18;
    const lane = el("svg:g", el("svg:text.lane", { x: 0, y: narrow ? y - 4 : y + 15 },
      name, el("svg:tspan.muted", { dx: 6 }, number(items.length))));
    const body = el("svg:g", { transform: `translate(${gutter} 0)` });
    if (rows) rows.forEach((row, at) => row.forEach((bar) => body.append(drawBar(bar, y + at * ROW_HEIGHT + 11, href))));
    else {
      const { peak, path } = countPath(bars, cells, 2.6 * ROW_HEIGHT);
      body.append(el("svg:path.counts", { transform: `translate(0 ${y + 3 * ROW_HEIGHT})`, d: path },
        el("svg:title", `${label}: at most ${number(peak)} events may be in one place`)));
    }
    y += (rows ? Math.max(1, rows.length) : 3) * ROW_HEIGHT + LANE_GAP;
    lane.append(el("svg:path.rule", { d: `M0 ${top - LANE_GAP / 2}H${width}` }), body);
    parts.push(lane);
  }
  const x = (cell) => gutter + cell * CELL, isNow = today >= axis.first && today < axis.first + axis.days;
  const ticks = axis.ticks.filter(([cell, label]) => cell >= 0 && x(cell) + label.length * LETTER < width).map(([cell, label]) => [
    el("svg:path.rule", { d: `M${x(cell)} ${AXIS_HEIGHT - 8}V${y}` }),
    el("svg:text.tick", { x: x(cell) + 3, y: AXIS_HEIGHT - 10 }, label)]);
  const line = isNow && el("svg:path.today", { d: `M${x(axis.cellOf(today))} ${AXIS_HEIGHT - 8}V${y}` },
    el("svg:title", `today, ${toIso(today)}`));
  const svg = el("svg:svg.timeline", { width, height: y, viewBox: `0 0 ${width} ${y}`, role: "group",
    "aria-label": "Timeline" }, ticks, line, parts);
  const left = lanes.length - shown.length;
  return { svg, axis, gutter, first, last, note: left ? `${left} ${left > 1 ? "lanes" : "lane"} omitted` : "" };
}
