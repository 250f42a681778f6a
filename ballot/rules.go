package ballot

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// FormKind is how subjects are laid out on paper.
type FormKind string

// Roster forms hold all subjects in a table; single forms are one leaf per subject.
const (
	RosterForm FormKind = "roster"
	SingleForm FormKind = "single"
)

// Identity is what a printed page says of itself.
type Identity string

// FormCode prints the same code on every copy; Serial prints a random serial per ballot.
const (
	FormCode Identity = "form_code"
	Serial   Identity = "serial"
)

// Treatment is what a rule does with a row or ballot that it catches.
type Treatment string

// The treatments that the rules choose between.
const (
	RowInvalid    Treatment = "row_invalid"
	BallotInvalid Treatment = "ballot_invalid"
	Abstention    Treatment = "abstention"
	Adjudicate    Treatment = "adjudicate"
	Valid         Treatment = "valid"
	Flag          Treatment = "flag"
)

// Denominator is what rates are shares of.
type Denominator string

// The four denominators; the default is valid ballots.
const (
	OfValid       Denominator = "valid"
	OfExpected    Denominator = "expected"
	OfReturned    Denominator = "returned"
	OfValidMarked Denominator = "valid_without_abstentions"
)

// Order is how result tables are sorted.
type Order string

// The orders of a result table.
const (
	ByRoster  Order = "roster"
	ByResult  Order = "result"
	ByStrokes Order = "strokes" // 姓氏笔画, as the roster's stroke order says
)

// GradeCap limits how often one grade may stand on a ballot.
type GradeCap struct {
	Grade   string `json:"grade"`
	Max     int    `json:"max,omitempty"`     // rows; 0 where Percent is used
	Percent int    `json:"percent,omitempty"` // of the rows of the ballot, rounded down
}

// Alert asks for a notice in results where the summed share of some grades is below a bound. It advises;
// it never decides.
type Alert struct {
	Grades       []string `json:"grades"`
	BelowPercent int      `json:"below_percent"` // 0…100; two thirds is written 67 with Thirds = 2 preferred
	BelowThirds  int      `json:"below_thirds,omitempty"`
	Text         string   `json:"text"`
}

// Quorum is a fraction of those expected under which results carry a warning.
type Quorum struct {
	Num int `json:"num"`
	Den int `json:"den"`
}

// Rules are the rules of one meeting: frozen and hashed when sealed, printed in every report.
type Rules struct {
	Grades          []string    `json:"grades"` // 2–6, best first
	Form            FormKind    `json:"form"`
	Identity        Identity    `json:"identity"`
	TicksOnly       bool        `json:"ticks_only"`     // accept ticks and fills only
	Overvote        Treatment   `json:"overvote"`       // row_invalid | ballot_invalid
	Blank           Treatment   `json:"blank"`          // abstention | ballot_invalid
	Altered         Treatment   `json:"altered"`        // adjudicate | row_invalid
	WhollyBlank     Treatment   `json:"wholly_blank"`   // valid | ballot_invalid
	SameGrade       Treatment   `json:"same_grade"`     // flag | ballot_invalid
	Caps            []GradeCap  `json:"caps,omitempty"` // a ballot over a cap is invalid
	Writing         Treatment   `json:"writing"`        // flag | ballot_invalid
	Quorum          Quorum      `json:"quorum"`
	Denominator     Denominator `json:"denominator"`
	Scores          []int       `json:"scores,omitempty"` // per grade, 0…100; empty = off
	Decimals        int         `json:"decimals"`         // 0–4
	Order           Order       `json:"order"`
	Alerts          []Alert     `json:"alerts,omitempty"`
	SmallGroup      int         `json:"small_group"`      // k, 1…20
	TwoAdjudicators bool        `json:"two_adjudicators"` // two people decide each unclear row
	Audit           int         `json:"audit,omitempty"`  // bundles of paper counted by hand before certifying; 0 = off
	CVR             bool        `json:"cvr,omitempty"`    // auditors may export single ballots after release
	Layout          Layout      `json:"layout"`
}

// Layout is how forms are drawn.
type Layout struct {
	Paper        string `json:"paper"`  // A3, A4, A5 (A5 for single forms only)
	Blocks       int    `json:"blocks"` // blocks of rows side by side: 1, 2; 0 = choose
	Instructions string `json:"instructions"`
	CommentBox   bool   `json:"comment_box"`
}

// DefaultRules are the defaults of DOMAIN.md's table.
func DefaultRules() Rules {
	return Rules{
		Grades: []string{"好", "较好", "一般", "差"}, Form: RosterForm, Identity: FormCode,
		Overvote: RowInvalid, Blank: Abstention, Altered: Adjudicate, WhollyBlank: Valid,
		SameGrade: Flag, Writing: Flag, Quorum: Quorum{2, 3}, Denominator: OfValid,
		Decimals: 2, Order: ByRoster, SmallGroup: 5,
		Layout: Layout{Paper: "A4", Instructions: "请在相应栏内划“√”，每人只选一项，多选无效。"},
	}
}

