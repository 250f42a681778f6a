package main

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"golang.org/x/image/font/opentype"

	"pingyi/api"
	"pingyi/ballot"
	"pingyi/pdf"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
	"pingyi/tally"
)

// demoComments is what voters of the demo write into comment boxes.
var demoComments = []string{"多到基层走走少开会", "党课再生动一些", "发展党员工作抓得实", "希望多听群众意见", "制度建设还要加强"}

const demoCommentEvery = 9 // of the pages with a comment box

// writeComments has some of the stack's voters write into the comment box.
func (p *paperStack) writeComments(fonts *pdf.Fonts) error {
	raw, err := fonts.TrueType('评', pdf.Hei)
	if err == nil {
		p.face, err = opentype.Parse(raw)
	}
	return err
}

// commentOn is what a ballot's voter writes on a page; "" is nothing. It follows from the ballot alone, so that
// a page that is scanned again bears the same.
func (p *paperStack) commentOn(b demoBallot, page int) string {
	at := b.seed + uint64(page)
	if p.face == nil || p.form.Pages[page].Comment == nil || at%demoCommentEvery != 0 {
		return ""
	}
	return demoComments[at/demoCommentEvery%uint64(len(demoComments))]
}

func (p *paperStack) comment(img *raster.Image, b demoBallot, page int, hand synth.Hand) {
	text := p.commentOn(b, page)
	if text == "" {
		return
	}
	if err := synth.CommentText(img, &p.form.Pages[page], hand, p.face, text, rand.New(rand.NewPCG(b.seed, uint64(200+page)))); err != nil {
		panic(err) // a text of this file that the demo's own form does not hold
	}
}

// comments are the truth: what was written about whom; 0 is the meeting.
func (m *demoMeeting) comments() map[int][]string {
	out := map[int][]string{}
	for _, b := range m.truth {
		stack := m.stacks[b.group]
		for page := range stack.form.Pages {
			if text := stack.commentOn(b, page); text != "" {
				about := 0
				if stack.form.Kind == ballot.SingleForm {
					about = stack.form.Pages[page].Rows[0].Subject
				}
				out[about] = append(out[about], text)
			}
		}
	}
	return out
}

// typeComments types every comment as a scrutineer who sees it would, from the truth: what OCR proposes where
// it is right, and else what nobody has typed yet. Certifying before is refused.
func (m *demoMeeting) typeComments() error {
	var list api.CommentList
	if err := m.do("scrutineer1", "GET", m.path+"/comments", nil, &list); err != nil || len(list.Comments) == 0 {
		return err
	}
	m.say("-- 意见 %d handwritten comments, cut off from their ballots", len(list.Comments))
	if err := m.refused(ballot.CodeUnresolved, "scrutineer1", "POST", m.path+"/certify", demoSigning); err != nil {
		return err
	}
	left, right := m.comments(), 0
	type typed struct{ id, text string }
	var done []typed
	take := func(c api.Comment, text string) bool {
		at := slices.Index(left[c.Subject], text)
		if at >= 0 {
			left[c.Subject] = slices.Delete(left[c.Subject], at, at+1)
			done = append(done, typed{c.ID, text})
		}
		return at >= 0
	}
	var misread []api.Comment
	for _, c := range list.Comments {
		if take(c, c.Proposal) {
			right++
		} else {
			misread = append(misread, c)
		}
	}
	for _, c := range misread {
		if len(left[c.Subject]) == 0 {
			return fmt.Errorf("there are more comments about subject %d than were written", c.Subject)
		}
		take(c, left[c.Subject][0])
	}
	for _, c := range done {
		if err := m.do("scrutineer1", "PUT", m.path+"/comments/"+c.id, map[string]any{"state": ballot.CommentTyped, "text": c.text}, nil); err != nil {
			return err
		}
	}
	m.say("  ✓ 已录入 typed: %d; OCR 的建议 %d 条无误 right of itself (printed characters: handwriting is read worse)", len(done), right)
	return nil
}

// compareComments holds the comments of the released result against the truth.
func (m *demoMeeting) compareComments(r *tally.Result) error {
	want := m.comments()
	for _, c := range r.Comments {
		w := slices.Sorted(slices.Values(want[c.Subject]))
		if !slices.Equal(c.Texts, w) {
			return fmt.Errorf("comments about subject %d: %q, written were %q", c.Subject, c.Texts, w)
		}
		delete(want, c.Subject)
	}
	if len(want) > 0 {
		return fmt.Errorf("comments are lost: %v", want)
	}
	return nil
}
