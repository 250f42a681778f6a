package learn_test

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/scans"
	"pingyi/scans/learn"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

func at(name string) int {
	for i := range forms {
		if forms[i].name == name {
			return i
		}
	}
	return -1
}

// Pages of other forms, mirrored pages, two sheets, pages whose title and names are covered, blank sides and
// pictures are refused.
func TestOthersAreRefused(t *testing.T) {
	e := engine(t)
	f := confirmed(t, at("plain"), e)
	r, err := scans.NewReader([]ballot.Form{*f}, scans.Options{OCR: e})
	if err != nil {
		t.Fatal(err)
	}
	clean := printed(t, "plain")[0]
	for _, kind := range synth.RefuseKinds {
		for seed := range uint64(3) {
			rnd := rand.New(rand.NewPCG(seed, 7))
			page := &f.Pages[0]
			d := synth.Refuse(kind, rnd)
			img, other := marked(clean, page, rnd), marked(clean, page, rnd)
			img = synth.Scan(synth.Spoil(img, other, known(page), d, rnd), d, rnd)
			if res := r.ReadPage(img); res.Rejected == nil {
				t.Errorf("%s, seed %d: was read", kind, seed)
				save(t, img, f, 0, seed)
			} else {
				t.Logf("%s: %s", kind, res.Rejected)
			}
		}
	}
	for _, want := range forms {
		if want.name == "plain" {
			continue
		}
		for i, img := range printed(t, want.name) {
			if res := r.ReadPage(img); res.Rejected == nil {
				t.Errorf("page %d of %s was read as plain", i+1, want.name)
			}
		}
	}
}

// known is a page that has as its line of identity what tells a learned page: title and names.
func known(page *ballot.FormPage) *ballot.FormPage {
	out := *page
	out.Labels = nil
	for _, l := range page.Labels {
		if l.Role == ballot.LabelTitle {
			out.Labels = append(out.Labels, ballot.Label{Role: ballot.LabelIdentity, Rect: l.Rect})
		}
	}
	for _, r := range page.Rows {
		out.Labels = append(out.Labels, ballot.Label{Role: ballot.LabelIdentity, Rect: r.NameBox.Inset(1.5)})
	}
	return &out
}

func marked(clean *raster.Image, page *ballot.FormPage, r *rand.Rand) *raster.Image {
	img := clean.Clone()
	synth.Mark(img, page, synth.NewHand(r, false), synth.Realistic(), r)
	return img
}

// A page on which other names stand in the same table is another ballot.
func TestOtherNamesAreRefused(t *testing.T) {
	e := engine(t)
	f := confirmed(t, at("single"), e)
	only := *f
	only.Pages = f.Pages[:1]
	r, err := scans.NewReader([]ballot.Form{only}, scans.Options{OCR: e})
	if err != nil {
		t.Fatal(err)
	}
	for i, img := range printed(t, "single") {
		res := r.ReadPage(img)
		if i == 0 && (res.Rejected != nil || res.Page != 1) {
			t.Errorf("its own page was rejected: %v", res.Rejected)
		}
		if i > 0 && res.Rejected == nil {
			t.Errorf("the page of another secretary (%d) was read as the first's", i+1)
		}
	}
}

// All forms together: each page is its own form's.
func TestFormsAreToldApart(t *testing.T) {
	e := engine(t)
	var all []ballot.Form
	for _, name := range []string{"plain", "reverse", "single", "twopages", "landscape"} {
		all = append(all, *confirmed(t, at(name), e))
	}
	r, err := scans.NewReader(all, scans.Options{OCR: e})
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		for k, img := range printed(t, strings.TrimSuffix(all[i].Learned.Source, ".pdf")) {
			res := r.ReadPage(img)
			if res.Rejected != nil || res.Form != all[i].ID || res.Page != k+1 {
				t.Errorf("%s page %d: read as form %s page %d, rejected %v", all[i].Learned.Source, k+1, res.Form, res.Page, res.Rejected)
			}
		}
	}
}

// Where there is no room for a ring it would touch the words beside.
func TestTightWordsAreRefused(t *testing.T) {
	_, err := propose(t, "tight", engine(t))
	if ballot.CodeOf(err) != ballot.CodeForm || !strings.Contains(err.Error(), "too little white") {
		t.Fatalf("got %v", err)
	}
}

func TestUnconfirmedFormsAreNotRead(t *testing.T) {
	e := engine(t)
	p, err := propose(t, "merged", e)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := scans.NewReader([]ballot.Form{p.Form}, scans.Options{OCR: e}); ballot.CodeOf(err) != ballot.CodeForm {
		t.Errorf("a proposal was taken for a form: %v", err)
	}
	f := confirmed(t, at("plain"), e)
	if _, err := scans.NewReader([]ballot.Form{*f}, scans.Options{}); ballot.CodeOf(err) != ballot.CodeForm {
		t.Errorf("without OCR nothing tells the pages, and no error: %v", err)
	}
}

func TestSettleRefuses(t *testing.T) {
	all := subjects(t)
	f := &ballot.Form{Grades: []string{"好", "差"}, Learned: &ballot.Learned{Unsure: []ballot.Unsure{{Key: "row 1.2", Page: 1}, {Key: "column 1.1.2", Best: "差"}}},
		Pages: []ballot.FormPage{{Page: 1, Rows: []ballot.Row{{Subject: 3}, {Subject: -2, Rect: ballot.Rect{W: 9, H: 9}}}, Targets: []ballot.Target{{Subject: -2, Rect: ballot.Rect{X: 2, W: 5, H: 5}}}}}}
	for _, c := range []struct{ key, value string }{{"row 9.9", "1"}, {"row 1.2", "3"}, {"row 1.2", "900"}, {"row 1.2", "x"}, {"column 1.1.2", "好"}, {"column 1.1.2", "优"}} {
		if err := learn.Settle(f, all, c.key, c.value); err == nil {
			t.Errorf("%s = %s was accepted", c.key, c.value)
		}
	}
	if err := learn.Settle(f, all, "row 1.2", "5"); err != nil || f.Pages[0].Rows[1].Subject != 5 || f.Pages[0].Targets[0].Subject != 5 || len(f.Learned.Unsure) != 1 {
		t.Errorf("row 1.2 = 5: %v, %+v", err, f.Pages[0])
	}
}

// The small PDFs of testdata were made from the documents beside them.
func TestDocumentsAreConverted(t *testing.T) {
	if _, err := exec.LookPath("soffice"); err != nil {
		if _, err := learn.ToPDF(context.Background(), "testdata/plain.fodt"); ballot.CodeOf(err) != ballot.CodeForm {
			t.Errorf("without LibreOffice: %v", err)
		}
		t.Skip("soffice is not installed: documents are not converted")
	}
	data, err := learn.ToPDF(context.Background(), "testdata/plain.fodt")
	if err != nil {
		t.Fatal(err)
	}
	if doc, err := raster.Open("plain", data, raster.Options{}); err != nil || doc.Pages() != 1 {
		t.Errorf("converted: %v", err)
	}
	broken := filepath.Join(t.TempDir(), "broken.docx")
	if err := os.WriteFile(broken, []byte("PK\x03\x04 no document"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := learn.ToPDF(context.Background(), broken); ballot.CodeOf(err) != ballot.CodeForm {
		t.Errorf("a broken document: %v", err)
	}
}
