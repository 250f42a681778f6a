package ballot

import (
	"errors"
	"fmt"
	"syscall"
)

// Codes of failures that are the machine's and pass: what was asked for was not done, and can be asked for again.
const (
	CodeDiskFull   Code = "disk_full"   // there is no room for it
	CodeReadOnly   Code = "read_only"   // the data folder cannot be written to
	CodeBusy       Code = "busy"        // something else holds the database, or too many files are open
	CodeDiskFailed Code = "disk_failed" // the disk gives errors, or the database is damaged
)

var machineTexts = map[Code][2]string{
	CodeDiskFull: {"服务器磁盘已满，没有保存；请管理员清出空间后重试，已经保存的都在",
		"the server's disk is full and nothing was saved by this step: have the administrator make room and try again; what was saved before is there"},
	CodeReadOnly: {"服务器的数据文件夹不能写入，没有保存；请管理员检查磁盘和权限后重试",
		"the server's data folder cannot be written to and nothing was saved by this step: have the administrator check the disk and its permissions, and try again"},
	CodeBusy: {"数据库正被别的程序占用，没有保存；请稍后重试，一直如此时请管理员结束占用数据库的程序",
		"something else holds the database and nothing was saved by this step: try again in a moment; if that goes on, have the administrator end the program that holds it"},
	CodeDiskFailed: {"服务器的磁盘读写出错，或数据库文件已损坏，没有保存；请立即停止使用，由管理员检查磁盘、运行备份恢复",
		"the server's disk fails or its database is damaged, and nothing was saved by this step: stop, have the administrator check the disk and restore a backup"},
}

// MachineError is a failure of the machine with its cause, which is for the log.
type MachineError struct {
	Told  *Error
	Cause error
}

// Error is the English text and the cause.
func (e *MachineError) Error() string { return fmt.Sprintf("%v (%v)", e.Told, e.Cause) }

// Unwrap gives what people are told, and the cause.
func (e *MachineError) Unwrap() []error { return []error{e.Told, e.Cause} }

// NewMachineError says what people are told of a failure with one of the codes above.
func NewMachineError(code Code, cause error) *MachineError {
	texts := machineTexts[code]
	return &MachineError{Errorf(code, texts[0], texts[1]), cause}
}

// OfMachine names an error that the operating system gave for want of room, rights or files. An error that has a code,
// and one that means something else, stays as it is.
func OfMachine(err error) error {
	if err == nil || CodeOf(err) != "" {
		return err
	}
	for code, numbers := range map[Code][]syscall.Errno{
		CodeDiskFull:   {syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG},
		CodeReadOnly:   {syscall.EROFS, syscall.EACCES, syscall.EPERM},
		CodeBusy:       {syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM},
		CodeDiskFailed: {syscall.EIO},
	} {
		for _, n := range numbers {
			if errors.Is(err, n) {
				return NewMachineError(code, err)
			}
		}
	}
	return err
}
