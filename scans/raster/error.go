package raster

import "fmt"

// Code names why bytes could not be turned into pictures. Codes are stable.
type Code string

// The codes of this package.
const (
	CodeEmpty       Code = "empty"
	CodeUnknown     Code = "unknown_format"
	CodeTruncated   Code = "truncated"
	CodeCorrupt     Code = "corrupt"
	CodeEncrypted   Code = "encrypted"
	CodeTooLarge    Code = "too_large"
	CodeTooMany     Code = "too_many_pages"
	CodeUnsafeName  Code = "unsafe_name"
	CodeNested      Code = "nested_archive"
	CodeUnsupported Code = "unsupported"
	CodeTimeout     Code = "timeout"
)

// Error says which file (and page, from 1; 0 for the whole file) could not be read, why, and what to do.
type Error struct {
	Code Code
	Name string
	Page int
	Msg  string
}

func (e *Error) Error() string {
	if e.Page > 0 {
		return fmt.Sprintf("%s page %d: %s (%s)", e.Name, e.Page, e.Msg, e.Code)
	}
	return fmt.Sprintf("%s: %s (%s)", e.Name, e.Msg, e.Code)
}

func fault(code Code, name string, page int, format string, args ...any) *Error {
	return &Error{Code: code, Name: name, Page: page, Msg: fmt.Sprintf(format, args...)}
}
