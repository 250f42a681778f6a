package api

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"image/png"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"
	"time"

	"pingyi/ballot"
)

// TestUploads takes two files, refuses the same bytes again by name, and a body over the limit or cut off.
func TestUploads(t *testing.T) {
	s := newService(t)
	path := s.opened()
	scanning := s.as("scanning")
	var b Batch
	scanning.ok("POST", path+"/batches", map[string]any{"group": "A票"[:1], "venues": []string{"main"}}, &b)
	uploads := path + "/batches/" + b.ID + "/uploads"
	var got Uploaded
	r := scanning.file(uploads, "111\n112", "113")
	if err := json.Unmarshal(r.body, &got); err != nil || len(got.Uploads) != 2 || got.Uploads[0].Pages != 2 || got.Uploads[1].Bytes != 3 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if r := scanning.file(uploads, "111\n112"); r.status != 409 || r.problem.Code != ballot.CodeDuplicate {
		t.Errorf("again: %d %s", r.status, r.body)
	}
	if r := scanning.file(uploads, strings.Repeat("1", 2<<20)); r.problem.Code != ballot.CodeTooLarge {
		t.Errorf("too large: %d %s", r.status, r.body)
	}
	if r := scanning.file(uploads); r.problem.Code != codeNotRead {
		t.Errorf("no file: %d %s", r.status, r.body)
	}
	for _, cut := range []string{"--x\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\n222", "--x\r\n", ""} {
		r := scanning.send("POST", uploads, "multipart/form-data; boundary=x", strings.NewReader(cut))
		if r.problem.Code != codeNotRead {
			t.Errorf("cut off %q: %d %s", cut, r.status, r.body)
		}
	}
	scanning.ok("GET", path+"/batches/"+b.ID, nil, &b)
	if len(b.Uploads) != 2 {
		t.Errorf("uploads %+v", b.Uploads)
	}
}

// TestBrokenConnection is never taken for the end of the body, wherever it breaks.
func TestBrokenConnection(t *testing.T) {
	const whole = "--x\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\n222\r\n" +
		"--x\r\nContent-Disposition: form-data; name=file; filename=b\r\n\r\n333\r\n--x--"
	for n := range len(whole) {
		body := io.MultiReader(strings.NewReader(whole[:n]), iotest.ErrReader(io.ErrUnexpectedEOF))
		request := httptest.NewRequest("POST", "/", body)
		request.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		m := Multipart{writer: httptest.NewRecorder(), request: request}
		err := m.each(1000, func(_ string, file io.Reader) error {
			_, err := io.ReadAll(file)
			return err
		})
		if ballot.CodeOf(err) != codeNotRead {
			t.Fatalf("broken after %d bytes: %v", n, err)
		}
	}
}

// TestRejectedPage is disposed of before its batch can be closed.
func TestRejectedPage(t *testing.T) {
	s := newService(t)
	path := s.opened()
	scanning := s.as("scanning")
	var b Batch
	scanning.ok("POST", path+"/batches", map[string]any{"group": "A", "venues": []string{"main"}}, &b)
	one := path + "/batches/" + b.ID
	scanning.file(one+"/uploads", "111\nreject")
	scanning.refused(ballot.CodeUnresolved, "POST", one+"/close", nil)
	var pages BatchPageList
	scanning.ok("GET", one+"/pages", nil, &pages)
	if len(pages.Pages) != 2 || pages.Pages[1].Reason != ballot.RejectNoCode {
		t.Fatalf("pages %+v", pages)
	}
	if r := scanning.do("GET", one+"/pages/"+pages.Pages[1].ID+"/picture", nil); r.header.Get("Content-Type") != "image/jpeg" || !bytes.Equal(r.body, testPicture) {
		t.Errorf("picture: %d %s", r.status, r.header)
	}
	scanning.refused(ballot.CodeInvalid, "POST", one+"/pages/"+pages.Pages[1].ID+"/disposal", map[string]any{"disposal": "eaten"})
	scanning.ok("POST", one+"/pages/"+pages.Pages[1].ID+"/disposal", map[string]any{"disposal": "void"}, nil)
	scanning.ok("POST", one+"/close", vouching("scrutineer", pages.Pages[1].ID), &b)
	if b.State != ballot.BatchClosed || b.Leaves != 2 {
		t.Errorf("closed %+v", b)
	}
	scanning.ok("POST", path+"/batches", map[string]any{"group": "A", "venues": []string{"main"}}, &b)
	scanning.ok("DELETE", path+"/batches/"+b.ID, nil, nil)
	scanning.refused(ballot.CodeNotFound, "GET", path+"/batches/"+b.ID, nil)
}

