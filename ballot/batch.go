package ballot

import (
	"fmt"
	"slices"
)

// Batch is one stack of paper of one group, from one venue or pooled from several. An open batch has an
// order; a closed one has none.
type Batch struct {
	ID      string
	Meeting string
	Group   string
	Venues  []string
	State   BatchState
	Leaves  int // final once closed
	Pile    int // the number to write on its paper where that is audited, with the group's letter; else 0
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

// The paper was fed again, or it counts as an invalid ballot. What was held as scanned twice is the same paper
// as the image before and was fed again, or it is another sheet, which counts as it was read.
const (
	Undisposed Disposal = ""
	Rescanned  Disposal = "rescanned"
	Void       Disposal = "void"
	Distinct   Disposal = "distinct"
)

// Validate refuses what is no disposal.
func (d Disposal) Validate() error {
	if d != Rescanned && d != Void && d != Distinct {
		return Errorf(CodeInvalid, "处理方式须为 rescanned、void 或 distinct", "a page is disposed of as rescanned, void or distinct")
	}
	return nil
}

// SpoolPage is one image of an open batch as it was read.
type SpoolPage struct {
	Upload   string
	Index    int // in the upload, from 0
	Batch    string
	Reading  PageReading
	Verdicts []Verdict
	Picture  string // key of its picture in the spool
	Disposal Disposal
	Like     *Like        // what its leaf is like that was scanned before: never stored, see HoldTwice
	Comment  *CommentCrop // only where the image is saved, and in a list of comments
	Serial   Pseudonym    // in serial mode, of a code that the keys vouch for
}

// ID names the image to people while its batch is open.
func (p SpoolPage) ID() string { return fmt.Sprintf("%s-%d", p.Upload, p.Index) }

// Waits tells whether somebody must still say what became of a rejected image's paper. That it is another sheet
// lifts the hold of sheets scanned twice, and answers for no other reason.
func (p SpoolPage) Waits() bool {
	return p.Reading.Rejected != nil && (p.Disposal == Undisposed || p.Disposal == Distinct)
}

// rejectedFor tells whether an image was rejected for one of some reasons.
func (p SpoolPage) rejectedFor(reasons ...RejectReason) bool {
	return p.Reading.Rejected != nil && slices.Contains(reasons, p.Reading.Rejected.Reason)
}

// notOurs tells whether an image was rejected because its code says that its paper is no ballot of this batch's group, or
// none in force.
func (p SpoolPage) notOurs() bool {
	return p.rejectedFor(RejectTrial, RejectWrongGroup, RejectOtherMeeting, RejectOtherVersion)
}

// MayDispose tells whether somebody may say so of an image's paper. A page that was read counts: nobody may
// wish it away. One that was held as scanned twice was read too, so it cannot be void, and who took it for
// another sheet may think again. Nor can one be void that only misses its other side, or whose code says that it is
// another group's: its vote would be dropped, and the two wrong hand counts would balance.
func (p SpoolPage) MayDispose(how Disposal) error {
	used, unbound := p.rejectedFor(RejectSerialUsed), p.rejectedFor(RejectUnpaired, RejectLostSide)
	switch {
	case used && how == Distinct:
		return Errorf(CodeState, "流水号相同的票不能都计：认定为同一张（不计），或计为废票", "two sheets with one serial cannot both count: call it the same paper, or void")
	case used:
		return how.Validate()
	case p.Like != nil && how == Void:
		return Errorf(CodeState, "疑为重复扫描的票只能认定为同一张或另一张，不能作废", "a sheet held as scanned twice is the same paper or another sheet: it cannot be void")
	case p.Like != nil:
		return how.Validate()
	case p.Reading.Rejected == nil:
		return Errorf(CodeState, "该票面已正常识读，不能作废或重扫", "the page was read: only a rejected page can be disposed of")
	case p.rejectedFor(RejectTrial) && how == Void:
		return Errorf(CodeState, "试打票不是评议票，不能计为废票：请取出纸张", "a test ballot is no ballot and cannot be void: take the paper out")
	case p.notOurs() && how == Void:
		return Errorf(CodeState, "编码说明它不是本批票种现行的票，不能计为本票种的废票：请取出纸张，重新清点张数", "by its code the page is no ballot of this batch's group, or none in force, and cannot be a void one of it: take the paper out and count by hand anew")
	case unbound && how == Void:
		return Errorf(CodeState, "缺另一面的票只能重新扫描，不能作废", "a page that misses its other side can only be scanned again: it cannot be void")
	case how == Distinct:
		return Errorf(CodeState, "只有疑为重复扫描的票才能认定为另一张", "only a sheet held as scanned twice can be called another one")
	}
	return how.Validate()
}

// Disposed are the images of an upload, by their index there, of which it is said what became of their paper when
// it is said of one: that one and its other side, where that is rejected too; of an upload that is held as a
// whole, all that wait. A page that misses its other side is void where that is.
func Disposed(forms []Form, pages []SpoolPage, upload string, index int, how Disposal) (images []int, err error) {
	at := slices.IndexFunc(pages, func(p SpoolPage) bool { return p.Upload == upload && p.Index == index })
	if at < 0 {
		return nil, Errorf(CodeNotFound, "批次里没有该图像", "the batch has no such image")
	}
	named := pages[at]
	if err := named.MayDispose(how); err != nil {
		return nil, err
	}
	for _, p := range pages {
		other := anyTwoSided(forms) && p.Index == index^1 && (p.Reading.Rejected != nil || p.Like != nil) && !blankBack(forms, named, p)
		whole := named.rejectedFor(RejectLostSide) && p.Waits()
		if p.Upload != upload || p.Index != index && !other && !whole {
			continue
		}
		if err := p.MayDispose(how); err != nil && !p.rejectedFor(RejectUnpaired) {
			return nil, err
		}
		images = append(images, p.Index)
	}
	return images, nil
}

// ClosedPage is one side of a leaf as it is kept. Its id is random and names its picture.
type ClosedPage struct {
	ID       string
	Reading  PageReading
	Verdicts []Verdict
	Image    string // SHA-256 of its picture, hexadecimal
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
	Comments []Comment            // in an order of their own
	Scanned  []GroupCount         // leaves, void ones too; by subject on single forms
	Void     []GroupCount         // leaves that count as invalid
	Rejected map[RejectReason]int // images by reason
	Serials  []Pseudonym          // of serial mode, sorted: used up by the leaves and by those that are void
	Vouched  Vouching             // for the void ones
	Again    []SpoolPage          // of other batches: somebody took them for another sheet, and is asked anew, see AskAgain
}

// Vouching is the word of a scrutineer who has looked at the void leaves of a batch before it is closed.
type Vouching struct {
	By     string   `json:"by"`     // the scrutineer's account
	Leaves int      `json:"leaves"` // void leaves that were looked at
	Reason string   `json:"reason"` // why they are void, as a whole
	Images []string `json:"-"`      // ids of all images that were shown: never kept, since they tell the order of feeding
}

func sumLeaves(counts []GroupCount) (n int) {
	for _, c := range counts {
		n += c.Leaves
	}
	return n
}

// Vouch takes a scrutineer's word for the void leaves of a batch, or none. A word about other images than are void now is
// refused: what somebody else has made void meanwhile was not looked at.
func (c *Closing) Vouch(word Vouching, pages []SpoolPage) error {
	if word.By != "" {
		var void []string
		for _, p := range pages {
			if p.Reading.Rejected != nil && p.Disposal == Void {
				void = append(void, p.ID())
			}
		}
		slices.Sort(void)
		if !slices.Equal(void, slices.Sorted(slices.Values(word.Images))) {
			return Errorf(CodeConflict, "监票人看过的废票图像与现在的不同：请重新查看", "the scrutineer was shown other images than those that are void now: look again")
		}
		c.Vouched = Vouching{By: word.By, Leaves: sumLeaves(c.Void), Reason: word.Reason}
	}
	return c.CheckVoid()
}

// CheckVoid refuses void leaves without a scrutineer's word, and a word about others than there are: who feeds the scanner
// sees votes, and must not be able to make a ballot void alone.
func (c Closing) CheckVoid() error {
	void := sumLeaves(c.Void)
	switch {
	case c.Vouched.By == "" && void > 0:
		return Errorf(CodeSecondPerson, "本批有 %d 张废票：须有一名监票人看过，并输入自己的用户名、密码和理由，才能关闭", "%d leaves of the batch are void: a scrutineer who has looked at them vouches for that by name, password and reason", void)
	case c.Vouched.Leaves != void:
		return Errorf(CodeConflict, "监票人看过的废票是 %[1]d 张，现在是 %[2]d 张：请重新查看", "the scrutineer has looked at %[1]d void leaves, now there are %[2]d: look again", c.Vouched.Leaves, void)
	}
	return nil
}
