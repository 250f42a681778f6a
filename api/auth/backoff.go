package auth

import (
	"sync"
	"time"
)

// The brake on guessing: the first freeAttempts under a key cost nothing, each further one doubles the
// wait, up to maxWait.
const (
	freeAttempts = 5
	maxWait      = 15 * time.Minute
	forgetAfter  = 12 * time.Hour
	maxKeys      = 10000 // keys kept; beyond that those with the fewest attempts go first
)

// Backoff counts attempts per key, in memory. An attempt is counted when it begins,
// so that many at once cannot slip past a count that is only raised at their end.
type Backoff struct {
	mu   sync.Mutex
	keys map[string]*attempts
}

type attempts struct {
	count int
	last  time.Time
}

// NewBackoff starts with no attempts known.
func NewBackoff() *Backoff { return &Backoff{keys: map[string]*attempts{}} }

// Begin counts an attempt under a key at now; where it is too early it counts nothing and returns how
// long to wait.
func (b *Backoff) Begin(key string, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.keys[key]
	if a == nil || now.Sub(a.last) > forgetAfter {
		b.makeRoom(now)
		a = &attempts{}
		b.keys[key] = a
	}
	if wait := a.last.Add(a.wait()).Sub(now); wait > 0 {
		return wait
	}
	a.count++
	a.last = now
	return 0
}

// Succeed forgets the attempts under a key.
func (b *Backoff) Succeed(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.keys, key)
}

func (a *attempts) wait() time.Duration {
	over := a.count - freeAttempts
	if over < 0 {
		return 0
	}
	if over > 10 { // 2^10 s is past maxWait
		return maxWait
	}
	return min(time.Second<<over, maxWait)
}

// makeRoom keeps the map small under a flood of invented names, and what is known of names under attack.
func (b *Backoff) makeRoom(now time.Time) {
	if len(b.keys) < maxKeys {
		return
	}
	for fewest := 1; len(b.keys) >= maxKeys; fewest *= 2 {
		for key, a := range b.keys {
			if a.count <= fewest || now.Sub(a.last) > forgetAfter {
				delete(b.keys, key)
			}
		}
	}
}
