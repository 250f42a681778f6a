package api

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"testing"

	"pingyi/ballot"
)

// exported has two of the committee sign, and one of them download; it gives what was downloaded.
func (s *service) exported(path string) reply {
	s.t.Helper()
	first, second := s.as("committee"), s.as("committee2")
	first.ok("POST", path+"/records", Signing{password, "归档存查"}, nil)
	second.ok("POST", path+"/records", Signing{password, "归档存查"}, nil)
	r := second.do("GET", path+"/records", nil)
	if r.status != 200 {
		s.t.Fatalf("%d %s", r.status, r.body)
	}
	return r
}

// archived exports the records of a released meeting and archives it.
func (s *service) archived(path string) {
	s.t.Helper()
	s.exported(path)
	committee := s.as("committee")
	var a ballot.Archiving
	committee.ok("GET", path+"/archive", nil, &a)
	committee.ok("POST", path+"/archive", map[string]any{"destroy_on": a.Terms.Usual}, nil)
}

// released is a meeting whose results are out.
func (s *service) released() (path string) {
	s.t.Helper()
	path = s.balancedWithComments(0)
	s.as("scrutineer").ok("POST", path+"/balance", nil, nil)
	for _, who := range []string{"scrutineer", "scrutineer2"} {
		s.as(who).ok("POST", path+"/certify", signing, nil)
	}
	for _, who := range []string{"committee", "committee2"} {
		s.as(who).ok("POST", path+"/release", signing, nil)
	}
	return path
}

// TestExport: two persons, a reason, nobody else; the file is the same each time, and its manifest is true.
func TestExport(t *testing.T) {
	s := newService(t)
	path := s.released()
	committee := s.as("committee")
	committee.refused(ballot.CodeSecondPerson, "GET", path+"/records", nil)
	committee.refused(ballot.CodeInvalid, "POST", path+"/records", Signing{Password: password})
	committee.refused(ballot.CodeState, "POST", path+"/archive", map[string]any{"destroy_on": "2027-03-01"})
	r := s.exported(path)
	again := committee.do("GET", path+"/records", nil)
	if !bytes.Equal(r.body, again.body) || r.header.Get("Content-Type") != "application/zip" {
		t.Errorf("two downloads differ: %d and %d bytes; %v", len(r.body), len(again.body), r.header)
	}
	for _, role := range []string{"admin", "scrutineer", "printing", "scanning"} {
		s.as(role).refused(ballot.CodeForbidden, "GET", path+"/records", nil)
		s.as(role).refused(ballot.CodeForbidden, "POST", path+"/records", map[string]any{"reason": "x"})
	}
	var a ballot.Archiving
	committee.ok("GET", path+"/archive", nil, &a)
	if sum := sha256.Sum256(r.body); a.Export.Digest != hex.EncodeToString(sum[:]) || a.Export.Bytes != int64(len(r.body)) {
		t.Errorf("recorded %+v", a.Export)
	}
	files := unzip(t, r.body)
	var m Manifest
	if err := json.Unmarshal(files["manifest.json"], &m); err != nil {
		t.Fatal(err)
	}
	if m.Meeting.ID != "m1" || m.Meeting.SealHash == "" || m.Result != 1 || m.Export.AskedBy != "committee" || m.Export.ConfirmedBy != "committee2" || m.Export.Reason != "归档存查" || len(m.Files) != len(files)-1 {
		t.Errorf("manifest %+v", m)
	}
	for _, f := range m.Files {
		if sum := sha256.Sum256(files[f.Name]); hex.EncodeToString(sum[:]) != f.SHA256 || f.Bytes != len(files[f.Name]) {
			t.Errorf("%s is not as the manifest says", f.Name)
		}
	}
	for _, name := range []string{"README.txt", "acts.json", "comments.json", "decisions.json", "forms.json", "groups.json", "ledger.json", "result.json", "roster.json", "rules.json", "statement.pdf", "summary.csv", "summary.xlsx", "venues.json"} {
		if len(files[name]) == 0 {
			t.Errorf("no %s", name)
		}
	}
	var acts ActList
	if err := json.Unmarshal(files["acts.json"], &acts); err != nil || acts.Acts[0].ID >= acts.Acts[1].ID || slices.ContainsFunc(acts.Acts, func(a Act) bool { return a.Act == "download_records" }) {
		t.Errorf("acts %v", err)
	}
}

// unzip opens an export, and checks that names are sorted and times fixed.
func unzip(t *testing.T, data []byte) map[string][]byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files, last := map[string][]byte{}, ""
	for _, f := range in.File {
		if f.Name <= last || !f.Modified.Equal(recordTime) {
			t.Errorf("%s after %s, of %s", f.Name, last, f.Modified)
		}
		last = f.Name
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	return files
}

// TestArchive: a date within the terms, only ever put off; nobody destroys before it, and after it the admin may.
func TestArchive(t *testing.T) {
	s := newService(t)
	path := s.released()
	s.exported(path)
	committee, admin := s.as("committee"), s.as("admin")
	admin.refused(ballot.CodeForbidden, "POST", path+"/archive", map[string]any{"destroy_on": "2027-03-20"})
	if p := committee.refused(ballot.CodeInvalid, "POST", path+"/archive", map[string]any{"destroy_on": "2026-12-01"}); p.Location != "destroy_on" {
		t.Errorf("%+v", p)
	}
	admin.refused(ballot.CodeState, "POST", path+"/archive/destruction", nil)
	committee.ok("POST", path+"/archive", map[string]any{"destroy_on": "2027-03-20"}, nil)
	committee.refused(ballot.CodeState, "GET", path+"/records", nil)
	committee.refused(ballot.CodeState, "POST", path+"/records", Signing{password, "再要一份"})
	committee.refused(ballot.CodeInvalid, "PUT", path+"/archive/destruction", map[string]any{"destroy_on": "2027-03-19", "reason": "早些"})
	var a ballot.Archiving
	committee.ok("PUT", path+"/archive/destruction", map[string]any{"destroy_on": "2027-04-01", "reason": "有申诉"}, &a)
	if a.DestroyOn != "2027-04-01" || a.State != ballot.Archived {
		t.Errorf("%+v", a)
	}
	for _, who := range []*client{committee, admin} {
		who.refused(ballot.CodeTooEarly, "POST", path+"/archive/destruction", nil)
	}
	s.store.meetings["m1"].archive.Due = true
	s.as("scrutineer").refused(ballot.CodeForbidden, "POST", path+"/archive/destruction", nil)
	admin.ok("POST", path+"/archive/destruction", nil, &a)
	if a.Keeping != ballot.Destroyed || a.DestroyedBy != "admin" {
		t.Errorf("%+v", a)
	}
	if r := admin.do("POST", path+"/archive/destruction", nil); r.status != 410 || r.problem.Code != ballot.CodeDestroyed {
		t.Errorf("%d %s", r.status, r.body)
	}
}
