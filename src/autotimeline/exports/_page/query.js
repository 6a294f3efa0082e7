"use strict";
// The query language on the data of a page. It parses as query/parser.py does, combines the sets of events that the
// program computed, and compares days. What it cannot evaluate, it refuses. No DOM.

const BEGIN = 0, END = 3652060, EPOCH = 719163, MS_PER_DAY = 864e5;
const MAX_DEPTH = 20, MAX_VALUE_LENGTH = 1000;
const OPERATORS = ["and", "or", "not"];
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const SPACES = new RegExp(`[${SPACE}]+`, "u");
const OUTER_SPACES = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "gu");
const strip = (text) => text.replace(OUTER_SPACES, "");
const isSpace = (character) => SPACES.test(character);
const split = (text) => text.split(SPACES).filter(Boolean);

/** An invalid query; `refused` if it is valid in the program, but not in a page. */
class QueryError extends Error {
  refused = false;
}
const fail = (message, refused = false) => {
  throw Object.assign(new QueryError(message), { refused });
};
const refuse = (message) => fail(message, true);

// --- parser: a node is {and: [...]}, {or: [...]}, {not: node}, or {field, value, sign}

const DATE_FIELDS = ["date", "known"];

function parseTerm(word) {
  if (word.startsWith(":")) return { field: ":", value: word.slice(1) };
  if (word.startsWith("!") && word.length > 1) fail(`"${word}": write not ${word.slice(1)}`);
  const found = word.search(/[:<>=~!]/), end = found < 0 ? word.length : found;
  const field = word.slice(0, end).replace(/\x20+$/, ""), rest = word.slice(end);
  const text = { field: "", value: word };
  if (!/^\p{L}/u.test(field) || SPACES.test(field)) return text;
  if (rest.startsWith(":") && field.length === end) return { field: field.toLowerCase(), value: rest.slice(1) };
  if (rest.startsWith("!=")) fail(`"${word}": write not ${field}:${strip(rest.slice(2))}`);
  const value = rest.replace(/^[~= ]+/, "");
  if (rest.startsWith("~") && /^[\p{L}\p{N}]/u.test(value))
    fail(`"${word}": ~ is not an operator; write ${field}:${value}`);
  const [, sign, operand] = rest.match(/^([<>]=?|=)(.+)$/s) ?? [];
  if (!sign) return text;
  const bare = strip(operand), name = field.toLowerCase(), [greater, less] = DATE_FIELDS.includes(name) ? ["after-", "before-"] : [">", "<"];
  const period = { ">=": `${bare}..`, "<=": `..${bare}`, ">": greater + bare, "<": less + bare, "=": bare }[sign];
  return { field: name, value: period, sign: sign === "=" ? "" : sign };
}

function tokenize(text) {
  const tokens = [], characters = [...text, " "];
  let word = "", quoted = false;
  for (let at = 0; at < characters.length; at++) {
    const c = characters[at];
    if (c === '"') {
      quoted = true;
      for (at++; characters[at] !== '"'; at++) {
        if (at >= characters.length - 1) fail(`a quote is not closed in: ${text}`);
        if (characters[at] === "\\" && '"\\'.includes(characters[at + 1])) at++;
        word += characters[at];
      }
    } else if (isSpace(c) || c === "(" || c === ")") {
      if (quoted && !word) fail("an empty word is no query");
      const isOperator = !quoted && OPERATORS.includes(word.toLowerCase());
      if (word) tokens.push(isOperator ? word.toLowerCase() : parseTerm(word));
      word = "";
      quoted = false;
      if (!isSpace(c)) tokens.push(c);
    } else word += c;
  }
  return tokens;
}

