-- +goose Up

-- Serial mode: what stands for each id that was printed, by a key that is not in this database. There is no more to a
-- row than whether a closed batch counted it: no group, order, time, page or leaf. Sorted by what is random.
CREATE TABLE serials (
  meeting   TEXT NOT NULL REFERENCES meetings (id),
  pseudonym TEXT NOT NULL, -- 128 bits, hexadecimal
  used      INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1)),
  PRIMARY KEY (meeting, pseudonym)
) WITHOUT ROWID;

-- Which image has which lives only while its batch is open.
ALTER TABLE spool_pages ADD COLUMN serial TEXT NOT NULL DEFAULT '';

-- +goose StatementBegin
CREATE TRIGGER serials_are_used_once BEFORE UPDATE ON serials WHEN OLD.used = 1 OR NEW.pseudonym <> OLD.pseudonym OR NEW.meeting <> OLD.meeting
BEGIN SELECT RAISE(ABORT, 'a serial that was counted stays so'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE serials;
ALTER TABLE spool_pages DROP COLUMN serial;
