package scans_test

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Colours that stay apart for colour-blind eyes (Okabe and Ito) and on gray prints.
var curveColours = []color.RGBA{{0xe6, 0x9f, 0x00, 0xff}, {0x56, 0xb4, 0xe9, 0xff}, {0x00, 0x72, 0xb2, 0xff}}

const mostUnclear = 12 // per cent, where the picture ends

// drawCurve draws silent errors against rows that go to people, and where the shipped thresholds stand.
func drawCurve(path string, lines []curveLine, shipped counts) error {
	p := plot.New()
	p.Title.Text = "Silent errors against rows for people: ordinary, hard and worse pages, a third each"
	p.X.Label.Text = "rows that go to people, % of all rows"
	p.Y.Label.Text = "silent errors per million rows (log scale)"
	p.X.Min, p.X.Max = 0, mostUnclear
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	p.Legend.Top, p.Legend.Padding = true, vg.Points(3)
	p.Title.Padding = vg.Points(6)
	p.Add(plotter.NewGrid())
	for i, l := range lines {
		line, points, err := plotter.NewLinePoints(pointsOf(l.points...))
		if err != nil {
			return err
		}
		line.Color, line.Width = curveColours[i], vg.Points(2)
		line.Dashes = [][]vg.Length{{vg.Points(6), vg.Points(3)}, {vg.Points(2), vg.Points(2)}, nil}[i]
		points.Color, points.Shape, points.Radius = curveColours[i], draw.CircleGlyph{}, vg.Points(2)
		p.Add(line, points)
		p.Legend.Add(l.name, line, points)
	}
	mark, err := plotter.NewScatter(pointsOf(shipped))
	if err != nil {
		return err
	}
	mark.Shape, mark.Radius, mark.Color = draw.PyramidGlyph{}, vg.Points(6), color.RGBA{0xd5, 0x5e, 0x00, 0xff}
	p.Add(mark)
	p.Legend.Add("as shipped", mark)
	floor, err := plotter.NewLine(plotter.XYs{{X: 0, Y: perMillion(1, shipped.Rows)}, {X: mostUnclear, Y: perMillion(1, shipped.Rows)}})
	if err != nil {
		return err
	}
	floor.Color, floor.Dashes = color.Gray{0x80}, []vg.Length{vg.Points(1), vg.Points(3)}
	p.Add(floor)
	p.Legend.Add("one error in all these rows; below it: none found", floor)
	return p.Save(24*vg.Centimeter, 14*vg.Centimeter, path)
}

func perMillion(found, n int) float64 { return 1e6 * float64(found) / float64(n) }

// pointsOf are places of the picture. None found is drawn as half an error: a logarithm has no zero.
func pointsOf(list ...counts) plotter.XYs {
	var out plotter.XYs
	for _, c := range list {
		if x := percent(c.Unclear, c.Rows); x <= mostUnclear {
			out = append(out, plotter.XY{X: x, Y: max(perMillion(c.Wrong, c.Rows), perMillion(1, c.Rows)/2)})
		}
	}
	return out
}
