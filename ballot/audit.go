package ballot

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// An audit of the paper (复点): before a result is certified, bundles of paper are drawn by a public seed and counted by
// hand, and compared with what the machine made of each. See SECURITY.md for what the counts of a bundle reveal.
const (
	BundleLeaves     = 50  // a bundle has at least so many, or is all that its table was counted from
	FullRecountBelow = 300 // leaves in all, under which drawing saves little and all bundles should be counted
	DiceThrows       = 20  // of a die with six sides: 51 bits
	AuditConfidence  = 95  // per cent
)

// Pile is the paper of one closed batch, as it is labelled and put away. Number runs within the group.
type Pile struct {
	Group  string `json:"group"`
	Number int    `json:"number"`
	Leaves int    `json:"leaves"` // without void ones, which lie apart
}

// Label is what is written on the pile.
func (p Pile) Label() string { return fmt.Sprintf("%s%d", p.Group, p.Number) }

// Bundle is paper that is counted by hand as one: a pile, or several joined because one was too small.
type Bundle struct {
	Number int      `json:"number"`
	Table  string   `json:"table"`                  // group as counted, "A" or "A+C"
	Piles  []string `json:"piles" nullable:"false"` // labels
	Leaves int      `json:"leaves"`
}

// Bundles puts piles together, table by table, in the order of their numbers, until each has BundleLeaves; what is
// left over joins the last. A pile of void leaves alone is named like any other: without its label everybody would learn what
// became of a small group's one ballot. Tables are the groups as they are counted: a bundle under BundleLeaves is all of its
// table, so that its counts say what the result says anyway.
func Bundles(tables [][]string, piles []Pile) (out []Bundle) {
	piles = slices.Clone(piles)
	slices.SortFunc(piles, func(a, b Pile) int { return cmp.Or(strings.Compare(a.Group, b.Group), a.Number-b.Number) })
	for _, groups := range tables {
		var of []Bundle
		for _, p := range piles {
			if !slices.Contains(groups, p.Group) {
				continue
			}
			if len(of) == 0 || of[len(of)-1].Leaves >= BundleLeaves {
				of = append(of, Bundle{Table: strings.Join(groups, "+")})
			}
			of[len(of)-1].add(p.Leaves, p.Label())
		}
		if n := len(of); n > 1 && of[n-1].Leaves < BundleLeaves {
			of[n-2].add(of[n-1].Leaves, of[n-1].Piles...)
			of = of[:n-1]
		}
		if len(of) > 0 && of[0].Leaves > 0 {
			out = append(out, of...)
		}
	}
	for i := range out {
		out[i].Number = i + 1
	}
	return out
}

func (b *Bundle) add(leaves int, piles ...string) {
	b.Leaves += leaves
	b.Piles = append(b.Piles, piles...)
}

// CheckDice refuses what is not the throws of a die with six sides.
func CheckDice(throws string) error {
	if len(throws) != DiceThrows || strings.Trim(throws, "123456") != "" {
		return Errorf(CodeInvalid, "须录入 %d 次掷骰的点数，每次 1–6", "enter the points of %d throws, 1–6 each", DiceThrows).In("dice")
	}
	return nil
}

// AuditSeed is what bundles are drawn by: SHA-256 of commitment and throws one after the other, all in hexadecimal
// and figures as they are shown. By hand: printf %s%s COMMITMENT DICE | sha256sum
func AuditSeed(commitment, dice string) string {
	sum := sha256.Sum256([]byte(commitment + dice))
	return hex.EncodeToString(sum[:])
}

// DrawBundles draws n of the bundles 1…all, each equally likely: those with the smallest tickets, a ticket being
// SHA-256 of seed, a comma and the number (R. L. Rivest, "Consistent Sampling with Replacement", 2018). By hand:
// for i in $(seq ALL); do echo "$(printf %s,%d SEED $i | sha256sum | cut -c1-64) $i"; done | sort | head -n N
func DrawBundles(seed string, all, n int) []int {
	type ticket struct {
		sum    [sha256.Size]byte
		number int
	}
	tickets := make([]ticket, all)
	for i := range tickets {
		tickets[i] = ticket{sha256.Sum256(fmt.Appendf(nil, "%s,%d", seed, i+1)), i + 1}
	}
	slices.SortFunc(tickets, func(a, b ticket) int { return slices.Compare(a.sum[:], b.sum[:]) })
	drawn := make([]int, min(n, all))
	for i := range drawn {
		drawn[i] = tickets[i].number
	}
	slices.Sort(drawn)
	return drawn
}

// AuditStage is how far an audit has come.
type AuditStage string

