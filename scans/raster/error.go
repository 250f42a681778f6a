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

// Chinese says the code to people.
func (c Code) Chinese() string {
	return map[Code]string{CodeEmpty: "文件是空的", CodeUnknown: "不是图像或 PDF", CodeTruncated: "文件不完整", CodeCorrupt: "文件已损坏",
		CodeEncrypted: "文件有密码", CodeTooLarge: "图像太大", CodeTooMany: "页数太多", CodeUnsafeName: "压缩包里的文件名不安全",
		CodeNested: "压缩包里还有压缩包", CodeUnsupported: "不支持这种格式", CodeTimeout: "打开用时过长"}[c]
}

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
