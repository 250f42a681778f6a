package ballot

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"
)

func typedOf(present, issued, spoiled, lost, returned int) map[LedgerField]int {
	return map[LedgerField]int{Present: present, Issued: issued, Spoiled: spoiled, NotReturned: lost, Returned: returned}
}

// balancedLedger has two venues, of which B's stacks were pooled, and two groups.
func balancedLedger() Ledger {
	return Ledger{
		Lines: []LedgerLine{
			{LedgerKey: LedgerKey{Venue: "1", Group: "A"}, Expected: 12, Spares: 2, Typed: typedOf(11, 12, 1, 0, 11)},
			{LedgerKey: LedgerKey{Venue: "1", Group: "B"}, Expected: 70, Typed: typedOf(68, 68, 0, 1, 67)},
			{LedgerKey: LedgerKey{Venue: "2", Group: "B"}, Expected: 3, Typed: typedOf(3, 3, 0, 0, 3)},
		},
		Scanned: []ScannedCount{{Venues: "1", Group: "A", Leaves: 11}, {Venues: "1+2", Group: "B", Leaves: 60}, {Venues: "1", Group: "B", Leaves: 10}},
		Valid:   []GroupCount{{Group: "A", Leaves: 11}, {Group: "B", Leaves: 68}},
		Invalid: []GroupCount{{Group: "B", Leaves: 2}},
	}
}

func TestLedgerBalances(t *testing.T) {
	if err := balancedLedger().Balance(); err != nil {
		t.Error(err)
	}
	l := balancedLedger()
	l.Lines[0].Leaves, l.Lines[0].Spares = 2, 0 // six people, of whom one returned one leaf
	l.Lines[0].Typed[Present] = 6
	if err := l.Balance(); err != nil {
		t.Error(err)
	}
}

