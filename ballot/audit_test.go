package ballot_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"math"
	mrand "math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"pingyi/ballot"
)

// TestBundles: small piles are joined within a table, and no bundle is under the least but one that is all of its table.
func TestBundles(t *testing.T) {
	for name, c := range map[string]struct {
		tables [][]string
		piles  string // group:leaves
		want   string
	}{
		"large ones stay":      {[][]string{{"A"}, {"B"}}, "A:60 A:200 B:50", "1 A [A1] 60; 2 A [A2] 200; 3 B [B1] 50"},
		"small ones join":      {[][]string{{"A"}}, "A:20 A:20 A:20 A:70", "1 A [A1 A2 A3] 60; 2 A [A4] 70"},
		"the rest joins":       {[][]string{{"A"}}, "A:60 A:70 A:10", "1 A [A1] 60; 2 A [A2 A3] 80"},
		"all of a small table": {[][]string{{"A"}, {"B"}}, "A:60 B:9 B:11", "1 A [A1] 60; 2 B [B1 B2] 20"},
		"joined groups":        {[][]string{{"A", "C"}, {"B"}}, "A:40 B:55 C:3", "1 A+C [A1 C1] 43; 2 B [B1] 55"},
		"void piles":           {[][]string{{"A", "C"}, {"B"}}, "A:0 A:50 C:0 B:0", "1 A+C [A1 A2 C1] 50"},
		"one and just under":   {[][]string{{"A"}}, "A:49 A:1 A:49", "1 A [A1 A2 A3] 99"},
	} {
		var piles []ballot.Pile
		n := map[string]int{}
		for _, text := range strings.Fields(c.piles) {
			var p ballot.Pile
			p.Group = text[:1]
			fmt.Sscanf(text[2:], "%d", &p.Leaves)
			n[p.Group]++
			p.Number = n[p.Group]
			piles = append(piles, p)
		}
		mrand.Shuffle(len(piles), func(i, j int) { piles[i], piles[j] = piles[j], piles[i] })
		var got []string
		for _, b := range ballot.Bundles(c.tables, piles) {
			got = append(got, fmt.Sprint(b.Number, " ", b.Table, " ", b.Piles, " ", b.Leaves))
		}
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%s: %s, want %s", name, s, c.want)
		}
	}
}

// byHand draws bundles as the statement tells people to, with nothing of ours.
const byHand = `SEED=$(printf %s%s "$1" "$2" | sha256sum | cut -c1-64)
for i in $(seq "$3"); do echo "$(printf %s,%d "$SEED" "$i" | sha256sum | cut -c1-64) $i"; done | sort | head -n "$4" | cut -d' ' -f2 | sort -n`

// TestDrawByHand: anybody with a shell and sha256sum draws the same bundles.
func TestDrawByHand(t *testing.T) {
	if _, err := exec.LookPath("sha256sum"); err != nil {
		t.Skip("no sha256sum")
	}
	for range 20 {
		raw := make([]byte, 32)
		rand.Read(raw)
		commitment, all := fmt.Sprintf("%x", raw), 1+mrand.IntN(40)
		n, dice := 1+mrand.IntN(all), ""
		for range ballot.DiceThrows {
			dice += fmt.Sprint(1 + mrand.IntN(6))
		}
		out, err := exec.Command("sh", "-c", byHand, "sh", commitment, dice, fmt.Sprint(all), fmt.Sprint(n)).Output()
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Trim(fmt.Sprint(ballot.DrawBundles(ballot.AuditSeed(commitment, dice), all, n)), "[]")
		if want := strings.Join(strings.Fields(string(out)), " "); got != want {
			t.Errorf("%d of %d: drawn %s, by hand %s", n, all, got, want)
		}
	}
}

func TestDice(t *testing.T) {
	for dice, fine := range map[string]bool{"12345612345612345612": true, "1234561234561234561": false, "123456123456123456123": false, "12345612345612345670": false, "": false} {
		if err := ballot.CheckDice(dice); (err == nil) != fine {
			t.Errorf("%q: %v", dice, err)
		}
	}
}

// TestDrawIsFair: over many seeds each bundle is drawn alike often.
func TestDrawIsFair(t *testing.T) {
	const all, n = 12, 3
	times := make([]float64, all+1)
	for i := range rounds {
		for _, b := range ballot.DrawBundles(fmt.Sprint(i), all, n) {
			times[b]++
		}
	}
	p := float64(n) / all
	for b := 1; b <= all; b++ {
		if sigma := math.Sqrt(rounds * p * (1 - p)); math.Abs(times[b]-rounds*p) > 4.5*sigma {
			t.Errorf("bundle %d drawn %.0f times of %d, want %.0f ± %.0f", b, times[b], rounds, rounds*p, sigma)
		}
	}
}