// Validate checks every rule and how they go together; all faults are reported, joined.
func (r Rules) Validate() error {
	var faults []error
	check := func(field string, ok bool, zh, en string, args ...any) {
		if !ok {
			faults = append(faults, Errorf(CodeRules, zh, en, args...).In(field))
		}
	}
	r.validateGrades(check)
	check("form", r.Form == RosterForm || r.Form == SingleForm, "票样只能是 roster 或 single", "form must be roster or single")
	oneOf(check, "identity", r.Identity, FormCode, Serial)
	check("ticks_only", !r.TicksOnly, "“只认勾和涂满”尚未提供，请用默认画票规则", "ticks_only is not available in this version: use the default mark rule")
	oneOf(check, "overvote", r.Overvote, RowInvalid, BallotInvalid)
	oneOf(check, "blank", r.Blank, Abstention, BallotInvalid)
	oneOf(check, "altered", r.Altered, Adjudicate, RowInvalid)
	oneOf(check, "wholly_blank", r.WhollyBlank, Valid, BallotInvalid)
	oneOf(check, "same_grade", r.SameGrade, Flag, BallotInvalid)
	oneOf(check, "writing", r.Writing, Flag, BallotInvalid)
	oneOf(check, "denominator", r.Denominator, OfValid, OfExpected, OfReturned, OfValidMarked)
	oneOf(check, "order", r.Order, ByRoster, ByResult, ByStrokes)
	check("quorum", r.Quorum.Num > 0 && r.Quorum.Num <= r.Quorum.Den, "有效人数下限须为 0 与 1 之间的分数", "quorum must be a fraction between 0 and 1")
	check("decimals", r.Decimals >= 0 && r.Decimals <= 4, "小数位数须为 0–4", "decimals must be 0…4")
	check("small_group", r.SmallGroup >= 1 && r.SmallGroup <= 20, "小组合并下限 k 须为 1–20", "small_group must be 1…20")
	check("audit", r.Audit >= 0 && r.Audit <= 99, "复点的捆数须为 0–99", "audit must be 0…99 bundles")
	// A bundle of single forms has few leaves of each subject: its counts would tell single marks.
	check("audit", r.Audit == 0 || r.Form == RosterForm, "每人一票（single）的表不能按捆复点：一捆里每人只有几张票，票数会透露个别选择", "single forms have no audit: a bundle has so few leaves of a subject that its counts would tell single marks")
	// Whoever noted a bundle's hand counts could tell by them which single ballots are of it, hence of which batch and venue.
	check("cvr", r.Audit == 0 || !r.CVR, "复点（audit）与逐票记录（cvr）不能同时开启：记下一捆的点数，就能认出哪些逐票记录出自这一捆", "audit and cvr cannot both be on: a bundle's counts would tell which single ballots are of it")
	r.validateWholeBallot(check)
	r.validateLayout(check)
	return errors.Join(faults...)
}

type checker func(ok bool, zh, en string, args ...any)

// fieldChecker names the field that a check is about.
type fieldChecker func(field string, ok bool, zh, en string, args ...any)

func (r Rules) validateGrades(check fieldChecker) {
	check("grades", len(r.Grades) >= 2 && len(r.Grades) <= 6, "等次须为 2–6 个，现有 %d 个", "there must be 2…6 grades, not %d", len(r.Grades))
	seen := map[string]bool{}
	for _, g := range r.Grades {
		check("grades", g != "" && !seen[g], "等次“%s”为空或重复", "grade %q is empty or given twice", g)
		seen[g] = true
	}
	check("scores", len(r.Scores) == 0 || len(r.Scores) == len(r.Grades), "分值须与等次一一对应：等次 %d 个，分值 %d 个",
		"scores must match grades: %d grades, %d scores", len(r.Grades), len(r.Scores))
	for _, s := range r.Scores {
		check("scores", s >= 0 && s <= 100, "分值 %d 不在 0–100 之间", "score %d is not within 0…100", s)
	}
	for _, c := range r.Caps {
		check("caps", seen[c.Grade], "限额等次“%s”不在等次表中", "cap names grade %q that is not in the scale", c.Grade)
		check("caps", (c.Max > 0) != (c.Percent > 0) && c.Max >= 0 && c.Percent >= 0 && c.Percent <= 100,
			"“%s”的限额须为名额或百分比之一", "the cap on %q must be a number of rows or a percentage", c.Grade)
	}
	for _, a := range r.Alerts {
		for _, g := range a.Grades {
			check("alerts", seen[g], "提示条件的等次“%s”不在等次表中", "alert names grade %q that is not in the scale", g)
		}
		check("alerts", len(a.Grades) > 0 && (a.BelowThirds > 0) != (a.BelowPercent > 0) && a.BelowPercent <= 100 && a.BelowThirds <= 3,
			"提示条件须有等次和一个下限", "an alert needs grades and one bound")
	}
}

