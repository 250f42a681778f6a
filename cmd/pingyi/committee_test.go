package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pingyi/ballot"
)

// openMeeting is an open meeting of four secretaries and nine voters at each venue.
func (r *accessRig) openMeeting(venues ...string) (id string) {
	ctx, s := context.Background(), r.app.store
	m := ballot.Meeting{Title: "述职评议会", Organiser: "工委", Date: "2026-01-15", Rules: ballot.DefaultRules(), Excluded: ballot.DefaultExcluded(),
		Groups: []ballot.VoterGroup{{Code: "A", Name: "书记", Weight: 100, Headcount: map[string]int{}}}}
	for _, v := range venues {
		m.Venues = append(m.Venues, ballot.Venue{Code: v, Name: "会场" + v})
		m.Groups[0].Headcount[v] = 9
	}
	for i := range 4 {
		m.Subjects = append(m.Subjects, ballot.Subject{No: i + 1, Name: fmt.Sprintf("张%c", []rune("明伟芳娜")[i]), Org: "机关", Post: "书记", Mode: ballot.Oral})
	}
	id = must[ballot.Meeting](r.T)(s.CreateMeeting(ctx, "test", m)).ID
	if _, _, err := s.Seal(ctx, "test", id, rand.Reader); err != nil {
		r.Fatal(err)
	}
	must[ballot.Meeting](r.T)(s.Open(ctx, "test", id))
	return id
}

// walkedMeeting is an open meeting with pages, of which some rows wait, in the rig's store: and every id that a page, leaf
// or batch of it has.
func (r *accessRig) walkedMeeting() (id string, ids []string) {
	s := r.app.store
	id = r.openMeeting("1")
	for _, f := range must[[]ballot.Form](r.T)(s.Forms(context.Background(), id)) {
		countAndClose(r.T, s, id, &f, 9)
	}
	for _, query := range []string{"SELECT id FROM pages WHERE meeting = ?", "SELECT id FROM leaves WHERE meeting = ?", "SELECT id FROM batches WHERE meeting = ?"} {
		rows, err := s.DB().Query(query, id)
		if err != nil {
			r.Fatal(err)
		}
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				r.Fatal(err)
			}
			ids = append(ids, id)
		}
		if err := rows.Close(); err != nil {
			r.Fatal(err)
		}
	}
	return id, ids
}

// answerTo is what an operation answers, whatever the status.
func (r *accessRig) answerTo(role ballot.Role, method, path, content string) (kind string, status int, answer []byte) {
	r.Helper()
	request, err := http.NewRequest(method, r.url+path, strings.NewReader(content))
	if err != nil {
		r.Fatal(err)
	}
	if content != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := r.browsers[role].Do(request)
	if err != nil {
		r.Fatal(err)
	}
	defer response.Body.Close()
	if answer, err = io.ReadAll(response.Body); err != nil {
		r.Fatal(err)
	}
	return response.Header.Get("Content-Type"), response.StatusCode, answer
}

// ballotLevel says what in an answer is of a single ballot: an id, a picture, or a key that only rows of pages have.
func ballotLevel(kind string, answer []byte, ids []string) string {
	for _, id := range ids {
		if bytes.Contains(answer, []byte(id)) {
			return "id " + id
		}
	}
	if strings.HasPrefix(kind, "image/") {
		return "a picture"
	}
	var v any
	if json.Unmarshal(answer, &v) != nil {
		return ""
	}
	return rowKey(v)
}

var rowKeys = []string{"scores", "verdict", "machine", "decisions", "disputed", "writing", "unclear", "form_page", "said", "also"}

func rowKey(v any) string {
	switch v := v.(type) {
	case []any:
		for _, inner := range v {
			if key := rowKey(inner); key != "" {
				return key
			}
		}
	case map[string]any:
		for name, inner := range v {
			// A meeting's rules have a scores and a writing too: numbers a grade, and a word.
			list, isList := inner.([]any)
			ofRules := name == "scores" && isList && (len(list) == 0 || isNumber(list[0])) || name == "writing" && !isList
			if slices.Contains(rowKeys, name) && !ofRules {
				return name
			}
			if key := rowKey(inner); key != "" {
				return key
			}
		}
	}
	return ""
}

func isNumber(v any) bool { _, is := v.(float64); return is }

// TestCommitteeSeesNoBallot asks every operation of the API as the committee in every state of a meeting with ballots, with
// ids that somebody has told it: nothing of a single ballot may come back. The same search finds ballots in what
// scrutineers get.
func TestCommitteeSeesNoBallot(t *testing.T) {
	r := newAccessRig(t)
	ctx, s := context.Background(), r.app.store
	id, ids := r.walkedMeeting()
	signers(t, s)
	steps := []func(){
		func() {},
		func() { must[ballot.Meeting](t)(s.Balance(ctx, "one", id)) },
		func() {
			r.both("one", "two", func(by string) error { _, err := s.Certify(ctx, by, id, "无误"); return err })
		},
		func() {
			r.both("three", "four", func(by string) error { _, err := s.Release(ctx, by, id, "无误"); return err })
		},
		func() {
			r.both("three", "four", func(by string) error { _, err := s.ExportRecords(ctx, by, id, "存档"); return err })
			must[int](t)(0, s.Downloaded(ctx, "three", id, "ab", 1))
			must[ballot.Meeting](t)(s.Archive(ctx, "three", id, time.Now().AddDate(0, 0, ballot.UsualRetention).Format(time.DateOnly)))
		},
	}
	asked, answered, found := 0, 0, 0
	for _, step := range steps {
		step()
		state := must[ballot.State](t)(s.State(ctx, id))
		for _, op := range apiOperations(t) {
			if op.id == "logout" || op.id == "release" || op.id == "archive" || op.id == "change-password" {
				continue // they answer with a state, and move what is walked on
			}
			for _, content := range []string{"", "{}"} {
				path := strings.NewReplacer("{meeting}", id, "{page}", ids[0], "{batch}", ids[len(ids)-1], "{comment}", ids[0]).Replace(op.path)
				path = fillPath.Replace(path)
				kind, status, answer := r.answerTo(ballot.RoleCommittee, op.method, path, content)
				asked++
				if status < 400 {
					answered++
				}
				if what := ballotLevel(kind, answer, ids); what != "" && status < 400 {
					t.Errorf("%s while %s: the committee gets %s", op.id, state, what)
				}
				if op.method != "GET" {
					continue
				}
				if kind, status, answer := r.answerTo(ballot.RoleScrutineer, op.method, path, ""); status < 400 && ballotLevel(kind, answer, ids) != "" {
					found++
				}
			}
		}
	}
	t.Logf("%d requests as the committee, %d answered; in %d answers to scrutineers there are ballots", asked, answered, found)
	if found < 10 || answered < 50 {
		t.Error("the search finds nothing where there is something")
	}
}

func (r *accessRig) both(one, other string, act func(by string) error) {
	r.Helper()
	must[int](r.T)(0, act(one))
	must[int](r.T)(0, act(other))
}
