package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"pingyi/ballot/evidence"
	"pingyi/ballot/store"
	"pingyi/scans/jobs"
)

func evidenceCommand() *cobra.Command {
	c := &cobra.Command{Use: "evidence", Short: "存证：公钥与校验点 (the log's public key and checkpoints)"}
	c.AddCommand(evidenceKeyCommand(), evidenceCheckpointCommand(), evidenceNewKeyCommand())
	return c
}

func evidenceKeyCommand() *cobra.Command {
	c := &cobra.Command{Use: "key", Short: "打印公钥 (print the public key, by which checkpoints are checked)", Args: cobra.NoArgs}
	read := bind(c, "data")
	c.RunE = func(c *cobra.Command, _ []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		key, err := evidence.LoadKey(conf.data)
		if errors.Is(err, os.ErrNotExist) {
			return usageError{fmt.Errorf("no key in %s: it is made when the service first starts; name the data folder with --data: %w", conf.data, err)}
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(c.OutOrStdout(), key.Verifier())
		return err
	}
	return c
}

func evidenceCheckpointCommand() *cobra.Command {
	c := &cobra.Command{Use: "checkpoint", Short: "打印已签名的校验点 (print a signed checkpoint of the log as it is; its short code on standard error)", Args: cobra.NoArgs}
	read := bind(c, "data")
	c.RunE = func(c *cobra.Command, _ []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		return withStore(conf, func(s *store.Store) error {
			p, err := s.Checkpoint(c.Context())
			if err != nil {
				return err
			}
			fmt.Fprintf(c.ErrOrStderr(), "校验码 code: %s\n", p.Code)
			_, err = fmt.Fprint(c.OutOrStdout(), p.Note)
			return err
		})
	}
	return c
}

func evidenceNewKeyCommand() *cobra.Command {
	var actor, reason string
	c := &cobra.Command{Use: "new-key", Short: "存证密钥丢失后换一把，记入存证 (another key where the key is lost; the log says so)", Args: cobra.NoArgs}
	read := bind(c, "data")
	c.Flags().StringVar(&actor, "actor", "command line", "who does it, for the record")
	c.Flags().StringVar(&reason, "reason", "", "why, for the record")
	_ = c.MarkFlagRequired("reason")
	c.RunE = func(c *cobra.Command, _ []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		if err := conf.existing(); err != nil {
			return err
		}
		verifier, err := store.ReplaceKey(c.Context(), conf.database(), store.Options{}, actor, reason)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(c.OutOrStdout(), verifier)
		return err
	}
	return c
}

func verifyCommand() *cobra.Command {
	var o store.Outside
	var lang string
	c := &cobra.Command{Use: "verify", Short: "离线核对数据文件夹 (check a data folder against its log, offline)", Args: cobra.NoArgs,
		Long: `Compares everything that a data folder keeps with its log, the log with its signature, and the certified
results with what is counted anew from the rows. Nothing is written. With a checkpoint that was kept elsewhere (the
code printed on a statement, or the file of the note) a folder that was taken back to an older copy, or forged with
its key, is found too. Exit status 1 where anything is wrong.`}
	read := bind(c, "data")
	c.Flags().StringVar(&o.Checkpoint, "checkpoint", "", "a signed note (a file), or the short code printed on a statement")
	c.Flags().StringVar(&o.Verifier, "key", "", "the public key, as `pingyi evidence key` printed it")
	c.Flags().StringVar(&lang, "lang", "zh", "zh or en")
	c.RunE = func(c *cobra.Command, _ []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		if lang != "zh" && lang != "en" {
			return usageError{fmt.Errorf("--lang %q: zh or en", lang)}
		}
		if err := conf.existing(); err != nil {
			return err
		}
		if file, err := os.ReadFile(o.Checkpoint); err == nil {
			o.Checkpoint = string(file)
		} else if _, _, isCode := evidence.CodeSize(o.Checkpoint); o.Checkpoint != "" && !isCode {
			return usageError{fmt.Errorf("--checkpoint: neither a file nor a code: %w", err)}
		}
		o.Pictures = func(meeting string) (map[string]string, error) { return jobs.PicturesIn(conf.data, meeting) }
		v, err := store.Verify(c.Context(), conf.database(), o)
		if err != nil {
			return err
		}
		return reportVerified(c.OutOrStdout(), v, lang == "en")
	}
	return c
}

// reportVerified prints what was checked, then what is wrong.
func reportVerified(out io.Writer, v store.Verification, english bool) error {
	say := func(s store.Said) string {
		if english {
			return s.English
		}
		return s.Chinese
	}
	for _, s := range v.Checked {
		fmt.Fprintln(out, "  ", say(s))
	}
	for _, s := range v.Faults {
		fmt.Fprintln(out, "✗ ", say(s))
	}
	if n := len(v.Faults); n > 0 {
		return fmt.Errorf("核对不符 %[1]d 处 (%[1]d faults)", n)
	}
	fmt.Fprintln(out, say(store.Said{Chinese: "核对无误，校验码 " + v.Code, English: "all is as the log says; code " + v.Code}))
	return nil
}
