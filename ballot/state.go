package ballot

// State is where a meeting stands.
type State string

// The states of a meeting, in their order.
const (
	Draft     State = "draft"
	Sealed    State = "sealed"
	Open      State = "open"
	Balanced  State = "balanced"
	Certified State = "certified"
	Released  State = "released"
	Archived  State = "archived"
)

// transitions is every legal step. Nothing else changes a state.
var transitions = map[State][]State{
	Draft:     {Sealed},
	Sealed:    {Draft, Open}, // back to draft only before the first issue: a new form version
	Open:      {Balanced},
	Balanced:  {Open, Certified},
	Certified: {Open, Released}, // back to open by two persons, with a reason
	Released:  {Archived},
	Archived:  {},
}

// Chinese is the state's name on screens.
func (s State) Chinese() string {
	return map[State]string{Draft: "筹备", Sealed: "已封存", Open: "进行中", Balanced: "已平账",
		Certified: "已确认", Released: "已发布", Archived: "已归档"}[s]
}

// Step checks that a meeting may go from s to next.
func (s State) Step(next State) error {
	for _, t := range transitions[s] {
		if t == next {
			return nil
		}
	}
	return Errorf(CodeState, "会议处于“%[1]s”，不能转为“%[2]s”", "a meeting that is %[3]s cannot become %[4]s",
		s.Chinese(), next.Chinese(), s, next)
}

// Require checks that a meeting is in one of the states that an act needs.
func (s State) Require(act string, states ...State) error {
	for _, t := range states {
		if s == t {
			return nil
		}
	}
	return Errorf(CodeState, "会议处于“%[1]s”，此时不能进行该操作", "the meeting is %[2]s: cannot %[3]s now", s.Chinese(), s, act)
}

// Role is what a user may be. One user has one role.
type Role string

// The roles of DOMAIN.md.
const (
	RoleAdmin      Role = "admin"      // users and set-up; never marks, decides or certifies
	RolePrinting   Role = "printing"   // print, issue
	RoleScanning   Role = "scanning"   // batches, returned
	RoleScrutineer Role = "scrutineer" // decide, balance, certify
	RoleCommittee  Role = "committee"  // release, results
	RoleAuditor    Role = "auditor"    // results, and single ballots where rules allow it
)

// Roles lists them all.
func Roles() []Role {
	return []Role{RoleAdmin, RolePrinting, RoleScanning, RoleScrutineer, RoleCommittee, RoleAuditor}
}
