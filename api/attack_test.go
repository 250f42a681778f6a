package api

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pingyi/api/auth"
	"pingyi/ballot"
)

// cookies are what a thief copies out of a browser.
func (c *client) cookies() []*http.Cookie {
	at, err := url.Parse(c.url + base + "/session")
	if err != nil {
		c.t.Fatal(err)
	}
	return c.http.Jar.Cookies(at)
}

func (c *client) withCookies(cookies []*http.Cookie) *client {
	at, err := url.Parse(c.url + base + "/session")
	if err != nil {
		c.t.Fatal(err)
	}
	for _, k := range cookies {
		k.Path = "/"
	}
	c.http.Jar.SetCookies(at, cookies)
	return c
}

// TestForgedRequests sends every operation that changes something as a page of another site would make a browser send it:
// with the victim's cookie, from another origin. Each is refused before it is looked at.
func TestForgedRequests(t *testing.T) {
	s := newService(t)
	c := s.as("admin")
	fill := strings.NewReplacer("{meeting}", "m0", "{batch}", "b0", "{page}", "p0", "{subject}", "1", "{comment}", "c0", "{user}", "nobody", "{session}", "none", "{group}", "A", "{sheet}", "1")
	tried := 0
	for _, op := range operations(t) {
		if op.method == "GET" {
			continue
		}
		for _, header := range [][]string{{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "null"}} {
			tried++
			if r := c.send(op.method, "!"+fill.Replace(op.path), "application/json", strings.NewReader("{}"), header...); r.problem.Code != codeCrossSite {
				t.Errorf("%s with %v: %d %s", op.id, header, r.status, r.body)
			}
		}
	}
	if tried < 100 {
		t.Errorf("only %d tried", tried)
	}
}

// TestSessionFixation plants a session in a browser before its owner signs in: the owner gets another one, and the
// planted one stays nobody's.
func TestSessionFixation(t *testing.T) {
	s := newService(t)
	thief := s.as("printing")
	planted := thief.cookies()
	owner := s.anonymous().withCookies(planted)
	owner.ok("POST", "/session", map[string]any{"user": "admin", "password": password}, nil)
	var me Me
	if r := thief.do("GET", "/session", nil); r.status == 200 {
		r.into(t, &me)
	}
	if me.User == "admin" {
		t.Error("the planted session is the owner's")
	}
	owner.ok("GET", "/users", nil, nil)
	invented := []*http.Cookie{{Name: "pingyi_session", Value: strings.Repeat("A", 43), Path: "/"}}
	s.anonymous().withCookies(invented).ok("POST", "/session", map[string]any{"user": "admin", "password": password}, nil)
	s.anonymous().withCookies(invented).refused(ballot.CodeUnauthenticated, "GET", "/session", nil)
}

// TestStolenCookie uses a copy of a session after its owner signed out, changed the password, was ended by the list of
// sessions.
func TestStolenCookie(t *testing.T) {
	s := newService(t)
	for name, end := range map[string]func(owner *client){
		"signed out": func(o *client) { o.ok("DELETE", "/session", nil, nil) },
		"password": func(o *client) {
			o.ok("PUT", "/session/password", map[string]any{"old": password, "new": password + "九"}, nil)
		},
		"ended": func(o *client) {
			other := s.as("committee")
			var list SessionList
			other.ok("GET", "/sessions", nil, &list)
			for _, a := range list.Sessions {
				if !a.Current {
					other.ok("DELETE", "/sessions/"+a.ID, nil, nil)
				}
			}
		},
	} {
		user := map[string]string{"signed out": "printing", "password": "scanning", "ended": "committee"}[name]
		owner := s.as(user)
		thief := s.anonymous().withCookies(owner.cookies())
		thief.ok("GET", "/session", nil, nil)
		end(owner)
		if r := thief.do("GET", "/session", nil); r.problem.Code != ballot.CodeUnauthenticated {
			t.Errorf("%s: the stolen session answers %d", name, r.status)
		}
	}
}

// guesses tries passwords for an hour of the service's clock, waiting no longer than it is told to, and gives how many
// were looked at.
func (s *service) guesses(attempt func(n int) reply) (looked int) {
	s.t.Helper()
	for end := s.now().Add(time.Hour); s.now().Before(end); {
		r := attempt(looked)
		switch {
		case r.problem.Code == auth.CodeCredentials:
			looked++
		case r.status == 429:
			wait, err := time.ParseDuration(r.header.Get("Retry-After") + "s")
			if err != nil {
				s.t.Fatal(err)
			}
			s.later(wait)
		default:
			s.t.Fatalf("%d %s", r.status, r.body)
		}
	}
	return looked
}

