package ballot

// Thresholds turn measures into verdicts. They are data, so that stored readings can be judged again
// before certification. Areas are mm², lengths mm.
type Thresholds struct {
	MarkInk      float64 `json:"mark_ink"`      // least ink of a mark
	MarkReach    float64 `json:"mark_reach"`    // least length of a mark
	MarkContrast float64 `json:"mark_contrast"` // least mean darkness of a mark
	CleanInk     float64 `json:"clean_ink"`     // most ink in a box that counts as empty
	CleanFaint   float64 `json:"clean_faint"`   // most pale share of a box that counts as empty
	CleanOutline float64 `json:"clean_outline"` // most ink beyond the usual along the outline of a box that counts as empty
	TailInk      float64 `json:"tail_ink"`      // most ink that a neighbour's tail may leave in an empty box of a marked row
	TailShare    float64 `json:"tail_share"`    // and its share of the row's own mark
	LineFlat     float64 `json:"line_flat"`     // most height (or width) of a line along an axis
	LineSlant    float64 `json:"line_slant"`    // most height of such a line in its lengths: the tangent of a tilted page's angle
	LineReach    float64 `json:"line_reach"`    // least length of such a line, in its own heights
	BlotInside   float64 `json:"blot_inside"`   // share of a box from which a second mark may be a striking out
	BlotRatio    float64 `json:"blot_ratio"`    // ink of one mark against another from which it may be one
	BlotStrokes  int     `json:"blot_strokes"`  // separate strokes from which it may be one
	ApartInk     float64 `json:"apart_ink"`     // least ink of a mark beside its box
	ApartShare   float64 `json:"apart_share"`   // share of it that clears the edges of the cell
	CoveredMost  float64 `json:"covered_most"`  // share of a target's print that may be missing of one that is to be seen
	CoveredBlank float64 `json:"covered_blank"` // and of one in a row that is read as blank
	OutlineRing  float64 `json:"outline_ring"`  // least ink along the outline of a box with a ring upon it
	PaleShare    float64 `json:"pale_share"`    // darkness, as a share of the row's only mark's, below which other ink is no part of a mark
	PaleInk      float64 `json:"pale_ink"`      // most of such ink that may lie in the box of an empty target
	FaintMark    float64 `json:"faint_mark"`    // darkness of the row's only mark from which faint boxes are no marks of the same pen
	OutlineMark  float64 `json:"outline_mark"`  // most ink along the outline of an empty box of a row with a mark
	SecondLeast  float64 `json:"second_least"`  // least probability by the second reading of a target that is read as marked
	SecondMost   float64 `json:"second_most"`   // most probability of one that is read as bare beside a mark
	SecondSure   float64 `json:"second_sure"`   // least probability by the second reading of a row's only mark
	SecondBare   float64 `json:"second_bare"`   // and most of another target, for ink beside that to be a tail
	SecondBlank  float64 `json:"second_blank"`  // and in a row that is read as blank
	GrainyMark   float64 `json:"grainy_mark"`   // least darkness of a mark on a grainy page
	GrainySecond float64 `json:"grainy_second"` // and least probability by the second reading
	MaxShift     float64 `json:"max_shift"`     // most local distortion of a row
	TraceInk     float64 `json:"trace_ink"`     // least ink in a box of a row without marks that may be what is left of one
	PaleRows     int     `json:"pale_rows"`     // rows of a page with such traces or faint marks, from which its empty rows prove nothing
}

// DefaultThresholds were chosen on seeded synthetic pages; the README of package scans shows how.
func DefaultThresholds() Thresholds {
	return Thresholds{MarkInk: 1.1, MarkReach: 1.9, MarkContrast: 0.18, CleanInk: 0.35, CleanFaint: 0.30, CleanOutline: 1.5,
		TailInk: 1.6, TailShare: 0.45, LineFlat: 1.1, LineSlant: 0.25, LineReach: 2.5, BlotInside: 0.38, BlotRatio: 1.5, BlotStrokes: 3, ApartInk: 1.5, ApartShare: 0.9, CoveredMost: 0.5, CoveredBlank: 0.45, OutlineRing: 3, PaleShare: 0.5, PaleInk: 1.1, FaintMark: 0.33, OutlineMark: 3, SecondLeast: 0.15, SecondMost: 0.95, SecondSure: 0.9, SecondBare: 0.05, SecondBlank: 0.85, GrainyMark: 0.22, GrainySecond: 0.6, MaxShift: 3.2, TraceInk: 0.05, PaleRows: 2}
}