// TestEvents follows a batch from its opening to its close as a browser does.
func TestEvents(t *testing.T) {
	s := newService(t)
	path := s.opened()
	scanning := s.as("scanning")
	var b Batch
	scanning.ok("POST", path+"/batches", map[string]any{"group": "A", "venues": []string{"main"}}, &b)
	one := path + "/batches/" + b.ID
	scanning.refused(ballot.CodeNotFound, "GET", path+"/batches/none/events", nil)

	response, err := scanning.http.Get(s.url + base + one + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if kind := response.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Fatalf("%d %s", response.StatusCode, kind)
	}
	events := make(chan string)
	go func() {
		defer close(events)
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			if lines.Text() != "" {
				events <- lines.Text()
			}
		}
	}()
	next := func() string {
		select {
		case e := <-events:
			return e
		case <-time.After(patience):
			t.Fatal("no event")
			return ""
		}
	}
	expect := func(event string, check func(Batch) bool) {
		t.Helper()
		if got := next(); got != "event: "+event {
			t.Fatalf("%q, want event %s", got, event)
		}
		data := next()
		var b Batch
		if err := json.Unmarshal([]byte(strings.TrimPrefix(data, "data: ")), &b); err != nil || check != nil && !check(b) {
			t.Fatalf("%s: %q %v", event, data, err)
		}
	}
	expect("progress", func(b Batch) bool { return b.State == ballot.BatchOpen && b.Pages.Pages == 0 })
	scanning.file(one+"/uploads", "111\n112")
	expect("progress", func(b Batch) bool { return b.Pages.Read == 2 })
	scanning.ok("POST", one+"/close", nil, nil)
	expect("progress", func(b Batch) bool { return b.State == ballot.BatchClosed && b.Leaves == 2 })
	expect("end", nil)
	if _, open := <-events; open {
		t.Error("the stream goes on after its end")
	}
}

// TestShutdown ends a stream of events and lets the server stop.
func TestShutdown(t *testing.T) {
	s := newService(t)
	path := s.opened()
	scanning := s.as("scanning")
	var b Batch
	scanning.ok("POST", path+"/batches", map[string]any{"group": "A", "venues": []string{"main"}}, &b)
	server := NewServer("", s.handler)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(listener)
	s.url = "http://" + listener.Addr().String()
	response, err := s.as("scanning").http.Get(s.url + base + path + "/batches/" + b.ID + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		t.Errorf("shutdown waits for the stream: %v", err)
	}
	if _, err := io.ReadAll(response.Body); err != nil {
		t.Errorf("the stream was cut: %v", err)
	}
}

// TestRowPicture cuts the row out of the picture where the form says it is.
func TestRowPicture(t *testing.T) {
	s := newService(t)
	path := s.opened()
	s.scanned(path, "A", scansA)
	teller := s.as("scrutineer")
	var pages PageList
	teller.ok("GET", path+"/pages", nil, &pages)
	if pages.Total != 6 {
		t.Fatalf("pages %+v", pages)
	}
	var file ballot.FormsFile
	teller.ok("GET", path+"/forms", nil, &file)
	row := file.Forms[0].Pages[0].Rows[1]
	r := teller.do("GET", path+"/pages/"+pages.Pages[0].ID+"/rows/2/picture", nil)
	img, err := png.Decode(bytes.NewReader(r.body))
	if err != nil {
		t.Fatalf("%d %s: %v", r.status, r.body[:min(80, len(r.body))], err)
	}
	if w := float64(img.Bounds().Dx()); w < 2*row.W || w > 2*(row.W+2*rowMargin)+2 {
		t.Errorf("width %v for a row of %v mm at 2 pixels a mm", w, row.W)
	}
	gray, _, _, _ := img.At(5, 0).RGBA()
	if want := (row.Y - rowMargin) / 297 * 255; abs(float64(gray>>8)-want) > 3 {
		t.Errorf("top line is gray %d, the page is gray %.0f there", gray>>8, want)
	}
	teller.refused(ballot.CodeNotFound, "GET", path+"/pages/"+pages.Pages[0].ID+"/rows/99/picture", nil)
	teller.refused(ballot.CodeNotFound, "GET", path+"/pages/none/rows/1/picture", nil)
}

