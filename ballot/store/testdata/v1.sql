PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
INSERT INTO goose_db_version VALUES(1,0,1,'2026-11-23 19:20:36');
INSERT INTO goose_db_version VALUES(2,1,1,'2026-11-23 19:20:36');
CREATE TABLE users (
  name     TEXT PRIMARY KEY,
  role     TEXT NOT NULL,
  hash     TEXT NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE sessions (
  token  TEXT PRIMARY KEY,
  data   BLOB NOT NULL,
  expiry INTEGER NOT NULL -- seconds since 1970
) WITHOUT ROWID;
CREATE TABLE meetings (
  id       TEXT PRIMARY KEY,
  revision INTEGER NOT NULL, -- counts writes: a write from an older reading is refused
  state    TEXT NOT NULL,
  body     TEXT NOT NULL     -- ballot.Meeting as JSON
) WITHOUT ROWID;
INSERT INTO meetings VALUES('3fb3beed301f',3,'open','{"id":"3fb3beed301f","title":"述职评议会","organiser":"工委","date":"2026-12-01","state":"open","version":1,"seal_hash":"53ba8ec16a2b772a5bc3d2316378f5615a6d1dd703e54496784795ba0e85f32d","rules":{"grades":["好","较好","一般","差"],"form":"roster","identity":"form_code","ticks_only":false,"overvote":"row_invalid","blank":"abstention","altered":"adjudicate","wholly_blank":"valid","same_grade":"flag","writing":"flag","quorum":{"num":2,"den":3},"denominator":"valid","decimals":2,"order":"roster","small_group":5,"two_adjudicators":false,"layout":{"paper":"A4","blocks":0,"instructions":"请在相应栏内划“√”，每人只选一项，多选无效。","comment_box":false}},"subjects":[{"no":1,"name":"张丁","org":"第1党支部","post":"书记","mode":"oral"},{"no":2,"name":"张丂","org":"第2党支部","post":"书记","mode":"oral"}],"groups":[{"code":"A","name":"工委委员","categories":["工委委员"],"weight":100,"join_with":"","headcount":{"east":4,"main":5}}],"excluded":[{"category":"党务工作者","reason":"各单位党务工作者不参与画票"},{"category":"工委组织部工作人员","reason":"工委组织部工作人员负责计票，不参与画票"}],"venues":[{"code":"main","name":"主会场"},{"code":"east","name":"东会场"}]}');
INSERT INTO meetings VALUES('a7a2150b352b',6,'certified','{"id":"a7a2150b352b","title":"述职评议会","organiser":"工委","date":"2026-12-01","state":"certified","version":1,"seal_hash":"53ba8ec16a2b772a5bc3d2316378f5615a6d1dd703e54496784795ba0e85f32d","rules":{"grades":["好","较好","一般","差"],"form":"roster","identity":"form_code","ticks_only":false,"overvote":"row_invalid","blank":"abstention","altered":"adjudicate","wholly_blank":"valid","same_grade":"flag","writing":"flag","quorum":{"num":2,"den":3},"denominator":"valid","decimals":2,"order":"roster","small_group":5,"two_adjudicators":false,"layout":{"paper":"A4","blocks":0,"instructions":"请在相应栏内划“√”，每人只选一项，多选无效。","comment_box":false}},"subjects":[{"no":1,"name":"张丁","org":"第1党支部","post":"书记","mode":"oral"},{"no":2,"name":"张丂","org":"第2党支部","post":"书记","mode":"oral"}],"groups":[{"code":"A","name":"工委委员","categories":["工委委员"],"weight":100,"join_with":"","headcount":{"east":4,"main":5}}],"excluded":[{"category":"党务工作者","reason":"各单位党务工作者不参与画票"},{"category":"工委组织部工作人员","reason":"工委组织部工作人员负责计票，不参与画票"}],"venues":[{"code":"main","name":"主会场"},{"code":"east","name":"东会场"}]}');
CREATE TABLE forms (
  id        TEXT PRIMARY KEY,
  meeting   TEXT NOT NULL REFERENCES meetings (id),
  grp       TEXT NOT NULL,
  withdrawn INTEGER NOT NULL DEFAULT 0,
  body      TEXT NOT NULL -- ballot.Form as JSON
) WITHOUT ROWID;
INSERT INTO forms VALUES('Z04K8V11','a7a2150b352b','A',0,'{"id":"Z04K8V11","group":"A","identity":"form_code","kind":"roster","meeting":"a7a2150b352b","version":1,"grades":["好","较好","一般","差"],"two_sided":false,"pages":[{"page":1,"width_mm":210,"height_mm":297,"code_text":"PY1Z04K8V11A001YW9H","code":{"x":166,"y":19,"w":16,"h":16},"fiducials":[{"x":10,"y":10,"w":4,"h":4},{"x":196,"y":10,"w":4,"h":4},{"x":10,"y":283,"w":4,"h":4},{"x":196,"y":283,"w":4,"h":4},{"x":10,"y":83.16,"w":4,"h":4},{"x":10,"y":130.68,"w":4,"h":4},{"x":10,"y":231.66,"w":4,"h":4},{"x":196,"y":106.92,"w":4,"h":4},{"x":196,"y":196.02,"w":4,"h":4},{"x":75.6,"y":10,"w":4,"h":4},{"x":42,"y":283,"w":4,"h":4},{"x":147,"y":283,"w":4,"h":4}],"rows":[{"subject":1,"x":18,"y":48,"w":174,"h":13,"name_box":{"x":28,"y":48,"w":24,"h":13},"org_box":{"x":52,"y":48,"w":72,"h":13},"no_box":{"x":18,"y":48,"w":10,"h":13},"name":"张　丁","org":"第1党支部"},{"subject":2,"x":18,"y":61,"w":174,"h":13,"name_box":{"x":28,"y":61,"w":24,"h":13},"org_box":{"x":52,"y":61,"w":72,"h":13},"no_box":{"x":18,"y":61,"w":10,"h":13},"name":"张　丂","org":"第2党支部"}],"targets":[{"subject":1,"grade":"好","x":130.2,"y":52.2,"w":4.6,"h":4.6,"cell":{"x":124,"y":48,"w":17,"h":13}},{"subject":1,"grade":"较好","x":147.2,"y":52.2,"w":4.6,"h":4.6,"cell":{"x":141,"y":48,"w":17,"h":13}},{"subject":1,"grade":"一般","x":164.2,"y":52.2,"w":4.6,"h":4.6,"cell":{"x":158,"y":48,"w":17,"h":13}},{"subject":1,"grade":"差","x":181.2,"y":52.2,"w":4.6,"h":4.6,"cell":{"x":175,"y":48,"w":17,"h":13}},{"subject":2,"grade":"好","x":130.2,"y":65.2,"w":4.6,"h":4.6,"cell":{"x":124,"y":61,"w":17,"h":13}},{"subject":2,"grade":"较好","x":147.2,"y":65.2,"w":4.6,"h":4.6,"cell":{"x":141,"y":61,"w":17,"h":13}},{"subject":2,"grade":"一般","x":164.2,"y":65.2,"w":4.6,"h":4.6,"cell":{"x":158,"y":61,"w":17,"h":13}},{"subject":2,"grade":"差","x":181.2,"y":65.2,"w":4.6,"h":4.6,"cell":{"x":175,"y":61,"w":17,"h":13}}],"labels":[{"role":"title","text":"述职评议会","x":18,"y":16,"w":144,"h":10,"size_pt":18,"align":"C"},{"role":"group","text":"A票　工委委员","x":18,"y":27,"w":144,"h":6,"size_pt":12,"align":"C"},{"role":"instruction","text":"请在相应栏内划“√”，每人只选一项，多选无效。","x":18,"y":33,"w":144,"h":5.5,"size_pt":10.5,"align":"L"},{"role":"organiser","text":"工委　2026-12-01","x":18,"y":277.5,"w":107.88,"h":5,"size_pt":10,"align":"L"},{"role":"page","text":"第 1 页　共 1 页","x":125.88,"y":277.5,"w":66.12,"h":5,"size_pt":10,"align":"R"},{"role":"identity","text":"PY1Z04K8V11A001YW9H","x":78,"y":283,"w":54,"h":4,"size_pt":9,"align":"C"},{"role":"head","text":"序号","x":18,"y":40,"w":10,"h":8,"size_pt":10.5,"align":"C"},{"role":"head","text":"姓名","x":28,"y":40,"w":24,"h":8,"size_pt":10.5,"align":"C"},{"role":"head","text":"单位（党组织）","x":52,"y":40,"w":72,"h":8,"size_pt":10.5,"align":"C"},{"role":"head","text":"好","x":124,"y":40,"w":17,"h":8,"size_pt":10.5,"align":"C"},{"role":"head","text":"较好","x":141,"y":40,"w":17,"h":8,"size_pt":10.5,"align":"C"},{"role":"head","text":"一般","x":158,"y":40,"w":17,"h":8,"size_pt":10.5,"align":"C"},{"role":"head","text":"差","x":175,"y":40,"w":17,"h":8,"size_pt":10.5,"align":"C"}]}]}');
INSERT INTO forms VALUES('ZAZM7G47','3fb3beed301f','A',0,'{"id":"ZAZM7G47","group":"A","identity":"form_code","kind":"roster","meeting":"3fb3beed301f","version":1,"grades":["好","较好","一般","差"],"two_sided":false,"pages":[{"page":1,"width_mm":210,"height_mm":297,"code_text":"PY1ZAZM7G47A001GAG1","code":{"x":166,"y":19,"w":16,"h":16},"fiducials":[{"x":10,"y":10,"w":4,"h":4},{"x":196,"y":10,"w":4,"h":4},{"x":10,"y":283,"w":4,"h":4},{"x":196,"y":283,"w":4,"h":4},{"x":10,"y":83.16,"w":4,"h":4},{"x":10,"y":130.68,"w":4,"h":4},{"x":10,"y":231.66,"w":4,"h":4},{"x":196,"y":106.92,"w":4,"h":4},{"x":196,"y":196.02,"w":4,"h":4},{"x":75.6,"y":10,"w":4,"h":4},{"x":42,"y":283,"w":4,"h":4},{"x":147,"y":283,"w":4,"h":4}],"rows":[{"subject":1,"x":18,"y":48,"w":174,"h":13,"name_box":{"x":28,"y":48,"w":24,"h":13},"org_box":{"x":52,"y":48,"w":72,"h":13},"no_box":{"x":18,"y":48,"w":10,"h":13},"name":"张　丁","org":"第1党支部"},{"subject":2,"x":18,"y":61,"w":174,"h":13,"name_box":{"x":28,"y":61,"w":24,"h":13},"org_box":{"x":52,"y":61,"w":72,"h":13},"no_box":{"x":18,"y":61,"w":10,"h":13},"name":"张　丂","org":"第2党支部"}],"targets":[{"subject":1,"grade":"好","x":130.2,"y":52.2,"w":4.6,"h":4.6,"cell":{"x":124,"y":48,"w":17,"h":13}},{"subject":1,"grade":"较好","x":147.2,"y":52.2,"w":4.6,"h":4.6,"cell":{"x":141,"y":48,"w":17,"h":13}},{"subject":1,"grade":"一般","x":164.2,"y":52.2,"w":4.6,"h":4.6,"cell":{"x":158,"y":48,"w":17,"h":13}},{"subject":1,"grade":"差","x":181.2,"y":52.2,"w":4.6,"h":4.6,"cell":{"x":175,"y":48,"w":17,"h":13}},{"subject":2,"grade":"好","x":130.2,"y":65.2,"w":4.6,"h":4.6,"cell":{"x":124,"y":61,"w":17,"h":13}},{"subject":2,"grade":"较好","x":147.2,"y":65.2,"w":4.6,"h":4.6,"cell":{"x":141,"y":61,"w":17,"h":13}},{"subject":2,"grade":"一般","x":164.2,"y":65.2,"w":4.6,"h":4.6,"cell":{"x":158,"y":61,"w":17,"h":13}},{"subject":2,"grade":"差","x":181.2,"y":65.2,"w":4.6,"h":4.6,"cell":{"x":175,"y":61,"w":17,"h":13}}],"labels":[{"role":"title","text":"述职评议会","x":18,"y":16,"w":144,"h":10,"size_pt":18,"align":"C"},{"role":"group","text":"A票　工委委员","x":18,"y":27,"w":144,"h":6,"size_pt":12,"align":"C"},{"role":"instruction","text":"请在相应栏内划“√”，每人只选一项，多选无效。","x":18,"y":33,"w":144,"h":5.5,"size_pt":10.5,"align":"L"},{"role":"organiser","text":"工委　2026-12-01","x":18,"y":277.5,"w":107.88,"h":5,"size_pt":10,"align":"L"},{"role":"page","text":"第 1 页　共 1 页","x":125.88,"y":277.5,"w":66.12,"h":5,"size_pt":10,"align":"R"},{"role":"identity","text":"PY1ZAZM7G47A001GAG1","x":78,"y":283,"w":54,"h":4,"size_pt":9,"align":"C"},{"role":"head","text":"序号","x":18,"y":40,"w":10,"h":8,"size_pt":10.5,"align":"C"},{"role":"head","text":"姓名","x":28,"y":40,"w":24,"h":8,"size_pt":10.5,"align":"C"},{"role":"head","text":"单位（党组织）","x":52,"y":40,"w":72,"h":8,"size_pt":10.5,"align":"C"},{"role":"head","text":"好","x":124,"y":40,"w":17,"h":8,"size_pt":10.5,"align":"C"},{"role":"head","text":"较好","x":141,"y":40,"w":17,"h":8,"size_pt":10.5,"align":"C"},{"role":"head","text":"一般","x":158,"y":40,"w":17,"h":8,"size_pt":10.5,"align":"C"},{"role":"head","text":"差","x":175,"y":40,"w":17,"h":8,"size_pt":10.5,"align":"C"}]}]}');
CREATE TABLE prints (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  grp     TEXT NOT NULL,
  copies  INTEGER NOT NULL,
  PRIMARY KEY (meeting, grp)
) WITHOUT ROWID;
INSERT INTO prints VALUES('a7a2150b352b','A',10);
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
INSERT INTO ledger_entries VALUES('a7a2150b352b','east','A',0,'issued',4,'p1','p2');
INSERT INTO ledger_entries VALUES('a7a2150b352b','east','A',0,'not_returned',0,'p1','p2');
INSERT INTO ledger_entries VALUES('a7a2150b352b','east','A',0,'present',4,'p1','p2');
INSERT INTO ledger_entries VALUES('a7a2150b352b','east','A',0,'returned',4,'p1','p2');
INSERT INTO ledger_entries VALUES('a7a2150b352b','east','A',0,'spoiled',0,'p1','p2');
INSERT INTO ledger_entries VALUES('a7a2150b352b','main','A',0,'issued',5,'p1','p2');
INSERT INTO ledger_entries VALUES('a7a2150b352b','main','A',0,'not_returned',0,'p1','p2');
INSERT INTO ledger_entries VALUES('a7a2150b352b','main','A',0,'present',5,'p1','p2');
INSERT INTO ledger_entries VALUES('a7a2150b352b','main','A',0,'returned',5,'p1','p2');
INSERT INTO ledger_entries VALUES('a7a2150b352b','main','A',0,'spoiled',0,'p1','p2');
CREATE TABLE scanned (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  venues  TEXT NOT NULL,
  grp     TEXT NOT NULL,
  subject INTEGER NOT NULL,
  leaves  INTEGER NOT NULL CHECK (leaves >= 0),
  PRIMARY KEY (meeting, venues, grp, subject)
) WITHOUT ROWID;
INSERT INTO scanned VALUES('a7a2150b352b','east','A',0,4);
INSERT INTO scanned VALUES('a7a2150b352b','main','A',0,5);
CREATE TABLE voids (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  grp     TEXT NOT NULL,
  subject INTEGER NOT NULL,
  leaves  INTEGER NOT NULL CHECK (leaves >= 0),
  PRIMARY KEY (meeting, grp, subject)
) WITHOUT ROWID;
CREATE TABLE rejections (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  reason  TEXT NOT NULL,
  pages   INTEGER NOT NULL,
  PRIMARY KEY (meeting, reason)
) WITHOUT ROWID;
CREATE TABLE digests (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  digest  TEXT NOT NULL,
  PRIMARY KEY (meeting, digest)
) WITHOUT ROWID;
INSERT INTO digests VALUES('3fb3beed301f','ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb');
CREATE TABLE batches (
  id      TEXT PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES meetings (id),
  grp     TEXT NOT NULL,
  venues  TEXT NOT NULL,
  state   TEXT NOT NULL CHECK (state IN ('open', 'closing', 'closed')),
  leaves  INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
INSERT INTO batches VALUES('dc4fe9b8ec668d4548eef45a1a4125b9','a7a2150b352b','A','main','closed',5);
INSERT INTO batches VALUES('e91094bfd0b66f7bcf6bfbf2691b3be5','a7a2150b352b','A','east','closed',4);
INSERT INTO batches VALUES('ef92dd4ff04ee7d938f6f79e9707e2e0','3fb3beed301f','A','main','open',0);
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
INSERT INTO uploads VALUES('u1','ef92dd4ff04ee7d938f6f79e9707e2e0',1,'a.pdf','ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',1,-1,'');
CREATE TABLE spool_pages (
  upload   TEXT NOT NULL REFERENCES uploads (id),
  idx      INTEGER NOT NULL,
  batch    TEXT NOT NULL REFERENCES batches (id),
  reading  TEXT NOT NULL, -- ballot.PageReading as JSON
  verdicts TEXT NOT NULL,
  picture  TEXT NOT NULL,
  disposal TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (upload, idx)
) WITHOUT ROWID;
CREATE TABLE leaves (
  id      TEXT PRIMARY KEY,
  meeting TEXT NOT NULL REFERENCES meetings (id),
  form    TEXT NOT NULL REFERENCES forms (id),
  grp     TEXT NOT NULL,
  whole   INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO leaves VALUES('38b81560b6fad179a21e3f0bb64e0509','a7a2150b352b','Z04K8V11','A',1);
INSERT INTO leaves VALUES('5e245936ad661bd1b73f83280a243146','a7a2150b352b','Z04K8V11','A',1);
INSERT INTO leaves VALUES('6ab2affb4d9c3ef9a36d0e1b1383f9e3','a7a2150b352b','Z04K8V11','A',1);
INSERT INTO leaves VALUES('6e447b5539f76826eea33be920ea0f36','a7a2150b352b','Z04K8V11','A',1);
INSERT INTO leaves VALUES('71df8803d2483a567e16cc3801cb1084','a7a2150b352b','Z04K8V11','A',1);
INSERT INTO leaves VALUES('8ed5f2e7363eae11a8c30da61b2c93e3','a7a2150b352b','Z04K8V11','A',1);
INSERT INTO leaves VALUES('9d23f05c7eac597973aba1eb521bb86e','a7a2150b352b','Z04K8V11','A',1);
INSERT INTO leaves VALUES('be3f9dcde147fa61b6daba7d802df2ab','a7a2150b352b','Z04K8V11','A',1);
INSERT INTO leaves VALUES('faaece2d4b8a1954d182a98674ab93d7','a7a2150b352b','Z04K8V11','A',1);
CREATE TABLE pages (
  id        TEXT PRIMARY KEY, -- also the name of its picture
  leaf      TEXT NOT NULL REFERENCES leaves (id),
  meeting   TEXT NOT NULL REFERENCES meetings (id),
  form      TEXT NOT NULL REFERENCES forms (id),
  form_page INTEGER NOT NULL,
  grp       TEXT NOT NULL,
  reading   TEXT NOT NULL,
  verdicts  TEXT NOT NULL,
  unclear   INTEGER NOT NULL -- rows whose machine verdict is unclear
) WITHOUT ROWID;
INSERT INTO pages VALUES('00df6a7de541f6f9816fab3f5770832d','6e447b5539f76826eea33be920ea0f36','a7a2150b352b','Z04K8V11',1,'A','{"form":"Z04K8V11","form_page":1,"group":"A","rotation":180,"residual":0.04,"rows":[{"subject":1,"scores":[{"grade":"好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"较好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"一般","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"差","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0}],"shift":0},{"subject":2,"scores":[{"grade":"好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"较好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"一般","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"差","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0}],"shift":0}]}','[{"verdict":"grade","grade":"好"},{"verdict":"grade","grade":"好"}]',0);
INSERT INTO pages VALUES('08244c4c68240bd8fbf120225f7fd739','71df8803d2483a567e16cc3801cb1084','a7a2150b352b','Z04K8V11',1,'A','{"form":"Z04K8V11","form_page":1,"group":"A","rotation":180,"residual":0.04,"rows":[{"subject":1,"scores":[{"grade":"好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"较好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"一般","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"差","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0}],"shift":0},{"subject":2,"scores":[{"grade":"好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"较好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"一般","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"差","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0}],"shift":0}]}','[{"verdict":"unclear","reason":"faint_mark"},{"verdict":"grade","grade":"好"}]',1);
INSERT INTO pages VALUES('563cc24f7b63d410c8be6b89b97c225e','faaece2d4b8a1954d182a98674ab93d7','a7a2150b352b','Z04K8V11',1,'A','{"form":"Z04K8V11","form_page":1,"group":"A","rotation":180,"residual":0.04,"rows":[{"subject":1,"scores":[{"grade":"好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"较好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"一般","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"差","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0}],"shift":0},{"subject":2,"scores":[{"grade":"好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"较好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"一般","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"差","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0}],"shift":0}]}','[{"verdict":"grade","grade":"好"},{"verdict":"grade","grade":"好"}]',0);
INSERT INTO pages VALUES('63b039a7325ba52ac1e3393e7bc59496','38b81560b6fad179a21e3f0bb64e0509','a7a2150b352b','Z04K8V11',1,'A','{"form":"Z04K8V11","form_page":1,"group":"A","rotation":180,"residual":0.04,"rows":[{"subject":1,"scores":[{"grade":"好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"较好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"一般","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"差","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0}],"shift":0},{"subject":2,"scores":[{"grade":"好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"较好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"一般","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"差","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0}],"shift":0}]}','[{"verdict":"overvote"},{"verdict":"grade","grade":"较好"}]',0);
INSERT INTO pages VALUES('70251ac0306e2bf7cb2941008ab69c12','6ab2affb4d9c3ef9a36d0e1b1383f9e3','a7a2150b352b','Z04K8V11',1,'A','{"form":"Z04K8V11","form_page":1,"group":"A","rotation":180,"residual":0.04,"rows":[{"subject":1,"scores":[{"grade":"好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"较好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"一般","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"差","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0}],"shift":0},{"subject":2,"scores":[{"grade":"好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"较好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"一般","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"差","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0}],"shift":0}]}','[{"verdict":"grade","grade":"好"},{"verdict":"grade","grade":"较好"}]',0);
INSERT INTO pages VALUES('bb3c662b36cbd0613b9e6e078d7b2405','be3f9dcde147fa61b6daba7d802df2ab','a7a2150b352b','Z04K8V11',1,'A','{"form":"Z04K8V11","form_page":1,"group":"A","rotation":180,"residual":0.04,"rows":[{"subject":1,"scores":[{"grade":"好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"较好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"一般","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"差","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0}],"shift":0},{"subject":2,"scores":[{"grade":"好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"较好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"一般","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"差","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0}],"shift":0}]}','[{"verdict":"grade","grade":"好"},{"verdict":"grade","grade":"较好"}]',0);
INSERT INTO pages VALUES('c34f56b30a75585e68448f7303d19615','9d23f05c7eac597973aba1eb521bb86e','a7a2150b352b','Z04K8V11',1,'A','{"form":"Z04K8V11","form_page":1,"group":"A","rotation":180,"residual":0.04,"rows":[{"subject":1,"scores":[{"grade":"好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"较好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"一般","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"差","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0}],"shift":0},{"subject":2,"scores":[{"grade":"好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"较好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"一般","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"差","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0}],"shift":0}]}','[{"verdict":"grade","grade":"好"},{"verdict":"blank"}]',0);
INSERT INTO pages VALUES('cfafe7a39bee68414b8a4be2cf5135f2','8ed5f2e7363eae11a8c30da61b2c93e3','a7a2150b352b','Z04K8V11',1,'A','{"form":"Z04K8V11","form_page":1,"group":"A","rotation":180,"residual":0.04,"rows":[{"subject":1,"scores":[{"grade":"好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"较好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"一般","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"差","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0}],"shift":0},{"subject":2,"scores":[{"grade":"好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"较好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"一般","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"差","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0}],"shift":0}]}','[{"verdict":"grade","grade":"较好"},{"verdict":"grade","grade":"一般"}]',0);
INSERT INTO pages VALUES('e53c70dfd2f49f7635466f2993c7d9b3','5e245936ad661bd1b73f83280a243146','a7a2150b352b','Z04K8V11',1,'A','{"form":"Z04K8V11","form_page":1,"group":"A","rotation":180,"residual":0.04,"rows":[{"subject":1,"scores":[{"grade":"好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"较好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"一般","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"差","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0}],"shift":0},{"subject":2,"scores":[{"grade":"好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"较好","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"一般","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0},{"grade":"差","ink":3.25,"inside":0,"reach":0,"contrast":0,"strokes":0,"stray":0,"doubt":0,"outside":0,"specks":0,"faint":0}],"shift":0}]}','[{"verdict":"grade","grade":"差"},{"verdict":"grade","grade":"差"}]',0);
CREATE TABLE decisions (
  page    TEXT NOT NULL REFERENCES pages (id),
  subject INTEGER NOT NULL,
  person  TEXT NOT NULL,
  seq     INTEGER NOT NULL,
  body    TEXT NOT NULL, -- ballot.Decision as JSON
  PRIMARY KEY (page, subject, person, seq)
) WITHOUT ROWID;
INSERT INTO decisions VALUES('08244c4c68240bd8fbf120225f7fd739',1,'s1',1,'{"by":"s1","kind":"grade","grade":"差","reason":"看得清","verdict":{"verdict":"unclear","reason":"faint_mark"}}');
CREATE TABLE signatures (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  act     TEXT NOT NULL,
  person  TEXT NOT NULL,
  reason  TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (meeting, act, person)
) WITHOUT ROWID;
CREATE TABLE results (
  meeting TEXT NOT NULL REFERENCES meetings (id),
  number  INTEGER NOT NULL,
  body    TEXT NOT NULL, -- tally.Result as JSON
  PRIMARY KEY (meeting, number)
) WITHOUT ROWID;
INSERT INTO results VALUES('a7a2150b352b',1,'{"meeting":{"id":"a7a2150b352b","title":"述职评议会","organiser":"工委","date":"2026-12-01","version":1,"seal_hash":"53ba8ec16a2b772a5bc3d2316378f5615a6d1dd703e54496784795ba0e85f32d"},"rules":{"grades":["好","较好","一般","差"],"form":"roster","identity":"form_code","ticks_only":false,"overvote":"row_invalid","blank":"abstention","altered":"adjudicate","wholly_blank":"valid","same_grade":"flag","writing":"flag","quorum":{"num":2,"den":3},"denominator":"valid","decimals":2,"order":"roster","small_group":5,"two_adjudicators":false,"layout":{"paper":"A4","blocks":0,"instructions":"请在相应栏内划“√”，每人只选一项，多选无效。","comment_box":false}},"ledger_only":false,"groups":[{"code":"A","name":"工委委员","members":["A"],"weight":100}],"ledger":[{"group":"A","expected":9,"present":9,"issued":9,"spoiled":0,"not_returned":0,"returned":9,"valid":9,"invalid":0,"sentence":"应到 9 人，实到 9 人；发出评议票 9 张，收回 9 张，有效 9 张，无效 0 张。"}],"total":{"expected":9,"present":9,"issued":9,"spoiled":0,"not_returned":0,"returned":9,"valid":9,"invalid":0,"sentence":"应到 9 人，实到 9 人；发出评议票 9 张，收回 9 张，有效 9 张，无效 0 张。"},"warnings":[],"ranked_by":"good_rate","subjects":[{"no":1,"name":"张丁","org":"第1党支部","post":"书记","mode":"oral","overall":{"returned":9,"valid":9,"counts":[5,1,0,2],"blank":0,"invalid":1,"denominator":9,"rates":[{"num":5,"den":9,"text":"55.56"},{"num":1,"den":9,"text":"11.11"},{"num":0,"den":9,"text":"0.00"},{"num":2,"den":9,"text":"22.22"}],"blank_rate":{"num":0,"den":9,"text":"0.00"},"invalid_rate":{"num":1,"den":9,"text":"11.11"},"good":{"num":5,"den":9,"text":"55.56"}},"groups":[{"group":"A","returned":9,"valid":9,"counts":[5,1,0,2],"blank":0,"invalid":1,"denominator":9,"rates":[{"num":5,"den":9,"text":"55.56"},{"num":1,"den":9,"text":"11.11"},{"num":0,"den":9,"text":"0.00"},{"num":2,"den":9,"text":"22.22"}],"blank_rate":{"num":0,"den":9,"text":"0.00"},"invalid_rate":{"num":1,"den":9,"text":"11.11"},"good":{"num":5,"den":9,"text":"55.56"}}],"good":{"exact":"500/9","text":"55.56","weight":100},"rank":1,"alerts":[]},{"no":2,"name":"张丂","org":"第2党支部","post":"书记","mode":"oral","overall":{"returned":9,"valid":9,"counts":[3,3,1,1],"blank":1,"invalid":0,"denominator":9,"rates":[{"num":3,"den":9,"text":"33.33"},{"num":3,"den":9,"text":"33.33"},{"num":1,"den":9,"text":"11.11"},{"num":1,"den":9,"text":"11.11"}],"blank_rate":{"num":1,"den":9,"text":"11.11"},"invalid_rate":{"num":0,"den":9,"text":"0.00"},"good":{"num":3,"den":9,"text":"33.33"}},"groups":[{"group":"A","returned":9,"valid":9,"counts":[3,3,1,1],"blank":1,"invalid":0,"denominator":9,"rates":[{"num":3,"den":9,"text":"33.33"},{"num":3,"den":9,"text":"33.33"},{"num":1,"den":9,"text":"11.11"},{"num":1,"den":9,"text":"11.11"}],"blank_rate":{"num":1,"den":9,"text":"11.11"},"invalid_rate":{"num":0,"den":9,"text":"0.00"},"good":{"num":3,"den":9,"text":"33.33"}}],"good":{"exact":"100/3","text":"33.33","weight":100},"rank":2,"alerts":[]}],"summaries":[{"mode":"oral","subjects":2,"table":{"returned":18,"valid":18,"counts":[8,4,1,3],"blank":1,"invalid":1,"denominator":18,"rates":[{"num":8,"den":18,"text":"44.44"},{"num":4,"den":18,"text":"22.22"},{"num":1,"den":18,"text":"5.56"},{"num":3,"den":18,"text":"16.67"}],"blank_rate":{"num":1,"den":18,"text":"5.56"},"invalid_rate":{"num":1,"den":18,"text":"5.56"},"good":{"num":8,"den":18,"text":"44.44"}}},{"subjects":2,"table":{"returned":18,"valid":18,"counts":[8,4,1,3],"blank":1,"invalid":1,"denominator":18,"rates":[{"num":8,"den":18,"text":"44.44"},{"num":4,"den":18,"text":"22.22"},{"num":1,"den":18,"text":"5.56"},{"num":3,"den":18,"text":"16.67"}],"blank_rate":{"num":1,"den":18,"text":"5.56"},"invalid_rate":{"num":1,"den":18,"text":"5.56"},"good":{"num":8,"den":18,"text":"44.44"}}}],"distribution":[{"from":0,"to":10,"subjects":0},{"from":10,"to":20,"subjects":0},{"from":20,"to":30,"subjects":0},{"from":30,"to":40,"subjects":1},{"from":40,"to":50,"subjects":0},{"from":50,"to":60,"subjects":1},{"from":60,"to":70,"subjects":0},{"from":70,"to":80,"subjects":0},{"from":80,"to":90,"subjects":0},{"from":90,"to":100,"subjects":0}],"flags":[{"rule":"same_grade","leaves":3}],"invalid_by":[]}');
CREATE TABLE acts (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  time    TEXT NOT NULL,
  actor   TEXT NOT NULL,
  act     TEXT NOT NULL,
  meeting TEXT NOT NULL DEFAULT '',
  detail  TEXT NOT NULL DEFAULT ''
);
INSERT INTO acts VALUES(1,'2026-11-23T09:00:00Z','admin','create_meeting','a7a2150b352b','述职评议会');
INSERT INTO acts VALUES(2,'2026-11-23T09:00:00Z','admin','seal','a7a2150b352b','');
INSERT INTO acts VALUES(3,'2026-11-23T09:00:00Z','admin','open','a7a2150b352b','');
INSERT INTO acts VALUES(4,'2026-11-23T09:00:00Z','print','print','a7a2150b352b','A × 10');
INSERT INTO acts VALUES(5,'2026-11-23T09:00:00Z','p1','enter_ledger','a7a2150b352b','会场 main A票 spoiled 0');
INSERT INTO acts VALUES(6,'2026-11-23T09:00:00Z','p2','confirm_ledger','a7a2150b352b','会场 main A票 spoiled 0');
INSERT INTO acts VALUES(7,'2026-11-23T09:00:00Z','p1','enter_ledger','a7a2150b352b','会场 main A票 not_returned 0');
INSERT INTO acts VALUES(8,'2026-11-23T09:00:00Z','p2','confirm_ledger','a7a2150b352b','会场 main A票 not_returned 0');
INSERT INTO acts VALUES(9,'2026-11-23T09:00:00Z','p1','enter_ledger','a7a2150b352b','会场 main A票 present 5');
INSERT INTO acts VALUES(10,'2026-11-23T09:00:00Z','p2','confirm_ledger','a7a2150b352b','会场 main A票 present 5');
INSERT INTO acts VALUES(11,'2026-11-23T09:00:00Z','p1','enter_ledger','a7a2150b352b','会场 main A票 issued 5');
INSERT INTO acts VALUES(12,'2026-11-23T09:00:00Z','p2','confirm_ledger','a7a2150b352b','会场 main A票 issued 5');
INSERT INTO acts VALUES(13,'2026-11-23T09:00:00Z','p1','enter_ledger','a7a2150b352b','会场 main A票 returned 5');
INSERT INTO acts VALUES(14,'2026-11-23T09:00:00Z','p2','confirm_ledger','a7a2150b352b','会场 main A票 returned 5');
INSERT INTO acts VALUES(15,'2026-11-23T09:00:00Z','p1','enter_ledger','a7a2150b352b','会场 east A票 not_returned 0');
INSERT INTO acts VALUES(16,'2026-11-23T09:00:00Z','p2','confirm_ledger','a7a2150b352b','会场 east A票 not_returned 0');
INSERT INTO acts VALUES(17,'2026-11-23T09:00:00Z','p1','enter_ledger','a7a2150b352b','会场 east A票 present 4');
INSERT INTO acts VALUES(18,'2026-11-23T09:00:00Z','p2','confirm_ledger','a7a2150b352b','会场 east A票 present 4');
INSERT INTO acts VALUES(19,'2026-11-23T09:00:00Z','p1','enter_ledger','a7a2150b352b','会场 east A票 issued 4');
INSERT INTO acts VALUES(20,'2026-11-23T09:00:00Z','p2','confirm_ledger','a7a2150b352b','会场 east A票 issued 4');
INSERT INTO acts VALUES(21,'2026-11-23T09:00:00Z','p1','enter_ledger','a7a2150b352b','会场 east A票 returned 4');
INSERT INTO acts VALUES(22,'2026-11-23T09:00:00Z','p2','confirm_ledger','a7a2150b352b','会场 east A票 returned 4');
INSERT INTO acts VALUES(23,'2026-11-23T09:00:00Z','p1','enter_ledger','a7a2150b352b','会场 east A票 spoiled 0');
INSERT INTO acts VALUES(24,'2026-11-23T09:00:00Z','p2','confirm_ledger','a7a2150b352b','会场 east A票 spoiled 0');
INSERT INTO acts VALUES(25,'2026-11-23T09:00:00Z','scan','open_batch','a7a2150b352b','A main');
INSERT INTO acts VALUES(26,'2026-11-23T09:00:00Z','scan','close_batch','a7a2150b352b','A main: 5');
INSERT INTO acts VALUES(27,'2026-11-23T09:00:00Z','s1','decide','a7a2150b352b','');
INSERT INTO acts VALUES(28,'2026-11-23T09:00:00Z','scan','open_batch','a7a2150b352b','A east');
INSERT INTO acts VALUES(29,'2026-11-23T09:00:00Z','scan','close_batch','a7a2150b352b','A east: 4');
INSERT INTO acts VALUES(30,'2026-11-23T09:00:00Z','s1','balance','a7a2150b352b','');
INSERT INTO acts VALUES(31,'2026-11-23T09:00:00Z','s1','certify','a7a2150b352b','');
INSERT INTO acts VALUES(32,'2026-11-23T09:00:00Z','s2','certify','a7a2150b352b','');
INSERT INTO acts VALUES(33,'2026-11-23T09:00:00Z','admin','create_meeting','3fb3beed301f','述职评议会');
INSERT INTO acts VALUES(34,'2026-11-23T09:00:00Z','admin','seal','3fb3beed301f','');
INSERT INTO acts VALUES(35,'2026-11-23T09:00:00Z','admin','open','3fb3beed301f','');
INSERT INTO acts VALUES(36,'2026-11-23T09:00:00Z','scan','open_batch','3fb3beed301f','A main');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('goose_db_version',2);
INSERT INTO sqlite_sequence VALUES('acts',36);
CREATE INDEX forms_of_meeting ON forms (meeting);
CREATE INDEX batches_of_meeting ON batches (meeting);
CREATE INDEX uploads_of_batch ON uploads (batch);
CREATE INDEX spool_of_batch ON spool_pages (batch);
CREATE INDEX leaves_of_meeting ON leaves (meeting, id);
CREATE INDEX pages_of_meeting ON pages (meeting, id);
CREATE INDEX pages_of_leaf ON pages (leaf);
CREATE INDEX acts_of_meeting ON acts (meeting, id);
CREATE TRIGGER results_are_final BEFORE UPDATE ON results BEGIN SELECT RAISE(ABORT, 'a certified result never changes'); END;
CREATE TRIGGER readings_are_final BEFORE UPDATE OF reading, verdicts ON pages BEGIN SELECT RAISE(ABORT, 'a reading never changes'); END;
CREATE TRIGGER decisions_are_final BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'a decision never changes'); END;
CREATE TRIGGER acts_are_final BEFORE UPDATE ON acts BEGIN SELECT RAISE(ABORT, 'the log never changes'); END;
COMMIT;
