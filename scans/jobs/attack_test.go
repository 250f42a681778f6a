package jobs

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pingyi/ballot"
	"pingyi/scans/jobs/attack"
)

var (
	attackTrials  = flag.Int("attack.trials", 12, "trials of TestAttack at each number of sheets")
	attackSheets  = flag.String("attack.sheets", "20", "sheets in a batch, separated by commas")
	attackResults = flag.String("attack.results", "", "file to which sums are appended, and which says how far it was")
	attackFolder  = flag.String("attack.folder", memory, "where trials keep their data")
)

// memory is a file system in memory, where there is one: trials are many.
const memory = "/dev/shm"

// With many sheets a look is long, and most states are looked at in one trial of ten only; people decide one leaf in 32
// and not one in 8, and type one comment in 40 and not one in 10, so that there are as many as with fewer sheets.
const manySheets = 500

var manyStates = []string{"second batch closed", "all rows decided", "archived"}

func attackIn(t testing.TB) string {
	if info, err := os.Stat(*attackFolder); err == nil && info.IsDir() {
		return *attackFolder
	}
	return t.TempDir()
}

// TestAttack closes two batches again and again, takes the meeting through all its states and lets the attacker look in
// each: no clue may say anything of the order of feeding, of the batch, nor of a voter's marks.
func TestAttack(t *testing.T) {
	for _, text := range strings.Split(*attackSheets, ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(text, func(t *testing.T) {
			record := openAttackRecord(t, *attackResults, n)
			template, meeting := attackedTemplate(t, n)
			trials := func(from, count int) attack.Sums {
				sums := attack.Sums{}
				for trial := from; trial < from+count; trial++ {
					a := newAttacked(t, template, meeting, attackIn(t), n, uint64(trial))
					a.stages(trial%4 < 2, func(state string) {
						if n < manySheets || trial/4%10 == 0 || slices.Contains(manyStates, state) {
							sums.Add(trial, state, a.look(), a.pages())
						}
					})
					a.checkGone()
					a.gone()
				}
				return sums
			}
			for record.trials < *attackTrials {
				count := min(attackChunk, *attackTrials-record.trials)
				record.add(t, trials(record.trials, count), count)
			}
			report(t, record, func(round int) attack.Sums { return trials(round*record.trials, record.trials) })
		})
	}
}

// confirmed are those findings that as many fresh trials make again, twice, to the same side. A dozen trials make
// standard errors so uncertain that chance puts one of the thousands of clues beyond the bound in some hundred runs; three
// times the same one, less than once in 10^10. What is left behind is there each time.
func confirmed(found []attack.Finding, trials int, fresh func(round int) attack.Sums) []attack.Finding {
	if trials >= 100 { // standard errors are what they seem
		return found
	}
	for round := 1; round <= 2 && len(found) > 0; round++ {
		again := fresh(round).Findings(attackBound)
		found = slices.DeleteFunc(found, func(f attack.Finding) bool {
			return !slices.ContainsFunc(again, func(g attack.Finding) bool {
				return f.State == g.State && f.Clue == g.Clue && f.Measure == g.Measure && f.All.Mean()*g.All.Mean() > 0
			})
		})
	}
	return found
}

