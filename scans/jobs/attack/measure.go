package attack

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Truth is what the test knows of a page: in which batch and as which sheet of it it was fed, and what its first
// row was marked with.
type Truth struct {
	Batch, Place, Mark int
}

// Measures of a clue against the truth, with what chance gives. Each is 0 on average where the clue says nothing.
const (
	Order      = "order"      // Kendall's τ between the clue and the order of feeding, within each batch (mean of batches)
	Neighbours = "neighbours" // share of sheets that lie beside one they were fed beside, less chance's
	Batch      = "batch"      // that a sheet of the first batch comes before one of the second, less 1/2; ties count half
	Clusters   = "clusters"   // share of neighbours of one batch, less chance's
	Marks      = "marks"      // share of voters whose mark is guessed right by their place, less what guessing without a clue gives
)

// Measures lists them.
func Measures() []string { return []string{Order, Neighbours, Batch, Clusters, Marks} }

// sheet is a page in a clue's order with the truth of it. Pages with one number stand in the order of their ids.
type sheet struct {
	value float64
	Truth
}

// Against measures a clue. A measure is left out where the clue speaks of too few pages, or gives all the same number.
func Against(values map[string]float64, truth map[string]Truth) map[string]float64 {
	type named struct {
		id string
		sheet
	}
	var pages []named
	low, high := math.Inf(1), math.Inf(-1)
	for page, v := range values {
		if at, known := truth[page]; known {
			pages = append(pages, named{page, sheet{v, at}})
			low, high = min(low, v), max(high, v)
		}
	}
	if len(pages) < 3 || low == high {
		return nil
	}
	slices.SortFunc(pages, func(a, b named) int {
		if c := cmp.Compare(a.value, b.value); c != 0 {
			return c
		}
		return strings.Compare(a.id, b.id)
	})
	sheets := make([]sheet, len(pages))
	for i, p := range pages {
		sheets[i] = p.sheet
	}
	out := map[string]float64{}
	out[Order], out[Neighbours], out[Marks] = within(sheets)
	if a, b, ok := between(sheets); ok {
		out[Batch], out[Clusters] = a, b
	}
	for m, v := range out {
		if math.IsNaN(v) {
			delete(out, m)
		}
	}
	return out
}

// within are the measures of order, of each batch alone; their mean where two batches are there.
func within(sheets []sheet) (order, beside, marks float64) {
	counted := 0.0
	for batch := range 2 {
		var list []sheet
		for _, s := range sheets {
			if s.Batch == batch {
				list = append(list, s)
			}
		}
		if len(list) < 3 {
			continue
		}
		fed := slices.SortedFunc(slices.Values(list), func(a, b sheet) int { return a.Place - b.Place })
		counted++
		order += tau(list)
		beside += adjacent(list, fed)
		marks += guessed(list, fed)
	}
	return order / counted, beside / counted, marks / counted // NaN where no batch is there: left out
}

// tau is Kendall's τ-a of sheets in the order of a clue: discordant pairs are counted while the places are sorted,
// and pairs with one number count as neither.
func tau(list []sheet) float64 {
	n := len(list)
	pairs := n * (n - 1) / 2
	tied := 0
	places := make([]int, n)
	for i, s := range list {
		places[i] = s.Place
	}
	for from := 0; from < n; {
		to := from
		for to < n && list[to].value == list[from].value {
			to++
		}
		tied += (to - from) * (to - from - 1) / 2
		slices.Sort(places[from:to]) // none of the tied pairs is then counted as discordant
		from = to
	}
	discordant := inversions(places, make([]int, n))
	return float64(pairs-tied-2*discordant) / float64(pairs)
}

// inversions sorts a list and counts the pairs that stood the wrong way round.
func inversions(list, room []int) int {
	if len(list) < 2 {
		return 0
	}
	half := len(list) / 2
	n := inversions(list[:half], room[:half]) + inversions(list[half:], room[half:])
	i, j := 0, half
	for at := range list {
		if j == len(list) || i < half && list[i] <= list[j] {
			room[at] = list[i]
			i++
		} else {
			room[at] = list[j]
			n += half - i
			j++
		}
	}
	copy(list, room[:len(list)])
	return n
}

// adjacent is the share of the places between neighbours of a clue at which neighbours of the feeding lie, less
// that of a random order.
func adjacent(list, fed []sheet) float64 {
	at := make(map[int]int, len(fed))
	for i, s := range fed {
		at[s.Place] = i
	}
	met := 0
	for i := range len(list) - 1 {
		if d := at[list[i].Place] - at[list[i+1].Place]; d == 1 || d == -1 {
			met++
		}
	}
	return float64(met)/float64(len(list)-1) - 2/float64(len(list))
}

// guessed takes the i-th sheet of a clue for the i-th voter's: the share of marks that this gets right, less that
// of sheets taken at random.
func guessed(list, fed []sheet) float64 {
	right, chance := 0, 0.0
	marks := map[int]int{}
	for i := range list {
		if list[i].Mark == fed[i].Mark {
			right++
		}
		marks[list[i].Mark]++
	}
	n := float64(len(list))
	for _, k := range marks {
		chance += float64(k) / n * float64(k) / n
	}
	return float64(right)/n - chance
}

// between are the measures that tell two batches apart; not ok where one is missing.
func between(sheets []sheet) (before, clusters float64, ok bool) {
	first, second, wins, together := 0, 0, 0.0, 0
	for from := 0; from < len(sheets); {
		to, a, b := from, 0, 0
		for to < len(sheets) && sheets[to].value == sheets[from].value {
			if sheets[to].Batch == 0 {
				a++
			} else {
				b++
			}
			to++
		}
		wins += float64(b) * (float64(first) + float64(a)/2)
		first, second, from = first+a, second+b, to
	}
	if first < 2 || second < 2 {
		return 0, 0, false
	}
	for i := range len(sheets) - 1 {
		if sheets[i].Batch == sheets[i+1].Batch {
			together++
		}
	}
	n, a, b := float64(len(sheets)), float64(first), float64(second)
	return wins/(a*b) - 0.5, float64(together)/(n-1) - (a*(a-1)+b*(b-1))/(n*(n-1)), true
}
