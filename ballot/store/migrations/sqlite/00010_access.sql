-- +goose Up
ALTER TABLE users ADD COLUMN own INTEGER NOT NULL DEFAULT 0;    -- the password was chosen by the account's owner
ALTER TABLE users ADD COLUMN set_at INTEGER NOT NULL DEFAULT 0; -- when somebody else last made the account or changed it, seconds since 1970

-- +goose Down
ALTER TABLE users DROP COLUMN set_at; ALTER TABLE users DROP COLUMN own;
