package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"pingyi/ballot"
	"pingyi/ballot/store"
	"pingyi/pdf"
	"pingyi/tally"
	"pingyi/tally/report"
)

func meetingCommand() *cobra.Command {
	c := &cobra.Command{Use: "meeting", Short: "会议 (list and show meetings)"}
	c.AddCommand(meetingListCommand(), meetingShowCommand(), meetingLedgerCommand())
	return c
}

func meetingListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{Use: "list", Short: "列出会议 (list meetings)", Args: cobra.NoArgs}
	read := bind(c, "data")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		return withStore(conf, func(s *store.Store) error {
			list, err := s.Meetings(c.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(list)
			}
			for _, m := range list {
				fmt.Fprintf(c.OutOrStdout(), "%s\t%s\t%s\t%s\n", m.ID, m.Date, m.State.Chinese(), m.Title)
			}
			return nil
		})
	}
	return c
}

func meetingShowCommand() *cobra.Command {
	c := &cobra.Command{Use: "show MEETING", Short: "会议全部设置 JSON (a meeting as JSON)", Args: cobra.ExactArgs(1)}
	read := bind(c, "data")
	c.RunE = func(c *cobra.Command, args []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		return withStore(conf, func(s *store.Store) error {
			m, err := s.Meeting(c.Context(), args[0])
			if err != nil {
				return err
			}
			return json.NewEncoder(c.OutOrStdout()).Encode(m)
		})
	}
	return c
}

func meetingLedgerCommand() *cobra.Command {
	c := &cobra.Command{Use: "ledger MEETING", Short: "台账及不平之处 (the ledger and why it does not balance)", Args: cobra.ExactArgs(1)}
	read := bind(c, "data")
	c.RunE = func(c *cobra.Command, args []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		return withStore(conf, func(s *store.Store) error {
			l, err := s.Ledger(c.Context(), args[0])
			if err != nil {
				return err
			}
			if err := json.NewEncoder(c.OutOrStdout()).Encode(l); err != nil {
				return err
			}
			return l.Balance()
		})
	}
	return c
}

func tallyCommand() *cobra.Command {
	var xlsx, csv, statement string
	c := &cobra.Command{Use: "tally MEETING", Short: "计票结果 (results of a released meeting: JSON, or files)", Args: cobra.ExactArgs(1),
		Long: `Prints the certified result of a released meeting as JSON, or writes the summary and the statement.
Before release nothing is printed: scrutineers see results on their own pages.`}
	read := bind(c, "data", "font")
	c.Flags().StringVar(&xlsx, "xlsx", "", "write 计票汇总表 as XLSX")
	c.Flags().StringVar(&csv, "csv", "", "write 计票汇总表 as CSV")
	c.Flags().StringVar(&statement, "statement", "", "write 结果报告单 as PDF")
	c.RunE = func(c *cobra.Command, args []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		r, err := released(c, conf, args[0])
		if err != nil {
			return err
		}
		if xlsx+csv+statement == "" {
			return json.NewEncoder(c.OutOrStdout()).Encode(r)
		}
		return writeReports(conf, r, xlsx, csv, statement)
	}
	return c
}

// released is a meeting's result once it is out.
func released(c *cobra.Command, conf config, id string) (r *tally.Result, err error) {
	err = withStore(conf, func(s *store.Store) error {
		m, err := s.Meeting(c.Context(), id)
		if err != nil {
			return err
		}
		if m.State != ballot.Released && m.State != ballot.Archived {
			return ballot.Errorf(ballot.CodeNotReleased, "结果尚未发布（会议处于“%[1]s”）", "results are not released: the meeting is %[2]s", m.State.Chinese(), m.State)
		}
		r, err = s.Result(c.Context(), id)
		return err
	})
	return r, err
}

func writeReports(conf config, r *tally.Result, xlsx, csv, statement string) error {
	fonts, err := loadFonts(conf.font)
	if err != nil {
		return err
	}
	for path, write := range map[string]func(io.Writer) error{
		xlsx:      func(w io.Writer) error { return report.XLSX(w, r) },
		csv:       func(w io.Writer) error { return report.CSV(w, r) },
		statement: func(w io.Writer) error { return pdf.Statement(w, r, fonts) },
	} {
		if path == "" {
			continue
		}
		if err := writeFile(path, write); err != nil {
			return err
		}
		fmt.Fprintln(os.Stderr, path)
	}
	return nil
}
