// Package web holds the browser application: its source, and what it is built into.
package web

import (
	"embed"
	"io/fs"
)

// dist holds what is committed, a page that says how to build, and in dist/app what npm builds from the
// sources beside it: so a clean clone compiles, and a build changes no committed file.
//
//go:embed all:dist
var dist embed.FS

// Files are the built pages, or the page that says how to build them; index.html is the entry.
func Files() (fs.FS, error) { return built(dist) }

// built chooses dist/app where it is complete enough to be served, and dist otherwise.
func built(files fs.FS) (fs.FS, error) {
	if _, err := fs.Stat(files, "dist/app/index.html"); err == nil {
		return fs.Sub(files, "dist/app")
	}
	return fs.Sub(files, "dist")
}
