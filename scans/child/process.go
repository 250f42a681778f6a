// Package child runs helper processes of the same binary and talks to them in frames over pipes: libraries
// written in C work there, where a fault or an endless loop ends no more than the child.
//
// A child belongs to a process group of its own, so that a Ctrl-C at the terminal does not end it in the
// middle of its work, and the kernel kills it when its parent dies.
package child

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Process is a running child. It is not safe for concurrent use.
type Process struct {
	cmd    *exec.Cmd
	pipe   io.Closer // its standard input
	in     *bufio.Writer
	out    *bufio.Reader
	stderr *firstLine
}

// Start starts the command, a binary with its arguments; env is added to the parent's.
func Start(command, env []string) (*Process, error) {
	p := &Process{cmd: exec.Command(command[0], command[1:]...), stderr: &firstLine{}}
	// OpenMP threads of Tesseract would fight over the cores that the other children use, as would Go's;
	// set before the child's libraries load.
	p.cmd.Env = append(append(os.Environ(), "OMP_THREAD_LIMIT=1", "GOMAXPROCS=1"), env...)
	p.cmd.Stderr = p.stderr
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("child: start: %w", err)
	}
	p.pipe, p.in, p.out = in, bufio.NewWriter(in), bufio.NewReaderSize(out, 1<<16)
	return p, nil
}

// PID is the child's process id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Send writes a frame to the child. The error is a broken pipe: the child is gone.
func (p *Process) Send(v any, blob []byte) error { return WriteFrame(p.in, v, blob) }

// Kill ends the child, with all that it started in its process group, and gives its last words.
func (p *Process) Kill() string {
	p.pipe.Close()
	p.kill()
	p.cmd.Wait() // so that no zombie stays; its state does not matter
	return p.stderr.String()
}

// kill sends SIGKILL to the group, which Start made; the child may be gone already, and is not waited for before,
// so that its id is nobody else's yet.
func (p *Process) kill() { _ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) }

// ErrSlow is a child that did not answer in time.
var ErrSlow = errors.New("child: no answer in time")

// Next reads one frame into v within the limit. After an error, be it ErrSlow, the context's or a broken
// pipe, the child must be killed.
func (p *Process) Next(ctx context.Context, limit time.Duration, v any) (blob []byte, err error) {
	late := p.within(ctx, limit, func() { blob, err = ReadFrame(p.out, v) })
	if late != nil {
		return nil, late
	}
	return blob, err
}

// Ask sends a frame and reads one into v, both within the limit: a child that has stopped reads nothing
// either. Errors are those of Next.
func (p *Process) Ask(ctx context.Context, limit time.Duration, question any, blob []byte, v any) (err error) {
	late := p.within(ctx, limit, func() {
		if err = p.Send(question, blob); err == nil {
			_, err = ReadFrame(p.out, v)
		}
	})
	if late != nil {
		return late
	}
	return err
}

// within kills the child where talk does not end in time, and says why it did.
func (p *Process) within(ctx context.Context, limit time.Duration, talk func()) (late error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		talk()
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
		return nil
	case <-timer.C:
		late = ErrSlow
	case <-ctx.Done():
		late = ctx.Err()
	}
	p.kill() // ends the talk
	<-done
	return late
}

// firstLine keeps the first line that a child writes to standard error: of a Go program that dies, the
// reason. The rest is a list of stacks.
type firstLine struct {
	mu   sync.Mutex
	text []byte
	full bool
}

const lineLimit = 200 // bytes of it that are kept

func (f *firstLine) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.full {
		line, _, ended := bytes.Cut(p, []byte("\n"))
		f.text = append(f.text, line[:min(len(line), lineLimit-len(f.text))]...)
		f.full = ended && len(f.text) > 0 || len(f.text) == lineLimit
	}
	return len(p), nil
}

func (f *firstLine) String() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.ToValidUTF8(string(f.text), "?")
}
