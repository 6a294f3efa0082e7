-- The index is derived from the store and can be deleted at any time. Days are proleptic Gregorian ordinals, 0 and
-- 3652060 where unbounded. A file is numbered by its position in the store. Lines count from 0 unless noted.

CREATE TABLE file (
  number INTEGER PRIMARY KEY, stamp TEXT NOT NULL, digest BLOB NOT NULL
);
-- A part of a file of about 64 KiB; `line` (from 1) is its first line, `lines` its number of lines, `length` that of its
-- bytes. `position` has the order of chunks, with room between them.
CREATE TABLE chunk (
  number INTEGER PRIMARY KEY, file INTEGER NOT NULL, line INTEGER NOT NULL, lines INTEGER NOT NULL,
  length INTEGER NOT NULL, digest BLOB NOT NULL, position INTEGER NOT NULL
);
CREATE INDEX chunk_file ON chunk (file);
-- `line` counts within the chunk. The tables below count lines within the block.
CREATE TABLE block (
  number INTEGER PRIMARY KEY, chunk INTEGER NOT NULL, line INTEGER NOT NULL, header TEXT NOT NULL, digest BLOB NOT NULL
);
CREATE INDEX block_chunk ON block (chunk, line);
CREATE INDEX block_unique ON block (header) WHERE header IN ('alias', 'snapshot', 'store');

-- `kind` and `id` are the subject of a problem between blocks. {first} in `text` is replaced by the first position.
CREATE TABLE problem (
  block INTEGER NOT NULL, line INTEGER NOT NULL, rule TEXT NOT NULL, event TEXT, text TEXT NOT NULL,
  kind TEXT, id TEXT, first_block INTEGER, first_line INTEGER
);
CREATE INDEX problem_block ON problem (block);

-- The ids that an invalid block defines: a reference to them is not another problem.
CREATE TABLE unreadable (block INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL);
CREATE INDEX unreadable_block ON unreadable (block);

-- Sources, actors, eras, metrics, rates, aliases, and the head of the store. `date` is a publication date, the period
-- of an era, or the date or period of a rate. `body` are the keys.
CREATE TABLE entity (
  kind TEXT NOT NULL, id TEXT NOT NULL, block INTEGER NOT NULL, line INTEGER NOT NULL,
  name TEXT, date TEXT, origin TEXT, body TEXT NOT NULL
);
CREATE INDEX entity_id ON entity (kind, id);
CREATE INDEX entity_block ON entity (block);
CREATE TABLE actor_name (block INTEGER NOT NULL, actor TEXT NOT NULL, folded TEXT NOT NULL, words TEXT NOT NULL);
CREATE TABLE actor_parent (block INTEGER NOT NULL, actor TEXT NOT NULL, parent TEXT NOT NULL);
-- Each actor with itself and with all that it is part of, directly or not.
CREATE VIEW actor_group AS WITH RECURSIVE member (parent, actor) AS (
  SELECT id, id FROM entity WHERE kind = 'actor'
  UNION SELECT m.parent, p.actor FROM actor_parent p JOIN member m ON p.parent = m.actor
) SELECT parent, actor FROM member;
CREATE INDEX actor_parent_block ON actor_parent (block);
CREATE INDEX actor_parent_actor ON actor_parent (actor);
CREATE INDEX actor_parent_parent ON actor_parent (parent);
CREATE INDEX actor_name_block ON actor_name (block);
CREATE INDEX actor_name_actor ON actor_name (actor);
CREATE INDEX actor_name_folded ON actor_name (folded);

