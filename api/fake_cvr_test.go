package api

import (
	"context"

	"pingyi/ballot"
)

func (f *fakeStore) CVRExport(_ context.Context, id string) (e ballot.CVRExport, err error) {
	err = f.in("", id, "", func(m *fakeMeeting) error { e = ballot.CVRExport{On: m.Rules.CVR, Ballots: 60, Alone: 7}; return nil })
	return e, err
}

func (f *fakeStore) ExportCVR(_ context.Context, actor, id, _ string) (out Signed, err error) {
	err = f.in(actor, id, "export_cvr", func(m *fakeMeeting) error {
		if !m.Rules.CVR {
			return ballot.Errorf(ballot.CodeRules, "不允许", "not allowed")
		}
		out = Signed{State: m.State, By: []string{actor}}
		return nil
	})
	return out, err
}

func (f *fakeStore) CastVotes(_ context.Context, _, id string) (m ballot.Meeting, votes []ballot.Leaf, err error) {
	err = f.in("", id, "", func(fm *fakeMeeting) error {
		m, votes = fm.Meeting, []ballot.Leaf{{Group: "A"}, {Group: "A"}}
		return nil
	})
	return m, votes, err
}

func (f *fakeStore) CVRDownloaded(_ context.Context, actor, id, digest string, bytes int64) error {
	return f.in(actor, id, "download_cvr", func(m *fakeMeeting) error { m.cvr = digest; return nil })
}
