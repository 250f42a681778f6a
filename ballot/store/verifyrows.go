package store

import (
	"encoding/json"
	"fmt"
	"reflect"

	"pingyi/ballot"
	"pingyi/ballot/evidence"
	"pingyi/tally"
)

// states reports what entries say themselves of changes that came from outside.
func (v *verifier) states() error {
	for i, f := range v.facts {
		if found, ok := f["changed_outside"].([]any); ok {
			for _, k := range found {
				v.fault("第 %[1]d 条记录写明：此前%[2]s被人从系统之外改动过", "act %[1]d says that before it %[3]v was changed from outside", v.acts[i].ID, kind(fmt.Sprint(k)).chinese(), k)
			}
		}
	}
	return nil
}

func (v *verifier) users() error { return v.parts("", nil) }

// meetings checks each meeting that there is, and each that the log knows.
func (v *verifier) meetings() error {
	var rows []meetingRow
	if err := v.db.Order("id").Find(&rows).Error; err != nil {
		return err
	}
	there := map[string]bool{"": true}
	for _, r := range rows {
		there[r.ID] = true
	}
	for _, a := range v.acts {
		if !there[a.Meeting] {
			there[a.Meeting] = true
			v.fault("会议 %s 有操作记录，却不在数据库里", "meeting %s is in the log and not in the database", a.Meeting)
		}
	}
	for _, r := range rows {
		if err := v.meeting(r); err != nil {
			return fmt.Errorf("meeting %s: %w", r.ID, err)
		}
	}
	return nil
}

func (v *verifier) meeting(r meetingRow) error {
	m, err := decode[ballot.Meeting](r.Body)
	if err != nil {
		v.fault("会议 %s 无法读出", "meeting %s cannot be read", r.ID)
		return nil //nolint:nilerr // a finding
	}
	before := len(v.Faults)
	if err := v.parts(r.ID, &m); err != nil {
		return err
	}
	for _, step := range []func(*ballot.Meeting) error{v.sealed, v.decided, v.pictures, v.recount, v.audited, v.exported, v.destruction} {
		if err := step(&m); err != nil {
			return err
		}
	}
	if len(v.Faults) == before {
		v.ok("会议 %s“%s”（%s）：设置、表样、台账、票面、裁定、结果均与存证相符", "meeting %s %q (%s): set-up, forms, ledger, pages, decisions and results are as the log says", m.ID, m.Title, stateText(m.State))
	}
	return nil
}

// stateText stands in both languages.
func stateText(s ballot.State) string { return s.Chinese() + " " + string(s) }

// parts compares each part of a meeting, or the accounts, with the last digest that the log has of it.
func (v *verifier) parts(meeting string, m *ballot.Meeting) error {
	last := map[kind]int{} // places in acts
	for i, a := range v.acts {
		if a.Meeting != meeting {
			continue
		}
		for _, k := range kindsOf(meeting) {
			if v.facts[i][string(k)] != nil {
				last[k] = i
			}
		}
	}
	var rows []commitmentRow
	if err := v.db.Where("meeting = ?", meeting).Find(&rows).Error; err != nil {
		return err
	}
	salts := map[kind]commitmentRow{}
	for _, r := range rows {
		salts[r.Kind] = r
	}
	for _, k := range kindsOf(meeting) {
		if k == kindDecisions && (m == nil || !decidedState(m.State)) {
			continue // they change; the head is signed over them
		}
		d, err := v.digest(k, meeting)
		if err != nil {
			return err
		}
		at, known := last[k]
		switch {
		case !known && (d == nothing(k) || k == kindFingerprints): // nor has a database from before there was this kind
		case !known:
			v.fault("存证里没有%[1]s的%[2]s", "the log says nothing of %[4]s of %[3]s", of(meeting), k.chinese(), ofEnglish(meeting), string(k))
		case salts[k].Act != v.acts[at].ID:
			v.fault("%[1]s的%[2]s缺少核对所需的盐，或其记录被换", "%[4]s of %[3]s lacks the salt to check it by, or its entry was exchanged", of(meeting), k.chinese(), ofEnglish(meeting), string(k))
		case evidence.Commit(salts[k].Salt, d) != v.facts[at][string(k)]:
			v.fault("%[1]s的%[2]s与第 %[5]d 条记录（%[6]s）所存的不符：内容被改动、增加或删除", "%[4]s of %[3]s is not what act %[5]d (%[6]s) says: something was changed, added or deleted", of(meeting), k.chinese(), ofEnglish(meeting), string(k), v.acts[at].ID, v.acts[at].Act)
		}
	}
	return nil
}

