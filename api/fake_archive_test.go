package api

import (
	"context"
	"encoding/json"
	"time"

	"pingyi/ballot"
)

// archiving is what the store keeps of a fake meeting's end. Results came out a hundred days ago.
func (m *fakeMeeting) archiving() ballot.Archiving {
	a := m.archive
	a.State, a.Terms = m.State, ballot.TermsOf(testTime, testTime.AddDate(0, 0, 100))
	if a.Keeping == "" {
		a.Keeping = ballot.Kept
	}
	return a
}

func (f *fakeStore) Archiving(_ context.Context, id string) (a ballot.Archiving, err error) {
	err = f.in("", id, "", func(m *fakeMeeting) error { a = m.archiving(); return nil })
	return a, err
}

func (f *fakeStore) ExportRecords(_ context.Context, actor, id, reason string) (out Signed, err error) {
	err = f.in(actor, id, "export_records", func(m *fakeMeeting) error {
		e := &m.archive.Export
		if err := m.State.Require("export", ballot.Released); err != nil {
			return err
		}
		switch {
		case e.AskedBy == "" || e.ConfirmedBy != "":
			*e = ballot.RecordsExport{AskedBy: actor, Reason: reason}
			out = Signed{m.State, []string{actor}, false}
		case e.AskedBy == actor:
			return ballot.Errorf(ballot.CodeSecondPerson, "须由另一人签署", "another person must sign")
		default:
			at, until := testTime, time.Now().AddDate(100, 0, 0)
			e.ConfirmedBy, e.ConfirmedAt, e.Until, e.LastAct = actor, &at, &until, int64(len(m.acts))
			out = Signed{m.State, []string{e.AskedBy, actor}, true}
		}
		return nil
	})
	return out, err
}

func (f *fakeStore) MayDownload(_ context.Context, actor, id string) (e ballot.RecordsExport, certified []byte, number int, err error) {
	err = f.in("", id, "", func(m *fakeMeeting) (err error) {
		if err := m.State.Require("download", ballot.Released); err != nil {
			return err
		}
		if err := m.archive.Export.Good(actor, time.Now()); err != nil {
			return err
		}
		e, number = m.archive.Export, 1
		certified, err = json.Marshal(m.result)
		return err
	})
	return e, certified, number, err
}

func (f *fakeStore) Downloaded(_ context.Context, actor, id, digest string, bytes int64) error {
	return f.in(actor, id, "download_records", func(m *fakeMeeting) error {
		m.archive.Export.Digest, m.archive.Export.Bytes = digest, bytes
		return nil
	})
}

func (f *fakeStore) Archive(_ context.Context, actor, id, destroyOn string) (out ballot.Meeting, err error) {
	err = f.in(actor, id, "archive", func(m *fakeMeeting) error {
		a := m.archiving()
		if err := m.State.Step(ballot.Archived); err != nil {
			return err
		}
		if err := a.Exported(); err != nil {
			return err
		}
		if err := a.Terms.Check(destroyOn); err != nil {
			return err
		}
		m.State, m.archive.DestroyOn = ballot.Archived, destroyOn
		out = m.Meeting
		return nil
	})
	return out, err
}

func (f *fakeStore) PostponeDestruction(_ context.Context, actor, id, destroyOn, _ string) error {
	return f.in(actor, id, "postpone_destruction", func(m *fakeMeeting) error {
		if err := m.archiving().MayPostpone(destroyOn); err != nil {
			return err
		}
		m.archive.DestroyOn = destroyOn
		return nil
	})
}

// fakeDestroyer destroys nothing but says so.
type fakeDestroyer struct{ *fakeStore }

func (f fakeDestroyer) Destroy(_ context.Context, actor, id string) error {
	return f.in(actor, id, "destroy_ballots", func(m *fakeMeeting) error {
		if err := m.archiving().MayDestroy(); err != nil {
			return err
		}
		m.archive.Keeping, m.archive.DestroyedBy = ballot.Destroyed, actor
		return nil
	})
}
