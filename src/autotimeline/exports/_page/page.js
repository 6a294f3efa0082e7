// The page: query box, facets, views, and cards. The hash is the state, so that back, forward, and links work.

const page = new Page(JSON.parse(document.getElementById("data").textContent));
const { data } = page, ROWS = 200, MAX_PRINTED = 2000, MAX_LISTED = 100, FEW = 8, MANY = 60;
const FACETS = ["kind", "actor", "status", "is", "era", "tag", "place"];
const MARK_SIGNS = { happened: "●", planned: "○", reported: "◐", cancelled: "✕", overdue: "◎" };
const DEFAULTS = { q: "", view: "story", certain: "", by: "kind", sort: "", start: "0", from: "", to: "", a: "", b: "", id: "" };
const KEYS = { "/": "edit the query", Enter: "open the card", Esc: "close the card", "j k": "next, previous event",
  "+ − 0": "zoom the timeline", "← →": "move the timeline", "1 … 5": "change the view", "?": "this list" };
const today = toDay(...data.snapshot.today.split("-").map(Number));
const number = (n) => n.toLocaleString("en");
const range = (certain, possible) => (certain === possible ? number(possible) : `${number(certain)}–${number(possible)}`);
const muted = (...texts) => el("span.muted", texts);
const list = (items) => items.length > 0 && el("ul", items.map((item) => el("li", item)));
const joined = (texts) => [...new Set(texts)].filter(Boolean).join(" · ");
const button = (key, text, onclick, more) => el("button", { type: "button", "data-key": key, onclick, ...more }, text);
const table = (headers, rows) => el("div.wide", el("table", el("thead", el("tr", headers)),
  el("tbody", rows.map((cells) => el("tr", cells.map((cell) => (cell?.tagName === "TH" ? cell : el("td", cell))))))));
const definitions = (facts) => el("dl", facts.map(([term, content]) => el("div", el("dt", term), el("dd", content))));

// --- state

let state = readHash(), result = null, isTyping = false, zoomKeys = {};
const expanded = new Set();

function readHash() {
  const hash = location.hash.slice(1);
  if (hash.startsWith("?")) return { ...DEFAULTS, ...Object.fromEntries(new URLSearchParams(hash)) };
  let id = hash;
  try { id = decodeURIComponent(hash); } catch { /* a malformed escape is part of an unknown id */ }
  return { ...DEFAULTS, id };
}

function hashOf(changes) {
  const next = Object.entries({ ...state, ...changes });
  return `#?${new URLSearchParams(next.filter(([key, value]) => key in DEFAULTS && value !== DEFAULTS[key]))}`;
}

function go(changes, replace = false) {
  history[replace ? "replaceState" : "pushState"](null, "", hashOf(changes));
  update();
}

// --- facets: the values of a field, each with the possible and the certain events

