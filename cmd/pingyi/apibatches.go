package main

import (
	"context"
	"io"
	"slices"

	"pingyi/api"
	"pingyi/ballot"
	"pingyi/ballot/store"
	"pingyi/scans/jobs"
)

// batches is batches as the API asks for them: their rows are the store's, their files and jobs the job
// service's.
type batches struct {
	jobs  *jobs.Service
	store *store.Store
}

var _ api.Batches = batches{}

// find loads a batch and refuses one of another meeting.
func (a batches) find(ctx context.Context, meeting, id string) (ballot.Batch, error) {
	b, err := a.store.Batch(ctx, id)
	if err == nil && b.Meeting != meeting {
		err = ballot.Errorf(ballot.CodeNotFound, "该会议没有这个批次", "the meeting has no such batch")
	}
	return b, err
}

// view adds what an open batch has: its files and the progress of its pages.
func (a batches) view(ctx context.Context, b ballot.Batch) (api.Batch, error) {
	out := api.Batch{ID: b.ID, Group: b.Group, Venues: b.Venues, State: b.State, Uploads: []api.Upload{}, Leaves: b.Leaves}
	if b.State != ballot.BatchOpen {
		if b.Pile > 0 {
			out.Pile = ballot.Pile{Group: b.Group, Number: b.Pile}.Label()
		}
		return out, nil
	}
	out.Paused = a.jobs.Paused(b.ID)
	if w := a.jobs.Watching(b.ID); w.Here {
		out.Folder = &api.ScannerFolder{On: w.On, Waiting: w.Waiting, Known: w.Known, Problem: w.Problem}
	}
	uploads, err := a.store.Uploads(ctx, b.ID)
	if err != nil {
		return out, err
	}
	pages, err := a.jobs.Pages(ctx, b)
	if err != nil {
		return out, err
	}
	forms, err := a.jobs.GroupForms(ctx, b)
	if err != nil {
		return out, err
	}
	read, void := ballot.CountLeaves(forms, pages)
	out.Leaves, out.Void = read+void, void
	for _, u := range uploads {
		out.Uploads = append(out.Uploads, apiUpload(u))
		out.Pages.Pages += max(0, u.Pages)
	}
	out.Pages.Waiting = max(0, out.Pages.Pages-len(pages))
	if out.Pages.Waiting > 0 || slices.ContainsFunc(uploads, func(u ballot.Upload) bool { return u.Pages < 0 }) {
		out.Trouble = a.jobs.Trouble()
	}
	for _, p := range pages {
		if p.Reading.Rejected == nil {
			out.Pages.Read++
			continue
		}
		out.Pages.Rejected++
		if p.Waits() {
			out.Pages.Open++
		}
	}
	return out, nil
}

func apiUpload(u ballot.Upload) api.Upload {
	return api.Upload{Name: u.Name, Digest: u.Digest, Bytes: u.Bytes, Pages: u.Pages, Error: u.Error}
}

func (a batches) OpenBatch(ctx context.Context, actor, meeting, group string, venues []string) (api.Batch, error) {
	b, err := a.store.OpenBatch(ctx, actor, meeting, group, venues)
	if err != nil {
		return api.Batch{}, err
	}
	return a.view(ctx, b)
}

func (a batches) ListBatches(ctx context.Context, meeting string) ([]api.Batch, error) {
	list, err := a.store.Batches(ctx, meeting)
	if err != nil {
		return nil, err
	}
	out := make([]api.Batch, len(list))
	for i, b := range list {
		if out[i], err = a.view(ctx, b); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (a batches) Batch(ctx context.Context, meeting, id string) (api.Batch, error) {
	b, err := a.find(ctx, meeting, id)
	if err != nil {
		return api.Batch{}, err
	}
	return a.view(ctx, b)
}

func (a batches) Upload(ctx context.Context, actor, meeting, batch, name string, file io.Reader) (api.Upload, error) {
	if _, err := a.find(ctx, meeting, batch); err != nil {
		return api.Upload{}, err
	}
	u, err := a.jobs.Upload(ctx, actor, batch, name, file)
	return apiUpload(u), err
}

func (a batches) BatchPages(ctx context.Context, meeting, batch string) ([]api.BatchPage, error) {
	b, err := a.find(ctx, meeting, batch)
	if err != nil {
		return nil, err
	}
	pages, err := a.jobs.Pages(ctx, b)
	if err != nil {
		return nil, err
	}
	uploads, err := a.store.Uploads(ctx, batch)
	return each(pages, func(p ballot.SpoolPage) api.BatchPage {
		upload := 1 + slices.IndexFunc(uploads, func(u ballot.Upload) bool { return u.ID == p.Upload })
		out := api.BatchPage{ID: p.ID(), Upload: upload, State: ballot.PageRead, FormPage: p.Reading.Page, Disposal: p.Disposal}
		if r := p.Reading.Rejected; r != nil {
			out.State, out.Reason, out.Facts = ballot.PageRejected, r.Reason, r.Facts
		}
		if p.Like != nil && p.Like.Upload != "" {
			out.Like = ballot.SpoolPage{Upload: p.Like.Upload, Index: p.Like.Index}.ID()
		}
		return out
	}), err
}

// image finds an image by the id that a browser sent; nothing of that id gets into a path.
func (a batches) image(ctx context.Context, meeting, batch, id string) (ballot.SpoolPage, error) {
	b, err := a.find(ctx, meeting, batch)
	if err != nil {
		return ballot.SpoolPage{}, err
	}
	pages, err := a.jobs.Pages(ctx, b)
	if err != nil {
		return ballot.SpoolPage{}, err
	}
	for _, p := range pages {
		if p.ID() == id {
			return p, nil
		}
	}
	return ballot.SpoolPage{}, ballot.Errorf(ballot.CodeNotFound, "批次里没有该图像", "the batch has no such image")
}

func (a batches) BatchPicture(ctx context.Context, meeting, batch, page string) (io.ReadCloser, error) {
	p, err := a.image(ctx, meeting, batch, page)
	if err != nil {
		return nil, err
	}
	return a.jobs.SpoolPicture(p.Batch, p.Upload, p.Index)
}

func (a batches) Dispose(ctx context.Context, actor, meeting, batch, page string, how ballot.Disposal, shown *string) error {
	p, err := a.image(ctx, meeting, batch, page)
	if err != nil {
		return err
	}
	return a.jobs.Dispose(ctx, actor, batch, p.Upload, p.Index, how, shown)
}

func (a batches) CloseBatch(ctx context.Context, actor, meeting, batch string, word ballot.Vouching) (api.Batch, error) {
	if _, err := a.find(ctx, meeting, batch); err != nil {
		return api.Batch{}, err
	}
	if err := a.jobs.Close(ctx, actor, batch, word); err != nil {
		return api.Batch{}, err
	}
	return a.Batch(ctx, meeting, batch)
}

func (a batches) DiscardBatch(ctx context.Context, actor, meeting, batch string) error {
	if _, err := a.find(ctx, meeting, batch); err != nil {
		return err
	}
	return a.jobs.Discard(ctx, actor, batch)
}

func (a batches) PauseBatch(ctx context.Context, meeting, batch string, paused bool) error {
	if _, err := a.find(ctx, meeting, batch); err != nil {
		return err
	}
	return a.jobs.Pause(ctx, batch, paused)
}

func (a batches) WatchFolder(ctx context.Context, actor, meeting, batch string, on, takeOld bool) error {
	if _, err := a.find(ctx, meeting, batch); err != nil {
		return err
	}
	return a.jobs.Watch(ctx, actor, batch, on, takeOld)
}
