package store_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// unlogged are the methods that write and have no entry, and why.
var unlogged = map[string]string{
	"InTx":          "what runs in it logs for itself",
	"Decide":        "sealed by the signed head at once; its entry comes with certifying, since the time would tell of its batch",
	"SetAside":      "as a decision",
	"AddUpload":     "work under way in an open batch has an order and a time, which must not stay; closing says what came of it",
	"FinishUpload":  "as uploads",
	"SaveSpoolPage": "as uploads",
	"Scrub":         "changes no row",
	"Close":         "changes no row",
	"DB":            "the pool that the job queue shares",
	"UsedToken":     "the day alone is noted; a use that does something has its own entry",
	"TakeStep":      "signing in is no part of the record",
	"Sessions":      "who is signed in is no part of the record; ending a session by hand is",

	"BeginDestruction":  "closes the door; the entry comes with the rows' deletion",
	"DestroyRows":       "its entry destroy_ballots is looked for by the test of destruction, for which a day must come",
	"FinishDestruction": "rewrites the file after the entry",
}

// writers are the exported methods of Store that can write, by what they and what they call name.
func writers(t *testing.T) map[string]bool {
	t.Helper()
	calls := map[string]map[string]bool{}
	exported := map[string]bool{}
	files := must[[]os.DirEntry](t)(os.ReadDir("."))
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		for _, d := range must[*ast.File](t)(parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)).Decls {
			fn, isFunc := d.(*ast.FuncDecl)
			if !isFunc || fn.Recv == nil {
				continue
			}
			pointer, _ := fn.Recv.List[0].Type.(*ast.StarExpr)
			if pointer == nil || pointer.X.(*ast.Ident).Name != "Store" {
				continue
			}
			exported[fn.Name.Name] = fn.Name.IsExported()
			named := map[string]bool{}
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				if s, is := n.(*ast.SelectorExpr); is {
					if x, is := s.X.(*ast.Ident); is && x.Name == fn.Recv.List[0].Names[0].Name {
						named[s.Sel.Name] = true
					}
				}
				return true
			})
			calls[fn.Name.Name] = named
		}
	}
	writes := func(string) bool { return false }
	seen := map[string]bool{}
	writes = func(name string) bool {
		if name == "writes" || name == "InTx" {
			return true
		}
		if seen[name] {
			return false
		}
		seen[name] = true
		for callee := range calls[name] {
			if writes(callee) {
				return true
			}
		}
		return false
	}
	out := map[string]bool{}
	for name, is := range exported {
		seen = map[string]bool{}
		if is && writes(name) {
			out[name] = true
		}
	}
	return out
}

// logSize is the number of entries of the log, and its signed head.
func logSize(t *testing.T, s *store.Store) (size int64, head string) {
	t.Helper()
	size = must[store.Checkpoint](t)(s.Checkpoint(context.Background())).Size
	ok(t, s.DB().QueryRow("SELECT note FROM log_head").Scan(&head))
	return size, head
}

// TestEveryActIsAnEntry does everything that the store can do: each act must lengthen the log, or have its reason not
// to, and the head must be signed anew. A method that writes and is in neither list fails it.
func TestEveryActIsAnEntry(t *testing.T) {
	done := map[string]bool{}
	s := open(t)
	step := func(method, act string, do func() error) {
		t.Helper()
		before, head := logSize(t, s)
		ok(t, do())
		after, now := logSize(t, s)
		acts := must[[]store.Act](t)(s.AllActs(context.Background(), store.ActFilter{Limit: 1}))
		if after <= before || head == now || acts[0].Act != act {
			t.Errorf("%s: the log had %d entries and has %d; the last act is %s, want %s", method, before, after, acts[0].Act, act)
		}
		done[method] = true
	}
	everything(t, s, step)
	for name := range writers(t) {
		if !done[name] && unlogged[name] == "" {
			t.Errorf("Store.%s writes: is its entry there? Do it here, or say why it has none", name)
		}
	}
	for name := range unlogged {
		if done[name] {
			t.Errorf("%s has an entry", name)
		}
	}
}