// TestWritingPicture cuts writing outside the targets out of the picture, and shows where it is.
func TestWritingPicture(t *testing.T) {
	s := newService(t)
	path := s.opened()
	s.scanned(path, "A", scansA)
	teller := s.as("scrutineer")
	var pages PageList
	teller.ok("GET", path+"/pages", nil, &pages)
	id := pages.Pages[0].ID
	box := ballot.Rect{X: 20, Y: 100, W: 30, H: 8}
	for _, m := range s.store.meetings {
		p := m.pages[id]
		p.Flags, p.Writing = []string{ballot.FlagWriting}, []ballot.Rect{box}
	}
	var page Page
	teller.ok("GET", path+"/pages/"+id, nil, &page)
	if len(page.Writing) != 1 || page.Writing[0] != box || !slices.Contains(page.Flags, ballot.FlagWriting) {
		t.Errorf("the page shows %v %v", page.Flags, page.Writing)
	}
	r := teller.do("GET", path+"/pages/"+id+"/writing/0/picture", nil)
	img, err := png.Decode(bytes.NewReader(r.body))
	if err != nil {
		t.Fatalf("%d %s: %v", r.status, r.body[:min(80, len(r.body))], err)
	}
	if w := float64(img.Bounds().Dx()); w < 2*box.W || w > 2*(box.W+2*rowMargin)+2 {
		t.Errorf("width %v for writing of %v mm at 2 pixels a mm", w, box.W)
	}
	gray, _, _, _ := img.At(5, 0).RGBA()
	if want := (box.Y - rowMargin) / 297 * 255; abs(float64(gray>>8)-want) > 3 {
		t.Errorf("top line is gray %d, the page is gray %.0f there", gray>>8, want)
	}
	teller.refused(ballot.CodeNotFound, "GET", path+"/pages/"+id+"/writing/1/picture", nil)
	teller.refused(ballot.CodeNotFound, "GET", path+"/pages/"+pages.Pages[1].ID+"/writing/0/picture", nil)
}

func abs(x float64) float64 { return max(x, -x) }

