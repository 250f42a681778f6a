package api

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/tally"
)

// fakeStore keeps everything in maps and leaves every rule to ballot and tally. It is what the handlers
// are tested against; the whole path is tested against the real store too.
type fakeStore struct {
	mu       sync.Mutex
	users    map[string]auth.User
	tokens   map[string]auth.Token
	meetings map[string]*fakeMeeting

	meanwhile func() // what somebody else does just before an account is changed
}

type fakeMeeting struct {
	ballot.Meeting
	audit      ballot.Audit
	cvr        string // digest of what was downloaded
	forms      []ballot.Form
	entries    []ballot.LedgerEntry
	printed    map[string]int
	pages      map[string]*Page
	leaves     map[string][]string // leaf id → page ids
	scanned    []ballot.ScannedCount
	void       []ballot.GroupCount
	open       int // open batches
	signed     map[string][]string
	result     *tally.Result
	comments   []ballot.Comment
	concluded  []ballot.Conclusion
	overallCap int
	blanks     []ballot.Blank
	acts       []Act
	archive    ballot.Archiving
}

func newFakeStore() *fakeStore {
	return &fakeStore{users: map[string]auth.User{}, tokens: map[string]auth.Token{}, meetings: map[string]*fakeMeeting{}}
}

func (f *fakeStore) Ping(context.Context) error { return nil }

func (f *fakeStore) User(_ context.Context, name string) (auth.User, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	u, ok := f.users[name]
	if !ok {
		return u, ballot.Errorf(ballot.CodeNotFound, "没有用户“%s”", "no user %q", name)
	}
	return u, nil
}

func (f *fakeStore) Users(context.Context) ([]auth.User, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []auth.User
	for _, u := range f.users {
		list = append(list, u)
	}
	slices.SortFunc(list, func(a, b auth.User) int { return len(a.Name) - len(b.Name) })
	return list, nil
}

func (f *fakeStore) CreateUser(_ context.Context, _ string, u auth.User) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.users[u.Name]; ok {
		return ballot.Errorf(ballot.CodeConflict, "用户“%s”已存在", "user %q exists", u.Name)
	}
	f.users[u.Name] = u
	return nil
}

func (f *fakeStore) UpdateUser(_ context.Context, _ string, read, u auth.User) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.meanwhile != nil {
		f.meanwhile()
	}
	if f.users[u.Name] != read {
		return ballot.Errorf(ballot.CodeConflict, "刚被修改", "changed meanwhile")
	}
	f.users[u.Name] = u
	return nil
}

func (f *fakeStore) SetFactor(_ context.Context, _ string, u auth.User) error {
	return f.factor(u.Name, func(old *auth.User) error {
		old.Factor, old.FactorStep, old.Recovery = u.Factor, u.FactorStep, u.Recovery
		return nil
	})
}

func (f *fakeStore) TakeStep(_ context.Context, name string, step int64) error {
	return f.factor(name, func(u *auth.User) error {
		if step <= u.FactorStep {
			return ballot.Errorf(ballot.CodeConflict, "该验证码已用过", "this code was used before")
		}
		u.FactorStep = step
		return nil
	})
}

func (f *fakeStore) TakeRecovery(_ context.Context, name, digest string) error {
	return f.factor(name, func(u *auth.User) error {
		if !strings.Contains(u.Recovery, digest) {
			return ballot.Errorf(ballot.CodeNotFound, "没有这个恢复码", "no such recovery code")
		}
		u.Recovery = strings.Replace(u.Recovery, digest, "", 1)
		return nil
	})
}

func (f *fakeStore) factor(name string, change func(*auth.User) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	u, ok := f.users[name]
	if !ok {
		return ballot.Errorf(ballot.CodeNotFound, "没有用户“%s”", "no user %q", name)
	}
	err := change(&u)
	f.users[name] = u
	return err
}

func (f *fakeStore) HasAdmin(context.Context) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, u := range f.users {
		if u.Role == ballot.RoleAdmin {
			return true, nil
		}
	}
	return false, nil
}

func (f *fakeStore) MakeFirst(ctx context.Context, u auth.User) error {
	return f.CreateUser(ctx, u.Name, u)
}

func (f *fakeStore) Meetings(context.Context) ([]MeetingSummary, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []MeetingSummary
	for _, m := range f.meetings {
		list = append(list, MeetingSummary{m.ID, m.Title, m.Organiser, m.Date, m.State, m.Version})
	}
	return list, nil
}

// in runs fn with the meeting, under the lock, and records the act where fn succeeds.
func (f *fakeStore) in(actor, id, act string, fn func(*fakeMeeting) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	m, ok := f.meetings[id]
	if !ok {
		return ballot.Errorf(ballot.CodeNotFound, "没有会议“%s”", "no meeting %q", id)
	}
	err := fn(m)
	if err == nil && act != "" {
		m.acts = append(m.acts, Act{ID: int64(len(m.acts) + 1), Time: testTime, Actor: actor, Act: act})
	}
	return err
}

