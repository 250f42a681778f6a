package ballot

import (
	"strings"
	"testing"
)

// Every pair of states, so that no step is legal by accident.
func TestMeetingSteps(t *testing.T) {
	legal := "draft>sealed sealed>draft sealed>open open>balanced balanced>open balanced>certified certified>open certified>released released>archived"
	states := []State{Draft, Sealed, Open, Balanced, Certified, Released, Archived}
	for _, from := range append(states, "nowhere") {
		for _, to := range states {
			err := from.Step(to)
			if want := contains(strings.Fields(legal), string(from+">"+to)); (err == nil) != want {
				t.Errorf("%s → %s: %v", from, to, err)
			}
			if err != nil && CodeOf(err) != CodeState {
				t.Errorf("%s → %s: code %s", from, to, CodeOf(err))
			}
		}
	}
	for _, s := range states {
		if s.Chinese() == "" {
			t.Errorf("%s has no name", s)
		}
	}
}

func TestPageSteps(t *testing.T) {
	legal := "received>read received>rejected read>adjudicated read>accepted read>set_aside adjudicated>accepted adjudicated>set_aside rejected>set_aside rejected>adjudicated"
	states := []PageState{PageReceived, PageRead, PageRejected, PageAdjudicated, PageAccepted, PageSetAside}
	for _, from := range states {
		for _, to := range states {
			if err := from.Step(to); (err == nil) != contains(strings.Fields(legal), string(from+">"+to)) {
				t.Errorf("%s → %s: %v", from, to, err)
			}
		}
	}
}

func TestRequire(t *testing.T) {
	if err := Open.Require("scan", Sealed, Open); err != nil {
		t.Error(err)
	}
	if err := Draft.Require("scan", Sealed, Open); CodeOf(err) != CodeState || !strings.Contains(err.Error(), "the meeting is draft: cannot scan now") {
		t.Error(err)
	}
	if err := Draft.Require("scan"); err == nil {
		t.Error("no state allows it, yet it was allowed")
	}
}
