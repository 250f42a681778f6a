package api

import (
	"context"
	"time"

	"pingyi/api/auth"
	"pingyi/ballot/access"
)

// ActStore has the record of who did what. It never says which page or ballot an act was about.
type ActStore interface {
	Acts(ctx context.Context, meeting string, before int64, limit int) ([]Act, error)
	AllActs(ctx context.Context, f ActFilter) ([]Act, error)
}

// ActFilter says which acts to list: those that have all that is set. Before 0 begins with the newest.
type ActFilter struct {
	Meeting string
	Actor   string
	Act     string
	Before  int64
	Limit   int
}

// Act is one entry of the record.
type Act struct {
	ID      int64     `json:"id"`
	Time    time.Time `json:"time"`
	Actor   string    `json:"actor"`
	Act     string    `json:"act"`
	Detail  string    `json:"detail,omitempty"`
	Meeting string    `json:"meeting,omitempty" doc:"id of the meeting, where it is of one"`
}

// ActList is a part of the record, newest first.
type ActList struct {
	Acts []Act `json:"acts" nullable:"false"`
}

func (s *server) registerActs() {
	add(s, route("GET", "/meetings/{meeting}/acts", "acts", "acts", "操作记录 who did what, newest first"), s.acts)
	add(s, route("GET", "/acts", "all-acts", "acts", "全部操作记录 who did what in all meetings and to accounts, newest first"), s.allActs)
}

type actsInput struct {
	InMeeting
	Before int64 `query:"before" minimum:"0" doc:"only acts with smaller ids; 0 = from the newest"`
	Limit  int   `query:"limit" minimum:"1" maximum:"1000" default:"200"`
}

func (s *server) acts(ctx context.Context, in *actsInput) (*body[ActList], error) {
	list, err := s.Store.Acts(ctx, in.Meeting, in.Before, in.Limit)
	return actsAnswer(ctx, list, err)
}

type allActsInput struct {
	Meeting string `query:"meeting" maxLength:"64" doc:"only of this meeting"`
	Actor   string `query:"actor" maxLength:"64" doc:"only by this user"`
	Act     string `query:"act" maxLength:"64" doc:"only acts of this name"`
	Before  int64  `query:"before" minimum:"0" doc:"only acts with smaller ids; 0 = from the newest"`
	Limit   int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
}

func (s *server) allActs(ctx context.Context, in *allActsInput) (*body[ActList], error) {
	list, err := s.Store.AllActs(ctx, ActFilter(*in))
	return actsAnswer(ctx, list, err)
}

// actsAnswer leaves out what was concluded about whom where results may not be seen: the record would tell it.
func actsAnswer(ctx context.Context, list []Act, err error) (*body[ActList], error) {
	list = append([]Act{}, list...)
	for i := range list {
		if list[i].Act == "conclude" && access.Allow("results", auth.From(ctx).Role) != nil {
			list[i].Detail = ""
		}
	}
	return answer(ActList{list}, err)
}
