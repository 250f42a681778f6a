package ballot

import (
	"fmt"
	"strings"
)

// Meeting is one appraisal (述职评议会) with its rules, roster, groups and venues.
type Meeting struct {
	ID        string         `json:"id"`
	Title     string         `json:"title"`
	Organiser string         `json:"organiser"`
	Date      string         `json:"date"` // as printed, YYYY-MM-DD
	State     State          `json:"state"`
	Version   int            `json:"version"` // of the sealed rules, roster and forms; 0 before the first seal
	SealHash  string         `json:"seal_hash,omitempty"`
	Rules     Rules          `json:"rules"`
	Subjects  []Subject      `json:"subjects"`
	Groups    []VoterGroup   `json:"groups"`
	Excluded  []ExcludedRule `json:"excluded"`
	Venues    []Venue        `json:"venues"`
}

// ReportMode is how a secretary reports.
type ReportMode string

// The two report modes.
const (
	Oral    ReportMode = "oral"    // 现场述职
	Written ReportMode = "written" // 书面述职
)

// Chinese is the mode's name in tables.
func (m ReportMode) Chinese() string {
	if m == Oral {
		return "现场述职"
	}
	return "书面述职"
}

// Subject is a secretary who is appraised (述职人). The number is the subject's key on every form.
type Subject struct {
	No       int        `json:"no"`
	Name     string     `json:"name"`
	Org      string     `json:"org"`
	Post     string     `json:"post"`
	Mode     ReportMode `json:"mode"`
	Delegate string     `json:"delegate,omitempty"` // who speaks for the subject; gets no ballot by it
	Note     string     `json:"note,omitempty"`
}

// VoterGroup is a kind of voter with a ballot of its own (票种). Its headcounts come from the roll or
// are typed; no voter's name is in it.
type VoterGroup struct {
	Code       string         `json:"code"`       // one letter A–Z, printed as 「A票」
	Name       string         `json:"name"`       // 工委委员
	Categories []string       `json:"categories"` // the roll's categories that belong to it
	Weight     int            `json:"weight"`     // per cent of the weighted score; the enabled groups' sum is 100
	JoinWith   string         `json:"join_with"`  // group that takes this one in where it is smaller than k
	Disabled   bool           `json:"disabled,omitempty"`
	Headcount  map[string]int `json:"headcount,omitempty"` // expected voters (应到) by venue code
}

// Expected is the headcount over all venues.
func (g VoterGroup) Expected() int {
	n := 0
	for _, c := range g.Headcount {
		n += c
	}
	return n
}

// ExcludedRule names a category of people who never vote, and why.
type ExcludedRule struct {
	Category string `json:"category"`
	Reason   string `json:"reason"`
}

// Venue is a place where ballots are issued and collected (主会场、分会场).
type Venue struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// DefaultExcluded is the source meeting's: party-affairs staff do not vote, staff of the organisation
// department count the votes.
func DefaultExcluded() []ExcludedRule {
	return []ExcludedRule{
		{Category: "党务工作者", Reason: "各单位党务工作者不参与画票"},
		{Category: "工委组织部工作人员", Reason: "工委组织部工作人员负责计票，不参与画票"},
	}
}

// Subject finds a subject by number.
func (m *Meeting) Subject(no int) (Subject, bool) {
	for _, s := range m.Subjects {
		if s.No == no {
			return s, true
		}
	}
	return Subject{}, false
}

// EnabledGroups are the groups that vote, in the order of their codes as given.
func (m *Meeting) EnabledGroups() []VoterGroup {
	var out []VoterGroup
	for _, g := range m.Groups {
		if !g.Disabled {
			out = append(out, g)
		}
	}
	return out
}

// Group finds the group that a ballot is asked for, by code, name or category. An excluded category is
// refused by the rule that excludes it, so that nobody can print or issue a ballot for it.
func (m *Meeting) Group(key string) (VoterGroup, error) {
	for _, x := range m.Excluded {
		if key == x.Category {
			return VoterGroup{}, Errorf(CodeExcluded, "“%[1]s”没有票种：%[2]s", "category %[1]q has no voter group: %[2]s", x.Category, x.Reason)
		}
	}
	for _, g := range m.Groups {
		if key != g.Code && key != g.Name && !contains(g.Categories, key) {
			continue
		}
		if g.Disabled {
			return VoterGroup{}, Errorf(CodeExcluded, "%s票（%s）在本次会议停用", "group %s (%s) is switched off in this meeting", g.Code, g.Name)
		}
		return g, nil
	}
	return VoterGroup{}, Errorf(CodeNotFound, "没有票种“%s”", "no voter group %q in this meeting", key)
}

// Venue finds a venue by code.
func (m *Meeting) Venue(code string) (Venue, error) {
	for _, v := range m.Venues {
		if v.Code == code {
			return v, nil
		}
	}
	return Venue{}, Errorf(CodeNotFound, "没有会场“%s”", "no venue %q in this meeting", code)
}

// SpacedName sets a two-character name apart (张　明), as rosters and ballots in this field do.
func SpacedName(name string) string {
	r := []rune(name)
	if len(r) == 2 && r[0] > 0x2E7F && r[1] > 0x2E7F {
		return fmt.Sprintf("%c\u3000%c", r[0], r[1])
	}
	return name
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if strings.TrimSpace(x) == s {
			return true
		}
	}
	return false
}