func of(meeting string) string {
	if meeting == "" {
		return "系统"
	}
	return "会议 " + meeting + " "
}

func ofEnglish(meeting string) string {
	if meeting == "" {
		return "the installation"
	}
	return "meeting " + meeting
}

// decidedState tells whether decisions are closed, so that the log has them.
func decidedState(s ballot.State) bool {
	return s == ballot.Balanced || final(s)
}

// sealed compares the decisions with what the head is signed over.
func (v *verifier) sealed(m *ballot.Meeting) error {
	kept, err := v.sealedAsKept(m.ID)
	if err == nil && !kept {
		v.fault("会议 %s 的复核裁定与签名时的不符", "the decisions of meeting %s are not those that were signed", m.ID)
	}
	return err
}

// decided compares each decision with its entry of the last certification, where no later one is under way.
func (v *verifier) decided(m *ballot.Meeting) error {
	at := -1
	for i, a := range v.acts {
		if a.Meeting == m.ID && v.facts[i]["decided"] != nil {
			at = i
		}
	}
	if at < 0 || m.State == ballot.Open || m.State == ballot.Balanced || v.destroyed(m.ID) > 0 {
		return nil
	}
	var salt commitmentRow
	if err := v.db.Where("meeting = ? AND kind = ?", m.ID, kindEntries).Take(&salt).Error; err != nil {
		v.fault("会议 %s 缺少核对裁定条目所需的盐", "meeting %s lacks the salt of its entries of decisions", m.ID)
		return nil //nolint:nilerr // a finding
	}
	rows, err := v.decidedRows(m.ID)
	if err != nil {
		v.fault("会议 %s 有裁定无法读出", "a decision of meeting %s cannot be read", m.ID)
		return nil //nolint:nilerr // a finding
	}
	n, _ := v.facts[at]["decided"].(float64)
	if len(rows) != int(n) || at < len(rows) {
		v.fault("会议 %[1]s 有裁定 %[2]d 条，确认结果时有 %[3]d 条", "meeting %[1]s has %[2]d decisions, and had %[3]d when it was certified", m.ID, len(rows), int(n))
		return nil
	}
	for i, r := range rows {
		e := v.acts[at-len(rows)+i]
		if e.Act != r.act || e.Actor != r.person || e.Detail != r.reason || e.Meeting != m.ID || v.facts[at-len(rows)+i]["row"] != r.digest(salt.Salt) {
			v.fault("会议 %s 的一条裁定与第 %d 条记录不符", "a decision of meeting %s is not what act %d says", m.ID, e.ID)
		}
	}
	return nil
}

// destroyed is the act that destroyed a meeting's ballots; 0 where they are kept.
func (v *verifier) destroyed(meeting string) int64 {
	for _, a := range v.acts {
		if a.Meeting == meeting && a.Act == actDestroy {
			return a.ID
		}
	}
	return 0
}

// actDestroy deletes the ballots of an archived meeting.
const actDestroy = "destroy_ballots"

