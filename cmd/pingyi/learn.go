package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"pingyi/ballot"
	"pingyi/ballot/sheet"
	"pingyi/ballot/store"
	"pingyi/pdf"
	"pingyi/scans/learn"
)

type learnOptions struct{ meeting, group, out string }

func learnCommand() *cobra.Command {
	var o learnOptions
	c := &cobra.Command{
		Use:   "learn BLANK --meeting MEETING -o PROPOSAL.json",
		Short: "识得他人制作的空白票，提出表样供人核对 (propose a form for a blank ballot made elsewhere)",
		Long: `Finds the tables of a blank ballot (PDF, picture, or a document that LibreOffice turns into PDF), reads the
heads of the columns and the names, and writes a proposed form as JSON with a picture of every page beside it.
What it cannot tell for certain it lists; nothing is read by a form before ` + "`pingyi forms confirm`" + `.`,
		Args: cobra.ExactArgs(1),
	}
	read := bind(c, "data", "font")
	meetingFlag(c, &o.meeting)
	c.Flags().StringVar(&o.group, "group", "A", "code of the voter group whose ballot it is")
	c.Flags().StringVarP(&o.out, "output", "o", "", "JSON file to write; pictures of the pages are written beside it")
	_ = c.MarkFlagRequired("output")
	c.RunE = func(c *cobra.Command, args []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		m, err := meetingOf(c.Context(), conf, o.meeting)
		if err != nil {
			return err
		}
		return learnForm(c, conf, m, args[0], o)
	}
	return c
}

func meetingFlag(c *cobra.Command, to *string) {
	c.Flags().StringVar(to, "meeting", "", "meeting: its id in the data folder, a file from `pingyi meeting show`, or a roster as CSV or XLSX")
	_ = c.MarkFlagRequired("meeting")
}

// meetingOf finds a meeting by id or in a file; a roster alone makes one without rules, under which any known
// scale of grades is learned.
func meetingOf(ctx context.Context, conf config, name string) (m ballot.Meeting, err error) {
	data, err := os.ReadFile(name)
	if os.IsNotExist(err) && filepath.Ext(name) == "" {
		err = withStore(conf, func(s *store.Store) error {
			m, err = s.Meeting(ctx, name)
			return err
		})
		return m, err
	}
	if err != nil {
		return m, usageError{fmt.Errorf("--meeting: %w", err)}
	}
	if filepath.Ext(name) != ".json" {
		m.Subjects, err = sheet.ReadRoster(name, data)
		return m, err
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return m, usageError{fmt.Errorf("--meeting %s: not a meeting as JSON: %w", name, err)}
	}
	return m, ballot.ValidateRoster(m.Subjects, func(int) int { return 0 })
}

func learnForm(c *cobra.Command, conf config, m ballot.Meeting, path string, o learnOptions) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return usageError{err}
	}
	worker, err := newLearner()
	if err != nil {
		return err
	}
	group := o.group
	if len(m.Groups) > 0 {
		g, err := m.Group(group)
		if err != nil {
			return err
		}
		group = g.Code
	}
	p, err := worker.Learn(c.Context(), filepath.Base(path), data, learn.Options{Meeting: m.ID, Version: m.Version, Group: group, Grades: m.Rules.Grades, Subjects: m.Subjects})
	if err != nil {
		return err
	}
	if err := writeForms(o.out, []ballot.Form{p.Form}); err != nil {
		return err
	}
	if err := drawProposal(conf, p, o.out); err != nil {
		return err
	}
	tellProposal(c.ErrOrStderr(), p, o.out)
	return nil
}

// newLearner learns blanks in children of this program.
func newLearner() (*learn.Worker, error) {
	binary, err := os.Executable()
	return learn.NewWorker([]string{binary, "learn-worker"}), err
}

// learnWorkerCommand is the child process that learns one blank; people never call it. It has an OCR process of its
// own, which ends with it.
func learnWorkerCommand() *cobra.Command {
	return &cobra.Command{Use: "learn-worker", Hidden: true, Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		engine, err := newOCR()
		if err != nil {
			return err
		}
		defer engine.Close()
		return learn.Serve(c.InOrStdin(), c.OutOrStdout(), engine)
	}}
}

func writeForms(path string, forms []ballot.Form) error {
	return writeFile(path, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", " ")
		return e.Encode(ballot.FormsFile{Forms: forms})
	})
}

