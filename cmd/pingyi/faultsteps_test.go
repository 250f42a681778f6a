package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"pingyi/api"
	"pingyi/ballot"
	"pingyi/scans/synth"
)

// faultBatch is a batch's part of a round.
type faultBatch struct {
	*faults
	path   string
	closed bool
}

func (b *faultBatch) get() (out api.Batch, err error) {
	return out, b.do("scanning", "GET", b.path, nil, &out, nil)
}

func (b *faultBatch) open() error {
	var made api.Batch
	mine := func() (bool, error) {
		var list api.BatchList
		err := b.do("scanning", "GET", b.m.path+"/batches", nil, &list, nil)
		if len(list.Batches) > 0 {
			made = list.Batches[0]
		}
		if len(list.Batches) > 1 {
			b.Twice++
			err = errors.Join(err, fmt.Errorf("TWICE: %d batches", len(list.Batches)))
		}
		return len(list.Batches) == 1, err
	}
	if err := b.do("scanning", "POST", b.m.path+"/batches", map[string]any{"group": "A", "venues": []string{"1"}}, &made, mine); err != nil {
		return err
	}
	b.path = b.m.path + "/batches/" + made.ID
	b.acknowledged(func() error {
		if there, err := mine(); err != nil || !there {
			return errors.Join(err, b.lost("the batch"))
		}
		return nil
	})
	return nil
}

// upload sends the stack in two files.
func (b *faultBatch) upload() error {
	for from := 0; from < faultLeaves; from += faultLeaves / 2 {
		var pictures [][]byte
		for i := range faultLeaves / 2 {
			picture, err := b.m.stacks["A"].scanAt(b.m.truth[from+i], 150, 0, unclearRow(from+i))
			if err != nil {
				return err
			}
			pictures = append(pictures, picture)
		}
		if err := b.send(fmt.Sprintf("stack%d.zip", from), pictures); err != nil {
			return err
		}
	}
	return nil
}

func (b *faultBatch) send(name string, pictures [][]byte) error {
	archive, err := zipOf(pictures)
	if err != nil {
		return err
	}
	digest := fmt.Sprintf("%x", sha256.Sum256(archive))
	times := func() (int, error) {
		now, err := b.get()
		n := 0
		for _, u := range now.Uploads {
			if u.Digest == digest {
				n++
			}
		}
		return n, err
	}
	err = b.again(func() error { return b.users["scanning"].upload(b.ctx, b.path+"/uploads", name, archive, nil) },
		func() (bool, error) { n, err := times(); return n > 0, err })
	if err != nil {
		return err
	}
	b.acknowledged(func() error {
		if b.closed {
			return nil // then its leaves are counted
		}
		n, err := times()
		switch {
		case err == nil && n == 0:
			return b.lost("the upload %s", name)
		case n > 1:
			b.Twice++
			return fmt.Errorf("TWICE: the upload %s", name)
		}
		return err
	})
	return nil
}

// read waits until all is read; sheets on which a child was killed are scanned again.
func (b *faultBatch) read() error {
	known := map[string]bool{}
	for {
		now, err := b.get()
		if err != nil {
			return err
		}
		if now.Pages.Waiting > 0 || len(now.Uploads) == 0 || now.Uploads[len(now.Uploads)-1].Pages < 0 || now.Uploads[0].Pages < 0 {
			time.Sleep(10 * time.Millisecond)
			continue
		}
		var pages api.BatchPageList
		if err := b.do("scanning", "GET", b.path+"/pages", nil, &pages, nil); err != nil {
			return err
		}
		var again [][]byte
		for i, p := range pages.Pages {
			if p.State != ballot.PageRejected || p.Disposal != ballot.Undisposed || known[p.ID] {
				continue
			}
			if !b.children || i >= faultLeaves || p.Reason != ballot.RejectCrashed {
				return fmt.Errorf("image %d was rejected: %s %s", i, p.Reason, p.Facts)
			}
			known[p.ID] = true
			if err := b.do("scanning", "POST", b.path+"/pages/"+p.ID+"/disposal", map[string]string{"disposal": "rescanned"}, nil, nil); err != nil {
				return err
			}
			picture, err := b.m.stacks["A"].scanAt(b.m.truth[i], 150, 1, unclearRow(i))
			if err != nil {
				return err
			}
			again = append(again, picture)
			b.Rescans++
		}
		if len(again) == 0 {
			return nil
		}
		b.restart.Wait() // no more shots: a sheet of the second stack would not be known by its place
		if err := b.send("again.zip", again); err != nil {
			return err
		}
	}
}

