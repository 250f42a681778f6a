package store

import (
	"encoding/json"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
	"gorm.io/gorm/clause"

	"pingyi/ballot"
	"pingyi/ballot/evidence"
)

// kind is a part of what is kept of a meeting, digested as one.
type kind string

const (
	kindUsers       kind = "users"
	kindAccess      kind = "access" // what opens accounts beside their passwords
	kindMeeting     kind = "meeting"
	kindLedger      kind = "ledger"
	kindSignatures  kind = "signatures"
	kindResults     kind = "results"
	kindConclusions kind = "conclusions"
	kindForms       kind = "forms"
	kindBlanks      kind = "blanks"
	kindPages       kind = "pages"
	kindComments    kind = "comments"
	kindSerials     kind = "serials"
	kindAudit       kind = "audit"
	kindCVR         kind = "cvr"
	// Of what sheets that are scanned again are known by: a log from before it covered them has no digest until its next act.
	kindFingerprints kind = "fingerprints"
	kindDecisions    kind = "decisions"
	kindEntries      kind = "entries" // no rows: the salt of what certifying said of each decision
)

// part is what a kind covers: queries that take the meeting's id, in an order that random ids or names give. Small
// parts are digested with every act. Of large ones marks, which are counts, are looked at with every act, and rows
// where a mark has changed or where the act says so.
type part struct {
	queries []string
	marks   []string
}

