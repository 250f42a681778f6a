package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"pingyi/api"
	"pingyi/ballot"
	"pingyi/ballot/keys"
	"pingyi/ballot/store"
	"pingyi/pdf"
	"pingyi/scans/code"
	"pingyi/scans/synth"
)

// printed draws the ballots of a PDF.
func (h *house) printed(f *ballot.Form, document []byte, seed uint64) (sheets []*paperStack) {
	h.t.Helper()
	path := filepath.Join(h.t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, document, 0o600); err != nil {
		h.t.Fatal(err)
	}
	pages, err := synth.RenderPDF(path, synth.RenderDPI)
	if err != nil {
		h.t.Fatal(err)
	}
	n := len(f.Pages)
	for i := 0; i+n <= len(pages); i += n {
		sheets = append(sheets, &paperStack{form: f, clean: pages[i : i+n], seed: seed})
	}
	return sheets
}

// issued are sheets that were printed with ids by some keys, and never recorded.
func (h *house) issued(f *ballot.Form, k ballot.SerialKeys) *paperStack {
	h.t.Helper()
	issue, err := ballot.NewIssue(f, k, 1, rand.Reader)
	if err != nil {
		h.t.Fatal(err)
	}
	var b bytes.Buffer
	if err := pdf.Serials(&b, f, issue, nil, h.app.fonts, nil); err != nil {
		h.t.Fatal(err)
	}
	return h.printed(f, b.Bytes(), 3)[0]
}

// TestSerialMeeting plays a small meeting from printing to released figures: nine ballots come back, of which one is a
// photocopy; a sheet is fed twice, and there are a forged one, one that was never printed and a specimen. Every figure
// equals the truth, and nothing that is kept knows a serial.
func TestSerialMeeting(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	check := h.check
	rules := ballot.DefaultRules()
	rules.Identity = ballot.Serial
	m, err := h.rosterMeeting(rules, 10, 26)
	check(err)
	var refused *problem
	if err := m.do("printing", "GET", m.path+"/print?group=A", nil, nil); !errors.As(err, &refused) || !strings.Contains(refused.Detail, "不能印底稿") {
		t.Errorf("a master: %v", err)
	}
	if err := m.do("printing", "POST", m.path+"/print/copied", map[string]any{"group": "A", "copies": 5}, nil); !errors.As(err, &refused) {
		t.Errorf("photocopies on record: %v", err)
	}
	document, err := m.users["printing"].send(m.ctx, "POST", m.path+"/print", "application/json", strings.NewReader(`{"group": "A", "copies": 10}`))
	check(err)
	specimen, err := m.users["printing"].send(m.ctx, "GET", m.path+"/print?group=A&show=true", "", nil)
	check(err)
	var file ballot.FormsFile
	check(m.do("printing", "GET", m.path+"/forms", nil, &file))
	f := &file.Forms[0]
	sheets := h.printed(f, document, 3)
	if len(sheets) != 10 || len(f.Pages) != 2 {
		t.Fatalf("%d sheets of %d pages", len(sheets), len(f.Pages))
	}
	own, err := keys.Folder(h.data).Of(m.id)
	check(err)
	strange, err := ballot.NewSerialKeys(rand.Reader)
	check(err)

	m.stacks["A"] = sheets[0]
	m.truth = m.differentBallots(8)
	others := m.differentBallots(13)[8:]
	var pictures [][]byte
	add := func(sheet *paperStack, b demoBallot, again int) {
		t.Helper()
		made, err := sheet.scan([]demoBallot{b}, again, nil)
		check(err)
		pictures = append(pictures, made...)
	}
	for i, b := range m.truth {
		add(sheets[i], b, 0)
	}
	add(sheets[2], others[0], 0) // a photocopy of a blank ballot, with marks of its own
	add(sheets[4], m.truth[4], 1)
	add(h.issued(f, own), others[1], 0)
	add(h.issued(f, strange), others[2], 0)
	add(h.printed(f, specimen, 3)[0], others[3], 0)
	want := strings.Repeat("read ", 16) + "serial_used serial_used serial_used serial_used serial_unissued serial_unissued serial_forged serial_forged serial_forged serial_forged"

	archive, err := zipOf(pictures)
	check(err)
	var batch api.Batch
	check(m.do("scanning", "POST", m.path+"/batches", map[string]any{"group": "A", "venues": []string{"1"}}, &batch))
	path := m.path + "/batches/" + batch.ID
	check(m.users["scanning"].upload(m.ctx, path+"/uploads", "stack.zip", archive, nil))
	waitFor(t, m.users["scanning"], path, allRead)
	check(m.disposeSerials(path, want, map[int]string{16: "void"})) // that one came from the ballot box
	check(m.count(ballot.LedgerKey{Venue: "1", Group: "A"}, map[ballot.LedgerField]int{
		ballot.Present: 9, ballot.Issued: 9, ballot.Spoiled: 0, ballot.NotReturned: 0, ballot.Returned: 9}))
	check(m.refused(ballot.CodeSecondPerson, "scanning", "POST", path+"/close", nil))
	var list api.BatchPageList
	check(m.do("scanning", "GET", path+"/pages", nil, &list))
	word := api.Vouching{Scrutineer: "scrutineer1", Signing: demoSigning}
	for _, p := range list.Pages {
		if p.Disposal == ballot.Void {
			word.Images = append(word.Images, p.ID)
		}
	}
	check(m.do("scanning", "POST", path+"/close", word, nil))
	check(m.decideAll())
	check(m.finish())
	check(m.compare("serial"))
	h.kill()
	h.checkSerials(m.id, f, own, sheets, pictures[0])
}

