package api

import (
	"bytes"
	"context"
	"io"

	"github.com/danielgtaylor/huma/v2"

	"pingyi/ballot"
)

// CommentStore has the comments of closed batches, cut off from their pages. They are listed and typed while
// the meeting is balanced: no batch is open then that could tell which of them came last.
type CommentStore interface {
	Comments(ctx context.Context, meeting string) ([]ballot.Comment, error)
	CommentPicture(ctx context.Context, meeting, comment string) ([]byte, error)
	TypeComment(ctx context.Context, actor, meeting, comment string, t ballot.TypedComment) error
}

// CommentList is all comments of a meeting, by their random ids: their order says nothing.
type CommentList struct {
	Comments []Comment `json:"comments" nullable:"false"`
	Waiting  int       `json:"waiting" doc:"comments that nobody has typed; the result is certified once there is none"`
}

// Comment is one comment without its picture.
type Comment struct {
	ID       string              `json:"id"`
	Subject  int                 `json:"subject,omitempty" doc:"on single forms, whom it is about"`
	Name     string              `json:"name,omitempty"`
	Org      string              `json:"org,omitempty"`
	State    ballot.CommentState `json:"state" enum:"waiting,typed,nothing,illegible"`
	Text     string              `json:"text"`
	Proposal string              `json:"proposal" doc:"what OCR makes of the handwriting; it reads badly"`
}

// InComment is the path of a comment.
type InComment struct {
	InMeeting
	Comment string `path:"comment" maxLength:"64" doc:"comment id"`
}

func (s *server) registerComments() {
	const one = "/meetings/{meeting}/comments"
	add(s, route("GET", one, "list-comments", "comments", "意见 handwritten comments to be typed, in no order"), s.listComments)
	add(s, fileAnswer(route("GET", one+"/{comment}/picture", "comment-picture", "comments", "意见的笔迹图片 the handwriting of one comment; destroyed when the result is certified"), "image/png"), s.commentPicture)
	add(s, route("PUT", one+"/{comment}", "type-comment", "comments", "录入意见 type a comment, or say that there is nothing to type"), s.typeComment)
}

func (s *server) listComments(ctx context.Context, in *InMeeting) (*body[CommentList], error) {
	m, err := s.Store.Meeting(ctx, in.Meeting)
	if err != nil {
		return nil, err
	}
	all, err := s.Store.Comments(ctx, in.Meeting)
	list := CommentList{Comments: []Comment{}, Waiting: ballot.WaitingComments(all)}
	for _, c := range all {
		about, _ := m.Subject(c.Subject)
		list.Comments = append(list.Comments, Comment{c.ID, c.Subject, about.Name, about.Org, c.State, c.Text, c.Proposal})
	}
	return answer(list, err)
}

func (s *server) commentPicture(ctx context.Context, in *InComment) (*huma.StreamResponse, error) {
	picture, err := s.Store.CommentPicture(ctx, in.Meeting, in.Comment)
	if err != nil {
		return nil, err
	}
	return sendPicture(io.NopCloser(bytes.NewReader(picture))), nil
}

type typeCommentInput struct {
	InComment
	Body struct {
		State ballot.CommentState `json:"state" enum:"typed,nothing,illegible" doc:"nothing: dirt, or words that must not stand, as a signature alone"`
		Text  string              `json:"text,omitempty" maxLength:"1000" doc:"where typed"`
	}
}

func (s *server) typeComment(ctx context.Context, in *typeCommentInput) (*none, error) {
	typed, err := ballot.TypedComment{State: in.Body.State, Text: in.Body.Text}.Clean()
	if err != nil {
		return nil, err
	}
	return done(s.Store.TypeComment(ctx, actor(ctx), in.Meeting, in.Comment, typed))
}