function parseQuery(text) {
  const tokens = [...tokenize(text), ""];
  let at = 0, depth = 0;
  const accept = (token) => tokens[at] === token && ++at > 0;
  const hasOperand = () => !["and", "or", ")", ""].includes(tokens[at]);
  const isEmpty = (node) => node.and?.length === 0;
  const missing = (operator) => fail(`"${operator}" needs a term; search the word itself with text:${operator}`);
  const parseOr = () => {
    const operands = [parseAnd()];
    while (accept("or")) operands.push(parseAnd());
    if (operands.length === 1) return operands[0];
    if (operands.some(isEmpty)) missing("or");
    return { or: operands };
  };
  const parseAnd = () => {
    const operands = [];
    while (!["or", ")", ""].includes(tokens[at])) {
      if (accept("and") && !(operands.length && hasOperand())) missing("and");
      operands.push(parseNot());
    }
    return operands.length === 1 ? operands[0] : { and: operands };
  };
  const parseNot = () => {
    let negated = false;
    while (accept("not")) {
      negated = !negated;
      if (!hasOperand()) missing("not");
    }
    const token = tokens[at++];
    const node = token === "(" ? parseGroup() : token;
    return negated ? { not: node } : node;
  };
  const parseGroup = () => {
    if (++depth > MAX_DEPTH) tooDeep();
    const node = parseOr();
    if (!accept(")")) fail('"(" without ")"');
    if (isEmpty(node)) fail('"()" holds nothing');
    depth--;
    return node;
  };
  const node = parseOr();
  if (tokens[at]) fail('")" without "("');
  return node;
}
const tooDeep = () => fail("the query is nested too deep; write it with fewer parentheses");

function splitValues(text, numbers) {
  const characters = [...text], parts = [""];
  let depth = 0;
  characters.forEach((c, index) => {
    depth += (c === "[") - (c === "]");
    const after = characters.slice(index + 1, index + 5).join("");
    const isGroup = numbers && /^\p{Nd}{3}(?!\p{Nd})/u.test(after) && /\p{Nd}$/u.test(parts.at(-1));
    if (c === "," && depth <= 0 && !isSpace(after[0] ?? "x") && !isGroup) parts.push("");
    else parts[parts.length - 1] += c;
  });
  return parts.filter(Boolean);
}

// --- days

function toDay(year, month, day) {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isValid = year > 0 && year < 10000 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isValid ? date.getTime() / MS_PER_DAY + EPOCH : NaN;
}
const toDate = (day) => new Date((day - EPOCH) * MS_PER_DAY);
const toIso = (day) => (day > BEGIN && day < END ? toDate(day).toISOString().slice(0, 10) : "");

/** The first and the last day of 2025, 2025Q4, 2025H1, 2025-10, or 2025-10-31; null for any other text. */
function pointDays(text) {
  const [, year, letter, part, month, day] = text.match(/^(\d{4})(?:([qh])(\d)|-(\d\d)(?:-(\d\d))?)?$/) ?? [];
  if (!year) return null;
  const length = { q: 3, h: 6 }[letter] ?? (month ? 1 : 12);
  if (part && (part < 1 || part > 12 / length)) return null;
  const start = part ? (part - 1) * length + 1 : Number(month ?? 1);
  const first = toDay(+year, start, Number(day ?? 1));
  if (!first || day) return first ? [first, first] : null;
  const next = start + length > 12 ? toDay(+year + 1, 1, 1) : toDay(+year, start + length, 1);
  return [first, (next || END) - 1];
}

// How the words begin that a date may consist of. A bare word of these alone may be a date, which a page cannot read.
const DATE_WORD = new RegExp(
  "^(..?$|x+$|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|spr|sum|aut|fal|win|mon|tue|wed|thu|fri|sat|sun|fir|sec|thi|fou" +
  "|las|qua|hal|day|wee|yea|sin|fro|unt|bef|aft|bet|abo|abt|aro|cir|app|rou|cal|est|pos|pro|lat|ear|pri|thr|tod|yes|tom|nex|ago" +
  "|cen|end|and|the|tha|not|onw|til|utc)");
const RELATIVE_WORD = /(^|[ -])(today|yesterday|tomorrow)\b|^[+-] ?\d|[ -]ago$|^in[ -]\d|\b(last|this|next)[ -]/;

