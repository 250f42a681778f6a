package api

import (
	"context"
	"slices"

	"pingyi/ballot"
)

// comment runs fn with a comment of a balanced meeting.
func (f *fakeStore) comment(actor, id, act, comment string, fn func(*ballot.Comment)) error {
	return f.in(actor, id, act, func(m *fakeMeeting) error {
		if err := m.State.Require("type comments", ballot.Balanced); err != nil {
			return err
		}
		at := slices.IndexFunc(m.comments, func(c ballot.Comment) bool { return c.ID == comment })
		if at < 0 {
			return ballot.Errorf(ballot.CodeNotFound, "没有该意见", "no such comment")
		}
		fn(&m.comments[at])
		return nil
	})
}

func (f *fakeStore) Comments(_ context.Context, id string) (out []ballot.Comment, err error) {
	err = f.in("", id, "", func(m *fakeMeeting) error {
		out = slices.Clone(m.comments)
		return m.State.Require("type comments", ballot.Balanced)
	})
	return out, err
}

func (f *fakeStore) CommentPicture(_ context.Context, id, comment string) (picture []byte, err error) {
	err = f.comment("", id, "", comment, func(c *ballot.Comment) { picture = c.Picture })
	return picture, err
}

func (f *fakeStore) TypeComment(_ context.Context, actor, id, comment string, t ballot.TypedComment) error {
	return f.comment(actor, id, "type_comment", comment, func(c *ballot.Comment) { c.State, c.Text = t.State, t.Text })
}
