#ifndef PINGYI_KERNEL_H
#define PINGYI_KERNEL_H

#include <stdint.h>

// line is a straight line of n samples in a picture: the place of the first and the steps between them in
// 1/65536 pixel. Go's Line is the same.
typedef struct { int32_t u, v, du, dv, n; } line;

// pingyi_sample_lines writes the samples of all lines, one line after the other, by bilinear interpolation between
// the middles of pixels (0 is the middle of the first); outside the picture is white.
void pingyi_sample_lines(const uint8_t *pix, int w, int h, const line *lines, int count, uint8_t *dst);

// pingyi_sum_lines writes for each line the sum of the pixels that its places lie in (0 is the near edge of the
// first); outside the picture is white.
void pingyi_sum_lines(const uint8_t *pix, int w, int h, const line *lines, int count, int32_t *dst);

// pingyi_reduce writes w/k × h/k means of k × k pixels, rounded; columns holds w numbers.
void pingyi_reduce(const uint8_t *pix, int w, int h, int k, uint16_t *columns, uint8_t *dst);

// pingyi_below writes 1 where a pixel of a rectangle is below the limit and keep, where given, is odd, else 0. All
// three point to the rectangle's first pixel, in pictures w pixels wide.
void pingyi_below(const uint8_t *pix, const uint8_t *keep, int w, int across, int down, int limit, uint8_t *dst);

#endif
