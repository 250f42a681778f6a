package raster

import (
	"math/rand/v2"
	"testing"
)

func noisy(w, h int, seed uint64) *Image {
	r := rand.New(rand.NewPCG(seed, seed))
	m := New(w, h)
	for i := range m.Pix {
		m.Pix[i] = byte(r.IntN(256))
	}
	return m
}

// bilinear is the plain formula at a place in 1/65536 pixel from the middle of the first pixel.
func bilinear(m *Image, u, v int) byte {
	x, y := u>>16, v>>16
	if x < 0 || y < 0 || x >= m.W-1 || y >= m.H-1 {
		return 255
	}
	fx, fy := u>>8&255, v>>8&255
	at := func(x, y int) int { return int(m.Pix[y*m.W+x]) }
	top, bottom := at(x, y)*(256-fx)+at(x+1, y)*fx, at(x, y+1)*(256-fx)+at(x+1, y+1)*fx
	return byte((top*(256-fy) + bottom*fy) >> 16)
}

func nearest(m *Image, u, v int) int32 {
	if x, y := u>>16, v>>16; x >= 0 && y >= 0 && x < m.W && y < m.H {
		return int32(m.Pix[y*m.W+x])
	}
	return 255
}

// randomLines crosses a picture every way: level lines most often, as pages lie, inside it and beyond.
func randomLines(r *rand.Rand, m *Image, n int) []Line {
	lines := make([]Line, n)
	for i := range lines {
		l := &lines[i]
		l.U, l.V = int32(r.IntN((m.W+8)<<16)-4<<16), int32(r.IntN((m.H+8)<<16)-4<<16)
		l.DU, l.DV = int32(r.IntN(4<<16)-2<<16), int32(r.IntN(4<<16)-2<<16)
		if i%4 > 0 {
			l.DU, l.DV = l.DU/2, int32(r.IntN(1<<11)-1<<10)
		}
		l.N = int32(r.IntN(40))
	}
	return lines
}

// All samples of all lines are the plain bilinear formula at their places, whatever instructions took them.
func TestSampleLines(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for round := range 20 {
		m := noisy(23+30*round, 17+3*round, uint64(round))
		lines := randomLines(r, m, 400)
		got := make([]byte, samples(lines))
		m.SampleLines(got, lines)
		at := 0
		for _, l := range lines {
			for i := range int(l.N) {
				if want := bilinear(m, int(l.U)+i*int(l.DU), int(l.V)+i*int(l.DV)); got[at] != want {
					t.Fatalf("%d × %d, sample %d of %+v: %d, want %d", m.W, m.H, i, l, got[at], want)
				}
				at++
			}
		}
	}
}

func TestSumLines(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	m := noisy(61, 47, 9)
	lines := randomLines(r, m, 2000)
	got := make([]int32, len(lines))
	m.SumLines(got, lines)
	for k, l := range lines {
		want := int32(0)
		for i := range int(l.N) {
			want += nearest(m, int(l.U)+i*int(l.DU), int(l.V)+i*int(l.DV))
		}
		if got[k] != want {
			t.Fatalf("%+v: %d, want %d", l, got[k], want)
		}
	}
}

// A place far beyond any picture is white, not somewhere inside because a number overflowed.
func TestLineAtFarOutside(t *testing.T) {
	m := noisy(40, 40, 1)
	for _, far := range []float64{-1e9, -40_000, 40_000, 1e9} {
		got := make([]byte, 3)
		m.SampleLines(got, []Line{LineAt(far, 5, 0, 0, 3)})
		if got[0] != 255 || got[2] != 255 {
			t.Errorf("%g pixels off: %v", far, got)
		}
	}
}

func TestReduce(t *testing.T) {
	for _, size := range [][2]int{{203, 101}, {64, 32}, {7, 5}, {3, 3}} {
		m := noisy(size[0], size[1], 4)
		m.DPI = 300
		for _, k := range []int{1, 2, 3, 4, 5, 8} {
			var got Image
			m.Reduce(&got, k)
			if got.W != m.W/k || got.H != m.H/k || got.DPI != 300/float64(k) || len(got.Pix) != got.W*got.H {
				t.Fatalf("%v by %d: %d × %d", size, k, got.W, got.H)
			}
			for i, v := range got.Pix {
				sum := k * k / 2
				for j := range k * k {
					sum += int(m.Pix[(i/got.W*k+j/k)*m.W+i%got.W*k+j%k])
				}
				if int(v) != sum/(k*k) {
					t.Fatalf("%v by %d, pixel %d: %d, want %d", size, k, i, v, sum/(k*k))
				}
			}
		}
	}
}

func BenchmarkSampleLines(b *testing.B) {
	m := noisy(1240, 1754, 5)
	dst := make([]byte, 1000*400)
	var lines []Line
	for y := range 1000 {
		lines = append(lines, LineAt(400, 100+float64(y)*0.98, 0.98, 0.01, 400))
	}
	b.SetBytes(int64(len(dst)))
	for b.Loop() {
		m.SampleLines(dst, lines)
	}
}

func BenchmarkReduce(b *testing.B) {
	m := noisy(1240, 1754, 5)
	for _, k := range []int{2, 3, 4} {
		b.Run(string(rune('0'+k)), func(b *testing.B) {
			var dst Image
			for b.Loop() {
				m.Reduce(&dst, k)
			}
		})
	}
}

func TestBelow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for round := range 300 {
		m := noisy(50, 20, uint64(round))
		keep := noisy(50, 20, uint64(round)+1000).Pix
		if round%2 == 0 {
			keep = nil
		}
		x0, y0 := r.IntN(50), r.IntN(20)
		x1, y1 := x0+r.IntN(51-x0), y0+r.IntN(21-y0)
		limit := byte([]int{0, 1, 100, 128, 254, 255}[round%6])
		got := make([]byte, len(m.Pix))
		for i := range got {
			got[i] = 7
		}
		m.Below(got, keep, x0, y0, x1, y1, limit)
		for i, g := range got {
			want := byte(7)
			if x, y := i%50, i/50; x >= x0 && x < x1 && y >= y0 && y < y1 {
				want = 0
				if m.Pix[i] < limit && (keep == nil || keep[i]&1 == 1) {
					want = 1
				}
			}
			if g != want {
				t.Fatalf("round %d, pixel %d of gray %d: %d, want %d", round, i, m.Pix[i], g, want)
			}
		}
	}
}