// The log of a database that was upgraded goes on: a kind that it has entries of keeps its queries for ever, and what is
// new gets a kind of its own, of which there is nothing before anybody used it.
//
// parts leave out what is only there while work is under way (sessions, uploads and images of open batches, marks of
// closings).
var parts = map[kind]part{
	kindUsers: {queries: []string{"SELECT name, role, hash, disabled FROM users WHERE ?1 = '' ORDER BY name"}},
	kindAccess: {queries: []string{
		"SELECT name, own, set_at, factor, recovery FROM users WHERE ?1 = '' AND (own <> 0 OR set_at <> 0 OR factor <> '' OR recovery <> '') ORDER BY name",
		"SELECT digest, owner, label, scopes, stamp, expires FROM tokens WHERE ?1 = '' ORDER BY digest"}},
	kindMeeting: {queries: []string{"SELECT id, state, body FROM meetings WHERE id = ?1"}},
	kindLedger: {queries: []string{
		"SELECT meeting, venue, grp, subject, field, value, entered_by, confirmed_by FROM ledger_entries WHERE meeting = ?1 ORDER BY venue, grp, subject, field",
		"SELECT meeting, grp, copies FROM prints WHERE meeting = ?1 ORDER BY grp",
		"SELECT meeting, venues, grp, subject, leaves FROM scanned WHERE meeting = ?1 ORDER BY venues, grp, subject",
		"SELECT meeting, grp, subject, leaves FROM voids WHERE meeting = ?1 ORDER BY grp, subject",
		"SELECT meeting, reason, pages FROM rejections WHERE meeting = ?1 ORDER BY reason",
		"SELECT id, meeting, grp, venues, CASE state WHEN 'closing' THEN 'closed' ELSE state END, leaves FROM batches WHERE meeting = ?1 ORDER BY id",
		"SELECT digest FROM digests WHERE meeting = ?1 AND digest NOT IN (SELECT digest FROM uploads JOIN batches ON batches.id = uploads.batch WHERE batches.meeting = ?1) ORDER BY digest",
	}},
	kindSignatures:  {queries: []string{"SELECT meeting, act, person, reason FROM signatures WHERE meeting = ?1 ORDER BY act, person"}},
	kindResults:     {queries: []string{"SELECT meeting, number, body FROM results WHERE meeting = ?1 ORDER BY number"}},
	kindConclusions: {queries: []string{"SELECT subject, overall_grade, items FROM conclusions WHERE meeting = ?1 ORDER BY subject", "SELECT percent FROM overall_caps WHERE meeting = ?1"}},
	kindForms: {queries: []string{"SELECT id, meeting, grp, withdrawn, body FROM forms WHERE meeting = ?1 ORDER BY id"},
		marks: []string{"SELECT count(*) || '/' || total(withdrawn) FROM forms WHERE meeting = ?1"}},
	kindBlanks: {queries: []string{"SELECT grp, body FROM blanks WHERE meeting = ?1 ORDER BY grp", "SELECT grp, page, picture FROM blank_pages WHERE meeting = ?1 ORDER BY grp, page"},
		marks: []string{"SELECT count(*) FROM blanks WHERE meeting = ?1"}},
	kindPages: {queries: []string{
		"SELECT id, leaf, meeting, form, form_page, grp, verdicts, unclear, flags, image, reading FROM pages WHERE meeting = ?1 ORDER BY id",
		"SELECT id, meeting, form, grp, whole FROM leaves WHERE meeting = ?1 ORDER BY id",
		"SELECT meeting, number, thresholds FROM judgements WHERE meeting = ?1 ORDER BY number",
		"SELECT judged_pages.page, judged_pages.number, judged_pages.verdicts, judged_pages.unclear FROM judged_pages WHERE meeting = ?1 ORDER BY page, number"},
		marks: []string{"SELECT count(*) FROM pages WHERE meeting = ?1", "SELECT count(*) FROM leaves WHERE meeting = ?1", "SELECT count(*) FROM judgements WHERE meeting = ?1"}},
	kindComments: {queries: []string{"SELECT id, subject, proposal, standing, content, picture FROM comments WHERE meeting = ?1 ORDER BY id"},
		marks: []string{"SELECT count(*) || '/' || count(picture) FROM comments WHERE meeting = ?1"}},
	kindSerials: {queries: []string{"SELECT pseudonym, used FROM serials WHERE meeting = ?1 ORDER BY pseudonym"},
		marks: []string{"SELECT count(*) || '/' || total(used) FROM serials WHERE meeting = ?1"}},
	kindAudit: {queries: []string{"SELECT person, public FROM audit_keys WHERE meeting = ?1 ORDER BY person",
		"SELECT grp, number, batch, leaves, sealed FROM audit_piles WHERE meeting = ?1 ORDER BY grp, number",
		"SELECT bundle, person, sealed FROM audit_counts WHERE meeting = ?1 ORDER BY bundle, person", "SELECT body FROM audits WHERE meeting = ?1"}},
	kindCVR: {queries: []string{"SELECT asked_by, reason, confirmed_by, confirmed_at, digest, bytes FROM cvr_exports WHERE meeting = ?1"}},
	kindFingerprints: {queries: []string{"SELECT fingerprints.page, fingerprints.shapes FROM fingerprints JOIN pages ON pages.id = fingerprints.page WHERE pages.meeting = ?1 ORDER BY fingerprints.page"},
		marks: []string{"SELECT count(*) FROM fingerprints JOIN pages ON pages.id = fingerprints.page WHERE pages.meeting = ?1"}},
	kindDecisions: {queries: []string{decisionRows, asideRows}},
}

// Decisions and words about leaves, by random ids.
const (
	decisionRows = "SELECT decisions.page, decisions.subject, decisions.person, decisions.seq, decisions.body FROM decisions JOIN pages ON pages.id = decisions.page WHERE pages.meeting = ?1 ORDER BY decisions.page, decisions.subject, decisions.person, decisions.seq"
	asideRows    = "SELECT set_asides.leaf, set_asides.person, set_asides.seq, set_asides.aside, set_asides.reason FROM set_asides JOIN leaves ON leaves.id = set_asides.leaf WHERE leaves.meeting = ?1 ORDER BY set_asides.leaf, set_asides.person, set_asides.seq"
)

// kindsOf are the kinds of a meeting, or of accounts.
func kindsOf(meeting string) []kind {
	if meeting == "" {
		return []kind{kindUsers, kindAccess}
	}
	return []kind{kindMeeting, kindLedger, kindSignatures, kindResults, kindConclusions, kindForms, kindBlanks, kindPages, kindComments, kindSerials, kindAudit, kindCVR, kindFingerprints, kindDecisions}
}

// small tells whether a kind is digested with every act. Decisions never are: which acts say that decisions were made
// since the act before would tell from which batches the decided pages can be.
func (k kind) small() bool { return len(parts[k].marks) == 0 && k != kindDecisions }

