package main

import (
	"context"
	"slices"

	"pingyi/api"
	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/ballot/store"
)

// apiStore is the database as the API asks for it. Most methods are the store's own; here are those
// whose types differ, since neither package knows the other.
type apiStore struct{ *store.Store }

var _ api.Store = apiStore{}

func (a apiStore) User(ctx context.Context, name string) (auth.User, error) {
	u, err := a.Store.User(ctx, name)
	return auth.User(u), err
}

func (a apiStore) Users(ctx context.Context) ([]auth.User, error) {
	users, err := a.Store.Users(ctx)
	return each(users, func(u store.User) auth.User { return auth.User(u) }), err
}

func (a apiStore) CreateUser(ctx context.Context, actor string, u auth.User) error {
	return a.Store.CreateUser(ctx, actor, store.User(u))
}

func (a apiStore) UpdateUser(ctx context.Context, actor string, read, u auth.User) error {
	return a.Store.UpdateUser(ctx, actor, store.User(read), store.User(u))
}

func (a apiStore) Token(ctx context.Context, digest string) (auth.Token, error) {
	t, err := a.Store.Token(ctx, digest)
	return auth.Token(t), err
}

func (a apiStore) Tokens(ctx context.Context, owner string) ([]auth.Token, error) {
	list, err := a.Store.Tokens(ctx, owner)
	return each(list, func(t store.Token) auth.Token { return auth.Token(t) }), err
}

func (a apiStore) CreateToken(ctx context.Context, t auth.Token) error {
	return a.Store.CreateToken(ctx, store.Token(t))
}

func (a apiStore) SetFactor(ctx context.Context, actor string, u auth.User) error {
	return a.Store.SetFactor(ctx, actor, store.User(u))
}

func (a apiStore) MakeFirst(ctx context.Context, u auth.User) error {
	return a.Store.MakeFirst(ctx, store.User(u))
}

func (a apiStore) Meetings(ctx context.Context) ([]api.MeetingSummary, error) {
	list, err := a.Store.Meetings(ctx)
	return each(list, func(s store.Summary) api.MeetingSummary { return api.MeetingSummary(s) }), err
}

func (a apiStore) Acts(ctx context.Context, meeting string, before int64, limit int) ([]api.Act, error) {
	list, err := a.Store.Acts(ctx, meeting, before, limit)
	return each(list, func(s store.Act) api.Act { return api.Act(s) }), err
}

func (a apiStore) AllActs(ctx context.Context, f api.ActFilter) ([]api.Act, error) {
	list, err := a.Store.AllActs(ctx, store.ActFilter(f))
	return each(list, func(s store.Act) api.Act { return api.Act(s) }), err
}

func (a apiStore) Checkpoint(ctx context.Context) (api.Checkpoint, error) {
	c, err := a.Store.Checkpoint(ctx)
	return api.Checkpoint(c), err
}

func (a apiStore) Checkpoints(ctx context.Context, meeting string) ([]api.Checkpoint, error) {
	list, err := a.Store.Checkpoints(ctx, meeting)
	return each(list, func(c store.Checkpoint) api.Checkpoint { return api.Checkpoint(c) }), err
}

func (a apiStore) Certify(ctx context.Context, actor, meeting, reason string) (api.Signed, error) {
	s, err := a.Store.Certify(ctx, actor, meeting, reason)
	return api.Signed(s), err
}

func (a apiStore) Reopen(ctx context.Context, actor, meeting, reason string) (api.Signed, error) {
	s, err := a.Store.Reopen(ctx, actor, meeting, reason)
	return api.Signed(s), err
}

func (a apiStore) Release(ctx context.Context, actor, meeting, reason string) (api.Signed, error) {
	s, err := a.Store.Release(ctx, actor, meeting, reason)
	return api.Signed(s), err
}

func (a apiStore) AcceptAudit(ctx context.Context, actor, meeting, reason string) (api.Signed, error) {
	s, err := a.Store.AcceptAudit(ctx, actor, meeting, reason)
	return api.Signed(s), err
}

func (a apiStore) ExportCVR(ctx context.Context, actor, meeting, reason string) (api.Signed, error) {
	s, err := a.Store.ExportCVR(ctx, actor, meeting, reason)
	return api.Signed(s), err
}

func (a apiStore) ExportRecords(ctx context.Context, actor, meeting, reason string) (api.Signed, error) {
	s, err := a.Store.ExportRecords(ctx, actor, meeting, reason)
	return api.Signed(s), err
}

