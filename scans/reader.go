package scans

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"pingyi/ballot"
	"pingyi/scans/density"
	"pingyi/scans/mark"
	"pingyi/scans/raster"
	"pingyi/scans/register"
	"pingyi/scans/writing"
)

// Options sets up a Reader.
type Options struct {
	Thresholds ballot.Thresholds // the zero value stands for ballot.DefaultThresholds
	OCR        Recognizer        // reads the printed identity line where the code is damaged; nil = such pages are rejected
	CrossCheck bool              // also read the printed identity line of every page, and compare
	Names      float64           // share of rows whose printed name and unit are compared, 0 … 1; see nameCheck
	Fonts      [][]byte          // TrueType, with which forms may have been printed; Names needs one
	Random     *rand.Rand        // chooses those rows; Names between 0 and 1 needs it
	Trace      *Tracer           // numbered pictures of the stages; nil = off
}

// Reader reads page pictures of a set of forms. Its buffers are reused: one Reader a goroutine.
type Reader struct {
	forms      map[string]*ballot.Form // by form id
	sizes      []register.Size
	finder     *register.Finder
	tables     *tables // of learned forms; nil = there are none
	meter      mark.Meter
	density    density.Reader
	writing    writing.Finder
	comments   writing.Comments
	thresholds ballot.Thresholds
	print      printReader
	crossCheck bool
	names      *nameCheck // nil = off
	trace      *Tracer
	last       lastPage
	buffer     raster.Image // of the page read last
}

// lastPage is what Picture needs of the page read last.
type lastPage struct {
	img   *raster.Image
	found register.Found
	page  *ballot.FormPage // nil where the page was rejected before its form was known
	read  bool             // not rejected

	serial bool // read, and of serial mode
}

// NewReader checks the forms and makes a reader for them.
func NewReader(forms []ballot.Form, o Options) (*Reader, error) {
	if len(forms) == 0 {
		return nil, ballot.Errorf(ballot.CodeForm, "没有表样可供识读", "there is no form to read by")
	}
	r := &Reader{forms: map[string]*ballot.Form{}, thresholds: o.Thresholds, print: printReader{ocr: o.OCR}, crossCheck: o.CrossCheck && o.OCR != nil, trace: o.Trace}
	if r.thresholds == (ballot.Thresholds{}) {
		r.thresholds = ballot.DefaultThresholds()
	}
	for i := range forms {
		f := &forms[i]
		if err := f.Validate(); err != nil {
			return nil, err
		}
		r.forms[f.ID] = f
		if f.Learned != nil {
			continue
		}
		for j := range f.Pages {
			r.addSize(&f.Pages[j])
		}
	}
	r.finder = register.NewFinder(r.sizes)
	var err error
	if r.tables, err = tablesOf(forms, o.OCR != nil); err != nil {
		return nil, err
	}
	if o.Names > 0 && o.OCR != nil {
		r.names, err = newNameCheck(o)
	}
	return r, err
}

func (r *Reader) addSize(p *ballot.FormPage) {
	for _, s := range r.sizes {
		if s.Width == p.Width && s.Height == p.Height && sameMarks(s.Marks, p.Fiducials) {
			return
		}
	}
	r.sizes = append(r.sizes, register.Size{Width: p.Width, Height: p.Height, Marks: p.Fiducials})
}

func sameMarks(a, b []ballot.Rect) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// ReadPage reads one picture: register, code, refine, mark, OCR cross-check, verdicts. A page that
// cannot be trusted comes back rejected, with the reason and the facts.
func (r *Reader) ReadPage(img *raster.Image) PageResult {
	r.print.losses = 0
	res := r.readPage(img)
	if r.print.losses > 0 { // then that is why something is unread
		res.Flags = slices.DeleteFunc(res.Flags, func(f string) bool { return f == FlagIdentityUnread || f == FlagNameUnread })
		res.Flags = append(res.Flags, ballot.FlagOCRLost)
	}
	return res
}

