package ballot

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// LedgerField is one number of a ledger line that people count by hand.
type LedgerField string

// The fields typed from hand counts, each by two persons. Expected comes from the roll; scanned, valid
// and invalid are counted by Pingyi. Neither source ever fills the other.
const (
	Present     LedgerField = "present"
	Issued      LedgerField = "issued"
	Spoiled     LedgerField = "spoiled"
	NotReturned LedgerField = "not_returned"
	Returned    LedgerField = "returned"
)

// LedgerFields lists the typed fields in the order of the work.
func LedgerFields() []LedgerField {
	return []LedgerField{Present, Issued, Spoiled, NotReturned, Returned}
}

// Chinese is the field's name on the ledger.
func (f LedgerField) Chinese() string {
	names := map[LedgerField]string{Present: "实到", Issued: "发出", Spoiled: "作废", NotReturned: "未收回", Returned: "收回"}
	if name, ok := names[f]; ok {
		return name
	}
	return string(f)
}

// LedgerEntry is one typed number with the two persons who vouch for it.
type LedgerEntry struct {
	LedgerKey
	Field       LedgerField `json:"field"`
	Value       int         `json:"value"`
	EnteredBy   string      `json:"entered_by"`
	ConfirmedBy string      `json:"confirmed_by,omitempty"`
	Differs     bool        `json:"differs,omitempty"` // a second person counted another number since it was entered
}

// LedgerLine is one line: what people counted, and what Pingyi counted. Expected and Present are people; what was issued,
// spoiled and returned is counted in leaves of paper.
type LedgerLine struct {
	LedgerKey
	Expected int                 `json:"expected"`                                  // 应到, from the roll
	Spares   int                 `json:"spares"`                                    // ballots printed beyond those expected
	Leaves   int                 `json:"leaves,omitempty" doc:"leaves of a ballot"` // 0 is 1
	Typed    map[LedgerField]int `json:"typed"`
	Pending  []LedgerField       `json:"pending,omitempty"` // typed but not confirmed, or missing
}

// Ledger is all lines with what was scanned. Scanned leaves are counted per set of venues, since a
// small stack is pooled with another venue's before feeding: the key is the venue codes joined by "+".
type Ledger struct {
	Lines      []LedgerLine   `json:"lines"`
	Scanned    []ScannedCount `json:"scanned"`
	Valid      []GroupCount   `json:"valid" doc:"told to scrutineers alone"`
	Invalid    []GroupCount   `json:"invalid" doc:"told to scrutineers alone"`
	Unresolved int            `json:"unresolved" doc:"rows, rejected pages and open batches that wait; to others than scrutineers 1 where anything waits"`
	Numbered   []GroupCount   `json:"numbered,omitempty"` // in serial mode: leaves with an id of their own
	// Destroyed: the ballots are gone. Valid and Invalid are by groups as they were counted, so that lines can no
	// longer be held against them; the meeting balanced before it was certified.
	Destroyed bool `json:"destroyed,omitempty"`
	// Venues name the venues of breaks for people; one that is not here is named by its code.
	Venues []Venue `json:"-"`
}

// ScannedCount is the leaves that closed batches of these venues delivered.
type ScannedCount struct {
	Venues  string `json:"venues"`
	Group   string `json:"group"`
	Subject int    `json:"subject,omitempty"`
	Leaves  int    `json:"leaves"`
}

// GroupCount is a number of leaves per group (and subject on single forms).
type GroupCount struct {
	Group   string `json:"group"`
	Subject int    `json:"subject,omitempty"`
	Leaves  int    `json:"leaves"`
}

// VenueSet is the key of a pooled batch: sorted venue codes joined by "+".
func VenueSet(codes []string) string {
	s := append([]string(nil), codes...)
	sort.Strings(s)
	return strings.Join(s, "+")
}