// pictures compares the pictures of pages with their digests.
func (v *verifier) pictures(m *ballot.Meeting) error {
	if n := v.destroyed(m.ID); n > 0 {
		v.ok("会议 %s 的票面与图片已按第 %d 条记录销毁", "pages and pictures of meeting %s were destroyed by act %d", m.ID, n)
		return nil
	}
	if v.outside.Pictures == nil {
		return nil
	}
	found, err := v.outside.Pictures(m.ID)
	if err != nil {
		return err
	}
	var rows []pageRow
	if err := v.db.Select("id", "image").Where("meeting = ?", m.ID).Order("id").Find(&rows).Error; err != nil {
		return err
	}
	missing, changed, older := 0, 0, 0
	for _, r := range rows {
		digest, there := found[r.ID]
		delete(found, r.ID)
		switch {
		case !there:
			missing++
		case r.Image == "":
			older++
		case digest != r.Image:
			changed++
		}
	}
	if missing+changed+len(found) > 0 {
		v.fault("会议 %s 的票面图片：缺少 %d 张，被换或被改 %d 张，多出 %d 张", "pictures of meeting %s: %d missing, %d exchanged or changed, %d too many", m.ID, missing, changed, len(found))
	}
	if older > 0 {
		v.ok("会议 %s 有 %d 张图片是有存证之前的，不能核对", "%[2]d pictures of meeting %[1]s are from before the log and cannot be compared", m.ID, older)
	}
	return nil
}

// recount counts the rows anew and compares with what was certified.
func (v *verifier) recount(m *ballot.Meeting) error {
	if !final(m.State) {
		return nil
	}
	last, err := found[resultRow](v.db.Order("number DESC"), "meeting = ?", m.ID)
	if err != nil {
		return err
	}
	if last == nil {
		v.fault("会议 %s 没有结果", "meeting %s has no result", m.ID)
		return nil
	}
	if n := v.destroyed(m.ID); n > 0 {
		v.ok("会议 %s 的结果只按摘要核对：票已由第 %d 条记录销毁，不能重算", "the result of meeting %s is checked by its digest alone: its ballots were destroyed by act %d", m.ID, n)
		return nil
	}
	again, err := v.counted(*m)
	if err != nil {
		v.fault("会议 %s 按现有各行算不出结果：%s", "meeting %s cannot be counted from its rows: %s", m.ID, err)
		return nil
	}
	if !holds(last.Body, encode(again)) {
		v.fault("会议 %s 按现有各行重算的结果与确认的不同", "the result of meeting %s counted anew from its rows is not the certified one", m.ID)
	}
	return nil
}

// counted counts a meeting whose rows may be anything: what the store itself never writes must not end the check.
func (v *verifier) counted(m ballot.Meeting) (r *tally.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("rows that do not belong together: %v", p)
		}
	}()
	return v.count(m)
}

// holds tells whether all that one JSON text says stands in another, which may say more: a later program's figures.
// Sentences are left out: they only say the figures beside them, and another program may word them otherwise.
func holds(certified, again string) bool {
	var a, b any
	if json.Unmarshal([]byte(certified), &a) != nil || json.Unmarshal([]byte(again), &b) != nil {
		return false
	}
	return within(a, b)
}

func within(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		of, ok := b.(map[string]any)
		if !ok {
			return false
		}
		delete(a, "sentence")
		for key, x := range a {
			if y, there := of[key]; !there || !within(x, y) {
				return false
			}
		}
		return true
	case []any:
		of, ok := b.([]any)
		if !ok || len(of) != len(a) {
			return false
		}
		for i := range a {
			if !within(a[i], of[i]) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a, b)
}

// audited compares an audit's commitment with the result that it was about, the first that was certified.
func (v *verifier) audited(m *ballot.Meeting) error {
	if !final(m.State) {
		return nil
	}
	a, err := v.audit(m.ID)
	if err != nil || a.Commitment == "" {
		return err
	}
	first, err := found[resultRow](v.db, "meeting = ? AND number = 1", m.ID)
	if err != nil || first == nil { // destroyed with the ballots, where another took its place
		return err
	}
	r, err := decode[tally.Result](first.Body)
	if err != nil {
		return err
	}
	if commitmentOf(a, &r) != a.Commitment {
		v.fault("会议 %s 复点前固定的不是这个结果", "the audit of meeting %s was of another result", m.ID)
	}
	return nil
}
