#include <stdint.h>

// line is a straight line of n samples in a picture: the place of the first and the steps between them in
// 1/65536 pixel. Go's Line is the same.
typedef struct { int32_t u, v, du, dv, n; } line;

// sample_lines writes the samples of all lines, one line after the other, by bilinear interpolation between
// the middles of pixels (0 is the middle of the first); outside the picture is white.
void sample_lines(const uint8_t *pix, int w, int h, const line *lines, int count, uint8_t *dst);

// sum_lines writes for each line the sum of the pixels that its places lie in (0 is the near edge of the
// first); outside the picture is white.
void sum_lines(const uint8_t *pix, int w, int h, const line *lines, int count, int32_t *dst);

// reduce writes w/k × h/k means of k × k pixels, rounded; columns holds w numbers.
void reduce(const uint8_t *pix, int w, int h, int k, uint16_t *columns, uint8_t *dst);

// below writes 1 where a pixel of a rectangle is below the limit and keep, where given, is odd, else 0. All
// three point to the rectangle's first pixel, in pictures w pixels wide.
void below(const uint8_t *pix, const uint8_t *keep, int w, int across, int down, int limit, uint8_t *dst);