// TestConfirmed: what fresh trials find again, twice and to the same side, is found; after many trials nobody asks again.
func TestConfirmed(t *testing.T) {
	sums := func(mean float64) attack.Sums {
		half := attack.Sum{N: 6, Total: 6 * mean, Squares: 6 * mean * mean}
		return attack.Sums{"state | clue | " + attack.Order: {half, half}}
	}
	for _, c := range []struct {
		trials int
		again  [2]float64
		want   int
	}{{12, [2]float64{0.5, 0.4}, 1}, {12, [2]float64{0.5, 0.01}, 0}, {12, [2]float64{-0.5, 0.5}, 0}, {100, [2]float64{}, 1}} {
		fresh := func(round int) attack.Sums { return sums(c.again[round-1]) }
		if got := confirmed(sums(0.5).Findings(attackBound), c.trials, fresh); len(got) != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// TestDecidedEarly: rows decided while a second batch is still to come are the first's, and while others wait nothing can
// hide which they are; once all are decided nothing tells it. SECURITY.md says so.
func TestDecidedEarly(t *testing.T) {
	const n, trials = 20, 12
	template, meeting := attackedTemplate(t, n)
	early := 0
	round := func(number int) attack.Sums {
		after := attack.Sums{}
		for trial := range trials {
			a := newAttacked(t, template, meeting, attackIn(t), n, uint64(1000*(number+1)+trial))
			a.must(a.house.close(a.feed(0)))
			a.decide(0.5)
			a.must(a.house.close(a.feed(1)))
			truth := a.pages()
			for page := range a.look()["table decisions: order"] {
				early++
				if truth[page].Batch != 0 {
					t.Fatal("a page of the second batch was decided before it was closed")
				}
			}
			a.decide(1)
			after.Add(trial, "after", a.look(), truth)
			a.gone()
		}
		return after
	}
	found := round(0).Findings(attackBound)
	if early == 0 {
		t.Error("the attacker does not find what SECURITY.md names: say so there")
	}
	for _, f := range confirmed(found, trials, round) {
		t.Errorf("found: %s", f)
	}
}

// report says what all clues came to; fresh makes as many trials more, where something is to be found again.
func report(t *testing.T, r *attackRecord, fresh func(round int) attack.Sums) {
	for _, v := range r.sums.Verdicts() {
		t.Logf("%d sheets, %d trials, %s: %d clues, %d beyond 3 standard errors (%.1f by chance), worst %.1f (bound %.1f)", r.Sheets, r.trials, v.Measure,
			v.Clues, v.Beyond3, v.Expected, v.Worst.All.Z(), v.Bound)
		t.Logf("    worst  %s", v.Worst)
		t.Logf("    chosen in half of the trials (%+.4f), tested in the other: %s", v.Trained, v.Chosen)
		if v.Clues == 0 {
			t.Errorf("%s: no clue was tested", v.Measure)
		}
	}
	for _, f := range confirmed(r.sums.Findings(max(attackBound, bonferroniOf(r))), r.trials, fresh) {
		t.Errorf("found: %s", f)
	}
}

// stages takes the meeting through its states; the attacker looks in each. Where people decide early, between the
// batches, he does not look before they are done: see TestDecidedEarly.
func (a *attacked) stages(early bool, look func(state string)) {
	ctx := context.Background()
	first := a.feed(0)
	a.must(a.house.close(first))
	look("first batch closed")
	if early {
		a.decide(0.5)
	}
	second := a.feed(1)
	look("second batch open")
	a.must(a.house.close(second))
	if !early {
		look("second batch closed")
	}
	a.decide(1)
	look("all rows decided")
	_, err := a.store.Balance(ctx, "s1", a.meeting)
	a.must(err)
	look("balanced")
	a.typeComments()
	look("comments typed")
	a.audit()
	look("audited")
	a.twice(func(person string) error { _, err := a.store.Certify(ctx, person, a.meeting, "无误"); return err })
	look("certified")
	a.both("c", func(person string) error { _, err := a.store.Release(ctx, person, a.meeting, "无误"); return err })
	look("released")
	a.both("c", func(person string) error {
		_, err := a.store.ExportRecords(ctx, person, a.meeting, "存档")
		return err
	})
	a.must(a.store.Downloaded(ctx, "c1", a.meeting, "ab", 1))
	_, err = a.store.Archive(ctx, "c1", a.meeting, time.Now().AddDate(0, 0, ballot.UsualRetention).Format(time.DateOnly))
	a.must(err)
	look("archived")
}

func (a *attacked) twice(act func(person string) error) { a.both("s", act) }

// both has the two scrutineers (s) or the two of the committee (c) do something.
func (a *attacked) both(of string, act func(person string) error) {
	a.must(act(of + "1"))
	a.must(act(of + "2"))
}

// audit draws all bundles and enters counts that may be wrong: what is asked is what they leave behind.
func (a *attacked) audit() {
	ctx := context.Background()
	a.must(a.store.CommitAudit(ctx, "s1", a.meeting, true))
	a.twice(func(person string) error {
		return a.store.EnterDice(ctx, person, a.meeting, strings.Repeat("12345", 4))
	})
	v, err := a.store.Audit(ctx, a.meeting)
	a.must(err)
	for _, number := range v.Drawn {
		a.twice(func(person string) error {
			count := make([]int, attackedGrades+2)
			count[0] = v.Bundles[number-1].Leaves
			return a.store.CountBundle(ctx, person, a.meeting, number, ballot.Sums{1: count, 2: count})
		})
	}
	_, err = a.store.CompareAudit(ctx, "s1", a.meeting, a.codes)
	a.must(err)
	if v, err = a.store.Audit(ctx, a.meeting); err != nil || v.Complete() { // of few sheets all may be so by chance
		a.must(err)
		return
	}
	a.twice(func(person string) error { _, err := a.store.AcceptAudit(ctx, person, a.meeting, "试"); return err })
}

func (a *attacked) typeComments() {
	ctx := context.Background()
	all, err := a.store.Comments(ctx, a.meeting)
	a.must(err)
	for i, c := range all {
		a.must(a.store.TypeComment(ctx, "s1", a.meeting, c.ID, ballot.TypedComment{State: ballot.CommentTyped, Text: fmt.Sprint("意见", i)}))
	}
}

// checkGone looks for words of the spool in the data folder.
func (a *attacked) checkGone() { a.checkForgotten(a.spool...) }
