// The page: query box, facets, views, and cards. The hash is the state, so that back, forward, and links work.

const page = new Page(JSON.parse(document.getElementById("data").textContent));
const { data } = page, ROWS = 200, MAX_PRINTED = 2000, MAX_LISTED = 100, FEW = 8, MANY = 60;
const VIEWS = ["story", "timeline", "table", "compare", "plans"];
const LANES = ["kind", "actor", "status", "era", "tag", "place"];
const MARK_SIGNS = { happened: "●", planned: "○", reported: "◐", cancelled: "✕", overdue: "◎" };
const DEFAULTS = { q: "", view: "story", certain: "", by: "kind", sort: "", start: "0", from: "", to: "", a: "", b: "", id: "" };
const KEYS = [["/", "edit the query"], ["Enter", "open the card"], ["Esc", "close the card; leave the query"],
  ["j k", "next and previous event"], ["+ −", "zoom the timeline"], ["← →", "move the timeline"], ["0", "show the whole timeline"],
  ["1 … 5", "story, timeline, table, compare, plans"], ["?", "this list"]];
const today = toDay(...data.snapshot.today.split("-").map(Number));
const number = (n) => n.toLocaleString("en");
const plural = (n, noun) => `${number(n)} ${noun}${n === 1 ? "" : "s"}`;
const range = (certain, possible) => (certain === possible ? number(possible) : `${number(certain)}–${number(possible)}`);
const muted = (...texts) => el("span", { class: "muted" }, texts);

// --- state

function readHash() {
  const hash = location.hash.slice(1);
  if (hash.startsWith("?")) return { ...DEFAULTS, ...Object.fromEntries(new URLSearchParams(hash)) };
  let id = hash;
  try { id = decodeURIComponent(hash); } catch { /* a malformed escape is part of an unknown id */ }
  return { ...DEFAULTS, id };
}

function hashOf(changes) {
  const next = { ...state, ...changes };
  const entries = Object.entries(next).filter(([key, value]) => key in DEFAULTS && value !== DEFAULTS[key]);
  if (entries.length === 1 && next.id) return `#${next.id}`;
  return `#?${new URLSearchParams(entries)}`;
}

function go(changes, replace = false) {
  history[replace ? "replaceState" : "pushState"](null, "", hashOf(changes));
  update();
}

let state = readHash(), result = null, isTyping = false, expanded = new Set();

// --- facets: the values of a field, each with the possible and the certain events

const facets = new Map(LANES.map((field) => [field, facetValues(field)]));

