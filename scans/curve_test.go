package scans_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/synth"
)

var (
	curvePages   = flag.Int("curve.pages", 36, "pages to read for the curve")
	curvePicture = flag.String("curve.picture", "", "PNG to draw the curve into")
)

// curveSeed keeps the curve's pages apart from the sweep's.
const curveSeed = 2_000_000_000

// Classes of the curve's pages: worse are such as no scanner delivers, since errors on others are too few
// to draw a curve through.
const classWorse = "worse"

var curveClasses = []string{synth.ClassOrdinary, synth.ClassHard, classWorse}

// measured is a page as read once, to be judged again and again.
type measured struct {
	class string
	rows  []ballot.RowReading
	truth []synth.Truth
}

// judge makes the verdicts of a page's rows.
type judge func(rows []ballot.RowReading) []ballot.Verdict

// TestCurve reads pages once and judges their measures by thresholds from lax to strict: silent errors
// against rows that go to people, by the first reading, by the second and by both. `make curve` draws it.
func TestCurve(t *testing.T) {
	pages, rejected := measure(t, *curvePages)
	t.Logf("%d pages read, a third of each class, %d rejected", *curvePages, rejected)
	lines := []curveLine{
		{name: "first reading alone: rules on strokes", points: along(pages, 0, 2, func(s float64) judge { return byRules(firstAlone(strictness(s))) })},
		{name: "second reading alone: model of density", points: along(pages, 0, 9, byModel)},
		{name: "both, and what they contradict each other about to people", points: along(pages, 0, 2, func(s float64) judge { return byRules(strictness(s)) })},
	}
	for _, l := range lines {
		t.Log(l.table())
	}
	t.Log(compareReadings(pages))
	t.Log(caughtBySecond(pages, "as shipped", ballot.DefaultThresholds()))
	t.Log(caughtBySecond(pages, "that doubts next to nothing", secondAsShipped(strictness(0))))
	path := *curvePicture
	if path == "" {
		path = filepath.Join(t.TempDir(), "curve.png")
	}
	shipped := outcome(pages, byRules(ballot.DefaultThresholds()))
	if err := drawCurve(path, lines, shipped); err != nil {
		t.Fatal(err)
	}
	both := lines[2].points
	if lax, strict := both[0], both[len(both)-1]; !(lax.Unclear < shipped.Unclear && shipped.Unclear < strict.Unclear) {
		t.Errorf("unclear rows from lax to strict: %d, %d as shipped, %d", lax.Unclear, shipped.Unclear, strict.Unclear)
	}
}

func measure(t *testing.T, n int) (pages []measured, rejected int) {
	t.Helper()
	sheets := printedSheets(t)
	var mu sync.Mutex
	onAllCores(t, sheets, curveSeed, n, func(r *scans.Reader, seed uint64) {
		random := rand.New(rand.NewPCG(seed, 20260116))
		class := curveClasses[seed%3]
		s := sheets[random.IntN(len(sheets))]
		d := drawDamage(class, s.page, random)
		img, truth := scanAs(t, s, d, random)
		res := r.ReadPage(img)
		mu.Lock()
		defer mu.Unlock()
		if res.Rejected != nil {
			rejected++
			return
		}
		pages = append(pages, measured{class, res.Rows, truth})
	})
	return pages, rejected
}

// drawDamage draws damage of one of curveClasses.
func drawDamage(class string, page *ballot.FormPage, r *rand.Rand) synth.Damage {
	if class != classWorse {
		return synth.Draw(class, page, r)
	}
	for {
		if d := synth.HardOf(6+r.IntN(4), r); d.Readable(page) {
			return d
		}
	}
}