-- sort_day is the first day as written (or the last day if there is no first); sort_tiebreak is smaller for a wider
-- date; position, that of the chunk plus the line in it, has the order of the files. In a plan with only a deadline,
-- earliest is inferred and first is null.
-- A date overlaps the days [a, b] if overlap_first <= b and overlap_last >= a, and is inside them if inside_first <= b
-- and inside_last >= a; null if undated. certain_first to certain_last are the days on which the event certainly is in
-- progress; axis_first and axis_last are the outermost bounded days. month_… is the same range in months, for
-- month_bucket: null if the date is disputed, -1 inside if no month is certain. first and last are earliest and latest
-- as ISO 8601. Conditions and groups read this table, so it has no long texts.
CREATE TABLE event (
  number INTEGER PRIMARY KEY, block INTEGER NOT NULL, line INTEGER NOT NULL,
  id TEXT NOT NULL, title TEXT NOT NULL, kind TEXT, status TEXT NOT NULL, reported BOOLEAN NOT NULL,
  date TEXT, edtf TEXT, extent TEXT, earliest INTEGER, latest INTEGER, first TEXT, last TEXT,
  qualified BOOLEAN NOT NULL, start_qualified BOOLEAN NOT NULL, uncertain BOOLEAN NOT NULL,
  sort_day INTEGER NOT NULL, sort_tiebreak INTEGER NOT NULL, position INTEGER NOT NULL,
  overlap_first INTEGER, overlap_last INTEGER, inside_first INTEGER, inside_last INTEGER, start_last INTEGER,
  certain_first INTEGER, certain_last INTEGER, axis_first INTEGER, axis_last INTEGER,
  month_first INTEGER, month_last INTEGER, month_inside_first INTEGER, month_inside_last INTEGER,
  known TEXT, known_first INTEGER, known_last INTEGER, known_qualified BOOLEAN, known_day INTEGER,
  disputed_date BOOLEAN NOT NULL, disputed_status BOOLEAN NOT NULL,
  disputed TEXT, disputed_text TEXT, quoted BOOLEAN NOT NULL, approximate BOOLEAN NOT NULL
);
CREATE INDEX event_id ON event (id);
CREATE INDEX event_block ON event (block);
CREATE INDEX event_order ON event (sort_day, sort_tiebreak, position, id);
CREATE INDEX event_latest ON event ((date IS NULL), sort_day DESC, sort_tiebreak DESC, position DESC, id DESC);
-- The few dates that are longer than a month; all others begin near a window that they overlap.
CREATE INDEX event_long ON event (overlap_first, overlap_last) WHERE overlap_last - overlap_first > 31;
-- A covering index for counts and charts by kind, which then need no sorting.
CREATE INDEX event_kind ON event (
  kind, overlap_first, overlap_last, certain_first, certain_last, axis_first, axis_last, sort_day,
  sort_tiebreak, start_last, status, reported, disputed, disputed_status, id
);
-- Lists are JSON as in the contract, one item per line; `…_text` are the same as CSV cells.
-- `body` are the keys with repeated figures filled in; `stored_body` are those as stored if they differ.
CREATE TABLE detail (
  event INTEGER PRIMARY KEY, note TEXT, printed TEXT,
  actors TEXT, places TEXT, tags TEXT, figures TEXT, sources TEXT, links TEXT, accept TEXT,
  actors_text TEXT, places_text TEXT, tags_text TEXT, figures_text TEXT, sources_text TEXT, links_text TEXT,
  body TEXT NOT NULL, stored_body TEXT
);
-- The number of events per kind and range of buckets of 1, 3, or 12 months (from January of year 0): a count by time
-- then reads no events. See month_buckets.py.
CREATE TABLE month_bucket (
  size INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, inside_first INTEGER NOT NULL,
  inside_last INTEGER NOT NULL, kind TEXT NOT NULL, events INTEGER NOT NULL,
  PRIMARY KEY (size, first, last, inside_first, inside_last, kind)
) WITHOUT ROWID;

-- The values of an event, one per row, for filters; the indexes by value are covering indexes for counts.
CREATE TABLE participant (event INTEGER NOT NULL, actor TEXT NOT NULL, role TEXT);
CREATE TABLE place (event INTEGER NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL);
CREATE TABLE tag (event INTEGER NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL);
CREATE TABLE citation (event INTEGER NOT NULL, source TEXT NOT NULL);
CREATE TABLE link (event INTEGER NOT NULL, type TEXT NOT NULL, target TEXT NOT NULL);
-- The dates and statuses by which a source contradicts the event.
CREATE TABLE claim (
  event INTEGER NOT NULL, status TEXT, overlap_first INTEGER, overlap_last INTEGER, start_last INTEGER,
  month_first INTEGER, month_last INTEGER
);
-- Bounds are floats, which keep the order of decimals of 15 digits; null if unbounded.
CREATE TABLE figure (
  event INTEGER NOT NULL, metric TEXT NOT NULL, low REAL, high REAL, low_open BOOLEAN, high_open BOOLEAN,
  unit TEXT, per TEXT, qualified BOOLEAN NOT NULL
);
-- The ids that an event or entity names, by key: they must exist, and a change of one updates what names it.
CREATE TABLE reference (
  block INTEGER NOT NULL, event INTEGER, line INTEGER NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL
);
CREATE INDEX participant_event ON participant (event);
CREATE INDEX participant_actor ON participant (actor, event);
CREATE INDEX place_event ON place (event);
CREATE INDEX place_folded ON place (folded, event, name);
CREATE INDEX tag_event ON tag (event);
CREATE INDEX tag_folded ON tag (folded, event, name);
CREATE INDEX citation_event ON citation (event);
CREATE INDEX citation_source ON citation (source, event);
CREATE INDEX link_event ON link (event);
CREATE INDEX link_target ON link (target);
CREATE INDEX claim_event ON claim (event);
CREATE INDEX figure_event ON figure (event);
CREATE INDEX figure_metric ON figure (metric, event);
CREATE INDEX reference_event ON reference (event);
CREATE INDEX reference_block ON reference (block);
CREATE INDEX reference_id ON reference (kind, id);

-- Folded words, separated by one space; rowid is the event's number. This tokenizer splits them at the spaces only: no
-- letter is a separator because SQLite's Unicode is older than Python's.
CREATE VIRTUAL TABLE search USING fts5 (title, rest, tokenize = "ascii");
CREATE VIEW search_text AS SELECT rowid AS event, title, rest FROM search;
