package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// tested is what the test files of a package declare.
type tested struct {
	names []string // of tests, benchmarks and fuzz targets
	flags []string
}

var (
	testNames = regexp.MustCompile(`(?m)^func ((?:Test|Benchmark|Fuzz)\w+)\(`)
	testFlags = regexp.MustCompile(`flag\.\w+\((?:&\w+, )?"([\w.]+)"`)
	codeSpans = regexp.MustCompile("`([^`]+)`")
	targets   = regexp.MustCompile(`(?m)^([a-z][\w-]*(?: [a-z][\w-]*)*):`)
)

// testsOf reads the test files of all packages, by their folders as go test names them.
func testsOf(t *testing.T, root string) map[string]*tested {
	t.Helper()
	all := map[string]*tested{}
	for _, depth := range []string{"*", "*/*", "*/*/*"} {
		for _, file := range must[[]string](t)(filepath.Glob(filepath.Join(root, depth, "*_test.go"))) {
			folder := "./" + filepath.ToSlash(must[string](t)(filepath.Rel(root, filepath.Dir(file))))
			if all[folder] == nil {
				all[folder] = &tested{}
			}
			text := string(must[[]byte](t)(os.ReadFile(file)))
			for _, m := range testNames.FindAllStringSubmatch(text, -1) {
				all[folder].names = append(all[folder].names, m[1])
			}
			for _, m := range testFlags.FindAllStringSubmatch(text, -1) {
				all[folder].flags = append(all[folder].flags, m[1])
			}
		}
	}
	return all
}

// command is what a document tells its reader to type.
type command struct {
	packages, flags, targets []string
	run, bench               string
}

func parseCommand(text string) (c command) {
	words := strings.Fields(strings.NewReplacer(`\|`, "|", "'", "").Replace(text)) // tables escape what stands between columns
	for i, w := range words {
		next := append(words, "")[i+1]
		switch {
		case words[0] == "make" && i > 0 && !strings.Contains(w, "="):
			c.targets = append(c.targets, w)
		case w == "-run":
			c.run = next
		case w == "-bench":
			c.bench = next
		case strings.HasPrefix(w, "./"):
			c.packages = append(c.packages, w)
		case strings.HasPrefix(w, "-") && strings.Contains(w, "."):
			c.flags = append(c.flags, w[1:])
		}
	}
	if c.bench != "" {
		c.run = c.bench // tests are then kept out by a pattern that matches none
	}
	return c
}

// missing names what a command asks for that is not there: each alternative of a pattern has to match.
func (c command) missing(all map[string]*tested, makefile []string) (out []string) {
	var in tested
	for folder, p := range all {
		if len(c.packages) == 0 || slices.Contains(c.packages, folder) {
			in.names, in.flags = append(in.names, p.names...), append(in.flags, p.flags...)
		}
	}
	for _, p := range strings.Split(c.run, "|") {
		pattern, err := regexp.Compile(p)
		if p != "" && (err != nil || !slices.ContainsFunc(in.names, pattern.MatchString)) {
			out = append(out, p)
		}
	}
	for _, f := range c.flags {
		if !slices.Contains(in.flags, f) {
			out = append(out, "-"+f)
		}
	}
	for _, target := range c.targets {
		if !slices.Contains(makefile, target) {
			out = append(out, "make "+target)
		}
	}
	return out
}

// TestNamedCommandsExist: each test, flag and make target that the documents tell people to run is there. go test says
// "ok" of a pattern that matches nothing, and a figure whose test is gone is nobody's.
func TestNamedCommandsExist(t *testing.T) {
	root := repositoryRoot(t)
	all := testsOf(t, root)
	var makefile []string
	for _, m := range targets.FindAllStringSubmatch(string(must[[]byte](t)(os.ReadFile(filepath.Join(root, "Makefile")))), -1) {
		makefile = append(makefile, strings.Fields(m[1])...)
	}
	found := 0
	for _, name := range []string{"SECURITY.md", "README.md", "ARCHITECTURE.md", "scans/README.md"} {
		text := string(must[[]byte](t)(os.ReadFile(filepath.Join(root, name))))
		for _, paragraph := range strings.Split(text, "\n\n") {
			for _, span := range codeSpans.FindAllStringSubmatch(paragraph, -1) {
				c := parseCommand(span[1])
				if c.run != "" || len(c.targets) > 0 {
					found++
				}
				if missing := c.missing(all, makefile); (c.run != "" || len(c.targets) > 0) && len(missing) > 0 {
					t.Errorf("%s names `%s`: there is no %s", name, strings.Join(strings.Fields(span[1]), " "), strings.Join(missing, ", "))
				}
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d commands were found", found)
	}
}
