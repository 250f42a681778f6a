package ballot

// MarkScore is what the reader measured at one target. Areas are mm² of ink at the form's own scale.
// It holds measures only: what they mean is decided by Judge.
type MarkScore struct {
	Grade    string  `json:"grade"`
	Ink      float64 `json:"ink"`      // ink of the strokes aimed at this target, wherever it lies
	Inside   float64 `json:"inside"`   // share of the box that this ink covers, 0…1
	Reach    float64 `json:"reach"`    // mm, the longest side of the bounding box of one of these strokes
	Flat     float64 `json:"flat"`     // mm, the shorter side of the bounding box of this ink: next to 0 for a line along an axis
	Contrast float64 `json:"contrast"` // mean darkness of this ink, 0 paper … 1 black
	Strokes  int     `json:"strokes"`  // separate pieces of ink that were given to this target
	Stray    float64 `json:"stray"`    // ink in the box of strokes aimed elsewhere
	Doubt    float64 `json:"doubt"`    // ink in the cell of strokes that cannot be given to any one target
	Outside  float64 `json:"outside"`  // ink that keeps to the cell and neither enters nor surrounds the box
	Apart    float64 `json:"apart"`    // of that, strokes that are no mere lines and clear the edges of the cell
	Specks   float64 `json:"specks"`   // ink in the box too small for a stroke, or hidden in a printed word
	Outline  float64 `json:"outline"`  // ink along the printed outline, beyond what the boxes around show
	Covered  float64 `json:"covered"`  // share of the target's own print that is not to be seen, 0…1: paper or tape may lie upon it
	Loose    float64 `json:"loose"`    // mean darkness of the darkest stroke counted as doubt, outside or specks, 0…1
	Faint    float64 `json:"faint"`    // share of the box that is darker than paper and paler than ink
	Second   float64 `json:"second"`   // probability of a mark by the second reading, 0…1
}

// RowReading is one row as measured.
type RowReading struct {
	Subject int         `json:"subject"`
	Scores  []MarkScore `json:"scores"`
	Streak  bool        `json:"streak,omitempty"` // a streak or fold runs through a target of the row
	Shift   float64     `json:"shift"`            // mm, how far local print lay from where registration put it
	Grainy  bool        `json:"grainy,omitempty"` // the page is full of specks, dithered perhaps: an empty row proves nothing
	Lost    bool        `json:"lost,omitempty"`   // no print was found at the row: its place is not certain
}

// VerdictKind is what a row is.
type VerdictKind string

// The verdicts. Altered rows are unclear rows with the reason ReasonAltered. IsInvalid is never the machine's: rules
// or people make a row invalid alone, as an altered one, which says nothing of the ballot as several marks may.
const (
	IsGrade    VerdictKind = "grade"
	IsBlank    VerdictKind = "blank"
	IsOvervote VerdictKind = "overvote"
	IsInvalid  VerdictKind = "invalid"
	IsUnclear  VerdictKind = "unclear"
)

// Verdict is what the rules make of a row's measures.
type Verdict struct {
	Kind   VerdictKind `json:"verdict"`
	Grade  string      `json:"grade,omitempty"`
	Reason string      `json:"reason,omitempty"` // why unclear
}

// Reasons for an unclear row.
const (
	ReasonAltered  = "altered"        // 涂改: struck out, or a blot beside another mark
	ReasonFaint    = "faint_mark"     // ink there is, too little or too pale for a vote
	ReasonBetween  = "between_boxes"  // a stroke that cannot be given to one box
	ReasonOutside  = "outside_box"    // ink in the cell that leaves the box empty
	ReasonOutline  = "on_outline"     // ink along the outline of the box, which print hides
	ReasonTail     = "stroke_crosses" // a stroke aimed elsewhere runs through an otherwise empty box
	ReasonStreak   = "streak"         // a streak or fold runs through the targets
	ReasonLine     = "straight_line"  // a line along the page's axis: a fold, a streak, or somebody's mark
	ReasonPale     = "pale_page"      // the page's marks are so pale that an empty row may have lost one
	ReasonPage     = "unread_page"    // most rows of the page cannot be read, so that the others prove nothing
	ReasonGrain    = "grainy"         // dithered or dirty beyond what marks can be told from
	ReasonCovered  = "covered"        // the print of a target is not to be seen, and so no mark under what hides it
	ReasonStretch  = "local_distortion"
	ReasonSecond   = "possible_second_mark"
	ReasonDisagree = "readings_disagree"
	ReasonRejudged = "rejudged" // by other thresholds the row was plainly something else
)

// RejectReason names why a page was not read. A rejected page is a result for a person, not an error.
type RejectReason string

