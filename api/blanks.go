package api

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"pingyi/ballot"
)

// BlankStore keeps blank ballots that the office made itself, one a group at most. All that changes one is for drafts
// alone. Blanks and EditBlank leave out the pictures of their pages.
type BlankStore interface {
	Blanks(ctx context.Context, meeting string) ([]ballot.Blank, error)
	BlankPage(ctx context.Context, meeting, group string, page int) ([]byte, error)
	SaveBlank(ctx context.Context, actor, meeting string, b ballot.Blank) error
	EditBlank(ctx context.Context, actor, meeting, group, act string, edit func(ballot.Meeting, *ballot.Blank) error) (ballot.Blank, error)
	RemoveBlank(ctx context.Context, actor, meeting, group string) error
}

// Learner proposes forms for blanks.
type Learner interface {
	// Learn proposes a form; the name tells documents from pictures. It may take a minute.
	Learn(ctx context.Context, m ballot.Meeting, group, name string, data []byte) (ballot.Blank, error)
	// Settle makes the form anew from the proposal and what was decided about it; it is not confirmed.
	Settle(m ballot.Meeting, b *ballot.Blank, settled []ballot.Settlement) error
	// Confirm marks the form as looked at by a person; where anything is unsure it refuses.
	Confirm(b *ballot.Blank) error
	// Try reads every blank of the meeting, as it will be printed, by the forms that sealing would make. A page that
	// is not read as what it is, with every row blank, is refused.
	Try(ctx context.Context, m ballot.Meeting) error
}

// BlankList is all blanks of a meeting in short.
type BlankList struct {
	Blanks []BlankSummary `json:"blanks" nullable:"false"`
}

// BlankSummary is a blank in short.
type BlankSummary struct {
	Group     string `json:"group"`
	Source    string `json:"source" doc:"name of the file"`
	Pages     int    `json:"pages"`
	Open      int    `json:"open" doc:"things that are unsure and not settled"`
	Confirmed bool   `json:"confirmed"`
}

// BlankProposal is a blank with what was learned of it and what was settled.
type BlankProposal struct {
	BlankSummary
	Tag      string          `json:"tag" doc:"of the form as it stands; send it as If-Match to settle or confirm only that"`
	Kind     ballot.FormKind `json:"kind"`
	TwoSided bool            `json:"two_sided" doc:"pages 2n-1 and 2n are to be printed on the sides of one leaf"`
	Grades   []string        `json:"grades" nullable:"false"`
	Sheets   []BlankSheet    `json:"sheets" nullable:"false"`
	Columns  []BlankColumn   `json:"columns" nullable:"false" doc:"heads of grades that were not read exactly"`
	Problems []ProblemItem   `json:"problems" nullable:"false" doc:"what sealing would refuse of it now"`
}

// BlankSheet is one page; places are in mm from its top left.
type BlankSheet struct {
	Page    int             `json:"page"`
	Width   float64         `json:"width_mm"`
	Height  float64         `json:"height_mm"`
	Rows    []BlankRow      `json:"rows" nullable:"false"`
	Targets []ballot.Target `json:"targets" nullable:"false"`
}

// BlankRow is one row as learned and as settled.
type BlankRow struct {
	Key     string       `json:"key" doc:"names it when it is settled"`
	Box     ballot.Rect  `json:"box"`
	NameBox ballot.Rect  `json:"name_box"`
	Subject int          `json:"subject" doc:"roster number; 0 while it is unsure, or where it is skipped"`
	Skipped bool         `json:"skipped,omitempty" doc:"a person left it out: it is no subject's row"`
	Settled bool         `json:"settled,omitempty" doc:"by a person"`
	Why     ballot.Doubt `json:"why,omitempty" doc:"why it was unsure when it was learned"`
	Read    string       `json:"read,omitempty" doc:"what OCR read there"`
	Best    string       `json:"best,omitempty" doc:"the likeliest subject; it is never taken by itself"`
}

// BlankColumn is a head that was not read exactly. The other heads leave it one grade.
type BlankColumn struct {
	ballot.Unsure
	Settled bool `json:"settled,omitempty"`
}

