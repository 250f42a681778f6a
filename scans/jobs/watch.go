package jobs

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"pingyi/ballot"
)

// The scanner's folder (Config.Watch) is where a scanner puts its files. One open batch at a time takes them, when
// somebody tells it to: each is uploaded once it has stopped growing, under a number instead of its name, and then
// deleted from the folder. Loose pictures are put together once the folder is quiet, since front and back of a sheet
// are only bound within one file. What it takes is uploaded for who told it to, and it ends when that account may upload
// no more. Nothing of this outlives the process: after a restart somebody tells it again.

// Times of the folder, changed by tests.
type watchTimes struct {
	look   time.Duration // between two looks
	settle time.Duration // for which a file must not have changed
	quiet  time.Duration // for which no picture may have come, so that a stack is whole
	clock  time.Duration // between two looks at the clock and at what the queue said
	now    func() time.Time
}

var usualTimes = watchTimes{look: time.Second, settle: 2 * time.Second, quiet: 10 * time.Second, clock: 2 * time.Second, now: time.Now}

// WatchState is what people see of the scanner's folder.
type WatchState struct {
	Here    bool   // there is such a folder
	On      bool   // the batch takes its files
	Waiting int    // files in it that are not taken yet
	Known   int    // files that the meeting had already, and that were not taken twice
	Problem string // why they are not
}

// watcher is the goroutine that takes files, and what it knows.
type watcher struct {
	mu    sync.Mutex
	batch string // "" while nobody takes files
	state WatchState
	stop  context.CancelFunc
	done  chan struct{}
}

// seenFile is a file as it was when it last changed.
type seenFile struct {
	size  int64
	time  time.Time
	since time.Time
}

// Watch has a batch take the files of the scanner's folder, or stop. Files that lie there already may be another
// batch's: they are refused with ballot.CodeConflict unless takeOld says that they are this one's.
func (s *Service) Watch(ctx context.Context, actor, batch string, on, takeOld bool) error {
	w := &s.watcher
	if !on {
		if w.of(batch) {
			w.end()
		}
		return nil
	}
	if s.Config.Watch == "" {
		return ballot.Errorf(ballot.CodeState, "没有设置扫描仪文件夹（启动服务时的 --watch）", "the service has no scanner's folder (--watch)")
	}
	b, err := s.Store.Batch(ctx, batch)
	if err != nil {
		return err
	}
	if b.State != ballot.BatchOpen {
		return ballot.Errorf(ballot.CodeState, "批次已关闭，不能再取文件", "the batch is closed: it takes no more files")
	}
	files, err := s.inFolder()
	if err != nil {
		return ballot.Errorf(ballot.CodeState, "打不开扫描仪文件夹，请检查设置和权限", "the scanner's folder cannot be opened: check the setting and its permissions")
	}
	if len(files) > 0 && !takeOld {
		return ballot.Errorf(ballot.CodeConflict, "扫描仪文件夹里已有 %d 个文件。它们都是本批的票吗？不是的话，请先取走", "%d files lie in the scanner's folder already: are they this batch's? If not, take them away first", len(files))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.batch != "" {
		if w.batch == batch {
			return nil
		}
		return ballot.Errorf(ballot.CodeState, "另一批正在取扫描仪文件夹里的文件，请先停止", "another batch is taking the files of the scanner's folder: stop it first")
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	w.batch, w.state, w.stop, w.done = batch, WatchState{Here: true, On: true, Waiting: len(files)}, cancel, make(chan struct{})
	go s.take(run, actor, batch, w.done)
	return nil
}

// Watching says what a batch does with the scanner's folder. Where nobody takes its files, Waiting is how many lie
// there.
func (s *Service) Watching(batch string) WatchState {
	w := &s.watcher
	w.mu.Lock()
	defer w.mu.Unlock()
	if s.Config.Watch == "" || w.batch == batch {
		return w.state
	}
	state := WatchState{Here: true}
	if w.batch == "" {
		state.Problem = w.state.Problem
		if files, err := s.inFolder(); err == nil {
			state.Waiting = len(files)
		}
	}
	return state
}

func (w *watcher) of(batch string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.batch != "" && w.batch == batch
}

// end stops taking files and waits until a file under way is done.
func (w *watcher) end() {
	w.mu.Lock()
	stop, done := w.stop, w.done
	w.mu.Unlock()
	if stop == nil {
		return
	}
	stop()
	<-done
	w.mu.Lock()
	defer w.mu.Unlock()
	w.batch, w.stop, w.state = "", nil, WatchState{}
}

// tell keeps what people see.
func (w *watcher) tell(waiting int, problem string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state.Waiting, w.state.Problem = waiting, problem
}

func (w *watcher) known() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state.Known++
}

// unwatched stops a batch that is to be closed, unless files wait.
func (s *Service) unwatched(batch string) error {
	if !s.watcher.of(batch) {
		return nil
	}
	files, err := s.inFolder()
	if err != nil {
		return err
	}
	if len(files) > 0 {
		return ballot.Errorf(ballot.CodeUnresolved, "扫描仪文件夹里还有 %d 个文件没有取完；请等取完，或先停止取文件", "%d files of the scanner's folder are not taken yet: wait for them, or stop taking files", len(files))
	}
	s.watcher.end()
	return nil
}

// take looks at the folder until it is stopped, or something goes wrong that a person must see to.
func (s *Service) take(ctx context.Context, actor, batch string, done chan struct{}) {
	defer close(done)
	seen := map[string]seenFile{}
	for n := 1; ; {
		files, err := s.inFolder()
		if err == nil {
			s.watcher.tell(len(files), "")
			for _, ready := range s.ready(files, seen) {
				if err = s.takeFiles(ctx, actor, batch, n, ready, seen); err != nil {
					break
				}
				n++
			}
		}
		switch {
		case ctx.Err() != nil:
			return
		case err != nil: // the files stay, and people see why
			s.watcher.tell(len(files), problemText(err))
			if errors.Is(err, errStays) || errors.Is(err, errMayNot) {
				s.watcher.halt()
				return
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(s.times.look):
		}
	}
}

// halt marks the watch as ended by itself.
func (w *watcher) halt() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.batch, w.state.On = "", false
	w.stop()
	w.stop = nil
}

// problemText is an error without the name of the file.
func problemText(err error) string {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Op + ": " + path.Err.Error()
	}
	return err.Error()
}