// JudgePage makes the verdicts of a page's rows. Where several rows hold faint marks or traces of ink, the
// pen was too pale for the scanner: what it left in one row it may have lost in another, so that empty
// rows prove nothing. Where most rows cannot be read, those that seem plain prove nothing either: paper that is
// pleated by a row shows a person's mark in the row of the next one.
func JudgePage(rows []RowReading, t Thresholds) []Verdict {
	verdicts := make([]Verdict, len(rows))
	pale, unread := 0, 0
	for i, row := range rows {
		v := Judge(row, t)
		verdicts[i] = v
		if v.Kind == IsUnclear && v.Reason == ReasonFaint || v.Kind == IsBlank && t.hasTraces(row) {
			pale++
		}
		if v.Kind == IsUnclear && v.Reason != ReasonAltered { // which is the writer's doing
			unread++
		}
	}
	isPale := pale > 0 && pale >= min(t.PaleRows, len(rows))
	for i, v := range verdicts {
		switch {
		case v.Kind == IsUnclear && v.Reason != ReasonAltered: // which a rule may settle
		case isPale && v.Kind == IsBlank:
			verdicts[i] = unclear(ReasonPale)
		case 2*unread > len(rows):
			verdicts[i] = unclear(ReasonPage)
		}
	}
	return verdicts
}

// hasTraces tells whether an empty row holds ink that may be what is left of a mark.
func (t Thresholds) hasTraces(row RowReading) bool {
	for _, s := range row.Scores {
		if s.Ink+s.Specks >= t.TraceInk {
			return true
		}
	}
	return false
}

// Judge makes a verdict of a row's measures. Anything that is not plainly one mark, no mark or several
// marks is unclear, and goes to a person; so does what the two readings contradict each other about.
func Judge(row RowReading, t Thresholds) Verdict {
	v := t.byStrokes(row)
	switch {
	case v.Kind != IsUnclear && t.contradicted(row, v):
		return unclear(ReasonDisagree)
	case v.Kind == IsGrade && row.Grainy && !t.sureOf(row, v.Grade):
		return unclear(ReasonGrain)
	}
	return v
}

// contradicted tells whether the second reading takes a target that the verdict marks for bare, or the
// other way round.
func (t Thresholds) contradicted(row RowReading, v Verdict) bool {
	for _, s := range row.Scores {
		marked := v.Kind == IsGrade && s.Grade == v.Grade || v.Kind == IsOvervote && t.isMark(s)
		most := t.SecondMost
		if v.Kind == IsBlank {
			most = t.SecondBlank
		}
		if marked && s.Second < t.SecondLeast || !marked && s.Second > most {
			return true
		}
	}
	return false
}

// sureOf tells whether a mark stands out of a grainy page, whose grains may gather into the like of one.
func (t Thresholds) sureOf(row RowReading, grade string) bool {
	for _, s := range row.Scores {
		if s.Grade == grade {
			return s.Contrast >= t.GrainyMark && s.Second >= t.GrainySecond
		}
	}
	return false
}

// byStrokes makes a verdict of what the first reading measured.
func (t Thresholds) byStrokes(row RowReading) Verdict {
	if row.Lost || row.Shift > t.MaxShift {
		return unclear(ReasonStretch)
	}
	var marked []MarkScore
	for _, s := range row.Scores {
		if !(s.Covered <= t.CoveredMost) { // nor where it is no number
			return unclear(ReasonCovered)
		}
		if t.isMark(s) {
			marked = append(marked, s)
		}
	}
	if len(marked) == 1 {
		row = t.besideMark(row, marked[0])
	}
	doubt := ""
	for _, s := range row.Scores {
		switch {
		case !t.isMark(s):
			doubt = first(doubt, t.notEmpty(s))
		case t.isLine(s):
			doubt = first(doubt, ReasonLine)
		case len(marked) > 1 && s.Doubt > t.CleanInk:
			doubt = first(doubt, ReasonBetween)
		}
	}
	if grade, ok := t.apart(row); ok && len(marked) == 0 {
		return Verdict{Kind: IsGrade, Grade: grade}
	}
	if doubt == "" && row.Grainy && len(marked) != 1 {
		return unclear(ReasonGrain)
	}
	if len(marked) > 1 {
		// Rules may make an altered row invalid without asking anybody: only marks free of doubt make one.
		switch {
		case doubt != "":
			return unclear(doubt)
		case t.altered(marked):
			return unclear(ReasonAltered)
		}
		return Verdict{Kind: IsOvervote}
	}
	if doubt != "" {
		if len(marked) == 1 && doubt != ReasonBetween && doubt != ReasonLine {
			doubt = ReasonSecond
		}
		return unclear(doubt)
	}
	if len(marked) == 1 {
		return t.single(row, marked[0])
	}
	return t.empty(row)
}

