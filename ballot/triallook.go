package ballot

import "math"

// Bounds of a trial run. They are stricter than the reader's own: it reads prints of 96 to 104 % and pictures of
// one bit, but what is left of its margin should be for single bad sheets, not for all of them.
const (
	scaleAdvice = 0.01 // by which print may be smaller or larger than it should
	scaleFault  = 0.03
	unevenScale = 0.008
	lostPaper   = 2.5 // mm of the paper that may be missing from the picture, along one axis
	paperSlack  = 3.0 // mm within which the picture is as large as the paper
	lowestDPI   = 140
	adviceDPI   = 190
	highDPI     = 450
	oneBitGrays = 0.20 // share of middle grays at and below which a picture is black and white; see TestTrialGrays
	paleInk     = 0.35 // darkness under which pens come close to what the reader doubts
	paleFault   = 110  // gray levels between paper and print
	paleAdvice  = 150
	darkPaper   = 200 // gray of the paper
	skewAdvice  = 2.0 // degrees
	skewFault   = 5.0
)

// size is how large the picture is in mm, as its file says, along the page's width and height; not known without
// a resolution.
func (l *PageLook) size() (w, h float64, known bool) {
	if l.DPI == 0 {
		return 0, 0, false
	}
	w, h = float64(l.W)/l.DPI*25.4, float64(l.H)/l.DPI*25.4
	if l.Turned {
		w, h = h, w
	}
	return w, h, true
}

// print is how large the print is against what it should be, along both axes. A file that states no resolution
// is measured by the paper, where the picture has its shape.
func (l *PageLook) print(page *FormPage) (x, y float64, known bool) {
	if l.DPI > 0 {
		return l.Scale[0] * 25.4 / l.DPI, l.Scale[1] * 25.4 / l.DPI, true
	}
	w, h := float64(l.W), float64(l.H)
	if l.Turned {
		w, h = h, w
	}
	if shape := w / h * page.Height / page.Width; math.Abs(shape-1) > 0.01 {
		return 0, 0, false
	}
	return l.Scale[0] * page.Width / w, l.Scale[1] * page.Height / h, true
}

// scales tells print that is too small or too large, and whose fault it is: where the picture is as large as the
// paper, the printer's; where it is as far off as the print, the scanner's or its file's.
func (t *trial) scales() {
	size := &t.form.Pages[0]
	both, images := t.measured(func(i TrialImage) (float64, bool) {
		x, y, ok := i.Look.print(size)
		return (x + y) / 2, ok
	})
	scale := median(both)
	if off := math.Abs(scale - 1); len(both) > 0 && off > scaleAdvice {
		level := TrialAdvice
		if off > scaleFault {
			level = TrialFault
		}
		t.find(t.whoScaled(size, scale), level, images, "percent", math.Round(1000*scale)/10)
	}
	uneven, images := t.measured(func(i TrialImage) (float64, bool) {
		ratio := i.Look.Scale[0] / i.Look.Scale[1]
		return ratio, math.Abs(ratio-1) > unevenScale
	})
	if len(uneven) > len(both)/2 {
		across := median(uneven)
		t.find(TrialUneven, TrialAdvice, images, "percent", math.Round(1000*across)/10)
	}
}

func (t *trial) whoScaled(page *FormPage, scale float64) TrialCode {
	paper, scaled, all := 0, 0, 0
	for _, i := range t.images {
		if i.Look == nil || !i.Look.Found {
			continue
		}
		w, h, known := i.Look.size()
		if !known { // it was measured by the paper
			w, h = page.Width, page.Height
		}
		near := func(s float64) bool {
			return math.Abs(w-page.Width*s) < paperSlack && math.Abs(h-page.Height*s) < paperSlack
		}
		all++
		switch {
		case near(1):
			paper++
		case near(scale):
			scaled++
		}
	}
	switch {
	case paper*2 > all:
		return TrialPrinterScaled
	case scaled*2 > all:
		return TrialScannerScaled
	}
	return TrialScaled
}

