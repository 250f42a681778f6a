package ballot

import (
	"cmp"
	"math"
	"slices"
)

// PageLook is what a trial run measures of a picture as such, beside what is read from it.
type PageLook struct {
	W, H   int        // pixels
	DPI    float64    // as the file says; 0 = it does not
	Turned bool       // the page lies on its side in the picture
	Found  bool       // its marks were found; what follows is 0 otherwise
	Scale  [2]float64 // pixels a mm of print, along the page's width and height
	Skew   float64    // degrees clockwise
	Edges  [4]float64 // mm of print that the picture shows beyond the page's left, top, right and lower edge; negative: cut off
	Paper  float64    // gray of the paper, 0 black … 255 white
	Print  float64    // gray of the marks' middle, of the palest quarter
	Grays  float64    // share of pixels of middle gray among those darker than paper, 0…1: next to none in a picture of one bit
}

// TrialImage is one image of a trial run. File numbers the uploads, from 0; a ZIP is one.
type TrialImage struct {
	File     int
	Reading  PageReading
	Verdicts []Verdict
	Look     *PageLook // nil where the image could not be decoded
}

// TrialCode names a finding of a trial run.
type TrialCode string

// The findings, and what their values are.
const (
	TrialPrinterScaled TrialCode = "printer_scaled"  // percent: the print is so large on paper of full size
	TrialScannerScaled TrialCode = "scanner_scaled"  // percent: print and paper are both so large in the picture
	TrialScaled        TrialCode = "scaled"          // percent: one of the two
	TrialUneven        TrialCode = "uneven_scale"    // across, along: percent
	TrialCropped       TrialCode = "cropped"         // mm of the paper that the picture lacks
	TrialMarksCut      TrialCode = "marks_cut"       // mm beyond the paper's edge at which the picture ends
	TrialLowResolution TrialCode = "low_resolution"  // dpi
	TrialHighRes       TrialCode = "high_resolution" // dpi
	TrialOneBit        TrialCode = "one_bit"         // black and white only: text mode
	TrialPaleInk       TrialCode = "pale_marks"      // percent: how dark the pen is, 0 paper … 100 black
	TrialMarksLost     TrialCode = "marks_lost"      // missing, asked: marks that left no trace
	TrialLowToner      TrialCode = "low_toner"       // percent: how dark the print is
	TrialDarkPaper     TrialCode = "dark_paper"      // gray of the paper
	TrialSkewed        TrialCode = "skewed"          // degrees
	TrialMissing       TrialCode = "images_missing"  // got, want
	TrialExtra         TrialCode = "images_extra"    // got, want
	TrialOneSided      TrialCode = "one_sided_scan"  // the backs are missing
	TrialBlankBacks    TrialCode = "blank_backs"     // images: a form with one side was scanned on both
	TrialFrontsFirst   TrialCode = "order"           // front and back of a sheet do not follow each other
	TrialSideAFile     TrialCode = "side_a_file"     // front and back of a sheet lie in different files
	TrialNotTrial      TrialCode = "not_trial"       // some other paper
	TrialRejected      TrialCode = "rejected"        // Reason says why
	TrialMisread       TrialCode = "differs"         // rows: what was read is not what was asked for
	TrialUnclear       TrialCode = "unclear"         // rows that a person would have to decide
)

// TrialLevel is how much a finding matters.
type TrialLevel string

// A fault must be put right; advice may be taken.
const (
	TrialFault  TrialLevel = "fault"
	TrialAdvice TrialLevel = "advice"
)

// TrialFinding is one thing that a trial run found.
type TrialFinding struct {
	Code   TrialCode          `json:"code"`
	Level  TrialLevel         `json:"level" enum:"fault,advice"`
	Images []int              `json:"images,omitempty" doc:"on which it was found, from 1; none where it is about the stack"`
	Values map[string]float64 `json:"values,omitempty" doc:"numbers for its words"`
	Reason RejectReason       `json:"reason,omitempty" doc:"why images were rejected"`
}