// TestBruteForce counts the guesses of an hour: at one name from any number of addresses, and at any number of names
// from one address. Meanwhile whoever has signed in before from their browser signs in at once, and so does everybody
// else at another address.
func TestBruteForce(t *testing.T) {
	proxies, err := ParseProxies("127.0.0.1, ::1")
	if err != nil {
		t.Fatal(err)
	}
	s := newService(t, func(c *Config) { c.Limits, c.Proxies = Limits{SignIns: 40}, proxies })
	owner := s.as("scrutineer")
	owner.ok("DELETE", "/session", nil, nil)
	try := func(c *client, user, password, address string) reply {
		return c.do("POST", "/session", map[string]any{"user": user, "password": password}, "X-Forwarded-For", address)
	}
	stranger := s.anonymous()
	one := s.guesses(func(n int) reply {
		return try(stranger, "scrutineer", fmt.Sprint("guess", n), fmt.Sprintf("198.51.%d.%d", n/250, n%250))
	})
	if r := try(owner, "scrutineer", password, "198.51.100.7"); r.status != 200 {
		t.Errorf("the owner is locked out by strangers: %d %s", r.status, r.body)
	}
	try(stranger, "scrutineer", "guess", "198.51.100.6")
	if r := try(s.anonymous(), "scrutineer", password, "203.0.113.8"); r.status != 429 {
		t.Errorf("a new browser tries a name under attack at once: %d", r.status)
	}
	many := s.guesses(func(n int) reply { return try(stranger, fmt.Sprint("name", n), "guess", "198.51.100.7") })
	if r := try(owner, "scrutineer", password, "198.51.100.7"); r.status != 200 {
		t.Errorf("a stranger behind the same address locks the office out: %d %s", r.status, r.body)
	}
	if r := try(s.anonymous(), "committee", password, "203.0.113.9"); r.status != 200 {
		t.Errorf("another address: %d", r.status)
	}
	t.Logf("guesses in an hour: %d at one name from any addresses, %d at any names from one address", one, many)
	if one < 5 || one > 20 || many < 40 || many > 401 {
		t.Errorf("%d and %d guesses in an hour", one, many)
	}
}

// processorTime is what this process has used: unlike the time on the clock, nothing else that the machine does is in it.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestUnknownUsersTakeAsLong compares the time of refusals of an unknown name and of a wrong password.
func TestUnknownUsersTakeAsLong(t *testing.T) {
	cost := auth.Cost{Time: 2, Memory: 16 << 10, Threads: 1}
	s := newService(t, func(c *Config) { c.Passwords = cost })
	s.store.users["known"] = auth.User{Name: "known", Role: ballot.RolePrinting, Hash: auth.HashPassword(password, cost)}
	times := map[string][]time.Duration{}
	for n := range 21 {
		for _, name := range []string{"known", "unknown"} {
			user := name
			if name == "unknown" {
				user = fmt.Sprint("unknown", n)
			} else {
				s.later(time.Hour) // past the brake
			}
			start := processorTime(t)
			s.anonymous().refused(auth.CodeCredentials, "POST", "/session", map[string]any{"user": user, "password": "guess"})
			times[name] = append(times[name], processorTime(t)-start)
		}
	}
	known, unknown := slices.Min(times["known"]), slices.Min(times["unknown"]) // what else this process does can only add
	t.Logf("quickest of 21: known %v, unknown %v", known, unknown)
	if r := float64(known) / float64(unknown); r < 0.5 || r > 2 || known < 5*time.Millisecond {
		t.Errorf("known %v, unknown %v", known, unknown)
	}
}

// TestRates bounds requests by user, and by address of those who are not signed in.
func TestRates(t *testing.T) {
	count := func(n int, ask func() reply) (answered int) {
		for range n {
			r := ask()
			if r.status != 429 {
				answered++
			} else if r.problem.Code != auth.CodeRequests || r.header.Get("Retry-After") == "" {
				t.Errorf("%s, Retry-After %q", r.body, r.header.Get("Retry-After"))
			}
		}
		return answered
	}
	frozen := time.Now()
	at := func(l Limits) func(*Config) {
		return func(c *Config) { c.Limits, c.Now = l, func() time.Time { return frozen } }
	}
	s := newService(t, at(Limits{Users: 5}))
	one, two := s.as("printing"), s.as("scanning")
	get := func(c *client, path string) func() reply { return func() reply { return c.do("GET", path, nil) } }
	if a, b := count(30, get(one, "/session")), count(30, get(two, "/session")); a != 10 || b != 10 {
		t.Errorf("users: %d and %d of 30 answered", a, b)
	}
	s = newService(t, at(Limits{Others: 5}))
	in := s.as("printing")
	if a, b, c := count(30, get(s.anonymous(), "/session")), count(30, get(in, "/session")), count(30, get(s.anonymous(), "!/healthz")); a != 9 || b != 30 || c != 30 {
		t.Errorf("anonymous: %d, signed in: %d, health: %d of 30 answered", a, b, c)
	}
}

