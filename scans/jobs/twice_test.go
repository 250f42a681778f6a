package jobs

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pingyi/ballot"
)

// states spells a batch's images: "." read, "=" another sheet, "~" the same paper, else why they wait.
func states(pages []ballot.SpoolPage) string {
	var out []string
	for _, p := range pages {
		switch {
		case p.Waits():
			out = append(out, string(p.Reading.Rejected.Reason))
		case p.Reading.Rejected != nil:
			out = append(out, "~")
		case p.Disposal == ballot.Distinct:
			out = append(out, "=")
		default:
			out = append(out, ".")
		}
	}
	return strings.Join(out, " ")
}

func (h *house) states(b ballot.Batch, want string) []ballot.SpoolPage {
	h.t.Helper()
	pages := h.wait(b)
	if got := states(pages); got != want {
		h.t.Fatalf("images %s, want %s", got, want)
	}
	return pages
}

func repeat(n int, word string) string { return strings.Join(slices.Repeat([]string{word}, n), " ") }

// TestScannedTwice: a leaf that is fed again is held, both sides; what a person says of one side is said of both; a
// batch closes with each sheet once.
func TestScannedTwice(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 7)
	h.work()
	ctx, b := context.Background(), h.batch()
	h.upload(b, stack(0, 6)...)
	h.states(b, repeat(12, "."))
	h.upload(b, "2 1", "2 2", "6 1", "6 2", "4 1", "4 2") // with a new leaf between
	const twice = " scanned_twice scanned_twice"
	pages := h.states(b, repeat(12, ".")+twice+" . ."+twice)
	if p := pages[12]; p.Reading.Rejected.Facts != `its ink lies like that of image 5 of "stack.pdf"` || len(p.Reading.Rows) == 0 || len(p.Verdicts) == 0 {
		t.Errorf("held %+v", p.Reading.Rejected)
	}
	h.want(ballot.CodeUnresolved, h.close(b))

	dispose := func(i int, how ballot.Disposal) error {
		return h.service.Dispose(ctx, "scan", b.ID, pages[i].Upload, pages[i].Index, how, nil)
	}
	h.want(ballot.CodeState, dispose(12, ballot.Void))
	h.want(ballot.CodeState, dispose(14, ballot.Distinct)) // it was read
	h.must(dispose(13, ballot.Distinct))
	h.states(b, repeat(12, ".")+" = = . ."+twice)
	h.must(dispose(17, ballot.Rescanned))
	h.states(b, repeat(12, ".")+" = = . . ~ ~")
	h.want(ballot.CodeUnbalanced, h.close(b)) // leaf 2 twice: eight leaves, seven returned
	h.must(dispose(12, ballot.Rescanned))     // on second thoughts
	h.states(b, repeat(12, ".")+" ~ ~ . . ~ ~")
	h.must(h.close(b))
	h.checkLeaves(7)
}

// TestAnotherSheetCounts: what a person takes for another sheet is counted with its own measures.
func TestAnotherSheetCounts(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 7)
	h.work()
	ctx, b := context.Background(), h.batch()
	h.upload(b, append(stack(0, 6), "3 1", "3 2")...)
	pages := h.wait(b)
	h.must(h.service.Dispose(ctx, "scan", b.ID, pages[12].Upload, pages[12].Index, ballot.Distinct, nil))
	h.must(h.close(b))
	var seen []string
	for _, picture := range h.kept() {
		seen = append(seen, picture)
	}
	slices.Sort(seen)
	if want := fmt.Sprint(slices.Sorted(slices.Values(append(stack(0, 6), "3 1", "3 2")))); fmt.Sprint(seen) != want {
		t.Errorf("kept %v, want %s", seen, want)
	}
}