// TestFoundShare plants wrong leaves, scattered or put together in the largest bundles, and draws, 10,000 times each: they
// are met as often as the formula says, and the numbers that ChanceOf gives are the least that are met in 95 %.
func TestFoundShare(t *testing.T) {
	for _, c := range []struct{ bundles, least, most, drawn int }{{12, 50, 50, 4}, {40, 50, 50, 3}, {6, 80, 80, 2}, {30, 50, 120, 10}, {8, 50, 300, 5}, {5, 50, 90, 5}} {
		rng := mrand.New(mrand.NewPCG(1, uint64(c.bundles))) //nolint:gosec // a simulation
		var bundles []ballot.Bundle
		var where []int // the bundle of each leaf, the largest bundles first
		for i := range c.bundles {
			bundles = append(bundles, ballot.Bundle{Number: i + 1, Leaves: c.least + rng.IntN(c.most-c.least+1)})
		}
		for _, b := range slices.SortedFunc(slices.Values(bundles), func(a, b ballot.Bundle) int { return b.Leaves - a.Leaves }) {
			where = append(where, slices.Repeat([]int{b.Number}, b.Leaves)...)
		}
		chance := ballot.ChanceOf(bundles, ballot.DrawBundles("x", c.bundles, c.drawn))
		if chance.Leaves != len(where) || chance.Full != (c.drawn == c.bundles) || chance.RecommendFull != (len(where) < 300) {
			t.Errorf("%+v: %+v", c, chance)
		}
		together := func(wrong int) float64 { return met(rng, c.bundles, c.drawn, func() []int { return where[:wrong] }) }
		for wrong := 1; wrong <= len(where) && wrong <= 3*chance.Worst; wrong += 1 + len(where)/4 {
			in := len(slices.Compact(slices.Clone(where[:wrong])))
			near(t, fmt.Sprintf("%+v, %d leaves in %d bundles", c, wrong, in), together(wrong), 1-ballot.Missed(c.bundles, in, c.drawn))
		}
		if n := chance.Worst; n > 0 && together(n) < 0.94 || n > 1 && together(n-1) > 0.96 {
			t.Errorf("%+v: %d leaves put together are not the least found in 95 %%", c, n)
		}
		if c.least < c.most { // then how many leaves are drawn depends on the draw
			continue
		}
		for _, wrong := range []int{1, 2, chance.Scattered - 1, chance.Scattered, 2 * chance.Scattered} {
			p := met(rng, c.bundles, c.drawn, func() (in []int) {
				for taken := map[int]bool{}; len(in) < wrong; {
					if leaf := rng.IntN(len(where)); !taken[leaf] {
						taken[leaf], in = true, append(in, where[leaf])
					}
				}
				return in
			})
			want := 1 - ballot.Missed(len(where), wrong, chance.DrawnLeaves)
			if (want >= 0.95) != (wrong >= chance.Scattered) {
				t.Errorf("%+v: %d is not the least: %d are found in %.4f", c, chance.Scattered, wrong, want)
			}
			near(t, fmt.Sprintf("%+v, %d scattered", c, wrong), p, want)
		}
	}
}

const rounds = 10000

// met is the share of draws in which a bundle with a wrong leaf is among those drawn.
func met(rng *mrand.Rand, bundles, drawn int, wrong func() []int) float64 {
	n := 0
	for range rounds {
		in := map[int]bool{}
		for _, b := range wrong() {
			in[b] = true
		}
		if slices.ContainsFunc(rng.Perm(bundles)[:drawn], func(b int) bool { return in[b+1] }) {
			n++
		}
	}
	return float64(n) / rounds
}

// near refuses a share that is further from what it should be than chance explains.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if sigma := math.Sqrt(want*(1-want)/rounds) + 1e-9; math.Abs(got-want) > 4.5*sigma {
		t.Errorf("%s: met in %.4f, the formula says %.4f ± %.4f", what, got, want, sigma)
	}
}

// TestMissed holds the formula against counting all draws of small numbers.
func TestMissed(t *testing.T) {
	for all := 1; all <= 8; all++ {
		for wrong := 0; wrong <= all; wrong++ {
			for drawn := 0; drawn <= all; drawn++ {
				missed, draws := 0.0, 0.0
				for set := range 1 << all {
					if ones(set) != drawn {
						continue
					}
					draws++
					if set&(1<<wrong-1) == 0 {
						missed++
					}
				}
				if got := ballot.Missed(all, wrong, drawn); math.Abs(got-missed/draws) > 1e-9 {
					t.Errorf("%d wrong of %d, %d drawn: %f, counted %f", wrong, all, drawn, got, missed/draws)
				}
			}
		}
	}
}

func ones(set int) (n int) {
	for ; set > 0; set >>= 1 {
		n += set & 1
	}
	return n
}

