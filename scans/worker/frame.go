package worker

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"

	"pingyi/ballot"
	"pingyi/scans"
)

// request asks a child to read pages of a file.
type request struct {
	Forms  []ballot.Form `json:"forms,omitempty"` // set where they differ from the request before
	Path   string        `json:"path"`            // of the file on this machine
	Name   string        `json:"name"`            // as uploaded, for messages
	From   int           `json:"from"`            // first page wanted, counted from 0 over all files of a ZIP
	To     int           `json:"to"`              // one past the last; 0 = only count the pages
	OCR    bool          `json:"ocr"`
	Limits limits        `json:"limits"`
}

type limits struct {
	MemoryBytes int64 `json:"memory_bytes"`
}

// answer is one page, or the end of a request.
type answer struct {
	Done   bool             `json:"done,omitempty"`
	Pages  int              `json:"pages,omitempty"` // in the file, with Done
	Error  string           `json:"error,omitempty"` // parts that could not be opened, with Done
	Index  int              `json:"index"`
	Result scans.PageResult `json:"result"`
}

const maxFrame = 256 << 20 // bytes; a page's picture is about 1 MB, forms of 5,000 subjects about 20 MB

// writeFrame writes two lengths, JSON and a blob.
func writeFrame(w *bufio.Writer, v any, blob []byte) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	var head [8]byte
	binary.LittleEndian.PutUint32(head[:], uint32(len(text)))
	binary.LittleEndian.PutUint32(head[4:], uint32(len(blob)))
	for _, part := range [][]byte{head[:], text, blob} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return w.Flush()
}

func readFrame(r io.Reader, v any) (blob []byte, err error) {
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n, m := binary.LittleEndian.Uint32(head[:]), binary.LittleEndian.Uint32(head[4:])
	if n > maxFrame || m > maxFrame {
		return nil, fmt.Errorf("worker: a frame of %d and %d bytes", n, m)
	}
	body := make([]byte, int(n)+int(m))
	if _, err := io.ReadFull(r, body); err != nil {
		return nil, err
	}
	return body[n:], json.Unmarshal(body[:n], v)
}
