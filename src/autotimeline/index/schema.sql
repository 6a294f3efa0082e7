-- The index: derived from the store, thrown away at will. Days are proleptic Gregorian ordinals,
-- 0 and 3652060 where unbounded. A file is counted by its place among the store's.

CREATE TABLE file (
  n INTEGER PRIMARY KEY, stamp TEXT NOT NULL, digest BLOB NOT NULL
);
-- A piece of a file of about 64 KiB, the line (from 1) on which it begins, and how many it has.
CREATE TABLE segment (
  n INTEGER PRIMARY KEY, file INTEGER NOT NULL, line INTEGER NOT NULL, lines INTEGER NOT NULL, digest BLOB NOT NULL
);
CREATE INDEX segment_file ON segment (file);
-- Its line is counted from 0 within the segment, that of what it holds from 0 within the block.
CREATE TABLE block (
  n INTEGER PRIMARY KEY, segment INTEGER NOT NULL, line INTEGER NOT NULL, header TEXT NOT NULL, digest BLOB NOT NULL
);
CREATE INDEX block_segment ON block (segment);
CREATE INDEX block_alone ON block (header) WHERE header IN ('alias', 'snapshot', 'store');

-- `kind` and `id` are what a problem between blocks is about. Where the text says {first}, something stands a first
-- time on a line of that block.
CREATE TABLE problem (
  block INTEGER NOT NULL, line INTEGER NOT NULL, rule TEXT NOT NULL, event TEXT, text TEXT NOT NULL,
  kind TEXT, id TEXT, first_block INTEGER, first_line INTEGER
);
CREATE INDEX problem_block ON problem (block);

-- What is defined with problems: to name it is no problem more.
CREATE TABLE broken (block INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL);
CREATE INDEX broken_block ON broken (block);

-- Sources, actors, eras, aliases and the head of the store. `date` is when a source appeared, what an era spans.
CREATE TABLE entity (
  kind TEXT NOT NULL, id TEXT NOT NULL, block INTEGER NOT NULL, line INTEGER NOT NULL,
  name TEXT, date TEXT, origin TEXT, body TEXT NOT NULL
);
CREATE INDEX entity_id ON entity (kind, id);
CREATE INDEX entity_block ON entity (block);
CREATE TABLE name (block INTEGER NOT NULL, actor TEXT NOT NULL, folded TEXT NOT NULL, words TEXT NOT NULL);
CREATE TABLE part (block INTEGER NOT NULL, actor TEXT NOT NULL, whole TEXT NOT NULL);
CREATE INDEX part_block ON part (block);
CREATE INDEX part_actor ON part (actor);
CREATE INDEX part_whole ON part (whole);
CREATE INDEX name_block ON name (block);
CREATE INDEX name_actor ON name (actor);
CREATE INDEX name_folded ON name (folded);

