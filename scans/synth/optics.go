package synth

import (
	"encoding/binary"
	"math"
	"math/rand/v2"

	"pingyi/scans/raster"
)

// Eight gray pixels are handled at once as lanes of a 64-bit word: four of 16 bits in each of two words.
const lanes = 0x00ff00ff00ff00ff

// blur is a separable Gaussian of σ pixels, edges repeated.
func blur(m *raster.Image, sigma float64) {
	kernel := gaussian(sigma)
	n := len(kernel) - 1
	if n == 0 {
		return
	}
	stride := (m.W + 7) &^ 7
	across := make([]byte, stride*m.H)
	padded := make([]byte, n+stride+n+8)
	for y := 0; y < m.H; y++ {
		row := m.Pix[y*m.W : (y+1)*m.W]
		copy(padded[n:], row)
		for i := 0; i < n; i++ {
			padded[i] = row[0]
		}
		for i := n + m.W; i < len(padded); i++ {
			padded[i] = row[m.W-1]
		}
		convolve(across[y*stride:(y+1)*stride], kernel, func(j int) []byte { return padded[n+j:] })
	}
	done := make([]byte, stride)
	for y := 0; y < m.H; y++ {
		convolve(done, kernel, func(j int) []byte { return across[max(0, min(m.H-1, y+j))*stride:] })
		copy(m.Pix[y*m.W:(y+1)*m.W], done)
	}
}

// gaussian is one half of a kernel, from its middle outward, in 256ths that sum to 256 over all of it.
func gaussian(sigma float64) []uint64 {
	n := int(math.Ceil(2.5 * sigma))
	sum := 1.0
	for i := 1; i <= n; i++ {
		sum += 2 * math.Exp(-float64(i*i)/(2*sigma*sigma))
	}
	kernel := make([]uint64, n+1)
	rest := uint64(256)
	for i := 1; i <= n; i++ {
		kernel[i] = uint64(math.Round(256 * math.Exp(-float64(i*i)/(2*sigma*sigma)) / sum))
		rest -= 2 * kernel[i]
	}
	kernel[0] = rest
	for len(kernel) > 1 && kernel[len(kernel)-1] == 0 {
		kernel = kernel[:len(kernel)-1]
	}
	return kernel
}

// convolve fills dst, whose length is a multiple of 8, with the weighted sum of the bytes that line
// gives for each place of the kernel, from -n to n. No lane overflows: the weights sum to 256.
func convolve(dst []byte, kernel []uint64, line func(j int) []byte) {
	const half = 0x0080008000800080
	lines := make([][]byte, 0, 64)
	for j := 1; j < len(kernel); j++ {
		lines = append(lines, line(-j), line(j))
	}
	middle := line(0)
	for i := 0; i < len(dst); i += 8 {
		v := binary.LittleEndian.Uint64(middle[i:])
		even, odd := (v&lanes)*kernel[0]+half, (v>>8&lanes)*kernel[0]+half
		for j, weight := range kernel[1:] {
			a, b := binary.LittleEndian.Uint64(lines[2*j][i:]), binary.LittleEndian.Uint64(lines[2*j+1][i:])
			even += (a&lanes + b&lanes) * weight
			odd += (a>>8&lanes + b>>8&lanes) * weight
		}
		binary.LittleEndian.PutUint64(dst[i:], even>>8&lanes|odd&^uint64(lanes))
	}
}

// showThrough darkens the page by its blurred mirror image, as thin paper printed on both sides does.
func showThrough(m *raster.Image, d Damage) {
	const k = 4
	var back raster.Image
	m.Reduce(&back, k)
	blur(&back, max(0.6, d.DPI/300))
	for y := 0; y < m.H; y++ {
		row, from := m.Pix[y*m.W:(y+1)*m.W], back.Pix[min(y/k, back.H-1)*back.W:]
		for x, v := range row {
			b := 255 - int(from[max(0, back.W-1-x/k)])
			row[x] = byte(max(0, int(v)-int(d.Through*float64(b))))
		}
	}
}

// noiseLength is the length of the strip of Gaussian noise that rows take pieces of.
const noiseLength = 1 << 16

// expose applies the paper's gray, the light's shading and the sensor's noise. A scanner that delivers
// one bit evens the background out first, so that neither gray paper nor shading reach its threshold.
func expose(m *raster.Image, d Damage, r *rand.Rand) {
	paper, shade := d.Paper, orOne(d.Shade)
	if d.OneBit != 0 {
		paper, shade = max(paper, 235), 1
	}
	if paper == 0 {
		paper = 255
	}
	if d.Shadow > 0 && d.OneBit == 0 {
		castShadow(m, d, r)
	}
	if paper == 255 && shade == 1 && d.Noise <= 0 {
		return
	}
	strip := make([]int16, noiseLength+m.W)
	for i := range strip {
		strip[i] = int16(math.Round(r.NormFloat64() * d.Noise))
	}
	// light falls linearly over the page, from 1 to shade, in 65536ths
	sin, cos := math.Sincos(d.ShadeAt)
	span := (math.Abs(sin) + math.Abs(cos)) * 2
	level := paper / 255 * fixedOne
	dx := int(-level * (1 - shade) * 2 * cos / span / float64(m.W))
	for y := 0; y < m.H; y++ {
		row := m.Pix[y*m.W : (y+1)*m.W]
		noise := strip[r.IntN(noiseLength):][:len(row)]
		side := 0.5 + (-cos+(2*float64(y)/float64(m.H)-1)*sin)/span
		light := int(level * (1 - (1-shade)*side))
		for x, v := range row {
			row[x] = byte(max(0, min(255, int(v)*light>>fixedBits+int(noise[x]))))
			light += dx
		}
	}
}

// castShadow darkens what lies beyond a soft edge across the page.
func castShadow(m *raster.Image, d Damage, r *rand.Rand) {
	sin, cos := math.Sincos(d.ShadowAt)
	size := float64(max(m.W, m.H))
	edge, soft := between(r, -0.3, 0.3)*size, between(r, 0.1, 0.3)*size // where it begins, how slowly
	for y := 0; y < m.H; y++ {
		row := m.Pix[y*m.W : (y+1)*m.W]
		far := (float64(y)-float64(m.H)/2)*sin - float64(m.W)/2*cos - edge
		for x, v := range row {
			depth := max(0, min(1, 0.5+(far+float64(x)*cos)/soft))
			row[x] = byte(float64(v) * (1 - (1-d.Shadow)*depth))
		}
	}
}

func threshold(m *raster.Image, limit byte) {
	for i, v := range m.Pix {
		if v < limit {
			m.Pix[i] = 0
		} else {
			m.Pix[i] = 255
		}
	}
}

// dither is error diffusion after Floyd and Steinberg (1976).
func dither(m *raster.Image) {
	here, below := make([]int, m.W+2), make([]int, m.W+2)
	for y := 0; y < m.H; y++ {
		row := m.Pix[y*m.W : (y+1)*m.W]
		for x, p := range row {
			v := int(p) + here[x+1]/16
			out := 0
			if v >= 128 {
				out = 255
			}
			row[x] = byte(out)
			e := v - out
			here[x+2] += 7 * e
			below[x] += 3 * e
			below[x+1] += 5 * e
			below[x+2] += e
		}
		here, below = below, here
		clear(below)
	}
}
