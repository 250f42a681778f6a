-- +goose Up

-- Crops of comment boxes live beside their image only while its batch is open.
CREATE TABLE spool_comments (
  upload   TEXT NOT NULL,
  idx      INTEGER NOT NULL,
  picture  BLOB NOT NULL, -- PNG
  proposal TEXT NOT NULL, -- by OCR
  PRIMARY KEY (upload, idx),
  FOREIGN KEY (upload, idx) REFERENCES spool_pages (upload, idx) ON DELETE CASCADE
) WITHOUT ROWID;

-- Comments of closed batches. Keys are random and no page's; nothing here tells page, leaf, group, order, time,
-- venue or batch, nor who typed. Pictures are deleted when the meeting is certified.
CREATE TABLE comments (
  id       TEXT PRIMARY KEY,
  meeting  TEXT NOT NULL REFERENCES meetings (id),
  subject  INTEGER NOT NULL, -- of single forms; 0 on roster forms
  picture  BLOB,             -- PNG; NULL once certified
  proposal TEXT NOT NULL,    -- by OCR; empty once certified
  standing TEXT NOT NULL CHECK (standing IN ('waiting', 'typed', 'nothing', 'illegible')),
  content  TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX comments_of_meeting ON comments (meeting, id);

-- +goose StatementBegin
CREATE TRIGGER typed_comments_are_final BEFORE UPDATE OF standing, content ON comments WHEN OLD.picture IS NULL
BEGIN SELECT RAISE(ABORT, 'a certified comment never changes'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE comments;
DROP TABLE spool_comments;
