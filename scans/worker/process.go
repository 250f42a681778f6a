package worker

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

// process is a running child.
type process struct {
	cmd    *exec.Cmd
	pipe   io.Closer // its standard input
	in     *bufio.Writer
	out    *bufio.Reader
	stderr *firstLine
	forms  string // key of the forms it holds
}

func start(c Config) (*process, error) {
	p := &process{cmd: exec.Command(c.Command[0], c.Command[1:]...), stderr: &firstLine{}}
	// OpenMP threads of Tesseract would fight over the cores that the other children use, as would Go's;
	// set before the child's libraries load.
	p.cmd.Env = append(append(os.Environ(), "OMP_THREAD_LIMIT=1", "GOMAXPROCS=1"), c.Env...)
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
		return nil, fmt.Errorf("worker: start: %w", err)
	}
	p.pipe, p.in, p.out = in, bufio.NewWriter(in), bufio.NewReaderSize(out, 1<<16)
	return p, nil
}

// kill ends the child and gives its last words.
func (p *process) kill() string {
	p.pipe.Close()
	p.cmd.Process.Kill() // it may be gone already
	p.cmd.Wait()         // so that no zombie stays; its state does not matter
	return p.stderr.String()
}

var errSlow = errors.New("worker: no answer in time")

// next reads one frame within the time for a page. After an error the child must be killed.
func (p *process) next(ctx context.Context, limit time.Duration, a *answer) ([]byte, error) {
	type frame struct {
		blob []byte
		err  error
	}
	got := make(chan frame, 1)
	go func() {
		blob, err := readFrame(p.out, a)
		got <- frame{blob, err}
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	var why error
	select {
	case f := <-got:
		return f.blob, f.err
	case <-timer.C:
		why = errSlow
	case <-ctx.Done():
		why = ctx.Err()
	}
	p.cmd.Process.Kill() // ends the read above
	<-got
	return nil, why
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
