package api

import "testing"

// Looking at a ballot is no printing: the record has what went to paper alone.
func TestPreviewRecordsNothing(t *testing.T) {
	s := newService(t)
	path := s.opened()
	prints := func() (n int) {
		for _, a := range s.store.meetings["m1"].acts {
			if a.Act == "print" {
				n++
			}
		}
		return n
	}
	c := s.as("printing")
	if r := c.do("GET", path+"/print?group=A&show=true", nil); string(r.body) != "%PDF-ballots A 1 false" || prints() != 0 {
		t.Errorf("preview: %d %s, %d recorded", r.status, r.body, prints())
	}
	if r := c.do("GET", path+"/print?group=A", nil); r.status != 200 || prints() != 1 {
		t.Errorf("master: %d, %d recorded", r.status, prints())
	}
}
