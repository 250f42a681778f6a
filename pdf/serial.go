package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"slices"

	"pingyi/ballot"
)

// Serials writes the copies of an issue: as Ballots does, but each leaf has a code of its own. There is no master
// of them: a photocopy is a copy, and refused.
func Serials(w io.Writer, form *ballot.Form, issue *ballot.Issue, cover *Cover, fonts *Fonts, progress func(done int)) error {
	return ballots(w, paper{form, nil, issue}, issue.Copies(), cover, fonts, progress)
}

// codes draws the code of a page of a copy as contents of its own; nil where all copies are alike.
func (of paper) codes() func(copy, page int) ([]byte, error) {
	if of.issue == nil {
		return nil
	}
	return func(copy, page int) ([]byte, error) {
		p := &of.Pages[page]
		return codeContents(of.issue.Code(copy, p.Page), of.CodeModules(), p)
	}
}

// codeContents is the code as one filled path, in modules from its upper left corner, compressed.
func codeContents(text string, n int, p *ballot.FormPage) ([]byte, error) {
	rows, err := darkRows(text, n)
	if err != nil {
		return nil, err
	}
	const points = 1 / mmPerPoint
	step := p.Code.W / float64(n) * points
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	fmt.Fprintf(z, "q 0 g %.5f 0 0 %.5f %.4f %.4f cm\n", step, -step, p.Code.X*points, (p.Height-p.Code.Y)*points)
	for _, r := range rows {
		fmt.Fprintf(z, "%d %d %d 1 re\n", r.x, r.y, r.w)
	}
	fmt.Fprint(z, "f Q")
	err = z.Close()
	return b.Bytes(), err
}

// specimen is a form whose title says that it is one; a test ballot's does.
func specimen(f *ballot.Form) *ballot.Form {
	if ballot.IsTrialForm(f.ID) {
		return f
	}
	out := *f
	out.Pages = slices.Clone(f.Pages)
	for i := range out.Pages {
		p := &out.Pages[i]
		p.Labels = slices.Clone(p.Labels)
		for j := range p.Labels {
			if l := &p.Labels[j]; l.Role == ballot.LabelTitle {
				l.Text = "【样张·不作选票】" + l.Text
			}
		}
	}
	return &out
}