// TestCompareBundle: rows are the same, within what people decided, differ, or wait for a third person.
func TestCompareBundle(t *testing.T) {
	m := ballot.Meeting{Rules: ballot.DefaultRules(), Subjects: []ballot.Subject{{No: 7}}}
	for name, c := range map[string]struct {
		machine []int // four grades, blank, invalid, left to people
		hands   [][]int
		want    ballot.BundleOutcome
	}{
		"same":                        {[]int{40, 5, 3, 2, 0, 0, 0}, [][]int{{40, 5, 3, 2, 0, 0}, {40, 5, 3, 2, 0, 0}}, ballot.BundleOutcome{Agree: 1}},
		"a mark read as another":      {[]int{41, 4, 3, 2, 0, 0, 0}, [][]int{{40, 5, 3, 2, 0, 0}, {40, 5, 3, 2, 0, 0}}, ballot.BundleOutcome{Differ: 1}},
		"decided by people":           {[]int{39, 5, 3, 1, 0, 0, 2}, [][]int{{40, 5, 3, 2, 0, 0}, {40, 5, 3, 2, 0, 0}}, ballot.BundleOutcome{Agree: 1}},
		"more than people decided":    {[]int{41, 5, 3, 0, 0, 0, 1}, [][]int{{40, 5, 3, 2, 0, 0}, {40, 5, 3, 2, 0, 0}}, ballot.BundleOutcome{Differ: 1}},
		"a sheet too many":            {[]int{40, 5, 3, 2, 0, 0, 0}, [][]int{{41, 5, 3, 2, 0, 0}, {41, 5, 3, 2, 0, 0}}, ballot.BundleOutcome{Differ: 1}},
		"two who differ":              {[]int{40, 5, 3, 2, 0, 0, 0}, [][]int{{40, 5, 3, 2, 0, 0}, {41, 4, 3, 2, 0, 0}}, ballot.BundleOutcome{Unsettled: 1}},
		"a third settles for machine": {[]int{40, 5, 3, 2, 0, 0, 0}, [][]int{{40, 5, 3, 2, 0, 0}, {41, 4, 3, 2, 0, 0}, {40, 5, 3, 2, 0, 0}}, ballot.BundleOutcome{Agree: 1}},
		"a third settles against it":  {[]int{40, 5, 3, 2, 0, 0, 0}, [][]int{{40, 5, 3, 2, 0, 0}, {41, 4, 3, 2, 0, 0}, {41, 4, 3, 2, 0, 0}}, ballot.BundleOutcome{Differ: 1}},
		"one alone":                   {[]int{40, 5, 3, 2, 0, 0, 0}, [][]int{{40, 5, 3, 2, 0, 0}}, ballot.BundleOutcome{Unsettled: 1}},
		"a blank read as invalid":     {[]int{40, 5, 3, 1, 0, 1, 0}, [][]int{{40, 5, 3, 1, 1, 0}, {40, 5, 3, 1, 1, 0}}, ballot.BundleOutcome{Differ: 1}},
	} {
		var hands []ballot.HandCount
		for i, h := range c.hands {
			hands = append(hands, ballot.HandCount{By: fmt.Sprint("s", i), Rows: ballot.Sums{7: h}})
		}
		got, rows := ballot.CompareBundle(m, 3, ballot.Sums{7: c.machine}, hands)
		if got.Number != 3 || got.Agree != c.want.Agree || got.Differ != c.want.Differ || got.Unsettled != c.want.Unsettled {
			t.Errorf("%s: %+v", name, got)
		}
		if len(rows) != got.Differ+got.Unsettled || got.Unsettled > 0 && len(rows[0].Machine) > 0 {
			t.Errorf("%s: shown %+v", name, rows)
		}
	}
}

// TestAuditCodes: what is sealed opens by both codes together, in any order and spelling, under its own name only.
func TestAuditCodes(t *testing.T) {
	var codes []string
	var publics [][]byte
	for range 3 {
		code, public, err := ballot.NewAuditCode(rand.Reader)
		if err != nil || len(code) != 24 {
			t.Fatal(code, err)
		}
		codes, publics = append(codes, code), append(publics, public)
	}
	publics = publics[:2]
	text := []byte("counts of a bundle")
	sealed, err := ballot.SealForAudit(publics, "A1", text)
	if err != nil || bytes.Contains(sealed, text) {
		t.Fatal(err)
	}
	for _, good := range [][]string{{codes[0], codes[1]}, {codes[1], " " + strings.ToLower(strings.ReplaceAll(codes[0], "-", " "))}} {
		keys, err := ballot.OpenAuditKeys(publics, good)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := keys.Open("A1", sealed); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%q: %v", got, err)
		}
		if _, err := keys.Open("A2", sealed); err == nil {
			t.Error("opened under another name")
		}
	}
	for _, bad := range [][]string{{codes[0]}, {codes[0], codes[0]}, {codes[0], codes[2]}, {codes[2], codes[1]}, {"", ""}, {codes[0], codes[1][:20]}, nil} {
		if _, err := ballot.OpenAuditKeys(publics, bad); ballot.CodeOf(err) != ballot.CodeInvalid {
			t.Errorf("codes %q: %v", bad, err)
		}
	}
}
