// Package access is the one table of who may do what, and while a meeting stands where: role × operation × state.
// The API asks it before it looks at a request; the store asks it again in the transaction of the act, since a meeting
// may move on in between.
package access

import (
	"maps"
	"slices"

	"pingyi/ballot"
)

// Access is a row of the table.
type Access struct {
	public  bool
	rights  map[ballot.Role][]ballot.State // nil states: in every state, or not of a meeting
	refusal ballot.Code                    // of a state in which nobody or only others may; "" = ballot.CodeState
}

// Public operations need no session.
func (a Access) Public() bool { return a.public }

// Roles that may perform the operation in some state; none for public ones.
func (a Access) Roles() []ballot.Role {
	return slices.DeleteFunc(ballot.Roles(), func(r ballot.Role) bool { _, ok := a.rights[r]; return !ok })
}

// Anytime tells whether the operation does not depend on where a meeting stands.
func (a Access) Anytime() bool {
	for _, states := range a.rights {
		if states != nil {
			return false
		}
	}
	return true
}

// States are those in which a role may perform the operation; nil where the state does not matter.
func (a Access) States(role ballot.Role) []ballot.State { return a.rights[role] }

func only(roles ...ballot.Role) Access {
	a := Access{rights: map[ballot.Role][]ballot.State{}}
	for _, r := range roles {
		a.rights[r] = nil
	}
	return a
}

// while restricts a row to states of the meeting.
func (a Access) while(states ...ballot.State) Access {
	a.rights = maps.Clone(a.rights)
	for r := range a.rights {
		a.rights[r] = states
	}
	return a
}

// or adds the roles of another row.
func (a Access) or(b Access) Access {
	a.rights = maps.Clone(a.rights)
	maps.Copy(a.rights, b.rights)
	return a
}

// refusedAs sets the code of a refusal for the meeting's state.
func (a Access) refusedAs(code ballot.Code) Access {
	a.refusal = code
	return a
}

// Lookup finds an operation's row.
func Lookup(operation string) (Access, bool) {
	a, ok := table[operation]
	return a, ok
}

// Operations lists what a role may do in some state, sorted.
func Operations(role ballot.Role) []string {
	out := []string{}
	for op, a := range table {
		if _, ok := a.rights[role]; ok || a.public {
			out = append(out, op)
		}
	}
	slices.Sort(out)
	return out
}

// All lists every operation of the table, sorted.
func All() []string { return slices.Sorted(maps.Keys(table)) }

// Allow checks that a role ("" is nobody) may perform an operation at all.
func Allow(operation string, role ballot.Role) error {
	a, ok := table[operation]
	if ok && a.public {
		return nil
	}
	if role == "" {
		return ballot.Errorf(ballot.CodeUnauthenticated, "请先登录", "sign in first")
	}
	if _, may := a.rights[role]; !may {
		return ballot.Errorf(ballot.CodeForbidden, "您的角色（%s）不能进行该操作", "the role %s may not do this", string(role))
	}
	return nil
}

// AllowIn checks that a role which may perform an operation may do so while the meeting is in a state.
func AllowIn(operation string, role ballot.Role, state ballot.State) error {
	a := table[operation]
	states := a.rights[role]
	if states == nil || slices.Contains(states, state) {
		return nil
	}
	if a.refusal == ballot.CodeNotReleased {
		return ballot.Errorf(a.refusal, "结果尚未发布（会议处于“%[1]s”）", "the results are not released (the meeting is %[2]s)", state.Chinese(), string(state))
	}
	return state.Require(operation, states...)
}

// In checks that an operation may be performed by anybody while the meeting is in a state. An operation without a
// row is refused.
func In(operation string, state ballot.State) error {
	a := table[operation]
	err := state.Require(operation)
	for _, role := range a.Roles() {
		if err = AllowIn(operation, role, state); err == nil {
			return nil
		}
	}
	return err
}