// TestRollIsForgotten reads a roll, keeps its headcounts, and leaves its names neither in the meeting
// nor in the log.
func TestRollIsForgotten(t *testing.T) {
	s := newService(t)
	admin := s.as("admin")
	path := s.draft(admin)
	r := admin.file(path+"/roll?pdf=true", rollFile())
	var roll Roll
	if err := json.Unmarshal(r.body, &roll); err != nil {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if roll.Headcount["A"]["main"] != 6 || len(roll.Excluded) != 1 || roll.Excluded[0].Reason != "各单位党务工作者不参与画票" || string(roll.PDF) != "%PDF-signin 12" {
		t.Errorf("roll %+v", roll)
	}
	r = admin.do("GET", path, nil)
	if bytes.Contains(r.body, []byte("赵干")) || bytes.Contains(r.body, []byte("委员0")) || strings.Contains(s.log.String(), "赵干") {
		t.Error("a voter's name was kept")
	}
	var m ballot.Meeting
	if err := json.Unmarshal(r.body, &m); err != nil || m.Groups[1].Headcount["main"] != 5 {
		t.Errorf("headcounts %s", r.body)
	}
}

// TestLogKeepsSecrets looks for ids, names and bodies in the log after a page was looked at and decided.
func TestLogKeepsSecrets(t *testing.T) {
	s := newService(t)
	path := s.opened()
	s.scanned(path, "B", scansB)
	teller := s.as("scrutineer")
	var queue Queue
	teller.ok("GET", path+"/adjudication", nil, &queue)
	page := path + "/pages/" + queue.Rows[0].Page
	teller.ok("GET", page, nil, nil)
	teller.do("GET", page+"/picture", nil)
	teller.ok("POST", page+"/rows/2/decisions", map[string]any{"kind": "blank", "reason": "没有画"}, nil)
	log, metrics := s.log.String(), string(s.anonymous().do("GET", "!/metrics", nil).body)
	for name, text := range map[string]string{"log": log, "metrics": metrics} {
		if !strings.Contains(text, base+"/meetings/:meeting/batches/:batch/close") {
			t.Errorf("the %s lacks a route:\n%s", name, text)
		}
		for _, secret := range []string{queue.Rows[0].Page, "没有画", password, "scrutineer", "127.0.0.1", path, ":page", "adjudication", "bytes="} {
			if strings.Contains(text, secret) {
				t.Errorf("%q is in the %s", secret, name)
			}
		}
	}
}

// TestWeb serves the application's files, its pages for every other path, and problems under /api.
func TestWeb(t *testing.T) {
	s := newService(t)
	c := s.anonymous()
	for path, want := range map[string]string{"!/": "<title>app</title>", "!/meetings/m1": "<title>app</title>", "!/index.html": "<title>app</title>", "!/assets/a.js": "1"} {
		if r := c.do("GET", path, nil); r.status != 200 || string(r.body) != want {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
	for _, path := range []string{"!/api/none", "!/assets/none.js", "!/assets/../../x.go"} {
		if r := c.do("GET", path, nil); r.status != 404 {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
	for _, path := range []string{"!/", "!/api/v1/meetings", "!/api/docs"} {
		policy := c.do("GET", path, nil).header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
			t.Errorf("%s: policy %q", path, policy)
		}
	}
	page := c.do("GET", "!/api/docs", nil)
	script := c.do("GET", "!/api/docs/docs.js", nil)
	for _, part := range []reply{page, script} {
		if part.status != 200 || bytes.Contains(part.body, []byte("//cdn")) || bytes.Contains(part.body, []byte("https://")) {
			t.Errorf("the page to try operations on loads from elsewhere: %s", part.body)
		}
	}
	if r := c.do("GET", "/openapi.json", nil); r.status != 200 || !strings.Contains(r.header.Get("Content-Type"), "json") || !json.Valid(r.body) {
		t.Errorf("openapi.json: %d %s", r.status, r.header)
	}
	if r := c.do("GET", "!/healthz", nil); r.status != http.StatusOK {
		t.Errorf("healthz: %d", r.status)
	}
}

// TestCompressedFiles: text of the application is sent compressed to whoever reads that, and as it is otherwise.
func TestCompressedFiles(t *testing.T) {
	long := strings.Repeat("let a = 1;\n", 500)
	h, err := webHandler(fstest.MapFS{"index.html": {Data: []byte("x")}, "assets/a.js": {Data: []byte(long)}, "assets/b.js": {Data: []byte("1")}, "font.woff2": {Data: []byte(long)}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, accept string
		packed       bool
	}{{"/assets/a.js", "gzip, br", true}, {"/assets/a.js", "br;q=1.0, gzip;q=0.8", true}, {"/assets/a.js", "gzip;q=0", false}, {"/assets/a.js", "", false}, {"/assets/b.js", "gzip", false}, {"/font.woff2", "gzip", false}} {
		r := httptest.NewRequest("GET", c.path, nil)
		r.Header.Set("Accept-Encoding", c.accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		var body io.Reader = w.Body
		if packed := w.Header().Get("Content-Encoding") == "gzip"; packed != c.packed {
			t.Errorf("%s for %q: compressed %v", c.path, c.accept, packed)
		} else if packed {
			if w.Body.Len() > len(long)/5 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/javascript") {
				t.Errorf("%d bytes of %s", w.Body.Len(), w.Header().Get("Content-Type"))
			}
			if body, err = gzip.NewReader(w.Body); err != nil {
				t.Fatal(err)
			}
		}
		want := long
		if strings.Contains(c.path, "b.js") {
			want = "1"
		}
		if got, err := io.ReadAll(body); err != nil || string(got) != want {
			t.Errorf("%s for %q: %d bytes, %v", c.path, c.accept, len(got), err)
		}
	}
}
