-- +goose Up

-- Thresholds by which a meeting's readings were judged again. Append only; the last number is in force, and
-- where there is none, the verdicts that came with the readings are.
CREATE TABLE judgements (
  meeting    TEXT NOT NULL REFERENCES meetings (id),
  number     INTEGER NOT NULL,
  thresholds TEXT NOT NULL, -- ballot.Thresholds as JSON
  PRIMARY KEY (meeting, number)
) WITHOUT ROWID;

-- The verdicts of every page by every judgement of its meeting. A page whose batch is closed later gets those
-- of the judgements before it too: which verdicts a page has tells nothing of when it came.
CREATE TABLE judged_pages (
  page     TEXT NOT NULL REFERENCES pages (id),
  meeting  TEXT NOT NULL,
  number   INTEGER NOT NULL,
  verdicts TEXT NOT NULL,    -- []ballot.Verdict as JSON
  unclear  INTEGER NOT NULL, -- rows whose verdict is unclear
  PRIMARY KEY (page, number),
  FOREIGN KEY (meeting, number) REFERENCES judgements (meeting, number)
) WITHOUT ROWID;
CREATE INDEX judged_unclear ON judged_pages (meeting) WHERE unclear > 0;

-- +goose StatementBegin
CREATE TRIGGER judgements_are_final BEFORE UPDATE ON judgements BEGIN SELECT RAISE(ABORT, 'a judgement never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER judgements_stay BEFORE DELETE ON judgements BEGIN SELECT RAISE(ABORT, 'a judgement is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER judged_pages_are_final BEFORE UPDATE ON judged_pages BEGIN SELECT RAISE(ABORT, 'a judgement never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER judged_pages_stay BEFORE DELETE ON judged_pages BEGIN SELECT RAISE(ABORT, 'a judgement is never deleted'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE judged_pages;
DROP TABLE judgements;