// laxest are thresholds by which next to nothing is doubted: what is not plainly a mark is nothing.
func laxest() ballot.Thresholds {
	t := ballot.DefaultThresholds()
	t.MarkInk, t.MarkReach, t.MarkContrast = 0.6, 1, 0.08
	t.CleanInk, t.CleanFaint, t.CleanOutline = 0.6, 0.9, 10
	t.TailInk, t.TailShare = 10, 3
	t.LineFlat, t.LineSlant = 0.01, 0.001
	t.BlotInside, t.BlotRatio = 0.95, 10
	t.PaleShare, t.PaleInk, t.FaintMark, t.OutlineMark = 0.9, 5, 0.1, 20
	t.SecondLeast, t.SecondMost, t.SecondBlank = 0.0001, 0.9999, 0.9999
	t.SecondSure, t.SecondBare = 0.5, 0.5
	t.GrainyMark, t.GrainySecond = 0.05, 0.001
	t.MaxShift, t.TraceInk, t.CoveredMost, t.CoveredBlank = 10, 1, 0.99, 0.99
	return t
}

// strictness moves all thresholds together: at 0 they are the laxest, at 1 as shipped, and beyond 1 as
// much stricter again. Shares and probabilities move by their log odds, areas and lengths by their
// logarithms.
func strictness(s float64) ballot.Thresholds {
	out, lax := ballot.DefaultThresholds(), laxest()
	to, from := reflect.ValueOf(&out).Elem(), reflect.ValueOf(lax)
	for i := range to.NumField() {
		f := to.Field(i)
		if f.Kind() != reflect.Float64 || f.Float() == from.Field(i).Float() {
			continue
		}
		a, b := from.Field(i).Float(), f.Float()
		if a < 1 && b < 1 {
			f.SetFloat(logistic((1-s)*logit(a) + s*logit(b)))
		} else {
			f.SetFloat(math.Exp((1-s)*math.Log(a) + s*math.Log(b)))
		}
	}
	return out
}

func logit(p float64) float64    { return math.Log(p / (1 - p)) }
func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// firstAlone switches off all that the second reading has a say in.
func firstAlone(t ballot.Thresholds) ballot.Thresholds {
	t.SecondLeast, t.SecondMost, t.SecondBlank, t.SecondBare, t.GrainySecond = 0, 1, 1, -1, 0
	return t
}

func byRules(t ballot.Thresholds) judge {
	return func(rows []ballot.RowReading) []ballot.Verdict { return ballot.JudgePage(rows, t) }
}

// byModel judges by the second reading's probabilities alone: a target is marked above the band about
// one half, bare below it, and its row is unclear where it lies within. Rows that registration lost are
// unclear to both readings.
func byModel(band float64) judge {
	bare, marked := logistic(-band), logistic(band)
	return func(rows []ballot.RowReading) []ballot.Verdict {
		out := make([]ballot.Verdict, len(rows))
		for i, row := range rows {
			out[i] = ballot.Verdict{Kind: ballot.IsBlank}
			for _, s := range row.Scores {
				switch {
				case row.Lost || s.Second > bare && s.Second < marked:
					out[i] = ballot.Verdict{Kind: ballot.IsUnclear}
				case out[i].Kind == ballot.IsUnclear || s.Second <= bare:
				case out[i].Kind == ballot.IsBlank:
					out[i] = ballot.Verdict{Kind: ballot.IsGrade, Grade: s.Grade}
				default:
					out[i] = ballot.Verdict{Kind: ballot.IsOvervote}
				}
			}
		}
		return out
	}
}

func outcome(pages []measured, j judge) counts {
	var sum counts
	for _, p := range pages {
		for i, v := range j(p.rows) {
			sum.add(countRow(p.truth[i], v))
		}
	}
	return sum
}

// curveLine is one way of judging, from lax to strict.
type curveLine struct {
	name   string
	points []counts
}

const curveSteps = 20

func along(pages []measured, from, to float64, family func(s float64) judge) []counts {
	points := make([]counts, curveSteps+1)
	for i := range points {
		points[i] = outcome(pages, family(from+(to-from)*float64(i)/curveSteps))
	}
	return points
}