func (f *fakeStore) Meeting(_ context.Context, id string) (m ballot.Meeting, err error) {
	err = f.in("", id, "", func(fm *fakeMeeting) error { m = fm.Meeting; return nil })
	return m, err
}

func (f *fakeStore) State(ctx context.Context, id string) (ballot.State, error) {
	m, err := f.Meeting(ctx, id)
	return m.State, err
}

func (f *fakeStore) CreateMeeting(_ context.Context, _ string, m ballot.Meeting) (ballot.Meeting, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	m.ID = "m" + strconv.Itoa(len(f.meetings)+1)
	f.meetings[m.ID] = &fakeMeeting{Meeting: m, printed: map[string]int{}, pages: map[string]*Page{},
		leaves: map[string][]string{}, signed: map[string][]string{}}
	return m, nil
}

func (f *fakeStore) Edit(_ context.Context, actor, id, act string, edit func(*ballot.Meeting) error) (m ballot.Meeting, err error) {
	err = f.in(actor, id, act, func(fm *fakeMeeting) error {
		if err := fm.State.Require(act, ballot.Draft); err != nil {
			return err
		}
		next := fm.Meeting
		next.Groups = slices.Clone(fm.Groups)
		if err := edit(&next); err != nil {
			return err
		}
		fm.Meeting, m = next, next
		return nil
	})
	return m, err
}

func (f *fakeStore) Seal(_ context.Context, actor, id string, random io.Reader, checks ...func(ballot.Meeting, []ballot.Blank) error) (m ballot.Meeting, forms []ballot.Form, err error) {
	err = f.in(actor, id, "seal", func(fm *fakeMeeting) (err error) {
		for _, check := range checks {
			if err := check(fm.Meeting, fm.blanks); err != nil {
				return err
			}
		}
		if m, forms, err = ballot.Seal(fm.Meeting, random, fm.blanks...); err == nil {
			fm.Meeting, fm.forms = m, forms
		}
		return err
	})
	return m, forms, err
}

func (f *fakeStore) step(actor, id, act string, to ballot.State) (m ballot.Meeting, err error) {
	err = f.in(actor, id, act, func(fm *fakeMeeting) error {
		if err := fm.State.Step(to); err != nil {
			return err
		}
		fm.State, m = to, fm.Meeting
		m.State = to
		return nil
	})
	return m, err
}

func (f *fakeStore) Unseal(_ context.Context, actor, id string) (ballot.Meeting, error) {
	return f.step(actor, id, "unseal", ballot.Draft)
}

func (f *fakeStore) Open(_ context.Context, actor, id string) (ballot.Meeting, error) {
	return f.step(actor, id, "open", ballot.Open)
}

func (f *fakeStore) Forms(_ context.Context, id string) (forms []ballot.Form, err error) {
	err = f.in("", id, "", func(fm *fakeMeeting) error { forms = fm.forms; return nil })
	return forms, err
}

func (f *fakeStore) Printed(_ context.Context, actor, id, group string, copies int, _ *int, serials ...ballot.Pseudonym) error {
	return f.in(actor, id, "print", func(fm *fakeMeeting) error {
		if fm.Rules.Identity == ballot.Serial && len(serials) != copies {
			return ballot.NoMaster()
		}
		fm.printed[group] += copies
		return nil
	})
}

func (f *fakeStore) Acts(_ context.Context, id string, before int64, _ int) (acts []Act, err error) {
	err = f.in("", id, "", func(fm *fakeMeeting) error { acts = slices.Clone(fm.acts); return nil })
	acts = slices.DeleteFunc(acts, func(a Act) bool { return before > 0 && a.ID >= before })
	slices.Reverse(acts)
	return acts, err
}

func (f *fakeStore) EndedSession(context.Context, string, string) error { return nil }

func (f *fakeStore) Checkpoint(context.Context) (Checkpoint, error) {
	return Checkpoint{Verifier: "pingyi-test+1+key", Checkpoint: tally.Checkpoint{Size: 3, Code: "3-AAAA-BBBB-CCCC-DDDD", Note: "pingyi-test\n3\n"}}, nil
}

func (f *fakeStore) Checkpoints(ctx context.Context, meeting string) ([]Checkpoint, error) {
	if _, err := f.Meeting(ctx, meeting); err != nil {
		return nil, err
	}
	c, err := f.Checkpoint(ctx)
	c.Meeting = meeting
	return []Checkpoint{c}, err
}

func (f *fakeStore) AllActs(_ context.Context, filter ActFilter) (acts []Act, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for id, m := range f.meetings {
		for _, a := range m.acts {
			if (filter.Meeting == "" || id == filter.Meeting) && (filter.Actor == "" || a.Actor == filter.Actor) && (filter.Act == "" || a.Act == filter.Act) {
				a.Meeting = id
				acts = append(acts, a)
			}
		}
	}
	return acts, nil
}

var testTime = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
