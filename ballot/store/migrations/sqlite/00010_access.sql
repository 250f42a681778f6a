-- +goose Up
ALTER TABLE users ADD COLUMN own INTEGER NOT NULL DEFAULT 0;       -- the password was chosen by the account's owner
ALTER TABLE users ADD COLUMN set_at INTEGER NOT NULL DEFAULT 0;    -- when somebody else last made the account or changed it, seconds since 1970
ALTER TABLE users ADD COLUMN totp TEXT NOT NULL DEFAULT '';        -- secret of the second factor, base32; '' = none
ALTER TABLE users ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0; -- the last time step of which a code was used: no code opens twice

CREATE TABLE recovery_codes (
  user   TEXT NOT NULL REFERENCES users (name),
  digest TEXT NOT NULL, -- SHA-256; deleted when it is used
  PRIMARY KEY (user, digest)
) WITHOUT ROWID;

CREATE TABLE tokens (
  id      TEXT PRIMARY KEY,
  user    TEXT NOT NULL REFERENCES users (name),
  name    TEXT NOT NULL,
  digest  TEXT NOT NULL UNIQUE, -- SHA-256 of the token, which is shown once
  scopes  TEXT NOT NULL,        -- separated by spaces
  stamp   TEXT NOT NULL,        -- of the account when the token was made: it ends with the password and the role
  made    TEXT NOT NULL,        -- days, as 2026-11-27
  used    TEXT NOT NULL DEFAULT '',
  expires TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX tokens_of_user ON tokens (user);

-- What the service draws for itself: the key of its cookies for known browsers, the digest of the link for the first start.
CREATE TABLE secrets (
  name    TEXT PRIMARY KEY,
  value   TEXT NOT NULL,
  expires INTEGER NOT NULL DEFAULT 0 -- seconds since 1970; 0 = never
) WITHOUT ROWID;

-- +goose Down
DROP TABLE secrets; DROP TABLE tokens; DROP TABLE recovery_codes;
ALTER TABLE users DROP COLUMN totp_step; ALTER TABLE users DROP COLUMN totp; ALTER TABLE users DROP COLUMN set_at; ALTER TABLE users DROP COLUMN own;
