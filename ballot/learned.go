package ballot

import "math"

// Learned marks a form that was not laid out by us but learned from a blank page of somebody else's: it
// carries neither registration marks nor a code, and is known by its rules and its print.
type Learned struct {
	Source     string   `json:"source"`                // name of the file it was learned from
	GradesDown bool     `json:"grades_down,omitempty"` // subjects stand side by side, each with its grades below it
	Words      bool     `json:"words,omitempty"`       // the cells for marks hold the grades' words, which are ringed or ticked
	Unsure     []Unsure `json:"unsure,omitempty"`      // what a person must settle
	Confirmed  bool     `json:"confirmed"`             // by a person; nothing is read by a form that is not
	// Printed is the roster number that the paper prints beside a row, by the row's key. It stands here only where
	// that column agrees with the names, and the row with one next to it: OCR takes a 26 for a 20.
	Printed map[string]int `json:"printed,omitempty"`
}

// Unsure is one thing on the blank that could not be told for certain.
type Unsure struct {
	Key  string `json:"key"` // names it when it is settled: "row 2.13" is the 13th row of page 2
	Page int    `json:"page"`
	Rect Rect   `json:"rect"`           // mm
	Read string `json:"read,omitempty"` // what OCR read there
	Why  Doubt  `json:"why"`
	Best string `json:"best,omitempty"` // the likeliest, for a person to look at; it is never taken by itself
}

// Doubt is why something on a blank is unsure.
type Doubt string

// The doubts.
const (
	DoubtGrade  Doubt = "grade_unread" // the head of a column was not read exactly
	DoubtNoName Doubt = "no_name"      // no name stands beside or above the boxes
	DoubtName   Doubt = "name_unread"  // no subject fits clearly better than the others
	DoubtTwice  Doubt = "name_twice"   // another row was matched with the same subject
)

// Chinese says the doubt for people.
func (d Doubt) Chinese() string {
	switch d {
	case DoubtGrade:
		return "等次字样未能准确认出"
	case DoubtNoName:
		return "格旁或格上没有姓名"
	case DoubtName:
		return "名册中没有明显最相符的人"
	case DoubtTwice:
		return "另一行已对应同一人"
	}
	return string(d)
}

// Rule is a straight line of the table, in mm: along x at Y0 = Y1, or along y at X0 = X1.
type Rule struct {
	X0 float64 `json:"x0"`
	Y0 float64 `json:"y0"`
	X1 float64 `json:"x1"`
	Y1 float64 `json:"y1"`
}

// Across tells whether the rule runs along x.
func (r Rule) Across() bool { return r.X1-r.X0 > r.Y1-r.Y0 }

// PrintPixelsPerMM is the scale of a learned page's print.
const PrintPixelsPerMM = 4

// LabelText is a line of print on a learned page that has no other role.
const LabelText = "text"

// LeastWordRows is how many rows stand right below each other, at least, where words are ringed or ticked: the reader
// knows the bare word by the same word of the other rows, and takes a mark that all of them have for print.
const LeastWordRows = 5

const (
	leastRules    = 3   // of each direction that a learned page is found by
	leastPrint    = 100 // bytes of a picture
	leastNameText = 1   // labels or names that a learned page is known by
)

// validateLearned checks what stands in a learned page for marks and a code; both are empty where nothing is wrong.
func (f *Form) validateLearned(p *FormPage) (zh, en string) {
	across, down := 0, 0
	for _, r := range p.Rules {
		if r.Across() {
			across++
		} else {
			down++
		}
	}
	texts := len(p.Labels)
	for _, r := range p.Rows {
		if r.Subject <= 0 || r.Name == "" {
			return "有一行没有对应述职人", "a row has no subject"
		}
		texts++
	}
	switch {
	case f.Learned.Words && f.Learned.GradesDown:
		return "要画圈的字样上下排列", "has words to be ringed below each other"
	case across < leastRules || down < leastRules:
		lines := []any{across, down, leastRules}
		return sprintf("横线 %d 条、竖线 %d 条，各至少须 %d 条", lines), sprintf("has %d rules across and %d down, needs %d of each", lines)
	case len(p.Print) < leastPrint:
		return "没有空白票面的图像", "has no picture of its print"
	case texts < leastNameText:
		return "没有可供辨认的文字", "has no text to be known by"
	}
	return "", ""
}

// fewestBelow is the number of rows in the shortest run of rows that stand right below each other, as the reader
// measures them together.
func (p *FormPage) fewestBelow() int {
	const slack = 0.5 // mm
	fewest, run := len(p.Rows), 0
	var x, bottom float64
	for _, r := range p.Rows {
		cell := p.TargetsOf(r.Subject)[0].Cell
		if run > 0 && (math.Abs(r.X-x) > slack || math.Abs(cell.Y-bottom) > slack) {
			fewest, run = min(fewest, run), 0
		}
		if run == 0 {
			x = r.X
		}
		run, bottom = run+1, cell.Bottom()
	}
	return min(fewest, run)
}

// Settled is nil where a learned form may be used: a person confirmed it and nothing is unsure.
func (f *Form) Settled() error {
	switch {
	case f.Learned == nil:
		return nil
	case len(f.Learned.Unsure) > 0:
		u := f.Learned.Unsure[0]
		return Errorf(CodeForm, "由“%[2]s”识得的表样 %[1]s 尚有 %[3]d 处存疑（%[4]s：%[6]s …）；请用 pingyi forms confirm 逐一确定",
			"form %[1]s, learned from %[2]s, leaves %[3]d things unsure (%[4]s: %[5]s …): settle them with pingyi forms confirm",
			f.ID, f.Learned.Source, len(f.Learned.Unsure), u.Key, u.Why, u.Why.Chinese())
	case !f.Learned.Confirmed:
		return Errorf(CodeForm, "由“%[2]s”识得的表样 %[1]s 尚未确认；请核对图样后用 pingyi forms confirm 确认",
			"form %[1]s, learned from %[2]s, is not confirmed: look at its picture and confirm it with pingyi forms confirm", f.ID, f.Learned.Source)
	}
	return nil
}