func (b *faultBatch) close() error {
	is := func() (bool, error) {
		now, err := b.get()
		return now.State == ballot.BatchClosed, err
	}
	if err := b.do("scanning", "POST", b.path+"/close", nil, nil, is); err != nil {
		return err
	}
	b.closed = true
	b.acknowledged(func() error {
		now, err := b.get()
		switch {
		case err != nil:
			return err
		case now.State != ballot.BatchClosed || now.Leaves < faultLeaves:
			return b.lost("the batch is %s with %d leaves", now.State, now.Leaves)
		case now.Leaves > faultLeaves:
			b.Twice++
			return fmt.Errorf("TWICE: %d leaves", now.Leaves)
		}
		return nil
	})
	return b.recheck()
}

// decide decides every unclear row, once.
func (f *faults) decide() error {
	for {
		var q api.Queue
		if err := f.do("scrutineer1", "GET", f.m.path+"/adjudication?limit=100", nil, &q, nil); err != nil || len(q.Rows) == 0 {
			return err
		}
		for _, row := range q.Rows {
			var t synth.Truth
			if err := f.again(func() (err error) { t, err = f.m.truthOf(row); return err }, nil); err != nil {
				return err
			}
			v := humanVerdict(t)
			times := func() (int, error) { return f.decisions(row.Page, row.Subject, v) }
			in := map[string]any{"kind": v.Kind, "grade": v.Grade, "reason": "seen on paper"}
			err := f.do("scrutineer1", "POST", fmt.Sprintf("%s/pages/%s/rows/%d/decisions", f.m.path, row.Page, row.Subject), in, nil,
				func() (bool, error) { n, err := times(); return n > 0, err })
			if err != nil {
				return err
			}
			f.acknowledged(func() error {
				n, err := times()
				switch {
				case err == nil && n == 0:
					return f.lost("the decision on page %s row %d", row.Page, row.Subject)
				case n > 1:
					f.Twice++
					return fmt.Errorf("TWICE: %d decisions on page %s row %d", n, row.Page, row.Subject)
				}
				return err
			})
		}
	}
}

// decisions counts those that stand on a row; one with another verdict is an error.
func (f *faults) decisions(page string, subject int, want ballot.Verdict) (n int, err error) {
	var list api.DecidedList
	if err := f.do("scrutineer1", "GET", f.m.path+"/decisions?limit=500", nil, &list, nil); err != nil {
		return 0, err
	}
	for _, r := range list.Rows {
		if r.Page != page || r.Subject != subject {
			continue
		}
		for _, d := range r.Decisions {
			if d.Kind != want.Kind || d.Grade != want.Grade {
				return n, fmt.Errorf("decision %+v, want %+v", d, want)
			}
			n++
		}
	}
	return n, nil
}

// step is an act on the meeting; after a kill, codes of a repetition mean that it was carried out.
func (f *faults) step(user, act string, states ...ballot.State) error {
	var in any
	if act != "balance" {
		in = demoSigning
	}
	err := f.do(user, "POST", f.m.path+"/"+act, in, nil, func() (bool, error) { return f.reached(states...) })
	var p *problem
	if errors.As(err, &p) && p.Code == string(ballot.CodeSecondPerson) {
		err = nil // this person's signature was kept
	}
	if err == nil {
		f.Acts++
	}
	return err
}

func (f *faults) must(states ...ballot.State) {
	f.record = append(f.record, func() error {
		if there, err := f.reached(states...); err != nil || !there {
			return errors.Join(err, f.lost("the state %v", states))
		}
		return nil
	})
}

func (f *faults) balance() error {
	err := f.step("scrutineer1", "balance", ballot.Balanced)
	f.must(ballot.Balanced, ballot.Certified, ballot.Released)
	return err
}

func (f *faults) certify() error {
	if err := f.step("scrutineer1", "certify"); err != nil {
		return err
	}
	err := f.step("scrutineer2", "certify", ballot.Certified)
	f.must(ballot.Certified, ballot.Released)
	return err
}

func (f *faults) release() error {
	if err := f.step("committee1", "release"); err != nil {
		return err
	}
	err := f.step("committee2", "release", ballot.Released)
	f.must(ballot.Released)
	return err
}