// validateWholeBallot refuses, by name, rules about a whole ballot on forms that have none.
func (r Rules) validateWholeBallot(check fieldChecker) {
	if r.Form != SingleForm {
		return
	}
	for _, name := range r.WholeBallotRules() {
		check("form", false, "每人一票（single）的表没有整张票的多行规则：%s", "a single form has one row a ballot: rule %s cannot apply", name)
	}
}

// WholeBallotRules names the rules in force that need all rows of a ballot together.
func (r Rules) WholeBallotRules() []string {
	var names []string
	add := func(on bool, name string) {
		if on {
			names = append(names, name)
		}
	}
	add(r.Overvote == BallotInvalid, "overvote=ballot_invalid")
	add(r.Blank == BallotInvalid, "blank=ballot_invalid")
	add(r.WhollyBlank == BallotInvalid, "wholly_blank=ballot_invalid")
	add(r.SameGrade == BallotInvalid, "same_grade=ballot_invalid")
	add(len(r.Caps) > 0, "caps")
	return names
}

// OneLeafRules names the rules in force that need a ballot to be one leaf of paper: of several nobody knows which are one
// voter's, nor on which part of the ballot one was that is void.
func (r Rules) OneLeafRules() []string {
	names := r.WholeBallotRules()
	if r.Writing == BallotInvalid { // it makes one leaf invalid, and the others would count
		names = append(names, "writing=ballot_invalid")
	}
	if r.Denominator == OfReturned {
		names = append(names, "denominator=returned")
	}
	if r.Audit > 0 { // a bundle may have a single leaf of a part: its counts would be single marks
		names = append(names, "audit")
	}
	return names
}

func (r Rules) validateLayout(check fieldChecker) {
	_, known := papers[r.Layout.Paper]
	check("layout.paper", known, "纸张“%s”不支持，可选 A3、A4、A5", "paper %q is not supported: A3, A4 or A5", r.Layout.Paper)
	check("layout.paper", r.Form == SingleForm || r.Layout.Paper != "A5", "全员表不能用 A5", "a roster form cannot be A5")
	check("layout.paper", r.Form == RosterForm || r.Layout.Paper != "A3", "每人一票的表不能用 A3", "a single form cannot be A3")
	check("layout.blocks", r.Layout.Blocks >= 0 && r.Layout.Blocks <= 2, "行块数须为 0、1 或 2", "blocks must be 0, 1 or 2")
}

func oneOf[T ~string](check fieldChecker, name string, got T, allowed ...T) {
	for _, a := range allowed {
		if got == a {
			return
		}
	}
	check(name, false, "规则 %s 的取值“%s”不允许", "rule %s has no option %q", name, got)
}

// ValidateWeights checks the enabled groups' weights against each other: one group has 100, several sum
// to 100, and a group that nobody is in is refused rather than ignored.
func ValidateWeights(groups []VoterGroup) error {
	sum, enabled := 0, 0
	var faults []error
	for i, g := range groups {
		if g.Disabled {
			continue
		}
		in := func(e *Error, field string) error { return e.In(fmt.Sprintf("[%d].%s", i, field)) }
		enabled++
		sum += g.Weight
		if g.Weight < 0 {
			faults = append(faults, in(Errorf(CodeRules, "%s票的权重 %d 为负", "group %s has a negative weight %d", g.Code, g.Weight), "weight"))
		}
		if g.Expected() == 0 {
			faults = append(faults, in(Errorf(CodeRules, "%s票（%s）没有人；请停用或录入人数", "group %s (%s) has nobody in it: switch it off or enter headcounts", g.Code, g.Name), "headcount"))
		}
	}
	if enabled == 0 {
		return Errorf(CodeRules, "没有启用的票种", "no voter group is switched on")
	}
	if sum != 100 {
		faults = append(faults, Errorf(CodeRules, "各票种权重之和为 %d，应为 100", "the groups' weights sum to %d, not 100", sum))
	}
	return errors.Join(faults...)
}

// Hash is the SHA-256 of everything that sealing freezes, in hexadecimal: rules, roster, groups with
// their headcounts, excluded categories, venues and the blanks that are used. encoding/json sorts map keys, so it
// is stable.
func (m *Meeting) Hash(blanks ...Blank) string {
	frozen := struct {
		Title, Organiser, Date string
		Version                int
		Rules                  Rules
		Subjects               []Subject
		Groups                 []VoterGroup
		Excluded               []ExcludedRule
		Venues                 []Venue
		Blanks                 []string `json:",omitempty"` // meetings without any keep the hash they had before there were blanks
	}{m.Title, m.Organiser, m.Date, m.Version, m.Rules, m.Subjects, m.Groups, m.Excluded, m.Venues, nil}
	for _, b := range m.usedBlanks(blanks) {
		frozen.Blanks = append(frozen.Blanks, b.digest())
	}
	raw, err := json.Marshal(frozen)
	if err != nil {
		panic(err) // plain values only: cannot fail
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