// disposeSerials checks what became of a batch's images and says that those that wait were taken out, but for some.
func (m *demoMeeting) disposeSerials(path, want string, but map[int]string) error {
	list := func() (words []string, pages []api.BatchPage, err error) {
		var out struct {
			Pages []api.BatchPage `json:"pages"`
		}
		err = m.do("scanning", "GET", path+"/pages", nil, &out)
		for _, p := range out.Pages {
			word := string(p.Reason)
			if p.State == ballot.PageRead {
				word = "read"
			}
			words = append(words, word)
		}
		return words, out.Pages, err
	}
	words, pages, err := list()
	if got := strings.Join(words, " "); err != nil || got != want {
		return errors.Join(err, fmt.Errorf("images are\n%s, want\n%s", got, want))
	}
	for i := 0; i < len(pages); i += 2 {
		how := but[i]
		if how == "" {
			how = "rescanned"
		}
		if pages[i].State == ballot.PageRejected {
			if err := m.do("scanning", "POST", path+"/pages/"+pages[i].ID+"/disposal", map[string]any{"disposal": how}, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkSerials looks at what the meeting left: serials and keys in no file but the keys', no code on a picture, ten ids
// of which eight are used, and an exported form with which a page reads as unchecked.
func (h *house) checkSerials(meeting string, f *ballot.Form, own ballot.SerialKeys, sheets []*paperStack, picture []byte) {
	t := h.t
	t.Helper()
	if info, err := os.Stat(filepath.Join(h.data, "serial-"+meeting+".key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("keys: %v, %v", info, err)
	}
	secrets := map[string]string{"the MAC key": string(own.MAC[:]), "the key of pseudonyms": string(own.Name[:]), "its hex": hex.EncodeToString(own.Name[:])}
	for i, s := range sheets {
		px := s.clean[0].DPI / 25.4
		text, ok := code.Read(s.clean[0], func(x, y float64) (u, v float64) { return x * px, y * px }, f.Pages[0].Code, f.CodeModules())
		c, err := ballot.ParseSerialCode(text)
		if !ok || err != nil {
			t.Fatalf("sheet %d has no serial: %v", i, err)
		}
		for what, secret := range map[string]string{"text": text[19:], "id": string(c.ID[:]), "hex": hex.EncodeToString(c.ID[:]), "MAC": hex.EncodeToString(c.MAC[:])} {
			secrets[fmt.Sprintf("%s of sheet %d", what, i)] = secret
		}
	}
	err := filepath.Walk(h.data, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() || strings.HasSuffix(path, ".key") {
			return err
		}
		raw, err := os.ReadFile(path)
		for what, secret := range secrets {
			if bytes.Contains(raw, []byte(secret)) {
				t.Errorf("%s holds %s", path, what)
			}
		}
		if strings.HasSuffix(path, ".jpg") {
			kept, err := jpeg.Decode(bytes.NewReader(raw))
			if err != nil {
				return err
			}
			if text, ok := qrIn(kept); ok {
				t.Errorf("%s shows the code %s", path, text)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	withTestStore(t, h.data, func(s *store.Store) error {
		printed, used, err := s.SerialCounts(h.ctx, meeting)
		if printed != 10 || used != 8 {
			t.Errorf("%d ids printed, %d used", printed, used)
		}
		return err
	})
	h.readUnchecked(meeting, own, picture)
}

// readUnchecked exports the forms, which hold no key, and reads a page by them.
func (h *house) readUnchecked(meeting string, own ballot.SerialKeys, picture []byte) {
	t := h.t
	t.Helper()
	dir := t.TempDir()
	code, out, errOut := pingyi(t, "forms", "export", meeting, "--data", h.data)
	if code != 0 || strings.Contains(out, hex.EncodeToString(own.MAC[:])) || strings.Contains(out, string(own.MAC[:])) {
		t.Fatal(code, errOut)
	}
	forms, page := filepath.Join(dir, "forms.json"), filepath.Join(dir, "page.jpg")
	if err := errors.Join(os.WriteFile(forms, []byte(out), 0o600), os.WriteFile(page, picture, 0o600)); err != nil {
		t.Fatal(err)
	}
	code, out, errOut = pingyi(t, "read", "--forms", forms, page)
	if code != 0 || !strings.Contains(out, `"serial":"unchecked"`) || !strings.Contains(out, `"status":"read"`) {
		t.Errorf("read: %d %s\n%.400s", code, errOut, out)
	}
	code, _, errOut = pingyi(t, "print", meeting, "--group", "A", "--copies", "1", "-o", filepath.Join(dir, "m.pdf"), "--data", h.data)
	if code == 0 || !strings.Contains(errOut, "master") && !strings.Contains(errOut, "底稿") {
		t.Errorf("a master on the command line: %d %s", code, errOut)
	}
}

// qrIn looks for a QR code anywhere in a picture. Its library finds five of a thousand codes nowhere.
func qrIn(m image.Image) (string, bool) {
	bitmap, err := gozxing.NewBinaryBitmapFromImage(m)
	if err != nil {
		return "", false
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return "", false
	}
	return result.GetText(), true
}

// The pages of a meeting in serial mode: copies without a master, and held sheets with what to do.
func TestBrowserSerial(t *testing.T) {
	t.Parallel()
	b := newVisitor(t, "serial.mjs")
	data, id, f := openMeeting(t, 8, func(r *ballot.Rules) { r.Identity = ballot.Serial })
	withTestStore(t, data, func(s *store.Store) error {
		addUsers(t, s, map[string]ballot.Role{"printing": ballot.RolePrinting})
		return nil
	})
	h := newHouse(t, t.TempDir()) // to draw and mark what was printed
	s := startService(t, data)
	dir := t.TempDir()
	settings := map[string]string{"BASE": s.base, "MEETING": id, "PASSWORD": testPassword, "SAVE": filepath.Join(dir, "a.pdf"), "STACK": filepath.Join(dir, "a.zip"), "PAGES": "5"}
	b.visit(t, "print", settings)
	document, err := os.ReadFile(settings["SAVE"])
	if err != nil {
		t.Fatal(err)
	}
	strange, err := ballot.NewSerialKeys(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sheets := h.printed(&f, document, 3)[1:] // after the cover
	sheets = append(sheets[:3:3], h.issued(&f, strange), sheets[2])
	var pictures [][]byte
	for i, sheet := range sheets {
		made, err := sheet.scan([]demoBallot{sheet.vote("1", i)}, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		pictures = append(pictures, made...)
	}
	archive, err := zipOf(pictures)
	if err == nil {
		err = os.WriteFile(settings["STACK"], archive, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	b.visit(t, "scan", settings)
}

// The command line prints copies that all differ and records their ids.
func TestSerialsOnTheCommandLine(t *testing.T) {
	data, id := sealedMeeting(t, 8, ballot.RosterForm, func(r *ballot.Rules) { r.Identity = ballot.Serial })
	out := filepath.Join(t.TempDir(), "a.pdf")
	if code, _, errOut := pingyi(t, "print", id, "--group", "A", "--copies", "3", "--cover", "-o", out, "--data", data); code != 0 {
		t.Fatal(code, errOut)
	}
	withTestStore(t, data, func(s *store.Store) error {
		printed, used, err := s.SerialCounts(t.Context(), id)
		if printed != 3 || used != 0 {
			t.Errorf("%d printed, %d used", printed, used)
		}
		return err
	})
	if err := keys.Folder(data).Forget(id); err != nil {
		t.Fatal(err)
	}
	code, _, errOut := pingyi(t, "print", id, "--group", "A", "--copies", "2", "-o", out+"2", "--data", data)
	if code == 0 || !strings.Contains(errOut, "serial-") {
		t.Errorf("printed with new keys after the old were lost: %d %s", code, errOut)
	}
}
