package store

import (
	"context"

	"gorm.io/gorm/clause"

	"pingyi/ballot"
	"pingyi/ballot/access"
)

type spoolCommentRow struct {
	Upload   string `gorm:"primaryKey"`
	Idx      int    `gorm:"primaryKey"`
	Picture  []byte
	Proposal string
}

func (spoolCommentRow) TableName() string { return "spool_comments" }

type commentRow struct {
	ID       string `gorm:"primaryKey"`
	Meeting  string
	Subject  int
	Picture  []byte
	Proposal string
	Standing string
	Content  string
}

func (commentRow) TableName() string { return "comments" }

// saveSpoolComment keeps the crop of an image's comment box, or deletes it where a second reading found none.
func (t *Tx) saveSpoolComment(p ballot.SpoolPage) error {
	if p.Comment == nil {
		return t.db.Where("upload = ? AND idx = ?", p.Upload, p.Index).Delete(&spoolCommentRow{}).Error
	}
	row := spoolCommentRow{p.Upload, p.Index, p.Comment.Picture, p.Comment.Proposal}
	return t.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
}

// SpoolComments are the images of an open batch that have a comment, without anything else of them.
func (s *Store) SpoolComments(ctx context.Context, batch string) ([]ballot.SpoolPage, error) {
	var rows []spoolCommentRow
	err := s.reads.WithContext(ctx).Select("spool_comments.*").
		Joins("JOIN uploads ON uploads.id = spool_comments.upload").Where("uploads.batch = ?", batch).Find(&rows).Error
	if err != nil {
		return nil, err
	}
	out := make([]ballot.SpoolPage, len(rows))
	for i, r := range rows {
		out[i] = ballot.SpoolPage{Upload: r.Upload, Index: r.Idx, Batch: batch, Comment: &ballot.CommentCrop{Picture: r.Picture, Proposal: r.Proposal}}
	}
	return out, nil
}

// insertComments keeps comments of a closing batch, cut off from their pages.
func (t *Tx) insertComments(meeting string, comments []ballot.Comment) error {
	for _, c := range comments {
		row := commentRow{c.ID, meeting, c.Subject, c.Picture, c.Proposal, string(ballot.CommentWaiting), ""}
		if err := t.db.Create(&row).Error; err != nil {
			return err
		}
	}
	return nil
}

// Comments are a balanced meeting's, by their random ids, without pictures. Before, more would come: which
// were there first, and which were typed first, would tell of their batch.
func (s *Store) Comments(ctx context.Context, meeting string) (out []ballot.Comment, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		if err := tx.typing(meeting); err != nil {
			return err
		}
		out, err = tx.comments(meeting)
		return err
	})
	return out, err
}

func (t *Tx) comments(meeting string) ([]ballot.Comment, error) {
	var rows []commentRow
	if err := t.db.Select("id", "subject", "proposal", "standing", "content").Where("meeting = ?", meeting).Order("id").Find(&rows).Error; err != nil {
		return nil, err
	}
	out := make([]ballot.Comment, len(rows))
	for i, r := range rows {
		out[i] = ballot.Comment{ID: r.ID, Subject: r.Subject, CommentCrop: ballot.CommentCrop{Proposal: r.Proposal},
			State: ballot.CommentState(r.Standing), Text: r.Content}
	}
	return out, nil
}

// typing refuses where the comments of a meeting are not typed now.
func (t *Tx) typing(meeting string) error {
	m, err := t.meeting(meeting)
	if err != nil {
		return err
	}
	return access.In("type-comment", m.State)
}

// CommentPicture is the handwriting of a comment of a balanced meeting, a PNG.
func (s *Store) CommentPicture(ctx context.Context, meeting, id string) (picture []byte, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		if err := tx.typing(meeting); err != nil {
			return err
		}
		row, err := one[commentRow](tx.db, "comment", "meeting = ? AND id = ?", meeting, id)
		if err == nil && len(row.Picture) == 0 {
			err = ballot.Errorf(ballot.CodeNotFound, "该意见的笔迹图片已在确认结果时销毁", "the picture of the comment was destroyed when the result was certified")
		}
		picture = row.Picture
		return err
	})
	return picture, err
}

// TypeComment sets what somebody read, again where it was set before. Who typed stands in the record of acts
// alone, which does not say what. From the first signature under the count on, nothing is typed.
func (s *Store) TypeComment(ctx context.Context, actor, meeting, id string, typed ballot.TypedComment) error {
	typed, err := typed.Clean()
	if err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *Tx) error {
		if _, err := tx.acting(actor, "type-comment", meeting); err != nil {
			return err
		}
		signed, err := tx.signers(meeting, "certify")
		if err != nil {
			return err
		}
		if len(signed) > 0 {
			return ballot.Errorf(ballot.CodeState, "已有监票人签认结果，意见不能再改", "a scrutineer has signed the result: its comments do not change any more")
		}
		row, err := one[commentRow](tx.db, "comment", "meeting = ? AND id = ?", meeting, id)
		if err != nil {
			return err
		}
		if len(row.Picture) == 0 {
			return ballot.Errorf(ballot.CodeState, "该意见此前已随结果确认，不能再改", "the comment was certified before: it does not change any more")
		}
		if err := tx.touch(meeting, kindComments); err != nil {
			return err
		}
		if err := tx.db.Model(&commentRow{}).Where("id = ?", id).Updates(map[string]any{"standing": string(typed.State), "content": typed.Text}).Error; err != nil {
			return err
		}
		return tx.log(actor, meeting, "type_comment", "")
	})
}

// commentsTyped refuses while a comment waits: certifying destroys the handwriting.
func (t *Tx) commentsTyped(m ballot.Meeting) error {
	all, err := t.comments(m.ID)
	if err != nil {
		return err
	}
	if n := ballot.WaitingComments(all); n > 0 {
		return ballot.Errorf(ballot.CodeUnresolved, "还有 %d 条意见未录入：确认结果时笔迹图片即销毁，请先录入，或标为“无内容”“无法辨认”",
			"%d comments are not typed yet: certifying destroys their pictures, so type them first, or say that there is nothing to read", n)
	}
	return nil
}

// forgetHandwriting deletes the pictures of a meeting's comments and what OCR made of them; what was typed stays.
func (t *Tx) forgetHandwriting(meeting string) error {
	return t.db.Model(&commentRow{}).Where("meeting = ?", meeting).Updates(map[string]any{"picture": nil, "proposal": ""}).Error
}
