package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pingyi/api"
	"pingyi/ballot"
)

// listed are the pages that scrutineers are given.
func (r *accessRig) listed(id string) (list api.PageList) {
	r.Helper()
	_, status, answer := r.answerTo(ballot.RoleScrutineer, "GET", "/api/v1/meetings/"+id+"/pages?limit=500", "")
	if err := json.Unmarshal(answer, &list); err != nil || status != 200 {
		r.Fatalf("%d: %s", status, answer)
	}
	return list
}

// TestScrutineerSeesNoClearPage asks every operation of the API as a scrutineer, between two closings, with the id of a page
// that nobody has to look at: no answer may name it or another such page, and each is the answer for a page that does not
// exist. Of nine sheets with one doubtful row, one page is told, and after the last closing all.
func TestScrutineerSeesNoClearPage(t *testing.T) {
	r := newAccessRig(t)
	ctx, s := context.Background(), r.app.store
	id := r.openMeeting("1", "2")
	form := must[[]ballot.Form](t)(s.Forms(ctx, id))[0]
	countAndClose(t, s, id, &form, 9, 2)
	var clear []string
	rows, err := s.DB().Query("SELECT id FROM pages WHERE meeting = ? AND unclear = 0", id)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var page string
		must[int](t)(0, rows.Scan(&page))
		clear = append(clear, page)
	}
	must[int](t)(0, rows.Close())
	first := r.listed(id)
	if len(clear) != 8 || first.Total != 1 || len(first.Pages) != 1 || first.Pages[0].Unclear != 1 || !first.HeldBack {
		t.Fatalf("%d clear pages, listed %+v", len(clear), first)
	}
	none := strings.Repeat("0", len(clear[0]))
	bodies := map[string]string{"decide": `{"kind":"grade","grade":"好","reason":"看得清","correct":true}`, "set-aside": `{"aside":true,"reason":"写有姓名"}`}
	asked := 0
	for _, op := range apiOperations(t) {
		if op.method != "GET" && bodies[op.id] == "" {
			continue // these name no page
		}
		asked++
		ask := func(page string) string {
			path := fillPath.Replace(strings.NewReplacer("{meeting}", id, "{page}", page, "{index}", "0").Replace(op.path))
			_, status, answer := r.answerTo(ballot.RoleScrutineer, op.method, path, bodies[op.id])
			return fmt.Sprint(status, string(answer))
		}
		answer := ask(clear[0])
		if other := ask(none); strings.HasPrefix(op.path, "/api/v1/meetings/{meeting}/pages/{page}") {
			answer = strings.ReplaceAll(answer, clear[0], none) // as an answer may repeat what it was asked for
			if answer != other || !strings.HasPrefix(answer, "404") {
				t.Errorf("%s: of a clear page %s, of none %s", op.id, answer, other)
			}
		}
		for _, page := range clear {
			if strings.Contains(answer, page) {
				t.Errorf("%s names a clear page", op.id)
			}
		}
	}
	if asked < 50 {
		t.Errorf("only %d operations were asked", asked)
	}
	countAndCloseAt(t, s, id, "2", &form, 9)
	last := r.listed(id)
	var ids []string
	for _, p := range last.Pages {
		ids = append(ids, p.ID)
	}
	if last.HeldBack || last.Total != 18 || len(ids) != 18 || !slices.IsSorted(ids) {
		t.Errorf("after the last closing: %+v", last)
	}
}
