package main

import (
	"context"
	"crypto/rand"
	"io"

	"pingyi/ballot"
	"pingyi/ballot/keys"
	"pingyi/ballot/store"
	"pingyi/pdf"
)

// issuer prints copies in serial mode: it draws their ids, by the meeting's keys.
type issuer struct {
	store *store.Store
	keys  keys.Folder
}

// issue makes the meeting's keys with its first copies. Keys that were lost since are not made anew: all paper that
// was printed would be taken for forged.
func (i issuer) issue(ctx context.Context, f *ballot.Form, copies int) (*ballot.Issue, error) {
	k, err := i.keys.Of(f.Meeting)
	if ballot.CodeOf(err) == ballot.CodeNotFound {
		printed, _, countErr := i.store.SerialCounts(ctx, f.Meeting)
		switch {
		case countErr != nil:
			return nil, countErr
		case printed > 0:
			return nil, ballot.Errorf(ballot.CodeState, "本会议流水号的密钥文件丢失，不能再印票，也不能识读：请把数据目录下的 serial-*.key 文件从备份恢复",
				"the keys of the meeting's serials are lost: nothing can be printed or read until the file serial-….key of the data folder is back from a backup")
		}
		k, err = i.keys.Make(f.Meeting, rand.Reader)
	}
	if err != nil {
		return nil, err
	}
	return ballot.NewIssue(f, k, copies, rand.Reader)
}

// write draws copies and gives the pseudonyms of their ids: before those are recorded the paper counts nowhere.
func (i issuer) write(ctx context.Context, w io.Writer, m ballot.Meeting, f *ballot.Form, copies int, cover bool, fonts *pdf.Fonts, progress func(int)) ([]ballot.Pseudonym, error) {
	issue, err := i.issue(ctx, f, copies)
	if err != nil {
		return nil, err
	}
	sheet, err := coverOf(m, f.Group, cover)
	if err != nil {
		return nil, err
	}
	return issue.Pseudonyms(), pdf.Serials(w, f, issue, sheet, fonts, progress)
}

func (p printer) Serials(ctx context.Context, w io.Writer, m ballot.Meeting, f ballot.Form, copies int, cover bool) ([]ballot.Pseudonym, error) {
	return p.issuer.write(ctx, w, m, &f, copies, cover, p.fonts, nil)
}
