package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// docker-compose.yml must set what the program reads, and nothing else; its health check and volume must
// be the program's own.
func TestComposeMatchesConfiguration(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(repositoryRoot(t), "docker-compose.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Services map[string]struct {
			Command     []string
			Environment map[string]string
			Volumes     []string
			Ports       []string
			Healthcheck struct{ Test []string }
		}
	}
	if err := yaml.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	s, ok := file.Services["pingyi"]
	if !ok {
		t.Fatal("no service pingyi")
	}
	known := map[string]setting{}
	for _, k := range settings() {
		known[k.env] = k
	}
	var c config
	for name, value := range s.Environment {
		k, ok := known[name]
		if !ok {
			t.Errorf("%s is not a setting of the program", name)
			continue
		}
		if err := k.set(&c, value); err != nil {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
	if len(s.Volumes) != 1 || !strings.HasSuffix(s.Volumes[0], ":"+c.data) {
		t.Errorf("volumes %v do not hold the data folder %q", s.Volumes, c.data)
	}
	_, port, _ := strings.Cut(c.listen, ":")
	if len(s.Ports) != 1 || !strings.HasSuffix(s.Ports[0], ":"+port) || !strings.HasPrefix(s.Ports[0], "127.0.0.1:") {
		t.Errorf("ports %v do not lead to %q from this machine alone", s.Ports, c.listen)
	}
	if len(s.Healthcheck.Test) < 2 || s.Healthcheck.Test[0] != "CMD" || !isCommand(s.Healthcheck.Test[2:]...) || !isCommand(s.Command...) {
		t.Errorf("health check %v or command %v is none of the program's", s.Healthcheck.Test, s.Command)
	}
}

func isCommand(args ...string) bool {
	c, _, err := newRoot().Find(args)
	return err == nil && c.Parent() != nil
}

// A setting of before that would be ignored, and leave cookies to plain HTTP, stops the service instead.
func TestOldSecureSetting(t *testing.T) {
	t.Setenv("PINGYI_SECURE", "true")
	if code, _, errOut := pingyi(t, "serve", "--data", t.TempDir()); code != exitUsage || !strings.Contains(errOut, "--tls-cert") || !strings.Contains(errOut, "--behind-proxy") {
		t.Errorf("exit status %d, %q", code, errOut)
	}
}
