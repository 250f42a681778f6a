package main

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// report writes the comparison as Markdown. upright are the same classes, timed without pages to turn round.
func report(w io.Writer, o options, results, upright []*result) {
	fmt.Fprintf(w, "%d pages of each class of damage, seed %d, %d cores, each stack read %d times by each.\n\n", o.pages, o.seed, cores, o.rounds)
	reportSpeed(w, append(slices.Clone(results), upright...))
	best := bestThreshold(results)
	fmt.Fprint(w, "Kinds of mark in equal numbers, rare rows more often than in a meeting. AMC has no doubt: a row is a grade, blank or an\novervote; only pages that it does not find go to a person. An altered row is right as an overvote, a rubbed one as blank.\n\n")
	for _, r := range results {
		reportKinds(w, r, best)
	}
	for _, r := range results {
		reportPages(w, r, best)
		for _, e := range r.silent(r.byPingyi) {
			fmt.Fprintf(w, "- Pingyi is wrong on %s row %d: %+v read as %+v\n", e.file, e.truth.Subject, e.truth, e.read)
		}
	}
}

func reportSpeed(w io.Writer, results []*result) {
	fmt.Fprintln(w, "| damage | pages | Pingyi, pages a second | AMC, pages a second | times as fast | Pingyi, CPU ms a page | AMC, CPU ms a page | times less CPU |")
	fmt.Fprintln(w, "|---|---|---|---|---|---|---|---|")
	for _, r := range results {
		p, a := sum(r.pingyiSpent), sum(r.amcSpent)
		pages := float64(len(r.scans) * len(r.pingyiSpent))
		fmt.Fprintf(w, "| %s | %d | %.1f | %.2f | %.1f | %.0f | %.0f | %.1f |\n", r.class, len(r.scans),
			pages/p.wall.Seconds(), pages/a.wall.Seconds(), ratio(a.wall, p.wall),
			1000*p.cpu.Seconds()/pages, 1000*a.cpu.Seconds()/pages, ratio(a.cpu, p.cpu))
	}
	fmt.Fprint(w, "\nCPU is that of the whole process and its children. AMC writes the files of pages that lay upside down anew; the rows\n\"-upright\" leave those pages out for both.\n\n")
}

func sum(rounds []spent) (out spent) {
	for _, s := range rounds {
		out.wall += s.wall
		out.cpu += s.cpu
	}
	return out
}

func ratio(a, b time.Duration) float64 { return a.Seconds() / b.Seconds() }

// reportKinds is the table of one class by kind of row: right / silently wrong / left to a person.
func reportKinds(w io.Writer, r *result, best float64) {
	columns := []map[string]outcome{r.byKind(r.byPingyi), r.byKind(r.byAMC(amcDefault)), r.byKind(r.byAMC(best))}
	fmt.Fprintf(w, "| %s: right / **wrong** / to a person | rows | Pingyi | AMC at %.3g (its default) | AMC at %.3g (its best here) |\n", r.class, amcDefault, best)
	fmt.Fprintln(w, "|---|---|---|---|---|")
	row := func(name string, of func(map[string]outcome) outcome) {
		fmt.Fprintf(w, "| %s | %d |", name, of(columns[0]).rows())
		for _, c := range columns {
			o := of(c)
			fmt.Fprintf(w, " %d / **%d** / %d |", o.right, o.wrong, o.person)
		}
		fmt.Fprintln(w)
	}
	for _, k := range kinds {
		if columns[0][k].rows() > 0 {
			row(k, func(c map[string]outcome) outcome { return c[k] })
		}
	}
	row("all", total)
	fmt.Fprintln(w)
}

// reportPages says how many pages each refused, and what AMC's red figures would have warned of.
func reportPages(w io.Writer, r *result, best float64) {
	rejected := 0
	for _, p := range r.pingyi {
		if p.Status == "rejected" {
			rejected++
		}
	}
	fmt.Fprintf(w, "Of %d %s pages Pingyi rejects %d, AMC does not find %d.", len(r.scans), r.class, rejected, len(r.scans)-len(r.amc))
	for _, threshold := range []float64{amcDefault, best} {
		red, wrong, unseen := 0, 0, 0
		for _, p := range r.amc {
			if p.red(threshold) {
				red++
			}
		}
		for _, e := range r.silent(r.byAMC(threshold)) {
			wrong++
			if !r.amc[e.file].red(threshold) {
				unseen++
			}
		}
		fmt.Fprintf(w, " At %.3g AMC shows %d in red; %d of its %d wrong rows are on pages that it does not.", threshold, red, unseen, wrong)
	}
	fmt.Fprint(w, "\n\n")
}
