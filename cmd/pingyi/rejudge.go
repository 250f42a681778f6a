package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"pingyi/ballot"
	"pingyi/ballot/store"
)

type rejudgeOptions struct {
	thresholds, actor string
	apply, show       bool
}

func rejudgeCommand() *cobra.Command {
	var o rejudgeOptions
	c := &cobra.Command{Use: "rejudge MEETING", Args: cobra.ExactArgs(1),
		Short: "按另一组阈值重新判定已存的读数，不需图像 (judge stored readings by other thresholds, without the images)",
		Long: `Tells what other thresholds make of a meeting's stored measures; with --apply they are put in force, for
batches that are closed later too. The file names the thresholds that differ from the program's own, such as
{"mark_ink": 1.3}; without a file they are the program's own. No vote becomes another vote by it: such rows
go to a person. What people have decided stands.`}
	read := bind(c, "data")
	c.Flags().StringVar(&o.thresholds, "thresholds", "", "JSON file of the thresholds that differ from the program's own")
	c.Flags().BoolVar(&o.apply, "apply", false, "put them in force; without it nothing is written")
	c.Flags().StringVar(&o.actor, "actor", "command line", "who does it, for the record")
	c.Flags().BoolVar(&o.show, "show", false, "print the thresholds in force as JSON, and do nothing else")
	c.MarkFlagsMutuallyExclusive("show", "apply")
	c.MarkFlagsMutuallyExclusive("show", "thresholds")
	c.RunE = func(c *cobra.Command, args []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		thresholds, err := loadThresholds(o.thresholds)
		if err != nil {
			return usageError{err}
		}
		return withStore(conf, func(s *store.Store) error { return rejudge(c, s, args[0], thresholds, o) })
	}
	return c
}

func loadThresholds(path string) (ballot.Thresholds, error) {
	if path == "" {
		return ballot.DefaultThresholds(), nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return ballot.Thresholds{}, err
	}
	return ballot.ParseThresholds(data)
}

func rejudge(c *cobra.Command, s *store.Store, meeting string, thresholds ballot.Thresholds, o rejudgeOptions) error {
	inForce, number, err := s.Thresholds(c.Context(), meeting)
	if err != nil {
		return err
	}
	out := c.OutOrStdout()
	if o.show {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		return e.Encode(inForce)
	}
	var result store.Rejudged
	if o.apply {
		result, err = s.Rejudge(c.Context(), o.actor, meeting, thresholds)
	} else {
		result, err = s.TryThresholds(c.Context(), meeting, thresholds)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "现行 in force：%s\n", thresholdsText(inForce, number))
	fmt.Fprintf(out, "改用 by these：%s\n", thresholdsText(thresholds, number+1))
	if err := printRejudged(out, result); err != nil {
		return err
	}
	if o.apply {
		fmt.Fprintf(out, "已生效：第 %[1]d 次判定 (in force: judgement %[1]d)\n", number+1)
	} else {
		fmt.Fprintln(out, "未写入任何内容；加 --apply 才生效 (nothing was written; --apply puts them in force)")
	}
	return nil
}

// thresholdsText names the thresholds of a judgement that differ from the program's own.
func thresholdsText(t ballot.Thresholds, number int) string {
	text := t.Differences(ballot.DefaultThresholds())
	switch {
	case number == 0:
		return "识读时的判定 (the verdicts that came with the readings)"
	case text == "":
		return "程序自带的阈值 (the program's own thresholds)"
	}
	return text
}

// printRejudged prints what changes, the votes that would become other votes first.
func printRejudged(out io.Writer, r store.Rejudged) error {
	fmt.Fprintf(out, "%d 页 pages，%d 行 rows；待人复核 wait for a person %d → %d；已由人裁定、维持不变 decided, and stand %d\n",
		r.Pages, r.Rows, r.WaitingNow, r.Later, r.Decided)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "行 rows\t其中已裁定 decided\t原判定 from\t\t新判定 to\t")
	held := 0
	for _, c := range r.Changes {
		note := ""
		if c.Held() {
			held += c.Rows
			note = "！票会变：转人复核 THE VOTE WOULD CHANGE: goes to a person"
		}
		fmt.Fprintf(w, "%d\t%d\t%s\t→\t%s\t%s\n", c.Rows, c.Decided, verdictText(c.From), verdictText(c.To), note)
	}
	if len(r.Changes) == 0 {
		fmt.Fprintln(w, "0\t0\t\t\t\t")
	}
	if held > 0 {
		fmt.Fprintf(out, "！！有 %[1]d 行会由一种明确判定变为另一种：一律转人复核，不改票 (%[1]d rows would change from one plain verdict to another: they go to a person)\n", held)
	}
	return w.Flush()
}

// verdictText says a verdict, with the key that an unclear row's reason has in all files.
func verdictText(v ballot.Verdict) string {
	if v.Reason == "" {
		return v.Chinese()
	}
	return v.Chinese() + " " + v.Reason
}
