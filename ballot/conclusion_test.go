package ballot

import (
	"slices"
	"strings"
	"testing"
)

func TestConclusion(t *testing.T) {
	m := Meeting{Rules: DefaultRules(), Subjects: []Subject{{No: 7, Name: "张三"}}}
	c, err := m.Conclusion(7, "较好", []string{"  建立台账 ", "", "每季度讲一次党课"})
	if err != nil || c.OverallGrade != "较好" || !slices.Equal(c.Items, []string{"建立台账", "每季度讲一次党课"}) {
		t.Fatalf("%+v, %v", c, err)
	}
	if c, err := m.Conclusion(7, "", nil); err != nil || c.Items == nil {
		t.Errorf("nothing entered: %+v, %v", c, err)
	}
	for name, try := range map[string]struct {
		subject int
		grade   string
		items   []string
		code    Code
	}{
		"nobody":    {8, "好", nil, CodeNotFound},
		"no grade":  {7, "优秀", nil, CodeInvalid},
		"two lines": {7, "好", []string{"一\n二"}, CodeInvalid},
		"too long":  {7, "好", []string{strings.Repeat("长", MaxItem+1)}, CodeInvalid},
		"too many":  {7, "好", slices.Repeat([]string{"条"}, MaxItems+1), CodeInvalid},
		"not text":  {7, "好", []string{"\xff"}, CodeInvalid},
	} {
		if _, err := m.Conclusion(try.subject, try.grade, try.items); CodeOf(err) != try.code {
			t.Errorf("%s: %v, want %s", name, err, try.code)
		}
	}
	for percent, good := range map[int]bool{-1: false, 0: true, 40: true, 100: true, 101: false} {
		if err := CheckCap(percent); (err == nil) != good {
			t.Errorf("cap %d: %v", percent, err)
		}
	}
}
