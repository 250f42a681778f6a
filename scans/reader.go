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
	res, clock := PageResult{}, stopwatch{time.Now()}
	r.last = lastPage{img: img}
	seen, rejected := r.recognise(img, &res, &clock)
	if rejected != nil {
		return reject(res, rejected)
	}
	form, page := seen.form, seen.page
	grid, rejected := layGrid(img, &seen)
	res.Millis.Register += clock.lap()
	if rejected != nil {
		return reject(res, rejected)
	}
	rows, fingerprint := r.measure(img, grid, form, &res, &clock)
	if rejected := r.streaks(rows, res.Verdicts); rejected != nil {
		return reject(res, rejected)
	}
	flags, rejected := r.checkPrint(img, form, page, &seen.found, grid)
	res.Millis.OCR = clock.lap()
	if rejected != nil {
		return reject(res, rejected)
	}
	res.Flags = append(res.Flags, flags...)
	if form.Learned != nil {
		res.Flags = append(res.Flags, ballot.FlagWritingUnchecked)
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

// recognise finds the page in the picture and the form in force that it belongs to; res learns both.
func (r *Reader) recognise(img *raster.Image, res *PageResult, clock *stopwatch) (seen sighting, rejected *ballot.Rejection) {
	seen.found, rejected = r.finder.Find(img)
	res.Millis.Register = clock.lap()
	res.Rotation, res.Residual = seen.found.Rotation, round2(seen.found.Residual)
	r.last.found = seen.found
	r.trace.registered(img, r.sizes, seen.found, rejected)
	clock.lap() // what tracing took is no stage's
	if rejected != nil && r.tables != nil {
		seen, rejected = r.tables.find(img, &r.print)
		res.Flags = seen.flags
		res.Rotation, res.Residual = seen.found.Rotation, round2(seen.found.Residual)
	}
	if rejected != nil {
		return seen, rejected
	}
	if seen.form == nil {
		seen.form, seen.page, res.Serial, rejected = r.identify(img, &seen.found)
	}
	if rejected != nil && rejected.Reason == ballot.RejectNoCode {
		if form, page, ok := r.identifyByPrint(img, &seen.found); ok {
			seen.form, seen.page, rejected, seen.flags = form, page, nil, []string{FlagCodeUnread}
		}
	}
	res.Millis.Code, res.Flags = clock.lap(), seen.flags
	if rejected != nil {
		return seen, rejected
	}
	form := seen.form
	res.Form, res.Page, res.Group, res.Identity = form.ID, seen.page.Page, form.Group, string(form.Identity)
	r.last.found, r.last.page = seen.found, seen.page
	if form.Withdrawn {
		return seen, &ballot.Rejection{Reason: ballot.RejectOtherVersion, Facts: fmt.Sprintf("form %s belongs to version %d, which was unsealed", form.ID, form.Version)}
	}
	return seen, serialOf(form, res.Serial, slices.Contains(res.Flags, FlagCodeUnread))
}

// layGrid lays the form's grid over a page that is all there.
func layGrid(img *raster.Image, seen *sighting) (*register.Grid, *ballot.Rejection) {
	if rejected := whole(img, &seen.found, seen.page); rejected != nil {
		return nil, rejected
	}
	grid, rejected := refine(img, seen.found.Map, seen.form, seen.page)
	if rejected == nil && seen.form.Learned != nil && seen.form.Learned.Words {
		grid.Print = seen.print
	}
	return grid, rejected
}

// measure reads the rows by both readings and judges them; res learns the verdicts.
func (r *Reader) measure(img *raster.Image, grid *register.Grid, form *ballot.Form, res *PageResult, clock *stopwatch) ([]ballot.RowReading, ballot.Fingerprint) {
	rows := r.meter.Measure(img, grid)
	second, fingerprint := r.density.Read(img, grid)
	readAgain(rows, second)
	fingerprint = inkOfPens(rows, fingerprint)
	res.Verdicts = ballot.JudgePage(rows, r.thresholds)
	res.Millis.Mark = clock.lap()
	if r.trace != nil {
		r.trace.measured(img, grid, &r.meter, explained{form.ID, res.Page, r.thresholds, explain(rows, res.Verdicts, r.thresholds)})
		clock.lap()
	}
	return rows, fingerprint
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
