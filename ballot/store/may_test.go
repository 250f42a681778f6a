package store_test

import (
	"context"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// unasked are the methods that write and do not ask for an account, and why.
var unasked = map[string]string{
	"InTx":              "what runs in it asks for itself",
	"MakeFirst":         "there is no account yet",
	"TakeStep":          "signing in: nobody is let in by it alone",
	"TakeRecovery":      "signing in: nobody is let in by it alone",
	"UsedToken":         "of a request that is asked before",
	"Sessions":          "of signing in and out",
	"Rejudge":           "the command line alone does it",
	"EndedSession":      "says what was done",
	"FinishUpload":      "a job's",
	"SaveSpoolPage":     "a job's",
	"BeginDestruction":  "it asks, and the test of destruction looks at that, for which a day must come",
	"DestroyRows":       "goes on with what was begun",
	"FinishDestruction": "goes on with what was begun",
	"Scrub":             "changes no row",
	"Close":             "changes no row",
	"DB":                "the pool that the job queue shares",
}

// TestMayInTheTransaction does everything that the store can do by accounts that were closed, or got another role, since
// the request was let in: each act is refused, changes nothing, and can be done once the account may again. A method
// that writes and is in neither list fails it.
func TestMayInTheTransaction(t *testing.T) {
	s, done := open(t), map[string]bool{}
	step := func(method, _ string, do func() error) {
		t.Helper()
		done[method] = true
		if unasked[method] == "" {
			refusedMeanwhile(t, s, method, do)
		}
		ok(t, do())
		if method == "MakeFirst" {
			for name, role := range map[string]ballot.Role{"root": ballot.RoleAdmin, "p1": ballot.RolePrinting, "p2": ballot.RolePrinting, "scan": ballot.RoleScanning} {
				ok(t, s.CreateUser(context.Background(), "first", store.User{Name: name, Role: role, Hash: "h"}))
			}
			signers(t, s)
		}
	}
	everything(t, s, step)
	unloggedActs(t, s, step)
	for name := range writers(t) {
		if !done[name] && unasked[name] == "" {
			t.Errorf("Store.%s writes: does it ask whether its actor may? Do it here, or say why not", name)
		}
	}
}

// refusedMeanwhile does an act after the accounts were closed, and after they got another role.
func refusedMeanwhile(t *testing.T, s *store.Store, method string, do func() error) {
	t.Helper()
	for change, back := range map[string]string{"disabled = 1": "disabled = 0", "role = 'x' || role": "role = substr(role, 2)"} {
		set := func(what string) {
			if _, err := s.DB().Exec("UPDATE users SET " + what); err != nil {
				t.Fatal(err)
			}
		}
		set(change)
		before, head := logSize(t, s)
		err := do()
		if after, now := logSize(t, s); ballot.CodeOf(err) != ballot.CodeForbidden || after != before || now != head {
			t.Errorf("%s while %s: %v, and the log has %d entries of %d", method, change, err, after, before)
		}
		set(back)
	}
}

// unloggedActs are those that have no entry of their own.
func unloggedActs(t *testing.T, s *store.Store, step func(method, act string, do func() error)) {
	t.Helper()
	ctx := context.Background()
	id := opened(t, s, draft(2))
	handCounts(t, s, id, "main", 5)
	feed(t, s, id, []string{"main"}, "aa", "ab", "a-", "bc", "?a")
	row := waiting(t, s, id, "s1")
	step("Decide", "", func() error { return s.Decide(ctx, "s1", id, row.Page, row.Subject, decision("好"), false) })
	step("SetAside", "", func() error { return s.SetAside(ctx, "s1", id, row.Page, true, "写有姓名") })
	b := must[ballot.Batch](t)(s.OpenBatch(ctx, "scan", id, "A", []string{"main"}))
	step("AddUpload", "", func() error { return upload(s, b.ID, "more", "other content") })
}

// TestMachineActs: what has no account acts as long as the state allows it, and no account takes its names.
func TestMachineActs(t *testing.T) {
	s, ctx := open(t), context.Background()
	refused(t, ballot.CodeInvalid, s.CreateUser(ctx, "root", store.User{Name: "command line", Role: ballot.RoleAdmin, Hash: "h"}))
	id := must[ballot.Meeting](t)(s.CreateMeeting(ctx, "command line", draft(2))).ID
	refused(t, ballot.CodeState, s.Printed(ctx, "command line", id, "A", 1, nil))
	signers(t, s)
	id = sealed(t, s, draft(2))
	ok(t, s.Printed(ctx, "command line", id, "A", 1, nil))
	refused(t, ballot.CodeForbidden, s.Printed(ctx, "s1", id, "A", 1, nil))
}
