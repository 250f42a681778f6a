package ballot

import (
	"fmt"
	"math/rand"
	"testing"
)

// randomLedger has up to four venues and two groups or subjects. Its numbers fit, but for up to two that were changed.
func randomLedger(rnd *rand.Rand) (l Ledger, printed map[LedgerKey]int) {
	printed = map[LedgerKey]int{}
	for part := range 1 + rnd.Intn(2) {
		key := LedgerKey{Group: string(rune('A' + part)), Subject: 0}
		if rnd.Intn(2) == 0 {
			key = LedgerKey{Group: "A", Subject: 1 + part}
		}
		venues, expected, returned, spares, pooled, leaves := 1+rnd.Intn(4), 0, 0, rnd.Intn(4), "", rnd.Intn(4)
		for v := range venues {
			line := LedgerLine{LedgerKey: key, Expected: 3 + rnd.Intn(10), Spares: spares, Leaves: leaves}
			line.Venue = fmt.Sprint(v)
			present := line.Expected - rnd.Intn(3)
			issued, spoiled, lost := max(1, leaves)*present+rnd.Intn(3), rnd.Intn(3), rnd.Intn(2)
			line.Typed = map[LedgerField]int{Present: present, Issued: issued, Spoiled: spoiled, NotReturned: lost, Returned: issued - spoiled - lost}
			expected, returned = expected+line.Expected, returned+line.Typed[Returned]
			l.Lines = append(l.Lines, line)
			if pooled += "+" + line.Venue; rnd.Intn(2) == 0 || v == venues-1 { // the stacks so far are fed together
				l.Scanned = append(l.Scanned, ScannedCount{Venues: pooled[1:], Group: key.Group, Subject: key.Subject, Leaves: returned})
				pooled, returned = "", 0
			}
		}
		printed[key] = max(1, leaves) * (expected + spares)
	}
	for _, s := range l.Scanned {
		void := rnd.Intn(2)
		l.Valid = append(l.Valid, GroupCount{s.Group, s.Subject, s.Leaves - void})
		l.Invalid = append(l.Invalid, GroupCount{s.Group, s.Subject, void})
	}
	for range rnd.Intn(3) {
		by := rnd.Intn(5) - 2
		switch i := rnd.Intn(len(l.Scanned)); rnd.Intn(4) {
		case 0:
			l.Scanned[i].Leaves += by
		case 1:
			l.Valid[i].Leaves += by
		default:
			l.Lines[rnd.Intn(len(l.Lines))].Typed[LedgerFields()[rnd.Intn(5)]] += by
		}
	}
	return l, printed
}

// Whatever balances holds every sum: of each line, and of each group or subject over all venues.
func TestWhatBalancesHoldsEverySum(t *testing.T) {
	rnd := rand.New(rand.NewSource(2))
	balanced, broken := 0, map[BreakKind]int{}
	for range 50_000 {
		l, printed := randomLedger(rnd)
		errs := Errors(l.Balance())
		for _, e := range errs {
			broken[e.Break.Kind]++
		}
		if len(errs) > 0 {
			continue
		}
		balanced++
		type sums struct{ expected, present, beyond, issued, out, returned, scanned, counted int } // all in leaves
		by := map[LedgerKey]*sums{}
		of := func(group string, subject int) *sums {
			key := LedgerKey{Group: group, Subject: subject}
			if by[key] == nil {
				by[key] = &sums{}
			}
			return by[key]
		}
		for _, line := range l.Lines {
			n, s, leaves := line.Typed, of(line.Group, line.Subject), max(1, line.Leaves)
			present := leaves * n[Present]
			if n[Returned] > present || n[Present] > line.Expected || n[Issued] != n[Spoiled]+n[NotReturned]+n[Returned] {
				t.Fatalf("a line that does not hold balances: %+v", line)
			}
			s.expected, s.present, s.issued, s.returned = s.expected+leaves*line.Expected, s.present+present, s.issued+n[Issued], s.returned+n[Returned]
			s.beyond, s.out = s.beyond+max(0, n[Issued]-present), s.out+n[Spoiled]+n[NotReturned]
		}
		for _, c := range l.Scanned {
			of(c.Group, c.Subject).scanned += c.Leaves
		}
		for _, c := range append(l.Valid, l.Invalid...) {
			of(c.Group, c.Subject).counted += c.Leaves
		}
		for key, s := range by {
			if s.issued > printed[key] || s.beyond > printed[key]-s.expected || s.returned > s.present || s.issued != s.returned+s.out || s.returned != s.scanned || s.scanned != s.counted {
				t.Fatalf("%+v balances with %d printed: %+v\n%+v", key, printed[key], *s, l)
			}
		}
	}
	for _, kind := range []BreakKind{BreakPresent, BreakIssued, BreakSpares, BreakSum, BreakReturned, BreakSurplus, BreakScanned, BreakCounted} {
		if broken[kind] < 100 {
			t.Errorf("%s broke %d times: not tried", kind, broken[kind])
		}
	}
	if balanced < 1000 {
		t.Errorf("%d ledgers balanced: that was not tried", balanced)
	}
}
