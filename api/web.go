package api

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
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
	small, err := compressed(files)
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
			if body, ok := small[name]; ok {
				w.Header().Set("Vary", "Accept-Encoding")
				if takesGzip(r) {
					w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
					w.Header().Set("Content-Encoding", "gzip")
					w.WriteHeader(http.StatusOK)
					_, _ = w.Write(body) // the client may be gone
					return
				}
			}
			w.WriteHeader(http.StatusOK)
			server.ServeHTTP(w, r)
		case path.Ext(name) != "" && name != "index.html":
			writeProblem(w, r, ballot.Errorf(ballot.CodeNotFound, "没有这个文件", "there is no such file"))
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Cache-Control", "no-cache")
			w.WriteHeader(http.StatusOK)
			_, _ = w.Write(index)
		}
	}), nil
}

// compressed holds the files of text, each compressed once: a slow line between an office's rooms carries a third.
// Answers of the API are never compressed, so that their length says nothing of what secrets stand in them.
func compressed(files fs.FS) (map[string][]byte, error) {
	out := map[string][]byte{}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains([]string{".js", ".css", ".svg"}, path.Ext(name)) {
			return err
		}
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write(raw); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		if b.Len() < len(raw) {
			out[name] = b.Bytes()
		}
		return nil
	})
	return out, err
}

// takesGzip tells whether a browser says that it reads gzip; one that says "gzip;q=0" does not.
func takesGzip(r *http.Request) bool {
	for _, one := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, quality, weighed := strings.Cut(strings.TrimSpace(one), ";")
		if strings.TrimSpace(name) == "gzip" {
			return !weighed || strings.Trim(strings.TrimPrefix(strings.TrimSpace(quality), "q="), "0.") != ""
		}
	}
	return false
}
