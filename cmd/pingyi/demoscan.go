package main

import (
	"errors"
	"fmt"
	"time"

	"pingyi/api"
	"pingyi/ballot"
	"pingyi/scans/raster"
	"pingyi/scans/synth"
)

// scanAll feeds one stack a group and venue.
func (m *demoMeeting) scanAll(counts map[ballot.LedgerKey]map[ballot.LedgerField]int) error {
	ballots := map[ballot.LedgerKey]int{} // by venue and group; on single forms a packet is one voter's
	for key, fields := range counts {
		ballots[ballot.LedgerKey{Venue: key.Venue, Group: key.Group}] = fields[ballot.Returned]
	}
	first := true
	for _, group := range []string{"A", "B", "C"} {
		for _, venue := range []string{"1", "2"} {
			n := ballots[ballot.LedgerKey{Venue: venue, Group: group}]
			if n == 0 {
				continue
			}
			if err := m.feed(group, venue, n, first); err != nil {
				return fmt.Errorf("group %s venue %s: %w", group, venue, err)
			}
			first = false
		}
	}
	return nil
}

// feed marks, scans, uploads and closes one stack. The first stack of a meeting meets trouble: leaves
// with covered codes and pasted names, of which those that are rejected are scanned again without, and a stack fed twice.
func (m *demoMeeting) feed(group, venue string, n int, trouble bool) error {
	stack := m.stacks[group]
	var ballots []demoBallot
	for i := 0; i < n; i++ {
		ballots = append(ballots, stack.vote(venue, len(m.truth)+i))
	}
	m.strikeOne(ballots, trouble)
	m.truth = append(m.truth, ballots...)
	harm := func(i int) func(*raster.Image, *ballot.FormPage) {
		if trouble {
			return harms[i]
		}
		return nil
	}
	pictures, err := stack.scan(ballots, 0, harm)
	if err != nil {
		return err
	}
	data, err := zipOf(pictures)
	if err != nil {
		return err
	}
	var batch api.Batch
	if err := m.do("scanning", "POST", m.path+"/batches", map[string]any{"group": group, "venues": []string{venue}}, &batch); err != nil {
		return err
	}
	path := m.path + "/batches/" + batch.ID
	if err := m.read(path, group+venue+".zip", data); err != nil {
		return err
	}
	if trouble {
		if err := m.rescan(path, stack, ballots, data); err != nil {
			return err
		}
	}
	if err := m.closeBatch(path, group, venue); err != nil || !trouble || len(stack.form.Pages) > 2 {
		return err // single forms have too few marks to be known by: the source meeting shows it
	}
	return m.feedTwice(stack, ballots)
}

// strikeOne makes sure that the demo has a struck-out mark.
func (m *demoMeeting) strikeOne(ballots []demoBallot, trouble bool) {
	if !trouble {
		return
	}
	for subject, t := range ballots[0].truth {
		if subject == 3 {
			t.Kind, t.Grade = synth.TruthAltered, m.stacks[ballots[0].group].form.Grades[1]
			ballots[0].truth[subject] = t
		}
	}
}

