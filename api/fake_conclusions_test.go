package api

import (
	"context"

	"pingyi/ballot"
)

// concluding runs fn with a released meeting and counts its conclusions anew.
func (f *fakeStore) concluding(actor, id, act string, fn func(*fakeMeeting) error) error {
	return f.in(actor, id, act, func(m *fakeMeeting) error {
		if err := m.State.Require("enter conclusions", ballot.Released); err != nil {
			return err
		}
		if err := fn(m); err != nil {
			return err
		}
		kept := *m.result
		kept.Conclude(m.concluded, m.overallCap)
		m.result = &kept
		return nil
	})
}

func (f *fakeStore) Conclude(_ context.Context, actor, id string, subject int, grade *string, items *[]string) (c ballot.Conclusion, err error) {
	err = f.concluding(actor, id, "conclude", func(m *fakeMeeting) error {
		c.Subject = subject
		if grade != nil {
			c.OverallGrade = *grade
		}
		if items != nil {
			c.Items = *items
		}
		if c, err = m.Conclusion(subject, c.OverallGrade, c.Items); err == nil {
			m.concluded = append(m.concluded, c)
		}
		return err
	})
	return c, err
}

func (f *fakeStore) SetOverallCap(_ context.Context, actor, id string, percent int) error {
	return f.concluding(actor, id, "set_overall_cap", func(m *fakeMeeting) error { m.overallCap = percent; return ballot.CheckCap(percent) })
}
