package api

import (
	"bytes"
	"context"
	"encoding/json"
	"image/jpeg"
	"io"
	"strings"
	"testing"

	"pingyi/ballot"
)

// fakeTrials reads scans that are text: one line an image, "ok" marked as asked, "blank" without a mark, or the
// reason for which it is rejected.
type fakeTrials struct{}

func (fakeTrials) Trial(_ context.Context, f ballot.Form, _ string, file io.Reader, most int) (images []ballot.TrialImage, pictures [][]byte, err error) {
	text, err := io.ReadAll(file)
	for i, line := range strings.Fields(string(text)) {
		page := &f.Pages[i%len(f.Pages)]
		image := ballot.TrialImage{Reading: ballot.PageReading{Form: f.ID, Page: page.Page, Group: f.Group}}
		switch line {
		case "ok", "blank":
			for _, row := range page.Rows {
				v := ballot.Verdict{Kind: ballot.IsBlank}
				if grade := f.TrialMarks(page)[row.Subject]; grade != "" && line == "ok" {
					v = ballot.Verdict{Kind: ballot.IsGrade, Grade: grade}
				}
				image.Reading.Rows, image.Verdicts = append(image.Reading.Rows, ballot.RowReading{Subject: row.Subject}), append(image.Verdicts, v)
			}
		default:
			image.Reading = ballot.PageReading{Rejected: &ballot.Rejection{Reason: ballot.RejectReason(line)}}
		}
		images, pictures = append(images, image), append(pictures, testPicture)
	}
	if len(images) > most {
		err = ballot.Errorf(ballot.CodeTooLarge, "多了", "too many")
	}
	return images, pictures, err
}

// A real stack is no trial run, in however many files it comes.
func TestTrialIsSmall(t *testing.T) {
	s := newService(t)
	path, c := s.opened(), s.as("scanning")
	half := strings.Repeat("no_page\n", maxTrialImages/2)
	if r := c.file(path+"/trial?group=A", half, half); r.status != 200 {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := c.file(path+"/trial?group=A", half, half, "no_page\n"); r.problem.Code != ballot.CodeTooLarge {
		t.Errorf("%d %s", r.status, r.body)
	}
}

// TestTrial prints test ballots, reads their scans, and leaves no trace in the meeting.
func TestTrial(t *testing.T) {
	s := newService(t)
	path := s.opened()
	before := len(s.store.meetings["m1"].acts)
	for _, name := range []string{"admin", "printing", "scanning"} {
		c := s.as(name)
		if r := c.do("GET", path+"/trial/ballots?group=A", nil); r.header.Get("Content-Type") != "application/pdf" || string(r.body) != "%PDF-ballots A 3 false" {
			t.Errorf("%s: %d %q", name, r.status, r.body)
		}
		c.refused(ballot.CodeExcluded, "GET", path+"/trial/ballots?group=党务工作者", nil)
		for scans, want := range map[string]string{"ok\nok\nok\n": "ready", "ok\nok\n": "not_ready", "ok\nblank\nok\n": "not_ready", "ok\nok\nok\nok\n": "usable"} {
			var got TrialResult
			if r := c.file(path+"/trial?group=A", scans); r.status != 200 || json.Unmarshal(r.body, &got) != nil {
				t.Fatalf("%d %s", r.status, r.body)
			}
			if got.Ready != want || len(got.Images) != strings.Count(scans, "\n") || got.Rows == 0 {
				t.Errorf("%q: %+v, want %s", scans, got.TrialReport, want)
			}
		}
		var got TrialResult
		if r := c.file(path+"/trial?group=A", "ok\nother_meeting\nno_code\nno_page\ntrial_sheet\n", "ok\n"); json.Unmarshal(r.body, &got) != nil {
			t.Fatalf("%d %s", r.status, r.body)
		}
		if m, err := jpeg.Decode(bytes.NewReader(got.Images[0].Picture)); err != nil || m.Bounds().Dx() != trialWidth {
			t.Errorf("picture: %v", err)
		}
		for i, image := range got.Images {
			if known := i == 0 || i == 5; (image.Picture != nil) != known {
				t.Errorf("image %d (%s): a picture is sent: %v; what is not known to be a test ballot may be a real one", i+1, image.Reason, image.Picture != nil)
			}
		}
	}
	if m := s.store.meetings["m1"]; len(m.acts) != before || len(m.leaves) != 0 {
		t.Errorf("a trial run left acts %v, leaves %v", m.acts[before:], m.leaves)
	}
}

// TestFeeding pauses a batch, has it take the scanner's folder, and asks for a smaller picture.
func TestFeeding(t *testing.T) {
	s := newService(t)
	path := s.opened()
	c := s.as("scanning")
	var b Batch
	c.ok("POST", path+"/batches", map[string]any{"group": "A", "venues": []string{"main"}}, &b)
	one := path + "/batches/" + b.ID
	if r := c.file(one+"/uploads", "111\nreject"); r.status != 200 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	c.ok("POST", one+"/pause", map[string]any{"paused": true}, &b)
	if !b.Paused {
		t.Error("not paused")
	}
	c.refused(ballot.CodeConflict, "POST", one+"/folder", map[string]any{"on": true})
	c.ok("POST", one+"/folder", map[string]any{"on": true, "take_old": true}, &b)
	if b.Folder == nil || !b.Folder.On {
		t.Errorf("%+v", b)
	}
	var pages BatchPageList
	c.ok("GET", one+"/pages", nil, &pages)
	r := c.do("GET", one+"/pages/"+pages.Pages[0].ID+"/picture?width=100", nil)
	if m, err := jpeg.Decode(bytes.NewReader(r.body)); err != nil || m.Bounds().Dx() != 100 || r.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v %s", r.status, err, r.body)
	}
}