// The reasons for rejecting a page.
const (
	RejectNoPage       RejectReason = "no_page"        // no registration marks: not one of our pages, or too much of it is gone
	RejectBlankSide    RejectReason = "blank_side"     // nothing printed: a blank back
	RejectMirrored     RejectReason = "mirrored"       // the marks lie as in a mirror
	RejectNoCode       RejectReason = "no_code"        // the code could not be read
	RejectBadCode      RejectReason = "bad_code"       // a code was read and its check digits fail
	RejectOtherMeeting RejectReason = "other_meeting"  // no form of this meeting has that code
	RejectOtherVersion RejectReason = "other_version"  // a form that was withdrawn by unsealing
	RejectOtherForm    RejectReason = "other_form"     // code and page size contradict each other
	RejectWrongGroup   RejectReason = "wrong_group"    // the batch is of another group
	RejectTwoSheets    RejectReason = "two_sheets"     // marks of a second page in the picture
	RejectCutOff       RejectReason = "cut_off"        // a part of the table is not on the picture
	RejectDistorted    RejectReason = "distorted"      // print lies too far from where it should be
	RejectStreaks      RejectReason = "streaks"        // streaks run over targets
	RejectResolution   RejectReason = "low_resolution" // under 140 dots per inch on the page
	RejectContrast     RejectReason = "low_contrast"   // print too pale to measure marks against
	RejectIdentity     RejectReason = "identity_mismatch"
	RejectName         RejectReason = "name_mismatch" // OCR of the printed name disagrees with the form
	RejectBadImage     RejectReason = "bad_image"     // truncated or corrupt picture
	RejectCrashed      RejectReason = "reader_crashed"
	RejectTimeout      RejectReason = "reader_timeout"
	RejectUnpaired     RejectReason = "unpaired_side" // the other side of the leaf is missing or rejected
	RejectLostSide     RejectReason = "lost_side"     // of its upload a side is lost or a leaf lies the other way round: none of it is bound
	RejectTwice        RejectReason = "scanned_twice"
	RejectTrial        RejectReason = "trial_sheet" // a test ballot of a trial run: it never counts

	// In serial mode. None of them is ever accepted: the paper is scanned again, taken out, or void.
	RejectSerialUnread   RejectReason = "serial_unread"   // the code is damaged; the line below says the page, and no serial
	RejectSerialForged   RejectReason = "serial_forged"   // not made with the meeting's keys: made up, altered, a specimen
	RejectSerialUnissued RejectReason = "serial_unissued" // made with the keys, and not among those printed
	RejectSerialUsed     RejectReason = "serial_used"     // another sheet with this serial was scanned: a copy, or the same sheet again
	RejectSerialMismatch RejectReason = "serial_mismatch" // front and back carry different serials
)

// Rejection is a page's refusal with the facts that a person needs, in English keys and numbers.
type Rejection struct {
	Reason RejectReason `json:"reason"`
	Facts  string       `json:"facts,omitempty"`
}

// PageReading is what the reader says of one page image. Exactly one of Rejected and Rows is set.
type PageReading struct {
	Form     string       `json:"form,omitempty"`
	Page     int          `json:"form_page,omitempty"`
	Group    string       `json:"group,omitempty"`
	Rotation int          `json:"rotation"` // degrees clockwise that the picture was turned: 0, 90, 180, 270
	Residual float64      `json:"residual"` // mm, root mean square of the marks about their fitted places
	Rejected *Rejection   `json:"rejected,omitempty"`
	Rows     []RowReading `json:"rows,omitempty"`
	Measures int          `json:"measures,omitempty"` // the MeasuresVersion of the rows
	Flags    []string     `json:"flags,omitempty"`
	Writing  []Rect       `json:"writing,omitempty"` // mm on the page: what FlagWriting is about

	Fingerprint Fingerprint `json:"fingerprint,omitempty"`
}

// FlagWriting is the flag of a page with writing outside its targets and comment box, which may tell who
// wrote it. A machine says it, people decide; see Rules.Writing.
const FlagWriting = "identifying_writing"

// FlagWritingUnchecked is the flag of a page on which nobody looked for such writing.
const FlagWritingUnchecked = "writing_unchecked"

// FlagOCRLost is the flag of a page of which OCR failed on some crop, which then counts as unread. It goes when
// the batch is closed: pages of one hour may have it together.
const FlagOCRLost = "ocr_lost"

// PageState is where a page stands between the scanner and the count.
type PageState string

// The states of a page. A row is resolved when it has a verdict that is not unclear, or a decision.
const (
	PageReceived    PageState = "received"
	PageRead        PageState = "read"
	PageRejected    PageState = "rejected"
	PageAdjudicated PageState = "adjudicated"
	PageAccepted    PageState = "accepted"
	PageSetAside    PageState = "set_aside"
)

var pageSteps = map[PageState][]PageState{
	PageReceived:    {PageRead, PageRejected},
	PageRead:        {PageAdjudicated, PageAccepted, PageSetAside},
	PageAdjudicated: {PageAccepted, PageSetAside},
	PageRejected:    {PageSetAside, PageAdjudicated},
	PageAccepted:    {},
	PageSetAside:    {},
}

// Step checks that a page may go from s to next.
func (s PageState) Step(next PageState) error {
	for _, t := range pageSteps[s] {
		if t == next {
			return nil
		}
	}
	return Errorf(CodeState, "票面处于“%s”，不能转为“%s”", "a page that is %s cannot become %s", s, next)
}
