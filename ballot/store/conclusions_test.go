package store_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

// released is a meeting of two subjects whose results are out.
func released(t *testing.T, s *store.Store) string {
	t.Helper()
	id := counted(t, s)
	must[ballot.Meeting](t)(s.Balance(context.Background(), "s1", id))
	certify(t, s, id)
	must[store.Signed](t)(s.Release(context.Background(), "c1", id, "无误"))
	must[store.Signed](t)(s.Release(context.Background(), "c2", id, "无误"))
	return id
}

// TestConclude: grades and items stand beside a released count, each change with what was there before in the
// record; before release and after archive nothing is entered.
func TestConclude(t *testing.T) {
	s, ctx := open(t), context.Background()
	good, fair, none, items := "好", "较好", "", []string{"建立台账", "补齐会议记录"}
	early := counted(t, s)
	_, err := s.Conclude(ctx, "c1", early, 1, &good, nil)
	refused(t, ballot.CodeState, err)
	must[ballot.Meeting](t)(s.Balance(ctx, "s1", early))
	certify(t, s, early)
	refused(t, ballot.CodeState, s.SetOverallCap(ctx, "c1", early, 40))
	if r, err := s.Result(ctx, early); err != nil || r.Conclusions != nil {
		t.Errorf("a certified result has conclusions: %+v, %v", r.Conclusions, err)
	}

	id := released(t, s)
	must[ballot.Conclusion](t)(s.Conclude(ctx, "c1", id, 1, &fair, nil))
	must[ballot.Conclusion](t)(s.Conclude(ctx, "c2", id, 1, &good, &items))
	must[ballot.Conclusion](t)(s.Conclude(ctx, "c2", id, 1, &good, nil)) // changes nothing, and is not in the record
	if c := must[ballot.Conclusion](t)(s.Conclude(ctx, "c1", id, 2, &good, nil)); c.OverallGrade != "好" {
		t.Errorf("entered %+v", c)
	}
	ok(t, s.SetOverallCap(ctx, "c1", id, 50))
	refused(t, ballot.CodeInvalid, s.SetOverallCap(ctx, "c1", id, 101))
	_, err = s.Conclude(ctx, "c1", id, 3, &good, nil)
	refused(t, ballot.CodeNotFound, err)
	r, err := s.Result(ctx, id)
	ok(t, err)
	c := r.Conclusions
	if c.Cap != 50 || c.Grades[0].Num != 2 || c.Missing != 0 || !strings.Contains(c.Warning, "2 人，占 2 人的 100.00%") || !slices.Equal(r.Concluded(1).Items, items) {
		t.Errorf("conclusions %+v", c)
	}
	if again, err := s.Result(ctx, id); err != nil || again != r {
		t.Errorf("a result that did not change was put together again, %v", err)
	}
	must[ballot.Conclusion](t)(s.Conclude(ctx, "c1", id, 2, &none, nil))
	if r, err = s.Result(ctx, id); err != nil || r.Conclusions.Warning != "" || r.Conclusions.Missing != 1 {
		t.Errorf("one taken back: %+v, %v", r.Conclusions, err)
	}
	var record []string
	for _, a := range must[[]store.Act](t)(s.Acts(ctx, id, 0, 5)) {
		record = append(record, a.Actor+" "+a.Act+" "+a.Detail)
	}
	m := must[ballot.Meeting](t)(s.Meeting(ctx, id))
	want := []string{"c1 conclude 2 " + m.Subjects[1].Name + ": overall grade 好 → —", "c1 set_overall_cap 0% → 50%", "c1 conclude 2 " + m.Subjects[1].Name + ": overall grade — → 好",
		"c2 conclude 1 " + m.Subjects[0].Name + ": overall grade 较好 → 好, items to rectify — → 建立台账；补齐会议记录", "c1 conclude 1 " + m.Subjects[0].Name + ": overall grade — → 较好"}
	if !slices.Equal(record, want) {
		t.Errorf("record %q", record)
	}
	exported(t, s, id)
	must[ballot.Meeting](t)(s.Archive(ctx, "c1", id, "2027-03-01"))
	_, err = s.Conclude(ctx, "c1", id, 1, &fair, nil)
	refused(t, ballot.CodeState, err)
	if r, err := s.Result(ctx, id); err != nil || r.Concluded(1).OverallGrade != "好" {
		t.Errorf("archived: %+v, %v", r.Conclusions, err)
	}
}