// TrialDifference is a row that was not read as it was to be marked. Empty grades are blank rows.
type TrialDifference struct {
	Image int     `json:"image" doc:"from 1"`
	Row   int     `json:"row" doc:"number printed in the row; on single forms that of the leaf"`
	Asked string  `json:"asked"`
	Read  Verdict `json:"read"`
}

// TrialReport is what a trial run comes to. Ready: nothing found and all rows read as asked for; usable: only
// advice, or rows that people must decide; not_ready: a fault.
type TrialReport struct {
	Ready       string            `json:"ready" enum:"ready,usable,not_ready"`
	Sheets      int               `json:"sheets" doc:"test ballots that should have been scanned"`
	Read        int               `json:"read" doc:"images that were read"`
	Rows        int               `json:"rows" doc:"rows on them"`
	Right       int               `json:"right" doc:"rows that were read as they were to be marked"`
	Findings    []TrialFinding    `json:"findings" nullable:"false"`
	Differences []TrialDifference `json:"differences" nullable:"false"`
}

// JudgeTrial says what is wrong with printer, scanner and pen, from the scans of so many test ballots (TrialSheets
// copies of a roster form, as many leaves of a single one).
func JudgeTrial(f *Form, sheets int, images []TrialImage) TrialReport {
	t := trial{form: f, sheets: sheets, images: images, report: TrialReport{Sheets: sheets, Findings: []TrialFinding{}, Differences: []TrialDifference{}}}
	t.papers()
	t.order()
	t.scales()
	t.edges()
	t.pictures()
	t.rows()
	t.report.Ready = "ready"
	for _, f := range t.report.Findings {
		if f.Level == TrialFault {
			t.report.Ready = "not_ready"
		} else if t.report.Ready == "ready" {
			t.report.Ready = "usable"
		}
	}
	slices.SortStableFunc(t.report.Findings, func(a, b TrialFinding) int { return -cmp.Compare(a.Level, b.Level) }) // faults first
	return t.report
}

type trial struct {
	form   *Form
	sheets int
	images []TrialImage
	report TrialReport
}

// find adds a finding; the values are name, number, name, number, …
func (t *trial) find(code TrialCode, level TrialLevel, images []int, values ...any) {
	f := TrialFinding{Code: code, Level: level, Images: images}
	for i := 0; i+1 < len(values); i += 2 {
		if f.Values == nil {
			f.Values = map[string]float64{}
		}
		f.Values[values[i].(string)] = values[i+1].(float64)
	}
	t.report.Findings = append(t.report.Findings, f)
}

// isOurs tells whether an image shows a page of the trial form, be it read or rejected.
func (t *trial) isOurs(image TrialImage) bool { return image.Reading.Form == t.form.ID }

// measured are the images whose page was found, with the measure that of gives; it says false to leave one out.
func (t *trial) measured(of func(TrialImage) (float64, bool)) (values []float64, images []int) {
	for i, image := range t.images {
		if image.Look == nil || !image.Look.Found {
			continue
		}
		if v, ok := of(image); ok {
			values, images = append(values, v), append(images, i+1)
		}
	}
	return values, images
}

// papers reports images that are no pages of the test ballot, and those that were refused.
func (t *trial) papers() {
	refused := map[RejectReason][]int{}
	var reasons []RejectReason
	for i, image := range t.images {
		r := image.Reading.Rejected
		if r == nil {
			continue
		}
		if refused[r.Reason] == nil {
			reasons = append(reasons, r.Reason)
		}
		refused[r.Reason] = append(refused[r.Reason], i+1)
	}
	for _, reason := range reasons {
		images := refused[reason]
		switch {
		case reason == RejectTrial || reason == RejectOtherMeeting:
			t.find(TrialNotTrial, TrialFault, images)
		case reason == RejectBlankSide && !t.form.TwoSided:
			t.find(TrialBlankBacks, TrialAdvice, images, "images", float64(len(images)))
		default:
			t.find(TrialRejected, TrialFault, images)
			t.report.Findings[len(t.report.Findings)-1].Reason = reason
		}
	}
}

