package learn

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"pingyi/ballot"
)

// officeTime is how long LibreOffice may take for one document; its first start takes ten seconds.
const officeTime = 90 * time.Second

var officeTypes = []string{".docx", ".doc", ".odt", ".fodt", ".rtf", ".wps"}

// IsDocument tells whether a file is a text document, by its name: such a file goes through LibreOffice first.
func IsDocument(name string) bool {
	return slices.Contains(officeTypes, strings.ToLower(filepath.Ext(name)))
}

// ToPDF converts a text document by LibreOffice, with a profile of its own and a time limit. The tool is a script
// that starts others: they stay in this process's group, so that whoever kills the group (see Worker) ends them too.
func ToPDF(ctx context.Context, path string) ([]byte, error) {
	name := filepath.Base(path)
	tool, err := exec.LookPath("soffice")
	if err != nil {
		return nil, ballot.Errorf(ballot.CodeForm, "“%s”须由 LibreOffice 转成 PDF，但本机没有安装；请安装 libreoffice-writer-nogui，或在 Word 中另存为 PDF 后再试",
			"%s has to be turned into PDF by LibreOffice, which is not installed: install libreoffice-writer-nogui, or save the document as PDF", name)
	}
	dir, err := os.MkdirTemp("", "pingyi-office-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithTimeout(ctx, officeTime)
	defer cancel()
	var problems bytes.Buffer
	c := exec.CommandContext(ctx, tool, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--norestore",
		"--convert-to", "pdf", "--outdir", dir, path)
	c.Stdout, c.Stderr = &problems, &problems
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	c.WaitDelay = 5 * time.Second
	err = c.Run()
	data, missing := os.ReadFile(filepath.Join(dir, strings.TrimSuffix(name, filepath.Ext(name))+".pdf"))
	switch {
	case ctx.Err() != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, ballot.Errorf(ballot.CodeForm, "LibreOffice 在 %[2]v 内未能转换“%[1]s”；请在 Word 中另存为 PDF 后再试", "LibreOffice did not convert %[1]s within %[2]v: save the document as PDF", name, officeTime)
	case err != nil || missing != nil:
		return nil, ballot.Errorf(ballot.CodeForm, "LibreOffice 无法转换“%[1]s”（%[2]s）；请在 Word 中另存为 PDF 后再试", "LibreOffice cannot convert %[1]s (%[2]s): save the document as PDF",
			name, strings.TrimSpace(strings.ReplaceAll(problems.String(), filepath.Dir(path)+"/", "")))
	}
	return data, nil
}