/** Whether the program may read a word without a field as a date. */
function mayBeDate(word) {
  const text = strip(word).toLowerCase();
  if (text.startsWith("@")) return true;
  const words = text.match(/\p{L}+/gu) ?? [];
  return words.every((one) => DATE_WORD.test(one)) && (/[\dx]{4}/.test(text) || RELATIVE_WORD.test(text));
}

// --- sets of events

/** The number of events that are in both sets. */
const countBits = (set, other = set) => {
  let count = 0;
  for (let at = 0; at < set.length; at++) {
    let word = set[at] & other[at];
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    count += Math.imul((word + (word >>> 4)) & 0xf0f0f0f, 0x1010101) >>> 24;
  }
  return count;
};
const isIn = (set, { at }) => (set[at >> 5] >>> (at & 31)) & 1;
const include = (set, { at }) => (set[at >> 5] |= 1 << (at & 31));
const intersect = (a, b) => a.map((word, at) => word & b[at]);
const unite = (a, b) => a.map((word, at) => word | b[at]);
const subtract = (a, b) => a.map((word, at) => word & ~b[at]);

const CELLS = "id title date known mark kind actors roles places tags figures sources links titleWords restWords".split(" ");

/** The events of a page. `ask` answers a query; an answer to a term is its four sets, as in query/predicates.py. */
class Page {
  constructor(data) {
    Object.assign(this, { data, count: data.events.length, notes: [] });
    // `at` is the position of the event; `days` is its row in the table of dates, undefined without a date.
    this.events = data.events.map((row, at) => {
      const event = Object.fromEntries(CELLS.map((name, cell) => [name, row[cell]])), days = data.dates[event.date];
      return { ...event, at, days, dateText: days?.[0] ?? "undated", kindText: data.kinds[event.kind]?.[0] ?? "",
        mark: data.marks[event.mark], ...row[CELLS.length] };
    });
    this.byId = new Map(this.events.map((event) => [event.id, event]));
    this.actorIds = Object.keys(data.actors);
    this.sourceIds = Object.keys(data.sources);
    this.isPart = Boolean(data.snapshot.query || data.snapshot.limit || data.snapshot.as_of);
    this.sets = new Map(Object.entries(data.sets));
    this.decoded = new Map();
    this.groups = new Map(Object.entries(data.actors).map(([id, actor]) => [id, new Set(actor[2])]));
    this.folds = new Map(Object.entries(data.folds).flatMap(([folded, all]) => [...all].map((c) => [c, folded])));
    this.same = new Set(data.same);
    this.letters = new Set(data.letters);
    this.none = new Int32Array(Math.ceil(this.count / 32));
    this.all = this.select(() => true);
    this.certain = this.decode(data.certain);
    this.undated = this.select((event) => !event.days);
    this.fields = new Map([
      ["id", (value) => this.select((event) => event === this.event(value.replace(/^@/, "")))],
      ["text", (value) => this.search(value, true)],
      ["title", (value) => this.search(value, false)],
      ["kind", (value) => this.word("kind", value, ({ kind }) => [kind])],
      ["role", (value) => this.word("role", value, ({ roles }) => roles)],
      ["place", (value) => this.word("place", value, ({ places }) => places)],
      ["tag", (value) => this.word("tag", value, ({ tags }) => tags)],
      ["metric", (value) => this.word("metric", value, ({ figures, claimed = [] }) => [...figures.map(([n]) => n), ...claimed])],
      ["actor", (value) => this.participant(value, (id) => new Set([id]))],
      ["group", (value) => this.participant(value, (id) => this.groups.get(id))],
      ["source", (value) => this.source(value)],
      ["link", (value) => this.link(value.toLowerCase())],
    ]);
  }

  select(matches) {
    const set = this.none.slice();
    for (const event of this.events) if (matches(event)) include(set, event);
    return set;
  }

  decode(text) {
    if (!this.decoded.has(text)) {
      const set = this.none.slice();
      [...atob(text)].forEach((c, at) => (set[at >> 2] |= c.charCodeAt(0) << ((at & 3) * 8)));
      this.decoded.set(text, set);
    }
    return this.decoded.get(text);
  }

