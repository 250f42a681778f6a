package jobs

import (
	"context"
	"testing"

	"pingyi/ballot"
)

// BenchmarkPages asks for the images of a batch of 2,000 two-sided leaves, as its progress does: all readings
// are decoded, sides joined, sheets compared.
func BenchmarkPages(b *testing.B) {
	const leaves = 2000
	ctx, h := context.Background(), newHouse(b, kind{subjects: 72}, leaves)
	batch := h.batch()
	u := ballot.Upload{ID: "u", Batch: batch.ID, Name: "stack.pdf", Digest: "d"}
	h.must(h.store.AddUpload(ctx, "scan", u, forgetJobs(ctx, batch.ID)))
	h.must(h.store.FinishUpload(ctx, u.ID, 2*leaves, ""))
	forms, err := h.service.GroupForms(ctx, batch)
	h.must(err)
	var pages []ballot.SpoolPage
	for i, line := range stack(0, leaves) {
		res := readLine(forms, line)
		for j := range res.Rows {
			for _, g := range forms[0].Grades {
				res.Rows[j].Scores = append(res.Rows[j].Scores, ballot.MarkScore{Grade: g, Ink: 3.21, Inside: 0.123, Reach: 5.43, Flat: 3.21, Contrast: 0.765, Strokes: 1, Specks: 0.01, Second: 0.9987})
			}
		}
		p := ballot.SpoolPage{Upload: u.ID, Index: i, Batch: batch.ID, Reading: res.PageReading, Verdicts: res.Verdicts}
		h.must(h.store.SaveSpoolPage(ctx, p))
		pages = append(pages, p)
	}
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			got, err := h.service.Pages(ctx, batch)
			if h.must(err); len(got) != 2*leaves || got[1].Reading.Rejected != nil {
				b.Fatalf("%d images, %+v", len(got), got[1].Reading.Rejected)
			}
		}
	})
	b.Run("comparison alone", func(b *testing.B) {
		for b.Loop() {
			ballot.HoldTwice(forms, nil, pages, nil)
		}
	})
}
