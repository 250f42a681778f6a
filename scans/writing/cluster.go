package writing

// Sizes are in mm where nothing else is said. The page as printed leaves no ink where nothing is printed,
// so little is asked of writing there. The constants were chosen on synthetic pages of the seeds 1000…1599,
// 5000…5499, 40001…41500 and, hard ones, 60001…60900: false flags as few as could be, then as little missed.
const (
	speck       = 1.0 // a smaller piece is dirt
	near        = 3.0 // between pieces of the same writing
	thickness   = 0.7 // that a stroke travels by its own width
	lineLength  = 8.0 // from which a straight piece is no stroke of a character
	lineSpread  = 0.5 // about a straight line
	solidWidth  = 2.0 // on an average over its longer side: a hole, a blot, a piece of the scanner's lid
	solidTurns  = 2.3 // of travel over extent, across and down: a filled shape has 2
	faint       = 0.8 // of the paper's gray that the darkest pixel of a piece must reach
	leastLength = 4.0 // of the longer side of writing
	leastTravel = 3.0 // of its strokes
	leastSpread = 0.6 // about a straight line
	stickLeast  = 2   // pixels by which a piece of ink leaves the place of printed text
	stripLong   = 2.0 // mm from which ink that sticks out of print
	stripWide   = 0.8 // in a strip of so many mm
	unbroken    = 0.6 // and covers this share of its length is part of a streak
	stickArea   = 7   // pixels of all of them that a speck beside a character does not have
	maxPieces   = 600 // more are dirt all over the page, and say nothing
)

// cluster is pieces of ink that belong together.
type cluster struct {
	box    box
	travel float64 // mm, of its strokes where nothing is printed
	pieces int
	sticks int // pixels by which ink on printed text leaves its place
	solid  int // pieces that are filled: a hole, a blot, part of the scanner's lid
	shape  moments
}

// clusters gives the writing on the page.
func (f *Finder) clusters() []cluster {
	var all []cluster
	for i := range f.traces {
		if c, ok := f.piece(&f.traces[i]); ok {
			all = append(all, c)
		}
	}
	if len(all) > maxPieces {
		return nil
	}
	var out []cluster
	for _, c := range join(all, int(near*f.scale)) {
		if f.isWriting(c) {
			out = append(out, c)
		}
	}
	return out
}

func (f *Finder) mm(pixels int) float64 { return float64(pixels) / f.scale }

// piece is what a connected piece of ink says; false where it is print, dirt or a line.
func (f *Finder) piece(t *trace) (cluster, bool) {
	if t.edge || t.tail || !f.inky(t) {
		return cluster{}, false
	}
	c := cluster{box: t.box, pieces: 1, shape: t.shape}
	w, h, x, y := f.mm(t.box.x1-t.box.x0), f.mm(t.box.y1-t.box.y0), f.mm(t.x), f.mm(t.y)
	long, area := max(w, h), t.shape.n/(f.scale*f.scale)
	line := long > lineLength && t.shape.spread() < lineSpread*f.scale
	switch {
	case t.onText && t.shape.n >= stickLeast && !(line && max(x, y) > unbroken*long):
		c.sticks = int(t.shape.n)
	case line || long < speck:
		return c, false
	case area > solidWidth*long && x/w+y/h < solidTurns:
		c.solid = 1
	}
	c.travel = max(0, x-thickness) + max(0, y-thickness)
	return c, true
}

// inky tells whether a piece is as dark as a pen makes it somewhere.
func (f *Finder) inky(t *trace) bool {
	paper := float64(f.limitAt((t.box.x0+t.box.x1)/2, (t.box.y0+t.box.y1)/2)) / inkShare
	return float64(t.darkest) <= faint*paper
}

// isWriting judges a cluster: enough ink that sticks out of print, or strokes that lie about no one line.
func (f *Finder) isWriting(c cluster) bool {
	w, h := f.mm(c.box.x1-c.box.x0), f.mm(c.box.y1-c.box.y0)
	long := max(w, h)
	if c.sticks >= stickArea {
		strip := long > stripLong && min(w, h) < stripWide && c.shape.n > unbroken*long*f.scale
		return !strip
	}
	return long >= leastLength && c.travel >= leastTravel && (c.pieces > 1 || c.solid == 0) && c.shape.spread() >= leastSpread*f.scale
}

// join unites clusters that lie within reach pixels of each other.
func join(all []cluster, reach int) []cluster {
	for grown := true; grown; {
		grown = false
		for i := 0; i < len(all); i++ {
			for j := i + 1; j < len(all); j++ {
				if all[i].box.gap(all[j].box) > reach {
					continue
				}
				a, b := &all[i], all[j]
				*a = cluster{a.box.with(b.box), a.travel + b.travel, a.pieces + b.pieces, a.sticks + b.sticks, a.solid + b.solid, a.shape.with(b.shape)}
				all[j] = all[len(all)-1]
				all = all[:len(all)-1]
				j, grown = j-1, true
			}
		}
	}
	return all
}
