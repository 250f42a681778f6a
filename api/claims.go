package api

import (
	"sync"
	"time"
)

// claimTime is how long a row stays with whom it was given to; asking for more rows renews it. A browser that
// is closed gives its rows to others after that time.
const claimTime = 2 * time.Minute

// claims remember which unclear rows were given to whom, so that people who decide at the same time rarely
// meet on one. They live in memory alone: when rows were given out is nobody's business later, and losing
// them costs no more than a decision that is refused as a conflict.
type claims struct {
	mu   sync.Mutex
	held map[claimedRow]map[string]time.Time // who, until when
}

type claimedRow struct {
	meeting, page string
	subject       int
}

func newClaims() *claims { return &claims{held: map[claimedRow]map[string]time.Time{}} }

// taker renews what a person holds and gives the function that a queue asks before it gives out a row: it
// refuses rows that as many others hold as people are wanted for.
func (c *claims) taker(meeting, person string, now time.Time) func(page string, subject, wanted int) bool {
	until := now.Add(claimTime)
	c.mu.Lock()
	defer c.mu.Unlock()
	for row, people := range c.held {
		for who, end := range people {
			if !end.After(now) {
				delete(people, who)
			} else if who == person && row.meeting == meeting {
				people[who] = until
			}
		}
		if len(people) == 0 {
			delete(c.held, row)
		}
	}
	return func(page string, subject, wanted int) bool {
		row := claimedRow{meeting, page, subject}
		c.mu.Lock()
		defer c.mu.Unlock()
		people := c.held[row]
		if _, mine := people[person]; !mine && len(people) >= wanted {
			return false
		}
		if people == nil {
			people = map[string]time.Time{}
			c.held[row] = people
		}
		people[person] = until
		return true
	}
}

// drop gives a row back once its person has decided it.
func (c *claims) drop(meeting, person, page string, subject int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.held[claimedRow{meeting, page, subject}], person)
}
