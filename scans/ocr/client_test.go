package ocr

import (
	"errors"
	"image"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The test binary is its own child: with this variable set it reads crops, and goes wrong on the crop whose
// first pixel is the gray that is named.
const childVariable = "PINGYI_TEST_OCR"

func TestMain(m *testing.M) {
	mode, isChild := os.LookupEnv(childVariable)
	if !isChild {
		os.Exit(m.Run())
	}
	err := Serve(os.Stdin, os.Stdout, func() (Recognizer, error) {
		if mode == "no pack" {
			return nil, errors.New("tesseract: language pack chi_sim is missing: install the Debian package tesseract-ocr-chi-sim")
		}
		return fakeEngine{mode}, nil
	})
	if err != nil {
		os.Exit(1)
	}
}

// fakeEngine reads crops of one gray as a letter, and goes wrong on those of gray 1…5.
type fakeEngine struct{ mode string }

func (f fakeEngine) Code(crop *image.Gray) (string, error) { return f.Text(crop) }

func (f fakeEngine) Text(crop *image.Gray) (string, error) {
	if f.mode == "always" {
		os.Exit(4)
	}
	switch v := crop.Pix[0]; v {
	case hangs:
		for { //nolint:staticcheck // an endless loop is what is tested
		}
	case exits:
		os.Exit(3)
	case faults:
		syscall.Kill(os.Getpid(), syscall.SIGSEGV) // as a fault in C
		select {}
	case prints:
		os.Stdout.WriteString(strings.Repeat("\xff", 64)) // a library that prints: no frame
		return "", nil
	case refuses:
		return "", errors.New("tesseract: no")
	default:
		return string(rune('a' + v - 10)), nil
	}
	return "", nil
}

const (
	hangs = iota + 1
	exits
	faults
	prints
	refuses
)

func gray(v byte) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, 300, 300)) // more than a pipe holds
	for i := range g.Pix {
		g.Pix[i] = v
	}
	return g
}

func newTestClient(t *testing.T, mode string) *Client {
	c := NewClient(Config{Command: []string{os.Args[0]}, Env: []string{childVariable + "=" + mode}, CropTime: time.Minute, LoadTime: time.Minute})
	t.Cleanup(c.Close)
	return c
}

// unread asks for a crop that nobody reads, within a second where the child hangs on it. Crops that are read have a minute:
// the machine may have much else to do.
func unread(t *testing.T, c *Client, v byte, why string) {
	t.Helper()
	usual, begin := c.config, time.Now()
	if v == hangs || why != "" {
		c.config.CropTime, c.config.LoadTime = time.Second, time.Second
	}
	text, err := c.Text(gray(v))
	c.config = usual
	if err == nil {
		t.Errorf("crop %d was read as %q%s", v, text, why)
	}
	if spent := time.Since(begin); spent > usual.CropTime/2 {
		t.Errorf("crop %d took %v", v, spent)
	}
}

func wantText(t *testing.T, c *Client, v byte, want string) {
	t.Helper()
	if got, err := c.Text(gray(v)); err != nil || got != want {
		t.Errorf("crop of gray %d: %q, %v; want %q", v, got, err, want)
	}
}

// A crop on which the child hangs, crashes or talks nonsense is unread; the next one is read by another child.
func TestLostOnOneCrop(t *testing.T) {
	c := newTestClient(t, "")
	wantText(t, c, 10, "a")
	for v := byte(hangs); v <= refuses; v++ {
		unread(t, c, v, "")
		wantText(t, c, 10+v, string(rune('a'+v)))
	}
}

// A child that was killed while idle, or that was stopped so that it does not even take the crop in, costs
// nothing or one crop.
func TestKilledAndStopped(t *testing.T) {
	c := newTestClient(t, "")
	wantText(t, c, 10, "a")
	pid := c.process.PID()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	wantText(t, c, 11, "b")
	if c.process.PID() == pid {
		t.Error("the killed child is still in use")
	}
	if err := syscall.Kill(c.process.PID(), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	unread(t, c, 12, " by a child that was stopped")
	wantText(t, c, 13, "d")
	pid = c.process.PID()
	time.AfterFunc(100*time.Millisecond, func() { syscall.Kill(pid, syscall.SIGKILL) }) // in the middle of a crop
	unread(t, c, hangs, " by a child that was killed")
	wantText(t, c, 14, "e")
}

// Where no child can work, crops are unread without a new attempt each; after a rest it is tried again.
func TestRests(t *testing.T) {
	c := newTestClient(t, "always")
	now := time.Now()
	c.now = func() time.Time { return now }
	for range lossesInARow {
		if _, err := c.Text(gray(10)); err == nil {
			t.Fatal("read")
		}
	}
	c.config.Env = []string{childVariable + "="}
	if _, err := c.Text(gray(10)); err == nil || c.process != nil {
		t.Errorf("asked again at once: %v", err)
	}
	now = now.Add(restTime)
	wantText(t, c, 10, "a")
}

func TestMissingPack(t *testing.T) {
	if err := newTestClient(t, "").Check(); err != nil {
		t.Error(err)
	}
	if err := newTestClient(t, "no pack").Check(); err == nil || !strings.Contains(err.Error(), "chi_sim") || !strings.Contains(err.Error(), "tesseract-ocr-chi-sim") {
		t.Errorf("%v", err)
	}
	missing := NewClient(Config{Command: []string{"/no/such/program"}})
	if _, err := missing.Code(gray(1)); err == nil {
		t.Error("read without a program")
	}
}

// The packs that are not where Tesseract looks are named, all of them.
func TestNewNamesPacks(t *testing.T) {
	t.Setenv("TESSDATA_PREFIX", t.TempDir())
	_, err := New()
	if err == nil {
		t.Skip("this Tesseract does not follow TESSDATA_PREFIX")
	}
	for _, p := range packages {
		if !strings.Contains(err.Error(), p.apt) {
			t.Errorf("%v does not name %s", err, p.apt)
		}
	}
}