// everything does all acts, each by step.
func everything(t *testing.T, s *store.Store, step func(method, act string, do func() error)) {
	t.Helper()
	ctx := context.Background()
	var id string
	step("MakeFirst", "create_user", func() error { return s.MakeFirst(ctx, store.User{Name: "first", Role: ballot.RoleAdmin, Hash: "h"}) })
	if err := s.MakeFirst(ctx, store.User{Name: "second", Role: ballot.RoleAdmin, Hash: "h"}); ballot.CodeOf(err) != ballot.CodeNotFound {
		t.Errorf("a second first administrator: %v", err)
	}
	step("CreateUser", "create_user", func() error {
		return s.CreateUser(ctx, "root", store.User{Name: "u", Role: ballot.RoleAdmin, Hash: "h"})
	})
	step("UpdateUser", "update_user", func() error {
		return s.UpdateUser(ctx, "root", store.User{Name: "u", Role: ballot.RoleAdmin, Hash: "h"}, store.User{Name: "u", Role: ballot.RoleAdmin, Hash: "i"})
	})
	step("SetFactor", "set_factor", func() error {
		return s.SetFactor(ctx, "u", store.User{Name: "u", Factor: "f", Recovery: "a b"})
	})
	step("TakeRecovery", "use_recovery_code", func() error { return s.TakeRecovery(ctx, "u", "b") })
	step("CreateToken", "create_token", func() error {
		return s.CreateToken(ctx, store.Token{Digest: "d", Owner: "u", Label: "scanner", Scopes: "scans:write", Stamp: "s", Expires: 1 << 40})
	})
	refused(t, ballot.CodeNotFound, s.RevokeToken(ctx, "v", "d", "v"))
	step("RevokeToken", "revoke_token", func() error { return s.RevokeToken(ctx, "u", "d", "u") })
	step("EndedSession", "end_session", func() error { return s.EndedSession(ctx, "root", "u") })
	step("CreateMeeting", "create_meeting", func() error {
		m, err := s.CreateMeeting(ctx, "root", draft(2))
		id = m.ID
		return err
	})
	step("Edit", "put_rules", func() error {
		_, err := s.Edit(ctx, "root", id, "put_rules", func(m *ballot.Meeting) error { m.Rules.TwoAdjudicators = false; return nil })
		return err
	})
	step("SaveBlank", "upload_blank", func() error { return s.SaveBlank(ctx, "root", id, blankOf(draft(2))) })
	step("EditBlank", "settle_blank", func() error {
		_, err := s.EditBlank(ctx, "root", id, "A", "settle_blank", func(ballot.Meeting, *ballot.Blank) error { return nil })
		return err
	})
	step("RemoveBlank", "remove_blank", func() error { return s.RemoveBlank(ctx, "root", id, "A") })
	step("Seal", "seal", func() error { _, _, err := s.Seal(ctx, "root", id, rand.Reader); return err })
	step("Unseal", "unseal", func() error { return second(s.Unseal(ctx, "root", id)) })
	step("Seal", "seal", func() error { _, _, err := s.Seal(ctx, "root", id, rand.Reader); return err })
	step("Printed", "print", func() error { return s.Printed(ctx, "p1", id, "A", 9, nil) })
	step("Open", "open", func() error { return second(s.Open(ctx, "root", id)) })
	key := ballot.LedgerKey{Venue: "main", Group: "A"}
	step("EnterLedger", "enter_ledger", func() error { return s.EnterLedger(ctx, "p1", id, key, ballot.Returned, 5) })
	step("ConfirmLedger", "differ_ledger", func() error {
		if err := s.ConfirmLedger(ctx, "p2", id, key, ballot.Returned, 4); ballot.CodeOf(err) != ballot.CodeConflict {
			return err
		}
		return nil
	})
	step("ConfirmLedger", "confirm_ledger", func() error { return s.ConfirmLedger(ctx, "p2", id, key, ballot.Returned, 5) })
	handCounts(t, s, id, "main", 5)
	handCounts(t, s, id, "east", 0)
	var b ballot.Batch
	newBatch := func() (err error) { b, err = s.OpenBatch(ctx, "scan", id, "A", []string{"main"}); return err }
	step("OpenBatch", "open_batch", newBatch)
	step("DiscardBatch", "discard_batch", func() error { return s.DiscardBatch(ctx, "scan", b.ID, func(*sql.Tx) error { return nil }) })
	ok(t, newBatch())
	ok(t, upload(s, b.ID, "up", "content"))
	ok(t, s.SaveSpoolPage(ctx, ballot.SpoolPage{Upload: "up", Index: 0, Batch: b.ID, Reading: ballot.PageReading{Rejected: &ballot.Rejection{Reason: ballot.RejectNoPage}}}))
	step("DisposePages", "dispose_page", func() error { return s.DisposePages(ctx, "scan", b.ID, "up", []int{0}, ballot.Rescanned) })
	step("CloseBatch", "close_batch", func() error {
		c := closing(t, s, formA(t, s, id), "aa", "ab", "a-", "bc", "?a")
		c.Comments = []ballot.Comment{{ID: "c1", CommentCrop: ballot.CommentCrop{Picture: []byte("p")}}}
		return s.CloseBatch(ctx, "scan", b.ID, c, noJobs)
	})
	sealed := func(do func() error) { // no entry, and another head
		before, head := logSize(t, s)
		ok(t, do())
		if after, now := logSize(t, s); after != before || now == head {
			t.Errorf("a decision is %d entries, or the head is the same", after-before)
		}
	}
	row := waiting(t, s, id, "s1")
	sealed(func() error { return s.Decide(ctx, "s1", id, row.Page, row.Subject, decision("好"), false) })
	sealed(func() error { return s.SetAside(ctx, "s1", id, row.Page, true, "写有姓名") })
	step("Balance", "balance", func() error { return second(s.Balance(ctx, "s1", id)) })
	step("BackToOpen", "back_to_open", func() error { return second(s.BackToOpen(ctx, "s1", id, "x")) })
	ok(t, second(s.Balance(ctx, "s1", id)))
	step("TypeComment", "type_comment", func() error { return s.TypeComment(ctx, "s1", id, "c1", read("x")) })
	lastActs(t, s, id, step)
	auditActs(t, s, step)
	id = castMeeting(t, s, 60, true)
	for _, by := range []string{"a1", "a2"} {
		step("ExportCVR", "export_cvr", func() error { return second(s.ExportCVR(ctx, by, id, "x")) })
	}
	step("CVRDownloaded", "download_cvr", func() error { return s.CVRDownloaded(ctx, "a1", id, "ab", 1) })
	judged := opened(t, s, draft(2))
	handCounts(t, s, judged, "main", 5)
	feedInked(t, s, judged, "main", 6, 6, 6, 6, 6)
	step("Rejudge", "rejudge", func() error { return second(s.Rejudge(ctx, "root", judged, leastInk(0.8))) })
}

