//go:build ignore

// Command licences reads bills of materials (CycloneDX, JSON) and fails where a component has a licence that
// is not listed here, or none.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

// allowed may be linked into a program that an office gets as one binary, whatever its own licence.
var allowed = []string{"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD-Source-Code", "ISC", "MIT", "MPL-2.0", "Unlicense", "Zlib"}

// read are licences that the tool does not recognise, as their files say, looked at by a person.
var read = map[string]string{
	"github.com/pressly/goose/v3": "MIT",
}

type component struct {
	Name     string
	Version  string
	Licenses []licence
	Evidence struct{ Licenses []licence }
}

type licence struct {
	License struct{ ID, Name string }
	// Expression is SPDX's, such as "(MIT OR Apache-2.0)".
	Expression string
}

// names lists the licences of which one has to be allowed.
func (c component) names() []string {
	out := []string{}
	for _, l := range append(c.Licenses, c.Evidence.Licenses...) {
		switch {
		case l.Expression != "":
			out = append(out, strings.Split(strings.Trim(l.Expression, "()"), " OR ")...)
		case l.License.ID != "":
			out = append(out, l.License.ID)
		default:
			out = append(out, l.License.Name)
		}
	}
	if name, ok := read[c.Name]; ok && len(out) == 0 {
		return []string{name}
	}
	return out
}

func main() {
	count, bad := 0, 0
	for _, name := range os.Args[1:] {
		data, err := os.ReadFile(name)
		var bom struct{ Components []component }
		if err == nil {
			err = json.Unmarshal(data, &bom)
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "licences: %s: %v\n", name, err)
			os.Exit(1)
		}
		for _, c := range bom.Components {
			count++
			if names := c.names(); !slices.ContainsFunc(names, func(n string) bool { return slices.Contains(allowed, n) }) {
				bad++
				fmt.Printf("licences: %s: %s %s: %q\n", name, c.Name, c.Version, names)
			}
		}
	}
	fmt.Printf("licences: %d components, %d not allowed\n", count, bad)
	if bad > 0 || count == 0 {
		os.Exit(1)
	}
}
