package auth

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rates bounds how often something may happen under each of many keys: burst at once, and each after that one
// interval later. It is kept in memory.
type Rates struct {
	mu    sync.Mutex
	limit rate.Limit
	burst int
	keys  map[string]*rate.Limiter
}

// NewRates allows perSecond under each key, and burst at once. Zero of either is no bound.
func NewRates(perSecond float64, burst int) *Rates {
	return &Rates{limit: rate.Limit(perSecond), burst: burst, keys: map[string]*rate.Limiter{}}
}

// Wait counts one under a key at now; where there are too many it counts nothing and returns how long to wait.
func (r *Rates) Wait(key string, now time.Time) time.Duration {
	if r.limit == 0 || r.burst == 0 {
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.keys[key]
	if l == nil {
		if len(r.keys) >= maxKeys {
			r.makeRoom(now)
		}
		l = rate.NewLimiter(r.limit, r.burst)
		r.keys[key] = l
	}
	if l.AllowN(now, 1) {
		return 0
	}
	return max(time.Millisecond, time.Duration((1-l.TokensAt(now))/float64(r.limit)*float64(time.Second)))
}

// makeRoom forgets keys under which nothing is owed; where all are busy, those that come first.
func (r *Rates) makeRoom(now time.Time) {
	for key, l := range r.keys {
		if l.TokensAt(now) >= float64(r.burst) {
			delete(r.keys, key)
		}
	}
	for key := range r.keys {
		if len(r.keys) < maxKeys {
			break
		}
		delete(r.keys, key)
	}
}
