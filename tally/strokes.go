package tally

import (
	_ "embed"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// strokeTable lists characters in the order of 姓氏笔画 as mainland offices use it. The stroke collation
// of the Unicode locale data will not do: it counts 阝 as three strokes and 黄 as twelve, which puts
// common surnames in wrong places, and it does not go by the kinds of strokes.
//
//go:embed strokes.txt
var strokeTable string

// strokeOrder is each character's place in the table.
var strokeOrder = sync.OnceValue(func() map[rune]int {
	order := map[rune]int{}
	for _, line := range strings.Split(strokeTable, "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		_, characters, _ := strings.Cut(line, " ")
		for _, r := range characters {
			order[r] = len(order)
		}
	}
	return order
})

// compareStrokes compares text character by character; those that the table lacks come after it, in the
// order of Unicode.
func compareStrokes(a, b string) int {
	order := strokeOrder()
	place := func(r rune) int {
		if n, known := order[r]; known {
			return n
		}
		return math.MaxInt32/2 + int(r)
	}
	return slices.CompareFunc([]rune(a), []rune(b), func(x, y rune) int { return place(x) - place(y) })
}

// CompareNames puts names in the order of 姓氏笔画: by surname, then shorter names before longer ones,
// then by the given name's characters.
func CompareNames(a, b string) int {
	x, sizeA := utf8.DecodeRuneInString(a)
	y, sizeB := utf8.DecodeRuneInString(b)
	if c := compareStrokes(a[:sizeA], b[:sizeB]); x != y && c != 0 {
		return c
	}
	if c := utf8.RuneCountInString(a) - utf8.RuneCountInString(b); c != 0 {
		return c
	}
	return compareStrokes(a, b)
}
