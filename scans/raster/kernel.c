// The loops that touch most pixels of a page, in C for the sake of vector instructions.

#include "kernel.h"
#include <string.h>
#ifdef __x86_64__
#include <tmmintrin.h>
#endif

#define WHITE 255

// inside tells whether a place lies before pixel end of a row or column.
static int inside(int64_t place, int end) { return place >= 0 && place >> 16 < end; }

static uint8_t bilinear(const uint8_t *pix, int w, int32_t u, int32_t v) {
	const uint8_t *above = pix + (size_t)(v >> 16) * w + (u >> 16), *below = above + w;
	int fx = u >> 8 & 255, fy = v >> 8 & 255;
	int top = above[0] * (256 - fx) + above[1] * fx, bottom = below[0] * (256 - fx) + below[1] * fx;
	return (top * (256 - fy) + bottom * fy) >> 16;
}

#ifdef __x86_64__
#define VECTOR __attribute__((target("ssse3")))

// eight writes eight samples between two rows of pixels, of which 16 bytes each are read from left on. All
// samples lie inside those, and no sample leaves the rows.
VECTOR static inline void eight(const uint8_t *left, int w, line l, uint8_t *dst) {
	const __m128i above = _mm_loadu_si128((const __m128i *)left), below = _mm_loadu_si128((const __m128i *)(left + w));
	const __m128i u = _mm_add_epi32(_mm_set1_epi32(l.u), _mm_setr_epi32(0, l.du, 2 * l.du, 3 * l.du));
	const __m128i v = _mm_add_epi32(_mm_set1_epi32(l.v), _mm_setr_epi32(0, l.dv, 2 * l.dv, 3 * l.dv));
	const __m128i u4 = _mm_add_epi32(u, _mm_set1_epi32(4 * l.du)), v4 = _mm_add_epi32(v, _mm_set1_epi32(4 * l.dv));
	const __m128i low = _mm_set1_epi32(255);
	// In 16-bit lanes: the byte to take, its high half empty, and the weights of the right and the lower pixel.
	const __m128i at = _mm_or_si128(_mm_packs_epi32(_mm_srai_epi32(u, 16), _mm_srai_epi32(u4, 16)), _mm_set1_epi16((short)0x8000));
	const __m128i next = _mm_add_epi16(at, _mm_set1_epi16(1));
#define BYTE(n) _mm_and_si128(_mm_srli_epi32(n, 8), low)
	const __m128i fx = _mm_packs_epi32(BYTE(u), BYTE(u4)), fy = _mm_packs_epi32(BYTE(v), BYTE(v4));
#undef BYTE
	const __m128i a = _mm_shuffle_epi8(above, at), b = _mm_shuffle_epi8(below, at);
	const __m128i across = _mm_mullo_epi16(_mm_sub_epi16(_mm_shuffle_epi8(above, next), a), fx);
	const __m128i under = _mm_mullo_epi16(_mm_sub_epi16(_mm_shuffle_epi8(below, next), b), fx);
	// Sums of 16 bits without a sign become numbers with one, for the instruction that multiplies and adds pairs.
	const __m128i half = _mm_set1_epi16((short)0x8000);
	const __m128i top = _mm_xor_si128(_mm_add_epi16(_mm_slli_epi16(a, 8), across), half);
	const __m128i bottom = _mm_xor_si128(_mm_add_epi16(_mm_slli_epi16(b, 8), under), half);
	const __m128i rest = _mm_sub_epi16(_mm_set1_epi16(256), fy), back = _mm_set1_epi32(1 << 23);
	const __m128i first = _mm_madd_epi16(_mm_unpacklo_epi16(top, bottom), _mm_unpacklo_epi16(rest, fy));
	const __m128i second = _mm_madd_epi16(_mm_unpackhi_epi16(top, bottom), _mm_unpackhi_epi16(rest, fy));
	const __m128i four = _mm_srli_epi32(_mm_add_epi32(first, back), 16), more = _mm_srli_epi32(_mm_add_epi32(second, back), 16);
	const __m128i sums = _mm_packs_epi32(four, more);
	_mm_storel_epi64((__m128i *)dst, _mm_packus_epi16(sums, sums));
}