// TestClientAddress believes trusted proxies alone.
func TestClientAddress(t *testing.T) {
	trusted, err := ParseProxies("10.0.0.0/8,192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseProxies("10.0.0.0/8,proxy"); ballot.CodeOf(err) != ballot.CodeInvalid {
		t.Errorf("a name of a proxy: %v", err)
	}
	for _, c := range []struct{ peer, header, want string }{
		{"203.0.113.5:1", "", "203.0.113.5"},
		{"203.0.113.5:1", "198.51.100.1", "203.0.113.5"},        // no proxy of ours
		{"10.1.2.3:1", "198.51.100.1", "198.51.100.1"},          // a proxy of ours
		{"10.1.2.3:1", "1.1.1.1, 198.51.100.1", "198.51.100.1"}, // what the client wrote itself is left of it
		{"10.1.2.3:1", "198.51.100.1, 192.0.2.1, 10.9.9.9", "198.51.100.1"},
		{"10.1.2.3:1", "rubbish", "10.1.2.3"},
		{"10.1.2.3:1", "1.1.1.1, rubbish", "10.1.2.3"},
		{"[2001:db8:1:2:3:4:5:6]:1", "", "2001:db8:1:2::/64"},
		{"[::ffff:10.1.2.3]:1", "198.51.100.1:443", "198.51.100.1"},
		{"[fe80::1%eth0]:1", "", "fe80::/64"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		if c.header != "" {
			r.Header.Set("X-Forwarded-For", c.header)
		}
		if got := clientAddress(r, trusted); got != c.want {
			t.Errorf("%s with %q: %s, want %s", c.peer, c.header, got, c.want)
		}
	}
	if isTrusted(netip.MustParseAddr("192.0.2.2"), trusted) {
		t.Error("a neighbour of a proxy is one")
	}
}

// TestOversized sends bodies and headers over the limits, and headers that would become two.
func TestOversized(t *testing.T) {
	s := newService(t)
	if r := s.anonymous().do("POST", "/session", map[string]any{"user": "x", "password": strings.Repeat("x", 5000)}); r.status != 413 {
		t.Errorf("a sign-in of 5,000 bytes: %d", r.status)
	}
	server := NewServer("", s.handler)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	for name, request := range map[string]string{
		"header of 100 kB": "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + strings.Repeat("x", 100_000) + "\r\n\r\n",
		"two lengths":      "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
		"length and chunk": "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\nContent-Length: 3\r\n\r\n{}",
	} {
		c, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, request)
		c.SetReadDeadline(time.Now().Add(20 * time.Second))
		line, _ := bufio.NewReader(c).ReadString('\n')
		if !strings.Contains(line, " 4") && !strings.Contains(line, " 501") {
			t.Errorf("%s: %q", name, line)
		}
		c.Close()
	}
	admin := s.as("admin")
	for _, name := range []string{"a\r\nSet-Cookie: x=y", "a b", "a/b"} {
		admin.refused(ballot.CodeInvalid, "POST", "/users", map[string]any{"user": name, "role": "printing", "password": password})
	}
}

// TestSlowLoris holds connections open by sending headers, and bodies, a byte a second: each is cut off in time, and the
// service answers others meanwhile.
func TestSlowLoris(t *testing.T) {
	if testing.Short() {
		t.Skip("skipping: takes 11 s")
	}
	t.Parallel()
	s := newService(t)
	server := NewServer("", s.handler)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	const head, body = "GET /healthz HTTP/1.1\r\nHost: x\r\n", "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"
	cut := make(chan time.Duration, 200)
	for i := range cap(cut) {
		start := []string{head, body}[i%2]
		go func() {
			began := time.Now()
			defer func() { cut <- time.Since(began) }()
			c, err := net.Dial("tcp", listener.Addr().String())
			if err != nil {
				return
			}
			defer c.Close()
			io.WriteString(c, start)
			for time.Since(began) < 30*time.Second {
				c.SetReadDeadline(time.Now().Add(time.Second))
				if _, err := c.Read(make([]byte, 4096)); err == nil || !isTimeout(err) {
					return
				}
				io.WriteString(c, "x")
			}
		}()
	}
	time.Sleep(2 * time.Second)
	r, err := http.Get("http://" + listener.Addr().String() + "/healthz")
	if err != nil || r.StatusCode != 200 {
		t.Errorf("during the attack: %v", err)
	}
	var longest time.Duration
	for range cap(cut) {
		longest = max(longest, <-cut)
	}
	t.Logf("%d connections, the last cut off after %v", cap(cut), longest.Round(time.Second))
	if longest > 20*time.Second {
		t.Errorf("a connection was held for %v", longest)
	}
}

func isTimeout(err error) bool {
	var e net.Error
	return errors.As(err, &e) && e.Timeout()
}