func (r *Reader) readPage(img *raster.Image) PageResult {
	res := PageResult{}
	r.last = lastPage{img: img}
	clock := stopwatch{time.Now()}

	found, rejected := r.finder.Find(img)
	res.Millis.Register = clock.lap()
	res.Rotation, res.Residual = found.Rotation, round2(found.Residual)
	r.last.found = found
	r.trace.registered(img, r.sizes, found, rejected)
	clock.lap() // what tracing took is no stage's
	var form *ballot.Form
	var page *ballot.FormPage
	var blank *raster.Image // of a learned page
	if rejected != nil && r.tables != nil {
		var s sighting
		s, rejected = r.tables.find(img, &r.print)
		found, form, page, blank, res.Flags = s.found, s.form, s.page, s.print, s.flags
		res.Rotation, res.Residual = found.Rotation, round2(found.Residual)
	}
	if rejected != nil {
		return reject(res, rejected)
	}
	if form == nil {
		form, page, res.Serial, rejected = r.identify(img, &found)
	}
	if rejected != nil && rejected.Reason == ballot.RejectNoCode {
		if f, p, ok := r.identifyByPrint(img, &found); ok {
			form, page, rejected, res.Flags = f, p, nil, []string{FlagCodeUnread}
		}
	}
	res.Millis.Code = clock.lap()
	if rejected != nil {
		return reject(res, rejected)
	}
	res.Form, res.Page, res.Group, res.Identity = form.ID, page.Page, form.Group, string(form.Identity)
	r.last.found, r.last.page = found, page
	if form.Withdrawn {
		return reject(res, &ballot.Rejection{Reason: ballot.RejectOtherVersion, Facts: fmt.Sprintf("form %s belongs to version %d, which was unsealed", form.ID, form.Version)})
	}

	if rejected := serialOf(form, res.Serial, slices.Contains(res.Flags, FlagCodeUnread)); rejected != nil {
		return reject(res, rejected)
	}

	if rejected := whole(img, &found, page); rejected != nil {
		return reject(res, rejected)
	}
	grid, rejected := refine(img, found.Map, form, page)
	res.Millis.Register += clock.lap()
	if rejected != nil {
		return reject(res, rejected)
	}
	if form.Learned != nil && form.Learned.Words {
		grid.Print = blank
	}
	rows := r.meter.Measure(img, grid)
	second, fingerprint := r.density.Read(img, grid)
	readAgain(rows, second)
	fingerprint = inkOfPens(rows, fingerprint)
	res.Verdicts = ballot.JudgePage(rows, r.thresholds)
	res.Millis.Mark = clock.lap()
	if r.trace != nil {
		r.trace.measured(img, grid, &r.meter, explained{form.ID, page.Page, r.thresholds, explain(rows, res.Verdicts, r.thresholds)})
		clock.lap()
	}
	if rejected := r.streaks(rows, res.Verdicts); rejected != nil {
		return reject(res, rejected)
	}

	flags, rejected := r.checkPrint(img, form, page, &found, grid)
	res.Millis.OCR = clock.lap()
	if rejected != nil {
		return reject(res, rejected)
	}
	res.Flags = append(res.Flags, flags...)
	if form.Learned != nil {
		res.Flags = append(res.Flags, FlagWritingUnchecked)
	} else if res.Writing = r.writing.Find(img, grid, page); len(res.Writing) > 0 {
		res.Flags = append(res.Flags, ballot.FlagWriting)
	}
	res.Millis.Writing = clock.lap()
	res.Comment = r.readComment(img, &grid.Map, page)
	res.Millis.Comment = clock.lap()
	r.last.read, r.last.serial = true, form.Identity == ballot.Serial
	res.Rows, res.Measures, res.Fingerprint = rows, ballot.MeasuresVersion, fingerprint
	return res
}

