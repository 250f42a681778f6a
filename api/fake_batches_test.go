package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"pingyi/ballot"
)

// fakeBatches reads scans that are text: one line a leaf, one character a subject in the roster's order —
// 1…9 a grade, - blank, ? unclear — or a line "reject".
type fakeBatches struct {
	mu      sync.Mutex
	store   *fakeStore
	batches map[string]*fakeBatch
	digests map[string]bool
}

type fakeBatch struct {
	Batch
	meeting string
	leaves  []string
	pages   []BatchPage
}

func newFakeBatches(s *fakeStore) *fakeBatches {
	return &fakeBatches{store: s, batches: map[string]*fakeBatch{}, digests: map[string]bool{}}
}

func (f *fakeBatches) find(meeting, id string) (*fakeBatch, error) {
	b, ok := f.batches[id]
	if !ok || b.meeting != meeting {
		return nil, ballot.Errorf(ballot.CodeNotFound, "没有这个批次", "no such batch")
	}
	return b, nil
}

func (f *fakeBatches) OpenBatch(_ context.Context, actor, meeting, group string, venues []string) (Batch, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := f.store.in(actor, meeting, "open_batch", func(m *fakeMeeting) error {
		m.open++
		return m.State.Require("open a batch", ballot.Open)
	})
	if err != nil {
		return Batch{}, err
	}
	b := &fakeBatch{meeting: meeting, Batch: Batch{ID: "b" + strconv.Itoa(len(f.batches)+1), Group: group, Venues: venues, State: ballot.BatchOpen, Uploads: []Upload{}}}
	f.batches[b.ID] = b
	return b.Batch, nil
}

func (f *fakeBatches) ListBatches(_ context.Context, meeting string) (list []Batch, _ error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, b := range f.batches {
		if b.meeting == meeting {
			list = append(list, b.Batch)
		}
	}
	return list, nil
}

func (f *fakeBatches) Batch(_ context.Context, meeting, id string) (Batch, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := f.find(meeting, id)
	if err != nil {
		return Batch{}, err
	}
	return b.Batch, nil
}

func (f *fakeBatches) Upload(_ context.Context, _, meeting, id, name string, file io.Reader) (Upload, error) {
	content, err := io.ReadAll(file)
	if err != nil {
		return Upload{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := f.find(meeting, id)
	if err != nil {
		return Upload{}, err
	}
	sum := sha256.Sum256(content)
	u := Upload{Name: name, Digest: hex.EncodeToString(sum[:]), Bytes: int64(len(content))}
	if f.digests[u.Digest] {
		return u, ballot.Errorf(ballot.CodeDuplicate, "该文件已上传过", "this file was uploaded before")
	}
	f.digests[u.Digest] = true
	for _, line := range strings.Fields(string(content)) {
		u.Pages++
		b.Pages.Pages++
		p := BatchPage{ID: fmt.Sprintf("%s-%d", id, len(b.pages)+1), Upload: len(b.Uploads) + 1, State: ballot.PageRead, FormPage: 1}
		if line == "reject" {
			p.State, p.Reason = ballot.PageRejected, ballot.RejectNoCode
			b.Pages.Rejected++
			b.Pages.Open++
		} else {
			b.leaves = append(b.leaves, line)
			b.Pages.Read++
		}
		b.pages = append(b.pages, p)
	}
	b.Uploads = append(b.Uploads, u)
	return u, nil
}

func (f *fakeBatches) BatchPages(_ context.Context, meeting, id string) ([]BatchPage, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := f.find(meeting, id)
	if err != nil {
		return nil, err
	}
	return slices.Clone(b.pages), nil
}

func (f *fakeBatches) BatchPicture(context.Context, string, string, string) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(testPicture)), nil
}

func (f *fakeBatches) Dispose(_ context.Context, _, meeting, id, page string, how ballot.Disposal, _ *string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := f.find(meeting, id)
	if err != nil {
		return err
	}
	for i := range b.pages {
		if p := &b.pages[i]; p.ID == page && p.State == ballot.PageRejected && p.Disposal == "" {
			p.Disposal = how
			b.Pages.Open--
			return nil
		}
	}
	return ballot.Errorf(ballot.CodeNotFound, "没有这张退回的票面", "no such rejected page")
}

