package api

import (
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"pingyi/ballot"
)

// webHandler serves the files of the browser application. A path that is no file is a page of the
// application and gets index.html; unknown paths under /api get a problem instead.
func webHandler(files fs.FS) (http.Handler, error) {
	index, err := fs.ReadFile(files, "index.html")
	if err != nil {
		return nil, fmt.Errorf("browser application: %w", err)
	}
	server := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
		switch info, err := fs.Stat(files, name); {
		case strings.HasPrefix(r.URL.Path, "/api/") || r.Method != http.MethodGet && r.Method != http.MethodHead:
			writeProblem(w, r, ballot.Errorf(ballot.CodeNotFound, "没有这个接口", "there is no such operation"))
		case err == nil && !info.IsDir() && name != "index.html":
			if strings.HasPrefix(name, "assets/") { // built names carry a hash of their content
				w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			}
			w.WriteHeader(http.StatusOK)
			server.ServeHTTP(w, r)
		case path.Ext(name) != "" && name != "index.html":
			writeProblem(w, r, ballot.Errorf(ballot.CodeNotFound, "没有这个文件", "there is no such file"))
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Cache-Control", "no-cache")
			w.WriteHeader(http.StatusOK)
			w.Write(index)
		}
	}), nil
}
