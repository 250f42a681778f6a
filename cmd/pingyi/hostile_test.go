package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pingyi/api"
	"pingyi/ballot"
)

var (
	hostileEvery   = flag.Int("hostile.every", 25, "each so manieth hostile file goes through its doors")
	hostileResults = flag.String("hostile.results", "", "file that a line a kind and door is appended to")
)

// No hostile file may take more.
const (
	hostileMemory = 1 << 30 // bytes, resident, of any one process
	hostileTime   = 60 * time.Second
)

// hostileLine is what the files of one kind did at one door.
type hostileLine struct {
	Door    string  `json:"door"`
	Kind    string  `json:"kind"`
	Files   int     `json:"files"`
	Peak    int64   `json:"peak"`    // bytes, most of any process
	Slowest float64 `json:"slowest"` // seconds
	Worst   string  `json:"worst"`   // file that took most memory
}

// siege sends hostile files through the doors of a running service.
type siege struct {
	*house
	m     *demoMeeting
	batch string
	good  []byte
	lines map[string]*hostileLine
	sent  int
}

// Hostile files of every kind go through every door that takes files: scans, trial runs, rosters, rolls, blanks, the
// scanner's folder and the command line. Each is read or refused, none takes a process over 1 GB or 60 seconds, and a
// good scan is read after all of them. `make hostile` sends all files.
func TestHostileFiles(t *testing.T) {
	watch := t.TempDir()
	h := openHouse(t, t.TempDir(), "PINGYI_WORKERS=1", "PINGYI_WATCH="+watch)
	s := &siege{house: h, lines: map[string]*hostileLine{}}
	s.m = must[*demoMeeting](t)(h.shortMeeting(5, 7))
	s.good = must[[]byte](t)(s.m.stacks["A"].scanAt(s.m.differentBallots(1)[0], 150, 0, 0))
	var b api.Batch
	must[int](t)(0, s.m.do("scanning", "POST", s.m.path+"/batches", map[string]any{"group": "A", "venues": []string{"1"}}, &b))
	s.batch = s.m.path + "/batches/" + b.ID
	scans := slices.Concat(hostileZips(s.good), hostilePNGs(), hostileJPEGs(s.good), hostileTIFFs(), hostilePDFs(), hostileOthers(s.good))
	sheets := hostileSheets()
	if n := len(scans) + len(sheets); n < 300 {
		t.Errorf("only %d hostile files", n)
	}
	draft := must[*demoMeeting](t)(h.create("草稿"))
	must[int](t)(0, draft.putRules(ballot.DefaultRules(), []ballot.VoterGroup{{Code: "A", Name: "工委委员", Categories: []string{"工委委员"}, Weight: 100, Headcount: map[string]int{"1": 5}}},
		[]ballot.Venue{{Code: "1", Name: "主会场"}}))
	must[int](t)(0, draft.users["admin"].upload(h.ctx, draft.path+"/roster", "roster.csv", []byte("序号,姓名,单位,职务,述职方式\n1,张明,一支部,书记,现场述职\n"), nil))
	for i, f := range scans {
		if i%*hostileEvery != 0 {
			continue
		}
		f = f.made()
		s.attack("scans", f, s.scan)
		if (i / *hostileEvery)%5 == 0 {
			s.attack("trial run", f, s.through("scanning", s.m.path+"/trial?group=A"))
			s.attack("command line", f, s.commandLine)
		}
		if (i / *hostileEvery)%10 == 0 && len(f.data) < 16<<20 {
			s.attack("blank", f, s.through("admin", draft.path+"/blanks/A"))
			s.attack("scanner's folder", f, s.folder(watch))
		}
	}
	for i, f := range sheets {
		if i%*hostileEvery == 0 {
			f = f.made()
			s.attack("roster", f, s.through("admin", draft.path+"/roster/read"))
			s.attack("roll", f, s.through("admin", draft.path+"/roll"))
		}
	}
	s.headers()
	if err := s.scan(hostileFile{kind: "good", name: "good.jpg", data: append(bytes.Clone(s.good), "good"...)}); err != nil {
		t.Errorf("a good scan after all: %v", err)
	}
	var pages api.BatchPageList
	must[int](t)(0, s.m.do("scanning", "GET", s.batch+"/pages", nil, &pages))
	if last := pages.Pages[len(pages.Pages)-1]; last.State != ballot.PageRead {
		t.Errorf("a good scan after all is %s: %s %s", last.State, last.Reason, last.Facts)
	}
	s.report(len(scans) + len(sheets))
}

