// Package web holds the browser application: its source, and what it is built into.
package web

import (
	"embed"
	"io/fs"
)

// dist is built by npm from the sources beside it; a clean clone holds a page that says how to build.
//
//go:embed all:dist
var dist embed.FS

// Files are the built pages; index.html is the entry.
func Files() (fs.FS, error) { return fs.Sub(dist, "dist") }
