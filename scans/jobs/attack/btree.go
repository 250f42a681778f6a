package attack

import (
	"encoding/binary"
	"fmt"
)

// The format of SQLite's files (sqlite.org/fileformat2.html): pages that form one tree a table or index, and free ones.
const (
	interiorIndex = 2
	interiorTable = 5
	leafIndex     = 10
	leafTable     = 13
)

// block is a page of a database file as it lies there.
type block struct {
	number int // from 1
	data   []byte
	header int // where the tree's header begins: the first page has the file's before it
}

// blocks takes a database file apart.
func blocks(file []byte) (out []block, size int) {
	if len(file) < 100 {
		return nil, 0
	}
	size = int(binary.BigEndian.Uint16(file[16:]))
	if size == 1 {
		size = 65536
	}
	for at := 0; at+size <= len(file); at += size {
		b := block{number: at/size + 1, data: file[at : at+size]}
		if b.number == 1 {
			b.header = 100
		}
		out = append(out, b)
	}
	return out, size
}

// children are the numbers of the pages below an interior one.
func (b block) children() (out []int) {
	kind := b.data[b.header]
	if kind != interiorIndex && kind != interiorTable {
		return nil
	}
	cells := int(binary.BigEndian.Uint16(b.data[b.header+3:]))
	for i := range cells {
		cell := int(binary.BigEndian.Uint16(b.data[b.header+12+2*i:]))
		if cell+4 <= len(b.data) {
			out = append(out, int(binary.BigEndian.Uint32(b.data[cell:])))
		}
	}
	return append(out, int(binary.BigEndian.Uint32(b.data[b.header+8:])))
}

// trees says to which table or index each page of the file belongs, by the roots that the schema names; pages of
// no tree hold long rows' ends, or are free.
func trees(all []block, roots map[string]int) map[int]string {
	out := map[int]string{}
	var walk func(name string, number int)
	walk = func(name string, number int) {
		if number < 1 || number > len(all) || out[number] != "" {
			return
		}
		out[number] = name
		for _, child := range all[number-1].children() {
			walk(name, child)
		}
	}
	for name, root := range roots {
		walk(name, root)
	}
	return out
}

// layout takes clues from where pages are named in the database file: in which block of which tree, where in it, and
// in blocks of no tree.
func (c Clues) layout(file []byte, roots map[string]int, k Known) {
	all, size := blocks(file)
	tree := trees(all, roots)
	for _, b := range all {
		name := tree[b.number]
		if name == "" {
			name = "loose blocks"
		}
		for _, f := range find(b.data, k) {
			c.set("file, "+name+": place", f.page, float64((b.number-1)*size+f.at))
			c.set("file, "+name+": place, blocks backwards", f.page, float64(b.number*size-f.at)) // new rows go before older ones
			c.set("file, "+name+": place in block", f.page, float64(f.at))
			c.last("file, "+name+": last place in block", f.page, float64(f.at))
		}
	}
}

// writeAheadLog takes clues from the frames of the log: when, by the order of frames, each page was first and last
// written, in any block and in the blocks of each tree. A block's tree is that of its number in the newest state.
func (c Clues) writeAheadLog(log []byte, tree map[int]string, k Known) {
	if len(log) < 32 {
		return
	}
	size := int(binary.BigEndian.Uint32(log[8:]))
	frames := 0
	for at := 32; size > 0 && at+24+size <= len(log); at += 24 + size {
		number := int(binary.BigEndian.Uint32(log[at:]))
		name := tree[number]
		if name == "" {
			name = "loose blocks"
		}
		for _, f := range find(log[at+24:at+24+size], k) {
			place := float64(frames*size + f.at)
			c.set("log: first frame", f.page, float64(frames))
			c.last("log: last frame", f.page, float64(frames))
			c.set(fmt.Sprintf("log, %s: first place", name), f.page, place)
			c.set(fmt.Sprintf("log, %s: first place, blocks backwards", name), f.page, float64((frames+1)*size-f.at))
			c.set(fmt.Sprintf("log, %s: first frame", name), f.page, float64(frames))
			c.last(fmt.Sprintf("log, %s: last frame", name), f.page, float64(frames))
		}
		frames++
	}
}
