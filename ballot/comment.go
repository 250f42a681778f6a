package ballot

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// CommentCrop is the writing in one comment box as it was cut out of a page.
type CommentCrop struct {
	Picture  []byte `json:"picture"`            // PNG, gray
	Proposal string `json:"proposal,omitempty"` // what OCR makes of it
}

// CommentState is where a comment stands.
type CommentState string

// A comment waits until somebody types it, or says that there is nothing to type.
const (
	CommentWaiting   CommentState = "waiting"
	CommentTyped     CommentState = "typed"
	CommentNothing   CommentState = "nothing"   // dirt, a slip of the pen, or words that must not stand: nothing of it is kept
	CommentIllegible CommentState = "illegible" // somebody wrote, and nobody can read it
)

// Comment is a comment once its batch is closed: cut off from its sheet, under a random id of its own. Only
// on single forms it says whom it is about, and never which group wrote it: a group has few members, of whom
// few write, and a hand is known among few.
type Comment struct {
	ID      string
	Subject int // 0 on roster forms: it belongs to the meeting
	CommentCrop
	State CommentState
	Text  string
}

// TypedComment is what somebody typed of a comment.
type TypedComment struct {
	State CommentState
	Text  string
}

// MaxComment is the length of a typed comment in characters: the box holds some 150.
const MaxComment = 1000

// Clean gives the typed comment without blanks around it; what cannot be one is refused.
func (t TypedComment) Clean() (TypedComment, error) {
	t.Text = strings.TrimSpace(t.Text)
	switch t.State {
	case CommentTyped:
		if t.Text == "" {
			return t, Errorf(CodeInvalid, "没有录入文字；若无字可录，请选“无内容”或“无法辨认”", "no text was typed: where there is none to type, say nothing or illegible")
		}
	case CommentNothing, CommentIllegible:
		if t.Text != "" {
			return t, Errorf(CodeInvalid, "标为“无内容”或“无法辨认”的意见不能有文字", "a comment with nothing to read has no text")
		}
	default:
		return t, Errorf(CodeInvalid, "意见须为 typed、nothing 或 illegible，不能是“%s”", "a comment is typed, nothing or illegible, not %q", string(t.State))
	}
	if n := utf8.RuneCountInString(t.Text); n > MaxComment || !utf8.ValidString(t.Text) || strings.ContainsRune(t.Text, 0) {
		return t, Errorf(CodeInvalid, "意见过长（%[1]d 字，最多 %[2]d 字）或含有无效字符", "the comment has %[1]d characters (at most %[2]d) or invalid ones", n, MaxComment)
	}
	return t, nil
}

// WaitingComments is how many of them wait for somebody to type them.
func WaitingComments(all []Comment) (n int) {
	for _, c := range all {
		if c.State == CommentWaiting {
			n++
		}
	}
	return n
}

// SubjectComments are the texts about one subject, or about the meeting (0).
type SubjectComments struct {
	Subject int      `json:"subject,omitempty"` // roster number; 0 where the comments are about the meeting
	Texts   []string `json:"texts"`             // in the order of their characters, which says nothing
}

// CommentsBySubject gathers what was typed. Texts are sorted, so that their order tells nothing.
func CommentsBySubject(all []Comment) []SubjectComments {
	texts := map[int][]string{}
	for _, c := range all {
		if c.State == CommentTyped {
			texts[c.Subject] = append(texts[c.Subject], c.Text)
		}
	}
	out := []SubjectComments{}
	for subject, t := range texts {
		slices.Sort(t)
		out = append(out, SubjectComments{subject, t})
	}
	slices.SortFunc(out, func(a, b SubjectComments) int { return cmp.Compare(a.Subject, b.Subject) })
	return out
}
