package ballot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestTrialForm(t *testing.T) {
	m := testMeeting(72)
	f, err := TrialForm(&m, m.Groups[0])
	if err != nil {
		t.Fatal(err)
	}
	again, err := TrialForm(&m, m.Groups[0])
	if err != nil || again.ID != f.ID || !IsTrialForm(f.ID) {
		t.Errorf("ids %s and %s: %v", f.ID, again.ID, err)
	}
	longer := testMeeting(70)
	if other, err := TrialForm(&longer, m.Groups[0]); err != nil || other.ID == f.ID {
		t.Error("another layout has the same id", err)
	}
	own, err := NewForm(&m, m.Groups[0], zeros(8))
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range f.Pages {
		if len(p.Targets) != len(own.Pages[i].Targets) || p.Targets[0] != own.Pages[i].Targets[0] || p.Code != own.Pages[i].Code {
			t.Errorf("page %d is not laid out as the ballot's", i+1)
		}
		marks := f.TrialMarks(&p)
		if len(marks) != trialRows || marks[p.Rows[0].Subject] == "" || marks[p.Rows[len(p.Rows)-1].Subject] == "" {
			t.Errorf("marks %v", marks)
		}
		for _, row := range p.Rows {
			if strings.Contains(row.Name, "张") || strings.Contains(row.Org, "支部") {
				t.Fatalf("row %d names a secretary: %s %s", row.Subject, row.Name, row.Org)
			}
			if marked := marks[row.Subject] != ""; marked != strings.Contains(row.Org, "√") {
				t.Errorf("row %d says %q", row.Subject, row.Org)
			}
		}
	}
	m.Rules.Form, m.Rules.Layout.Paper = SingleForm, "A5"
	single, err := TrialForm(&m, m.Groups[0])
	if err != nil || len(single.Pages) != TrialSheets || single.TrialCopies() != 1 {
		t.Errorf("single: %d leaves, %v", len(single.Pages), err)
	}
	m.Subjects = nil
	if _, err := TrialForm(&m, m.Groups[0]); CodeOf(err) != CodeState {
		t.Errorf("without a roster: %v", err)
	}
}

// trialStack is images as words: "1" and "2" are pages of the form, "|" begins another file, the rest is a reason
// for rejecting; "-" after a page leaves its marks out.
func trialStack(f *Form, words string) (images []TrialImage) {
	file := 0
	for _, w := range strings.Fields(words) {
		if w == "|" {
			file++
			continue
		}
		image := TrialImage{File: file}
		var page int
		if n, _ := fmt.Sscanf(w, "%d", &page); n == 0 {
			image.Reading.Rejected = &Rejection{Reason: RejectReason(w)}
			images = append(images, image)
			continue
		}
		p, _ := f.PageOf(page)
		image.Reading = PageReading{Form: f.ID, Page: page, Group: f.Group}
		marks := f.TrialMarks(p)
		for _, row := range p.Rows {
			v := Verdict{Kind: IsBlank}
			if grade := marks[row.Subject]; grade != "" && !strings.HasSuffix(w, "-") {
				v = Verdict{Kind: IsGrade, Grade: grade}
			}
			image.Reading.Rows, image.Verdicts = append(image.Reading.Rows, RowReading{Subject: row.Subject}), append(image.Verdicts, v)
		}
		images = append(images, image)
	}
	return images
}

func TestTrialStack(t *testing.T) {
	for _, c := range []struct {
		subjects     int
		words, ready string
		want         []string
	}{
		{72, "1 2 1 2 1 2", "ready", nil},
		{72, "2 1 2 1 2 1", "ready", nil},
		{72, "1 1 1", "not_ready", []string{"one_sided_scan"}},
		{72, "1 2 1 2", "not_ready", []string{"images_missing"}},
		{72, "1 2 1 2 1 2 1 2", "usable", []string{"images_extra"}},
		{72, "1 1 1 2 2 2", "not_ready", []string{"order"}},
		{72, "1 | 2 | 1 | 2 | 1 | 2", "usable", []string{"side_a_file"}},
		{72, "1 2 1 2- 1 2", "not_ready", []string{"marks_lost"}},
		{72, "1 2 1 2 other_meeting other_meeting", "not_ready", []string{"not_trial"}},
		{72, "1 2 1 2 no_page 2", "not_ready", []string{"rejected"}},
		{20, "1 1 1", "ready", nil},
		{20, "1 blank_side 1 blank_side 1 blank_side", "usable", []string{"blank_backs"}},
		{20, "1 1", "not_ready", []string{"images_missing"}},
	} {
		m := testMeeting(c.subjects)
		f, err := TrialForm(&m, m.Groups[0])
		if err != nil {
			t.Fatal(err)
		}
		report := JudgeTrial(f, TrialSheets, trialStack(f, c.words))
		var got []string
		for _, x := range report.Findings {
			got = append(got, string(x.Code))
		}
		if !slices.Equal(got, c.want) || report.Ready != c.ready {
			t.Errorf("%s: %s %v, want %s %v", c.words, report.Ready, got, c.ready, c.want)
		}
	}
}

// Form ids that look like a trial form's are never drawn for real ones.
func TestNoFormIsATrialForm(t *testing.T) {
	var raw []byte
	for _, c := range "TESTABCDPQRSABCD" {
		raw = append(raw, byte(strings.IndexRune(alphabet, c)))
	}
	id, err := NewFormID(strings.NewReader(string(raw)))
	if err != nil || id != "PQRSABCD" {
		t.Errorf("%s, %v", id, err)
	}
}