  fold(text) {
    const folded = Array.from(text, (c) => {
      if (!this.folds.has(c) && (c < " " || c > "~") && !this.same.has(c))
        refuse(`"${c}" is in no text of this page`);
      return this.folds.get(c) ?? c;
    });
    return folded.join("").normalize("NFC").split(" ").filter(Boolean).join(" ");
  }

  searchWords(text) {
    const isIdeograph = (c) => /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\u{20000}-\u{3ffff}]/u.test(c);
    const isLetter = (c) => /[a-z0-9]/i.test(c) || this.letters.has(c);
    const words = Array.from(this.fold(text), (c) => (isIdeograph(c) ? ` ${c} ` : isLetter(c) ? c : " "));
    return words.join("").split(" ").filter(Boolean).join(" ");
  }

  // --- queries

  /** The possible and the certain events of a query, the number of undated ones omitted, and notes on its words. */
  ask(text) {
    this.notes = [];
    const tree = this.expand(parseQuery(text));
    const [possible, certain] = this.combine(tree, false);
    const undated = intersect(subtract(this.combine(tree, true)[0], possible), this.undated);
    return { possible, certain: intersect(certain, this.certain), undated: countBits(undated), notes: this.notes };
  }

  /** Return the tree with the answer to each term, and with the one if date terms are ignored (`waived`). */
  expand(node, depth = 0) {
    if (depth > MAX_DEPTH) tooDeep();
    if (node.not) return { not: this.expand(node.not, depth) };
    for (const key of ["and", "or"])
      if (node[key]) return { [key]: node[key].map((part) => this.expand(part, depth + 1)) };
    const fields = this.data.language.fields;
    if (node.field === ":") return this.given(`:${node.value.toLowerCase()}`, `no alias ":${node.value.toLowerCase()}"`);
    this.rejectMisread(node, fields);
    const parts = splitValues(node.value, ["", "text", "title"].includes(node.field) || !fields.includes(node.field));
    if (!parts.length)
      fail(`"${node.field + (node.field && ":")}${node.value}" needs a value; write a word or FIELD:VALUE`);
    const long = parts.find((part) => [...part].length > MAX_VALUE_LENGTH);
    if (long) fail(`"${long.slice(0, 40)}…" is too long`);
    const terms = parts.map((part) => this.term(node.field || this.fieldOfWord(part), part));
    return terms.length === 1 ? terms[0] : { or: terms };
  }

  rejectMisread({ field, value, sign }, fields) {
    if (sign && fields.includes(field) && !DATE_FIELDS.includes(field))
      fail(`"${field}${sign}": ${sign} compares dates and metrics only; write ${field}:VALUE`);
    const pieces = split(value);
    const heads = pieces.slice(field ? 1 : 0).filter((piece) => piece.includes(":"));
    const several = heads.some((piece) => fields.includes(piece.split(":")[0].toLowerCase().replace(/^\(+/, "")));
    if (pieces.length > 1 && (several || (!field && pieces[0].toLowerCase() === "not")))
      fail(`"${value}" is several terms in one word; leave the quotes out`);
  }

  fieldOfWord(word) {
    if (this.simpleWindow(word, false)) return "date";
    if (mayBeDate(word)) refuse(`"${word}" may be a date; write ${DATE_FORMS}, or text:"${word}"`);
    return "text";
  }

  combine(node, waive) {
    if (node.not) {
      const [possible, certain, possiblyNot, certainlyNot] = this.combine(node.not, waive);
      return [possiblyNot, certainlyNot, possible, certain];
    }
    const parts = (node.and ?? node.or)?.map((part) => this.combine(part, waive));
    if (!parts) return (waive && node.waived) || node.answer;
    const empty = [this.all, this.all, this.none, this.none];
    const join = (at) => parts.reduce((set, part) => ((at < 2) === Boolean(node.and) ? intersect : unite)(set, part[at]),
      node.and ? empty[at] : empty[(at + 2) % 4]);
    return [0, 1, 2, 3].map(join);
  }

  term(field, value) {
    if (["status", "is"].includes(field)) return this.given(`${field}:${value.toLowerCase()}`, `no ${field} "${value}"`);
    if (field === "era") return this.given(`era:${this.entity("era", value)}`, "", true);
    if (["near", "around"].includes(field)) refuse(`"${field}:${value}": ${OUTSIDE}`);
    if (["date", "since", "until", "known"].includes(field)) return this.dateTerm(field, value);
    const select = this.fields.get(field);
    if (!select) {
      const folded = this.fold(field);
      if (this.data.metrics.some(([, word]) => word === folded)) refuse(`"${field}:${value}": ${OUTSIDE}`);
      fail(`no field or metric "${field}"; for the text, write text:"${field}:${value}"`, this.isPart);
    }
    const set = select(value), others = subtract(this.all, set);
    return { answer: [set, set, others, others] };
  }

  /** The answer that the program computed. */
  given(key, error, isDate = false) {
    const sets = this.sets.get(key);
    if (!sets) fail(`${error}; there are ${this.words(key.split(":")[0]).join(", ")}`);
    if (typeof sets === "string") fail(sets);
    const decoded = sets.map((set) => this.decode(set));
    const waived = isDate ? [this.all, this.all, this.all, this.all] : decoded.slice(4);
    return { answer: decoded.slice(0, 4), waived: waived.length ? waived : undefined };
  }

  words(field) {
    return [...this.sets.keys()].filter((key) => key.startsWith(`${field}:`)).map((key) => key.slice(field.length + 1));
  }

  /** Refuse a name that is not in the page; the store may have it if the page is a part of it. */
  unknown(kind, name) {
    fail(`no ${kind} "${name}" in this page`, this.isPart);
  }

  entity(kind, name) {
    const entities = this.data[`${kind}s`];
    if (Object.hasOwn(entities, name.toLowerCase())) return name.toLowerCase();
    const folded = this.fold(name);
    const names = (id, [title, names]) => (kind === "actor" ? names.map(([one]) => one) : [this.fold(title ?? id)]);
    const ids = Object.entries(entities).filter(([id, entity]) => names(id, entity).includes(folded)).map(([id]) => id);
    if (ids.length > 1) fail(`"${name}" names several ${kind}s: ${ids.join(", ")}; write the id of one`);
    if (!ids.length) this.unknown(kind, name);
    return ids[0];
  }

  event(id) {
    return this.byId.get(id.toLowerCase()) ?? this.unknown("event", id);
  }

  search(value, everywhere) {
    const phrase = ` ${this.searchWords(value)}`;
    if (phrase === " ") fail(`nothing to search for in "${value}"; write a word`);
    const named = this.actorIds.map((id) => this.data.actors[id][1].some(([, words]) => words.includes(phrase)));
    return this.select(({ titleWords, restWords, actors }) =>
      ` ${titleWords}`.includes(phrase) ||
      (everywhere && (` ${restWords}`.includes(phrase) || actors.some((number) => named[number]))));
  }

  /** The numbers of the spellings of a word; 0 or more. */
  spellings(field, value) {
    const folded = this.fold(value), numbers = new Set();
    this.data[`${field}s`].forEach(([, ...words], number) => words.includes(folded) && numbers.add(number));
    if (!numbers.size && field === "metric") this.unknown("metric", value);
    if (!numbers.size) this.notes.push(`no event has the ${field} "${value}"`);
    return numbers;
  }

  word(field, value, numbersOf) {
    const numbers = this.spellings(field, value);
    return this.select((event) => numbersOf(event).some((one) => numbers.has(one)));
  }

  participant(value, members) {
    const at = value.indexOf("@");
    const ids = members(this.entity("actor", at < 0 ? value : value.slice(0, at)));
    const named = at < 0 ? null : this.spellings("role", value.slice(at + 1));
    const numbers = new Set(this.actorIds.flatMap((id, number) => (ids.has(id) ? [number] : [])));
    return this.select(({ actors, roles }) => actors.some((one, i) => numbers.has(one) && (!named || named.has(roles[i]))));
  }

  source(value) {
    const cited = this.sourceIds.indexOf(this.entity("source", value));
    return this.select((event) => event.sources.some(([source]) => source === cited));
  }

  link(value) {
    const at = value.indexOf("@"), type = at < 0 ? value : value.slice(0, at), id = value.slice(at + 1);
    const { links: types } = this.data.language;
    if (type && !types.includes(type)) fail(`no link type "${type}"; there are ${types.join(", ")}`);
    if (at >= 0 && !Object.hasOwn(this.data.outside, id)) this.event(id);
    return this.select(({ links }) => links.some((link) => (!type || link[0] === type) && (at < 0 || link[1] === id)));
  }

  // --- dates

  /** The window [outer first, outer last, inner first, inner last] of a period that a page reads; else null. */
  simpleWindow(value, withEras) {
    const text = strip(value).toLowerCase();
    const point = (one) => {
      const days = pointDays(one);
      return days ? [...days, ...days] : withEras && Object.hasOwn(this.data.windows, one) ? this.data.windows[one] : null;
    };
    if (text.startsWith("[") || text.includes("/")) return null;
    const dots = text.indexOf("..");
    if (dots >= 0) {
      const [left, right] = [strip(text.slice(0, dots)), strip(text.slice(dots + 2))];
      const [from, to] = [left ? point(left) : [BEGIN, END, BEGIN, END], right ? point(right) : [BEGIN, END, BEGIN, END]];
      if (!from || !to || !(left || right) || to[1] < from[0]) return null;
      return [from[0], to[1], from[2], to[3]];
    }
    const [, prefix, rest] = text.match(/^(since|from|until|by|before|after|in)[ -](.+)$/) ?? [];
    const window = prefix && !point(text) && point(rest);
    if (!window) return point(text);
    const [first, last, innerFirst, innerLast] = window;
    if (prefix === "since" || prefix === "from") return [first, END, innerFirst, END];
    if (prefix === "until" || prefix === "by") return [BEGIN, last, BEGIN, innerLast];
    if (prefix === "after") return innerLast >= END ? null : [innerLast + 1, END, last + 1, END];
    if (prefix === "before") return innerFirst <= BEGIN ? null : [BEGIN, innerFirst - 1, BEGIN, first - 1];
    return window;
  }

  dateTerm(field, value) {
    const window = this.simpleWindow(value, true);
    if (!window) refuse(`"${field}:${value}": ${OUTSIDE}, or write ${DATE_FORMS}`);
    const [first, last, innerFirst, innerLast] = window;
    if (field === "known") return { answer: this.compare("known", this.data.known, window) };
    const days = { date: window, since: [first, END, innerFirst, END], until: [BEGIN, last, BEGIN, innerLast] }[field];
    return { answer: this.compare("date", this.data.dates, days), waived: [this.all, this.all, this.all, this.all] };
  }

  /** Compare the days of each event, in the rows of a table, with a window. */
  compare(key, table, [outerFirst, outerLast, innerFirst, innerLast]) {
    const states = table.map(([, first, last, insideFirst, insideLast, qualified, , , , , claims = []]) => {
      const isClaimed = !claims.length || claims.some((day, at) => at % 2 === 0 && day <= outerLast && claims[at + 1] >= outerFirst);
      const overlaps = first <= outerLast && last >= outerFirst && isClaimed;
      const inside = insideFirst <= innerLast && insideLast >= innerFirst;
      return [overlaps, inside && !qualified, !inside || qualified, !overlaps && !qualified];
    });
    return [0, 1, 2, 3].map((variant) => this.select((event) => states[event[key]]?.[variant]));
  }
}

const DATE_FORMS = "2025, 2025Q4, 2025H1, 2025-10, 2025-10-31, 2023..2025, or an era";
const OUTSIDE = "not evaluated in a page; save the query as an alias before you export";