func (f *fakeBatches) CloseBatch(_ context.Context, actor, meeting, id string, word ballot.Vouching) (Batch, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := f.find(meeting, id)
	if err != nil {
		return Batch{}, err
	}
	if b.Pages.Open > 0 {
		return b.Batch, ballot.Errorf(ballot.CodeUnresolved, "尚有 %d 张退回的票面未处理", "%d rejected pages wait", b.Pages.Open)
	}
	void := 0
	var pages []ballot.SpoolPage
	for i, p := range b.pages {
		if p.Disposal == ballot.Void {
			void++
		}
		pages = append(pages, ballot.SpoolPage{Upload: id, Index: i + 1, Reading: ballot.PageReading{Rejected: &ballot.Rejection{}}, Disposal: p.Disposal})
	}
	if err := (&ballot.Closing{Void: []ballot.GroupCount{{Leaves: void}}}).Vouch(word, pages); err != nil {
		return b.Batch, err
	}
	err = f.store.in(actor, meeting, "close_batch", func(m *fakeMeeting) error {
		b.Leaves = len(b.leaves) + void
		m.open--
		m.scanned = append(m.scanned, ballot.ScannedCount{Venues: ballot.VenueSet(b.Venues), Group: b.Group, Leaves: b.Leaves})
		if void > 0 {
			m.void = append(m.void, ballot.GroupCount{Group: b.Group, Leaves: void})
		}
		for _, line := range b.leaves {
			m.addLeaf(b.Group, line)
		}
		return nil
	})
	b.State, b.pages = ballot.BatchClosed, nil
	return b.Batch, err
}

// addLeaf makes the pages of one ballot.
func (m *fakeMeeting) addLeaf(group, line string) {
	leaf := "l" + strconv.Itoa(len(m.leaves)+1)
	at := 0
	for _, f := range m.forms {
		if f.Group != group {
			continue
		}
		for _, fp := range f.Pages {
			p := &Page{PageSummary: PageSummary{ID: fmt.Sprintf("%s-%d", leaf, fp.Page), Group: group, Form: f.ID, FormPage: fp.Page, State: ballot.PageRead}}
			for _, r := range fp.Rows {
				v := ballot.Verdict{Kind: ballot.IsUnclear, Reason: ballot.ReasonFaint}
				switch c := line[at]; {
				case c == '-':
					v = ballot.Verdict{Kind: ballot.IsBlank}
				case c != '?':
					v = ballot.Verdict{Kind: ballot.IsGrade, Grade: m.Rules.Grades[c-'1']}
				}
				at++
				p.Rows = append(p.Rows, PageRow{Subject: r.Subject, Scores: []ballot.MarkScore{}, Machine: v, Decisions: []ballot.Decision{}})
			}
			m.pages[p.ID] = p
			m.leaves[leaf] = append(m.leaves[leaf], p.ID)
		}
	}
}

func (f *fakeBatches) DiscardBatch(_ context.Context, actor, meeting, id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.find(meeting, id); err != nil {
		return err
	}
	delete(f.batches, id)
	return f.store.in(actor, meeting, "discard_batch", func(m *fakeMeeting) error { m.open--; return nil })
}

func (f *fakeBatches) PauseBatch(_ context.Context, meeting, id string, paused bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := f.find(meeting, id)
	if err == nil {
		b.Paused = paused
	}
	return err
}

// WatchFolder stands for a folder in which two files lie.
func (f *fakeBatches) WatchFolder(_ context.Context, _, meeting, id string, on, takeOld bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := f.find(meeting, id)
	if err == nil && on && !takeOld {
		err = ballot.Errorf(ballot.CodeConflict, "文件夹里已有 2 个文件", "2 files lie in the folder")
	}
	if err == nil {
		b.Folder = &ScannerFolder{On: on}
	}
	return err
}

// fakePictures has the same picture for every page: A4 at 2 pixels a mm, each pixel as dark as its row.
type fakePictures struct{}

func (fakePictures) Picture(context.Context, string, string) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(testPicture)), nil
}

var testPicture = func() []byte {
	img := image.NewGray(image.Rect(0, 0, 420, 594))
	for y := range 594 {
		for x := range 420 {
			img.SetGray(x, y, color.Gray{Y: uint8(y * 255 / 593)})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 100}); err != nil {
		panic(err)
	}
	return out.Bytes()
}()