// order looks at the numbers of images, and at how front and back follow each other.
func (t *trial) order() {
	want, got := t.sheets, 0
	if t.form.TwoSided {
		want *= 2
	}
	seen := map[bool]int{} // by whether it is a back
	for _, image := range t.images {
		if !t.isOurs(image) {
			if r := image.Reading.Rejected; r == nil || r.Reason != RejectBlankSide {
				got++
			}
			continue
		}
		got++
		seen[image.Reading.Page%2 == 0]++
	}
	switch {
	case t.form.TwoSided && seen[false]+seen[true] > 1 && (seen[false] == 0 || seen[true] == 0):
		t.find(TrialOneSided, TrialFault, nil, "got", float64(got), "want", float64(want))
		return
	case got < want:
		t.find(TrialMissing, TrialFault, nil, "got", float64(got), "want", float64(want))
	case got > want:
		t.find(TrialExtra, TrialAdvice, nil, "got", float64(got), "want", float64(want))
	}
	if t.form.TwoSided && seen[true] > 0 {
		t.pairs()
	}
}

// pairs looks whether sides of one sheet follow each other in one file, as real ballots must.
func (t *trial) pairs() {
	apart, files := []int{}, []int{}
	for i := 0; i < len(t.images); i++ {
		if !t.isOurs(t.images[i]) {
			continue
		}
		if i+1 == len(t.images) || !t.isOurs(t.images[i+1]) || t.form.OtherSide(t.images[i].Reading.Page) != t.images[i+1].Reading.Page {
			apart = append(apart, i+1)
			continue
		}
		if t.images[i].File != t.images[i+1].File {
			files = append(files, i+1, i+2)
		}
		i++
	}
	if len(apart) > 1 {
		t.find(TrialFrontsFirst, TrialFault, apart)
	}
	if len(files) > 0 {
		t.find(TrialSideAFile, TrialAdvice, files)
	}
}

// rows compares what was read with what was to be marked.
func (t *trial) rows() {
	asked, lost, unclear, pale := 0, 0, 0, 0
	var ink []float64
	for i, image := range t.images {
		page, ok := t.form.PageOf(image.Reading.Page)
		if !t.isOurs(image) || image.Reading.Rejected != nil || !ok {
			continue
		}
		marks := t.form.TrialMarks(page)
		t.report.Read++
		for k, row := range image.Reading.Rows {
			want, got := marks[row.Subject], image.Verdicts[k]
			t.report.Rows++
			if want != "" {
				asked++
				ink = append(ink, darkest(row))
			}
			if want == "" && got.Kind == IsBlank || got.Kind == IsGrade && got.Grade == want {
				t.report.Right++
				continue
			}
			switch {
			case got.Kind == IsBlank:
				lost++
			case got.Reason == ReasonPale || got.Reason == ReasonFaint:
				pale++
			case got.Kind == IsUnclear:
				unclear++
			}
			t.report.Differences = append(t.report.Differences, TrialDifference{i + 1, row.Subject, want, got})
		}
	}
	if lost > 0 {
		t.find(TrialMarksLost, TrialFault, nil, "missing", float64(lost), "asked", float64(asked))
	}
	if n := len(t.report.Differences) - lost - unclear - pale; n > 0 {
		t.find(TrialMisread, TrialFault, nil, "rows", float64(n))
	}
	if unclear > 0 {
		t.find(TrialUnclear, TrialAdvice, nil, "rows", float64(unclear))
	}
	if d := median(ink); d > 0 && (d < paleInk || pale > 0) {
		t.find(TrialPaleInk, TrialAdvice, nil, "percent", math.Round(100*d))
	}
}

// darkest is how dark the darkest mark of a row is, 0 paper … 1 black.
func darkest(row RowReading) (d float64) {
	for _, s := range row.Scores {
		if s.Ink > 0 {
			d = max(d, s.Contrast)
		}
	}
	return d
}
