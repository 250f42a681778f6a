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
	held map[claimedRow]map[string]claim // by person
}

// claim ends unless it is renewed. done is that of somebody who has decided the row since: a queue that was read
// before the decision must not give it to them again, which would keep it from everybody else.
type claim struct {
	until time.Time
	done  bool
}

type claimedRow struct {
	meeting, page string
	subject       int
}

func newClaims() *claims { return &claims{held: map[claimedRow]map[string]claim{}} }

// taker renews what a person holds and gives the function that a queue asks before it gives out a row: it
// refuses rows that as many others hold as people are wanted for.
func (c *claims) taker(meeting, person string, now time.Time) func(page string, subject, wanted int) bool {
	until := now.Add(claimTime)
	c.mu.Lock()
	defer c.mu.Unlock()
	for row, people := range c.held {
		for who, is := range people {
			if !is.until.After(now) {
				delete(people, who)
			} else if who == person && row.meeting == meeting && !is.done {
				people[who] = claim{until: until}
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
		others := 0
		for who, is := range people {
			// The queue does not know yet of a decision that was made since it began to be read.
			if who != person && (!is.done || is.until.After(until)) {
				others++
			}
		}
		if own, mine := people[person]; own.done || !mine && others >= wanted {
			return false
		}
		c.put(row, person, claim{until: until})
		return true
	}
}

// drop gives a row back once its person has decided it.
func (c *claims) drop(meeting, person, page string, subject int, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.put(claimedRow{meeting, page, subject}, person, claim{until: now.Add(claimTime), done: true})
}

func (c *claims) put(row claimedRow, person string, is claim) {
	if c.held[row] == nil {
		c.held[row] = map[string]claim{}
	}
	c.held[row][person] = is
}