// read uploads a file and waits until all of it is read.
func (m *demoMeeting) read(path, name string, data []byte) error {
	start := time.Now()
	if err := m.users["scanning"].upload(m.ctx, path+"/uploads", name, data, nil); err != nil {
		return fmt.Errorf("upload: %w", err)
	}
	for {
		var b api.Batch
		if err := m.do("scanning", "GET", path, nil, &b); err != nil {
			return err
		}
		done := b.Pages.Waiting == 0
		for _, u := range b.Uploads {
			done = done && u.Pages >= 0
			if u.Error != "" {
				return errors.New(u.Error)
			}
		}
		if done {
			break
		}
		select {
		case <-m.ctx.Done():
			return m.ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	m.stats.reading += time.Since(start)
	return nil
}

// rescan shows what scanning staff do: the same file is refused, and a rejected leaf is scanned again.
func (m *demoMeeting) rescan(path string, stack *paperStack, ballots []demoBallot, data []byte) error {
	m.say("-- 同一文件重复上传 the same file again")
	err := m.users["scanning"].upload(m.ctx, path+"/uploads", "again.zip", data, nil)
	var p *problem
	if !errors.As(err, &p) || p.Code != string(ballot.CodeDuplicate) {
		return fmt.Errorf("an equal upload should be refused, but: %w", err)
	}
	m.say("  ✗ 拒绝 refused: %v", p)
	var pages api.BatchPageList
	if err := m.do("scanning", "GET", path+"/pages", nil, &pages); err != nil {
		return err
	}
	rejected, held := 0, 0
	for _, page := range pages.Pages {
		if page.State == ballot.PageRejected {
			rejected++
			if page.Reason == ballot.RejectName {
				held++
			}
			m.say("  ✗ 退回 rejected: %s %s", page.Reason, page.Facts)
			if err := m.do("scanning", "POST", path+"/pages/"+page.ID+"/disposal", map[string]string{"disposal": "rescanned"}, nil); err != nil {
				return err
			}
		}
	}
	var bad []demoBallot
	for i := range ballots {
		if mustReject(i, stack.form) {
			bad = append(bad, ballots[i])
		}
	}
	sides := 1
	if stack.form.Kind == ballot.SingleForm || stack.form.TwoSided {
		sides = len(stack.form.Pages)
	}
	if rejected != len(bad)*sides || (held > 0) != (stack.form.Kind == ballot.RosterForm) {
		return fmt.Errorf("%d pages were rejected, %d of them by their names; %d leaves of %d pages should be", rejected, held, len(bad), sides)
	}
	m.say("  ✓ 页码被遮、凭印刷字识别 codes covered, saved by OCR: %d pages", (len(harms)-2)*sides)
	m.stats.rejected += rejected
	m.stats.pages += rejected
	again, err := stack.scan(bad, 1, nil)
	if err != nil {
		return err
	}
	clean, err := zipOf(again)
	if err != nil {
		return err
	}
	if err := m.read(path, "rescan.zip", clean); err != nil {
		return err
	}
	m.say("  ✓ 已重新扫描 scanned again")
	return nil
}

// feedTwice scans the whole stack once more when its batch is closed: other bytes, the same paper. Every sheet
// is known by its ink and held. Whoever takes them for other sheets is stopped by the count by hand.
func (m *demoMeeting) feedTwice(stack *paperStack, ballots []demoBallot) error {
	m.say("-- 同一叠票再次进纸 the same stack fed twice")
	extra, err := stack.scan(ballots, 2, nil)
	if err != nil {
		return err
	}
	data, err := zipOf(extra)
	if err != nil {
		return err
	}
	var batch api.Batch
	in := map[string]any{"group": ballots[0].group, "venues": []string{ballots[0].venue}}
	if err := m.do("scanning", "POST", m.path+"/batches", in, &batch); err != nil {
		return err
	}
	path := m.path + "/batches/" + batch.ID
	if err := m.read(path, "twice.zip", data); err != nil {
		return err
	}
	held, err := m.disposeHeld(path, ballot.Distinct)
	if err != nil {
		return err
	}
	m.say("  ✗ 疑为重复扫描 held as scanned twice: %d of %d images", held, len(extra))
	if err := m.refused(ballot.CodeUnbalanced, "scanning", "POST", path+"/close", nil); err != nil {
		return err
	}
	if _, err := m.disposeHeld(path, ballot.Rescanned); err != nil {
		return err
	}
	if err := m.do("scanning", "GET", path, nil, &batch); err != nil {
		return err
	}
	if held != len(extra) || batch.Leaves != 0 {
		return fmt.Errorf("%d of %d images were held, and %d leaves would count twice", held, len(extra), batch.Leaves)
	}
	m.say("  ✓ 认定为同一张票，放弃本批 found to be the same paper, the batch is discarded")
	return m.do("scanning", "DELETE", path, nil, nil)
}

// disposeHeld says of every sheet that was held as scanned twice what it is, and counts their images.
func (m *demoMeeting) disposeHeld(path string, how ballot.Disposal) (held int, err error) {
	var pages api.BatchPageList
	if err := m.do("scanning", "GET", path+"/pages", nil, &pages); err != nil {
		return 0, err
	}
	for _, p := range pages.Pages {
		if p.Reason != ballot.RejectTwice && p.Disposal != ballot.Distinct {
			continue
		}
		held++
		if err := m.do("scanning", "POST", path+"/pages/"+p.ID+"/disposal", map[string]ballot.Disposal{"disposal": how}, nil); err != nil {
			return held, err
		}
	}
	return held, nil
}

func (m *demoMeeting) closeBatch(path, group, venue string) error {
	var pages api.BatchPageList
	if err := m.do("scanning", "GET", path+"/pages", nil, &pages); err != nil {
		return err
	}
	for _, p := range pages.Pages {
		if p.State == ballot.PageRejected && p.Disposal == ballot.Undisposed {
			return fmt.Errorf("a page of ordinary damage was rejected: %s %s", p.Reason, p.Facts)
		}
		if p.State == ballot.PageRead {
			m.stats.pages++
		}
	}
	var closed api.Batch
	if err := m.do("scanning", "POST", path+"/close", nil, &closed); err != nil {
		return err
	}
	m.say("-- %s票 会场%s: %d leaves, closed and shuffled", group, venue, closed.Leaves)
	return nil
}
