-- +goose Up

-- What the committee enters beside the count after release: nothing of it is counted.
CREATE TABLE conclusions (
  meeting       TEXT NOT NULL REFERENCES meetings (id),
  subject       INTEGER NOT NULL,
  overall_grade TEXT NOT NULL,
  items         TEXT NOT NULL, -- items to rectify: a JSON list of texts
  PRIMARY KEY (meeting, subject)
) WITHOUT ROWID;

-- Which share of the subjects, in per cent, may get the best overall grade before a warning.
CREATE TABLE overall_caps (
  meeting TEXT PRIMARY KEY REFERENCES meetings (id),
  percent INTEGER NOT NULL CHECK (percent BETWEEN 0 AND 100)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE overall_caps;
DROP TABLE conclusions;