func (l curveLine) table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n| %s | silent errors | unclear |\n|---|---|---|\n", l.name)
	for i, c := range l.points {
		fmt.Fprintf(&b, "| step %d | %d (%.0f per million) | %.2f %% |\n", i, c.Wrong, 1e6*float64(c.Wrong)/float64(c.Rows), percent(c.Unclear, c.Rows))
	}
	return b.String()
}

// compareReadings holds rules, model and both against each other. The model's band is the narrowest that
// asks people about as many rows as both do.
func compareReadings(pages []measured) string {
	var b strings.Builder
	b.WriteString("\n| pages | rows | rules: silent errors | unclear | model, asking as often as both: silent errors | unclear | both: silent errors | unclear |\n|---|---|---|---|---|---|---|---|\n")
	for _, class := range curveClasses {
		some := ofClass(pages, class)
		rules, both := outcome(some, byRules(firstAlone(ballot.DefaultThresholds()))), outcome(some, byRules(ballot.DefaultThresholds()))
		var model counts
		for band := 0.0; band <= 9; band += 0.05 {
			if model = outcome(some, byModel(band)); model.Unclear >= both.Unclear {
				break
			}
		}
		fmt.Fprintf(&b, "| %s | %d |", class, both.Rows)
		for _, c := range []counts{rules, model, both} {
			fmt.Fprintf(&b, " %d | %d (%.2f %%) |", c.Wrong, c.Unclear, percent(c.Unclear, c.Rows))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func ofClass(pages []measured, class string) []measured {
	var out []measured
	for _, p := range pages {
		if p.class == class {
			out = append(out, p)
		}
	}
	return out
}

// secondAsShipped leaves thresholds to the first reading alone.
func secondAsShipped(t ballot.Thresholds) ballot.Thresholds {
	d := ballot.DefaultThresholds()
	t.SecondLeast, t.SecondMost, t.SecondBlank = d.SecondLeast, d.SecondMost, d.SecondBlank
	t.SecondSure, t.SecondBare, t.GrainySecond = d.SecondSure, d.SecondBare, d.GrainySecond
	return t
}

// caughtBySecond lists the silent errors of a first reading alone, how many of them the second turns
// into unclear rows, and how many are left.
func caughtBySecond(pages []measured, which string, thresholds ballot.Thresholds) string {
	type catch struct{ first, caught int }
	found := map[string]catch{}
	alone, both := byRules(firstAlone(thresholds)), byRules(thresholds)
	for _, p := range pages {
		together := both(p.rows)
		for i, v := range alone(p.rows) {
			if !p.truth[i].Wrong(v) {
				continue
			}
			key := fmt.Sprintf("%s | %s read as %s", p.class, p.truth[i].Kind, v.Kind)
			e := found[key]
			e.first++
			if !p.truth[i].Wrong(together[i]) {
				e.caught++
			}
			found[key] = e
		}
	}
	keys := make([]string, 0, len(found))
	for k := range found {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var b strings.Builder
	fmt.Fprintf(&b, "\n| pages | silent error of a first reading %s | found | caught by the second | left |\n|---|---|---|---|---|\n", which)
	for _, k := range keys {
		fmt.Fprintf(&b, "| %s | %d | %d | %d |\n", k, found[k].first, found[k].caught, found[k].first-found[k].caught)
	}
	return b.String()
}

// The family of thresholds goes through those shipped.
func TestStrictness(t *testing.T) {
	for i, v := 0, reflect.ValueOf(strictness(1)); i < v.NumField(); i++ {
		want := reflect.ValueOf(ballot.DefaultThresholds()).Field(i)
		if f := v.Field(i); f.Kind() == reflect.Float64 && math.Abs(f.Float()-want.Float()) > 1e-9*want.Float() {
			t.Errorf("%s is %v at 1, shipped %v", v.Type().Field(i).Name, f, want)
		}
	}
}
