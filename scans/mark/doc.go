// Package mark measures the ink that people put at the targets of a registered page.
//
// Every block of rows is warped onto the form's own geometry, printed rules and outlines are taken out
// as known lines, strokes that cross them are joined again, and each stroke is given as a whole to the
// target it was aimed at. The package yields numbers (ballot.MarkScore); what they mean is decided by
// ballot.Judge.
package mark

// PixelsPerMM is the scale of the warped block. At 6 a 0.4 mm pen stroke is 2.4 pixels wide.
const PixelsPerMM = 6

func px(mm float64) int { return int(mm*PixelsPerMM + 0.5) }

func mm2(pixels int) float64 { return float64(pixels) / (PixelsPerMM * PixelsPerMM) }