-- o1, o2 order the rows; w_lo, w_hi, i_lo, i_hi are the reach of the date: it overlaps a window [a,b]
-- where w_lo <= b and w_hi >= a, and is inside where i_lo <= b and i_hi >= a. Null where undated.
-- It surely lasts from core_lo to core_hi, null where nobody can tell; b_lo, b_hi are the first and the last day that
-- bound it, however loosely.
-- m_lo, m_hi, mi_lo, mi_hi are the same reach in months, to be counted by (see spans.py): null where the date is disputed
-- too, -1 within where nothing is certain.
-- `first`, `last` are `earliest`, `latest` as ISO 8601. All that conditions and groups read is here, and no more: what
-- is counted is read whole, row by row.
CREATE TABLE event (
  n INTEGER PRIMARY KEY, block INTEGER NOT NULL, line INTEGER NOT NULL,
  id TEXT NOT NULL, title TEXT NOT NULL, kind TEXT, kind_folded TEXT,
  status TEXT NOT NULL, reported INTEGER NOT NULL,
  date TEXT, edtf TEXT, extent TEXT, earliest INTEGER, latest INTEGER, first TEXT, last TEXT,
  qualified INTEGER NOT NULL, start_qualified INTEGER NOT NULL, uncertain INTEGER NOT NULL,
  o1 INTEGER NOT NULL, o2 INTEGER NOT NULL,
  w_lo INTEGER, w_hi INTEGER, i_lo INTEGER, i_hi INTEGER, start_hi INTEGER,
  core_lo INTEGER, core_hi INTEGER, b_lo INTEGER, b_hi INTEGER,
  m_lo INTEGER, m_hi INTEGER, mi_lo INTEGER, mi_hi INTEGER,
  known TEXT, known_lo INTEGER, known_hi INTEGER, known_qualified INTEGER, known_day INTEGER,
  disputed_date INTEGER NOT NULL, disputed_status INTEGER NOT NULL,
  disputed TEXT, disputed_text TEXT, quoted INTEGER NOT NULL, approximate INTEGER NOT NULL
);
CREATE INDEX event_id ON event (id);
CREATE INDEX event_block ON event (block);
CREATE INDEX event_order ON event (o1, o2, id);
CREATE INDEX event_latest ON event ((date IS NULL), o1 DESC, o2 DESC, id DESC);
-- The few dates that reach over more than a month; all others begin near a window that they meet.
CREATE INDEX event_long ON event (w_lo, w_hi) WHERE w_hi - w_lo > 31;
-- What kinds are counted and drawn from, in the order of the kinds: so nothing has to be put in order first.
CREATE INDEX event_kind ON event (
  kind, kind_folded, w_lo, w_hi, core_lo, core_hi, b_lo, b_hi, o1, start_hi, status, reported, disputed, id
);
-- The texts and lists of an event: `…_text` are lists as CSV has them, written without decoding.
-- `body` are its keys as they are meant; `written` as they stand in the store, where that differs: figures repeated.
CREATE TABLE detail (
  event INTEGER PRIMARY KEY, note TEXT, printed TEXT,
  actors TEXT, places TEXT, tags TEXT, figures TEXT, sources TEXT, links TEXT, accept TEXT,
  actors_text TEXT, places_text TEXT, tags_text TEXT, figures_text TEXT, sources_text TEXT, links_text TEXT,
  body TEXT NOT NULL, written TEXT
);
-- How many events of each kind there are by the cells of time that they reach, of 1, 3 and 12 months (counted from
-- January of the year 0; see spans.py). Kept with each event, so that to count by time reads no events.
CREATE TABLE span (
  size INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, inner_low INTEGER NOT NULL,
  inner_high INTEGER NOT NULL, kind TEXT NOT NULL, kind_folded TEXT, events INTEGER NOT NULL,
  PRIMARY KEY (size, low, high, inner_low, inner_high, kind)
) WITHOUT ROWID;

-- What an event says, a row for each value, for the questions that ask by it.
CREATE TABLE party (event INTEGER NOT NULL, actor TEXT NOT NULL, role TEXT);
CREATE TABLE place (event INTEGER NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL);
CREATE TABLE tag (event INTEGER NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL);
CREATE TABLE citation (event INTEGER NOT NULL, source TEXT NOT NULL);
CREATE TABLE link (event INTEGER NOT NULL, type TEXT NOT NULL, target TEXT NOT NULL);
-- The dates and states that a source claims against the event.
CREATE TABLE claim (
  event INTEGER NOT NULL, status TEXT, w_lo INTEGER, w_hi INTEGER, start_hi INTEGER, m_lo INTEGER, m_hi INTEGER
);
-- Bounds as numbers that keep the order of decimals of 15 digits; null where unbounded.
CREATE TABLE figure (
  event INTEGER NOT NULL, metric TEXT NOT NULL, low REAL, high REAL, low_open INTEGER, high_open INTEGER,
  unit TEXT, per TEXT, qualified INTEGER NOT NULL
);
-- Which ids an event or an entity names, under which key: what has to exist, and what to derive again.
CREATE TABLE refers (
  block INTEGER NOT NULL, event INTEGER, line INTEGER NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL
);
CREATE INDEX party_event ON party (event);
CREATE INDEX party_actor ON party (actor, event);
CREATE INDEX place_event ON place (event);
CREATE INDEX place_folded ON place (folded);
CREATE INDEX tag_event ON tag (event);
CREATE INDEX tag_folded ON tag (folded);
CREATE INDEX citation_event ON citation (event);
CREATE INDEX citation_source ON citation (source);
CREATE INDEX link_event ON link (event);
CREATE INDEX link_target ON link (target);
CREATE INDEX claim_event ON claim (event);
CREATE INDEX figure_event ON figure (event);
CREATE INDEX figure_metric ON figure (metric);
CREATE INDEX refers_event ON refers (event);
CREATE INDEX refers_block ON refers (block);
CREATE INDEX refers_id ON refers (kind, id);

-- Folded words, one space between them; its rowid is the event's n.
CREATE VIRTUAL TABLE search USING fts5 (title, rest, tokenize = "unicode61 remove_diacritics 0");
