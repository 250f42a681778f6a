package auth

import (
	"sync"
	"time"
)

// The brake on guessing: the first freeAttempts of a name cost nothing, each further one doubles the
// wait, up to maxWait. It is short enough that nobody can lock a scrutineer out of an afternoon.
const (
	freeAttempts = 5
	maxWait      = 2 * time.Minute
	forgetAfter  = 30 * time.Minute
	maxNames     = 10000 // names kept; beyond that the stale ones go first
)

// Backoff counts attempts to sign in per user name, in memory. An attempt is counted when it begins,
// so that many at once cannot slip past a count that is only raised at their end.
type Backoff struct {
	mu    sync.Mutex
	names map[string]*attempts
}

type attempts struct {
	count int
	last  time.Time
}

// NewBackoff starts with no attempts known.
func NewBackoff() *Backoff { return &Backoff{names: map[string]*attempts{}} }

// Begin counts an attempt for name at now; where it is too early it counts nothing and returns how
// long to wait.
func (b *Backoff) Begin(name string, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.names[name]
	if a == nil || now.Sub(a.last) > forgetAfter {
		b.makeRoom(now)
		a = &attempts{}
		b.names[name] = a
	}
	if wait := a.last.Add(a.wait()).Sub(now); wait > 0 {
		return wait
	}
	a.count++
	a.last = now
	return 0
}

// Succeed forgets the attempts of name.
func (b *Backoff) Succeed(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.names, name)
}

func (a *attempts) wait() time.Duration {
	over := a.count - freeAttempts
	if over < 0 {
		return 0
	}
	if over > 7 { // 2^7 s is past maxWait
		return maxWait
	}
	return min(time.Second<<over, maxWait)
}

func (b *Backoff) makeRoom(now time.Time) {
	if len(b.names) < maxNames {
		return
	}
	for name, a := range b.names {
		if now.Sub(a.last) > maxWait {
			delete(b.names, name)
		}
	}
	if len(b.names) >= maxNames { // a flood of invented names: start anew rather than grow
		clear(b.names)
	}
}
