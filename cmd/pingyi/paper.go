package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"pingyi/ballot"
	"pingyi/ballot/store"
	"pingyi/pdf"
)

func formsCommand() *cobra.Command {
	c := &cobra.Command{Use: "forms", Short: "表样 (forms)"}
	export := &cobra.Command{Use: "export MEETING", Short: "导出表样 JSON，供 read 与外部工具使用 (write the forms as JSON to standard output)", Args: cobra.ExactArgs(1)}
	read := bind(export, "data")
	export.RunE = func(c *cobra.Command, args []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		return withStore(conf, func(s *store.Store) error {
			forms, err := s.Forms(c.Context(), args[0])
			if err != nil {
				return err
			}
			if len(forms) == 0 {
				return ballot.Errorf(ballot.CodeState, "会议尚未封存，没有表样", "the meeting is not sealed: it has no forms yet")
			}
			return json.NewEncoder(c.OutOrStdout()).Encode(ballot.FormsFile{Forms: forms})
		})
	}
	c.AddCommand(export, learnCommand(), confirmCommand())
	return c
}

// existing refuses a data folder without a database.
func (c config) existing() error {
	if _, err := os.Stat(c.database()); err != nil {
		return usageError{fmt.Errorf("no database in %s: name the data folder with --data: %w", c.data, err)}
	}
	return nil
}

// withStore opens the store of an existing data folder for one command.
func withStore(conf config, fn func(*store.Store) error) error {
	if err := conf.existing(); err != nil {
		return err
	}
	s, err := openStore(conf)
	if err != nil {
		return err
	}
	return errors.Join(fn(s), s.Close())
}

type printOptions struct {
	group  string
	copies int
	out    string
	cover  bool
}

func printCommand() *cobra.Command {
	var o printOptions
	c := &cobra.Command{Use: "print MEETING --group GROUP --copies N -o FILE.pdf", Args: cobra.ExactArgs(1),
		Short: "印票 (write exactly the copies asked for as PDF)",
		Long: `Writes exactly the copies asked for: copy 1 page 1, copy 1 page 2, …; on single forms a copy is a packet of
one leaf a secretary. --copies 1 is the master for the printer's own copy count; record what was copied in
the ledger's web page. Copies beyond 1 are recorded as printed. In serial mode every copy differs and there is no
master: --copies 1 is refused.`}
	read := bind(c, "data", "font")
	c.Flags().StringVar(&o.group, "group", "", "code, name or category of a voter group")
	c.Flags().IntVar(&o.copies, "copies", 1, "copies of the ballot")
	c.Flags().StringVarP(&o.out, "output", "o", "", "PDF file to write")
	c.Flags().BoolVar(&o.cover, "cover", false, "put a cover sheet before the copies")
	_ = c.MarkFlagRequired("group")
	_ = c.MarkFlagRequired("output")
	c.RunE = func(c *cobra.Command, args []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		return withStore(conf, func(s *store.Store) error { return printBallots(c, conf, s, args[0], o) })
	}
	return c
}

func printBallots(c *cobra.Command, conf config, s *store.Store, id string, o printOptions) error {
	m, err := s.Meeting(c.Context(), id)
	if err != nil {
		return err
	}
	g, err := m.Group(o.group)
	if err != nil {
		return err
	}
	form, err := formOf(c, s, id, g.Code)
	if err != nil {
		return err
	}
	fonts, err := loadFonts(conf.font)
	if err != nil {
		return err
	}
	own, err := ownPages(c.Context(), s, form)
	if err != nil {
		return err
	}
	bar := progress(c.ErrOrStderr(), o.copies, "copies")
	if form.Identity == ballot.Serial {
		return printSerials(c, issuer{s, conf.keys()}, m, form, o, fonts, bar)
	}
	err = writeFile(o.out, func(w io.Writer) error {
		cover, err := coverOf(m, g.Code, o.cover)
		if err != nil {
			return err
		}
		return pdf.Ballots(w, form, o.copies, cover, fonts, bar, own...)
	})
	if err != nil || o.copies == 1 {
		return err
	}
	return s.Printed(c.Context(), "command line", id, g.Code, o.copies, nil)
}

// printSerials writes copies that all differ. They are recorded before the file is there under its name: no paper of
// a run that failed can be printed.
func printSerials(c *cobra.Command, i issuer, m ballot.Meeting, f *ballot.Form, o printOptions, fonts *pdf.Fonts, bar func(int)) error {
	if o.copies == 1 {
		return ballot.NoMaster()
	}
	return writeFile(o.out, func(w io.Writer) error {
		serials, err := i.write(c.Context(), w, m, f, o.copies, o.cover, fonts, bar)
		if err != nil {
			return err
		}
		return i.store.Printed(c.Context(), "command line", m.ID, f.Group, o.copies, nil, serials...)
	})
}

func formOf(c *cobra.Command, s *store.Store, meeting, group string) (*ballot.Form, error) {
	forms, err := s.Forms(c.Context(), meeting)
	if err != nil {
		return nil, err
	}
	for i := range forms {
		if forms[i].Group == group {
			return &forms[i], nil
		}
	}
	return nil, ballot.Errorf(ballot.CodeState, "会议尚未封存，没有%s票的表样", "the meeting is not sealed: group %s has no form yet", group)
}

// progress is a bar on a terminal and silence elsewhere.
func progress(w io.Writer, total int, what string) func(done int) {
	f, ok := w.(*os.File)
	if !ok {
		return nil
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	bar := progressbar.NewOptions(total, progressbar.OptionSetWriter(f), progressbar.OptionSetDescription(what), progressbar.OptionClearOnFinish())
	return func(done int) { _ = bar.Set(done) } // a bar that cannot be drawn must not stop the printing
}

// writeFile writes beside the file and renames, so that a failure leaves no half file.
func writeFile(path string, fn func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".pingyi-*")
	if err != nil {
		return err
	}
	err = errors.Join(fn(f), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