// lastActs are those of two persons, and those of the committee.
func lastActs(t *testing.T, s *store.Store, id string, step func(method, act string, do func() error)) {
	t.Helper()
	ctx := context.Background()
	signers(t, s)
	for _, by := range []string{"s1", "s2"} {
		step("Certify", "certify", func() error { return second(s.Certify(ctx, by, id, "无误")) })
	}
	for _, by := range []string{"s1", "s2"} {
		step("Reopen", "reopen", func() error { return second(s.Reopen(ctx, by, id, "x")) })
	}
	ok(t, second(s.Balance(ctx, "s1", id)))
	certify(t, s, id)
	for _, by := range []string{"c1", "c2"} {
		step("Release", "release", func() error { return second(s.Release(ctx, by, id, "无误")) })
	}
	grade := "好"
	step("Conclude", "conclude", func() error { return second(s.Conclude(ctx, "c1", id, 1, &grade, nil)) })
	step("SetOverallCap", "set_overall_cap", func() error { return s.SetOverallCap(ctx, "c1", id, 40) })
	for _, by := range []string{"c1", "c2"} {
		step("ExportRecords", "export_records", func() error { return second(s.ExportRecords(ctx, by, id, "存档")) })
	}
	step("Downloaded", "download_records", func() error { return s.Downloaded(ctx, "c1", id, "ab", 1) })
	step("Archive", "archive", func() error { return second(s.Archive(ctx, "c1", id, "2027-03-01")) })
	step("PostponeDestruction", "postpone_destruction", func() error { return s.PostponeDestruction(ctx, "c1", id, "2027-04-01", "有申诉") })
}

// auditActs are those of an audit of the paper.
func auditActs(t *testing.T, s *store.Store, step func(method, act string, do func() error)) {
	t.Helper()
	ctx := context.Background()
	a := &audited{Store: s, TB: t, paper: map[string][]string{}}
	m := draft(2)
	m.Rules.Audit = 1
	a.id = opened(t, s, m)
	for _, by := range []string{"s1", "s2"} {
		step("MakeAuditCode", "make_audit_code", func() error {
			code, err := s.MakeAuditCode(ctx, by, a.id)
			if err == nil {
				a.codes = append(a.codes, code)
			}
			return err
		})
	}
	a.m = must[ballot.Meeting](t)(s.Meeting(ctx, a.id))
	handCounts(t, s, a.id, "main", 5)
	handCounts(t, s, a.id, "east", 0)
	a.feed("main", map[int]string{0: "bb"}, "aa", "ab", "a-", "bc", "da")
	ok(t, second(s.Balance(ctx, "s1", a.id)))
	step("CommitAudit", "commit_audit", func() error { return s.CommitAudit(ctx, "s1", a.id, false) })
	for _, by := range []string{"s1", "s2"} {
		step("EnterDice", "enter_dice", func() error { return s.EnterDice(ctx, by, a.id, dice) })
	}
	for _, by := range []string{"s1", "s2"} {
		step("CountBundle", "count_bundle", func() error { return s.CountBundle(ctx, by, a.id, 1, a.hand(a.look().Bundles[0])) })
	}
	step("CompareAudit", "compare_audit", func() error { return second(s.CompareAudit(ctx, "s1", a.id, a.codes)) })
	for _, by := range []string{"s1", "s2"} {
		step("AcceptAudit", "accept_audit", func() error { return second(s.AcceptAudit(ctx, by, a.id, "x")) })
	}
}
