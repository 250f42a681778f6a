package ballot

import (
	"errors"
	"fmt"
)

// Code names a kind of failure. Codes are stable: scripts and the browser application rely on them.
type Code string

// The codes of the domain. A package that adds its own keeps the same spelling: snake_case, stable.
const (
	CodeInvalid         Code = "invalid"          // a value breaks a rule of its own
	CodeNotFound        Code = "not_found"        // no such thing
	CodeConflict        Code = "conflict"         // somebody else changed it, or it exists already
	CodeState           Code = "wrong_state"      // the meeting is not in a state that allows this
	CodeExcluded        Code = "excluded"         // an excluded category asked for a ballot
	CodeRoster          Code = "bad_roster"       // a roster cannot be used
	CodeRoll            Code = "bad_roll"         // a roll cannot be used
	CodeRules           Code = "bad_rules"        // rules contradict each other or the meeting
	CodeGlyph           Code = "missing_glyph"    // no font has a character
	CodeForm            Code = "bad_form"         // a form cannot be laid out or read
	CodePageCode        Code = "bad_page_code"    // a page code is malformed or fails its check digits
	CodeUnbalanced      Code = "unbalanced"       // the ledger does not balance
	CodeUnresolved      Code = "unresolved"       // rows or pages still wait for a person
	CodeNotReleased     Code = "not_released"     // results are not out yet
	CodeSecondPerson    Code = "second_person"    // a second, different person is required
	CodeForbidden       Code = "forbidden"        // the role may not do this
	CodeUnauthenticated Code = "unauthenticated"  // nobody is signed in
	CodeDuplicate       Code = "duplicate_upload" // the same bytes were uploaded before
	CodeSmallBatch      Code = "small_batch"      // fewer leaves than secrecy allows
	CodeTooLarge        Code = "too_large"        // over a stated limit
	CodeTooEarly        Code = "too_early"        // a date that was set has not come
	CodeDestroyed       Code = "destroyed"        // what is asked for was destroyed after archiving
)

// Error is a failure that a user can do something about. Error() is English, for logs; Chinese is what
// the screens show by default.
type Error struct {
	Code    Code
	Chinese string
	English string
	Row     int // row of the input file, 1 = the first line; 0 where there is none
	// Location is the field at fault as JSON writes the meeting, "rules.scores" or "subjects[3].name"; "" where
	// it is no single field.
	Location string
	Break    *Break // of a ledger that does not balance: where, and what kind of break; else nil
}

// Error returns the English text, with the code in front so that logs can be searched.
func (e *Error) Error() string { return string(e.Code) + ": " + e.English }

// Errorf makes an Error; both formats take the same arguments, use %[n]v where the order differs.
func Errorf(code Code, chinese, english string, args ...any) *Error {
	return &Error{Code: code, Chinese: sprintf(chinese, args), English: sprintf(english, args)}
}

// AtRow returns a copy that names the row of the file it was found in.
func (e *Error) AtRow(row int) *Error {
	c := *e
	c.Row = row
	c.Chinese = fmt.Sprintf("第 %d 行：%s", row, e.Chinese)
	c.English = fmt.Sprintf("row %d: %s", row, e.English)
	return &c
}

// In returns a copy that names the field at fault. A location that is there already stands inside it.
func (e *Error) In(location string) *Error {
	c := *e
	switch {
	case e.Location == "":
		c.Location = location
	case e.Location[0] == '[':
		c.Location = location + e.Location
	default:
		c.Location = location + "." + e.Location
	}
	return &c
}

// Within names the part of the meeting that the Errors of err are about; an err that holds none
// stays as it is.
func Within(location string, err error) error {
	all := Errors(err)
	if len(all) == 0 {
		return err
	}
	out := make([]error, len(all))
	for i, e := range all {
		out[i] = e.In(location)
	}
	return errors.Join(out...)
}

func sprintf(format string, args []any) string {
	if len(args) == 0 {
		return format
	}
	return fmt.Sprintf(format, args...)
}

// CodeOf gives the code of the first Error in err's chain, or "" where there is none.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// Errors flattens an error built by errors.Join into its Errors, in order; others are left out.
func Errors(err error) []*Error {
	var e *Error
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*Error
		for _, one := range joined.Unwrap() {
			all = append(all, Errors(one)...)
		}
		return all
	}
	if errors.As(err, &e) {
		return []*Error{e}
	}
	return nil
}
