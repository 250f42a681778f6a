package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"pingyi/api"
	"pingyi/ballot"
)

// machine looks at the disk and the data folder for the admin.
type machine struct{ app *app }

// grain is what sizes of all together are rounded up to. Without it, that they grow by a picture when a batch is closed,
// or do not, would tell whether the one ballot of a small group is void; so would pictures of a meeting that may still
// get more.
const grain = 16 << 20

func coarse(bytes int64) int64 { return (bytes + grain - 1) / grain * grain }

// Status measures now. Pictures are counted by meeting and never one by one.
func (m machine) Status(ctx context.Context) (api.SystemStatus, error) {
	c := m.app.config
	out := api.SystemStatus{Version: currentVersion().Version, OCR: m.app.ocr, Workers: c.workers, Meetings: []api.Storage{}}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(c.data, &disk); err != nil {
		return out, err
	}
	out.DiskFree, out.DiskTotal = coarse(int64(disk.Bavail)*disk.Bsize), int64(disk.Blocks)*disk.Bsize //nolint:gosec // no disk has 2⁶³ blocks
	for _, end := range []string{"", "-wal", "-shm"} {
		if info, err := os.Stat(c.database() + end); err == nil {
			out.Database += info.Size()
		} else if !errors.Is(err, fs.ErrNotExist) {
			return out, err
		}
	}
	out.Database = coarse(out.Database)
	meetings, err := m.app.store.Meetings(ctx)
	if err != nil {
		return out, err
	}
	for _, one := range meetings {
		s := api.Storage{Meeting: one.ID, Title: one.Title}
		a, err := m.app.store.Archiving(ctx, one.ID)
		if err != nil {
			return out, err
		}
		s.State, s.Keeping, s.DestroyOn = a.State, a.Keeping, a.DestroyOn
		if slices.Contains([]ballot.State{ballot.Certified, ballot.Released, ballot.Archived}, a.State) {
			if s.Pictures, s.Bytes, err = folderSize(filepath.Join(c.data, "pages", one.ID)); err != nil {
				return out, err
			}
		}
		out.Meetings = append(out.Meetings, s)
	}
	return out, nil
}

// folderSize counts the files of a folder and their bytes; a folder that is not there is empty.
func folderSize(folder string) (files int, bytes int64, err error) {
	err = filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // also a file that a discarded batch took away meanwhile
		}
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			files++
			bytes += info.Size()
		}
		return err
	})
	return files, bytes, err
}