// streaks rejects a page on which streaks leave most of the rows they cross undecided: scanning it
// again after cleaning the glass is less work than deciding them one by one.
func (r *Reader) streaks(rows []ballot.RowReading, verdicts []ballot.Verdict) *ballot.Rejection {
	crossed, unclear := 0, 0
	for i := range rows {
		if rows[i].Streak {
			crossed++
			if verdicts[i].Kind == ballot.IsUnclear {
				unclear++
			}
		}
	}
	if unclear > 5 && unclear*2 > crossed {
		return &ballot.Rejection{Reason: ballot.RejectStreaks, Facts: fmt.Sprintf("streaks run over the targets of %d rows and leave %d undecided: clean the scanner's glass and scan again", crossed, unclear)}
	}
	return nil
}

// How many marks of another page tell of a second sheet: two punched holes look like marks, but lie on the page.
const (
	strayMarks = 3
	straysOff  = 2
)

// whole refuses a picture that does not show all targets, or shows marks of a second page: two sheets were
// fed together, and what is seen below the edge of the upper one belongs to the other.
func whole(img *raster.Image, found *register.Found, page *ballot.FormPage) *ballot.Rejection {
	outside := 0
	for _, t := range page.Targets {
		x, y := t.Centre()
		if u, v := found.Map.At(x, y); u < 0 || v < 0 || u >= float64(img.W) || v >= float64(img.H) {
			outside++
		}
	}
	if outside > 0 {
		return &ballot.Rejection{Reason: ballot.RejectCutOff, Facts: fmt.Sprintf("%d of %d boxes lie outside the picture", outside, len(page.Targets))}
	}
	strays, off := 0, 0
	sheet := ballot.Rect{W: page.Width, H: page.Height}
	for _, p := range found.Strays {
		if !printed(page, p) {
			strays++
		}
		if !sheet.Contains(p.X, p.Y) {
			off++
		}
	}
	if strays >= strayMarks || off >= straysOff {
		return &ballot.Rejection{Reason: ballot.RejectTwoSheets, Facts: fmt.Sprintf("%d registration marks of this page, %d of another, %d of them beyond the page's edge", found.Marks, max(strays, off), off)}
	}
	return nil
}

// printed tells whether a place lies where print or pens may make something like a mark.
func printed(page *ballot.FormPage, p register.Point) bool {
	const slack = 3 // mm
	in := func(r ballot.Rect) bool { return r.Inset(-slack).Contains(p.X, p.Y) }
	for _, r := range page.Rows {
		if in(r.Rect) {
			return true
		}
	}
	for _, l := range page.Labels {
		if in(l.Rect) {
			return true
		}
	}
	for _, t := range page.Targets {
		if in(t.Cell) {
			return true
		}
	}
	return in(page.Code) || page.Comment != nil && in(*page.Comment)
}

// readAgain adds what the second reading says to the measures of the first.
func readAgain(rows []ballot.RowReading, second [][]float64) {
	for i := range rows {
		for c := range rows[i].Scores {
			rows[i].Scores[c].Second = math.Round(second[i][c]*1e4) / 1e4
		}
	}
}

// inkOfPens leaves of a fingerprint the targets at which the first reading found a stroke too, in the box or
// beside it: a streak of the scanner's glass, which it takes out, is elsewhere the next time.
func inkOfPens(rows []ballot.RowReading, shapes ballot.Fingerprint) ballot.Fingerprint {
	var penned []bool // by number of the target on the page
	for _, row := range rows {
		for _, s := range row.Scores {
			penned = append(penned, s.Ink+s.Outside > 0)
		}
	}
	return slices.DeleteFunc(shapes, func(s ballot.InkShape) bool { return !penned[s.Target] })
}

func reject(res PageResult, why *ballot.Rejection) PageResult {
	res.Rejected, res.Rows, res.Verdicts = why, nil, nil
	return res
}

type stopwatch struct{ since time.Time }

// lap is the milliseconds since the last lap, to hundredths.
func (s *stopwatch) lap() float64 {
	now := time.Now()
	d := now.Sub(s.since)
	s.since = now
	return round2(float64(d.Microseconds()) / 1000)
}
