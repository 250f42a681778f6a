package worker

import (
	"syscall"

	"pingyi/ballot"
	"pingyi/scans"
)

// task is what a child is asked to do with a file.
type task string

const (
	taskUnpack task = "unpack" // write the files of a ZIP into a folder, one answer each
	taskCount  task = "count"  // tell the number of pages
	taskRead   task = "read"   // read pages, one answer each
)

// request asks a child to do something with a file on this machine.
type request struct {
	Task   task          `json:"task"`
	Path   string        `json:"path"`
	Name   string        `json:"name"`             // as uploaded, for messages
	Into   string        `json:"into,omitempty"`   // where unpacked files go: a path to which -000001 and so on is added
	Forms  []ballot.Form `json:"forms,omitempty"`  // set where they differ from the request before
	From   int           `json:"from,omitempty"`   // first page wanted, from 0
	To     int           `json:"to,omitempty"`     // one past the last
	OCR    bool          `json:"ocr,omitempty"`    // cross-check printed text
	Look   bool          `json:"look,omitempty"`   // measure pictures as such
	Bare   bool          `json:"bare,omitempty"`   // no pictures are wanted
	Memory int64         `json:"memory,omitempty"` // most bytes of data, 0 = no limit

	Background bool `json:"background,omitempty"` // at a lower priority, from now on
}

// answer is one file, one page, or the end of a request.
type answer struct {
	Done    bool              `json:"done,omitempty"`
	Fault   string            `json:"fault,omitempty"`   // with Done: this machine failed, not the file
	Errno   syscall.Errno     `json:"errno,omitempty"`   // with Fault: what the system said, where it did
	Problem string            `json:"problem,omitempty"` // with Done: why the file cannot be opened
	Foreign bool              `json:"foreign,omitempty"` // with Problem: it is no picture at all
	Path    string            `json:"path,omitempty"`    // of an unpacked file
	Name    string            `json:"name,omitempty"`    // of an unpacked file
	Pages   int               `json:"pages,omitempty"`   // with Done: pages counted
	Index   int               `json:"index,omitempty"`   // of the page, from 0
	Result  *scans.PageResult `json:"result,omitempty"`  // the page
	Look    *ballot.PageLook  `json:"look,omitempty"`    // where it was asked for
}
