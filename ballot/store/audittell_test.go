package store_test

import (
	"context"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// solve looks for the leaves whose rows add up to sums: an attacker who has both the rows and the counts of a bundle.
func solve(leaves [][]int, sums []float64) []bool {
	a := mat.NewDense(len(sums), len(leaves), nil)
	for j, outcomes := range leaves {
		for _, i := range outcomes {
			a.Set(i, j, 1)
		}
	}
	var x mat.VecDense
	var svd mat.SVD
	svd.Factorize(a, mat.SVDThin)
	svd.SolveVecTo(&x, mat.NewVecDense(len(sums), sums), svd.Rank(1e-10))
	in := make([]bool, len(leaves))
	for j := range in {
		in[j] = math.Abs(x.AtVec(j)-1) < 0.5
	}
	return in
}

// TestBundleCountsTell is why the counts of bundles lie sealed: with the rows that any database holds, plain ones give
// away of every sheet from which bundle it came. Sealed, neither they nor hand counts are in any file, nor, once the
// meeting is certified, what is sealed.
func TestBundleCountsTell(t *testing.T) {
	const subjects, n = 50, 60
	a, ctx := newAudited(t, subjects, 1, map[string]int{"main": n, "east": n}), context.Background()
	a.feed("main", nil, random(1, subjects, n, 0)...)
	a.feed("east", nil, random(2, subjects, n, 0)...)
	var plain []string
	for label := range a.paper {
		counts := a.hand(ballot.Bundle{Piles: []string{label}})
		plain = append(plain, string(counts.Bytes(a.m)), string(must[[]byte](t)(json.Marshal(counts))))
	}
	if right := assigned(a, n); right != 2*n {
		t.Errorf("the attacker finds the bundle of %d of %d leaves from plain counts: he should find all", right, 2*n)
	}
	a.draw(true)
	a.countAll()
	if found := bytesWith(t, a.path, plain...); len(found) > 0 {
		t.Errorf("%d of the counts stand in the files", len(found))
	}
	sealed := sealedIn(a)
	if found := bytesWith(t, a.path, sealed...); len(found) != len(sealed) {
		t.Fatalf("the search finds %d of %d", len(found), len(sealed))
	}
	certify(t, a.Store, a.id)
	if found := bytesWith(t, a.path, sealed...); len(found) > 0 {
		t.Errorf("certified, and the files hold %d of %d sealed counts and keys", len(found), len(sealed))
	}
	for _, act := range must[[]store.Act](t)(a.Acts(ctx, a.id, 0, 100)) {
		if strings.Contains(act.Detail, "好") || strings.Contains(act.Detail, a.codes[0]) {
			t.Errorf("act %s says %q", act.Act, act.Detail)
		}
	}
	if found := bytesWith(t, a.path, a.codes...); len(found) > 0 {
		t.Error("a code stands in the files")
	}
}

// assigned is how many of the leaves of two bundles, of which the first has n, an attacker assigns rightly who has the
// rows, of leaves that he does not know the batch of, and a naive build's counts of the first bundle.
func assigned(a *audited, n int) (right int) {
	var leaves [][]int
	for _, label := range slices.Sorted(maps.Keys(a.paper)) {
		for _, marks := range a.paper[label] {
			var outcomes []int
			for i, c := range marks {
				outcomes = append(outcomes, 6*i+strings.IndexRune("abcd-x", c))
			}
			leaves = append(leaves, outcomes)
		}
	}
	counts, sums := a.hand(ballot.Bundle{Piles: []string{"A1"}}), make([]float64, 6*len(a.m.Subjects))
	for i, s := range a.m.Subjects {
		for j, count := range counts[s.No] {
			sums[6*i+j] = float64(count)
		}
	}
	for i, in := range solve(leaves, sums) {
		if in == (i < n) {
			right++
		}
	}
	return right
}

// sealedIn are the beginnings of what the database holds sealed, and of the keys.
func sealedIn(a *audited) (sealed []string) {
	a.Helper()
	for _, query := range []string{"SELECT sealed FROM audit_piles", "SELECT sealed FROM audit_counts", "SELECT public FROM audit_keys"} {
		var rows []string
		r, err := a.DB().Query(query)
		ok(a.TB, err)
		for r.Next() {
			var raw []byte
			ok(a.TB, r.Scan(&raw))
			rows = append(rows, string(raw[:32]))
		}
		ok(a.TB, r.Err())
		if len(rows) < 2 {
			a.Fatalf("%s: %d rows", query, len(rows))
		}
		sealed = append(sealed, rows...)
	}
	return sealed
}
