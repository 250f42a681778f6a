package scans_test

import (
	"errors"
	"image"
	"math/rand/v2"
	"slices"
	"testing"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/synth"
)

// lostOCR is a recognizer whose process is lost on every crop.
type lostOCR struct{ asked int }

func (l *lostOCR) Code(*image.Gray) (string, error) { return l.Text(nil) }
func (l *lostOCR) Text(*image.Gray) (string, error) {
	l.asked++
	return "", errors.New("ocr: no answer in time")
}

// Where OCR is lost a page is read all the same and says so; it is not asked for every crop of the page again.
func TestPageWithoutOCR(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	s := printMeeting(t, 5, namedMeeting(40, ballot.RosterForm, "A4", r), synth.RenderDPI)[0]
	lost := &lostOCR{}
	reader, err := scans.NewReader([]ballot.Form{*s.form}, scans.Options{OCR: lost, CrossCheck: true, Names: 1, Fonts: printFonts(t)})
	if err != nil {
		t.Fatal(err)
	}
	d := synth.Draw(synth.ClassOrdinary, s.page, r)
	img, _ := scanAs(t, s, d, r)
	for range 2 {
		lost.asked = 0
		res := reader.ReadPage(img)
		if res.Rejected != nil || len(res.Verdicts) != len(s.page.Rows) || !slices.Equal(res.Flags, []string{ballot.FlagOCRLost}) || lost.asked != 2 {
			t.Errorf("rejected %v, %d rows, flags %v, asked %d times", res.Rejected, len(res.Verdicts), res.Flags, lost.asked)
		}
	}
	res := reader.ReadPage(lostCode(t, s, d, synth.CodeCovered, r))
	if res.Rejected == nil || res.Rejected.Reason != ballot.RejectNoCode || !slices.Contains(res.Flags, ballot.FlagOCRLost) {
		t.Errorf("without its code: %v, flags %v", res.Rejected, res.Flags)
	}
}