// attack sends one file and measures all processes.
func (s *siege) attack(door string, f hostileFile, send func(hostileFile) error) {
	s.t.Helper()
	for _, p := range started() {
		_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.pid), []byte("5"), 0) // the peak begins anew; where it may not, it is too high
	}
	stop, worst := make(chan struct{}), make(chan int64)
	go func() {
		var most int64
		for {
			select {
			case <-stop:
				worst <- max(most, peak())
				return
			case <-time.After(20 * time.Millisecond):
				most = max(most, peak())
			}
		}
	}()
	begin := time.Now()
	err := send(f)
	took := time.Since(begin)
	close(stop)
	most := <-worst
	s.sent++
	var p *problem
	if err != nil && (!errors.As(err, &p) || p.Status >= 500 || p.Status == 404 || p.Status == 405) {
		s.t.Errorf("%s, %s %.60q of %d bytes: %v", door, f.kind, f.name, len(f.data), err)
	}
	if most > hostileMemory || took > hostileTime {
		s.t.Errorf("%s, %s %.60q of %d bytes: %d MB, %.1f s", door, f.kind, f.name, len(f.data), most>>20, took.Seconds())
	}
	key := door + "\x00" + f.kind
	l := s.lines[key]
	if l == nil {
		l = &hostileLine{Door: door, Kind: f.kind}
		s.lines[key] = l
	}
	l.Files++
	l.Slowest = max(l.Slowest, took.Seconds())
	if most > l.Peak {
		l.Peak, l.Worst = most, fmt.Sprintf("%.40s", f.name)
	}
}

// started are the service, the command line and their children: all processes that this one has started.
func started() []proc { return processesOf(os.Getpid())[1:] }

// peak is the most resident memory of any of them since it was last set back, in bytes.
func peak() (most int64) {
	for _, p := range started() {
		most = max(most, peakOf(p.pid))
	}
	return most
}

// peakOf is that of one process; 0 where there is none any more.
func peakOf(pid int) int64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(raw), "VmHWM:")
	kilobytes, _ := strconv.ParseInt(strings.Fields(rest + " 0")[0], 10, 64)
	return kilobytes << 10
}

// scan uploads a file and waits until all of it is read or refused.
func (s *siege) scan(f hostileFile) error {
	if err := s.m.users["scanning"].upload(s.ctx, s.batch+"/uploads", f.name, f.data, nil); err != nil {
		return err
	}
	return s.settled()
}

func (s *siege) settled() error {
	for end := time.Now().Add(5 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var b api.Batch
		if err := s.m.do("scanning", "GET", s.batch, nil, &b); err != nil {
			return err
		}
		if b.Pages.Waiting == 0 && !slices.ContainsFunc(b.Uploads, func(u api.Upload) bool { return u.Pages < 0 }) {
			return nil
		}
	}
	return errors.New("it is not read in five minutes")
}

// through sends a file to an operation that answers at once.
func (s *siege) through(user, path string) func(hostileFile) error {
	return func(f hostileFile) error { return s.m.users[user].upload(s.ctx, path, f.name, f.data, nil) }
}

