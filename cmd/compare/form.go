package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"

	"pingyi/ballot"
	"pingyi/pdf"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

// sheet is the one page of the form, with what both readers look for printed on it.
type sheet struct {
	form  *ballot.Form
	page  *ballot.FormPage
	clean *raster.Image
}

// subjects is how many rows of an easy height one page holds.
const subjects = 24

// newForm is a roster form of one page.
func newForm() (*ballot.Form, error) {
	m := ballot.Meeting{ID: "compare", Title: "党组织书记抓基层党建工作述职评议表", Organiser: "地直机关工委", Date: "2026-01-15",
		Rules: ballot.DefaultRules(), Version: 1}
	for n := 1; n <= subjects; n++ {
		m.Subjects = append(m.Subjects, ballot.Subject{No: n, Name: "张晓明", Org: "地区住房公积金管理中心党支部", Mode: ballot.Written})
	}
	return ballot.NewForm(&m, ballot.VoterGroup{Code: "A", Name: "工委委员"}, bytes.NewReader([]byte{1, 2, 3, 4, 5, 6, 7, 8}))
}

// printSheet prints the form as Pingyi does and adds AMC's marks in its margins.
func printSheet(dir string) (*sheet, error) {
	form, err := newForm()
	if err != nil {
		return nil, err
	}
	fonts, err := pdf.LoadFonts()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	w, err := os.Create(filepath.Join(dir, "form.pdf"))
	if err != nil {
		return nil, err
	}
	if err := errors.Join(pdf.Ballots(w, form, 1, nil, fonts, nil), w.Close()); err != nil {
		return nil, err
	}
	pages, err := synth.RenderPDF(w.Name(), synth.RenderDPI)
	if err != nil {
		return nil, err
	}
	s := &sheet{form, &form.Pages[0], pages[0]}
	drawAMC(s.clean, s.page)
	return s, synth.NewFile(filepath.Join(dir, "form.png"), synth.PNG).Add(s.clean, 0) // to look at
}