func drawProposal(conf config, p *learn.Proposal, out string) error {
	fonts, err := loadFonts(conf.font)
	if err != nil {
		return err
	}
	han, err := fonts.TrueType('评', pdf.Hei)
	if err != nil {
		return err
	}
	for i := range p.Form.Pages {
		m, err := p.Picture(i, han)
		if err != nil {
			return err
		}
		if err := writeFile(pictureName(out, i), func(w io.Writer) error { return png.Encode(w, m) }); err != nil {
			return err
		}
	}
	return nil
}

func pictureName(out string, page int) string {
	return fmt.Sprintf("%s-%d.png", strings.TrimSuffix(out, filepath.Ext(out)), page+1)
}

// tellProposal tells a clerk what was found and what to do next.
func tellProposal(w io.Writer, p *learn.Proposal, out string) {
	f := &p.Form
	rows := 0
	for i := range f.Pages {
		rows += len(f.Pages[i].Rows)
	}
	fmt.Fprintf(w, "%d 页、%d 行；等次 %s (%d pages, %d rows, grades %[3]s)\n", len(f.Pages), rows, strings.Join(f.Grades, "｜"), len(f.Pages), rows)
	for i := range f.Pages {
		fmt.Fprintf(w, "请核对图样 (look at) %s\n", pictureName(out, i))
	}
	if n := len(p.Missing); n > 0 {
		fmt.Fprintf(w, "名册中有 %d 人不在票上 (%[1]d subjects of the roster are not on the form): %[2]s\n", n, strings.Join(p.Missing[:min(n, 12)], "、"))
	}
	for _, u := range f.Learned.Unsure {
		fmt.Fprintf(w, "存疑 (unsure) --settle %q: 读作“%s”，%s；最像 %s\n", u.Key+"=…", u.Read, u.Why.Chinese(), u.Best)
	}
	fmt.Fprintf(w, "核对无误后 (then): pingyi forms confirm %s --meeting … -o FORMS.json\n", out)
}

func confirmCommand() *cobra.Command {
	var meeting, out string
	var settle []string
	c := &cobra.Command{
		Use:   "confirm PROPOSAL.json… --meeting MEETING -o FORMS.json",
		Short: "确认识得的表样 (confirm proposed forms, after looking at their pictures)",
		Long: `Settles what a proposal left unsure (--settle "row 1.6=6" gives row 6 of page 1 to number 6 of the roster,
--settle "row 1.6=skip" leaves it out, --settle "column 1.1.4=差" confirms a grade) and writes the forms that
` + "`pingyi read --forms`" + ` takes. Nothing unsure is accepted. The JSON may be edited first.`,
		Args: cobra.MinimumNArgs(1),
	}
	read := bind(c, "data")
	meetingFlag(c, &meeting)
	c.Flags().StringArrayVar(&settle, "settle", nil, "decide one thing that is unsure, KEY=VALUE")
	c.Flags().StringVarP(&out, "output", "o", "", "forms file to write")
	_ = c.MarkFlagRequired("output")
	c.RunE = func(c *cobra.Command, args []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		m, err := meetingOf(c.Context(), conf, meeting)
		if err != nil {
			return err
		}
		return confirmForms(m, args, settle, out)
	}
	return c
}

func confirmForms(m ballot.Meeting, paths, settle []string, out string) error {
	var all []ballot.Form
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return usageError{err}
		}
		var file ballot.FormsFile
		if err := json.Unmarshal(data, &file); err != nil {
			return usageError{fmt.Errorf("%s: not a forms file: %w", path, err)}
		}
		all = append(all, file.Forms...)
	}
	for _, s := range settle {
		key, value, ok := strings.Cut(s, "=")
		if !ok {
			return usageError{fmt.Errorf("--settle %q: give KEY=VALUE", s)}
		}
		if len(all) != 1 {
			return usageError{errors.New("--settle: confirm one proposal at a time")}
		}
		if err := learn.Settle(&all[0], m.Subjects, key, value); err != nil {
			return err
		}
	}
	for i := range all {
		if err := errors.Join(learn.SameRoster(&all[i], m.Subjects), learn.Confirm(&all[i])); err != nil {
			return err
		}
	}
	return writeForms(out, all)
}
