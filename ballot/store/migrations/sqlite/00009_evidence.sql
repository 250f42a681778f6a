-- +goose Up

-- Each act is a leaf of a Merkle log (ballot/evidence); facts are salted digests of rows, and counts, as JSON.
ALTER TABLE acts ADD COLUMN role TEXT NOT NULL DEFAULT '';
ALTER TABLE acts ADD COLUMN facts TEXT NOT NULL DEFAULT '';

-- The hashes of the log, by tlog.StoredHashIndex.
CREATE TABLE log_hashes (
  id   INTEGER PRIMARY KEY,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
);

-- The log as it is, signed anew with every act and decision. It is shown to nobody: it changes with decisions, and
-- when people decided would tell of their batches.
CREATE TABLE log_head (
  id   INTEGER PRIMARY KEY CHECK (id = 1),
  note TEXT NOT NULL
);

-- Checkpoints, made and kept whenever a meeting changes its state.
CREATE TABLE checkpoints (
  size    INTEGER PRIMARY KEY, -- entries of the log
  meeting TEXT NOT NULL,
  note    TEXT NOT NULL
) WITHOUT ROWID;

-- The salt of the last digest of each kind that the log has of a meeting. Earlier ones are overwritten: a digest of
-- the rows of one moment would tell, by trying, which of today's rows were there then.
CREATE TABLE commitments (
  meeting TEXT NOT NULL, -- '' for accounts
  kind    TEXT NOT NULL,
  act     INTEGER NOT NULL REFERENCES acts (id),
  salt    BLOB NOT NULL,
  mark    TEXT NOT NULL, -- counts, by which a change is noticed without reading all rows
  PRIMARY KEY (meeting, kind)
) WITHOUT ROWID;

-- The digest of a meeting's decisions as they are; the log's head is signed over all of them.
CREATE TABLE sealed_decisions (
  meeting TEXT PRIMARY KEY REFERENCES meetings (id),
  digest  BLOB NOT NULL
) WITHOUT ROWID;

ALTER TABLE pages ADD COLUMN image TEXT NOT NULL DEFAULT ''; -- SHA-256 of its picture; '' of pages from before this

-- +goose StatementBegin
CREATE TRIGGER log_hashes_are_final BEFORE UPDATE ON log_hashes BEGIN SELECT RAISE(ABORT, 'the log never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER log_hashes_stay BEFORE DELETE ON log_hashes BEGIN SELECT RAISE(ABORT, 'the log is never cut'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER checkpoints_are_final BEFORE UPDATE ON checkpoints BEGIN SELECT RAISE(ABORT, 'a checkpoint never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER checkpoints_stay BEFORE DELETE ON checkpoints BEGIN SELECT RAISE(ABORT, 'a checkpoint is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER log_head_stays BEFORE DELETE ON log_head BEGIN SELECT RAISE(ABORT, 'the log has one head'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE sealed_decisions; DROP TABLE commitments; DROP TABLE checkpoints; DROP TABLE log_head; DROP TABLE log_hashes;
ALTER TABLE pages DROP COLUMN image;
ALTER TABLE acts DROP COLUMN facts;
ALTER TABLE acts DROP COLUMN role;
