// Package density reads every target a second time, by other means than package mark: no strokes and no
// separation of ink from print, but how dark each target's surroundings are beyond what the targets of the
// same page have in common, and a logistic model of seven well-named features fitted on synthetic pages.
// It gives the probability that somebody marked the target. Where the two readings contradict each other
// a person decides. On the way it takes the moments of the ink at every mark, by which a sheet that is scanned
// again is known.
package density