// folder lays a file into the scanner's folder.
func (s *siege) folder(dir string) func(hostileFile) error {
	return func(f hostileFile) error {
		path := filepath.Join(dir, "scan"+filepath.Ext(filepath.Base("x"+strings.TrimLeft(f.name, "./"))))
		if kind := strings.ToLower(filepath.Ext(path)); !slices.Contains([]string{".tif", ".pdf", ".zip"}, kind) {
			path += ".tif"
		}
		if err := os.WriteFile(path, append(bytes.Clone(f.data), "folder"...), 0o600); err != nil { // other bytes than those uploaded
			return err
		}
		if err := s.m.do("scanning", "POST", s.batch+"/folder", map[string]bool{"on": true, "take_old": true}, nil); err != nil {
			return err
		}
		for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if _, err := os.Stat(path); err != nil {
				return s.settled()
			}
		}
		return errors.New("the file is not taken")
	}
}

// commandLine reads a file by a process of its own.
func (s *siege) commandLine(f hostileFile) error {
	path := filepath.Join(s.app.config.data, "hostile.bin")
	if err := os.WriteFile(path, f.data, 0o600); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(s.ctx, 2*hostileTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "read", "--forms", filepath.Join("..", "..", "scans", "testdata", "page.forms.json"), "--names", "none", path)
	cmd.Env = append(os.Environ(), asMain+"=1")
	err := cmd.Run()
	if code := cmd.ProcessState.ExitCode(); code != 0 && code != 2 {
		return fmt.Errorf("exit status %d: %w", code, err)
	}
	return nil
}

// headers sends bodies whose headers are tricks.
func (s *siege) headers() {
	s.t.Helper()
	const form = "multipart/form-data; boundary=x"
	part := func(header string) string {
		return "--x\r\n" + header + "\r\n\r\ndata\r\n--x--\r\n"
	}
	for i, c := range []struct{ kind, body string }{
		{"text/plain", "x"}, {"multipart/form-data", "x"}, {form, ""}, {form, "--x\r\n"}, {form, "--x--\r\n"}, {form, "--y\r\n\r\n--y--"},
		{form, part(`Content-Disposition: form-data; name="file"; filename="../../etc/passwd"`)[:60]},
		{form, part("Content-Disposition: form-data; name=\"file\"; filename=\"a\r\n b.jpg\"")},
		{form, part(`Content-Disposition: form-data; name="file"; filename="a.jpg"; filename="b.exe"`)},
		{form, part(`Content-Disposition: form-data; name="file"; filename*=UTF-8''%2e%2e%2f`)},
		{form, part("X: " + strings.Repeat("x", 12<<20))}, {form, part(strings.Repeat("X: y\r\n", 200_000) + "Y: z")},
		{form, strings.Repeat("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n", 100_000) + "--x--\r\n"},
		{"multipart/form-data; boundary=" + strings.Repeat("b", 5000), "x"}, {"multipart/mixed; boundary=x", part("A: b")},
	} {
		f := hostileFile{kind: "multipart tricks", name: fmt.Sprint(i), data: []byte(c.body)}
		s.attack("scans", f, func(f hostileFile) error {
			_, err := s.m.users["scanning"].send(s.ctx, "POST", s.batch+"/uploads", c.kind, bytes.NewReader(f.data))
			if err == nil { // taken as a file of four bytes: it is refused like any other
				return s.settled()
			}
			return err
		})
	}
}

func (s *siege) report(files int) {
	s.t.Logf("%d hostile files, %d sent through %d doors and kinds", files, s.sent, len(s.lines))
	keys := []string{}
	for key := range s.lines {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		l := s.lines[key]
		s.t.Logf("%-17s %-22s %3d files, peak %4d MB (%s), slowest %5.2f s", l.Door, l.Kind, l.Files, l.Peak>>20, l.Worst, l.Slowest)
		if *hostileResults != "" {
			must[int](s.t)(0, appendLine(*hostileResults, l))
		}
	}
	if _, err := os.Stat("/tmp/evil"); err == nil {
		s.t.Error("a file was written outside its folder")
	}
}
