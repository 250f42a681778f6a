package jobs

import (
	"context"
	"time"
)

// The queue's times are those of the clock on the wall: where that is moved back, jobs that are due seem to lie in the
// future, and reading would stand still until the clock has caught up.

// clockSlack is by how much the clock may be behind before anything is done.
const clockSlack = time.Second

// watchClock queues what is not read anew whenever the clock was moved back, until ctx ends.
func (s *Service) watchClock(ctx context.Context, look time.Duration) {
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	wall, steady := s.Now().Round(0), time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		nowWall, nowSteady := s.Now().Round(0), time.Now() // Round takes the steady reading off
		back := nowSteady.Sub(steady) - nowWall.Sub(wall)
		wall, steady = nowWall, nowSteady
		if back < clockSlack {
			continue
		}
		s.Log.Warn("the clock was moved back: what is not read is queued anew", "seconds", int(back.Seconds()))
		if err := s.alone(func() error { return s.requeueAll(ctx) }); err != nil && ctx.Err() == nil {
			s.Log.Error("queueing after the clock was moved back", "err", err)
			wall = wall.Add(back) // tried again at the next look
		}
	}
}