// The stages of an audit: nothing, the count committed to, bundles drawn, compared without a difference, accepted
// with differences or undone by two persons.
const (
	AuditWaits     AuditStage = "waits"
	AuditCommitted AuditStage = "committed"
	AuditDrawn     AuditStage = "drawn"
	AuditAgrees    AuditStage = "agrees"
	AuditAccepted  AuditStage = "accepted"
)

// Audit is the audit of a meeting's paper: what is shown, and what is kept. It holds no count of any bundle.
type Audit struct {
	Stage   AuditStage `json:"stage"`
	Attempt int        `json:"attempt"` // 1 = the first; more where the meeting went back to open in between
	Bundles []Bundle   `json:"bundles" nullable:"false"`
	Draw    int        `json:"draw"` // how many bundles are drawn
	// Commitment is fixed before the dice are thrown, see Commit; hexadecimal.
	Commitment string   `json:"commitment,omitempty"`
	Salt       string   `json:"salt,omitempty"`
	Seals      string   `json:"seals,omitempty"` // SHA-256 of what the machine's counts are sealed to
	Dice       string   `json:"dice,omitempty"`
	DiceBy     []string `json:"dice_by" nullable:"false"` // who has entered them
	Seed       string   `json:"seed,omitempty"`
	Drawn      []int    `json:"drawn" nullable:"false"` // numbers of bundles
	// Chance is what drawing these could find.
	Chance AuditChance `json:"chance"`
	// Compared has one entry a drawn bundle, once they were compared.
	Compared []BundleOutcome `json:"compared" nullable:"false"`
	// Differed is who made each comparison that found differences, those before going back to open too.
	Differed   []string   `json:"differed,omitempty" nullable:"false"`
	AcceptedBy []string   `json:"accepted_by" nullable:"false"`
	Reason     string     `json:"reason,omitempty"` // of accepting
	Done       *time.Time `json:"done,omitempty"`   // when the last stage was reached
	// OfFirst tells that all this is of the result that was certified first, and the one that it is shown with, or that is
	// counted now, a correction that was not audited and cannot be. It is never stored.
	OfFirst bool `json:"of_first,omitempty" doc:"the audit is of the result certified first; this one is a correction, which was not audited"`
}

// NewAudit is one of which nothing was done.
func NewAudit() Audit {
	return Audit{Stage: AuditWaits, Bundles: []Bundle{}, DiceBy: []string{}, Drawn: []int{}, Compared: []BundleOutcome{}, AcceptedBy: []string{}}
}

// AuditView is an audit as it is shown.
type AuditView struct {
	Audit
	Wanted  bool     `json:"wanted"`                   // the rules ask for it, this count is the first, and it shows more than the ledger
	Holders []string `json:"holders" nullable:"false"` // of codes
	Piles   []Pile   `json:"piles" nullable:"false"`   // of closed batches; none once certified
	// Counted is who counted which bundle by hand; none once certified.
	Counted []BundleCounters `json:"counted" nullable:"false"`
	// Signed have accepted, and wait for a second person.
	Signed []string `json:"signed" nullable:"false"`
}

// BundleCounters are those who counted a bundle.
type BundleCounters struct {
	Bundle int      `json:"bundle"`
	By     []string `json:"by" nullable:"false"`
}

// Commit binds a count, given as the JSON of the result without comments (null), and the bundles: SHA-256 of salt, SHA-256 of the count, bundles
// as JSON, how many are drawn, and Seals, a line each.
func (a Audit) Commit(count []byte) string {
	bundles, err := json.Marshal(a.Bundles)
	if err != nil {
		panic(err) // plain values: cannot fail
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%x\n%s\n%d\n%s\n", a.Salt, sha256.Sum256(count), bundles, a.Draw, a.Seals))
	return hex.EncodeToString(sum[:])
}

// Complete tells whether the audit stands in the way of certifying no more.
func (a Audit) Complete() bool { return a.Stage == AuditAgrees || a.Stage == AuditAccepted }

// Agrees tells whether paper and machine were compared and do not differ.
func (a Audit) Agrees() bool {
	return len(a.Compared) > 0 && !slices.ContainsFunc(a.Compared, func(o BundleOutcome) bool { return o.Differ+o.Unsettled > 0 })
}

// Bundle finds a bundle that was drawn.
func (a Audit) Bundle(number int) (Bundle, error) {
	at := slices.IndexFunc(a.Bundles, func(b Bundle) bool { return b.Number == number })
	if at < 0 || !slices.Contains(a.Drawn, number) {
		return Bundle{}, Errorf(CodeNotFound, "第 %d 捆没有被抽中", "bundle %d was not drawn", number)
	}
	return a.Bundles[at], nil
}
