package jobs

import (
	"context"
	"time"
)

// Two things leave jobs lying that wait for nobody: a clock that was moved back, since the queue's times are those of
// the clock on the wall and what is due seems to lie in the future; and a database that took nothing for a while, since
// the queue could not write down what became of its jobs. After either, what is not read is queued anew.

// clockSlack is by how much the clock may be behind before anything is done.
const clockSlack = time.Second

// watchQueue looks for both until ctx ends.
func (s *Service) watchQueue(ctx context.Context, look time.Duration) {
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	clock := wallClock{now: s.Now}
	clock.behind()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		back, failed := clock.behind(), s.failed.Swap(false)
		if back < clockSlack && !failed {
			continue
		}
		s.Log.Warn("what is not read is queued anew: the clock was moved back, or the queue had an error", "seconds back", int(back.Seconds()), "error", failed)
		if err := s.alone(func() error { return s.requeueAll(ctx) }); err == nil {
			s.trouble.set("")
		} else if ctx.Err() == nil {
			s.Log.Error("queueing anew", "err", err)
			s.trouble.of(err)
			s.failed.Store(true) // tried again at the next look
		}
	}
}

// wallClock compares the clock on the wall with the steady one.
type wallClock struct {
	now          func() time.Time
	wall, steady time.Time
}

// behind is by how much the clock on the wall fell behind since the last call; 0 at the first.
func (c *wallClock) behind() (back time.Duration) {
	wall, steady := c.now().Round(0), time.Now() // Round takes the steady reading off
	if !c.steady.IsZero() {
		back = steady.Sub(c.steady) - wall.Sub(c.wall)
	}
	c.wall, c.steady = wall, steady
	return back
}
