package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pingyi/api"
	"pingyi/ballot"
	"pingyi/ballot/store"
)

// ownCertificate writes a key and a certificate that it signed itself.
func ownCertificate(t *testing.T, dir string) (cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "pingyi"}, NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// firstLink is the link by which the first administrator is made, as the service printed it.
func (s *service) firstLink(t *testing.T) string {
	t.Helper()
	return must[string](t)(s.says("/first#"))
}

// TestFirstStart makes the first administrator by the link that the service prints, over HTTPS: once, and no more when
// there is one. There is no other way in, and cookies are for HTTPS alone. On
// the console a second factor is taken away.
func TestFirstStart(t *testing.T) {
	dir := t.TempDir()
	must[int](t)(0, os.Mkdir(filepath.Join(dir, "data"), 0o755)) //nolint:gosec // a folder that others may look into
	cert, key := ownCertificate(t, dir)
	s := startService(t, filepath.Join(dir, "data"), "PINGYI_TLS_CERT="+cert, "PINGYI_TLS_KEY="+key)
	link := s.firstLink(t)
	token, ok := strings.CutPrefix(link, s.base+"/first#")
	if !ok || !strings.HasPrefix(s.base, "https://") {
		t.Fatalf("%s listens, the link is %s", s.base, link)
	}
	https := must[*http.Client](t)(config{tlsCert: cert, tlsKey: key}.localClient())
	https.Jar = must[*cookiejar.Jar](t)(cookiejar.New(nil))
	r := &accessRig{T: t, url: s.base}
	first := func(token string) ballot.Code {
		code, _ := r.ask(https, "POST", "/api/v1/first", `{"token":"`+token+`","user":"boss","password":"`+testPassword+`"}`)
		return code
	}
	open := func() bool {
		answer := must[*http.Response](t)(https.Get(s.base + "/api/v1/first"))
		defer answer.Body.Close()
		var out api.FirstOpen
		must[int](t)(0, json.NewDecoder(answer.Body).Decode(&out))
		return out.Open
	}
	if !open() {
		t.Error("the link is not open while there is no administrator")
	}
	for _, guess := range []string{"x", strings.ToLower(token), token + "A"} {
		if code := first(guess); code != ballot.CodeNotFound {
			t.Errorf("token %q: %q", guess, code)
		}
	}
	if code := first(token); code != "" {
		t.Fatalf("the link: %s", code)
	}
	if open() {
		t.Error("the link is open after it was used")
	}
	if code, _ := r.ask(https, "GET", "/api/v1/users", ""); code != "" {
		t.Errorf("the first administrator: %s", code)
	}
	if code := first(token); code != ballot.CodeNotFound {
		t.Errorf("the link a second time: %q", code)
	}
	answer := must[*http.Response](t)(https.Post(s.base+"/api/v1/session", "application/json", strings.NewReader(`{"user":"boss","password":"`+testPassword+`"}`)))
	answer.Body.Close()
	if answer.Header.Get("Strict-Transport-Security") == "" || len(answer.Cookies()) != 2 {
		t.Errorf("header %v", answer.Header)
	}
	for _, c := range answer.Cookies() {
		if !c.Secure || !c.HttpOnly {
			t.Errorf("cookie %v", c)
		}
	}
	ctx, db := context.Background(), filepath.Join(dir, "data")
	admin := must[*store.Store](t)(openStore(config{data: db}))
	must[int](t)(0, admin.SetFactor(ctx, "boss", store.User{Name: "boss", Factor: "ab"}))
	must[int](t)(0, admin.Close())
	var out bytes.Buffer
	if code := run(ctx, []string{"user", "list", "--json", "--data", db}, nil, &out, &out); code != 0 || !strings.Contains(out.String(), `"factor":true`) {
		t.Errorf("%d %s", code, &out)
	}
	for name, want := range map[string]int{"nobody": 1, "boss": 0} {
		if code := run(ctx, []string{"user", "reset-factor", name, "--data", db}, nil, &out, &out); code != want {
			t.Errorf("reset-factor %s: %d %s", name, code, &out)
		}
	}
	if code, _ := r.ask(https, "POST", "/api/v1/session", `{"user":"boss","password":"`+testPassword+`"}`); code != "" {
		t.Errorf("after the second factor was taken away: %s", code)
	}
	for _, path := range must[[]string](t)(filepath.Glob(filepath.Join(db, "*"))) {
		if mode := must[os.FileInfo](t)(os.Stat(path)).Mode(); mode.Perm()&0o077 != 0 {
			t.Errorf("others may read %s: %v", filepath.Base(path), mode)
		}
	}
	health := exec.Command(must[string](t)(os.Executable()), "health", "--listen", strings.TrimPrefix(s.base, "https://"))
	health.Env = s.env
	if out, err := health.CombinedOutput(); err != nil {
		t.Errorf("health: %s", out)
	}
}
