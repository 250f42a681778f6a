package ballot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
)

// MeasuresVersion is raised whenever the reader measures something more, or something otherwise: rows that
// an older reader measured lack what Judge asks for, and would be judged by a measure that is 0 because
// nobody took it. Readings kept before there was a version have 0.
const MeasuresVersion = 3

// JudgeAgain judges a page's rows by other thresholds. before are all verdicts that were made of the same
// rows: a row that was read plainly as one thing and would now plainly be another is for a person to look
// at, so that a vote never becomes another vote, nor an invalid row, by a change of thresholds.
func JudgeAgain(rows []RowReading, t Thresholds, before ...[]Verdict) []Verdict {
	verdicts := JudgePage(rows, t)
	for i, v := range verdicts {
		contradicts := func(old []Verdict) bool { return plainlyOther(old[i], v) }
		if slices.ContainsFunc(before, contradicts) {
			verdicts[i] = unclear(ReasonRejudged)
		}
	}
	return verdicts
}

// plainlyOther tells whether two verdicts differ of which neither needs a person under every rule: an altered row may be
// invalid by rule.
func plainlyOther(a, b Verdict) bool {
	plain := func(v Verdict) bool { return v.Kind != IsUnclear || v.Reason == ReasonAltered }
	return plain(a) && plain(b) && a != b
}

// Change is how many rows new thresholds turn from one verdict into another.
type Change struct {
	From, To Verdict // To is what the thresholds alone say
	Rows     int
	Decided  int // of these, rows that people have decided: their decisions stand
}

// Held tells whether such rows go to a person, since their vote would become another vote.
func (c Change) Held() bool { return plainlyOther(c.From, c.To) }

// Changes counts, over pages, the rows whose verdicts differ; those that are held come first.
type Changes struct {
	count map[[2]Verdict]*Change
}

// Add counts one row.
func (c *Changes) Add(from, to Verdict, decided bool) {
	if from == to {
		return
	}
	if c.count == nil {
		c.count = map[[2]Verdict]*Change{}
	}
	key := [2]Verdict{from, to}
	if c.count[key] == nil {
		c.count[key] = &Change{From: from, To: to}
	}
	c.count[key].Rows++
	if decided {
		c.count[key].Decided++
	}
}

// List is the changes: held ones first, then by kind, grade and reason.
func (c *Changes) List() []Change {
	var out []Change
	for _, one := range c.count {
		out = append(out, *one)
	}
	key := func(c Change) string {
		return fmt.Sprintf("%t %s %s %s %s %s %s", !c.Held(), c.From.Kind, c.To.Kind, c.From.Grade, c.To.Grade, c.From.Reason, c.To.Reason)
	}
	slices.SortFunc(out, func(a, b Change) int { return strings.Compare(key(a), key(b)) })
	return out
}

// shares are the thresholds that cannot exceed 1, needed those that cannot be 0: without them every bare
// box would hold a mark.
var (
	shares = []string{"mark_contrast", "clean_faint", "tail_share", "blot_inside", "apart_share", "pale_share", "faint_mark", "covered_most", "covered_blank",
		"second_least", "second_most", "second_sure", "second_bare", "second_blank", "grainy_mark", "grainy_second"}
	needed = []string{"mark_ink", "mark_reach", "mark_contrast"}
)

// values gives the thresholds by the names that files use.
func (t Thresholds) values() map[string]float64 {
	out := map[string]float64{}
	v := reflect.ValueOf(t)
	for i := range v.NumField() {
		f := v.Field(i)
		if f.CanInt() {
			out[v.Type().Field(i).Tag.Get("json")] = float64(f.Int())
		} else {
			out[v.Type().Field(i).Tag.Get("json")] = f.Float()
		}
	}
	return out
}

// Validate refuses thresholds that mean nothing, each by its name.
func (t Thresholds) Validate() error {
	var faults []error
	values := t.values()
	for _, name := range slices.Sorted(maps.Keys(values)) {
		v := values[name]
		switch {
		case math.IsNaN(v) || math.IsInf(v, 0) || v < 0:
			faults = append(faults, Errorf(CodeInvalid, "阈值 %[1]s 不能是 %[2]g", "threshold %[1]s cannot be %[2]g", name, v))
		case v > 1 && slices.Contains(shares, name):
			faults = append(faults, Errorf(CodeInvalid, "阈值 %[1]s 是比例，不能大于 1：%[2]g", "threshold %[1]s is a share and cannot exceed 1: %[2]g", name, v))
		case v == 0 && slices.Contains(needed, name):
			faults = append(faults, Errorf(CodeInvalid, "阈值 %s 不能为 0：空框也会成为选票", "threshold %s cannot be 0: every bare box would be a mark", name))
		}
	}
	if t.CleanInk > t.MarkInk {
		faults = append(faults, Errorf(CodeInvalid, "clean_ink（%g）不能大于 mark_ink（%g）：足以成票的墨迹会被当作空白", "clean_ink %g exceeds mark_ink %g: ink enough for a mark would count as none", t.CleanInk, t.MarkInk))
	}
	return errors.Join(faults...)
}

// Differences lists the thresholds that differ from others, by name, with their values here.
func (t Thresholds) Differences(from Thresholds) string {
	var out []string
	values, others := t.values(), from.values()
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if values[name] != others[name] {
			out = append(out, fmt.Sprintf("%s %g", name, values[name]))
		}
	}
	return strings.Join(out, ", ")
}

// ParseThresholds reads a JSON file that names the thresholds that differ from DefaultThresholds. A name
// that is none, and a value that is none, are refused by name.
func ParseThresholds(data []byte) (Thresholds, error) {
	t := DefaultThresholds()
	var file map[string]json.RawMessage
	if err := json.Unmarshal(data, &file); err != nil || file == nil {
		return t, Errorf(CodeInvalid, "阈值文件须为一个 JSON 对象，如 {\"mark_ink\": 1.2}", "a thresholds file is one JSON object, such as {\"mark_ink\": 1.2}")
	}
	known := t.values()
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(file)) {
		if _, ok := known[name]; !ok {
			faults = append(faults, Errorf(CodeInvalid, "没有名为“%s”的阈值", "there is no threshold %q", name))
			continue
		}
		one := slices.Concat([]byte(`{"`+name+`":`), file[name], []byte("}"))
		if err := json.Unmarshal(one, &t); err != nil || bytes.Equal(file[name], []byte("null")) {
			faults = append(faults, Errorf(CodeInvalid, "阈值 %[1]s 的值不是合适的数：%[2]s", "threshold %[1]s has no fitting number: %[2]s", name, file[name]))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return t, err
	}
	return t, t.Validate()
}