func (s *server) registerBlanks() {
	const one = "/meetings/{meeting}/blanks/{group}"
	add(s, route("GET", "/meetings/{meeting}/blanks", "list-blanks", "setup", "自制空白票 blanks of the office's own"), s.listBlanks)
	upload := route("POST", one, "upload-blank", "setup", "上传空白票 learn a form from a blank ballot: PDF, Word document or picture; it takes the place of one before")
	addUpload(s, upload, false, s.uploadBlank)
	add(s, route("GET", one, "get-blank", "setup", "识得的表样 what was learned of a blank"), s.getBlank)
	add(s, fileAnswer(route("GET", one+"/sheets/{sheet}/picture", "blank-picture", "setup", "空白票图像 a page of a blank, as it is printed"), "image/png"), s.blankPicture)
	add(s, route("POST", one+"/settlements", "settle-blank", "setup", "确定存疑项 settle a row or a column; an empty value takes it back"), s.settleBlank)
	add(s, route("POST", one+"/confirm", "confirm-blank", "setup", "确认表样 confirm the form after looking at its pictures"), s.confirmBlank)
	add(s, route("DELETE", one, "remove-blank", "setup", "移除空白票 the group gets a form of ours again"), s.removeBlank)
}

// InBlank is the path of a group's blank.
type InBlank struct {
	InMeeting
	Group    string `path:"group" minLength:"1" maxLength:"1" doc:"code of the voter group"`
	Language string `header:"Accept-Language" maxLength:"200"`
}

func (s *server) listBlanks(ctx context.Context, in *InMeeting) (*body[BlankList], error) {
	blanks, err := s.Store.Blanks(ctx, in.Meeting)
	out := BlankList{Blanks: []BlankSummary{}}
	for i := range blanks {
		out.Blanks = append(out.Blanks, blankSummary(&blanks[i]))
	}
	return answer(out, err)
}

func blankSummary(b *ballot.Blank) BlankSummary {
	out := BlankSummary{Group: b.Group, Source: b.Source, Pages: len(b.Form.Pages)}
	if l := b.Form.Learned; l != nil {
		out.Open, out.Confirmed = len(l.Unsure), l.Confirmed
	}
	return out
}

type blankFileInput struct {
	InBlank
	Multipart
}

func (s *server) uploadBlank(ctx context.Context, in *blankFileInput) (*body[BlankProposal], error) {
	m, err := s.Store.Meeting(ctx, in.Meeting)
	if err != nil {
		return nil, err
	}
	if _, err := m.Group(in.Group); err != nil {
		return nil, err
	}
	if len(m.Subjects) == 0 {
		return nil, ballot.Errorf(ballot.CodeRoster, "请先录入名册：空白票上的姓名要与名册核对", "enter the roster first: names on the blank are matched with it")
	}
	b, err := parsed(&in.Multipart, func(name string, data []byte) (ballot.Blank, error) {
		return s.Learner.Learn(ctx, m, in.Group, name, data)
	})
	if err != nil {
		return nil, err
	}
	if err := s.Store.SaveBlank(ctx, actor(ctx), in.Meeting, b); err != nil {
		return nil, err
	}
	return s.blankAnswer(ctx, in.InBlank, b, nil)
}

func (s *server) getBlank(ctx context.Context, in *InBlank) (*body[BlankProposal], error) {
	blanks, err := s.Store.Blanks(ctx, in.Meeting)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(blanks, func(b ballot.Blank) bool { return b.Group == in.Group })
	if at < 0 {
		return nil, ballot.Errorf(ballot.CodeNotFound, "%s票没有上传空白票", "group %s has no blank of its own", in.Group)
	}
	return s.blankAnswer(ctx, *in, blanks[at], nil)
}

// InBlankSheet addresses one page of a blank.
type InBlankSheet struct {
	InBlank
	Sheet int `path:"sheet" minimum:"1" doc:"page, from 1"`
}

func (s *server) blankPicture(ctx context.Context, in *InBlankSheet) (*huma.StreamResponse, error) {
	picture, err := s.Store.BlankPage(ctx, in.Meeting, in.Group, in.Sheet)
	if err != nil {
		return nil, err
	}
	return sendPicture(io.NopCloser(bytes.NewReader(picture))), nil
}

type settleInput struct {
	InBlank
	UnlessChanged
	Body struct {
		Key   string `json:"key" minLength:"1" maxLength:"40" doc:"of a row or column"`
		Value string `json:"value" maxLength:"60" doc:"roster number or skip for a row, grade for a column; empty takes the decision back"`
	}
}

