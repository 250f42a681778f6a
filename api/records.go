package api

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	"pingyi/ballot"
	"pingyi/tally"
)

// recordFile is one file of an export of records.
type recordFile struct {
	name string
	data []byte
}

// Manifest says what an export of records holds, for whoever checks it later.
type Manifest struct {
	Format  int    `json:"format"`  // 1
	Program string `json:"program"` // version of Pingyi
	Meeting struct {
		ID        string `json:"id"`
		Title     string `json:"title"`
		Organiser string `json:"organiser"`
		Date      string `json:"date"`
		Version   int    `json:"version"` // of the sealed rules, roster and forms
		SealHash  string `json:"seal_hash"`
	} `json:"meeting"`
	Result int                  `json:"result"` // number of the certified result: 1, more where it was corrected
	Export ballot.RecordsExport `json:"export"`
	Files  []ManifestFile       `json:"files"` // all but manifest.json, by name
}

// ManifestFile is a file with its SHA-256 in hexadecimal.
type ManifestFile struct {
	Name   string `json:"name"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// records gathers everything that the committee may take away: nothing of a single ballot, and no picture, since
// with ten rows nearly every voter's pattern is unique. Where too few ballots came back for figures, there is no
// count of decisions either.
func (s *server) records(ctx context.Context, meeting string, export ballot.RecordsExport, certified []byte, number int) ([]recordFile, error) {
	m, err := s.Store.Meeting(ctx, meeting)
	if err != nil {
		return nil, err
	}
	result, err := s.Store.Result(ctx, meeting)
	if err != nil {
		return nil, err
	}
	files, err := s.documents(result)
	if err != nil {
		return nil, err
	}
	files = append(files, recordFile{"result.json", certified}, recordFile{"README.txt", []byte(strings.TrimLeft(recordsReadme, "\n"))})
	data, err := s.recordData(ctx, m, result, export)
	if err != nil {
		return nil, err
	}
	for name, value := range data {
		text, err := json.MarshalIndent(value, "", "  ")
		if err != nil {
			return nil, err
		}
		files = append(files, recordFile{name, append(text, '\n')})
	}
	slices.SortFunc(files, func(a, b recordFile) int { return strings.Compare(a.name, b.name) })
	manifest, err := s.manifest(m, export, number, files)
	return append(files, manifest), err
}

// documents are the result as it is printed and tabled.
func (s *server) documents(result *tally.Result) (files []recordFile, err error) {
	for name, write := range map[string]func(io.Writer, *tally.Result) error{
		"statement.pdf": s.Reports.Statement, "summary.xlsx": s.Reports.XLSX, "summary.csv": s.Reports.CSV,
	} {
		var b bytes.Buffer
		if err := write(&b, result); err != nil {
			return nil, err
		}
		files = append(files, recordFile{name, b.Bytes()})
	}
	return files, nil
}

// recordData are the files of data, by name.
func (s *server) recordData(ctx context.Context, m ballot.Meeting, result *tally.Result, export ballot.RecordsExport) (map[string]any, error) {
	forms, err := s.Store.Forms(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	entries, err := s.Store.LedgerEntries(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	acts, err := s.actsUpTo(ctx, m.ID, export.LastAct)
	if err != nil {
		return nil, err
	}
	out := map[string]any{
		"rules.json": m.Rules, "roster.json": m.Subjects, "venues.json": m.Venues, "forms.json": ballot.FormsFile{Forms: forms},
		"groups.json": struct {
			Groups   []ballot.VoterGroup   `json:"groups"`
			Excluded []ballot.ExcludedRule `json:"excluded"`
		}{m.Groups, m.Excluded},
		// Valid and invalid ballots by groups as they were counted: never by those that were joined.
		"ledger.json": struct {
			Counted []tally.Ledger       `json:"counted"`
			Total   tally.Ledger         `json:"total"`
			ByHand  []ballot.LedgerEntry `json:"by_hand"`
		}{result.Ledger, result.Total, sortedEntries(entries)},
		"acts.json": ActList{acts},
	}
	if result.Conclusions != nil {
		out["conclusions.json"] = result.Conclusions
	}
	if result.LedgerOnly {
		return out, nil
	}
	out["comments.json"] = append([]ballot.SubjectComments{}, result.Comments...)
	decided, err := s.Store.Decisions(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	rows := []ballot.DecidedRow{}
	for _, d := range decided {
		if d.Verdict != nil {
			rows = append(rows, ballot.DecidedRow{Machine: d.Machine, Decisions: d.Decisions, Verdict: *d.Verdict})
		}
	}
	out["decisions.json"] = ballot.SummariseDecisions(rows, m.Rules.SmallGroup)
	return out, nil
}

func sortedEntries(entries []ballot.LedgerEntry) []ballot.LedgerEntry {
	out := append([]ballot.LedgerEntry{}, entries...)
	slices.SortFunc(out, func(a, b ballot.LedgerEntry) int {
		if c := strings.Compare(a.Group+"\x00"+a.Venue, b.Group+"\x00"+b.Venue); c != 0 {
			return c
		}
		if a.Subject != b.Subject {
			return a.Subject - b.Subject
		}
		return strings.Compare(string(a.Field), string(b.Field))
	})
	return out
}

// actsUpTo is the meeting's record up to an act, the oldest first.
func (s *server) actsUpTo(ctx context.Context, meeting string, last int64) ([]Act, error) {
	const part = 1000
	out := []Act{}
	for before := last + 1; ; before = out[len(out)-1].ID {
		list, err := s.Store.Acts(ctx, meeting, before, part)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
		if len(list) < part {
			slices.Reverse(out)
			return out, nil
		}
	}
}

func (s *server) manifest(m ballot.Meeting, export ballot.RecordsExport, number int, files []recordFile) (recordFile, error) {
	out := Manifest{Format: 1, Program: s.Version, Result: number, Export: export, Files: []ManifestFile{}}
	out.Export.Digest, out.Export.Bytes = "", 0 // of the download before this one
	out.Meeting.ID, out.Meeting.Title, out.Meeting.Organiser, out.Meeting.Date = m.ID, m.Title, m.Organiser, m.Date
	out.Meeting.Version, out.Meeting.SealHash = m.Version, m.SealHash
	for _, f := range files {
		sum := sha256.Sum256(f.data)
		out.Files = append(out.Files, ManifestFile{f.name, len(f.data), hex.EncodeToString(sum[:])})
	}
	text, err := json.MarshalIndent(out, "", "  ")
	return recordFile{"manifest.json", append(text, '\n')}, err
}

// recordTime is that of every file of an export: the same records make the same bytes.
var recordTime = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// writeRecords writes the ZIP, files by name.
func writeRecords(w io.Writer, files []recordFile) error {
	slices.SortFunc(files, func(a, b recordFile) int { return strings.Compare(a.name, b.name) })
	out := zip.NewWriter(w)
	for _, f := range files {
		entry, err := out.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: recordTime})
		if err != nil {
			return err
		}
		if _, err := entry.Write(f.data); err != nil {
			return err
		}
	}
	return out.Close()
}

// recordsReadme explains the files to whoever opens them years later.
const recordsReadme = `
述职评议记录 · 导出说明

result.json        计票结果，与监票人确认时逐字节相同
statement.pdf      结果报告单
summary.xlsx/.csv  计票汇总表
conclusions.json   工委的综合评价等次与整改事项（不属于计票结果）
comments.json      随结果发布的意见（录入文字）
ledger.json        台账：counted、total 为计票所用，by_hand 为两人分别清点录入的数
rules.json roster.json groups.json venues.json   封存的规则、述职人名册、票种、会场
forms.json         表样，与 pingyi forms export 相同
acts.json          操作记录：何人、何时、何事
decisions.json     复核情况：只有汇总数（何人裁定几次；识读存疑的原因变为等次、弃权或无效的各几行）
manifest.json      会议、版本、封存校验值、签认导出的两人，以及以上每个文件的 SHA-256

本导出不含任何一张票、任何一行的识读或裁定，也不含票面图像：行数一多，几乎每个人的填法都不相同，
看到整张票就可能认出是谁。复核时写的理由可能引用票面内容，也不在内。少于规则下限的行数合并列出。

Nothing of a single ballot is in here: no reading, no decision on a row, no picture.
`
