package jobs

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"pingyi/ballot"
	"pingyi/scans/worker"
)

const trialFile = "scan.file"

// Trial reads a file of a trial run by a trial form, of at most so many images, and gives its images in order, with their
// pictures as JPEG. Nothing of it is kept: the file is deleted before Trial returns, or, after a kill, at the next
// start, and no row tells that it was there.
func (s *Service) Trial(ctx context.Context, f ballot.Form, name string, file io.Reader, most int) (images []ballot.TrialImage, pictures [][]byte, err error) {
	dir, err := s.trialFolder()
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, trialFile)
	locked, _, n, err := save(path, file)
	if err != nil {
		return nil, nil, err
	}
	defer locked.Close()
	if n == 0 {
		return nil, nil, ballot.Errorf(ballot.CodeInvalid, "文件“%s”是空的", "file %q is empty", filepath.Base(name))
	}
	parts, problem, err := s.Reader.Unpack(ctx, path, filepath.Base(name), filepath.Join(dir, "part"))
	if err != nil {
		return nil, nil, err
	}
	if problem != "" {
		return nil, nil, ballot.Errorf(ballot.CodeInvalid, "文件“%[1]s”打不开：不是图像或 PDF，或已损坏；请重新扫描，或存为 PDF 后再上传", "file %[1]q cannot be opened: %[2]s", filepath.Base(name), problem)
	}
	pages := 0
	for _, p := range parts {
		pages += p.Pages
	}
	if pages > most {
		return nil, nil, ballot.Errorf(ballot.CodeTooLarge, "图像太多：文件“%[1]s”里有 %[2]d 幅。试打只需几张，请确认不是正式票",
			"too many images: file %[1]q has %[2]d. A trial run has a few, is this the real stack?", filepath.Base(name), pages)
	}
	forms := worker.Forms{Key: "trial " + f.ID, List: []ballot.Form{f}, Look: true}
	for _, part := range parts {
		err := s.Reader.Read(ctx, forms, part, 0, part.Pages, func(p worker.Page) error {
			images = append(images, ballot.TrialImage{Reading: p.Result.PageReading, Verdicts: p.Result.Verdicts, Look: p.Look})
			pictures = append(pictures, p.Picture)
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return images, pictures, nil
}

func (s *Service) trialFolder() (string, error) {
	if err := os.MkdirAll(s.trials(), 0o700); err != nil {
		return "", err
	}
	return os.MkdirTemp(s.trials(), "run-")
}

func (s *Service) trials() string { return filepath.Join(s.Folder, "trial") }

// sweepTrials deletes what a kill left of trial runs.
func (s *Service) sweepTrials() error {
	runs, err := filepath.Glob(filepath.Join(s.trials(), "*"))
	if err != nil {
		return err
	}
	var faults []error
	for _, run := range runs {
		faults = append(faults, whileIdle(filepath.Join(run, trialFile), func() error { return os.RemoveAll(run) }))
	}
	return errors.Join(faults...)
}
