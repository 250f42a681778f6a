package ballot

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
)

// Turn is one value of one threshold, the first away from that in force, at which a row's verdict is
// another: what decided the row, and by how much.
type Turn struct {
	Threshold string  `json:"threshold"`
	InForce   float64 `json:"in_force"`
	At        float64 `json:"at"`
	Becomes   Verdict `json:"becomes"`
}

// distance is how far a threshold would have to be moved, as the logarithm of a ratio.
func (t Turn) distance() float64 { return math.Abs(math.Log(t.At / t.InForce)) }

// Values of a threshold that are tried: by a tenth more each time, up to 50 times the value in force and
// down to a fiftieth, then 0.
const (
	turnStep   = 1.1
	turnSteps  = 41
	turnHalves = 12 // halvings between two of them
)

// Turns gives, for each row of a page, where single thresholds would turn its verdict, the nearest first.
// It tries them on JudgePage itself, so that it explains what is judged and not what somebody once wrote
// about it. It is slow, and no part of reading.
func Turns(rows []RowReading, t Thresholds) [][]Turn {
	now := JudgePage(rows, t)
	out := make([][]Turn, len(rows))
	for i := range reflect.TypeOf(t).NumField() {
		for _, values := range triedValues(reflect.ValueOf(t).Field(i)) {
			turnsAlong(rows, t, i, values, now, out)
		}
	}
	for _, turns := range out {
		slices.SortStableFunc(turns, func(a, b Turn) int {
			switch d := a.distance() - b.distance(); {
			case d < 0:
				return -1
			case d > 0:
				return 1
			}
			return 0
		})
	}
	return out
}

// triedValues are the values below and above that of a threshold, nearest first.
func triedValues(v reflect.Value) [2][]float64 {
	var down, up []float64
	if v.CanInt() {
		for d := range int64(turnSteps) {
			if below := v.Int() - d - 1; below >= 0 {
				down = append(down, float64(below))
			}
			up = append(up, float64(v.Int()+d+1))
		}
		return [2][]float64{down, up}
	}
	for n := range turnSteps {
		f := math.Pow(turnStep, float64(n+1))
		down, up = append(down, v.Float()/f), append(up, v.Float()*f)
	}
	return [2][]float64{append(down, 0), up}
}

// with is the thresholds with the one of index i set.
func (t Thresholds) with(i int, value float64) Thresholds {
	if f := reflect.ValueOf(&t).Elem().Field(i); f.CanInt() {
		f.SetInt(int64(value))
	} else {
		f.SetFloat(value)
	}
	return t
}

// turnsAlong tries values of one threshold, each farther from that in force, and adds to out where each row
// first turns.
func turnsAlong(rows []RowReading, t Thresholds, i int, values []float64, now []Verdict, out [][]Turn) {
	field := reflect.TypeOf(t).Field(i)
	v := reflect.ValueOf(t).Field(i)
	whole := v.CanInt()
	inForce := 0.0
	if whole {
		inForce = float64(v.Int())
	} else {
		inForce = v.Float()
	}
	turned := make([]bool, len(rows))
	last := inForce
	for _, value := range values {
		for r, verdict := range JudgePage(rows, t.with(i, value)) {
			if turned[r] || verdict == now[r] {
				continue
			}
			turned[r] = true
			at := value
			if !whole {
				at, verdict = halve(rows, t, i, r, last, value, now[r])
			}
			out[r] = append(out[r], Turn{field.Tag.Get("json"), inForce, at, verdict})
		}
		last = value
	}
}

// halve narrows down where row r turns between a value at which it has not and one at which it has.
func halve(rows []RowReading, t Thresholds, i, r int, same, other float64, now Verdict) (at float64, becomes Verdict) {
	becomes = JudgePage(rows, t.with(i, other))[r]
	for range turnHalves {
		middle := (same + other) / 2
		if v := JudgePage(rows, t.with(i, middle))[r]; v == now {
			same = middle
		} else {
			other, becomes = middle, v
		}
	}
	return other, becomes
}

// reasonThresholds names what is compared where a row is unclear for a reason; local distortion aside, a
// lost row and a streak need none.
var reasonThresholds = map[string][]string{
	ReasonAltered:  {"blot_inside", "blot_ratio", "blot_strokes"},
	ReasonFaint:    {"mark_ink", "mark_reach", "mark_contrast", "clean_ink", "clean_faint"},
	ReasonBetween:  {"clean_ink"},
	ReasonOutside:  {"mark_ink", "apart_ink", "apart_share", "outline_ring"},
	ReasonOutline:  {"clean_outline", "outline_ring"},
	ReasonTail:     {"clean_ink"},
	ReasonLine:     {"line_flat", "line_slant", "line_reach"},
	ReasonPale:     {"trace_ink", "pale_rows"},
	ReasonGrain:    {"grainy_mark", "grainy_second"},
	ReasonCovered:  {"covered_most", "covered_blank"},
	ReasonStretch:  {"max_shift"},
	ReasonSecond:   {"clean_ink", "tail_ink", "tail_share", "pale_share", "pale_ink", "faint_mark", "outline_mark"},
	ReasonDisagree: {"second_least", "second_most", "second_blank"},
}

// Compared says which thresholds, with their values, a verdict's reason is about; "" where there are none.
func (t Thresholds) Compared(v Verdict) string {
	values := t.values()
	var out []string
	for _, name := range reasonThresholds[v.Reason] {
		out = append(out, fmt.Sprintf("%s %g", name, values[name]))
	}
	return strings.Join(out, "  ")
}

var chineseReasons = map[string]string{
	ReasonAltered:  "疑有涂改",
	ReasonFaint:    "有墨迹，但太少或太淡，不足以成票",
	ReasonBetween:  "有笔画分不清属于哪一格",
	ReasonOutside:  "格内有墨迹，而框内是空的",
	ReasonOutline:  "框线上有墨迹",
	ReasonTail:     "别处的笔画穿过空框",
	ReasonStreak:   "有条纹或折痕穿过选框",
	ReasonLine:     "是一条横平竖直的直线：可能是折痕、条纹，也可能是有人画的",
	ReasonPale:     "本页墨迹太淡，空行可能是漏识",
	ReasonPage:     "本页大半读不准，其余各行也请人看",
	ReasonGrain:    "画面颗粒太重，分不清墨迹",
	ReasonCovered:  "有框的印刷看不见，可能被折角、纸条或修正带盖住",
	ReasonStretch:  "该行的印刷线找不到，或偏离太远",
	ReasonSecond:   "除一处明确的笔画外，可能另有一处",
	ReasonDisagree: "两次独立识读不一致",
	ReasonRejudged: "按另一组阈值曾明确判为别的结果",
}

// Chinese says a verdict in words.
func (v Verdict) Chinese() string {
	switch v.Kind {
	case IsGrade:
		return v.Grade
	case IsBlank:
		return "弃权"
	case IsOvervote:
		return "多选"
	}
	return "待复核：" + chineseReasons[v.Reason]
}
