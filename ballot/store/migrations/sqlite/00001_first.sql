-- +goose Up
CREATE TABLE users (
  name     TEXT PRIMARY KEY,
  role     TEXT NOT NULL,
  hash     TEXT NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE sessions (
  token  TEXT PRIMARY KEY,
  data   BLOB NOT NULL,
  expiry INTEGER NOT NULL -- seconds since 1970
) WITHOUT ROWID;

CREATE TABLE meetings (
  id       TEXT PRIMARY KEY,
  revision INTEGER NOT NULL, -- counts writes: a write from an older reading is refused
  state    TEXT NOT NULL,
  body     TEXT NOT NULL     -- ballot.Meeting as JSON
) WITHOUT ROWID;

CREATE TABLE forms (
  id        TEXT PRIMARY KEY,
  meeting   TEXT NOT NULL REFERENCES meetings (id),
  grp       TEXT NOT NULL,
  withdrawn INTEGER NOT NULL DEFAULT 0,
  body      TEXT NOT NULL -- ballot.Form as JSON
) WITHOUT ROWID;
CREATE INDEX forms_of_meeting ON forms (meeting);

CREATE TABLE prints (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  grp     TEXT NOT NULL,
  copies  INTEGER NOT NULL,
  PRIMARY KEY (meeting, grp)
) WITHOUT ROWID;

CREATE TABLE ledger_entries (
  meeting      TEXT NOT NULL REFERENCES meetings (id),
  venue        TEXT NOT NULL,
  grp          TEXT NOT NULL,
  subject      INTEGER NOT NULL,
  field        TEXT NOT NULL,
  value        INTEGER NOT NULL CHECK (value >= 0),
  entered_by   TEXT NOT NULL,
  confirmed_by TEXT NOT NULL DEFAULT '' CHECK (confirmed_by <> entered_by),
  PRIMARY KEY (meeting, venue, grp, subject, field)
) WITHOUT ROWID;

CREATE TABLE scanned (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  venues  TEXT NOT NULL,
  grp     TEXT NOT NULL,
  subject INTEGER NOT NULL,
  leaves  INTEGER NOT NULL CHECK (leaves >= 0),
  PRIMARY KEY (meeting, venues, grp, subject)
) WITHOUT ROWID;

CREATE TABLE voids (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  grp     TEXT NOT NULL,
  subject INTEGER NOT NULL,
  leaves  INTEGER NOT NULL CHECK (leaves >= 0),
  PRIMARY KEY (meeting, grp, subject)
) WITHOUT ROWID;

CREATE TABLE rejections (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  reason  TEXT NOT NULL,
  pages   INTEGER NOT NULL,
  PRIMARY KEY (meeting, reason)
) WITHOUT ROWID;

-- Digests of uploads that were read: kept without order, name or time, so that the same file is refused.
CREATE TABLE digests (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  digest  TEXT NOT NULL,
  PRIMARY KEY (meeting, digest)
) WITHOUT ROWID;

CREATE TABLE batches (
  id      TEXT PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES meetings (id),
  grp     TEXT NOT NULL,
  venues  TEXT NOT NULL,
  state   TEXT NOT NULL CHECK (state IN ('open', 'closing', 'closed')),
  leaves  INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX batches_of_meeting ON batches (meeting);

-- Uploads and spool pages live only while their batch is open.
CREATE TABLE uploads (
  id     TEXT PRIMARY KEY,
  batch  TEXT NOT NULL REFERENCES batches (id),
  seq    INTEGER NOT NULL,
  name   TEXT NOT NULL,
  digest TEXT NOT NULL,
  bytes  INTEGER NOT NULL,
  pages  INTEGER NOT NULL DEFAULT -1, -- -1 until it was taken apart
  error  TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX uploads_of_batch ON uploads (batch);

CREATE TABLE spool_pages (
  upload   TEXT NOT NULL REFERENCES uploads (id),
  idx      INTEGER NOT NULL,
  batch    TEXT NOT NULL REFERENCES batches (id),
  reading  TEXT NOT NULL, -- ballot.PageReading as JSON
  verdicts TEXT NOT NULL,
  picture  TEXT NOT NULL,
  disposal TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (upload, idx)
) WITHOUT ROWID;
CREATE INDEX spool_of_batch ON spool_pages (batch);

-- What is left of paper once its batch is closed. Keys are random; nothing here tells order, time,
-- venue or batch.
CREATE TABLE leaves (
  id      TEXT PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES meetings (id),
  form    TEXT NOT NULL REFERENCES forms (id),
  grp     TEXT NOT NULL,
  whole   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX leaves_of_meeting ON leaves (meeting, id);

CREATE TABLE pages (
  id        TEXT PRIMARY KEY, -- also the name of its picture
  leaf      TEXT NOT NULL REFERENCES leaves (id),
  meeting   TEXT NOT NULL REFERENCES meetings (id),
  form      TEXT NOT NULL REFERENCES forms (id),
  form_page INTEGER NOT NULL,
  grp       TEXT NOT NULL,
  reading   TEXT NOT NULL,
  verdicts  TEXT NOT NULL,
  unclear   INTEGER NOT NULL -- rows whose machine verdict is unclear
) WITHOUT ROWID;
CREATE INDEX pages_of_meeting ON pages (meeting, id);
CREATE INDEX pages_of_leaf ON pages (leaf);

-- Append only. seq counts one person's decisions on one row; the last one is that person's.
CREATE TABLE decisions (
  page    TEXT NOT NULL REFERENCES pages (id),
  subject INTEGER NOT NULL,
  person  TEXT NOT NULL,
  seq     INTEGER NOT NULL,
  body    TEXT NOT NULL, -- ballot.Decision as JSON
  PRIMARY KEY (page, subject, person, seq)
) WITHOUT ROWID;

CREATE TABLE signatures (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  act     TEXT NOT NULL,
  person  TEXT NOT NULL,
  reason  TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (meeting, act, person)
) WITHOUT ROWID;

-- Certified results: never changed; a correction is a new number.
CREATE TABLE results (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  number  INTEGER NOT NULL,
  body    TEXT NOT NULL, -- tally.Result as JSON
  PRIMARY KEY (meeting, number)
) WITHOUT ROWID;

CREATE TABLE acts (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  time    TEXT NOT NULL,
  actor   TEXT NOT NULL,
  act     TEXT NOT NULL,
  meeting TEXT NOT NULL DEFAULT '',
  detail  TEXT NOT NULL DEFAULT ''
);
CREATE INDEX acts_of_meeting ON acts (meeting, id);

-- +goose StatementBegin
CREATE TRIGGER results_are_final BEFORE UPDATE ON results BEGIN SELECT RAISE(ABORT, 'a certified result never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER readings_are_final BEFORE UPDATE OF reading, verdicts ON pages BEGIN SELECT RAISE(ABORT, 'a reading never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER decisions_are_final BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'a decision never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER acts_are_final BEFORE UPDATE ON acts BEGIN SELECT RAISE(ABORT, 'the log never changes'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE acts; DROP TABLE results; DROP TABLE signatures; DROP TABLE decisions; DROP TABLE pages; DROP TABLE leaves;
DROP TABLE spool_pages; DROP TABLE uploads; DROP TABLE batches; DROP TABLE digests; DROP TABLE rejections; DROP TABLE voids;
DROP TABLE scanned; DROP TABLE ledger_entries; DROP TABLE prints; DROP TABLE forms; DROP TABLE meetings; DROP TABLE sessions; DROP TABLE users;
