package api

import (
	"testing"
	"time"
)

// TestClaims: a row is with one person, or with two where two must decide, until it is decided, or the time is
// over and nothing was asked for.
func TestClaims(t *testing.T) {
	c, now := newClaims(), time.Unix(1e9, 0)
	take := func(person string, wanted int) bool { return c.taker("m", person, now)("p", 1, wanted) }
	for _, step := range []struct {
		who    string
		wanted int
		after  time.Duration
		want   bool
	}{
		{"a", 1, 0, true}, {"a", 1, 0, true}, {"b", 1, 0, false}, {"b", 2, 0, true}, {"c", 2, 0, false},
		{"b", 1, claimTime - time.Second, true}, // who asks again keeps it
		{"c", 2, 2 * time.Second, true},         // a has not
		{"a", 2, 0, false},
		{"a", 1, claimTime, true}, // nobody has
	} {
		now = now.Add(step.after)
		if got := take(step.who, step.wanted); got != step.want {
			t.Fatalf("%+v: got %v", step, got)
		}
	}
	if !c.taker("m", "b", now)("p", 2, 1) || !c.taker("other", "b", now)("p", 1, 1) {
		t.Error("another row, or another meeting's, is refused")
	}
	late := c.taker("m", "a", now) // of a queue that was read before a decides
	c.drop("m", "a", "p", 1, now)
	if late("p", 1, 1) || !take("b", 1) {
		t.Error("a row that was decided stays with who decided it")
	}
	late = c.taker("m", "b", now)
	c.drop("m", "a", "p", 3, now.Add(time.Second))
	if late("p", 3, 1) {
		t.Error("a row that another decided while the queue was read is given out")
	}
	if !c.taker("m", "b", now.Add(2*time.Second))("p", 3, 1) {
		t.Error("a row that waits again is not given out")
	}
}
