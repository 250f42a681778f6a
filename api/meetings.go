package api

import (
	"context"

	"pingyi/ballot"
)

// MeetingStore keeps meetings. Edit changes a draft: edit gets the meeting as stored, and what it makes
// of it is written in the same transaction, with act in the log; a meeting past draft is refused with
// ballot.CodeState.
type MeetingStore interface {
	Meetings(ctx context.Context) ([]MeetingSummary, error)
	Meeting(ctx context.Context, id string) (ballot.Meeting, error)
	State(ctx context.Context, id string) (ballot.State, error)
	CreateMeeting(ctx context.Context, actor string, m ballot.Meeting) (ballot.Meeting, error)
	Edit(ctx context.Context, actor, id, act string, edit func(*ballot.Meeting) error) (ballot.Meeting, error)
}

// MeetingSummary is a line of the list of meetings.
type MeetingSummary struct {
	ID        string       `json:"id"`
	Title     string       `json:"title"`
	Organiser string       `json:"organiser"`
	Date      string       `json:"date"`
	State     ballot.State `json:"state"`
	Version   int          `json:"version"`
}

// MeetingList is all meetings.
type MeetingList struct {
	Meetings []MeetingSummary `json:"meetings" nullable:"false"`
}

// InMeeting is the path of everything inside a meeting.
type InMeeting struct {
	Meeting string `path:"meeting" maxLength:"64" doc:"meeting id"`
}

func (s *server) registerMeetings() {
	add(s, route("GET", "/meetings", "list-meetings", "meetings", "会议列表 list meetings"), s.listMeetings)
	add(s, route("POST", "/meetings", "create-meeting", "meetings", "新建会议 create a meeting, in draft"), s.createMeeting)
	add(s, route("GET", "/meetings/{meeting}", "get-meeting", "meetings", "会议 get a meeting"), s.getMeeting)
	add(s, route("PATCH", "/meetings/{meeting}", "update-meeting", "meetings", "修改会议 change title, organiser or date of a draft"), s.updateMeeting)
	add(s, route("GET", "/meetings/{meeting}/check", "check-meeting", "meetings", "封存前检查 list what sealing would refuse"), s.checkMeeting)
}

func (s *server) listMeetings(ctx context.Context, _ *struct{}) (*body[MeetingList], error) {
	list, err := s.Store.Meetings(ctx)
	if list == nil {
		list = []MeetingSummary{}
	}
	return answer(MeetingList{list}, err)
}

type createMeetingInput struct {
	Body struct {
		Title     string `json:"title" minLength:"1" maxLength:"120"`
		Organiser string `json:"organiser" maxLength:"120"`
		Date      string `json:"date" format:"date" doc:"as printed, YYYY-MM-DD"`
	}
}

// createMeeting starts a draft with the default rules, one venue, and the excluded categories of the
// source meeting: nobody has to remember that party-affairs staff do not vote.
func (s *server) createMeeting(ctx context.Context, in *createMeetingInput) (*body[ballot.Meeting], error) {
	m := ballot.Meeting{Title: in.Body.Title, Organiser: in.Body.Organiser, Date: in.Body.Date, State: ballot.Draft,
		Rules: ballot.DefaultRules(), Excluded: ballot.DefaultExcluded(),
		Venues: []ballot.Venue{{Code: "main", Name: "主会场"}}}
	return meetingAnswer(s.Store.CreateMeeting(ctx, actor(ctx), m))
}

// head is the part of a meeting that update-meeting changes, and whose tag comes with a meeting.
type head struct{ Title, Organiser, Date string }

func headOf(m ballot.Meeting) head { return head{m.Title, m.Organiser, m.Date} }

func headAnswer(m ballot.Meeting, err error) (*part[ballot.Meeting], error) {
	all, err := meetingAnswer(m, err)
	if err != nil {
		return nil, err
	}
	return &part[ballot.Meeting]{tagOf(headOf(m)), all.Body}, nil
}

func (s *server) getMeeting(ctx context.Context, in *InMeeting) (*part[ballot.Meeting], error) {
	return headAnswer(s.Store.Meeting(ctx, in.Meeting))
}

// meetingAnswer writes empty lists as [], so that clients need not tell null from empty.
func meetingAnswer(m ballot.Meeting, err error) (*body[ballot.Meeting], error) {
	if m.Subjects == nil {
		m.Subjects = []ballot.Subject{}
	}
	if m.Groups == nil {
		m.Groups = []ballot.VoterGroup{}
	}
	if m.Excluded == nil {
		m.Excluded = []ballot.ExcludedRule{}
	}
	if m.Venues == nil {
		m.Venues = []ballot.Venue{}
	}
	return answer(m, err)
}

type updateMeetingInput struct {
	InMeeting
	UnlessChanged
	Body struct {
		Title     *string `json:"title,omitempty" minLength:"1" maxLength:"120"`
		Organiser *string `json:"organiser,omitempty" maxLength:"120"`
		Date      *string `json:"date,omitempty" format:"date"`
	}
}

func (s *server) updateMeeting(ctx context.Context, in *updateMeetingInput) (*part[ballot.Meeting], error) {
	return headAnswer(s.Store.Edit(ctx, actor(ctx), in.Meeting, "meeting", func(m *ballot.Meeting) error {
		if err := in.check(headOf(*m)); err != nil {
			return err
		}
		set(&m.Title, in.Body.Title)
		set(&m.Organiser, in.Body.Organiser)
		set(&m.Date, in.Body.Date)
		return nil
	}))
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}