// Balance checks every line and sum of the ledger. It returns nil only where all of them hold and
// nothing is unresolved; otherwise each break is an Error with CodeUnbalanced (or CodeUnresolved) that
// names its line, all joined.
func (l Ledger) Balance() error {
	if l.Destroyed {
		return nil
	}
	var breaks []error
	fail := func(at Break, zh, en string, args ...any) {
		e := Errorf(CodeUnbalanced, zh, en, args...)
		if at.Group != "" {
			line := at.Named(l.Venues)
			e.Chinese, e.English = line.Chinese()+"："+e.Chinese, line.English()+": "+e.English
		}
		e.Break = &at
		breaks = append(breaks, e)
	}
	if len(l.Lines) == 0 {
		fail(Break{Kind: BreakNoLine}, "台账没有任何一行", "the ledger has no line")
	}
	seen := map[LedgerKey]bool{}
	for _, line := range l.Lines {
		if seen[line.LedgerKey] {
			fail(Break{BreakTwice, line.LedgerKey}, "重复的行", "the line stands twice")
		}
		seen[line.LedgerKey] = true
		line.check(fail)
	}
	l.checkSpares(fail)
	l.checkPrinted(fail)
	l.checkScanned(fail)
	l.checkCounted(fail)
	if l.Unresolved > 0 {
		e := Errorf(CodeUnresolved, "还有待处理的：待复核的行、退回的票面或未关闭的批次",
			"something still waits for a person: unclear rows, rejected pages, open batches")
		e.Break = &Break{Kind: BreakUnresolved}
		breaks = append(breaks, e)
	}
	return errors.Join(breaks...)
}

// BreakKind names what does not balance. The names are stable.
type BreakKind string

// The kinds of breaks.
const (
	BreakNoLine     BreakKind = "no_line"
	BreakTwice      BreakKind = "line_twice"
	BreakNegative   BreakKind = "negative"
	BreakPending    BreakKind = "pending"    // a number is not typed and confirmed by two persons
	BreakPresent    BreakKind = "present"    // more present than expected
	BreakIssued     BreakKind = "issued"     // more issued than present, and spares
	BreakSpares     BreakKind = "spares"     // so it is over all venues together, of which each alone could have had the spares
	BreakPrinted    BreakKind = "printed"    // in serial mode: more issued than were printed with a serial
	BreakSum        BreakKind = "sum"        // issued is not returned + spoiled + not returned
	BreakReturned   BreakKind = "returned"   // more returned than issued
	BreakSurplus    BreakKind = "surplus"    // more returned than present, though issued
	BreakScanned    BreakKind = "scanned"    // returned by hand and scanned leaves differ
	BreakCounted    BreakKind = "counted"    // scanned leaves and valid + invalid differ
	BreakUnresolved BreakKind = "unresolved" // things wait for a person
)

// Break is where and how a ledger does not balance. Of pooled stacks the venue is a VenueSet.
type Break struct {
	Kind BreakKind `json:"kind"`
	LedgerKey
}

// A failer takes a break; the line that it is on is named before the text.
type failer func(at Break, zh, en string, args ...any)

func (line LedgerLine) check(fail failer) {
	t := line.Typed
	pending := append([]LedgerField(nil), line.Pending...)
	for _, f := range LedgerFields() {
		n, typed := t[f]
		if !typed && !slices.Contains(pending, f) {
			pending = append(pending, f) // a number that nobody typed is not zero
		}
		if n < 0 {
			fail(Break{BreakNegative, line.LedgerKey}, "%[1]s为负数 %[3]d", "%[2]s is negative: %[3]d", f.Chinese(), f, n)
		}
	}
	if len(pending) > 0 {
		var zh, en []string
		for _, f := range pending {
			zh, en = append(zh, f.Chinese()), append(en, string(f))
		}
		fail(Break{BreakPending, line.LedgerKey}, "%[1]s尚未由两人录入并确认", "%[2]s not entered and confirmed by two persons", strings.Join(zh, "、"), strings.Join(en, ", "))
		return
	}
	if t[Present] > line.Expected {
		fail(Break{BreakPresent, line.LedgerKey}, "实到 %d 多于应到 %d", "present %d exceeds expected %d", t[Present], line.Expected)
	}
	zh, en := line.ofLeaves()
	if t[Issued] > line.leavesOf(t[Present]+line.Spares) {
		fail(Break{BreakIssued, line.LedgerKey}, "发出 %d 多于实到 %d 加备用 %d"+zh, "issued %d exceeds present %d plus spares %d"+en, t[Issued], t[Present], line.Spares)
	}
	if t[Issued] != t[Returned]+t[Spoiled]+t[NotReturned] {
		fail(Break{BreakSum, line.LedgerKey}, "发出 %d ≠ 收回 %d + 作废 %d + 未收回 %d", "issued %d is not returned %d + spoiled %d + not returned %d",
			t[Issued], t[Returned], t[Spoiled], t[NotReturned])
	}
	switch {
	case t[Returned] > t[Issued]:
		fail(Break{BreakReturned, line.LedgerKey}, "收回 %d 多于发出 %d，应停止计票并重新投票", "returned %d exceeds issued %d: stop, and vote again", t[Returned], t[Issued])
	case t[Returned] > line.leavesOf(t[Present]):
		fail(Break{BreakSurplus, line.LedgerKey}, "收回 %d 多于实到 %d：一人只投一份票"+zh, "returned %d exceeds present %d: a person has one ballot"+en, t[Returned], t[Present])
	}
}

