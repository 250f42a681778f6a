BEGIN TRANSACTION;
CREATE TABLE acts (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  time    TEXT NOT NULL,
  actor   TEXT NOT NULL,
  act     TEXT NOT NULL,
  meeting TEXT NOT NULL DEFAULT '',
  detail  TEXT NOT NULL DEFAULT ''
, role TEXT NOT NULL DEFAULT '', facts TEXT NOT NULL DEFAULT '');
INSERT INTO "acts" VALUES(1,'2026-11-27T15:29:02Z','','begin_log','','pingyi-9f8b98ed+c4e4bd85+AUk07IEmb0OPXjqgC8nsTp4iaNlsghKKWrhmBARjg0kN','','{"users":"891a0985d4d907ac3cf89066822b047e42bf8758ab2693cf5b5947a9a58f8a89"}');
INSERT INTO "acts" VALUES(2,'2026-11-27T15:29:03Z','command line','create_user','','admin1 admin','','{"users":"c0fbd1d4a3601981bda4b8d1f5bf9bc55fc4532ab7789c834d904a9d33d197ff"}');
INSERT INTO "acts" VALUES(3,'2026-11-27T15:29:03Z','command line','create_user','','s1 scrutineer','','{"users":"e2b4e34feb17a307bcc5382809be9347fa6bb9fac8b09142592128d34f5695df"}');
INSERT INTO "acts" VALUES(4,'2026-11-27T15:29:18Z','admin1','create_meeting','649c266c556e','升级前的会议','admin','{"blanks":"cf6adbb837169538fb9a4213ccb83b799e838a556b09a6f94b3bf5c2057e49ab","comments":"cd4aff82175c6ba04261e9a305f339a14d61faba33d425017904cc26b1867fbe","conclusions":"dc0427d3ad62fa7bc61da55c6602bb1e9d4b53d88e54958e28b108cb5697f303","forms":"ba226fc2826d342d92e872416f2cce91ca2e56f600e553279f79cc1a29fe5f1c","ledger":"ad991d70a890f2f6ced31d0be7cecbcb1b20162c31a33ff15134f4cfee612de3","meeting":"b87f64d32c3b0b81ae9438d203fa8272b74c9dac6d1d645c6caf39420f139e8b","pages":"bdd9f4632de34c9ee9beb22dc2eeeb01ad629f49a99c7383013665926f23f9b1","results":"3dd1650c8b970291be37ef8a75320fe910a8f3ee13cd7578ef242153b5d0629f","serials":"9a3eef12b27866a12aee339651e701a3364d335eae5e2787b6f2897cb1a2d480","signatures":"a20f3c224d9738b79b9cc97b017c97b9934af92532ce256e188047cfc9c99975"}');
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
CREATE TABLE batches (
  id      TEXT PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES meetings (id),
  grp     TEXT NOT NULL,
  venues  TEXT NOT NULL,
  state   TEXT NOT NULL CHECK (state IN ('open', 'closing', 'closed')),
  leaves  INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE blank_pages (
  meeting TEXT NOT NULL,
  grp     TEXT NOT NULL,
  page    INTEGER NOT NULL CHECK (page > 0),
  picture BLOB NOT NULL, -- PNG: what is printed
  PRIMARY KEY (meeting, grp, page),
  FOREIGN KEY (meeting, grp) REFERENCES blanks (meeting, grp) ON DELETE CASCADE
);
CREATE TABLE blanks (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  grp     TEXT NOT NULL,
  body    TEXT NOT NULL, -- ballot.Blank as JSON, without its pages
  PRIMARY KEY (meeting, grp)
) WITHOUT ROWID;
CREATE TABLE checkpoints (
  size    INTEGER PRIMARY KEY, -- entries of the log
  meeting TEXT NOT NULL,
  note    TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE comments (
  id       TEXT PRIMARY KEY,
  meeting  TEXT NOT NULL REFERENCES meetings (id),
  subject  INTEGER NOT NULL, -- of single forms; 0 on roster forms
  picture  BLOB,             -- PNG; NULL once certified
  proposal TEXT NOT NULL,    -- by OCR; empty once certified
  standing TEXT NOT NULL CHECK (standing IN ('waiting', 'typed', 'nothing', 'illegible')),
  content  TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE commitments (
  meeting TEXT NOT NULL, -- '' for accounts
  kind    TEXT NOT NULL,
  act     INTEGER NOT NULL REFERENCES acts (id),
  salt    BLOB NOT NULL,
  mark    TEXT NOT NULL, -- counts, by which a change is noticed without reading all rows
  PRIMARY KEY (meeting, kind)
) WITHOUT ROWID;
INSERT INTO "commitments" VALUES('','users',3,X'B08AA50C2D5F6F17D1F4766919E41505B0B85924F7BF1F85E97B01A8D4D84811','');
INSERT INTO "commitments" VALUES('649c266c556e','blanks',4,X'2733FDE2E6C3D888338AAD282CC442EEB2248870A968039450BBABB96AD01C88','0');
INSERT INTO "commitments" VALUES('649c266c556e','comments',4,X'038439C75106B95DCE46B0025A1B371E73FEDA1F5E8F38A299F96D2F2272691D','0/0');
INSERT INTO "commitments" VALUES('649c266c556e','conclusions',4,X'9ABD2D8D038B0B65278881AB28059701702709E1EB97A7D11859C3FF323E7D5D','');
INSERT INTO "commitments" VALUES('649c266c556e','forms',4,X'24210AF9EFBDB9EC0E5540EAA2D042246E6ABAF0A2DDCFECAEA3C1CE6BCF2B55','0/0.0');
INSERT INTO "commitments" VALUES('649c266c556e','ledger',4,X'B1C16A8DF0D07D8AE7554E33169A339BAFBCDE5991D63F46B1F5D6E97071C4E1','');
INSERT INTO "commitments" VALUES('649c266c556e','meeting',4,X'B504447FA156E3CA92C454E55C48C37747B1EAB113340F0890DA4629F2B02CC3','');
INSERT INTO "commitments" VALUES('649c266c556e','pages',4,X'861DA1A26A0841DB807B79EF8A11A684ACB2E2D4D9C3D3DD32606084121E959B','0 0 0');
INSERT INTO "commitments" VALUES('649c266c556e','results',4,X'7C2F573A456A05C4F22CC31AC40A6023FCF762EE47EB7D4B8F75F4DFE2E333A4','');
INSERT INTO "commitments" VALUES('649c266c556e','serials',4,X'1EC52FCDA2FD32CBFD76BB688C6ADBC0A04F39ECAF13654FCF5F451EF99BED90','0/0.0');
INSERT INTO "commitments" VALUES('649c266c556e','signatures',4,X'F6BA87B4DE6880E329443F57C2C7BBA73EF43A4A5A085DE92BBECFA7A179296D','');
CREATE TABLE conclusions (
  meeting       TEXT NOT NULL REFERENCES meetings (id),
  subject       INTEGER NOT NULL,
  overall_grade TEXT NOT NULL,
  items         TEXT NOT NULL, -- items to rectify: a JSON list of texts
  PRIMARY KEY (meeting, subject)
) WITHOUT ROWID;
CREATE TABLE decisions (
  page    TEXT NOT NULL REFERENCES pages (id),
  subject INTEGER NOT NULL,
  person  TEXT NOT NULL,
  seq     INTEGER NOT NULL,
  body    TEXT NOT NULL, -- ballot.Decision as JSON
  PRIMARY KEY (page, subject, person, seq)
) WITHOUT ROWID;
CREATE TABLE digests (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  digest  TEXT NOT NULL,
  PRIMARY KEY (meeting, digest)
) WITHOUT ROWID;
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
CREATE TABLE fingerprints (
  page   TEXT PRIMARY KEY REFERENCES pages (id),
  shapes TEXT NOT NULL -- ballot.Fingerprint
) WITHOUT ROWID;
CREATE TABLE forms (
  id        TEXT PRIMARY KEY,
  meeting   TEXT NOT NULL REFERENCES meetings (id),
  grp       TEXT NOT NULL,
  withdrawn INTEGER NOT NULL DEFAULT 0,
  body      TEXT NOT NULL -- ballot.Form as JSON
) WITHOUT ROWID;
CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
INSERT INTO "goose_db_version" VALUES(1,0,1,'2026-11-27 15:29:02');
INSERT INTO "goose_db_version" VALUES(2,1,1,'2026-11-27 15:29:02');
INSERT INTO "goose_db_version" VALUES(3,2,1,'2026-11-27 15:29:02');
INSERT INTO "goose_db_version" VALUES(4,3,1,'2026-11-27 15:29:02');
INSERT INTO "goose_db_version" VALUES(5,4,1,'2026-11-27 15:29:02');
INSERT INTO "goose_db_version" VALUES(6,5,1,'2026-11-27 15:29:02');
INSERT INTO "goose_db_version" VALUES(7,6,1,'2026-11-27 15:29:02');
INSERT INTO "goose_db_version" VALUES(8,7,1,'2026-11-27 15:29:02');
INSERT INTO "goose_db_version" VALUES(9,8,1,'2026-11-27 15:29:02');
INSERT INTO "goose_db_version" VALUES(10,9,1,'2026-11-27 15:29:02');
INSERT INTO "goose_db_version" VALUES(11,12,1,'2026-11-27 15:29:02');
CREATE TABLE judged_pages (
  page     TEXT NOT NULL REFERENCES pages (id),
  meeting  TEXT NOT NULL,
  number   INTEGER NOT NULL,
  verdicts TEXT NOT NULL,    -- []ballot.Verdict as JSON
  unclear  INTEGER NOT NULL, -- rows whose verdict is unclear
  PRIMARY KEY (page, number),
  FOREIGN KEY (meeting, number) REFERENCES judgements (meeting, number)
) WITHOUT ROWID;
CREATE TABLE judgements (
  meeting    TEXT NOT NULL REFERENCES meetings (id),
  number     INTEGER NOT NULL,
  thresholds TEXT NOT NULL, -- ballot.Thresholds as JSON
  PRIMARY KEY (meeting, number)
) WITHOUT ROWID;
CREATE TABLE leaves (
  id      TEXT PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES meetings (id),
  form    TEXT NOT NULL REFERENCES forms (id),
  grp     TEXT NOT NULL,
  whole   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE ledger_entries (
  meeting      TEXT NOT NULL REFERENCES meetings (id),
  venue        TEXT NOT NULL,
  grp          TEXT NOT NULL,
  subject      INTEGER NOT NULL,
  field        TEXT NOT NULL,
  value        INTEGER NOT NULL CHECK (value >= 0),
  entered_by   TEXT NOT NULL,
  confirmed_by TEXT NOT NULL DEFAULT '' CHECK (confirmed_by <> entered_by),
  PRIMARY KEY (meeting, venue, grp, subject, field)
) WITHOUT ROWID;
CREATE TABLE log_hashes (
  id   INTEGER PRIMARY KEY,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
);
INSERT INTO "log_hashes" VALUES(0,X'195398963184F8A8FE8E98E159DFB6A1E567B65F3234278E59F6DA239312D164');
INSERT INTO "log_hashes" VALUES(1,X'2FA7344B09D572FA55C350E44EFFABF06B702779813DB72707E240E5AD024F05');
INSERT INTO "log_hashes" VALUES(2,X'C069EDD94AD085F6614476E0AE1559B58A12DB004227754798BAD824B1C3C0A3');
INSERT INTO "log_hashes" VALUES(3,X'BA684ADAA7E23F5042FFACE1D5762C7A1347897C157B120401C4BF590B49F577');
INSERT INTO "log_hashes" VALUES(4,X'B62F42B3DC110B5F3C35EF138C07096FCD4B64D1EEDDF87295630CBCFEDD0D07');
INSERT INTO "log_hashes" VALUES(5,X'091BE1E34AD273E7260690FD5866B2F23A5711B2DC243788095EA0629E157BB4');
INSERT INTO "log_hashes" VALUES(6,X'FA0B54CEA417C0951871DB5582B94E02B0971EEE91E95A72634757F44EEB2883');
CREATE TABLE log_head (
  id   INTEGER PRIMARY KEY CHECK (id = 1),
  note TEXT NOT NULL
);
INSERT INTO "log_head" VALUES(1,'pingyi-9f8b98ed/head
4
+gtUzqQXwJUYcdtVgrlOArCXHu6R6VpyY0dX9E7rKIM=
decisions 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=

— pingyi-9f8b98ed xOS9hXOBjUbyw2efWP04Wr5QrfSvWp+xYfLS7OruLUx0KDye5u2BlZYTMDTOqe6fFiZn9cdmFP/Fs20+ZgdPGJPNoA0=
');
CREATE TABLE meetings (
  id       TEXT PRIMARY KEY,
  revision INTEGER NOT NULL, -- counts writes: a write from an older reading is refused
  state    TEXT NOT NULL,
  body     TEXT NOT NULL     -- ballot.Meeting as JSON
) WITHOUT ROWID;
INSERT INTO "meetings" VALUES('649c266c556e',1,'draft','{"id":"649c266c556e","title":"升级前的会议","organiser":"机关工委","date":"2026-01-15","state":"draft","version":0,"rules":{"grades":["好","较好","一般","差"],"form":"roster","identity":"form_code","ticks_only":false,"overvote":"row_invalid","blank":"abstention","altered":"adjudicate","wholly_blank":"valid","same_grade":"flag","writing":"flag","quorum":{"num":2,"den":3},"denominator":"valid","decimals":2,"order":"roster","small_group":5,"two_adjudicators":false,"layout":{"paper":"A4","blocks":0,"instructions":"请在相应栏内划“√”，每人只选一项，多选无效。","comment_box":false}},"subjects":null,"groups":null,"excluded":[{"category":"党务工作者","reason":"各单位党务工作者不参与画票"},{"category":"工委组织部工作人员","reason":"工委组织部工作人员负责计票，不参与画票"}],"venues":[{"code":"main","name":"主会场"}]}');
CREATE TABLE overall_caps (
  meeting TEXT PRIMARY KEY REFERENCES meetings (id),
  percent INTEGER NOT NULL CHECK (percent BETWEEN 0 AND 100)
) WITHOUT ROWID;
CREATE TABLE pages (
  id        TEXT PRIMARY KEY, -- also the name of its picture
  leaf      TEXT NOT NULL REFERENCES leaves (id),
  meeting   TEXT NOT NULL REFERENCES meetings (id),
  form      TEXT NOT NULL REFERENCES forms (id),
  form_page INTEGER NOT NULL,
  grp       TEXT NOT NULL,
  verdicts  TEXT NOT NULL,
  unclear   INTEGER NOT NULL -- rows whose machine verdict is unclear
, flags TEXT NOT NULL DEFAULT 'null', reading TEXT NOT NULL DEFAULT '', image TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
CREATE TABLE prints (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  grp     TEXT NOT NULL,
  copies  INTEGER NOT NULL,
  PRIMARY KEY (meeting, grp)
) WITHOUT ROWID;
CREATE TABLE rejections (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  reason  TEXT NOT NULL,
  pages   INTEGER NOT NULL,
  PRIMARY KEY (meeting, reason)
) WITHOUT ROWID;
CREATE TABLE results (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  number  INTEGER NOT NULL,
  body    TEXT NOT NULL, -- tally.Result as JSON
  PRIMARY KEY (meeting, number)
) WITHOUT ROWID;
CREATE TABLE scanned (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  venues  TEXT NOT NULL,
  grp     TEXT NOT NULL,
  subject INTEGER NOT NULL,
  leaves  INTEGER NOT NULL CHECK (leaves >= 0),
  PRIMARY KEY (meeting, venues, grp, subject)
) WITHOUT ROWID;
CREATE TABLE sealed_decisions (
  meeting TEXT PRIMARY KEY REFERENCES meetings (id),
  digest  BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE serials (
  meeting   TEXT NOT NULL REFERENCES meetings (id),
  pseudonym TEXT NOT NULL, -- 128 bits, hexadecimal
  used      INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1)),
  PRIMARY KEY (meeting, pseudonym)
) WITHOUT ROWID;
CREATE TABLE sessions (
  token  TEXT PRIMARY KEY,
  data   BLOB NOT NULL,
  expiry INTEGER NOT NULL -- seconds since 1970
) WITHOUT ROWID;
CREATE TABLE set_asides (
  leaf   TEXT NOT NULL REFERENCES leaves (id),
  person TEXT NOT NULL,
  seq    INTEGER NOT NULL,
  aside  INTEGER NOT NULL, -- 0 takes it back
  reason TEXT NOT NULL,
  PRIMARY KEY (leaf, person, seq)
) WITHOUT ROWID;
CREATE TABLE signatures (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  act     TEXT NOT NULL,
  person  TEXT NOT NULL,
  reason  TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (meeting, act, person)
) WITHOUT ROWID;
CREATE TABLE spool_comments (
  upload   TEXT NOT NULL,
  idx      INTEGER NOT NULL,
  picture  BLOB NOT NULL, -- PNG
  proposal TEXT NOT NULL, -- by OCR
  PRIMARY KEY (upload, idx),
  FOREIGN KEY (upload, idx) REFERENCES spool_pages (upload, idx) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE TABLE spool_pages (
  upload   TEXT NOT NULL REFERENCES uploads (id),
  idx      INTEGER NOT NULL,
  batch    TEXT NOT NULL REFERENCES batches (id),
  reading  TEXT NOT NULL, -- ballot.PageReading as JSON
  verdicts TEXT NOT NULL,
  picture  TEXT NOT NULL,
  disposal TEXT NOT NULL DEFAULT '', serial TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (upload, idx)
) WITHOUT ROWID;
CREATE TABLE uploads (
  id     TEXT PRIMARY KEY,
  batch  TEXT NOT NULL REFERENCES batches (id),
  seq    INTEGER NOT NULL,
  name   TEXT NOT NULL,
  digest TEXT NOT NULL,
  bytes  INTEGER NOT NULL,
  pages  INTEGER NOT NULL DEFAULT -1, -- -1 until it was taken apart
  error  TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE users (
  name     TEXT PRIMARY KEY,
  role     TEXT NOT NULL,
  hash     TEXT NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
INSERT INTO "users" VALUES('admin1','admin','$argon2id$v=19$m=65536,t=3,p=4$sLDRHg/BIYWyl6KVNGGsyw$4tVK+FRvNHXlfwQ6US163jbPkRhb7KWDOsVOnRKJ1sM',0);
INSERT INTO "users" VALUES('s1','scrutineer','$argon2id$v=19$m=65536,t=3,p=4$LUi06n+9fIa4SlITd2aAIg$xPgEBAHbNlK9v15PQfhCeS3ocSI8bT6sg8QPAqSsUMY',0);
CREATE TABLE voids (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  grp     TEXT NOT NULL,
  subject INTEGER NOT NULL,
  leaves  INTEGER NOT NULL CHECK (leaves >= 0),
  PRIMARY KEY (meeting, grp, subject)
) WITHOUT ROWID;
CREATE INDEX forms_of_meeting ON forms (meeting);
CREATE INDEX batches_of_meeting ON batches (meeting);
CREATE INDEX uploads_of_batch ON uploads (batch);
CREATE INDEX spool_of_batch ON spool_pages (batch);
CREATE INDEX leaves_of_meeting ON leaves (meeting, id);
CREATE INDEX pages_of_meeting ON pages (meeting, id);
CREATE INDEX pages_of_leaf ON pages (leaf);
CREATE INDEX acts_of_meeting ON acts (meeting, id);
CREATE TRIGGER results_are_final BEFORE UPDATE ON results BEGIN SELECT RAISE(ABORT, 'a certified result never changes'); END;
CREATE TRIGGER decisions_are_final BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'a decision never changes'); END;
CREATE TRIGGER acts_are_final BEFORE UPDATE ON acts BEGIN SELECT RAISE(ABORT, 'the log never changes'); END;
CREATE INDEX pages_unclear ON pages (meeting) WHERE unclear > 0;
CREATE TRIGGER set_asides_are_final BEFORE UPDATE ON set_asides BEGIN SELECT RAISE(ABORT, 'setting aside is taken back by another row'); END;
CREATE TRIGGER leaves_are_final BEFORE UPDATE ON leaves BEGIN SELECT RAISE(ABORT, 'a leaf never changes'); END;
CREATE TRIGGER pages_are_final BEFORE UPDATE ON pages BEGIN SELECT RAISE(ABORT, 'a reading never changes'); END;
CREATE TRIGGER acts_stay BEFORE DELETE ON acts BEGIN SELECT RAISE(ABORT, 'the log is never cut'); END;
CREATE INDEX judged_unclear ON judged_pages (meeting) WHERE unclear > 0;
CREATE TRIGGER judgements_are_final BEFORE UPDATE ON judgements BEGIN SELECT RAISE(ABORT, 'a judgement never changes'); END;
CREATE TRIGGER judged_pages_are_final BEFORE UPDATE ON judged_pages BEGIN SELECT RAISE(ABORT, 'a judgement never changes'); END;
CREATE INDEX comments_of_meeting ON comments (meeting, id);
CREATE TRIGGER typed_comments_are_final BEFORE UPDATE OF standing, content ON comments WHEN OLD.picture IS NULL
BEGIN SELECT RAISE(ABORT, 'a certified comment never changes'); END;
CREATE TRIGGER destruction_is_not_brought_forward BEFORE UPDATE OF destroy_on ON archives WHEN NEW.destroy_on < OLD.destroy_on OR OLD.keeping <> 'kept'
BEGIN SELECT RAISE(ABORT, 'the date of destruction may only be postponed'); END;
CREATE TRIGGER destruction_is_not_undone BEFORE UPDATE OF keeping ON archives WHEN NOT (OLD.keeping = 'kept' AND NEW.keeping = 'destroying' OR OLD.keeping = 'destroying' AND NEW.keeping = 'destroyed')
BEGIN SELECT RAISE(ABORT, 'ballots are kept, then being destroyed, then destroyed'); END;
CREATE TRIGGER archives_stay BEFORE DELETE ON archives BEGIN SELECT RAISE(ABORT, 'what became of ballots is never forgotten'); END;
CREATE TRIGGER set_asides_stay BEFORE DELETE ON set_asides WHEN NOT EXISTS (SELECT 1 FROM archives JOIN leaves ON leaves.meeting = archives.meeting WHERE leaves.id = OLD.leaf AND keeping = 'destroying')
BEGIN SELECT RAISE(ABORT, 'setting aside is taken back by another row'); END;
CREATE TRIGGER leaves_stay BEFORE DELETE ON leaves WHEN NOT EXISTS (SELECT 1 FROM archives WHERE meeting = OLD.meeting AND keeping = 'destroying')
BEGIN SELECT RAISE(ABORT, 'a leaf is never deleted'); END;
CREATE TRIGGER pages_stay BEFORE DELETE ON pages WHEN NOT EXISTS (SELECT 1 FROM archives WHERE meeting = OLD.meeting AND keeping = 'destroying')
BEGIN SELECT RAISE(ABORT, 'a page is never deleted'); END;
CREATE TRIGGER decisions_stay BEFORE DELETE ON decisions WHEN NOT EXISTS (SELECT 1 FROM archives JOIN pages ON pages.meeting = archives.meeting WHERE pages.id = OLD.page AND keeping = 'destroying')
BEGIN SELECT RAISE(ABORT, 'a decision is never deleted'); END;
CREATE TRIGGER judgements_stay BEFORE DELETE ON judgements WHEN NOT EXISTS (SELECT 1 FROM archives WHERE meeting = OLD.meeting AND keeping = 'destroying')
BEGIN SELECT RAISE(ABORT, 'a judgement is never deleted'); END;
CREATE TRIGGER judged_pages_stay BEFORE DELETE ON judged_pages WHEN NOT EXISTS (SELECT 1 FROM archives WHERE meeting = OLD.meeting AND keeping = 'destroying')
BEGIN SELECT RAISE(ABORT, 'a judgement is never deleted'); END;
CREATE TRIGGER results_stay BEFORE DELETE ON results WHEN NOT EXISTS (SELECT 1 FROM archives WHERE meeting = OLD.meeting AND keeping = 'destroying')
  OR OLD.number = (SELECT max(number) FROM results WHERE meeting = OLD.meeting)
BEGIN SELECT RAISE(ABORT, 'a certified result is never deleted'); END;
CREATE TRIGGER log_hashes_are_final BEFORE UPDATE ON log_hashes BEGIN SELECT RAISE(ABORT, 'the log never changes'); END;
CREATE TRIGGER log_hashes_stay BEFORE DELETE ON log_hashes BEGIN SELECT RAISE(ABORT, 'the log is never cut'); END;
CREATE TRIGGER checkpoints_are_final BEFORE UPDATE ON checkpoints BEGIN SELECT RAISE(ABORT, 'a checkpoint never changes'); END;
CREATE TRIGGER checkpoints_stay BEFORE DELETE ON checkpoints BEGIN SELECT RAISE(ABORT, 'a checkpoint is never deleted'); END;
CREATE TRIGGER log_head_stays BEFORE DELETE ON log_head BEGIN SELECT RAISE(ABORT, 'the log has one head'); END;
CREATE TRIGGER serials_are_used_once BEFORE UPDATE ON serials WHEN OLD.used = 1 OR NEW.pseudonym <> OLD.pseudonym OR NEW.meeting <> OLD.meeting
BEGIN SELECT RAISE(ABORT, 'a serial that was counted stays so'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('goose_db_version',11);
INSERT INTO "sqlite_sequence" VALUES('acts',4);
COMMIT;
