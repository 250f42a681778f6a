-- +goose Up
CREATE TABLE tokens (
  digest  TEXT PRIMARY KEY,
  owner   TEXT NOT NULL REFERENCES users (name),
  label   TEXT NOT NULL,
  scopes  TEXT NOT NULL,            -- with spaces between
  stamp   TEXT NOT NULL,            -- of the owner's password and role, which ends with them
  expires INTEGER NOT NULL,         -- seconds since 1970
  used    TEXT NOT NULL DEFAULT ''  -- the day of the last use, no more exactly: uses would tell of batches
) WITHOUT ROWID;

-- +goose Down
DROP TABLE tokens;