// Pages filters here: the store keeps verdicts as measured and resolves rows on the way out, so a page's
// state is no column that could be asked for.
func (a apiStore) Pages(ctx context.Context, meeting string, filter api.PageFilter) (api.PageList, error) {
	heldBack, err := a.Store.HeldBack(ctx, meeting) // before the pages: a list that is not whole never says that it is
	if err != nil {
		return api.PageList{}, err
	}
	pages, err := a.Store.Pages(ctx, meeting)
	if err != nil {
		return api.PageList{}, err
	}
	if filter.Flagged {
		flags, err := a.Store.LeafFlags(ctx, meeting)
		if err != nil {
			return api.PageList{}, err
		}
		for i := range pages {
			pages[i].Flags = append(slices.Clone(pages[i].Flags), flags[pages[i].Leaf]...)
		}
	}
	pages = slices.DeleteFunc(pages, func(p store.Page) bool {
		return filter.Group != "" && p.Group != filter.Group || filter.State != "" && p.State() != filter.State ||
			filter.Flagged && len(p.Flags) == 0 && len(p.Words) == 0
	})
	list := api.PageList{Total: len(pages), HeldBack: heldBack}
	for _, p := range pages {
		if p.ID <= filter.After {
			continue
		}
		if len(list.Pages) == filter.Limit {
			list.Next = list.Pages[len(list.Pages)-1].ID
			break
		}
		list.Pages = append(list.Pages, pageSummary(p))
	}
	return list, nil
}

func pageSummary(p store.Page) api.PageSummary {
	differ := slices.ContainsFunc(p.Words, func(w store.AsideWord) bool { return w.Aside != p.Words[0].Aside })
	return api.PageSummary{ID: p.ID, Group: p.Group, Form: p.Form, FormPage: p.FormPage, State: p.State(), Unclear: p.Waiting(),
		Aside: p.Aside == store.AsideAsked, Differ: p.Aside == store.AsideAsked && differ, Flags: p.Flags, Said: each(p.Words, func(w store.AsideWord) api.AsideWord { return api.AsideWord(w) })}
}

func (a apiStore) Page(ctx context.Context, meeting, id string) (api.Page, error) {
	p, err := a.Store.Page(ctx, meeting, id)
	page := api.Page{PageSummary: pageSummary(p), Writing: p.Writing, Also: p.Also, Rows: each(p.Rows, func(r store.Row) api.PageRow {
		row := api.PageRow{Subject: r.Subject, Scores: append([]ballot.MarkScore{}, r.Scores...), Machine: r.Machine,
			Decisions: append([]ballot.Decision{}, r.Decisions...)}
		if r.Resolved {
			row.Verdict = &r.Verdict
		}
		return row
	})}
	return page, err
}

// Queue adds the printed names, which the store's rows do not repeat.
func (a apiStore) Queue(ctx context.Context, actor, meeting string, limit int, take func(string, int, int) bool) (api.Queue, error) {
	m, err := a.Store.Meeting(ctx, meeting)
	if err != nil {
		return api.Queue{}, err
	}
	rows, n, err := a.Store.Queue(ctx, actor, meeting, limit, take)
	return api.Queue{Total: n.Rows, Decided: n.Decided, Disputed: n.Disputed, Rows: each(rows, func(r store.Unclear) api.QueueRow {
		s, _ := m.Subject(r.Subject)
		return api.QueueRow{Page: r.Page, Group: r.Group, Form: r.Form, FormPage: r.FormPage, Subject: r.Subject, Name: s.Name, Org: s.Org,
			Machine: r.Machine, Scores: append([]ballot.MarkScore{}, r.Scores...), Dispute: r.Dispute, Disputed: r.Disputed}
	})}, err
}

// Decisions adds the printed names too.
func (a apiStore) Decisions(ctx context.Context, meeting string) ([]api.DecidedRow, error) {
	m, err := a.Store.Meeting(ctx, meeting)
	if err != nil {
		return nil, err
	}
	rows, err := a.Store.Decisions(ctx, meeting)
	return each(rows, func(r store.Decided) api.DecidedRow {
		s, _ := m.Subject(r.Subject)
		out := api.DecidedRow{Page: r.Page, Group: r.Group, Form: r.Form, FormPage: r.FormPage, Subject: r.Subject, Name: s.Name, Org: s.Org, Machine: r.Machine,
			Decisions: r.Decisions, Disputed: r.Disputed}
		if r.Resolved {
			out.Verdict = &r.Verdict
		}
		return out
	}), err
}

// each converts a list; the answer is never nil, so that JSON has [].
func each[A, B any](list []A, convert func(A) B) []B {
	out := make([]B, len(list))
	for i, x := range list {
		out[i] = convert(x)
	}
	return out
}
