package synth

import (
	"encoding/json"
	"fmt"
	"os"
)

// TruthName is the truth's file beside the pictures.
const TruthName = "truth.json"

// TruthFile says what is on a stack of pictures. Their order is that of feeding; it is test data and
// tells of no voter.
type TruthFile struct {
	Form     string      `json:"form"`
	Group    string      `json:"group"`
	Class    string      `json:"class"`
	Seed     uint64      `json:"seed"`
	ScanSeed uint64      `json:"scan_seed"`
	Pages    []PageTruth `json:"pages"`
}

// PageTruth is one picture. File and Page are those of the reader's output line.
type PageTruth struct {
	File     string    `json:"file"`
	Page     int       `json:"page"` // in the file, from 1
	Ballot   int       `json:"ballot"`
	FormPage int       `json:"form_page"`
	Refuse   string    `json:"refuse,omitempty"` // why it must be refused; it then has no rows
	Damage   Damage    `json:"damage"`
	Rows     []Truth   `json:"rows,omitempty"`
	Writing  []Writing `json:"writing,omitempty"` // outside targets and comment box
}

// ReadTruth reads a truth file.
func ReadTruth(path string) (*TruthFile, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var f TruthFile
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("%s: not a truth file: %w", path, err)
	}
	return &f, nil
}

// write writes the file whole or not at all.
func (f *TruthFile) write(path string) error {
	data, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".part", data, 0o644); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}