// Each broken line is named, alone.
func TestLedgerNamesEveryBreak(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Ledger)
		says  string
	}{
		"present over expected": {func(l *Ledger) { l.Lines[0].Expected = 10 }, "会场 1 A票：实到 11 多于应到 10"},
		"issued over present":   {func(l *Ledger) { l.Lines[0].Spares = 0 }, "会场 1 A票：发出 12 多于实到 11 加备用 0"},
		"spares given twice": {func(l *Ledger) {
			second := LedgerLine{LedgerKey: LedgerKey{Venue: "2", Group: "A"}, Expected: 3, Spares: 2, Typed: map[LedgerField]int{Present: 3, Issued: 5, Spoiled: 2, NotReturned: 0, Returned: 3}}
			l.Lines, l.Scanned[0].Leaves, l.Valid[0].Leaves = append(l.Lines, second), 11, 14
			l.Scanned = append(l.Scanned, ScannedCount{Venues: "2", Group: "A", Leaves: 3})
		}, "A票：各会场发出多于实到的共 3 张，多于备用 2"},
		"returned over present": {func(l *Ledger) { l.Lines[0].Typed[Present] = 10 }, "会场 1 A票：收回 11 多于实到 10：一人只投一份票"},
		"returned over present, of two leaves": {func(l *Ledger) {
			l.Lines[0].Leaves, l.Lines[0].Typed[Present] = 2, 5
		}, "会场 1 A票：收回 11 多于实到 5：一人只投一份票（每份票 2 张纸）"},
		"issued over present, of two leaves": {func(l *Ledger) {
			l.Lines[0].Leaves, l.Lines[0].Spares, l.Lines[0].Typed = 2, 0, typedOf(6, 13, 2, 0, 11)
		}, "会场 1 A票：发出 13 多于实到 6 加备用 0（每份票 2 张纸）"},
		"a ballot missing": {func(l *Ledger) { l.Lines[1].Typed[NotReturned] = 0 }, "会场 1 B票：发出 68 ≠ 收回 67 + 作废 0 + 未收回 0"},
		"not confirmed":    {func(l *Ledger) { l.Lines[2].Pending = []LedgerField{Present} }, "会场 2 B票：实到尚未由两人录入并确认"},
		"never typed":      {func(l *Ledger) { delete(l.Lines[2].Typed, Spoiled) }, "会场 2 B票：作废尚未由两人录入并确认"},
		"negative":         {func(l *Ledger) { l.Lines[0].Typed[Spoiled], l.Lines[0].Typed[NotReturned] = 2, -1 }, "会场 1 A票：未收回为负数 -1"},
		"twice": {func(l *Ledger) {
			l.Lines = append(l.Lines, LedgerLine{LedgerKey: l.Lines[0].LedgerKey, Spares: 2, Typed: zeroTyped()})
		}, "会场 1 A票：重复的行"},
		"a leaf not scanned":   {func(l *Ledger) { l.Scanned[0].Leaves, l.Valid[0].Leaves = 10, 10 }, "会场 1 A票：收回 11 张，扫描 10 张"},
		"pooled stack short":   {func(l *Ledger) { l.Scanned[1].Leaves, l.Valid[1].Leaves = 59, 67 }, "会场 1+2 B票：收回 70 张，扫描 69 张"},
		"a leaf not counted":   {func(l *Ledger) { l.Valid[1].Leaves = 67 }, "B票：扫描张数与有效加无效相差 1"},
		"valid out of nowhere": {func(l *Ledger) { l.Valid = append(l.Valid, GroupCount{Group: "C", Leaves: 1}) }, "C票：扫描张数与有效加无效相差 -1"},
		"something waits":      {func(l *Ledger) { l.Unresolved = 3 }, "还有待处理的：待复核的行、退回的票面或未关闭的批次"},
		"empty":                {func(l *Ledger) { *l = Ledger{} }, "台账没有任何一行"},
	} {
		t.Run(name, func(t *testing.T) {
			l := balancedLedger()
			c.spoil(&l)
			var said []string
			for _, e := range Errors(l.Balance()) {
				if e.Code != CodeUnbalanced && e.Code != CodeUnresolved {
					t.Errorf("code %s", e.Code)
				}
				said = append(said, e.Chinese)
				if e.Break == nil || e.Break.Kind == "" {
					t.Errorf("%q does not say what kind of break it is", e.Chinese)
				}
			}
			if !slices.Contains(said, c.says) {
				t.Errorf("said %q, want %q", said, c.says)
			}
			if len(said) > 1 {
				t.Errorf("said more than one thing: %q", said)
			}
		})
	}
}

func zeroTyped() map[LedgerField]int {
	out := map[LedgerField]int{}
	for _, f := range LedgerFields() {
		out[f] = 0
	}
	return out
}

// More ballots back than out means to stop and vote again: it must be said in these words.
func TestReturnedOverIssued(t *testing.T) {
	l := balancedLedger()
	l.Lines[0].Typed[Returned] = 13
	if err := l.Balance(); err == nil || !strings.Contains(err.Error(), "returned 13 exceeds issued 12: stop, and vote again") {
		t.Error(err)
	}
}

// No single number of a balanced ledger can change without the ledger breaking.
func TestLedgerNeverBalancesByAccident(t *testing.T) {
	rnd := rand.New(rand.NewSource(1))
	for range 2000 {
		l := balancedLedger()
		by := 1 + rnd.Intn(3)
		if rnd.Intn(2) == 0 {
			by = -by
		}
		what := ""
		switch line := &l.Lines[rnd.Intn(len(l.Lines))]; rnd.Intn(4) {
		case 0:
			f := []LedgerField{Issued, Spoiled, NotReturned, Returned}[rnd.Intn(4)]
			line.Typed[f] += by
			what = fmt.Sprint(line, f)
		case 1:
			l.Scanned[rnd.Intn(len(l.Scanned))].Leaves += by
			what = "scanned"
		case 2:
			l.Valid[rnd.Intn(len(l.Valid))].Leaves += by
			what = "valid"
		default:
			l.Invalid[0].Leaves += by
			what = "invalid"
		}
		if l.Balance() == nil {
			t.Fatalf("%s changed by %d and the ledger still balances", what, by)
		}
	}
}

