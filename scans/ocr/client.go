package ocr

import (
	"context"
	"errors"
	"fmt"
	"image"
	"time"

	"pingyi/scans/child"
)

// Config says how the child is started. Command is the binary with its arguments; the zero limits stand for
// the defaults.
type Config struct {
	Command  []string
	Env      []string      // added to the parent's
	CropTime time.Duration // most time for one crop
	LoadTime time.Duration // more for the first crop of a language, which loads its pack
}

// A crop takes some 20 ms and a pack 0.4 s: the defaults end what has gone wrong, and two children lost on
// one page still leave it time to be read.
const (
	defaultCropTime = 5 * time.Second
	defaultLoadTime = 15 * time.Second
	lossesInARow    = 3           // after which no child is started for a while
	restTime        = time.Minute // a machine on which none can work reads on without
)

// Client has crops read in a child process of its own, which is started when the first one comes. A child that
// hangs, crashes or is killed costs the crop it was reading; the next crop gets another child. It is not safe
// for concurrent use.
type Client struct {
	config  Config
	process *child.Process // nil: none is running
	loaded  map[kind]bool
	losses  int       // in a row
	rest    time.Time // until when no child is started
	now     func() time.Time
}

// NewClient makes a client; nothing is started.
func NewClient(c Config) *Client {
	if c.CropTime == 0 {
		c.CropTime = defaultCropTime
	}
	if c.LoadTime == 0 {
		c.LoadTime = defaultLoadTime
	}
	return &Client{config: c, now: time.Now}
}

// Close ends the child. A client may be used again afterwards.
func (c *Client) Close() { c.end() }

// Check asks a child whether the language packs are there; the error names what to install.
func (c *Client) Check() error {
	_, err := c.ask(request{Kind: kindPacks}, nil)
	return err
}

// Code reads one line of capitals and digits, without spaces. An error is a crop that was not read.
func (c *Client) Code(crop *image.Gray) (string, error) { return c.crop(kindCode, crop) }

// Text reads one line of Chinese, without spaces. An error is a crop that was not read.
func (c *Client) Text(crop *image.Gray) (string, error) { return c.crop(kindText, crop) }

func (c *Client) crop(k kind, crop *image.Gray) (string, error) {
	w, h := crop.Rect.Dx(), crop.Rect.Dy()
	pixels := crop.Pix
	if crop.Stride != w {
		pixels = make([]byte, 0, w*h)
		for y := range h {
			pixels = append(pixels, crop.Pix[y*crop.Stride:][:w]...)
		}
	}
	return c.ask(request{Kind: k, W: w, H: h}, pixels[:w*h])
}

// ask has one request answered. A child that had answered before and is found gone may have died while it was
// idle: then another is asked once more.
func (c *Client) ask(q request, pixels []byte) (string, error) {
	if c.now().Before(c.rest) {
		return "", errors.New("ocr: not asked: its process failed again and again")
	}
	used := c.process != nil
	a, err := c.try(q, pixels)
	if err != nil && used && !errors.Is(err, child.ErrSlow) {
		a, err = c.try(q, pixels)
	}
	switch {
	case err != nil:
		if c.losses++; c.losses >= lossesInARow {
			c.losses, c.rest = 0, c.now().Add(restTime)
		}
		return "", fmt.Errorf("ocr: %w", err)
	case a.Problem != "":
		return "", errors.New(a.Problem)
	}
	c.losses = 0
	return a.Text, nil
}

func (c *Client) try(q request, pixels []byte) (a answer, err error) {
	if c.process == nil {
		if c.process, err = child.Start(c.config.Command, c.config.Env); err != nil {
			return a, err
		}
		c.loaded = map[kind]bool{}
	}
	limit := c.config.CropTime
	if !c.loaded[q.Kind] {
		limit += c.config.LoadTime
	}
	if err = c.process.Ask(context.Background(), limit, q, pixels, &a); err != nil {
		if words := c.end(); words != "" {
			err = fmt.Errorf("%w: %s", err, words)
		}
		return a, err
	}
	c.loaded[q.Kind] = true
	return a, nil
}

// end kills the child and gives its last words.
func (c *Client) end() (words string) {
	if c.process != nil {
		words = c.process.Kill()
		c.process = nil
	}
	return words
}
