package access

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"pingyi/ballot"
)

var update = flag.Bool("update", false, "write testdata/table.txt anew")

var states = []ballot.State{ballot.Draft, ballot.Sealed, ballot.Open, ballot.Balanced, ballot.Certified, ballot.Released, ballot.Archived}

// TestTable holds the whole table as text, so that a change of who may do what when is seen as such by whoever reads
// the change.
func TestTable(t *testing.T) {
	var b strings.Builder
	for _, op := range All() {
		row, _ := Lookup(op)
		if row.Public() {
			fmt.Fprintf(&b, "%s\n  anybody\n", op)
			continue
		}
		fmt.Fprintln(&b, strings.Join(slices.DeleteFunc([]string{op, ScopeOf(op), map[bool]string{true: "vouched"}[Vouched(op)]}, func(s string) bool { return s == "" }), " "))
		for _, role := range row.Roles() {
			in := "always"
			if list := row.States(role); list != nil {
				in = strings.Trim(fmt.Sprint(list), "[]")
			}
			fmt.Fprintf(&b, "  %s: %s\n", role, in)
		}
	}
	const golden = "testdata/table.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the table differs from %s: look at it, then go test ./ballot/access -update", golden)
	}
}

// TestScopes: no token does what a person vouches for, none does what its owner's role may not, and what no scope holds is
// for no token.
func TestScopes(t *testing.T) {
	held := 0
	for _, op := range All() {
		scope := ScopeOf(op)
		if scope == "" {
			if ballot.CodeOf(AllowScoped(op, slices.Collect(maps.Keys(scopes)))) != ballot.CodeForbidden {
				t.Errorf("%s is in no scope, and all scopes together do it", op)
			}
			continue
		}
		held++
		if AllowScoped(op, []string{scope}) != nil || AllowScoped(op, []string{"x", scope}) != nil || AllowScoped(op, nil) == nil || AllowScoped(op, []string{"x", ""}) == nil {
			t.Errorf("%s is not let in by %s alone", op, scope)
		}
	}
	listed := 0
	for scope, operations := range scopes {
		listed += len(operations)
		for _, op := range operations {
			if row, ok := Lookup(op); !ok || row.Public() {
				t.Errorf("%s of %s is no operation that needs rights", op, scope)
			}
		}
	}
	if held != listed {
		t.Errorf("%d operations are held, %d are listed: one has two scopes", held, listed)
	}
	for _, op := range append(vouched, "download-records", "enter-ledger", "archive", "destroy-ballots",
		"create-user", "update-user", "change-password", "create-token", "revoke-token", "new-factor", "reset-factor", "end-session", "seal") {
		if _, known := Lookup(op); !known || ScopeOf(op) != "" {
			t.Errorf("a token may %s", op)
		}
	}
	if s := Scopes(ballot.RoleCommittee); slices.Contains(s, "scans:write") || !slices.Contains(s, "results:read") || slices.Contains(Scopes(ballot.RoleAdmin), "results:read") {
		t.Errorf("scopes of the committee: %v", s)
	}
}

// TestUnknownOperations are refused to everybody, in every state.
func TestUnknownOperations(t *testing.T) {
	for _, role := range ballot.Roles() {
		if ballot.CodeOf(Allow("no-such-operation", role)) != ballot.CodeForbidden {
			t.Errorf("%s may do what nobody listed", role)
		}
	}
	if ballot.CodeOf(Allow("no-such-operation", "")) != ballot.CodeUnauthenticated || Allow("login", "") != nil {
		t.Error("nobody")
	}
	for _, s := range states {
		if ballot.CodeOf(In("no-such-operation", s)) != ballot.CodeState {
			t.Errorf("what nobody listed may be done while %s", s)
		}
	}
	for _, op := range All() {
		if row, _ := Lookup(op); !row.Public() && len(row.Roles()) == 0 {
			t.Errorf("%s is for nobody", op)
		}
	}
}

// TestTransitions holds the table against the states' own order: an operation that moves a meeting on is allowed
// exactly where the move is one.
func TestTransitions(t *testing.T) {
	for op, next := range map[string][]ballot.State{"seal": {ballot.Sealed}, "unseal": {ballot.Draft}, "open-meeting": {ballot.Open}, "balance": {ballot.Balanced},
		"certify": {ballot.Certified}, "release": {ballot.Released}, "archive": {ballot.Archived}} {
		for _, s := range states {
			// Going back to open has two operations of its own.
			can := s.Step(next[0]) == nil && !(op == "open-meeting" && s != ballot.Sealed)
			if may := In(op, s) == nil; may != can {
				t.Errorf("%s while %s: allowed %v, the move exists %v", op, s, may, can)
			}
		}
	}
	for op, s := range map[string]ballot.State{"back-to-open": ballot.Balanced, "reopen": ballot.Certified} {
		row, _ := Lookup(op)
		if s.Step(ballot.Open) != nil || !slices.Equal(row.States(ballot.RoleScrutineer), []ballot.State{s}) {
			t.Errorf("%s", op)
		}
	}
}

// TestAllowField divides the ledger between those who hand out and those who collect.
func TestAllowField(t *testing.T) {
	for _, field := range ballot.LedgerFields() {
		may := 0
		for _, role := range []ballot.Role{ballot.RolePrinting, ballot.RoleScanning} {
			if AllowField(field, role) == nil {
				may++
			}
		}
		if may != 1 {
			t.Errorf("%s is entered by %d of printing and scanning", field, may)
		}
	}
	if ballot.CodeOf(AllowField("scanned", ballot.RoleScanning)) != ballot.CodeInvalid {
		t.Error("scanned can be typed")
	}
}
