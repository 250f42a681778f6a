-- +goose Up

-- The last export of a meeting's single ballots that two auditors signed.
CREATE TABLE cvr_exports (
  meeting      TEXT PRIMARY KEY REFERENCES meetings (id),
  asked_by     TEXT NOT NULL,
  reason       TEXT NOT NULL,
  confirmed_by TEXT NOT NULL CHECK (confirmed_by <> asked_by),
  confirmed_at TEXT NOT NULL,
  digest       TEXT NOT NULL DEFAULT '', -- SHA-256 of the file that was downloaded last
  bytes        INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- +goose Down
DROP TABLE cvr_exports;
