package store

import "pingyi/ballot"

// order looks whether acts come as the service writes them: what was certified changes by going back to open or by destroying
// the ballots alone, and a released meeting goes back nowhere. So whoever goes on with the log by a key of theirs cannot have it
// say other digests of a released meeting.
func (v *verifier) order() error {
	states, said := map[string]ballot.State{}, map[string]map[kind]bool{}
	for i, a := range v.acts {
		was, now := states[a.Meeting], states[a.Meeting]
		if s, stepped := v.facts[i]["state"].(string); stepped {
			now = ballot.State(s)
		} else if a.Act == actBegin && was == "" {
			now = ballot.State(a.Detail)
		}
		states[a.Meeting] = now
		if now != was && (was == ballot.Released && now != ballot.Archived || was == ballot.Archived) {
			v.fault("第 %d 条记录把已发布的会议 %s 退了回去", "act %d takes meeting %s back, which was released", a.ID, a.Meeting)
		}
		again := false
		for _, k := range settledKinds {
			if v.facts[i][string(k)] == nil {
				continue
			}
			if said[a.Meeting] == nil {
				said[a.Meeting] = map[kind]bool{}
			}
			again = again || said[a.Meeting][k] // the first of a kind that an older version did not know is of nothing
			said[a.Meeting][k] = true
		}
		if again && final(was) && final(now) && a.Act != actDestroy {
			v.fault("第 %d 条记录（%s）改动了会议 %s 已确认的内容", "act %d (%s) says something else of what was certified of meeting %s", a.ID, a.Act, a.Meeting)
		}
	}
	return nil
}

// settledKinds are what a certified result was counted from, and it.
var settledKinds = []kind{kindLedger, kindResults, kindForms, kindBlanks, kindPages, kindComments, kindSerials, kindDecisions}

// final tells whether what was counted stands.
func final(s ballot.State) bool {
	return s == ballot.Certified || s == ballot.Released || s == ballot.Archived
}
