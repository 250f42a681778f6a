-- +goose Up

-- How the ink lies on pages of closed batches, so that a sheet that is scanned again is known. Keyed by the
-- page's random id, without order, time, venue or batch, and deleted when the meeting is certified.
CREATE TABLE fingerprints (
  page   TEXT PRIMARY KEY REFERENCES pages (id),
  shapes TEXT NOT NULL -- ballot.Fingerprint
) WITHOUT ROWID;

-- +goose Down
DROP TABLE fingerprints;
