package ballot

// Batch is one stack of paper of one group, from one venue or pooled from several. An open batch has an
// order; a closed one has none.
type Batch struct {
	ID      string
	Meeting string
	Group   string
	Venues  []string
	State   BatchState
	Leaves  int // final once closed
}

// BatchState is where a batch stands.
type BatchState string

// The states of a batch. A discarded batch is gone.
const (
	BatchOpen   BatchState = "open"
	BatchClosed BatchState = "closed"
)

// Upload is a file of an open batch.
type Upload struct {
	ID     string
	Batch  string
	Seq    int
	Name   string
	Digest string // SHA-256 of its bytes, hexadecimal
	Bytes  int64
	Pages  int    // images in it; -1 until it was taken apart
	Error  string // why it, or a part of it, could not be opened
}

// Disposal is what became of the paper of a rejected image.
type Disposal string

// The paper was fed again, or it counts as an invalid ballot.
const (
	Undisposed Disposal = ""
	Rescanned  Disposal = "rescanned"
	Void       Disposal = "void"
)

// SpoolPage is one image of an open batch as it was read.
type SpoolPage struct {
	Upload   string
	Index    int // in the upload, from 0
	Batch    string
	Reading  PageReading
	Verdicts []Verdict
	Picture  string // key of its picture in the spool
	Disposal Disposal
}

// Waits tells whether somebody must still say what became of a rejected image's paper.
func (p SpoolPage) Waits() bool { return p.Reading.Rejected != nil && p.Disposal == Undisposed }

// ClosedPage is one side of a leaf as it is kept. Its id is random and names its picture.
type ClosedPage struct {
	ID       string
	Reading  PageReading
	Verdicts []Verdict
}

// ClosedLeaf is a leaf as it is kept, under a random id.
type ClosedLeaf struct {
	ID    string
	Whole bool // all rows of the ballot are on it
	Pages []ClosedPage
}

// Closing is what a batch leaves behind: its leaves, in an order that says nothing, and counts.
type Closing struct {
	Leaves   []ClosedLeaf
	Scanned  []GroupCount         // leaves, void ones too; by subject on single forms
	Void     []GroupCount         // leaves that count as invalid
	Rejected map[RejectReason]int // images by reason
}
