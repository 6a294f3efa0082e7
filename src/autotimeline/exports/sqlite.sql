-- A snapshot as a database. Days are ISO 8601 texts, null where unbounded; `position` counts from 0, as the store has them.

CREATE TABLE snapshot (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE queries (name TEXT PRIMARY KEY, query TEXT NOT NULL);
CREATE TABLE actors (id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT, note TEXT);
CREATE TABLE actor_aliases (
  actor TEXT NOT NULL REFERENCES actors (id), position INTEGER NOT NULL, alias TEXT NOT NULL,
  PRIMARY KEY (actor, position)
);
CREATE TABLE actor_parts (
  actor TEXT NOT NULL REFERENCES actors (id), position INTEGER NOT NULL, whole TEXT NOT NULL REFERENCES actors (id),
  PRIMARY KEY (actor, position)
);
CREATE TABLE sources (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, published TEXT, earliest TEXT, latest TEXT,
  url TEXT, file TEXT, origin TEXT, status TEXT, note TEXT
);
CREATE TABLE eras (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, period TEXT NOT NULL, earliest TEXT, latest TEXT, note TEXT
);
CREATE TABLE metrics (id TEXT PRIMARY KEY, measures TEXT NOT NULL, note TEXT);
-- One unit of the currency `of` is `value` units of `into_currency`, with the bounds `low` and `high`.
CREATE TABLE rates (
  id TEXT PRIMARY KEY, of TEXT NOT NULL, into_currency TEXT NOT NULL, value TEXT NOT NULL, low NUMERIC, high NUMERIC,
  date TEXT, date_earliest TEXT, date_latest TEXT, period TEXT, period_earliest TEXT, period_latest TEXT,
  source TEXT REFERENCES sources (id), note TEXT
);
CREATE TABLE events (
  id TEXT PRIMARY KEY, position INTEGER NOT NULL UNIQUE,
  title TEXT NOT NULL, date TEXT, edtf TEXT, extent TEXT, earliest TEXT, latest TEXT,
  match TEXT NOT NULL, status TEXT NOT NULL, kind TEXT, known TEXT, known_stated INTEGER NOT NULL, printed TEXT,
  reported INTEGER NOT NULL, note TEXT{texts}
);
CREATE TABLE participants (
  event TEXT NOT NULL REFERENCES events (id), position INTEGER NOT NULL,
  actor TEXT NOT NULL REFERENCES actors (id), role TEXT,
  PRIMARY KEY (event, position)
);
CREATE TABLE places (
  event TEXT NOT NULL REFERENCES events (id), position INTEGER NOT NULL, place TEXT NOT NULL,
  PRIMARY KEY (event, position)
);
CREATE TABLE tags (
  event TEXT NOT NULL REFERENCES events (id), position INTEGER NOT NULL, tag TEXT NOT NULL,
  PRIMARY KEY (event, position)
);
CREATE TABLE citations (
  event TEXT NOT NULL REFERENCES events (id), position INTEGER NOT NULL,
  source TEXT NOT NULL REFERENCES sources (id), quote TEXT, by TEXT, by_actor TEXT REFERENCES actors (id),
  date TEXT, earliest TEXT, latest TEXT, status TEXT, note TEXT,
  PRIMARY KEY (event, position)
);
-- Those of the event, then those that its citations state: `citation` is the position of that.
CREATE TABLE figures (
  event TEXT NOT NULL REFERENCES events (id), position INTEGER NOT NULL, citation INTEGER,
  metric TEXT NOT NULL, text TEXT NOT NULL, low NUMERIC, high NUMERIC, unit TEXT, about INTEGER,
  of TEXT REFERENCES actors (id), period TEXT, basis TEXT NOT NULL, source TEXT REFERENCES sources (id),
  printed TEXT, repeats TEXT, note TEXT, holder TEXT REFERENCES actors (id),
  PRIMARY KEY (event, position),
  FOREIGN KEY (event, citation) REFERENCES citations (event, position)
);
-- `target` is the other event's id, `target_event` the same where it is in the snapshot.
CREATE TABLE links (
  event TEXT NOT NULL REFERENCES events (id), position INTEGER NOT NULL,
  type TEXT NOT NULL, target TEXT NOT NULL, target_event TEXT REFERENCES events (id),
  PRIMARY KEY (event, position)
);
CREATE TABLE disputes (
  event TEXT NOT NULL REFERENCES events (id), position INTEGER NOT NULL, field TEXT NOT NULL,
  PRIMARY KEY (event, position)
);
CREATE TABLE accepted (
  event TEXT NOT NULL REFERENCES events (id), rule TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (event, rule)
);
--
CREATE INDEX events_earliest ON events (earliest);
CREATE INDEX events_latest ON events (latest);
CREATE INDEX events_kind ON events (kind);
CREATE INDEX events_status ON events (status);
CREATE INDEX actor_parts_whole ON actor_parts (whole);
CREATE INDEX participants_actor ON participants (actor);
CREATE INDEX places_place ON places (place);
CREATE INDEX tags_tag ON tags (tag);
CREATE INDEX citations_source ON citations (source);
CREATE INDEX citations_by_actor ON citations (by_actor);
CREATE INDEX figures_metric ON figures (metric, low);
CREATE INDEX figures_of ON figures (of);
CREATE INDEX figures_holder ON figures (holder);
CREATE INDEX figures_source ON figures (source);
CREATE INDEX links_target ON links (target);
CREATE INDEX links_target_event ON links (target_event);
-- The story from top to bottom, an event a row; several values of one event are parted by semicolons.
CREATE VIEW timeline AS
SELECT
  e.date, e.title, e.status, e.kind,
  (SELECT group_concat(name, '; ') FROM (
    SELECT a.name FROM participants p JOIN actors a ON a.id = p.actor WHERE p.event = e.id ORDER BY p.position
  )) AS actors,
  (SELECT group_concat(figure, '; ') FROM (
    SELECT f.metric || ' ' || f.text AS figure FROM figures f
    WHERE f.event = e.id AND f.citation IS NULL ORDER BY f.position
  )) AS figures,
  (SELECT group_concat(title, '; ') FROM (
    SELECT s.title FROM citations c JOIN sources s ON s.id = c.source WHERE c.event = e.id ORDER BY c.position
  )) AS sources,
  e.earliest, e.latest, e.match, e.id
FROM events e
ORDER BY e.position;
-- Every number with its event and the names of its actors; `claimed` where only a source states it.
CREATE VIEW numbers AS
SELECT
  f.metric, f.text, f.low, f.high, f.unit, a.name AS of, f.period, f.basis, f.citation IS NOT NULL AS claimed,
  e.date, e.title, e.earliest, e.latest, f.event, h.name AS holder
FROM figures f JOIN events e ON e.id = f.event LEFT JOIN actors a ON a.id = f.of LEFT JOIN actors h ON h.id = f.holder
ORDER BY e.position, f.position;
