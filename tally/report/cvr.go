package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"pingyi/ballot"
)

// CVR writes single ballots as cast vote records of NIST SP 1500-103 (version 1.0.0), in the order in which they are
// given. Each secretary is a contest with the grades to choose from, each record one snapshot of the marks as they
// count. There is no batch, device, venue, image, serial or time; day, YYYY-MM-DD, is when the report was made, since the
// schema wants one.
func CVR(w io.Writer, m ballot.Meeting, votes []ballot.Leaf, day string) error {
	r := cvrReport{Type: "CVR.CastVoteRecordReport", Version: "1.0.0", Kind: []string{"adjudicated"}, Generated: day + "T00:00:00Z",
		Generators: []string{"device"}, Devices: []cvrNamed{{ID: "device", Type: "CVR.ReportingDevice", Application: "Pingyi"}},
		Units:    []cvrUnit{{ID: "meeting", Type: "CVR.GpUnit", Kind: "other", Other: "meeting", Name: m.Organiser}},
		Election: []cvrElection{{ID: "election", Type: "CVR.Election", Name: m.Title, Scope: "meeting"}}, Records: []cvrRecord{}}
	for _, s := range m.Subjects {
		c := cvrContest{ID: contestID(s.No), Type: "CVR.BallotMeasureContest", Name: fmt.Sprintf("%d %s %s", s.No, s.Name, s.Org), Variation: "plurality"}
		for i, grade := range m.Rules.Grades {
			c.Selections = append(c.Selections, cvrChoice{ID: choiceID(s.No, i), Type: "CVR.BallotMeasureSelection", Selection: grade})
		}
		r.Election[0].Contests = append(r.Election[0].Contests, c)
	}
	for i, v := range votes {
		r.Records = append(r.Records, record(m.Rules.Grades, i+1, v))
	}
	return json.NewEncoder(w).Encode(r)
}

func contestID(subject int) string       { return fmt.Sprintf("subject-%d", subject) }
func choiceID(subject, grade int) string { return fmt.Sprintf("subject-%d-grade-%d", subject, grade+1) }

// record is one ballot; its number is its place in the file and nothing else.
func record(grades []string, number int, v ballot.Leaf) cvrRecord {
	snapshot := cvrSnapshot{ID: fmt.Sprintf("ballot-%d-snapshot", number), Type: "CVR.CVRSnapshot", Kind: "interpreted"}
	rows := slices.Clone(v.Rows)
	slices.SortFunc(rows, func(a, b ballot.RowRecord) int { return a.Subject - b.Subject })
	for _, row := range rows {
		c := cvrMarked{Type: "CVR.CVRContest", Contest: contestID(row.Subject)}
		switch row.Verdict.Kind {
		case ballot.IsGrade:
			c.Chosen = []cvrChosen{{Type: "CVR.CVRContestSelection", Choice: choiceID(row.Subject, slices.Index(grades, row.Verdict.Grade)), Votes: 1,
				Positions: []cvrPosition{{Type: "CVR.SelectionPosition", Has: "yes", Votes: 1}}}}
		case ballot.IsBlank:
			c.Under = 1
		default:
			c.Over = 1
		}
		snapshot.Contests = append(snapshot.Contests, c)
	}
	return cvrRecord{Type: "CVR.CVR", Number: fmt.Sprintf("ballot-%d", number), Election: "election", Style: v.Group, Current: snapshot.ID, Snapshots: []cvrSnapshot{snapshot}}
}

// The parts of the schema that are used, by its names.
type (
	cvrReport struct {
		Type       string        `json:"@type"`
		Version    string        `json:"Version"`
		Kind       []string      `json:"ReportType"`
		Generated  string        `json:"GeneratedDate"`
		Generators []string      `json:"ReportGeneratingDeviceIds"`
		Devices    []cvrNamed    `json:"ReportingDevice"`
		Units      []cvrUnit     `json:"GpUnit"`
		Election   []cvrElection `json:"Election"`
		Records    []cvrRecord   `json:"CVR"`
	}
	cvrNamed struct {
		ID          string `json:"@id"`
		Type        string `json:"@type"`
		Application string `json:"Application"`
	}
	cvrUnit struct {
		ID    string `json:"@id"`
		Type  string `json:"@type"`
		Kind  string `json:"Type"`
		Other string `json:"OtherType"`
		Name  string `json:"Name"`
	}
	cvrElection struct {
		ID       string       `json:"@id"`
		Type     string       `json:"@type"`
		Name     string       `json:"Name"`
		Scope    string       `json:"ElectionScopeId"`
		Contests []cvrContest `json:"Contest"`
	}
	cvrContest struct {
		ID         string      `json:"@id"`
		Type       string      `json:"@type"`
		Name       string      `json:"Name"`
		Variation  string      `json:"VoteVariation"`
		Selections []cvrChoice `json:"ContestSelection"`
	}
	cvrChoice struct {
		ID        string `json:"@id"`
		Type      string `json:"@type"`
		Selection string `json:"Selection"`
	}
	cvrRecord struct {
		Type      string        `json:"@type"`
		Number    string        `json:"UniqueId"`
		Election  string        `json:"ElectionId"`
		Style     string        `json:"BallotStyleId"`
		Current   string        `json:"CurrentSnapshotId"`
		Snapshots []cvrSnapshot `json:"CVRSnapshot"`
	}
	cvrSnapshot struct {
		ID       string      `json:"@id"`
		Type     string      `json:"@type"`
		Kind     string      `json:"Type"`
		Contests []cvrMarked `json:"CVRContest"`
	}
	cvrMarked struct {
		Type    string      `json:"@type"`
		Contest string      `json:"ContestId"`
		Chosen  []cvrChosen `json:"CVRContestSelection,omitempty"`
		Under   int         `json:"Undervotes,omitempty"`
		Over    int         `json:"Overvotes,omitempty"`
	}
	cvrChosen struct {
		Type      string        `json:"@type"`
		Choice    string        `json:"ContestSelectionId"`
		Votes     int           `json:"TotalNumberVotes"`
		Positions []cvrPosition `json:"SelectionPosition"`
	}
	cvrPosition struct {
		Type  string `json:"@type"`
		Has   string `json:"HasIndication"`
		Votes int    `json:"NumberVotes"`
	}
)
