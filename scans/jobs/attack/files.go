package attack

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"
)

// folder takes clues from the files of a folder that are named after pages: from the order in which the file system
// lists them, from what it keeps of each, from the same of the file that is next or before by name (numbers that one
// file leaves free are given to the one that is written next), and from their bytes.
func (c Clues) folder(path string, k Known) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	listed, err := dir.Readdirnames(-1)
	dir.Close()
	if err != nil {
		return err
	}
	kept := map[string]map[string]float64{} // file → what
	var names []string
	for i, name := range listed {
		if k.named(name) == "" {
			continue
		}
		what, err := keptOf(filepath.Join(path, name))
		if err != nil {
			return err
		}
		what["listed as"] = float64(i)
		kept[name] = what
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		page := k.named(name)
		for what, v := range kept[name] {
			c.set("picture: "+what, page, v)
			if i > 0 {
				before := kept[names[i-1]][what]
				c.set("picture before by name: "+what, page, before)
				c.set("picture less the one before by name: "+what, page, v-before)
			}
			if i+1 < len(names) {
				c.set("picture after by name: "+what, page, kept[names[i+1]][what])
			}
		}
		c.set("picture: name", page, float64(i))
	}
	return nil
}

// keptOf is what a file system keeps of a file, and what its bytes tell without being looked at as a picture.
func keptOf(path string) (map[string]float64, error) {
	var s unix.Statx_t
	if err := unix.Statx(unix.AT_FDCWD, path, unix.AT_SYMLINK_NOFOLLOW, unix.STATX_ALL, &s); err != nil {
		return nil, err
	}
	moment := func(t unix.StatxTimestamp) float64 { return float64(t.Sec%1_000_000)*1e9 + float64(t.Nsec) }
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	sum := 0.0
	for _, b := range data {
		sum += float64(b)
	}
	out := map[string]float64{
		"entry number": float64(s.Ino), "made at": moment(s.Btime), "changed at": moment(s.Ctime), "written at": moment(s.Mtime),
		"size": float64(s.Size), "blocks": float64(s.Blocks), "links": float64(s.Nlink), "mode": float64(s.Mode), "sum of bytes": sum, "read at": moment(s.Atime),
		"tables of quantisation": tables(data),
	}
	if at, ok := placeOnDisk(path); ok {
		out["place on disk"] = at
	}
	return out, nil
}

// tables sums what a JPEG says of how it was made: every segment before its picture.
func tables(data []byte) (sum float64) {
	end := bytes.Index(data, []byte{0xff, 0xda})
	for i := range max(0, end) {
		sum += float64(i) * float64(data[i])
	}
	return sum
}

// placeOnDisk asks the file system on which block of the disk the file begins (FS_IOC_FIEMAP); not all say.
func placeOnDisk(path string) (float64, bool) {
	f, err := os.Open(path)
	if err != nil {
		return 0, false
	}
	defer f.Close()
	const fiemap, head, extent = 0xc020660b, 32, 56
	var ask [head + extent]byte
	binary.NativeEndian.PutUint64(ask[8:], ^uint64(0)) // the whole file
	binary.NativeEndian.PutUint32(ask[24:], 1)         // room for one extent
	_, _, fault := unix.Syscall(unix.SYS_IOCTL, f.Fd(), fiemap, uintptr(unsafe.Pointer(&ask[0])))
	if fault != 0 || binary.NativeEndian.Uint32(ask[20:]) == 0 {
		return 0, false
	}
	return float64(binary.NativeEndian.Uint64(ask[head+8:])), true
}