function facetValues(field) {
  const values = new Map();
  const add = (event, key, label, value = label) => {
    const term = /[\s()"\\]/.test(value) ? `${field}:"${value.replace(/["\\]/g, "\\$&")}"` : `${field}:${value}`;
    if (!values.has(key)) values.set(key, { label, term, possible: page.none.slice() });
    include(values.get(key).possible, event);
  };
  if (["status", "is", "era"].includes(field))
    return page.words(field).map((word) => {
      const [possible, certain] = page.given(`${field}:${word}`).answer;
      return { label: (field === "era" && data.eras[word]?.[0]) || word, term: `${field}:${word}`, possible, certain };
    });
  const parts = data.places.map(([place]) => place.split(",").map(strip).filter(Boolean));
  for (const event of page.events) {
    if (field === "kind" && event.kindText) add(event, data.kinds[event.kind][1], event.kindText);
    if (field === "tag") for (const n of event.tags) add(event, data.tags[n][1], data.tags[n][0]);
    if (field === "place") for (const part of event.places.flatMap((n) => parts[n])) add(event, page.fold(part), part);
    if (field === "actor") for (const n of event.actors) add(event, n, actorName(n), page.actorIds[n]);
  }
  return [...values.values()].map((value) => ({ ...value, certain: value.possible }));
}

const actorName = (n) => data.actors[page.actorIds[n]][0];
const facets = new Map(FACETS.map((field) => [field, facetValues(field)]));
const hasTerm = (term) => ` ${state.q} `.includes(` ${term} `);

/** The query with one more term; its alternatives are put in parentheses. */
function withTerm(term) {
  try {
    if (parseQuery(state.q).or) return `(${state.q}) ${term}`;
  } catch { /* the message about the query is shown already */ }
  return `${state.q} ${term}`.trim();
}

function drawFacet(field) {
  const counted = facets.get(field).map((value) => ({ ...value, count: countBits(value.possible, result.shown) }));
  const rows = counted.filter(({ count, term }) => count || hasTerm(term));
  if (field !== "era") rows.sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));
  const isOpen = expanded.has(field), left = rows.length - (isOpen ? MANY : FEW);
  return rows.length > 0 && el("section", el("h2", field), rows.slice(0, isOpen ? MANY : FEW).map(({ label, term, certain, count }) =>
    button(term, [el("span", label), muted(` ${range(countBits(certain, result.certain), count)}`)],
      () => go({ q: hasTerm(term) ? ` ${state.q} `.replace(` ${term} `, " ").trim() : withTerm(term), start: "0" }),
      { "aria-pressed": hasTerm(term) })),
    (left > 0 || isOpen) && button(`more:${field}`, isOpen ? "fewer" : `${number(left)} more`, () => {
      expanded[isOpen ? "delete" : "add"](field);
      draw();
    }, { class: "more" }));
}

// --- parts of events

const isPossible = (event) => !isIn(result.certain, event);
const eventLink = (event, id) => el("a", { href: hashOf({ id: event.id }), "data-id": id }, event.title);
const rowLink = (event) => eventLink(event, event.id);
const actorNames = ({ actors }) => actors.map(actorName);
const figureTexts = ({ figures }) => figures.map(([metric, text]) => `${data.metrics[metric][0]} ${text}`).join(" · ");
const sourceOf = ([cited]) => data.sources[page.sourceIds[cited]];

const mark = ({ mark: name }) => el(`span.mark.${name}`, { title: name, role: "img", "aria-label": name }, MARK_SIGNS[name]);
const flags = (event) => [isPossible(event) && el("span.flag.possible", "? possible"),
  event.disputed && el("span.flag.disputed", `≠ ${event.disputed.join(", ")}`)];

function dateNote(event) {
  const [, first, last, startLast, endFirst, , , , , , claims, isPeriod] = event.days ?? [];
  const days = (from, to) => (from === to ? toIso(from) : `${toIso(from)}..${toIso(to)}`);
  if (!claims || claims.length || (first === last && !isPeriod)) return "";
  if (!isPeriod) return first === BEGIN && last === END ? "" : ` some time within ${days(first, last)}`;
  if (first === startLast && endFirst === last) return ` throughout ${days(first, last)}`;
  const start = startLast > BEGIN && ` starts ${days(first, startLast)}`, end = endFirst < END && `ends ${days(endFirst, last)}`;
  return `${start || " no start"}; ${end || "no end"}`;
}

function citation(cited) {
  const [, quote, by, contradictions = [], claims = [], remark] = cited, [title, published, url, status, note] = sourceOf(cited);
  const isLink = /^https?:\/\//i.test(url ?? "");
  return [isLink ? el("a", { href: url }, title) : title, muted(` ${joined([published, isLink ? "" : url])}`),
    status && el("span.flag.disputed", status), quote && el("blockquote", `“${quote}”`, by && muted(` — ${by}`)),
    contradictions.map((claim) => el("p.disputed", `≠ disputed: ${claim}`)),
    claims.length > contradictions.length && el("p", muted("states "), claims.join("; ")),
    [remark, note].map((text) => text && el("p.muted", text))];
}

function linkItem([type, id]) {
  const event = page.byId.get(id), [date, title] = data.outside[id] ?? ["", "missing"];
  const phrase = muted(`${type.replaceAll("-", " ")} ${(event ? event.dateText : date) ?? ""} `);
  return [phrase, event ? eventLink(event) : `${title} (${id}, not in this page)`];
}

const outcomes = ({ slips = [] }) => slips.map(([id, date, slip]) =>
  [el("a", { href: hashOf({ id }) }, id), ` ${date ?? "undated"}`, slip && `: ${slip}`]);

/** How late the event was for each plan that it fulfils. */
const slipsOf = (event) => event.links.filter(([type]) => type === "fulfils").flatMap(([, id]) => {
  const slips = page.byId.get(id)?.slips ?? [];
  return slips.filter(([outcome, , slip]) => outcome === event.id && slip).map(([, , slip]) => `${slip}, for the plan ${id}`);
});

/** The facts of an event as [label, content], for the card and for print. */
function eventFacts(event) {
  const { printed, disputed, due, mark: name, texts = {}, accept = {} } = event, roles = new Map();
  event.actors.forEach((n, at) => {
    const role = data.roles[event.roles[at]]?.[0] ?? "";
    roles.set(role, [...(roles.get(role) ?? []), actorName(n)]);
  });
  const figures = event.figures.map(([metric, text, details]) => [muted(data.metrics[metric][0]), ` ${text} `, details && muted(`(${details})`)]);
  return [
    ["date", [event.dateText, muted(dateNote(event)), printed && el("p.quote", `“${printed}”`)]],
    ["status", [mark(event), ` ${name}`, event.reported && name !== "reported" && ", reported", due && muted(` · latest start ${due}`)]],
    ["disputed", disputed && el("span.disputed", `≠ ${disputed.join(", ")}: sources disagree`)],
    ["fulfilled by", list(outcomes(event))],
    ["plan", list(slipsOf(event))],
    ["known", data.known[event.known]?.[0]],
    ["kind", event.kindText],
    ["actors", list([...roles].map(([role, names]) => [muted(role, role && " "), names.join(", ")]))],
    ["places", joined(event.places.map((n) => data.places[n][0]))],
    ["tags", joined(event.tags.map((n) => data.tags[n][0]))],
    ["figures", list(figures)],
    ["sources", list(event.sources.map(citation))],
    ["links", list(event.links.map(linkItem))],
    ["note", event.note],
    ...Object.entries(texts),
    ["accepted", list(Object.entries(accept).map(([rule, reason]) => `${rule}: ${reason}`))],
  ].filter(([, content]) => content);
}

// --- views: each returns nodes

const drawViews = { story: drawStory, timeline: drawLanes, table: drawTable, compare: drawCompare, plans: drawPlans };

/** The rows from `start` on, above buttons to step through them. */
function paged(events, drawRows) {
  if (!events.length) return el("p.empty", "Nothing matches.");
  const start = Math.min(Math.max(0, Number(state.start) || 0), events.length - 1), rows = events.slice(start, start + ROWS);
  const step = (to, text) => button(text, text, () => { go({ start: String(Math.max(0, to)) }); scrollTo(0, 0); },
    { class: "step", disabled: to <= -ROWS || to >= events.length });
  return [drawRows(rows), events.length > ROWS && el("p.pager", step(start - ROWS, `Previous ${ROWS}`),
    ` ${number(start + 1)}–${number(start + rows.length)} of ${number(events.length)} `, step(start + ROWS, `Next ${ROWS}`))];
}

function drawStory() {
  return paged(result.events, (events) => {
    const years = new Map();
    for (const event of events) {
      const year = event.days ? toIso(event.days[9]).slice(0, 4) || "…" : "undated";
      years.set(year, [...(years.get(year) ?? []), event]);
    }
    return [...years].map(([year, rows]) => el("section.year", el("h2", year), list(rows.map((event) =>
      [el("span.date", event.days && event.dateText), mark(event), el("div", rowLink(event), flags(event),
        event.figures.length > 0 && el("p.figures", figureTexts(event)), el("p.muted", joined([event.kindText, ...actorNames(event)])))]))));
  });
}

const COLUMNS = {
  date: null,
  status: (event) => event.mark,
  title: (event) => event.title,
  kind: (event) => event.kindText,
  actors: (event) => actorNames(event).join(", "),
  figures: figureTexts,
  sources: (event) => joined(event.sources.map((cited) => sourceOf(cited)[0])),
};

function drawTable() {
  const [column, down] = state.sort.split(" "), name = Object.hasOwn(COLUMNS, column) ? column : "date", sign = down ? -1 : 1;
  const cell = COLUMNS[name] ?? (({ at }) => at), isMissing = (event) => (name === "date" ? !event.days : cell(event) === "");
  const keyed = result.events.map((event) => [isMissing(event), cell(event), event]);
  keyed.sort(([a, x], [b, y]) => a - b || (x < y ? -sign : x > y ? sign : 0));
  const header = (one) => el("th", { scope: "col", "aria-sort": one === name ? (down ? "descending" : "ascending") : null },
    button(`sort:${one}`, [one, one === name && (down ? " ▾" : " ▴")], () => go({ sort: one === name && !down ? `${one} down` : one, start: "0" })));
  return paged(keyed.map(([, , event]) => event), (events) => table(Object.keys(COLUMNS).map(header), events.map((event) =>
    [event.dateText, [mark(event), flags(event)], rowLink(event), ...Object.values(COLUMNS).slice(3).map((text) => text(event))])));
}

/** The lanes of dated events by a field: the most frequent values first, and last the events without a value. */
function lanesOf(field) {
  const dated = result.events.filter(({ days }) => days), none = facets.get(field).reduce((set, value) => subtract(set, value.possible), page.all);
  const lanes = facets.get(field).map(({ label, possible, certain }) => ({ label,
    items: dated.filter((event) => isIn(possible, event)).map((event) => [event, isPossible(event) || !isIn(certain, event)]) }));
  const rest = dated.filter((event) => isIn(none, event)).map((event) => [event, isPossible(event)]);
  lanes.sort((a, b) => b.items.length - a.items.length);
  return [...lanes, { label: `no ${field}`, items: rest }].filter(({ items }) => items.length);
}

function timeline(lanes, zoom) {
  // A mark of several events leads to their days in the story.
  const href = ({ events }) => {
    if (events.length === 1) return hashOf({ id: events[0].id });
    const first = toIso(Math.min(...events.map(({ days }) => days[1]))), last = toIso(Math.max(...events.map(({ days }) => days[2])));
    const window = (first && `since:${first} `) + (last && `until:${last}`);
    return hashOf({ q: window ? withTerm(window.trim()) : state.q, view: "story", start: "0" });
  };
  return drawTimeline(lanes, { width: Math.max(280, views.clientWidth - 4), zoom, today, href });
}

function zoomDays() {
  const [from, to] = [state.from, state.to].map((day) => pointDays(day)?.[0]);
  return from <= to ? [from, to] : null;
}

function drawLanes() {
  const field = facets.has(state.by) ? state.by : "kind", { svg, axis, gutter, first, last, note } = timeline(lanesOf(field), zoomDays());
  if (!svg) return el("p.empty", note);
  const show = (from, to) => {
    from = Math.max(1, Math.round(from));
    to = Math.min(END - 1, Math.max(Math.round(to), from + 6));
    go(from <= first && to >= last ? { from: "", to: "" } : { from: toIso(from), to: toIso(to) }, true);
  };
  const low = axis.first, high = low + axis.days - 1, half = axis.days / 2, whole = () => show(first, last);
  const zoomIn = () => show(low + half / 2, high - half / 2), zoomOut = () => show(low - half, high + half);
  const move = (days) => () => show(low + days, high + days);
  zoomKeys = { "+": zoomIn, "=": zoomIn, "-": zoomOut, "−": zoomOut, 0: whole, ArrowLeft: move(-half / 2), ArrowRight: move(half / 2) };
  const area = el("svg:rect.selection", { y: 0, height: svg.getAttribute("height") });
  const x = (event) => event.clientX - svg.getBoundingClientRect().left;
  let start = null;
  svg.append(area);
  svg.ondragstart = (event) => event.preventDefault();
  svg.onpointerdown = (event) => { start = event.button === 0 && event.pointerType !== "touch" ? x(event) : null; };
  svg.onpointermove = (event) => {
    if (start === null) return;
    area.setAttribute("x", Math.min(start, x(event)));
    area.setAttribute("width", Math.abs(x(event) - start));
  };
  svg.onpointerup = (event) => {
    const days = [start, x(event)].sort((a, b) => a - b).map((one) => axis.dayOf((one - gutter) / CELL));
    if (start !== null && Math.abs(x(event) - start) > 8) show(...days);
    start = null;
  };
  const legend = data.marks.map((name) => `${MARK_SIGNS[name]} ${name}`).reverse();
  const undated = result.events.filter(({ days }) => !days).length;
  return [svg, el("div.tools", { role: "toolbar", "aria-label": "Timeline" }, muted("Lanes"),
    FACETS.map((name) => button(`by:${name}`, name, () => go({ by: name }), { "aria-pressed": name === field })), muted("Zoom"),
    button("in", "+", zoomIn, { "aria-label": "zoom in" }), button("out", "−", zoomOut, { "aria-label": "zoom out" }), button("all", "all", whole)),
    el("p.legend.muted", [...legend, "━ certain", "═ planned", "┄ possible", "? may not match", "≠ sources disagree"].join("   ")),
    el("p.muted", joined([note, undated && `${number(undated)} undated not drawn`]))];
}

function drawCompare() {
  const sides = ["a", "b"].map((side, at) => {
    const era = page.words("era")[at], text = state[side] || (era ? `era:${era}` : ""), name = side.toUpperCase();
    try {
      return { side, name, text, ...page.ask(text) };
    } catch (error) {
      return { side, name, text, error, possible: page.none, certain: page.none };
    }
  });
  const box = ({ side, name, text, error }) => el("p", el("label", { for: `side-${side}` }, name), el("input", { id: `side-${side}`, value: text,
    spellcheck: "false", "aria-invalid": error ? "true" : null, onchange: (event) => go({ [side]: event.target.value }) }),
    error && el("span.disputed", error.message));
  const row = (label, [set, certainSet]) => [el("th", { scope: "row" }, label), ...sides.map(({ possible, certain }) =>
    range(countBits(certain, certainSet), countBits(possible, set)))];
  const terms = ["status:happened", "status:planned", "status:cancelled", "is:disputed"].map((term) => row(term.split(":")[1], page.given(term).answer));
  const lanes = sides.map(({ text, possible, certain }) => ({ label: text || "everything", items: page.events.filter((event) => event.days && isIn(possible, event)).map((event) => [event, !isIn(certain, event)]) }));
  const only = (one, other) => {
    const set = subtract(one.possible, other.possible), events = page.events.filter((event) => isIn(set, event)), left = events.length - MAX_LISTED;
    return el("section", el("h2", `Only in ${one.name}: ${number(events.length)}`), list(events.slice(0, MAX_LISTED).map((event) =>
      [muted(event.dateText, " "), rowLink(event)])), left > 0 && el("p.muted", `${number(left)} more`));
  };
  const [a, b] = sides, both = countBits(a.possible, b.possible);
  return [el("div.sides", sides.map(box)), table([el("td"), ...sides.map(({ name, text }) => el("th", { scope: "col" }, `${name}: ${text || "everything"}`))],
    [row("events", [page.all, page.all]), ...terms]), el("p.muted", `${number(both)} on both sides. A range is the certain and the possible number.`),
    timeline(lanes, null).svg, el("div.sides", only(a, b), only(b, a))];
}

function drawPlans() {
  const [planned] = page.given("status:planned").answer, plans = result.events.filter((event) => isIn(planned, event));
  const states = ["overdue", "upcoming", "fulfilled", "slipped", "replaced"].map((name) => [name, page.given(`is:${name}`).answer]);
  const headers = ["planned", "latest start", "plan", "state", "fulfilled by, and how late"].map((name) => el("th", { scope: "col" }, name));
  return paged(plans, (rows) => table(headers, rows.map((event) => {
    const words = states.filter(([, sets]) => isIn(sets[0], event)).map(([name, sets]) => name + (isIn(sets[1], event) ? "" : "?"));
    const isLate = words.some((word) => /overdue|slipped/.test(word));
    return [event.dateText, event.due, rowLink(event), isLate ? el("b.disputed", words.join(", ")) : words.join(", "), list(outcomes(event))];
  })));
}

// --- the frame

const input = el("input", { id: "q", type: "search", list: "completions", autocomplete: "off", spellcheck: "false",
  placeholder: "actor:… kind:… since:2024 not is:planned", "aria-describedby": "status", onchange: () => (isTyping = false),
  oninput: () => { go({ q: input.value, start: "0" }, isTyping); isTyping = true; } });
const completions = el("datalist", { id: "completions" }), status = el("p", { id: "status", role: "status" });
const panel = el("div.facets", { role: "toolbar", "aria-label": "Filters" }), tabs = el("div.tabs", { role: "toolbar", "aria-label": "View" });
const filters = el("details.filters", el("summary", "Filters"), panel), views = el("div", { id: "views" }), paper = el("div", { id: "print" });
const closeCard = (event) => { event.preventDefault(); go({ id: "" }); };
const card = el("dialog", { id: "card", "aria-labelledby": "card-title", oncancel: closeCard, onclick: (event) => event.target === card && closeCard(event) });
const help = el("dialog", { "aria-label": "Keys" }, el("h2", "Keys"), definitions(Object.entries(KEYS)), el("form", { method: "dialog" }, el("button", "Close")));
document.getElementById("app").append(el("form", { role: "search", onsubmit: (event) => { event.preventDefault(); isTyping = false; focusRow(0); } },
  el("label", { for: "q" }, "Query"), input, completions, status), el("main", filters, el("div.results", tabs, views)), card, help, paper);

const rowOf = (id) => views.querySelector(`[data-id="${CSS.escape(id)}"]`);

function answer() {
  try {
    const { possible, certain, undated, notes } = page.ask(state.q), shown = state.certain ? certain : possible;
    result = { shown, certain, events: page.events.filter((event) => isIn(shown, event)) };
    const doubtful = countBits(possible) - countBits(certain), left = state.certain ? " omitted" : "";
    const parts = [`${number(result.events.length)} of ${number(page.count)} events`, doubtful && `${number(doubtful)} possible${left}`,
      undated && `${number(undated)} undated omitted`, ...notes];
    status.textContent = visible(parts.filter(Boolean).join("; "));
    input.ariaInvalid = null;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    result ??= { shown: page.all, certain: page.certain, events: page.events };
    status.textContent = visible(error.message + (error.refused ? ` — autotimeline list '${state.q}'` : ""));
    input.ariaInvalid = "true";
  }
}

function draw() {
  const active = document.activeElement, { key, id } = active?.dataset ?? {}, view = Object.hasOwn(drawViews, state.view) ? state.view : "story";
  const wasInside = views.contains(active);
  if (active !== input) input.value = state.q;
  answer();
  panel.replaceChildren(...FACETS.map(drawFacet).filter(Boolean));
  tabs.replaceChildren(...Object.keys(drawViews).map((name) => button(`view:${name}`, name, () => go({ view: name, start: "0" }), { "aria-pressed": name === view })),
    button("certain", "certain only", () => go({ certain: state.certain ? "" : "1", start: "0" }), { class: "certain", "aria-pressed": Boolean(state.certain) }));
  views.className = view;
  views.replaceChildren(...[drawViews[view]()].flat(3).filter(Boolean));
  for (const group of document.querySelectorAll(GROUPS)) stopAt(members(group), members(group).find((one) => one.dataset.id) ?? members(group)[0]);
  if (key) document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
  else if (id && wasInside) rowOf(id)?.focus();
  drawCompletions();
}

function drawCard() {
  const event = page.byId.get(state.id);
  if (!event) {
    if (state.id) status.textContent = visible(`no event "${state.id}" in this page`);
    return card.close();
  }
  card.replaceChildren(el("button.close", { "aria-label": "Close", onclick: closeCard }, "✕"), el("h2", { id: "card-title", tabindex: -1 }, event.title),
    el("p", el("code", event.id), " ", flags(event)), definitions(eventFacts(event)));
  if (!card.open) card.showModal();
  card.scrollTop = 0;
  return card.querySelector("h2").focus();
}

function drawCompletions() {
  const [, head, word] = input.value.match(/^(.*?)([^\s("]*)$/s), [field, value] = word.split(":", 2), lower = word.toLowerCase();
  const values = (name) => facets.get(name)?.map(({ term }) => term) ?? page.words(name).map((one) => `${name}:${one}`);
  const names = () => [...data.language.fields.map((name) => `${name}:`), ...values(""), ...FACETS.flatMap(values)];
  const found = document.activeElement === input && word ? (value === undefined ? names() : values(field)).filter((one) => one.toLowerCase().includes(lower)) : [];
  completions.replaceChildren(...found.slice(0, 12).map((one) => el("option", { value: head + one })));
}

// The buttons or the rows of a group are one stop of Tab, between which arrows move.
const GROUPS = ".tools, .tabs, .facets, #views";
const members = (group) => [...group.querySelectorAll("[data-id], [data-key]:not(.step)")].filter((one) => one.closest(GROUPS) === group);
const stopAt = (all, stop) => all.forEach((one) => (one.tabIndex = one === stop ? 0 : -1));

function moveInGroup(event, group) {
  const all = members(group), isPanned = group === views && views.className === "timeline";
  const step = { ArrowDown: 1, ArrowUp: -1, ...(!isPanned && { ArrowRight: 1, ArrowLeft: -1 }) }[event.key];
  const next = step && all[all.indexOf(event.target) + step];
  if (next && all.includes(event.target)) {
    event.preventDefault();
    next.focus();
  }
}

function focusRow(step) {
  const rows = [...views.querySelectorAll("[data-id]")], at = rows.indexOf(document.activeElement);
  rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + step))]?.focus();
}

function update() {
  const before = state;
  state = readHash();
  if (Object.keys(DEFAULTS).some((key) => key !== "id" && state[key] !== before[key])) draw();
  drawCard();
  if (before.id && !state.id) (rowOf(before.id) ?? input).focus();
}

addEventListener("popstate", () => { isTyping = false; update(); });
addEventListener("focusin", ({ target }) => {
  const group = target.closest(GROUPS), all = group ? members(group) : [];
  if (all.includes(target)) stopAt(all, target);
});
addEventListener("keydown", (event) => {
  const { key, target } = event, at = Number(key) - 1, view = Object.keys(drawViews)[at];
  if (target === input && key === "Escape") input.blur();
  if (target.matches?.("input") || event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  const actions = card.open ? {} : { "/": () => { input.focus(); input.select(); }, j: () => focusRow(1), k: () => focusRow(-1),
    ...(view && { [key]: () => go({ view, start: "0" }) }), ...(views.className === "timeline" && !target.closest?.("[role=toolbar]") && zoomKeys) };
  const action = key === "?" ? () => help.showModal() : actions[key], group = target.closest?.(GROUPS);
  if (group) moveInGroup(event, group);
  if (!action) return;
  event.preventDefault();
  action();
});
addEventListener("beforeprint", () => {
  const events = result.events.slice(0, MAX_PRINTED), left = result.events.length - events.length;
  paper.replaceChildren(el("p", el("b", "Query: "), state.q || "everything", state.certain && ", certain only", ` — ${status.textContent}`),
    ...events.map((event) => el("article", el("h2", event.dateText, " ", event.title), el("p", el("code", event.id), " ", flags(event)), definitions(eventFacts(event)))),
    el("p", left > 0 && `${number(left)} more events not printed; print a narrower query.`));
});
addEventListener("afterprint", () => paper.replaceChildren());
const isWide = matchMedia("(min-width: 900px)");
(isWide.onchange = () => (filters.open = isWide.matches))();
addEventListener("resize", () => /timeline|compare/.test(views.className) && draw());
draw();
drawCard();
