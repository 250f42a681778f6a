package ballot

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

func TestErrors(t *testing.T) {
	a := Errorf(CodeRoster, "缺%s", "%s is missing", "姓名")
	b := a.AtRow(7)
	if b.Chinese != "第 7 行：缺姓名" || b.Error() != "bad_roster: row 7: 姓名 is missing" || b.Row != 7 || a.Row != 0 {
		t.Errorf("%+v from %+v", b, a)
	}
	if e := Errorf(CodeInvalid, "100%", "100%"); e.Chinese != "100%" {
		t.Errorf("a text without arguments is no format: %q", e.Chinese)
	}
	joined := fmt.Errorf("reading: %w", errors.Join(a, errors.Join(b, errors.New("other"))))
	if CodeOf(joined) != CodeRoster || CodeOf(errors.New("other")) != "" || CodeOf(nil) != "" {
		t.Error("codes")
	}
	if got := Errors(errors.Join(a, errors.Join(b, errors.New("other")))); len(got) != 2 || got[0] != a || got[1] != b {
		t.Errorf("flattened to %v", got)
	}
	if Errors(nil) != nil {
		t.Error("no error holds errors")
	}
}

func TestSpacedName(t *testing.T) {
	for in, want := range map[string]string{"张明": "张　明", "王建国": "王建国", "𠮷田": "𠮷　田", "Li": "Li", "": "", "李": "李"} {
		if got := SpacedName(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

// Locations are put together from the inside out, as JSON writes them.
func TestLocation(t *testing.T) {
	inner := errors.Join(Errorf(CodeRoster, "a", "a").In("name").In("[3]"), Errorf(CodeRoster, "b", "b").In("[4]"), Errorf(CodeRoster, "c", "c"))
	var got []string
	for _, e := range Errors(Within("subjects", inner)) {
		got = append(got, e.Location)
	}
	// "name" within "[3]" is written [3].name.
	if want := []string{"subjects[3].name", "subjects[4]", "subjects"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if Within("rules", nil) != nil {
		t.Error("nothing became something")
	}
	if other := errors.New("disk"); !errors.Is(Within("rules", other), other) {
		t.Error("an error that is none of ours was changed")
	}
}