// Stacks pooled in chains are compared as one, whatever the order in which the batches were closed.
func TestPooledVenuesAreComparedTogether(t *testing.T) {
	var l Ledger
	for i := range 4 {
		typed := zeroTyped()
		typed[Present], typed[Issued], typed[Returned] = 3, 3, 3
		l.Lines = append(l.Lines, LedgerLine{LedgerKey: LedgerKey{Venue: fmt.Sprint(i), Group: "A"}, Expected: 3, Typed: typed})
	}
	l.Scanned = []ScannedCount{{Venues: VenueSet([]string{"3", "2"}), Group: "A", Leaves: 6}, {Venues: "0+1", Group: "A", Leaves: 5}, {Venues: "1+2", Group: "A", Leaves: 1}}
	l.Valid = []GroupCount{{Group: "A", Leaves: 12}}
	rnd := rand.New(rand.NewSource(1))
	for range 20 {
		rnd.Shuffle(3, func(i, j int) { l.Scanned[i], l.Scanned[j] = l.Scanned[j], l.Scanned[i] })
		if err := l.Balance(); err != nil {
			t.Fatal(err)
		}
	}
	l.Scanned[0].Leaves++
	if err := l.Balance(); err == nil || !strings.Contains(err.Error(), "venue 0+1+2+3 group A: 12 returned by hand count, 13 leaves scanned") {
		t.Error(err)
	}
}

// On single forms every subject has its own line.
func TestLedgerBySubject(t *testing.T) {
	l := Ledger{Valid: []GroupCount{{Group: "A", Subject: 1, Leaves: 3}, {Group: "A", Subject: 2, Leaves: 3}}}
	for s := 1; s <= 2; s++ {
		typed := zeroTyped()
		typed[Present], typed[Issued], typed[Returned] = 3, 3, 3
		l.Lines = append(l.Lines, LedgerLine{LedgerKey: LedgerKey{Venue: "1", Group: "A", Subject: s}, Expected: 3, Typed: typed})
		l.Scanned = append(l.Scanned, ScannedCount{Venues: "1", Group: "A", Subject: s, Leaves: 3})
	}
	if err := l.Balance(); err != nil {
		t.Fatal(err)
	}
	l.Scanned[0].Leaves, l.Scanned[1].Leaves = 4, 2 // the sum is right, the subjects are not
	if err := l.Balance(); err == nil || !strings.Contains(err.Error(), "venue 1 group A subject 2: 3 returned by hand count, 2 leaves scanned") {
		t.Error(err)
	}
}

// People know venues by their names, in both languages.
func TestBreaksNameVenues(t *testing.T) {
	l := Ledger{Lines: []LedgerLine{{LedgerKey: LedgerKey{Venue: "main", Group: "A"}, Expected: 3, Typed: map[LedgerField]int{Present: 4, Issued: 3, Spoiled: 0, NotReturned: 0, Returned: 3}}},
		Scanned: []ScannedCount{{Venues: "2+main", Group: "A", Leaves: 2}}, Valid: []GroupCount{{Group: "A", Leaves: 2}},
		Venues: []Venue{{Code: "main", Name: "主会场"}, {Code: "2", Name: "三楼"}}}
	all := Errors(l.Balance())
	if len(all) != 2 {
		t.Fatal(all)
	}
	for i, want := range []Error{
		{Chinese: "主会场 A票：实到 4 多于应到 3", English: "venue 主会场 group A: present 4 exceeds expected 3"},
		{Chinese: "三楼+主会场 A票：收回 3 张，扫描 2 张", English: "venue 三楼+主会场 group A: 3 returned by hand count, 2 leaves scanned"},
	} {
		if all[i].Chinese != want.Chinese || all[i].English != want.English {
			t.Errorf("%q, %q", all[i].Chinese, all[i].English)
		}
	}
}