// edges tells what of the paper the pictures lack, and how crooked it lies.
func (t *trial) edges() {
	t.crops()
	cut, images := t.measured(func(i TrialImage) (float64, bool) {
		least := min(i.Look.Edges[0], i.Look.Edges[1], i.Look.Edges[2], i.Look.Edges[3])
		return -least, -least > fiducialMargin-1
	})
	if len(cut) > 0 {
		t.find(TrialMarksCut, TrialFault, images, "mm", math.Round(10*median(cut))/10)
	}
	skew, images := t.measured(func(i TrialImage) (float64, bool) {
		return math.Abs(i.Look.Skew), math.Abs(i.Look.Skew) > skewAdvice
	})
	if len(skew) > 0 {
		level := TrialAdvice
		if median(skew) > skewFault {
			level = TrialFault
		}
		t.find(TrialSkewed, level, images, "degrees", math.Round(10*median(skew))/10)
	}
}

// crops finds pictures that are smaller than the paper.
func (t *trial) crops() {
	var lost []float64
	var images []int
	level := TrialAdvice
	for i, image := range t.images {
		mm := t.lacks(image)
		if mm <= lostPaper {
			continue
		}
		lost, images = append(lost, mm), append(images, i+1)
		if r := image.Reading.Rejected; r != nil && r.Reason != RejectBlankSide {
			level = TrialFault
		}
	}
	if len(lost) > 0 && t.whoScaled(&t.form.Pages[0], t.scale()) != TrialScannerScaled {
		t.find(TrialCropped, level, images, "mm", math.Round(10*median(lost))/10)
	}
}

// lacks is how many mm of the paper a picture lacks along one axis. Where the page was not found, the picture's
// size tells, whichever way it lies.
func (t *trial) lacks(image TrialImage) float64 {
	page, l := &t.form.Pages[0], image.Look
	if l == nil {
		return 0
	}
	if !l.Found {
		w, h, known := l.size()
		if !known {
			return 0
		}
		return max(min(page.Width, page.Height)-min(w, h), max(page.Width, page.Height)-max(w, h))
	}
	x, y, known := l.print(page)
	if !known {
		x, y = 1, 1
	}
	e := l.Edges
	return max(page.Width-x*(page.Width+e[0]+e[2]), page.Height-y*(page.Height+e[1]+e[3]))
}

// scale is the median size of the print; 1 where it is not known.
func (t *trial) scale() float64 {
	both, _ := t.measured(func(i TrialImage) (float64, bool) {
		x, y, ok := i.Look.print(&t.form.Pages[0])
		return (x + y) / 2, ok
	})
	if len(both) == 0 {
		return 1
	}
	return median(both)
}

// pictures judges resolution and grays.
func (t *trial) pictures() {
	dpi, images := t.measured(func(i TrialImage) (float64, bool) { return (i.Look.Scale[0] + i.Look.Scale[1]) / 2 * 25.4, true })
	if d := median(dpi); len(dpi) > 0 {
		switch {
		case d < lowestDPI:
			t.find(TrialLowResolution, TrialFault, images, "dpi", math.Round(d))
		case d < adviceDPI:
			t.find(TrialLowResolution, TrialAdvice, images, "dpi", math.Round(d))
		case d > highDPI:
			t.find(TrialHighRes, TrialAdvice, images, "dpi", math.Round(d))
		}
	}
	grays, images := t.measured(func(i TrialImage) (float64, bool) { return i.Look.Grays, i.Look.Grays <= oneBitGrays })
	if len(grays) > 0 {
		t.find(TrialOneBit, TrialFault, images)
		return // paper and print are pure white and black then
	}
	print, images := t.measured(func(i TrialImage) (float64, bool) { d := i.Look.Paper - i.Look.Print; return d, d < paleAdvice })
	if len(print) > 0 {
		level := TrialAdvice
		if median(print) < paleFault {
			level = TrialFault
		}
		t.find(TrialLowToner, level, images, "percent", math.Round(median(print)/2.55))
	}
	paper, images := t.measured(func(i TrialImage) (float64, bool) { return i.Look.Paper, i.Look.Paper < darkPaper })
	if len(paper) > 0 {
		t.find(TrialDarkPaper, TrialAdvice, images, "gray", math.Round(median(paper)))
	}
}
