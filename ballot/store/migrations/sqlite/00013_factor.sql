-- +goose Up
ALTER TABLE users ADD COLUMN factor TEXT NOT NULL DEFAULT '';         -- the second factor's secret is made of this and of a key outside the database
ALTER TABLE users ADD COLUMN factor_step INTEGER NOT NULL DEFAULT 0;  -- 30 seconds since 1970 of the last code that was taken: none is taken twice
ALTER TABLE users ADD COLUMN recovery TEXT NOT NULL DEFAULT '';       -- digests of the recovery codes that are left

-- +goose Down
ALTER TABLE users DROP COLUMN recovery; ALTER TABLE users DROP COLUMN factor_step; ALTER TABLE users DROP COLUMN factor;
