-- +goose Up

-- Leaves that count as invalid. Append only; seq counts one person's words on one leaf, the last one
-- is that person's.
CREATE TABLE set_asides (
  leaf   TEXT NOT NULL REFERENCES leaves (id),
  person TEXT NOT NULL,
  seq    INTEGER NOT NULL,
  aside  INTEGER NOT NULL, -- 0 takes it back
  reason TEXT NOT NULL,
  PRIMARY KEY (leaf, person, seq)
) WITHOUT ROWID;

-- A page's reading, most of its bytes, moves to the end of the row, so that lists of pages need not read
-- it; the flags are written apart for them. How a sheet lay in the scanner is dropped from it: that may
-- tell one stack from another.
DROP TRIGGER readings_are_final;
ALTER TABLE pages ADD COLUMN flags TEXT NOT NULL DEFAULT 'null'; -- []string as JSON
ALTER TABLE pages ADD COLUMN moved TEXT NOT NULL DEFAULT '';
UPDATE pages SET flags = coalesce(json_extract(reading, '$.flags'), 'null'), moved = json_set(reading, '$.rotation', 0, '$.residual', 0);
ALTER TABLE pages DROP COLUMN reading;
ALTER TABLE pages RENAME COLUMN moved TO reading;
CREATE INDEX pages_unclear ON pages (meeting) WHERE unclear > 0;

-- The time of a decision told from which of the batches closed by then its page came.
DELETE FROM acts WHERE act = 'decide';

-- +goose StatementBegin
CREATE TRIGGER set_asides_are_final BEFORE UPDATE ON set_asides BEGIN SELECT RAISE(ABORT, 'setting aside is taken back by another row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER set_asides_stay BEFORE DELETE ON set_asides BEGIN SELECT RAISE(ABORT, 'setting aside is taken back by another row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER results_stay BEFORE DELETE ON results BEGIN SELECT RAISE(ABORT, 'a certified result is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER leaves_are_final BEFORE UPDATE ON leaves BEGIN SELECT RAISE(ABORT, 'a leaf never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER leaves_stay BEFORE DELETE ON leaves BEGIN SELECT RAISE(ABORT, 'a leaf is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER pages_are_final BEFORE UPDATE ON pages BEGIN SELECT RAISE(ABORT, 'a reading never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER pages_stay BEFORE DELETE ON pages BEGIN SELECT RAISE(ABORT, 'a page is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER decisions_stay BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'a decision is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER acts_stay BEFORE DELETE ON acts BEGIN SELECT RAISE(ABORT, 'the log is never cut'); END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER acts_stay; DROP TRIGGER decisions_stay; DROP TRIGGER pages_stay; DROP TRIGGER pages_are_final;
DROP TRIGGER leaves_stay; DROP TRIGGER leaves_are_final; DROP TRIGGER results_stay;
DROP TABLE set_asides;
DROP INDEX pages_unclear;
ALTER TABLE pages DROP COLUMN flags;
-- +goose StatementBegin
CREATE TRIGGER readings_are_final BEFORE UPDATE OF reading, verdicts ON pages BEGIN SELECT RAISE(ABORT, 'a reading never changes'); END;
-- +goose StatementEnd
