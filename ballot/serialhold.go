package ballot

import "slices"

// HoldUnissued rejects, in serial mode, the images of which nobody printed the serial; known are the pseudonyms
// of a meeting, true where a closed batch counted them. Those are for HoldUsed: a leaf has to be whole first.
// The pages given are not changed.
func HoldUnissued(forms []Form, pages []SpoolPage, known map[Pseudonym]bool) []SpoolPage {
	out := slices.Clone(pages)
	if !SerialForms(forms) {
		return out
	}
	for i := range out {
		p := &out[i]
		why := Rejection{Reason: RejectSerialUnissued, Facts: "the code is genuine, and not among those that were printed for this meeting"}
		if p.Serial == "" { // nothing that was read in serial mode is without one
			why = Rejection{Reason: RejectSerialUnread, Facts: "no serial was kept of this page: scan it again"}
		}
		if _, issued := known[p.Serial]; issued && p.Serial != "" {
			continue
		}
		p.Serial = ""
		if p.Reading.Rejected == nil {
			p.Reading.Rejected = &why
		}
	}
	return out
}

// HoldUsed rejects, in serial mode, leaves whose serial was counted before: with a closed batch, or with an
// earlier leaf of this one, after JoinSides. A leaf counts where it was read or is void. It is the same sheet
// again or a copy: nothing on the paper tells which of them is the voter's, so the first counts and no other
// does. An image whose serial another one has used up is left without. The pages given are not changed.
func HoldUsed(forms []Form, uploads []Upload, pages []SpoolPage, known map[Pseudonym]bool) []SpoolPage {
	out := slices.Clone(pages)
	first := map[Pseudonym]int{} // image
	for _, s := range leavesOf(forms, out) {
		images := frontFirst(out, s.images)
		front := out[images[0]]
		if front.Reading.Rejected != nil && front.Disposal != Void {
			continue
		}
		facts, like := "", (*Like)(nil)
		for _, i := range images {
			p := &out[i]
			at, again := first[p.Serial]
			switch {
			case p.Serial == "" || again && slices.Contains(images, at): // the other side of this leaf has it too
			case known[p.Serial]:
				p.Serial, facts = "", "its serial was counted with a closed batch; with which page cannot be told"
			case again:
				like = &Like{Upload: out[at].Upload, Index: out[at].Index}
				p.Serial, facts = "", "it has the serial of "+imageIn(uploads, *like)
			default:
				first[p.Serial] = i
			}
		}
		for _, i := range images {
			if p := &out[i]; facts != "" && p.Reading.Rejected == nil {
				p.Reading.Rejected, p.Like, p.Serial = &Rejection{Reason: RejectSerialUsed, Facts: facts}, like, ""
			}
		}
	}
	return out
}

// SerialForms tells whether forms in force are of serial mode.
func SerialForms(forms []Form) bool {
	return slices.ContainsFunc(forms, func(f Form) bool { return f.Identity == Serial && !f.Withdrawn })
}

// countSerials adds the serials of a leaf that counts to those that are used up by closing its batch.
func countSerials(used map[Pseudonym]bool, pages []SpoolPage, images []int) {
	for _, i := range images {
		if p := pages[i]; p.Serial != "" {
			used[p.Serial] = true
		}
	}
}
