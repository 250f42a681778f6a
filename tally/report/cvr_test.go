package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"pingyi/ballot"
	"pingyi/tally/report"
)

func cast() (ballot.Meeting, []ballot.Leaf) {
	m := ballot.Meeting{Title: "述职评议会", Organiser: "地直机关工委", Rules: ballot.DefaultRules(),
		Subjects: []ballot.Subject{{No: 1, Name: "张明", Org: "科技局党支部"}, {No: 2, Name: "李华", Org: "信访局党支部"}, {No: 3, Name: "王强", Org: "林草局党支部"}}}
	grade := func(g string) ballot.Verdict { return ballot.Verdict{Kind: ballot.IsGrade, Grade: g} }
	return m, []ballot.Leaf{
		{Group: "A", Rows: []ballot.RowRecord{{Subject: 3, Verdict: grade("好")}, {Subject: 1, Verdict: grade("差")}, {Subject: 2, Verdict: ballot.Verdict{Kind: ballot.IsBlank}}}},
		{Group: "A+C", Rows: []ballot.RowRecord{{Subject: 1, Verdict: grade("好")}, {Subject: 2, Verdict: ballot.Verdict{Kind: ballot.IsInvalid, Reason: ballot.ReasonAltered}}, {Subject: 3, Verdict: grade("较好")}}},
	}
}

// TestCVR: what a record says is what was marked, and nothing else that a ballot has.
func TestCVR(t *testing.T) {
	m, votes := cast()
	var b bytes.Buffer
	if err := report.CVR(&b, m, votes, "2027-01-15"); err != nil {
		t.Fatal(err)
	}
	var got struct {
		CVR []struct {
			UniqueID      string `json:"UniqueId"`
			BallotStyleID string `json:"BallotStyleId"`
			CVRSnapshot   []struct {
				CVRContest []struct {
					ContestID             string `json:"ContestId"`
					Undervotes, Overvotes int
					CVRContestSelection   []struct {
						ContestSelectionID string `json:"ContestSelectionId"`
					}
				}
			}
		}
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, r := range got.CVR {
		line := r.UniqueID + " " + r.BallotStyleID
		for _, c := range r.CVRSnapshot[0].CVRContest {
			line += " " + c.ContestID + "="
			for _, s := range c.CVRContestSelection {
				line += s.ContestSelectionID
			}
			line += strings.Repeat("-", c.Undervotes) + strings.Repeat("x", c.Overvotes)
		}
		said = append(said, line)
	}
	want := "ballot-1 A subject-1=subject-1-grade-4 subject-2=- subject-3=subject-3-grade-1\nballot-2 A+C subject-1=subject-1-grade-1 subject-2=x subject-3=subject-3-grade-2"
	if s := strings.Join(said, "\n"); s != want {
		t.Errorf("records\n%s\nwant\n%s", s, want)
	}
	for _, never := range []string{"BatchId", "BatchSequenceId", "BallotImage", "CreatingDeviceId", "BallotPrePrintedId", "BallotAuditId", "BallotSheetId", "MarkMetricValue", string(ballot.ReasonAltered)} {
		if strings.Contains(b.String(), never) {
			t.Errorf("the report says %s", never)
		}
	}
	var again bytes.Buffer
	if err := report.CVR(&again, m, votes, "2027-01-15"); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Errorf("the same ballots make another report: %v", err)
	}
}

// TestCVRSchema holds the report against the schema of NIST, where that is beside the checkout; a damaged report fails it.
func TestCVRSchema(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "schemas", "CastVoteRecords", "NIST_V0_cast_vote_records.json")
	if _, err := os.Stat(path); err != nil {
		t.Skip("skipping: the schemas are not here")
	}
	schema, err := jsonschema.NewCompiler().Compile(path)
	if err != nil {
		t.Fatal(err)
	}
	m, votes := cast()
	for _, v := range [][]ballot.Leaf{votes, votes[:1], nil} {
		var b bytes.Buffer
		if err := report.CVR(&b, m, v, "2027-01-15"); err != nil {
			t.Fatal(err)
		}
		check := func(text string) error {
			doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			return schema.Validate(doc)
		}
		if err := check(b.String()); err != nil {
			t.Errorf("%d ballots: %v", len(v), err)
		}
		for _, damage := range [][2]string{{`"ElectionScopeId"`, `"Scope"`}, {`"1.0.0"`, `"2"`}, {`"plurality"`, `"most"`}, {`"CVR.CastVoteRecordReport"`, `"Report"`}} {
			if check(strings.Replace(b.String(), damage[0], damage[1], 1)) == nil {
				t.Errorf("with %s for %s the schema finds nothing", damage[1], damage[0])
			}
		}
	}
}
