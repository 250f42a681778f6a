//go:build ignore

// Command summary reads the events of `go test -json` and prints each package's outcome, the output of
// what failed, every skipped test with its reason, and a closing line of counts.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

type event struct {
	Action  string
	Package string
	Test    string
	Output  string
	Elapsed float64
}

func main() {
	f, err := os.Open(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer f.Close()
	output := map[string]*strings.Builder{}
	passed, failed, skipped := 0, 0, 0
	in := bufio.NewScanner(f)
	in.Buffer(make([]byte, 1<<20), 1<<26)
	for in.Scan() {
		var e event
		if json.Unmarshal(in.Bytes(), &e) != nil {
			fmt.Println(in.Text()) // what the build says is no event
			continue
		}
		key := e.Package + " " + e.Test
		if output[key] == nil {
			output[key] = &strings.Builder{}
		}
		if e.Action == "build-output" {
			fmt.Print(e.Output)
		}
		output[key].WriteString(e.Output)
		switch {
		case e.Action == "fail":
			fmt.Printf("FAIL %s\n%s", key, output[key])
			failed++
		case e.Action == "skip" && e.Test != "":
			fmt.Printf("SKIP %s: %s\n", key, strings.TrimSpace(lastLine(output[key].String())))
			skipped++
		case e.Action == "pass" && e.Test != "":
			passed++
		case e.Action == "pass":
			fmt.Printf("ok   %s %.1fs\n", e.Package, e.Elapsed)
		}
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped)
	if failed > 0 {
		os.Exit(1)
	}
}

// lastLine is the line before go test's own "--- SKIP".
func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		if !strings.HasPrefix(strings.TrimSpace(lines[i]), "--- ") {
			return lines[i]
		}
	}
	return ""
}