// eights writes as many samples of a line inside the picture as go eight at a time, and gives how many.
VECTOR static int eights(const uint8_t *pix, int w, int h, line l, uint8_t *dst) {
	int i = 0;
	for (; i + 8 <= l.n; i += 8) {
		int32_t u = l.u + i * l.du, v = l.v + i * l.dv, u7 = u + 7 * l.du, v7 = v + 7 * l.dv;
		int x = (u < u7 ? u : u7) >> 16, far = (u < u7 ? u7 : u) >> 16, y = v >> 16;
		size_t first = (size_t)y * w + x;
		if (v7 >> 16 == y && far + 1 - x < 16 && first + w + 16 <= (size_t)w * h) {
			eight(pix + first, w, (line){u - x * 65536, v, l.du, l.dv, 8}, dst + i);
		} else {
			for (int k = 0; k < 8; k++) dst[i + k] = bilinear(pix, w, u + k * l.du, v + k * l.dv);
		}
	}
	return i;
}
#endif

static void sample_inside(const uint8_t *pix, int w, int h, line l, uint8_t *dst) {
	int i = 0;
#ifdef __x86_64__
	if (__builtin_cpu_supports("ssse3")) i = eights(pix, w, h, l, dst);
#endif
	for (; i < l.n; i++) dst[i] = bilinear(pix, w, l.u + i * l.du, l.v + i * l.dv);
}

void pingyi_sample_lines(const uint8_t *pix, int w, int h, const line *lines, int count, uint8_t *dst) {
	for (int k = 0; k < count; dst += lines[k++].n) {
		line l = lines[k];
		int64_t u = l.u, v = l.v, last = l.n - 1;
		if (inside(u, w - 1) && inside(u + last * l.du, w - 1) && inside(v, h - 1) && inside(v + last * l.dv, h - 1)) {
			sample_inside(pix, w, h, l, dst);
			continue;
		}
		for (int i = 0; i < l.n; i++, u += l.du, v += l.dv) {
			dst[i] = inside(u, w - 1) && inside(v, h - 1) ? bilinear(pix, w, u, v) : WHITE;
		}
	}
}

void pingyi_sum_lines(const uint8_t *pix, int w, int h, const line *lines, int count, int32_t *dst) {
	for (int k = 0; k < count; k++) {
		line l = lines[k];
		int64_t u = l.u, v = l.v, last = l.n - 1;
		int32_t sum = 0;
		if (inside(u, w) && inside(u + last * l.du, w) && inside(v, h) && inside(v + last * l.dv, h)) {
			for (int i = 0; i < l.n; i++) sum += pix[(size_t)((l.v + i * l.dv) >> 16) * w + ((l.u + i * l.du) >> 16)];
		} else {
			for (int i = 0; i < l.n; i++, u += l.du, v += l.dv) {
				sum += inside(u, w) && inside(v, h) ? pix[(size_t)(v >> 16) * w + (u >> 16)] : WHITE;
			}
		}
		dst[k] = sum;
	}
}

void pingyi_reduce(const uint8_t *pix, int w, int h, int k, uint16_t *columns, uint8_t *dst) {
	int across = w / k, area = k * k;
	for (int y = 0; y < h / k; y++, dst += across) {
		const uint8_t *row = pix + (size_t)y * k * w;
		if (k == 2) {
			for (int x = 0; x < across; x++) dst[x] = (row[2 * x] + row[2 * x + 1] + row[w + 2 * x] + row[w + 2 * x + 1] + 2) >> 2;
			continue;
		}
		memset(columns, 0, (size_t)w * sizeof *columns);
		for (int j = 0; j < k; j++, row += w) {
			for (int x = 0; x < w; x++) columns[x] += row[x];
		}
		if (k == 4) {
			for (int x = 0; x < across; x++) {
				const uint16_t *c = columns + 4 * x;
				dst[x] = (c[0] + c[1] + c[2] + c[3] + 8) >> 4;
			}
			continue;
		}
		for (int x = 0; x < across; x++) {
			uint32_t sum = area / 2;
			for (int i = 0; i < k; i++) sum += columns[x * k + i];
			dst[x] = sum / area;
		}
	}
}

void pingyi_below(const uint8_t *pix, const uint8_t *keep, int w, int across, int down, int limit, uint8_t *dst) {
	uint8_t bound = limit < 0 ? 0 : limit > 255 ? 255 : limit;
	for (int y = 0; y < down; y++, pix += w, dst += w) {
		if (keep) {
			for (int x = 0; x < across; x++) dst[x] = (pix[x] < bound) & keep[x];
			keep += w;
		} else {
			for (int x = 0; x < across; x++) dst[x] = pix[x] < bound;
		}
	}
}
