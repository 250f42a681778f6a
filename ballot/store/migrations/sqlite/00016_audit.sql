-- +goose Up

-- Public keys of those who hold a code by which what is sealed below is opened, two together.
CREATE TABLE audit_keys (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  person  TEXT NOT NULL,
  public  BLOB NOT NULL,
  PRIMARY KEY (meeting, person)
) WITHOUT ROWID;

-- What the machine counted of each closed batch, until the meeting is certified. In the open it would tell which rows
-- are of which batch: sums over many subjects have one solution.
CREATE TABLE audit_piles (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  grp     TEXT NOT NULL,
  number  INTEGER NOT NULL, -- within the group
  batch   TEXT NOT NULL REFERENCES batches (id),
  leaves  INTEGER NOT NULL, -- without void ones
  sealed  BLOB NOT NULL,    -- ballot.Sums
  PRIMARY KEY (meeting, grp, number)
) WITHOUT ROWID;

-- What people counted by hand, until the meeting is certified.
CREATE TABLE audit_counts (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  bundle  INTEGER NOT NULL,
  person  TEXT NOT NULL,
  sealed  BLOB NOT NULL, -- ballot.Sums
  PRIMARY KEY (meeting, bundle, person)
) WITHOUT ROWID;

-- Where an audit stands, and later what it gave. It has no count of any bundle.
CREATE TABLE audits (
  meeting TEXT PRIMARY KEY REFERENCES meetings (id),
  body    TEXT NOT NULL -- ballot.Audit as JSON
) WITHOUT ROWID;

-- +goose Down
DROP TABLE audits;
DROP TABLE audit_counts;
DROP TABLE audit_piles;
DROP TABLE audit_keys;