function facetValues(field) {
  const groups = new Map(), empty = () => new Int32Array(page.none.length);
  const quoted = (value) => (/[\s()"\\]/.test(value) ? `${field}:"${value.replace(/["\\]/g, "\\$&")}"` : `${field}:${value}`);
  const group = (key, label, value = label) => {
    if (!groups.has(key)) groups.set(key, { label, term: quoted(value), possible: empty() });
    return groups.get(key);
  };
  if (field === "status" || field === "era")
    return page.words(field).map((word) => {
      const [possible, certain] = page.given(`${field}:${word}`).answer;
      return { label: field === "era" ? data.eras[word]?.[0] ?? word : word, term: `${field}:${word}`, possible, certain };
    });
  const parts = data.places.map(([place]) => place.split(",").map(strip).filter(Boolean));
  page.events.forEach((event, position) => {
    const values = {
      kind: () => (event.kind === null ? [] : [group(data.kinds[event.kind][1], data.kinds[event.kind][0])]),
      tag: () => event.tags.map((n) => group(data.tags[n][1], data.tags[n][0])),
      place: () => event.places.flatMap((n) => parts[n].map((part) => group(page.fold(part), part))),
      actor: () => event.actors.flatMap((n, at) => at % 2 ? [] : [group(n, data.actors[page.actorIds[n]][0], page.actorIds[n])]),
    };
    for (const { possible } of values[field]()) possible[position >> 5] |= 1 << (position & 31);
  });
  return [...groups.values()].map((value) => ({ ...value, certain: value.possible }));
}

function toggleTerm(term) {
  const query = ` ${state.q} `;
  if (query.includes(` ${term} `)) return query.replace(` ${term} `, " ").trim();
  let isOr = false;
  try { isOr = Boolean(parseQuery(state.q).or); } catch { /* the message about the query is shown already */ }
  return isOr ? `(${state.q}) ${term}` : `${state.q} ${term}`.trim();
}

function drawFacets() {
  return LANES.map((field) => {
    const counted = facets.get(field).map((value) => {
      const possible = countBits(intersect(value.possible, result.shown));
      return { ...value, possible, certain: countBits(intersect(value.certain, result.certain)) };
    });
    const rows = counted.filter(({ possible, term }) => possible || ` ${state.q} `.includes(` ${term} `));
    if (field !== "era" && field !== "status") rows.sort((a, b) => b.possible - a.possible || (a.label < b.label ? -1 : 1));
    if (!rows.length) return null;
    const limit = expanded.has(field) ? MANY : FEW, left = rows.length - limit;
    const more = left > 0 || (expanded.has(field) && rows.length > FEW);
    return el("section", {}, el("h2", {}, field), rows.slice(0, limit).map(({ label, term, certain, possible }) =>
      el("button", { type: "button", "data-key": term, "aria-pressed": ` ${state.q} `.includes(` ${term} `),
        onclick: () => go({ q: toggleTerm(term), start: "0" }) }, el("span", {}, label), muted(` ${range(certain, possible)}`))),
      more && el("button", { type: "button", class: "more", "data-key": `more:${field}`, onclick: () => {
        expanded[expanded.has(field) ? "delete" : "add"](field);
        draw();
      } }, expanded.has(field) ? (left > 0 ? `fewer (${number(left)} not shown)` : "fewer") : `${number(left)} more`));
  });
}

// --- parts of events

const isPossible = (event) => !isIn(result.certain, page.positions.get(event.id));
const cite = (source) => (Array.isArray(source) ? source : [source]);
const eventLink = (event, attributes) => el("a", { href: hashOf({ id: event.id }), ...attributes }, event.title);

function mark(event) {
  const name = data.marks[event.mark];
  return el("span", { class: `mark ${name}`, title: name, role: "img", "aria-label": name }, MARK_SIGNS[name]);
}

function flags(event, possible = isPossible(event)) {
  return [possible && el("span", { class: "flag possible", title: "may not match" }, "? possible"),
    event.more.disputed && el("span", { class: "flag disputed", title: "sources disagree" }, `≠ ${event.more.disputed.join(", ")}`)];
}

const actorNames = (event) => event.actors.filter((_, at) => at % 2 === 0).map((n) => data.actors[page.actorIds[n]][0]);
const figureText = ([metric, text, details]) => `${data.metrics[metric][0]} ${text}${details ? ` (${details})` : ""}`;
const figureTexts = (event) => event.figures.map(([metric, text]) => `${data.metrics[metric][0]} ${text}`).join(" · ");

function sourceLink(cited) {
  const [title, published, url, status] = data.sources[page.sourceIds[cited]];
  const name = /^https?:\/\//i.test(url ?? "") ? el("a", { href: url, rel: "noreferrer noopener" }, title) : el("span", {}, title);
  return [name, muted(` ${[published, !/^https?:/i.test(url ?? "") && url].filter(Boolean).join(" · ")}`),
    status && el("span", { class: "flag disputed" }, status)];
}

function dateNote(event) {
  const [, throughout, first, last, insideFirst, insideLast, , , , , , claims] = data.dates[event.date];
  const span = (from, to) => (from === to ? toIso(from) : `${toIso(from)}..${toIso(to)}`);
  if (claims.length || (!throughout && first === last)) return "";
  if (!throughout) return first === BEGIN && last === END ? "" : `some time within ${span(first, last)}`;
  if (first === insideFirst && insideLast === last) return `throughout ${span(first, last)}`;
  return `${insideFirst <= BEGIN ? "no start" : `starts ${span(first, insideFirst)}`}; ${last >= END && insideLast >= END ? "no end" : `ends ${span(insideLast, last)}`}`;
}

function linkItem([type, id]) {
  const position = page.positions.get(id), outside = data.outside[id], phrase = `${type.replaceAll("-", " ")} `;
  if (position !== undefined) return el("li", {}, muted(phrase, page.dateText(page.events[position]), " "), eventLink(page.events[position]));
  return el("li", {}, muted(phrase, outside?.[0] ?? "", " "), outside ? `${outside[1]} (${id}; not in this page)` : `${id}; not in this store`);
}

/** The plans that an event fulfils, or the outcomes of a plan, with how late each was. */
function planLines(event) {
  const outcomes = (event.more.slips ?? []).map(([id, happened, slip]) => ["fulfilled by", id, happened, slip]);
  const plans = event.links.filter(([type]) => type === "fulfils").map(([, id]) => {
    const plan = page.events[page.positions.get(id)];
    return ["plan", id, plan && page.dateText(plan), plan?.more.slips?.find(([outcome]) => outcome === event.id)?.[2]];
  });
  return [...outcomes, ...plans].map(([word, id, date, slip]) =>
    el("li", {}, muted(`${word} `), el("a", { href: hashOf({ id }) }, id), ` ${date ?? "undated"}${slip ? `: ${slip}` : ""}`));
}

/** The facts of an event as [label, content], for the card and for print. */
function eventFacts(event) {
  const { printed, note, texts, reported, disputed, accept, due } = event.more, name = data.marks[event.mark];
  const known = event.known === null ? null : data.known[event.known][0];
  const roles = new Map();
  event.actors.forEach((n, at) => {
    if (at % 2) return;
    const role = data.roles[event.actors[at + 1]]?.[0] ?? "";
    roles.set(role, [...(roles.get(role) ?? []), data.actors[page.actorIds[n]][0]]);
  });
  const list = (items) => items.length && el("ul", {}, items);
  const sources = event.sources.map(cite).map(([cited, quote, by, contradictions, claims, remark]) => el("li", {},
    sourceLink(cited),
    quote && el("blockquote", {}, `“${quote}”`, by && muted(` — ${by}`)),
    contradictions?.map((claim) => el("p", { class: "disputed" }, `≠ disputed: ${claim}`)),
    claims?.length && !contradictions?.length && el("p", {}, muted("states "), claims.join("; ")),
    remark && el("p", { class: "muted" }, remark),
    data.sources[page.sourceIds[cited]][4] && el("p", { class: "muted" }, data.sources[page.sourceIds[cited]][4])));
  return [
    ["date", [page.dateText(event), event.date !== null && muted(` ${dateNote(event)}`), printed && el("p", { class: "quote" }, `“${printed}”`)]],
    ["status", [mark(event), ` ${name}`, reported && name !== "reported" ? ", reported" : "", due && muted(` · latest start ${due}`)]],
    ["disputed", disputed && el("span", { class: "disputed" }, `≠ ${disputed.join(", ")}: sources disagree`)],
    ["plan", list(planLines(event))],
    ["known", known],
    ["kind", event.kind !== null && data.kinds[event.kind][0]],
    ["actors", list([...roles].map(([role, names]) => el("li", {}, role && muted(`${role} `), names.join(", "))))],
    ["places", event.places.map((n) => data.places[n][0]).join(" · ")],
    ["tags", event.tags.map((n) => data.tags[n][0]).join(" · ")],
    ["figures", list(event.figures.map((figure) => el("li", {}, figureText(figure))))],
    ["sources", list(sources)],
    ["links", list(event.links.map(linkItem))],
    ["note", note],
    ...Object.entries(texts ?? {}),
    ["accepted", list(Object.entries(accept ?? {}).map(([rule, reason]) => el("li", {}, `${rule}: ${reason}`)))],
  ].filter(([, content]) => content);
}

// --- views: each returns nodes

const drawViews = { story: drawStory, timeline: drawLanes, table: drawTable, compare: drawCompare, plans: drawPlans };

/** The rows from `start` on, below a line to step through them. */
function paged(events, drawRows) {
  const start = Math.min(Math.max(0, Number(state.start) || 0), Math.max(0, events.length - 1));
  const rows = events.slice(start, start + ROWS);
  const step = (to, text) => el("button", { type: "button", disabled: to < 0 || to >= events.length, "data-key": text,
    onclick: () => { go({ start: String(to) }); scrollTo(0, 0); } }, text);
  const pager = events.length > ROWS && el("p", { class: "pager" },
    step(Math.max(start - ROWS, start ? 0 : -1), `Previous ${ROWS}`),
    ` ${number(start + 1)}–${number(start + rows.length)} of ${number(events.length)} `, step(start + ROWS, `Next ${ROWS}`));
  return events.length ? [drawRows(rows), pager] : [el("p", { class: "empty" }, "Nothing matches.", ...result.notes.map((note) => ` ${note}.`))];
}

function drawStory() {
  return paged(result.events, (events) => {
    const years = new Map();
    for (const event of events) {
      const year = event.date === null ? "undated" : toIso(data.dates[event.date][10]).slice(0, 4) || "…";
      years.set(year, [...(years.get(year) ?? []), event]);
    }
    return [...years].map(([year, rows]) => el("section", { class: "year" }, el("h2", {}, year), el("ol", {}, rows.map((event) =>
      el("li", {}, el("span", { class: "date" }, event.date === null ? "" : page.dateText(event)), mark(event),
        el("div", {}, eventLink(event, { "data-id": event.id }), flags(event),
          event.figures.length > 0 && el("p", { class: "figures" }, figureTexts(event)),
          el("p", { class: "muted" }, [event.kind === null ? "" : data.kinds[event.kind][0], ...new Set(actorNames(event))].filter(Boolean).join(" · "))))))));
  });
}

const COLUMNS = {
  date: null,
  status: (event) => data.marks[event.mark],
  title: (event) => event.title,
  kind: (event) => (event.kind === null ? "" : data.kinds[event.kind][0]),
  actors: (event) => actorNames(event).join(", "),
  figures: figureTexts,
  sources: (event) => [...new Set(event.sources.map((source) => data.sources[page.sourceIds[cite(source)[0]]][0]))].join("; "),
};

function drawTable() {
  const [column, down] = state.sort.split(" "), cell = COLUMNS[column] ?? null, sign = down ? -1 : 1;
  const rows = [...result.events];
  if (cell) {
    const keyed = rows.map((event) => [cell(event), event]);
    keyed.sort(([a], [b]) => (a === "") - (b === "") || (a < b ? -sign : a > b ? sign : 0));
    rows.splice(0, rows.length, ...keyed.map(([, event]) => event));
  } else if (down) rows.reverse().sort((a, b) => (a.date === null) - (b.date === null));
  const sorted = column || "date", direction = down ? "descending" : "ascending";
  const header = (name) => el("th", { scope: "col", "aria-sort": name === sorted ? direction : null },
    el("button", { type: "button", "data-key": `sort:${name}`, tabindex: -1,
      onclick: () => go({ sort: name === sorted && !down ? `${name} down` : name === "date" ? "" : name, start: "0" }) },
      name, name === sorted ? (down ? " ▾" : " ▴") : ""));
  return paged(rows, (events) => el("div", { class: "wide" }, el("table", {},
    el("thead", {}, el("tr", {}, Object.keys(COLUMNS).map(header))),
    el("tbody", {}, events.map((event) => el("tr", {}, el("td", { class: "date" }, page.dateText(event)),
      el("td", {}, mark(event), flags(event)), el("td", {}, eventLink(event, { "data-id": event.id })),
      ["kind", "actors", "figures", "sources"].map((name) => el("td", {}, COLUMNS[name](event)))))))));
}

const zoomDays = () => {
  const days = [state.from, state.to].map((day) => pointDays(day)?.[0]);
  return days.every(Boolean) && days[0] <= days[1] ? days : null;
};

/** The lanes of a set of events by a field; the most frequent values first, and last the events without a value. */
function lanesOf(field, events) {
  const dated = events.filter((event) => event.date !== null);
  const at = (event) => page.positions.get(event.id);
  const lanes = facets.get(field).map(({ label, term, possible, certain }) => ({ label, term,
    items: dated.filter((event) => isIn(possible, at(event))).map((event) => [event, isPossible(event) || !isIn(certain, at(event))]) }));
  const seen = new Set(lanes.flatMap(({ items }) => items.map(([event]) => event)));
  const rest = dated.filter((event) => !seen.has(event)).map((event) => [event, isPossible(event)]);
  const sorted = lanes.filter(({ items }) => items.length).sort((a, b) => b.items.length - a.items.length);
  return rest.length ? [...sorted, { label: `no ${field}`, term: "", items: rest }] : sorted;
}

function timeline(lanes, zoom) {
  // A mark of several events leads to their days in the story.
  const href = ({ events }) => {
    if (events.length === 1) return hashOf({ id: events[0].id });
    const days = events.map((event) => data.dates[event.date]);
    const [first, last] = [Math.min(...days.map((row) => row[2])), Math.max(...days.map((row) => row[3]))];
    const window = first > BEGIN && last < END ? ` since:${toIso(first)} until:${toIso(last)}` : "";
    return hashOf({ q: (parseQuery(state.q).or ? `(${state.q})` : state.q) + window, view: "story", start: "0" });
  };
  const width = Math.max(280, views.clientWidth - 4);
  return drawTimeline(lanes, { width, zoom, dates: data.dates, marks: data.marks, today, href });
}

function drawLanes() {
  const field = LANES.includes(state.by) ? state.by : "kind", drawing = timeline(lanesOf(field, result.events), zoomDays());
  const { svg, axis, gutter, first, last } = drawing;
  if (!svg) return [el("p", { class: "empty" }, drawing.note)];
  const show = (from, to) => {
    [from, to] = [Math.max(1, Math.round(from)), Math.min(END - 1, Math.max(Math.round(to), Math.round(from) + 6))];
    go(from <= first && to >= last ? { from: "", to: "" } : { from: toIso(from), to: toIso(to) }, true);
  };
  const [low, high] = [axis.first, axis.first + axis.days - 1], half = axis.days / 2;
  zoom.by = { "+": () => show(low + half / 2, high - half / 2), "-": () => show(low - half, high + half), 0: () => show(first, last),
    ArrowLeft: () => show(low - half / 2, high - half / 2), ArrowRight: () => show(low + half / 2, high + half / 2) };
  let start = null;
  const area = el("svg:rect", { class: "selection", y: 0, height: svg.getAttribute("height") });
  const x = (event) => event.clientX - svg.getBoundingClientRect().left;
  svg.append(area);
  svg.addEventListener("dragstart", (event) => event.preventDefault());
  svg.addEventListener("pointerdown", (event) => { if (event.button === 0 && event.pointerType !== "touch") start = x(event); });
  svg.addEventListener("pointermove", (event) => {
    if (start === null) return;
    area.setAttribute("x", Math.min(start, x(event)));
    area.setAttribute("width", Math.abs(x(event) - start));
  });
  svg.addEventListener("pointerup", (event) => {
    const cells = [start, x(event)].sort((a, b) => a - b).map((one) => (one - gutter) / CELL), isDrag = Math.abs(x(event) - start) > 8;
    if (start !== null && isDrag) show(...cells.map((cell) => axis.dayOf(cell)));
    start = null;
  });
  const button = (key, text, name, pressed) => el("button", { type: "button", "data-key": `zoom:${name}`, "aria-label": name,
    "aria-pressed": pressed, onclick: key }, text);
  const legend = [...data.marks.slice().reverse().map((name) => `${MARK_SIGNS[name]} ${name}`), "━ certain", "═ planned", "┄ possible", "? may not match", "≠ sources disagree"];
  const undated = result.events.filter((event) => event.date === null).length;
  const notes = [drawing.note, undated && `${number(undated)} undated not drawn`].filter(Boolean).join("; ");
  return [svg, el("div", { class: "tools", role: "toolbar", "aria-label": "Timeline" },
    muted("Lanes "), LANES.map((name) => button(() => go({ by: name }), name, name, name === field)),
    muted(" Zoom "), button(zoom.by["+"], "+", "zoom in"), button(zoom.by["-"], "−", "zoom out"), button(zoom.by[0], "all", "show all")),
    el("p", { class: "legend muted" }, legend.join("   ")), notes && el("p", { class: "muted" }, notes)];
}
const zoom = { by: {} };

function drawCompare() {
  const sides = ["a", "b"].map((side, at) => {
    const eras = page.words("era"), text = state[side] || (eras[at] ? `era:${eras[at]}` : "");
    try { return { side, text, ...page.ask(text) }; } catch (error) { return { side, text, error, possible: page.none, certain: page.none, undated: 0 }; }
  });
  const [a, b] = sides, count = (set, certain = set) => range(countBits(certain), countBits(set));
  const box = ({ side, text, error }) => el("p", {}, el("label", { for: `side-${side}` }, side.toUpperCase()), " ",
    el("input", { id: `side-${side}`, value: text, "data-key": `side:${side}`, autocomplete: "off", spellcheck: "false",
      "aria-invalid": error ? "true" : null, onchange: (event) => go({ [side]: event.target.value }) }),
    error && el("span", { class: "disputed" }, ` ${error.message}`));
  const line = (label, set) => el("tr", {}, el("th", { scope: "row" }, label), sides.map(({ possible, certain }) =>
    el("td", {}, set ? count(intersect(possible, set[0]), intersect(certain, set[1])) : count(possible, certain))));
  const rows = ["happened", "planned", "cancelled"].map((status) => [status, page.given(`status:${status}`).answer]);
  const only = (one, other) => page.events.filter((_, at) => isIn(subtract(one.possible, other.possible), at));
  const items = (one) => page.events.flatMap((event, at) => isIn(one.possible, at) && event.date !== null ? [[event, !isIn(one.certain, at)]] : []);
  const list = (one, other) => {
    const events = only(one, other), left = events.length - MAX_LISTED;
    return el("section", {}, el("h2", {}, `Only in ${one.side.toUpperCase()}: ${number(events.length)}`),
      el("ul", {}, events.slice(0, MAX_LISTED).map((event) => el("li", {}, muted(page.dateText(event), " "), eventLink(event, { "data-id": event.id })))),
      left > 0 && el("p", { class: "muted" }, `${number(left)} more; open ${one.text} not (${other.text}) as a query.`));
  };
  const both = countBits(intersect(a.possible, b.possible));
  const { svg } = timeline(sides.map((one) => ({ label: one.text || "everything", items: items(one) })), null);
  return [el("div", { class: "sides" }, sides.map(box)), el("table", { class: "counts" },
    el("thead", {}, el("tr", {}, el("td"), sides.map(({ side, text }) => el("th", { scope: "col" }, `${side.toUpperCase()}: ${text || "everything"}`)))),
    el("tbody", {}, line("events"), rows.map(([label, sets]) => line(label, sets)), line("disputed", page.given("is:disputed").answer))),
    el("p", { class: "muted" }, `${plural(both, "event")} on both sides. A range is the certain and the possible number.`), svg,
    el("div", { class: "sides" }, list(a, b), list(b, a))];
}

function drawPlans() {
  const [planned] = page.given("status:planned").answer;
  const states = ["overdue", "upcoming", "fulfilled", "slipped", "replaced"].map((name) => [name, page.given(`is:${name}`).answer]);
  const plans = result.events.filter((event) => isIn(planned, page.positions.get(event.id)));
  return paged(plans, (rows) => el("div", { class: "wide" }, el("table", {}, el("thead", {}, el("tr", {},
    ["planned", "latest start", "plan", "state", "fulfilled by", "how late"].map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, rows.map((event) => {
      const at = page.positions.get(event.id), outcomes = event.more.slips ?? [];
      const words = states.filter(([, sets]) => isIn(sets[0], at)).map(([name, sets]) => (isIn(sets[1], at) ? name : `${name}?`));
      return el("tr", {}, el("td", { class: "date" }, page.dateText(event)), el("td", { class: "date" }, event.more.due ?? ""),
        el("td", {}, eventLink(event, { "data-id": event.id })), el("td", { class: words.includes("overdue") ? "disputed" : null }, words.join(", ")),
        el("td", {}, outcomes.map(([id, happened]) => [el("a", { href: hashOf({ id }) }, id), ` ${happened ?? "undated"} `])),
        el("td", {}, outcomes.map(([, , slip]) => slip).filter(Boolean).join("; ")));
    })))));
}

// --- the frame

const input = el("input", { id: "q", type: "search", list: "completions", autocomplete: "off", spellcheck: "false", autocapitalize: "off",
  placeholder: "actor:… kind:… since:2024 not is:planned", "aria-describedby": "status", oninput: () => {
    go({ q: input.value, start: "0" }, isTyping);
    isTyping = true;
  }, onchange: () => (isTyping = false) });
const completions = el("datalist", { id: "completions" });
const status = el("p", { id: "status", role: "status" });
const panel = el("div", { class: "facets", role: "toolbar", "aria-label": "Filters", "aria-orientation": "vertical" });
const filters = el("details", { class: "filters" }, el("summary", {}, "Filters"), panel);
const tabs = el("div", { class: "tabs", role: "toolbar", "aria-label": "View" });
const views = el("div", { id: "views" });
const card = el("dialog", { id: "card", "aria-labelledby": "card-title", onclick: (event) => { if (event.target === card) go({ id: "" }); } });
const help = el("dialog", { "aria-label": "Keys" }, el("h2", {}, "Keys"), el("dl", {}, KEYS.map(([key, text]) =>
  el("div", {}, el("dt", {}, el("kbd", {}, key)), el("dd", {}, text)))), el("form", { method: "dialog" }, el("button", {}, "Close")));
const paper = el("div", { id: "print" });
document.getElementById("app").append(el("form", { role: "search", onsubmit: (event) => { event.preventDefault(); isTyping = false; focusRow(0); } },
  el("label", { for: "q" }, "Query"), input, completions, status), el("main", {}, filters, el("div", { class: "results" }, tabs, views)), card, help, paper);

function draw() {
  const focused = document.activeElement?.dataset?.key, focusedId = views.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  if (document.activeElement !== input) input.value = state.q;
  try {
    const answer = page.ask(state.q), shown = state.certain ? answer.certain : answer.possible;
    result = { ...answer, shown, events: page.events.filter((_, at) => isIn(shown, at)) };
    const possible = countBits(answer.possible) - countBits(answer.certain), { undated, notes } = answer;
    status.replaceChildren(`${number(result.events.length)} of ${plural(page.count, "event")}`,
      possible ? `; ${number(possible)} possible${state.certain ? " left out" : ""}` : "", undated ? `; ${number(undated)} undated left out` : "",
      notes.length ? `; ${visible(notes.join("; "))}` : "");
    input.removeAttribute("aria-invalid");
    status.className = "";
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    result ??= { ...page.ask(""), shown: page.all, events: page.events };
    status.replaceChildren(visible(error.message), error.refused ? ` — autotimeline list '${visible(state.q)}'` : "");
    input.setAttribute("aria-invalid", "true");
    status.className = "disputed";
  }
  const view = VIEWS.includes(state.view) ? state.view : "story";
  panel.replaceChildren(...drawFacets().filter(Boolean));
  tabs.replaceChildren(...VIEWS.map((name) => el("button", { type: "button", "aria-pressed": name === view, "data-key": `view:${name}`,
    onclick: () => go({ view: name, start: "0" }) }, name)), el("button", { type: "button", class: "certain", "data-key": "certain",
    "aria-pressed": Boolean(state.certain), onclick: () => go({ certain: state.certain ? "" : "1", start: "0" }) }, "certain only"));
  views.className = view;
  views.replaceChildren(...[drawViews[view]()].flat(3).filter(Boolean));
  for (const group of [panel, tabs, views, ...views.querySelectorAll(".tools")]) rove(group);
  if (focused) document.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  else if (focusedId) rowOf(focusedId)?.focus();
  drawCompletions();
}

const rowOf = (id) => views.querySelector(`[data-id="${CSS.escape(id)}"]`);

function drawCard() {
  const position = page.positions.get(state.id), event = page.events[position];
  if (!event) {
    if (card.open) card.close();
    if (state.id) status.replaceChildren(visible(`no event "${state.id}" in this page`));
    return;
  }
  card.replaceChildren(el("form", { method: "dialog", onsubmit: (submit) => { submit.preventDefault(); go({ id: "" }); } },
    el("button", { class: "close", "aria-label": "Close" }, "✕")), el("h2", { id: "card-title", tabindex: -1, autofocus: true }, event.title),
    el("p", {}, el("code", {}, event.id), " ", flags(event)),
    el("dl", {}, eventFacts(event).map(([label, content]) => el("div", {}, el("dt", {}, label), el("dd", {}, content)))));
  if (!card.open) card.showModal();
  card.scrollTop = 0;
  card.querySelector("h2").focus();
}

function drawCompletions() {
  const [, head, word] = input.value.match(/^(.*?)([^\s("]*)$/s), [field, value] = word.split(/:(.*)/s), lower = word.toLowerCase();
  const values = (name) => facets.get(name)?.map(({ term }) => term) ?? page.words(name).map((one) => `${name}:${one}`);
  const fields = data.language.fields.filter((name) => name !== "near" && name !== "around");
  const candidates = value !== undefined ? values(field.toLowerCase()) : [...fields.map((name) => `${name}:`), ...page.words("").map((name) => `:${name}`), ...LANES.flatMap(values)];
  const found = document.activeElement === input && word ? candidates.filter((one) => one.toLowerCase().includes(lower)) : [];
  completions.replaceChildren(...found.slice(0, 12).map((one) => el("option", { value: head + one })));
}

/** Make the buttons or rows of a group one stop of Tab, between which arrows, j, and k move. */
function rove(group) {
  const all = [...group.querySelectorAll("[data-id], [data-key]")].filter((one) => one.tagName !== "INPUT" && one.closest(".tools, .tabs, .facets, #views") === group);
  const first = all.find((one) => one.dataset.id) ?? all[0];
  for (const one of all) if (!one.closest(".pager")) one.tabIndex = one === first ? 0 : -1;
  group.onfocusin = (event) => { if (all.includes(event.target)) for (const one of all) if (!one.closest(".pager")) one.tabIndex = one === event.target ? 0 : -1; };
  group.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, ...(group === views && views.className === "timeline" ? {} : { ArrowRight: 1, ArrowLeft: -1 }) }[event.key];
    const next = all[all.indexOf(document.activeElement) + (step ?? 0)];
    if (!step || !next || !all.includes(document.activeElement)) return;
    event.preventDefault();
    next.focus();
  };
}

function focusRow(step) {
  const rows = [...views.querySelectorAll("[data-id]")], at = rows.indexOf(document.activeElement);
  rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + step))]?.focus();
}

function update() {
  const before = state;
  state = readHash();
  const isCardOnly = result && Object.keys(DEFAULTS).every((key) => key === "id" || state[key] === before[key]);
  if (!isCardOnly) draw();
  drawCard();
  if (before.id && !state.id) (rowOf(before.id) ?? input).focus();
}

addEventListener("popstate", () => { isTyping = false; update(); });
card.addEventListener("cancel", (event) => { event.preventDefault(); go({ id: "" }); });
addEventListener("keydown", (event) => {
  const isText = event.target.matches?.("input");
  if (event.key === "Escape" && event.target === input) return input.blur();
  if (isText || event.ctrlKey || event.metaKey || event.altKey || help.open) return undefined;
  const inTimeline = !card.open && views.className === "timeline" && !event.target.closest?.("[role=toolbar]");
  const actions = { "/": () => { if (card.open) go({ id: "" }); input.focus(); input.select(); }, "?": () => help.showModal(),
    j: () => card.open || focusRow(1), k: () => card.open || focusRow(-1) };
  VIEWS.forEach((view, at) => (actions[at + 1] = () => card.open || go({ view, start: "0" })));
  const action = actions[event.key] ?? (inTimeline && zoom.by[event.key === "−" || event.key === "_" ? "-" : event.key === "=" ? "+" : event.key]);
  if (!action) return undefined;
  event.preventDefault();
  return action();
});
addEventListener("beforeprint", () => {
  const events = result.events.slice(0, MAX_PRINTED), left = result.events.length - events.length;
  paper.replaceChildren(el("p", {}, el("b", {}, "Query: "), state.q || "everything", state.certain ? ", certain only" : "", ` — ${status.textContent}`),
    ...events.map((event) => el("article", {}, el("h2", {}, page.dateText(event), " ", event.title), el("p", {}, el("code", {}, event.id), " ", flags(event)),
      el("dl", {}, eventFacts(event).filter(([label]) => label !== "date").map(([label, content]) => el("div", {}, el("dt", {}, label), el("dd", {}, content)))))),
    left > 0 ? el("p", { class: "disputed" }, `${plural(left, "more event")} not printed; print a narrower query.`) : "");
});
addEventListener("afterprint", () => paper.replaceChildren());
const isWide = matchMedia("(min-width: 900px)");
const openFilters = () => (filters.open = isWide.matches);
isWide.addEventListener("change", openFilters);
let width = 0;
new ResizeObserver(() => {
  if (width && views.clientWidth !== width && ["timeline", "compare"].includes(views.className)) draw();
  width = views.clientWidth;
}).observe(views);
openFilters();
draw();
drawCard();