// leavesOf is the leaves of paper of so many ballots.
func (line LedgerLine) leavesOf(ballots int) int { return ballots * max(1, line.Leaves) }

// ofLeaves explains numbers of leaves beside numbers of people, where a ballot is several leaves.
func (line LedgerLine) ofLeaves() (zh, en string) {
	if line.Leaves <= 1 {
		return "", ""
	}
	return fmt.Sprintf("（每份票 %d 张纸）", line.Leaves), fmt.Sprintf(" (a ballot is %d leaves)", line.Leaves)
}

// ReturnedAgainst sums the hand counts of returned leaves and the scanned leaves over all venues whose
// stacks were pooled, directly or through each other, with those of venues (codes joined by "+"), for one
// group and subject. missing tells that a returned count is not entered and confirmed yet.
func ReturnedAgainst(lines []LedgerLine, scanned []ScannedCount, venues, group string, subject int) (returned, leaves int, missing bool) {
	p := newPools()
	for _, s := range scanned {
		p.join(strings.Split(s.Venues, "+"), s.Leaves)
	}
	root := p.root(strings.Split(venues, "+")[0])
	for _, line := range lines {
		if line.Group != group || line.Subject != subject || p.root(line.Venue) != root {
			continue
		}
		n, ok := line.Typed[Returned]
		missing = missing || !ok
		returned += n
	}
	return returned, p.scanned[root], missing
}

// AllScanned tells whether every returned leaf that was counted by hand has been scanned.
func (l Ledger) AllScanned() bool {
	all := true
	for _, line := range l.Lines {
		_, typed := line.Typed[Returned]
		all = all && (typed || line.Expected == 0)
	}
	l.checkScanned(func(Break, string, string, ...any) { all = false })
	return all
}

// checkSpares checks that all venues together gave out no more beyond those present than there are spares: each line is
// held against all of them. A line that has too many alone is named by itself.
func (l Ledger) checkSpares(fail failer) {
	sums, alone := map[LedgerKey]int{}, map[LedgerKey]bool{}
	for _, line := range l.Lines {
		if _, counted := line.Typed[Present]; counted {
			at, beyond := LedgerKey{Group: line.Group, Subject: line.Subject}, max(0, line.Typed[Issued]-line.leavesOf(line.Typed[Present]))
			sums[at] += beyond
			alone[at] = alone[at] || beyond > line.leavesOf(line.Spares)
		}
	}
	for _, line := range l.Lines {
		at := LedgerKey{Group: line.Group, Subject: line.Subject}
		if sums[at] > line.leavesOf(line.Spares) && !alone[at] {
			zh, en := line.ofLeaves()
			fail(Break{BreakSpares, at}, "各会场发出多于实到的共 %d 张，多于备用 %d"+zh, "%d issued beyond those present at all venues, exceeding spares %d"+en, sums[at], line.Spares)
			delete(sums, at) // told once
		}
	}
}

