// Package worker runs the reader in child processes of the same binary: a fault in a decoder or in
// Tesseract ends a child, never the service. The parent sends file names and forms, the child answers
// with one frame a page. A child that crashes, takes too long or too much memory is killed and replaced,
// and the page it was reading is rejected by name; all others are read.
//
// The parent opens none of the files: unpacking a ZIP, counting pages and reading them are the child's.
// Children belong to a process group of their own, so that a Ctrl-C at the terminal does not end them in
// the middle of a page, and the kernel kills them when the parent dies.
package worker
