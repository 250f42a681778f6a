package jobs

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pingyi/ballot"
)

// TestLostSide is the whole cycle: a scanner loses one side of one leaf, so that most pairs of what it made agree on
// two people's sides. The upload is held as a whole, said once to be fed again, fed again whole, and closed: every leaf
// once, its own sides together, and no sheet taken for one that was scanned twice.
func TestLostSide(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 5)
	h.work()
	ctx, b := context.Background(), h.batch()
	h.upload(b, slices.Delete(stack(0, 5), 3, 4)...)
	pages := h.states(b, repeat(9, "lost_side"))
	h.want(ballot.CodeUnresolved, h.close(b))
	h.want(ballot.CodeState, h.service.Dispose(ctx, "scan", b.ID, pages[4].Upload, 4, ballot.Void, nil))
	h.must(h.service.Dispose(ctx, "scan", b.ID, pages[4].Upload, 4, ballot.Rescanned, nil))
	h.states(b, repeat(9, "~"))
	h.want(ballot.CodeSmallBatch, h.close(b)) // nothing of it counts
	h.upload(b, stack(0, 5)...)
	h.states(b, repeat(9, "~")+" "+repeat(10, "."))
	h.must(h.close(b))
	h.checkLeaves(5)
}

// TestLostSides feeds stacks of which one to four sides were lost at random, and each again where it is held. Of
// those that are not held, which is where all between a front and a back was lost, the count of leaves is short.
func TestLostSides(t *testing.T) {
	const stacks, each = 24, 6
	h := newHouse(t, kind{subjects: 72}, stacks*each)
	h.work()
	ctx, held := context.Background(), 0
	for n := range stacks {
		r := rand.New(rand.NewPCG(uint64(n), 2))
		whole, b := stack(n*each, (n+1)*each), h.batch()
		fed := slices.Clone(whole)
		for range 1 + r.IntN(4) {
			at := r.IntN(len(fed))
			fed = slices.Delete(fed, at, at+1)
		}
		h.upload(b, fed...)
		pages := h.wait(b)
		if pages[0].Waits() {
			held++
			h.must(h.service.Dispose(ctx, "scan", b.ID, pages[0].Upload, 0, ballot.Rescanned, nil))
			h.states(b, repeat(len(fed), "~"))
		} else {
			forms, err := h.service.GroupForms(ctx, b)
			h.must(err)
			if read, _ := ballot.CountLeaves(forms, pages); read >= each {
				t.Fatalf("fed %s: %d leaves", strings.Join(fed, ", "), read)
			}
			h.must(h.service.Discard(ctx, "scan", b.ID))
			b = h.batch()
		}
		h.upload(b, whole...)
		if got := states(h.wait(b)); !strings.HasSuffix(" "+got, strings.Repeat(" .", len(whole))) {
			t.Fatalf("fed %s, then the whole: %s", strings.Join(fed, ", "), got)
		}
		h.must(h.close(b))
	}
	h.checkLeaves(stacks * each)
	if held < stacks/2 {
		t.Error(fmt.Sprint(held, " stacks were held"))
	}
}