// apart recognises a row in which one cell alone holds ink and its box none to speak of: a mark beside the
// box and well inside the cell, or a ring upon the outline, of which print leaves pieces.
func (t Thresholds) apart(row RowReading) (grade string, ok bool) {
	if row.Streak || row.Grainy {
		return "", false
	}
	for _, s := range row.Scores {
		plain := s.Apart >= s.Outside*t.ApartShare || s.Outline >= t.OutlineRing
		if plain && s.Ink+s.Outside >= t.ApartInk && s.Loose >= t.MarkContrast && s.Doubt <= t.CleanInk && grade == "" {
			grade = s.Grade
		} else if s.Outside > 0 || s.Stray > t.CleanInk || t.notEmpty(s) != "" {
			return "", false
		}
	}
	return grade, grade != ""
}

// besideMark takes out of a row with one mark what is too pale beside it to be another mark of the same
// hand: show-through, a fold's shadow, what an eraser left.
func (t Thresholds) besideMark(row RowReading, mark MarkScore) RowReading {
	pale := t.PaleShare * mark.Contrast
	scores := make([]MarkScore, len(row.Scores))
	for i, s := range row.Scores {
		if s.Loose < pale {
			s.Doubt, s.Outside, s.Specks = 0, 0, 0
		}
		if s.Specks < t.MarkInk {
			s.Specks = 0
		}
		if s.Second <= t.SecondBare && mark.Second >= t.SecondSure && s.Doubt+s.Outside <= t.TailInk {
			s.Doubt, s.Outside = 0, 0
		}
		if s.Contrast < pale && s.Ink <= t.PaleInk {
			s.Ink = 0
		}
		if mark.Contrast >= t.FaintMark {
			s.Faint = 0
		}
		if s.Outline <= t.OutlineMark {
			s.Outline = 0
		}
		if s.Outside <= min(t.TailInk, t.TailShare*mark.Ink)/2 {
			s.Outside = 0
		}
		scores[i] = s
	}
	row.Scores = scores
	return row
}

func unclear(reason string) Verdict { return Verdict{Kind: IsUnclear, Reason: reason} }

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (t Thresholds) isMark(s MarkScore) bool {
	return s.Ink >= t.MarkInk && s.Reach >= t.MarkReach && s.Contrast >= t.MarkContrast
}

// isLine tells whether a mark is nothing but a line along the page's axis: what a fold or a streak looks
// like where only a piece of it is dark enough. On a page fed aslant it leaves the axis by as much.
func (t Thresholds) isLine(s MarkScore) bool {
	return s.Flat <= max(t.LineFlat, t.LineSlant*s.Reach) && s.Reach >= t.LineReach*s.Flat
}

// notEmpty says why a target that holds no mark is not plainly empty, or "".
func (t Thresholds) notEmpty(s MarkScore) string {
	switch {
	case s.Doubt > t.CleanInk:
		return ReasonBetween
	case s.Ink > t.CleanInk || s.Specks > t.CleanInk:
		return ReasonFaint
	case s.Outside > t.MarkInk/2:
		return ReasonOutside
	case s.Outline > t.CleanOutline:
		return ReasonOutline
	case s.Faint > t.CleanFaint:
		return ReasonFaint
	}
	return ""
}

// altered tells whether one of several marks may be a striking out of it.
func (t Thresholds) altered(marked []MarkScore) bool {
	least, most := marked[0].Ink, marked[0].Ink
	for _, s := range marked {
		least, most = min(least, s.Ink), max(most, s.Ink)
		if s.Inside >= t.BlotInside || s.Strokes >= t.BlotStrokes {
			return true
		}
	}
	return most > least*t.BlotRatio
}

// single is a row with one mark: tails of other marks may run through its empty boxes, within bounds.
func (t Thresholds) single(row RowReading, mark MarkScore) Verdict {
	for _, s := range row.Scores {
		if s.Grade != mark.Grade && s.Stray > max(t.CleanInk, min(t.TailInk, t.TailShare*mark.Ink)) {
			return unclear(ReasonSecond)
		}
	}
	return Verdict{Kind: IsGrade, Grade: mark.Grade}
}

// empty is a row without a mark: nothing may run through its boxes.
func (t Thresholds) empty(row RowReading) Verdict {
	if row.Streak {
		return unclear(ReasonStreak)
	}
	for _, s := range row.Scores {
		switch {
		case s.Stray > t.CleanInk:
			return unclear(ReasonTail)
		case s.Covered > t.CoveredBlank:
			return unclear(ReasonCovered)
		}
	}
	return Verdict{Kind: IsBlank}
}
