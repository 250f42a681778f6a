// Package edit compares texts that were read from paper with what should stand there.
package edit

import "unicode/utf8"

// Exchange is the price of an exchange of characters: 1, and 0 for the same one.
func Exchange(a, b rune) float64 {
	if a == b {
		return 0
	}
	return 1
}

// Distance is the edit distance (Levenshtein 1966) of two texts in characters, with a price for each exchange;
// a character added or left out costs 1.
func Distance(a, b string, price func(a, b rune) float64) float64 {
	x, y := []rune(a), []rune(b)
	row := make([]float64, len(y)+1)
	for j := range row {
		row[j] = float64(j)
	}
	for i := 1; i <= len(x); i++ {
		diagonal := row[0]
		row[0] = float64(i)
		for j := 1; j <= len(y); j++ {
			diagonal, row[j] = row[j], min(row[j]+1, row[j-1]+1, diagonal+price(x[i-1], y[j-1]))
		}
	}
	return row[len(y)]
}

// Similarity is 1 less the distance over the longer length, 0 … 1; an empty text is like none.
func Similarity(a, b string) float64 {
	if a == "" || b == "" {
		return 0
	}
	return 1 - Distance(a, b, Exchange)/float64(max(utf8.RuneCountInString(a), utf8.RuneCountInString(b)))
}