type commitmentRow struct {
	Meeting string `gorm:"primaryKey"`
	Kind    kind   `gorm:"primaryKey"`
	Act     int64
	Salt    []byte
	Mark    string
}

func (commitmentRow) TableName() string { return "commitments" }

// committed is what the log says of a kind, and the salt to check it by.
type committed struct {
	commitmentRow
	value string
}

// holds tells whether a digest is what the log says.
func (c committed) holds(d tlog.Hash) bool { return evidence.Commit(c.Salt, d) == c.value }

func (t *Tx) digest(k kind, meeting string) (tlog.Hash, error) {
	var roots []tlog.Hash
	for _, q := range parts[k].queries {
		root, err := t.rows(q, meeting)
		if err != nil {
			return tlog.Hash{}, err
		}
		roots = append(roots, root)
	}
	return evidence.Root(roots), nil
}

func (t *Tx) marks(k kind, meeting string) (string, error) {
	var out []string
	for _, q := range parts[k].marks {
		var mark string
		if err := t.db.Raw(q, meeting).Row().Scan(&mark); err != nil {
			return "", err
		}
		out = append(out, mark)
	}
	return strings.Join(out, " "), nil
}

// commitments are what the log says of a meeting, by kind.
func (t *Tx) commitments(meeting string) (map[kind]committed, error) {
	var rows []commitmentRow
	if err := t.db.Where("meeting = ?", meeting).Find(&rows).Error; err != nil {
		return nil, err
	}
	facts := map[int64]map[string]json.RawMessage{}
	out := map[kind]committed{}
	for _, r := range rows {
		if facts[r.Act] == nil {
			a, err := one[actRow](t.db, "row", "id = ?", r.Act)
			if err != nil {
				return nil, err
			}
			if facts[r.Act], err = factsOf(a.Facts); err != nil {
				return nil, err
			}
		}
		c := committed{r, ""}
		if v := facts[r.Act][string(r.Kind)]; v != nil {
			if err := json.Unmarshal(v, &c.value); err != nil {
				return nil, err
			}
		}
		out[r.Kind] = c
	}
	return out, nil
}

// differing gives the kinds whose rows are not those that the log says.
func (t *Tx) differing(meeting string, kinds ...kind) (out []kind, err error) {
	now, err := t.commitments(meeting)
	if err != nil {
		return nil, err
	}
	return t.against(now, meeting, kinds...)
}

func (t *Tx) against(now map[kind]committed, meeting string, kinds ...kind) (out []kind, err error) {
	for _, k := range kinds {
		d, err := t.digest(k, meeting)
		if err != nil {
			return nil, err
		}
		if c, known := now[k]; known && !c.holds(d) || !known && d != nothing(k) && k != kindFingerprints {
			out = append(out, k)
		}
	}
	return out, nil
}

// look compares the small parts of a meeting, and the large ones whose marks differ, before a transaction changes any, with
// what the log says: a later digest must not make a change good that did not come this way. What differs stands in the
// act's entry for ever.
func (t *Tx) look(meeting string) error {
	if t.reads || t.outside[meeting] != nil {
		return nil
	}
	now, err := t.commitments(meeting)
	if err != nil {
		return err
	}
	var kinds []kind
	for _, k := range kindsOf(meeting) {
		mark, err := t.marks(k, meeting)
		if err != nil {
			return err
		}
		if k.small() || k != kindDecisions && mark != now[k].Mark {
			kinds = append(kinds, k)
		}
	}
	found, err := t.against(now, meeting, kinds...)
	t.outside[meeting] = append([]kind{}, found...)
	return err
}

// touch says that the transaction is about to change large parts of a meeting: they are compared before.
func (t *Tx) touch(meeting string, kinds ...kind) error {
	if slices.Contains(kinds, kindPages) {
		kinds = append(kinds, kindFingerprints)
	}
	found, err := t.differing(meeting, kinds...)
	t.outside[meeting] = append(t.outside[meeting], found...)
	t.mark(meeting, kinds...)
	return err
}

// mark has the next act digest these parts, whatever their marks say.
func (t *Tx) mark(meeting string, kinds ...kind) {
	if t.touched[meeting] == nil {
		t.touched[meeting] = map[kind]bool{}
	}
	for _, k := range kinds {
		t.touched[meeting][k] = true
	}
}

