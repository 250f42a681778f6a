-- +goose Up

-- Blank ballots that the office made itself, one a group; they stay through unsealing.
CREATE TABLE blanks (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  grp     TEXT NOT NULL,
  body    TEXT NOT NULL, -- ballot.Blank as JSON, without its pages
  PRIMARY KEY (meeting, grp)
) WITHOUT ROWID;

CREATE TABLE blank_pages (
  meeting TEXT NOT NULL,
  grp     TEXT NOT NULL,
  page    INTEGER NOT NULL CHECK (page > 0),
  picture BLOB NOT NULL, -- PNG: what is printed
  PRIMARY KEY (meeting, grp, page),
  FOREIGN KEY (meeting, grp) REFERENCES blanks (meeting, grp) ON DELETE CASCADE
);

-- +goose Down
DROP TABLE blank_pages;
DROP TABLE blanks;
