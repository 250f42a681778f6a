// Package worker runs the reader in child processes of the same binary: a fault in a decoder or in
// Tesseract ends a child, never the service. The parent sends file names and forms, the child answers
// with one frame a page. A child that crashes or takes too long is killed and replaced, and the page it
// was reading is rejected by name.
package worker
