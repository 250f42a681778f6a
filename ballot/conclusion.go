package ballot

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Conclusion is what the committee enters about a subject beside the count, after release: its overall grade
// (综合评价等次), which is never computed from the count, and items to rectify (整改事项).
type Conclusion struct {
	Subject      int      `json:"subject"`
	OverallGrade string   `json:"overall_grade,omitempty"` // one of rules.grades; "" while there is none
	Items        []string `json:"items"`
}

// Limits of the items to rectify of one subject; an item is a sentence, in characters.
const (
	MaxItems = 20
	MaxItem  = 200
)

// Conclusion makes a conclusion about one of the meeting's subjects. Blanks around items are cut and empty ones
// left out; what cannot be a conclusion is refused.
func (m *Meeting) Conclusion(subject int, grade string, items []string) (Conclusion, error) {
	c := Conclusion{subject, grade, []string{}}
	if _, known := m.Subject(subject); !known {
		return c, Errorf(CodeNotFound, "名册中没有 %d 号", "the roster has no number %d", subject)
	}
	if grade != "" && !slices.Contains(m.Rules.Grades, grade) {
		return c, Errorf(CodeInvalid, "没有“%[1]s”这一等次，可选：%[2]s", "no grade %[1]q; choose from: %[2]s", grade, strings.Join(m.Rules.Grades, "、"))
	}
	for _, item := range items {
		item = strings.TrimSpace(item)
		if utf8.RuneCountInString(item) > MaxItem || !utf8.ValidString(item) || strings.ContainsFunc(item, unicode.IsControl) {
			return c, Errorf(CodeInvalid, "每条整改事项须为一行，最多 %d 字", "an item to rectify is one line of at most %d characters", MaxItem)
		}
		if item != "" {
			c.Items = append(c.Items, item)
		}
	}
	if len(c.Items) > MaxItems {
		return c, Errorf(CodeInvalid, "整改事项最多 %[1]d 条，现有 %[2]d 条", "at most %[1]d items to rectify; there are %[2]d", MaxItems, len(c.Items))
	}
	return c, nil
}

// CheckCap refuses what is no share of subjects in per cent; 0 sets no cap.
func CheckCap(percent int) error {
	if percent < 0 || percent > 100 {
		return Errorf(CodeInvalid, "比例上限应为 0 到 100（0 为不设）", "a cap is 0 to 100 per cent, 0 for none")
	}
	return nil
}
