package ballot

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
)

// InkShape is how the ink at one target lies: moments of where its darkness beyond print gathers, places weighed
// by the square of it (package density), so that W and H of a filled shape are less than a uniform one's. Lengths
// are hundredths of a millimetre at the form's own scale.
type InkShape struct {
	Target int16 // its number on the page, from 0: row by row, left to right
	X, Y   int16 // the ink's middle, right of and below the middle of the box
	W, H   int16 // how far it spreads about that, across and down: standard deviations
	Lean   int16 // which way it leans: its covariance over W + H, negative where it rises to the right
}

// Fingerprint is the shapes of the ink on one side of a sheet, by number of the target. Two scans of one
// sheet have like ones; two sheets do not, though the votes be the same.
type Fingerprint []InkShape

// MarshalText packs a fingerprint: readings and tables hold thousands of them.
func (f Fingerprint) MarshalText() ([]byte, error) {
	data, err := binary.Append(nil, binary.LittleEndian, []InkShape(f))
	return base64.StdEncoding.AppendEncode(nil, data), err
}

// UnmarshalText reads what MarshalText wrote.
func (f *Fingerprint) UnmarshalText(text []byte) error {
	data, err := base64.StdEncoding.AppendDecode(nil, text)
	if err != nil {
		return err
	}
	size := binary.Size(InkShape{})
	if len(data)%size != 0 {
		return fmt.Errorf("fingerprint of %d bytes, not of %d a shape", len(data), size)
	}
	*f = nil
	if len(data) > 0 {
		*f = make(Fingerprint, len(data)/size)
	}
	_, err = binary.Decode(data, binary.LittleEndian, []InkShape(*f))
	return err
}
