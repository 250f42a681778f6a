package child

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
)

const maxFrame = 256 << 20 // bytes; a page's picture is about 1 MB, forms of 5,000 subjects about 20 MB

// WriteFrame writes two lengths, JSON and a blob; what ReadFrame would refuse is an error here already.
func WriteFrame(w *bufio.Writer, v any, blob []byte) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if len(text) > maxFrame || len(blob) > maxFrame {
		return fmt.Errorf("child: a frame of %d and %d bytes", len(text), len(blob))
	}
	var head [8]byte
	binary.LittleEndian.PutUint32(head[:], uint32(len(text)))  //nolint:gosec // at most maxFrame
	binary.LittleEndian.PutUint32(head[4:], uint32(len(blob))) //nolint:gosec // at most maxFrame
	for _, part := range [][]byte{head[:], text, blob} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return w.Flush()
}

// ReadFrame reads what WriteFrame wrote; at the end of the stream the error is io.EOF. The bytes may come from
// a child that has gone wrong: lengths are bounded, and memory grows only with what arrives.
func ReadFrame(r io.Reader, v any) (blob []byte, err error) {
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n, m := binary.LittleEndian.Uint32(head[:]), binary.LittleEndian.Uint32(head[4:])
	if n > maxFrame || m > maxFrame {
		return nil, fmt.Errorf("child: a frame of %d and %d bytes", n, m)
	}
	body, err := io.ReadAll(io.LimitReader(r, int64(n)+int64(m)))
	if err == nil && len(body) < int(n)+int(m) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	return body[n:], json.Unmarshal(body[:n], v)
}