func (s *server) settleBlank(ctx context.Context, in *settleInput) (*body[BlankProposal], error) {
	b, err := s.Store.EditBlank(ctx, actor(ctx), in.Meeting, in.Group, "settle_blank", func(m ballot.Meeting, b *ballot.Blank) error {
		if err := in.check(b.Form); err != nil {
			return err
		}
		settled := slices.DeleteFunc(slices.Clone(b.Settled), func(o ballot.Settlement) bool { return o.Key == in.Body.Key })
		if in.Body.Value != "" {
			settled = append(settled, ballot.Settlement{Key: in.Body.Key, Value: in.Body.Value})
		}
		return s.Learner.Settle(m, b, settled)
	})
	return s.blankAnswer(ctx, in.InBlank, b, err)
}

type confirmInput struct {
	InBlank
	UnlessChanged
}

// confirmBlank confirms what the person has seen: not a blank that somebody else uploaded or settled since.
func (s *server) confirmBlank(ctx context.Context, in *confirmInput) (*body[BlankProposal], error) {
	b, err := s.Store.EditBlank(ctx, actor(ctx), in.Meeting, in.Group, "confirm_blank", func(_ ballot.Meeting, b *ballot.Blank) error {
		if err := in.check(b.Form); err != nil {
			return err
		}
		return s.Learner.Confirm(b)
	})
	return s.blankAnswer(ctx, in.InBlank, b, err)
}

func (s *server) removeBlank(ctx context.Context, in *InBlank) (*none, error) {
	return done(s.Store.RemoveBlank(ctx, actor(ctx), in.Meeting, in.Group))
}

// blankAnswer describes a blank for people who look at it.
func (s *server) blankAnswer(ctx context.Context, in InBlank, b ballot.Blank, err error) (*body[BlankProposal], error) {
	if err != nil {
		return nil, err
	}
	m, err := s.Store.Meeting(ctx, in.Meeting)
	if err != nil {
		return nil, err
	}
	out := BlankProposal{BlankSummary: blankSummary(&b), Tag: tagOf(b.Form), Kind: b.Form.Kind, TwoSided: b.Form.TwoSided, Grades: append([]string{}, b.Form.Grades...),
		Sheets: []BlankSheet{}, Columns: []BlankColumn{}, Problems: []ProblemItem{}}
	settled := map[string]string{}
	for _, d := range b.Settled {
		settled[d.Key] = d.Value
	}
	unsure := map[string]ballot.Unsure{}
	if b.Proposal.Learned != nil {
		for _, u := range b.Proposal.Learned.Unsure {
			unsure[u.Key] = u
			if _, by := settled[u.Key]; !strings.HasPrefix(u.Key, "row ") {
				out.Columns = append(out.Columns, BlankColumn{u, by})
			}
		}
	}
	for i := range b.Proposal.Pages {
		out.Sheets = append(out.Sheets, blankSheet(&b, i, settled, unsure))
	}
	for _, e := range ballot.Errors(b.Check(&m)) {
		out.Problems = append(out.Problems, ProblemItem{Code: e.Code, Detail: text(e, english(in.Language))})
	}
	return answer(out, nil)
}

// blankSheet lists the rows of the proposal, since those left out are gone from the form.
func blankSheet(b *ballot.Blank, at int, settled map[string]string, unsure map[string]ballot.Unsure) BlankSheet {
	p := &b.Proposal.Pages[at]
	out := BlankSheet{Page: p.Page, Width: p.Width, Height: p.Height, Rows: []BlankRow{}, Targets: append([]ballot.Target{}, b.Form.Pages[at].Targets...)}
	for j, r := range p.Rows {
		key := "row " + strconv.Itoa(p.Page) + "." + strconv.Itoa(j+1)
		u := unsure[key]
		row := BlankRow{Key: key, Box: r.Rect, NameBox: r.NameBox, Subject: max(0, r.Subject), Why: u.Why, Read: u.Read, Best: u.Best}
		if value, by := settled[key]; by {
			row.Settled = true
			row.Subject, _ = strconv.Atoi(value) // not a number where it is skipped
			row.Skipped = row.Subject == 0
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
