package api

import (
	"context"
	"time"
)

// ActStore has the record of who did what. It never says which page or ballot an act was about.
type ActStore interface {
	Acts(ctx context.Context, meeting string, before int64, limit int) ([]Act, error)
}

// Act is one entry of the record.
type Act struct {
	ID     int64     `json:"id"`
	Time   time.Time `json:"time"`
	Actor  string    `json:"actor"`
	Act    string    `json:"act"`
	Detail string    `json:"detail,omitempty"`
}

// ActList is a part of the record, newest first.
type ActList struct {
	Acts []Act `json:"acts" nullable:"false"`
}

func (s *server) registerActs() {
	add(s, route("GET", "/meetings/{meeting}/acts", "acts", "acts", "操作记录 who did what, newest first"), s.acts)
}

type actsInput struct {
	InMeeting
	Before int64 `query:"before" minimum:"0" doc:"only acts with smaller ids; 0 = from the newest"`
	Limit  int   `query:"limit" minimum:"1" maximum:"1000" default:"200"`
}

func (s *server) acts(ctx context.Context, in *actsInput) (*body[ActList], error) {
	list, err := s.Store.Acts(ctx, in.Meeting, in.Before, in.Limit)
	return answer(ActList{append([]Act{}, list...)}, err)
}
