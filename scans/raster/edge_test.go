package raster

import (
	"math/rand/v2"
	"syscall"
	"testing"
)

// A picture may end where the memory does: nothing is read behind its last pixel.
func TestKernelsStayInsideThePicture(t *testing.T) {
	const w, h = 64, 64 // a page of memory
	memory, err := syscall.Mmap(-1, 0, 2*w*h, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Skipf("skipping: no memory map: %v", err)
	}
	defer syscall.Munmap(memory)
	if err := syscall.Mprotect(memory[w*h:], syscall.PROT_NONE); err != nil {
		t.Skipf("skipping: memory cannot be guarded: %v", err)
	}
	m := &Image{W: w, H: h, Pix: memory[: w*h : w*h]}
	copy(m.Pix, noisy(w, h, 6).Pix)
	r := rand.New(rand.NewPCG(6, 6))
	for range 200 {
		lines := randomLines(r, m, 100)
		for i := range lines { // many in the last rows
			if i%2 == 0 {
				lines[i].V, lines[i].DV = int32((h-1)<<16-r.IntN(2<<16)), int32(r.IntN(64)-32)
			}
		}
		m.SampleLines(make([]byte, samples(lines)), lines)
		m.SumLines(make([]int32, len(lines)), lines)
	}
	for _, k := range []int{1, 2, 3, 4, 7} {
		m.Reduce(&Image{}, k)
	}
	m.Below(make([]byte, w*h), m.Pix, 0, 0, w, h, 128)
}

func TestKernelsRefuse(t *testing.T) {
	for name, call := range map[string]func(){
		"a picture too wide":       func() { (&Image{W: maxSide + 1, H: 1, Pix: make([]byte, maxSide+1)}).SampleLines(nil, nil) },
		"a picture without bytes":  func() { (&Image{W: 10, H: 10, Pix: make([]byte, 99)}).SumLines(nil, nil) },
		"a line of less than none": func() { New(10, 10).SampleLines(make([]byte, 9), []Line{{N: -1}}) },
		"no room":                  func() { New(10, 10).SampleLines(make([]byte, 9), []Line{{N: 10}}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s is taken", name)
				}
			}()
			call()
		}()
	}
}