// inFolder lists the scans in the folder, by name, numbers as numbers.
func (s *Service) inFolder() (names []string, err error) {
	entries, err := os.ReadDir(s.Config.Watch)
	for _, e := range entries {
		kind := strings.ToLower(filepath.Ext(e.Name()))
		if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), ".") && (isLoose(kind) || slices.Contains([]string{".tif", ".tiff", ".pdf", ".zip"}, kind)) {
			names = append(names, e.Name())
		}
	}
	slices.SortFunc(names, byNumber)
	return names, err
}

func isLoose(kind string) bool { return kind == ".jpg" || kind == ".jpeg" || kind == ".png" }

// byNumber orders names as people do: scan2 before scan10.
func byNumber(a, b string) int {
	const digits = "0123456789"
	for a != "" && b != "" {
		na, nb := len(a)-len(strings.TrimLeft(a, digits)), len(b)-len(strings.TrimLeft(b, digits))
		if na > 0 && nb > 0 {
			x, y := strings.TrimLeft(a[:na], "0"), strings.TrimLeft(b[:nb], "0")
			if len(x) != len(y) {
				return len(x) - len(y)
			}
			if x != y {
				return strings.Compare(x, y)
			}
			a, b = a[na:], b[nb:]
			continue
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

// ready are the files that may be taken now: each that has settled by itself, and all loose pictures together where
// none of them came or grew for a while.
func (s *Service) ready(files []string, seen map[string]seenFile) (out [][]string) {
	now := s.times.now()
	var loose []string
	calm := true
	for _, name := range files {
		info, err := os.Lstat(filepath.Join(s.Config.Watch, name))
		if err != nil {
			continue // taken away by somebody else
		}
		was := seen[name]
		if info.Size() != was.size || !info.ModTime().Equal(was.time) {
			was = seenFile{info.Size(), info.ModTime(), now}
			seen[name] = was
		}
		still := now.Sub(was.since)
		switch {
		case isLoose(strings.ToLower(filepath.Ext(name))):
			loose = append(loose, name)
			calm = calm && still >= s.times.quiet && was.size > 0
		case still >= s.times.settle && was.size > 0:
			out = append(out, []string{name})
		}
	}
	if calm && len(loose) > 0 {
		out = append(out, loose)
	}
	return out
}

// errStays is a file that was taken and cannot be deleted: going on would take it again.
var errStays = errors.New("取到的文件删不掉，请检查扫描仪文件夹的权限 (a file that was taken cannot be deleted: check the permissions of the scanner's folder)")

// errMayNot is an account that was closed, or has another role by now.
var errMayNot = errors.New("开始取文件的账号已停用或改了角色，请由另一人重新开始 (the account that began this may not upload any more: somebody else begins it again)")

// takeFiles uploads one file, or several loose pictures as one, and deletes them. Bytes that the meeting has already
// are deleted too: they are safe where they are.
func (s *Service) takeFiles(ctx context.Context, actor, batch string, n int, names []string, seen map[string]seenFile) error {
	in, name := s.reading(names, seen)
	defer in.Close()
	_, err := s.Upload(ctx, actor, batch, fmt.Sprintf("%03d%s", n, name), in)
	switch code := ballot.CodeOf(err); {
	case code == ballot.CodeDuplicate:
		s.watcher.known()
	case code == ballot.CodeForbidden:
		return errMayNot
	case err != nil:
		return err
	}
	for _, name := range names {
		if err := os.Remove(filepath.Join(s.Config.Watch, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return errStays
		}
		delete(seen, name)
	}
	return nil
}

// reading is the bytes of a file, or a ZIP of several, and the end of a name for it. Names within the ZIP are numbers.
func (s *Service) reading(names []string, seen map[string]seenFile) (io.ReadCloser, string) {
	out, in := io.Pipe()
	if len(names) == 1 {
		go func() { in.CloseWithError(s.copyFile(in, names[0], seen)) }()
		return out, strings.ToLower(filepath.Ext(names[0]))
	}
	go func() {
		z := zip.NewWriter(in)
		for i, name := range names {
			part, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("%06d%s", i+1, strings.ToLower(filepath.Ext(name))), Method: zip.Store})
			if err == nil {
				err = s.copyFile(part, name, seen)
			}
			if err != nil {
				in.CloseWithError(err)
				return
			}
		}
		in.CloseWithError(z.Close())
	}()
	return out, ".zip"
}

// copyFile writes a file's bytes; one that changed since it was looked at is not whole yet, and an error.
func (s *Service) copyFile(to io.Writer, name string, seen map[string]seenFile) error {
	f, err := os.Open(filepath.Join(s.Config.Watch, name))
	if err != nil {
		return err
	}
	defer f.Close()
	n, err := io.Copy(to, f)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if was := seen[name]; err == nil && (n != was.size || info.Size() != was.size || !info.ModTime().Equal(was.time)) {
		return errors.New("文件还在写入，稍后再取 (a file is still being written)")
	}
	return err
}