// whole refuses an act that vouches for what is kept where that is not what the log says.
func (t *Tx) whole(meeting string) error {
	if err := t.sound(); err != nil {
		return err
	}
	found, err := t.differing(meeting, slices.DeleteFunc(kindsOf(meeting), func(k kind) bool { return k == kindDecisions })...)
	if err != nil {
		return err
	}
	sealed, err := t.sealedAsKept(meeting)
	if err != nil {
		return err
	}
	if !sealed {
		found = append(found, kindDecisions)
	}
	return changedOutside(found...)
}

// changedOutside names what is not as the log says, if anything.
func changedOutside(found ...kind) error {
	if len(found) == 0 {
		return nil
	}
	zh, en := make([]string, len(found)), make([]string, len(found))
	for i, k := range found {
		zh[i], en[i] = k.chinese(), string(k)
	}
	return ballot.Errorf(CodeEvidence, "保存的内容与存证记录不符（%[1]s），可能被人从系统之外改动：请停止操作，用 pingyi verify 核对", "what is kept is not what the log says (%[2]s): it was changed from outside; stop, and see pingyi verify",
		strings.Join(zh, "、"), strings.Join(en, ", "))
}

// sealedAsKept tells whether a meeting's decisions are those that the log's head is signed over.
func (t *Tx) sealedAsKept(meeting string) (bool, error) {
	var sealed []sealedRow
	if err := t.db.Where("meeting = ?", meeting).Find(&sealed).Error; err != nil {
		return false, err
	}
	d, err := t.digest(kindDecisions, meeting)
	if err != nil {
		return false, err
	}
	if len(sealed) == 0 {
		return d == nothing(kindDecisions), nil
	}
	return string(sealed[0].Digest) == string(d[:]), nil
}

// nothing is the digest of a kind of which there is nothing.
func nothing(k kind) tlog.Hash {
	roots := make([]tlog.Hash, len(parts[k].queries))
	for i := range roots {
		roots[i] = evidence.Root(nil)
	}
	return evidence.Root(roots)
}

// commit adds to an act's facts the salted digests of all parts that have changed; save keeps their salts.
func (t *Tx) commit(act int64, meeting string, facts map[string]any) (save func() error, err error) {
	now, err := t.commitments(meeting)
	if err != nil {
		return nil, err
	}
	var rows []commitmentRow
	for _, k := range kindsOf(meeting) {
		mark, err := t.marks(k, meeting)
		if err != nil {
			return nil, err
		}
		if !k.small() && !t.touched[meeting][k] && (k == kindDecisions || mark == now[k].Mark) {
			continue
		}
		d, err := t.digest(k, meeting)
		if err != nil {
			return nil, err
		}
		if !t.touched[meeting][k] && now[k].holds(d) {
			continue
		}
		salt, err := t.salt()
		if err != nil {
			return nil, err
		}
		facts[string(k)] = evidence.Commit(salt, d)
		rows = append(rows, commitmentRow{meeting, k, act, salt, mark})
	}
	if t.rowSalt != nil {
		rows, t.rowSalt = append(rows, commitmentRow{meeting, kindEntries, act, t.rowSalt, ""}), nil
	}
	if found := t.outside[meeting]; len(found) > 0 {
		facts["changed_outside"] = found
	}
	t.outside[meeting], t.touched[meeting] = []kind{}, nil
	return func() error {
		if len(rows) == 0 {
			return nil
		}
		return t.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&rows).Error
	}, nil
}

func (k kind) chinese() string {
	return map[kind]string{kindUsers: "用户", kindAccess: "登录凭据", kindMeeting: "会议设置", kindLedger: "台账", kindSignatures: "签认", kindResults: "计票结果", kindConclusions: "综合评价",
		kindForms: "表样", kindBlanks: "自制空白票", kindPages: "票面识读", kindComments: "意见", kindSerials: "流水号", kindAudit: "复点", kindCVR: "单张票导出", kindFingerprints: "重复票比对数据", kindDecisions: "复核裁定", kindEntries: "裁定条目"}[k]
}
