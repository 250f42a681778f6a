package child

import (
	"bytes"
	"testing"
)

func FuzzFrame(f *testing.F) {
	f.Add([]byte("\x02\x00\x00\x00\x03\x00\x00\x00{}abc"))
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Add([]byte("\x00\x00\x00\x10\x00\x00\x00\x10{"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var v struct{ Done bool }
		blob, err := ReadFrame(bytes.NewReader(data), &v)
		if err == nil && len(blob) > len(data) {
			t.Error("more came out than went in")
		}
	})
}