// checkPrinted checks, in serial mode, that no more ballots were given out than have ids.
func (l Ledger) checkPrinted(fail failer) {
	issued := map[GroupCount]int{}
	for _, line := range l.Lines {
		issued[GroupCount{Group: line.Group, Subject: line.Subject}] += line.Typed[Issued]
	}
	for _, p := range l.Numbered {
		at := GroupCount{Group: p.Group, Subject: p.Subject}
		if issued[at] > p.Leaves {
			fail(Break{BreakPrinted, LedgerKey{Group: p.Group, Subject: p.Subject}}, "发出 %d 张，多于印有流水号的 %d 张", "%d issued, only %d were printed with a serial", issued[at], p.Leaves)
		}
	}
}

// checkScanned compares hand counts with scanned leaves, over the venues that were pooled together.
func (l Ledger) checkScanned(fail failer) {
	type part struct {
		group   string
		subject int
	}
	parts := map[part]bool{}
	for _, line := range l.Lines {
		parts[part{line.Group, line.Subject}] = true
	}
	for _, s := range l.Scanned {
		parts[part{s.Group, s.Subject}] = true
	}
	ordered := make([]part, 0, len(parts))
	for p := range parts {
		ordered = append(ordered, p)
	}
	sort.Slice(ordered, func(i, j int) bool {
		a, b := ordered[i], ordered[j]
		return a.group < b.group || a.group == b.group && a.subject < b.subject
	})
	for _, p := range ordered {
		pools := newPools()
		for _, s := range l.Scanned {
			if s.Group == p.group && s.Subject == p.subject {
				pools.join(strings.Split(s.Venues, "+"), s.Leaves)
			}
		}
		for _, line := range l.Lines {
			if line.Group == p.group && line.Subject == p.subject {
				pools.returned[pools.root(line.Venue)] += line.Typed[Returned]
			}
		}
		for _, set := range pools.sets() {
			if pools.returned[set.root] != pools.scanned[set.root] {
				fail(Break{BreakScanned, LedgerKey{set.name, p.group, p.subject}}, "收回 %d 张，扫描 %d 张", "%d returned by hand count, %d leaves scanned", pools.returned[set.root], pools.scanned[set.root])
			}
		}
	}
}

// checkCounted checks scanned = valid + invalid for each group.
func (l Ledger) checkCounted(fail failer) {
	sum := map[GroupCount]int{}
	for _, s := range l.Scanned {
		sum[GroupCount{Group: s.Group, Subject: s.Subject}] += s.Leaves
	}
	for _, list := range [][]GroupCount{l.Valid, l.Invalid} {
		for _, c := range list {
			sum[GroupCount{Group: c.Group, Subject: c.Subject}] -= c.Leaves
		}
	}
	keys := make([]GroupCount, 0, len(sum))
	for k := range sum {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		return keys[i].Group < keys[j].Group || keys[i].Group == keys[j].Group && keys[i].Subject < keys[j].Subject
	})
	for _, k := range keys {
		if sum[k] != 0 {
			fail(Break{BreakCounted, LedgerKey{Group: k.Group, Subject: k.Subject}}, "扫描张数与有效加无效相差 %d", "scanned leaves and valid + invalid differ by %d", sum[k])
		}
	}
}

// pools joins venues whose stacks were fed together.
type pools struct {
	parent            map[string]string
	scanned, returned map[string]int
}

func newPools() *pools {
	return &pools{map[string]string{}, map[string]int{}, map[string]int{}}
}

func (p *pools) root(v string) string {
	for {
		up, ok := p.parent[v]
		if !ok {
			p.parent[v] = v
			return v
		}
		if up == v {
			return v
		}
		v = up
	}
}

func (p *pools) join(venues []string, leaves int) {
	root := p.root(venues[0])
	for _, v := range venues[1:] {
		if other := p.root(v); other != root {
			p.parent[other] = root
			p.scanned[root] += p.scanned[other]
			delete(p.scanned, other)
		}
	}
	p.scanned[root] += leaves
}

type pool struct{ root, name string }

func (p *pools) sets() []pool {
	members := map[string][]string{}
	for v := range p.parent {
		members[p.root(v)] = append(members[p.root(v)], v)
	}
	out := make([]pool, 0, len(members))
	for root, vs := range members {
		out = append(out, pool{root, VenueSet(vs)})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].name < out[j].name })
	return out
}