// TestScannedInAnotherBatch: a sheet of a closed batch is known until the meeting is certified, in its own
// meeting alone, and discarding a batch forgets its sheets.
func TestScannedInAnotherBatch(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 12)
	h.work()
	discarded := h.batch()
	h.upload(discarded, stack(0, 6)...)
	h.states(discarded, repeat(12, "."))
	h.must(h.service.Discard(context.Background(), "scan", discarded.ID))

	first, second := h.batch(), h.batch()
	h.upload(first, stack(0, 6)...)
	h.upload(second, append(stack(6, 11), "5 1", "5 2")...)
	h.states(second, repeat(12, "."))
	h.wait(first)
	h.must(h.close(first))
	pages := h.states(second, repeat(10, ".")+" scanned_twice scanned_twice")
	for n, i := range []int{10, 11} {
		id := pages[i].Like.Page
		if picture := h.kept()[id]; picture != fmt.Sprintf("5 %d", n+1) || !strings.Contains(pages[i].Reading.Rejected.Facts, id) {
			t.Errorf("image %d is like page %q with the picture %q", i, id, picture)
		}
	}
	h.want(ballot.CodeUnresolved, h.close(second))
	h.must(h.service.Dispose(context.Background(), "scan", second.ID, pages[10].Upload, pages[10].Index, ballot.Rescanned, nil))
	h.must(h.close(second))
	h.checkLeaves(11)
}

// TestAskedAgain: that a sheet is another one than the one that it was like is said of these two alone. Where a batch is
// closed that has a sheet like it as well, somebody is asked about that one; where none has, nobody is asked again.
func TestAskedAgain(t *testing.T) {
	h := newHouse(t, kind{subjects: 72}, 30)
	h.work()
	open := h.batch()
	h.upload(open, append(stack(0, 6), "3 1", "3 2", "5 1", "5 2")...)
	pages := h.wait(open)
	another := func(i int) {
		h.t.Helper()
		h.must(h.service.Dispose(context.Background(), "scan", open.ID, pages[i].Upload, pages[i].Index, ballot.Distinct, nil))
	}
	another(12)
	another(14)
	const twice, read = " scanned_twice scanned_twice", " = ="
	h.states(open, repeat(12, ".")+read+read)
	shut := func(lines ...string) {
		h.t.Helper()
		b := h.batch()
		h.upload(b, lines...)
		h.wait(b)
		h.must(h.close(b))
	}
	before := pages[12].Reading.Rejected.Facts
	shut(stack(10, 15)...) // strangers
	h.states(open, repeat(12, ".")+read+read)
	shut(append(stack(15, 20), "3 1", "3 2")...) // the sheet that was taken for another one
	h.states(open, repeat(6, ".")+twice+" "+repeat(4, ".")+twice+read)
	late := h.service.Dispose(context.Background(), "scan", open.ID, pages[12].Upload, pages[12].Index, ballot.Distinct, &before)
	h.want(ballot.CodeConflict, late) // looked at before the other batch was closed
	another(6)
	another(12)
	shut(stack(20, 25)...)
	h.states(open, repeat(6, ".")+read+" "+repeat(4, ".")+read+read)
}

// TestComparedInOrder: while an upload is being read, sheets of later ones are not compared yet; what a sheet is
// like never changes once it is said.
func TestComparedInOrder(t *testing.T) {
	uploads := []ballot.Upload{{ID: "a", Pages: 2}, {ID: "b", Pages: 1}, {ID: "c", Pages: 1}}
	page := func(upload string, index int) ballot.SpoolPage { return ballot.SpoolPage{Upload: upload, Index: index} }
	done, under := readThrough(uploads, []ballot.SpoolPage{page("a", 1), page("b", 0)})
	if done.first != 0 || len(done.pages) != 1 || len(under) != 1 {
		t.Errorf("%+v, %+v", done, under)
	}
	done, under = readThrough(uploads, []ballot.SpoolPage{page("a", 0), page("a", 1), page("b", 0)})
	if done.first != 3 || len(done.pages) != 3 || len(under) != 0 {
		t.Errorf("%+v, %+v", done, under)
	}
}
