package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"pingyi/api"
)

var (
	loadPages = flag.Int("load.pages", 0, "pages of each of the ten uploads that are read under load (make load); 0 = skip")
	loadRate  = flag.Int("load.rate", 500, "requests of results a second")
)

const (
	loadConnections = 200
	loadUploads     = 10
	loadP99         = 50 * time.Millisecond
)

// Results are asked for from many connections while ten uploads are being read: every request is answered in time, and
// reading takes no longer than the processor time of the requests makes it. The meeting whose results are asked for is
// the source meeting. The client runs on the same processors, so that its time counts as the requests'.
func TestLoad(t *testing.T) {
	if *loadPages == 0 {
		t.Skip("skipping: a measurement: make load")
	}
	h := openHouse(t, t.TempDir(), "PINGYI_OCR=true", "PINGYI_NAMES=sample")
	must[int](t)(0, h.sourceMeeting())
	var list struct {
		Meetings []struct{ ID string } `json:"meetings"`
	}
	must[int](t)(0, h.do("committee1", "GET", "/meetings", nil, &list))
	targets := h.resultTargets(t, list.Meetings[0].ID)
	m := must[*demoMeeting](t)(h.shortMeeting(1, 7))

	before := h.readAll(t, m, 0, nil)
	var metrics vegeta.Metrics
	under := h.readAll(t, m, 1, func(done <-chan struct{}) { metrics = h.fire(targets, done) })
	after := h.readAll(t, m, 2, nil)

	alone := (before.wall + after.wall) / 2
	own := under.service - (before.service+after.service)/2 + under.client - (before.client+after.client)/2
	fair := own / 2 // two processors share it
	fmt.Printf("load: %d requests at %.0f a second over %d connections: median %v, p99 %v, slowest %v, %.2f %% answered 200, %.0f KB/s\n",
		metrics.Requests, metrics.Rate, loadConnections, metrics.Latencies.P50, metrics.Latencies.P99, metrics.Latencies.Max, 100*metrics.Success, float64(metrics.BytesIn.Total)/1000/metrics.Duration.Seconds())
	fmt.Printf("load: reading %d pages took %v before, %v after and %v under load; the requests took %v of processor time (%.2f ms each, client among it), which makes it %v longer\n",
		loadUploads**loadPages, before.wall, after.wall, under.wall, own, own.Seconds()*1000/float64(metrics.Requests), fair)
	if metrics.Success != 1 || len(metrics.Errors) > 0 {
		t.Errorf("%.4f %% answered: %v %v", 100*metrics.Success, metrics.StatusCodes, metrics.Errors)
	}
	if metrics.Latencies.P99 > loadP99 {
		t.Errorf("p99 is %v, above %v", metrics.Latencies.P99, loadP99)
	}
	noise := (before.wall - after.wall).Abs() // of the machine
	if under.wall > alone+fair+noise {
		t.Errorf("reading took %v under load, %v (± %v) without, and the requests' own time is %v", under.wall, alone, noise, fair)
	}
}

// resultTargets are the questions that the committee's pages ask.
func (h *house) resultTargets(t *testing.T, meeting string) (out []vegeta.Target) {
	t.Helper()
	site := must[*http.Request](t)(http.NewRequest("GET", h.base, nil))
	for _, user := range []string{"committee1", "committee2"} {
		var cookies []string
		for _, c := range h.users[user].http.Jar.Cookies(site.URL) {
			cookies = append(cookies, c.String())
		}
		for _, query := range []string{"", "?mode=oral", "?sort=score&desc=true&limit=20", "?group=C", "?q=1", "?offset=20&limit=20"} {
			out = append(out, vegeta.Target{Method: "GET", URL: site.URL.String() + "/api/v1/meetings/" + meeting + "/results" + query,
				Header: http.Header{"Cookie": {strings.Join(cookies, "; ")}, "Accept-Encoding": {"gzip"}}})
		}
	}
	return out
}

// fire asks at a steady rate, whatever the answers do, until done.
func (h *house) fire(targets []vegeta.Target, done <-chan struct{}) (metrics vegeta.Metrics) {
	attacker := vegeta.NewAttacker(vegeta.Connections(loadConnections), vegeta.MaxConnections(loadConnections), vegeta.Workers(loadConnections), vegeta.Timeout(10*time.Second))
	results := attacker.Attack(vegeta.NewStaticTargeter(targets...), vegeta.Rate{Freq: *loadRate, Per: time.Second}, 0, "results")
	go func() {
		<-done
		attacker.Stop()
	}()
	for r := range results {
		metrics.Add(r)
	}
	metrics.Close()
	return metrics
}

// spent is what reading took: time, and processor time of the service without its children, and of this process.
type spent struct{ wall, service, client time.Duration }

// readAll uploads ten stacks that the meeting has not seen, and reads them while with runs, if any.
func (h *house) readAll(t *testing.T, m *demoMeeting, round int, with func(done <-chan struct{})) (out spent) {
	t.Helper()
	var batch api.Batch
	must[int](t)(0, m.do("scanning", "POST", m.path+"/batches", map[string]any{"group": "A", "venues": []string{"1"}}, &batch))
	path := m.path + "/batches/" + batch.ID
	must[int](t)(0, m.do("scanning", "POST", path+"/pause", map[string]bool{"paused": true}, nil))
	for i := range loadUploads {
		var pictures [][]byte
		for p := range *loadPages {
			b := m.stacks["A"].vote("1", (round*loadUploads+i)**loadPages+p)
			pictures = append(pictures, must[[]byte](t)(m.stacks["A"].scanAt(b, 200, 0, 0)))
		}
		must[int](t)(0, m.users["scanning"].upload(m.ctx, path+"/uploads", fmt.Sprintf("%d.zip", i), must[[]byte](t)(zipOf(pictures)), nil))
	}
	pid := h.pid()
	begin, service, client := time.Now(), processorTime(t, pid), processorTime(t, os.Getpid())
	must[int](t)(0, m.do("scanning", "POST", path+"/pause", map[string]bool{"paused": false}, nil))
	done, fired := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(fired)
		if with != nil {
			with(done)
		}
	}()
	for unread := true; unread; {
		time.Sleep(500 * time.Millisecond)
		must[int](t)(0, m.do("scanning", "GET", path, nil, &batch))
		unread = batch.Pages.Waiting > 0 || batch.Pages.Pages < loadUploads**loadPages
	}
	out.wall = time.Since(begin)
	close(done)
	<-fired
	out.service, out.client = processorTime(t, pid)-service, processorTime(t, os.Getpid())-client
	must[int](t)(0, m.do("scanning", "DELETE", path, nil, nil))
	return out
}

// processorTime is what a process has used so far, its children not among it (utime and stime of /proc, in ticks).
func processorTime(t *testing.T, pid int) time.Duration {
	t.Helper()
	raw := must[[]byte](t)(os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat")))
	fields := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+2:]))
	ticks := must[int](t)(strconv.Atoi(fields[11])) + must[int](t)(strconv.Atoi(fields[12]))
	return time.Duration(ticks) * time.Second / 100 // USER_HZ
}
