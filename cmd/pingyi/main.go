// Command pingyi runs appraisal meetings by secret paper ballot: it prints the ballots, reads the
// scanned stack, keeps the ledger, and serves results.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"pingyi/ballot"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// Exit codes: 0 done, 1 a failure, 2 an unusable argument or a file that cannot be opened at all.
const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
)

// usageError is a failure that ends with exitUsage.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// run is main without the process: tests call it.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	explain(errOut, err)
	var usage usageError
	if errors.As(err, &usage) {
		return exitUsage
	}
	return exitError
}

// explain prints every domain error of a joined one on a line of its own, Chinese first: the person at
// the command line is a clerk; logs are in English.
func explain(w io.Writer, err error) {
	all := ballot.Errors(err)
	if len(all) == 0 {
		fmt.Fprintf(w, "pingyi: %v\n", err)
		return
	}
	for _, e := range all {
		fmt.Fprintf(w, "pingyi: %s (%s)\n", e.Chinese, e.Error())
	}
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "pingyi",
		Short:         "评议：纸质无记名述职评议票的印制、识读、计票与发布",
		Long:          "Pingyi (评议) prints secret appraisal ballots, reads the scanned stack, keeps the ledger and serves results.",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(serveCommand(), workCommand(), readCommand(), readWorkerCommand(), ocrWorkerCommand(), learnWorkerCommand(), formsCommand(), printCommand(), synthCommand(), meetingCommand(), rejudgeCommand(), tallyCommand(), evidenceCommand(), verifyCommand(), userCommand(), backupCommand(), restoreCommand(), healthCommand(), demoCommand(), versionCommand())
	return root
}
