-- +goose Up

-- The last export of a meeting's records that two persons of the committee signed.
CREATE TABLE exports (
  meeting      TEXT PRIMARY KEY REFERENCES meetings (id),
  asked_by     TEXT NOT NULL,
  reason       TEXT NOT NULL,
  confirmed_by TEXT NOT NULL CHECK (confirmed_by <> asked_by),
  confirmed_at TEXT NOT NULL,
  last_act     INTEGER NOT NULL,           -- of the record that goes with it
  digest       TEXT NOT NULL DEFAULT '',   -- SHA-256 of the file, once somebody downloaded it
  bytes        INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- What becomes of an archived meeting's ballots. Counts are of what there was when destroying began.
CREATE TABLE archives (
  meeting      TEXT PRIMARY KEY REFERENCES meetings (id),
  destroy_on   TEXT NOT NULL, -- YYYY-MM-DD
  keeping      TEXT NOT NULL DEFAULT 'kept' CHECK (keeping IN ('kept', 'destroying', 'destroyed')),
  destroyed_by TEXT NOT NULL DEFAULT '',
  destroyed_at TEXT NOT NULL DEFAULT '',
  leaves       INTEGER NOT NULL DEFAULT 0,
  pages        INTEGER NOT NULL DEFAULT 0,
  pictures     INTEGER NOT NULL DEFAULT 0,
  bytes        INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER destruction_is_not_brought_forward BEFORE UPDATE OF destroy_on ON archives WHEN NEW.destroy_on < OLD.destroy_on OR OLD.keeping <> 'kept'
BEGIN SELECT RAISE(ABORT, 'the date of destruction may only be postponed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER destruction_is_not_undone BEFORE UPDATE OF keeping ON archives WHEN NOT (OLD.keeping = 'kept' AND NEW.keeping = 'destroying' OR OLD.keeping = 'destroying' AND NEW.keeping = 'destroyed')
BEGIN SELECT RAISE(ABORT, 'ballots are kept, then being destroyed, then destroyed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER archives_stay BEFORE DELETE ON archives BEGIN SELECT RAISE(ABORT, 'what became of ballots is never forgotten'); END;
-- +goose StatementEnd

-- What is never deleted is deleted in one case: while the ballots of its archived meeting are being destroyed.
DROP TRIGGER set_asides_stay; DROP TRIGGER leaves_stay; DROP TRIGGER pages_stay; DROP TRIGGER decisions_stay;
DROP TRIGGER judgements_stay; DROP TRIGGER judged_pages_stay; DROP TRIGGER results_stay;
-- +goose StatementBegin
CREATE TRIGGER set_asides_stay BEFORE DELETE ON set_asides WHEN NOT EXISTS (SELECT 1 FROM archives JOIN leaves ON leaves.meeting = archives.meeting WHERE leaves.id = OLD.leaf AND keeping = 'destroying')
BEGIN SELECT RAISE(ABORT, 'setting aside is taken back by another row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER leaves_stay BEFORE DELETE ON leaves WHEN NOT EXISTS (SELECT 1 FROM archives WHERE meeting = OLD.meeting AND keeping = 'destroying')
BEGIN SELECT RAISE(ABORT, 'a leaf is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER pages_stay BEFORE DELETE ON pages WHEN NOT EXISTS (SELECT 1 FROM archives WHERE meeting = OLD.meeting AND keeping = 'destroying')
BEGIN SELECT RAISE(ABORT, 'a page is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER decisions_stay BEFORE DELETE ON decisions WHEN NOT EXISTS (SELECT 1 FROM archives JOIN pages ON pages.meeting = archives.meeting WHERE pages.id = OLD.page AND keeping = 'destroying')
BEGIN SELECT RAISE(ABORT, 'a decision is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER judgements_stay BEFORE DELETE ON judgements WHEN NOT EXISTS (SELECT 1 FROM archives WHERE meeting = OLD.meeting AND keeping = 'destroying')
BEGIN SELECT RAISE(ABORT, 'a judgement is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER judged_pages_stay BEFORE DELETE ON judged_pages WHEN NOT EXISTS (SELECT 1 FROM archives WHERE meeting = OLD.meeting AND keeping = 'destroying')
BEGIN SELECT RAISE(ABORT, 'a judgement is never deleted'); END;
-- +goose StatementEnd
-- A result that was corrected goes too: what differs between two of them are single ballots.
-- +goose StatementBegin
CREATE TRIGGER results_stay BEFORE DELETE ON results WHEN NOT EXISTS (SELECT 1 FROM archives WHERE meeting = OLD.meeting AND keeping = 'destroying')
  OR OLD.number = (SELECT max(number) FROM results WHERE meeting = OLD.meeting)
BEGIN SELECT RAISE(ABORT, 'a certified result is never deleted'); END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER results_stay; DROP TRIGGER judged_pages_stay; DROP TRIGGER judgements_stay; DROP TRIGGER decisions_stay;
DROP TRIGGER pages_stay; DROP TRIGGER leaves_stay; DROP TRIGGER set_asides_stay;
DROP TABLE archives;
DROP TABLE exports;
-- +goose StatementBegin
CREATE TRIGGER results_stay BEFORE DELETE ON results BEGIN SELECT RAISE(ABORT, 'a certified result is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER judged_pages_stay BEFORE DELETE ON judged_pages BEGIN SELECT RAISE(ABORT, 'a judgement is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER judgements_stay BEFORE DELETE ON judgements BEGIN SELECT RAISE(ABORT, 'a judgement is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER decisions_stay BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'a decision is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER pages_stay BEFORE DELETE ON pages BEGIN SELECT RAISE(ABORT, 'a page is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER leaves_stay BEFORE DELETE ON leaves BEGIN SELECT RAISE(ABORT, 'a leaf is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER set_asides_stay BEFORE DELETE ON set_asides BEGIN SELECT RAISE(ABORT, 'setting aside is taken back by another row'); END;
-- +goose StatementEnd
