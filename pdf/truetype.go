package pdf

import (
	"encoding/binary"
	"errors"
)

var (
	errOpenType  = errors.New("it has PostScript outlines (OTF), which the printer cannot embed; give a TrueType font")
	errTruncated = errors.New("the file ends early")
)

// trueType returns the bytes of a TrueType face: the file itself, or the first face of a collection
// (TTC) unpacked into a file of its own. Layout of both: ISO/IEC 14496-22, clause 4.
func trueType(b []byte) ([]byte, error) {
	if len(b) < 16 {
		return nil, errTruncated
	}
	switch string(b[:4]) {
	case "\x00\x01\x00\x00", "true":
		return b, nil
	case "OTTO":
		return nil, errOpenType
	case "ttcf":
		return unpack(b, int(binary.BigEndian.Uint32(b[12:])))
	}
	return nil, errors.New("not a TrueType font")
}

// unpack copies the tables of the face whose directory lies at an offset.
func unpack(b []byte, at int) ([]byte, error) {
	if at < 0 || at+12 > len(b) {
		return nil, errTruncated
	}
	if string(b[at:at+4]) == "OTTO" {
		return nil, errOpenType
	}
	n := int(binary.BigEndian.Uint16(b[at+4:]))
	head := 12 + 16*n
	if at+head > len(b) {
		return nil, errTruncated
	}
	out := append([]byte(nil), b[at:at+head]...)
	for i := 0; i < n; i++ {
		entry := out[12+16*i : 28+16*i]
		from, size := int(binary.BigEndian.Uint32(entry[8:])), int(binary.BigEndian.Uint32(entry[12:]))
		if from < 0 || size < 0 || from+size > len(b) {
			return nil, errTruncated
		}
		binary.BigEndian.PutUint32(entry[8:], uint32(len(out))) //nolint:gosec // shorter than the font, whose own places have 32 bits
		out = append(out, b[from:from+size]...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	return out, nil
}
