package ballot

import (
	"math"
	"slices"
)

// AuditChance is what an audit can find: the least number of wrong leaves that it would have met with AuditConfidence,
// whichever they were. A wrong leaf is met where its bundle is counted by hand.
type AuditChance struct {
	Leaves        int  `json:"leaves"`         // in all
	DrawnLeaves   int  `json:"drawn_leaves"`   // in the bundles drawn
	Scattered     int  `json:"scattered"`      // wrong leaves, if they lie anywhere
	Worst         int  `json:"worst"`          // wrong leaves, if somebody put them into as few bundles as they go
	Full          bool `json:"full"`           // all leaves are counted: each wrong one is met
	RecommendFull bool `json:"recommend_full"` // under FullRecountBelow leaves
}

// ChanceOf says what drawing n of bundles of some sizes finds. 0 stands for none: no number of wrong leaves is found
// with that confidence.
//
// That n of b bundles, w of them wrong, miss all of these has the probability C(b−w, n) / C(b, n): drawing without
// replacement, hypergeometric (J. McCarthy, H. Stanislevic, M. Lindeman et al., "Percentage-Based versus Statistical-
// Power-Based Vote Tabulation Audits", The American Statistician 62, 2008; J. Aslam, R. Popa, R. Rivest, "On Estimating
// the Size and Confidence of a Statistical Audit", EVT 2007). Where w is the least number that is missed in at most 5 %,
// wrong leaves can hide in the w−1 largest bundles and no more: one above that is Worst. Scattered leaves lie in any
// places, so the same formula holds of leaves themselves.
func ChanceOf(bundles []Bundle, drawn []int) AuditChance {
	var c AuditChance
	var sizes []int
	for _, b := range bundles {
		sizes = append(sizes, b.Leaves)
		c.Leaves += b.Leaves
		if slices.Contains(drawn, b.Number) {
			c.DrawnLeaves += b.Leaves
		}
	}
	c.Full = len(bundles) > 0 && len(drawn) == len(bundles)
	c.RecommendFull = c.Leaves < FullRecountBelow
	c.Scattered = leastFound(c.Leaves, c.DrawnLeaves)
	wrong := leastFound(len(bundles), len(drawn))
	if wrong == 0 {
		return c
	}
	slices.SortFunc(sizes, func(a, b int) int { return b - a })
	c.Worst = 1
	for _, n := range sizes[:wrong-1] {
		c.Worst += n
	}
	return c
}

// leastFound is the least number of wrong ones among all of which drawing some meets one with AuditConfidence; 0 where
// none is.
func leastFound(all, drawn int) int {
	for wrong := 1; wrong <= all && drawn > 0; wrong++ {
		if 1-Missed(all, wrong, drawn) >= AuditConfidence/100.0-1e-12 {
			return wrong
		}
	}
	return 0
}

// Missed is the probability that drawing some of all meets none of the wrong ones: C(all−wrong, drawn) / C(all, drawn).
func Missed(all, wrong, drawn int) float64 {
	if drawn > all-wrong {
		return 0
	}
	log := 0.0
	for i := range wrong {
		log += math.Log(float64(all-drawn-i)) - math.Log(float64(all-i))
	}
	return math.Exp(log)
}
