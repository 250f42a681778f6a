package raster

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

func TestBelow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{0, 1, 7, 8, 9, 31, 64} {
		for _, limit := range []byte{0, 1, 100, 128, 254, 255} {
			src, got, want := make([]byte, n), make([]byte, n), make([]byte, n)
			for i := range src {
				src[i] = byte(r.IntN(256))
				if i%5 == 0 {
					src[i] = limit
				}
				if src[i] < limit {
					want[i] = 1
				}
			}
			if Below(got, src, limit); !bytes.Equal(got, want) {
				t.Errorf("%d bytes below %d: %v gives %v, want %v", n, limit, src, got, want)
			}
		}
	}
}

// A sampled line is the plain bilinear formula at each of its places, and white outside the picture.
func TestSampleLine(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	m := New(23, 17)
	for i := range m.Pix {
		m.Pix[i] = byte(r.IntN(256))
	}
	plain := func(u, v int) byte {
		x, y := u>>16, v>>16
		if x < 0 || y < 0 || x >= m.W-1 || y >= m.H-1 {
			return 255
		}
		fx, fy := u>>8&255, v>>8&255
		at := func(x, y int) int { return int(m.Pix[y*m.W+x]) }
		top, bottom := at(x, y)*(256-fx)+at(x+1, y)*fx, at(x, y+1)*(256-fx)+at(x+1, y+1)*fx
		return byte((top*(256-fy) + bottom*fy) >> 16)
	}
	for range 500 {
		u, v := r.IntN(30<<16)-4<<16, r.IntN(24<<16)-4<<16
		du, dv := r.IntN(2<<16)-1<<16, r.IntN(2<<16)-1<<16
		got := make([]byte, 12)
		m.SampleLine(got, u, v, du, dv)
		for i, g := range got {
			if want := plain(u+i*du, v+i*dv); g != want {
				t.Fatalf("sample %d of a line from %d, %d by %d, %d is %d, want %d", i, u, v, du, dv, g, want)
			}
		}
	}
}
