package ballot

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// inkOf is what some hand leaves at the targets: about its habit, scattered as hands are.
func inkOf(r *rand.Rand, targets ...int) (f Fingerprint) {
	habit := [2]float64{r.NormFloat64() * 30, r.NormFloat64() * 30}
	for _, t := range targets {
		at := func(v, spread float64) int16 { return int16(v + r.NormFloat64()*spread) }
		f = append(f, InkShape{Target: int16(t), X: at(habit[0], 20), Y: at(habit[1], 20), W: at(90, 12), H: at(80, 12), Lean: at(-20, 6)})
	}
	return f
}

// scannedAgain is the same ink on another scan: the side shifted, all of it blurred a little differently.
func scannedAgain(r *rand.Rand, f Fingerprint) Fingerprint {
	f = slices.Clone(f)
	for i := range f {
		s := &f[i]
		s.X, s.Y, s.W, s.H = s.X+7+int16(r.NormFloat64()*2), s.Y-5+int16(r.NormFloat64()*2), s.W+4+int16(r.NormFloat64()*2), s.H+3+int16(r.NormFloat64()*2)
	}
	return f
}

// everyFourth are the targets of n rows of four with the first grade marked.
func everyFourth(n int) (targets []int) {
	for i := range n {
		targets = append(targets, 4*i)
	}
	return targets
}

// inked makes images as feed does and lays ink on those that were read: word i gets prints[i].
func inked(words string, prints ...Fingerprint) []SpoolPage {
	pages := feed(words)
	for i := range pages {
		if i < len(prints) {
			pages[i].Reading.Fingerprint = prints[i]
		}
	}
	return pages
}

func TestHoldTwice(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	again := func(f Fingerprint) Fingerprint { return scannedAgain(r, f) }
	a, b, few := inkOf(r, everyFourth(20)...), inkOf(r, everyFourth(20)...), inkOf(r, everyFourth(9)...)
	back, other := inkOf(r, everyFourth(20)...), inkOf(r, everyFourth(20)...)
	kept := []KeptPage{{"k1", "leaf", "F", 1, again(a)}, {"k2", "leaf", "F", 2, again(back)}}
	cases := []struct {
		name     string
		twoSided bool
		fed      string
		prints   []Fingerprint
		kept     []KeptPage
		want     string // as spell writes it
	}{
		{"two sheets", false, "1 1", []Fingerprint{a, b}, nil, "1 1"},
		{"the same sheet", false, "1 1 1", []Fingerprint{a, b, again(a)}, nil, "1 1 scanned_twice"},
		{"in another upload", false, "1 | 1", []Fingerprint{a, again(a)}, nil, "1 | scanned_twice"},
		{"three times", false, "1 1 1", []Fingerprint{a, again(a), again(a)}, nil, "1 scanned_twice scanned_twice"},
		{"the same ink on another page", false, "1 2", []Fingerprint{a, again(a)}, nil, "1 2"},
		{"nine marks", false, "1 1", []Fingerprint{few, few}, nil, "1 1"},
		{"no marks", false, "1 1", []Fingerprint{nil, nil}, nil, "1 1"},
		{"both sides are held", true, "1 2 1 2", []Fingerprint{a, back, again(a), again(back)}, nil, "1 2 scanned_twice scanned_twice"},
		{"fed again after its upload was held", true, "1 2 1~ | 1 2", []Fingerprint{a, back, b, again(a), again(back)}, nil, "lost_side lost_side lost_side~ | 1 2"},
		{"the same front with another back: somebody must look", true, "1 2 1 2", []Fingerprint{a, back, again(a), other}, nil, "1 2 scanned_twice scanned_twice"},
		{"after its other side was lost", true, "1 no_code | 1 2", []Fingerprint{a, nil, again(a), again(back)}, nil, "unpaired_side no_code | 1 2"},
		{"in a closed batch", true, "1 2 1 2", []Fingerprint{b, other, a, back}, kept, "1 2 scanned_twice scanned_twice"},
		{"said to be the same", false, "1 1~", []Fingerprint{a, again(a)}, nil, "1 scanned_twice~"},
		{"said to be another", false, "1 1=", []Fingerprint{a, again(a)}, nil, "1 1="},
		{"said of one side only", true, "1 2 | 1= 2~", []Fingerprint{a, back, again(a), again(back)}, nil, "1 2 | scanned_twice= scanned_twice~"},
		{"another answers for no other reason", true, "1 no_code=", []Fingerprint{a, nil}, nil, "unpaired_side= no_code="},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			forms := []Form{sidesForm(2, c.twoSided)}
			given := JoinSides(forms, inked(c.fed, c.prints...))
			before := fmt.Sprintf("%+v", given)
			got := HoldTwice(forms, nil, given, c.kept)
			if spell(got) != c.want {
				t.Errorf("became %s, want %s", spell(got), c.want)
			}
			if fmt.Sprintf("%+v", given) != before {
				t.Error("the pages given were changed")
			}
			for i, p := range got {
				if !reflect.DeepEqual(p.Reading.Rows, given[i].Reading.Rows) || !reflect.DeepEqual(p.Verdicts, given[i].Verdicts) {
					t.Errorf("image %d lost its measures", i)
				}
				if !p.Waits() && p.Reading.Rejected != nil && p.Disposal == Undisposed || p.Disposal == Distinct && p.Reading.Rejected != nil && !p.Waits() {
					t.Errorf("image %d is dropped without a person", i)
				}
			}
		})
	}
}

// TestLikeNamesTheSide: each side is held against the same side of the leaf before, however both were fed.
func TestLikeNamesTheSide(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	a, back := inkOf(r, everyFourth(20)...), inkOf(r, everyFourth(20)...)
	forms := []Form{sidesForm(2, true)}
	pages := HoldTwice(forms, []Upload{{ID: "u1", Name: "stack.pdf"}}, inked("1 2 | 2 1", a, back, back, a), nil)
	if *pages[2].Like != (Like{Upload: "u1", Index: 1}) || *pages[3].Like != (Like{Upload: "u1", Index: 0}) {
		t.Errorf("like %+v and %+v", pages[2].Like, pages[3].Like)
	}
	if got := pages[2].Reading.Rejected.Facts; got != `its ink lies like that of image 2 of "stack.pdf"` {
		t.Error(got)
	}
	kept := HoldTwice(forms, nil, inked("1 2", a, back), []KeptPage{{"front", "l", "F", 1, a}, {"back", "l", "F", 2, back}})
	if kept[1].Like.Page != "back" || kept[1].Reading.Rejected.Facts != "its ink lies like that of page back, which was counted with a closed batch" {
		t.Errorf("%+v", kept[1].Reading.Rejected)
	}
}

// TestLikeNamesTheNearest: where several leaves before are like a sheet, a person gets the nearest to compare.
func TestLikeNamesTheNearest(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	a := inkOf(r, everyFourth(20)...)
	rough := slices.Clone(a)
	for i := range rough {
		rough[i].X, rough[i].Y = rough[i].X+int16(r.NormFloat64()*8), rough[i].Y+int16(r.NormFloat64()*8)
	}
	pages := HoldTwice([]Form{sidesForm(1, false)}, nil, inked("1 1 1", rough, a, scannedAgain(r, a)), nil)
	if pages[1].Like == nil || pages[2].Like == nil || pages[2].Like.Index != 1 {
		t.Errorf("like %+v and %+v, want the first and the second", pages[1].Like, pages[2].Like)
	}
}

// TestOrderOfSheets: another order of feeding changes at most which of two scans of a sheet is held.
func TestOrderOfSheets(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var pages []SpoolPage
	for i := range 60 {
		f := inkOf(r, everyFourth(10+r.IntN(20))...)
		pages = append(pages, SpoolPage{Index: i, Reading: PageReading{Form: "F", Page: 1, Fingerprint: f}})
		if i%3 == 0 {
			pages = append(pages, SpoolPage{Index: 1000 + i, Reading: PageReading{Form: "F", Page: 1, Fingerprint: scannedAgain(r, f)}})
		}
	}
	pairs := func() (out [][2]int) {
		for _, p := range HoldTwice([]Form{sidesForm(1, false)}, nil, pages, nil) {
			if p.Like != nil {
				out = append(out, [2]int{min(p.Index, p.Like.Index), max(p.Index, p.Like.Index)})
			}
		}
		slices.SortFunc(out, func(a, b [2]int) int { return a[0] - b[0] })
		return out
	}
	want := pairs()
	for i, p := range want {
		if len(want) != 20 || p != [2]int{3 * i, 1000 + 3*i} {
			t.Fatalf("pairs %v", want)
		}
	}
	for range 50 {
		r.Shuffle(len(pages), func(i, j int) { pages[i], pages[j] = pages[j], pages[i] })
		if got := pairs(); !slices.Equal(got, want) {
			t.Fatalf("in another order %v, before %v", got, want)
		}
	}
}

// TestAskAgain: what somebody took for another sheet is asked again where it is like a page of the batch that is being
// closed, and not where it is like what it was compared with.
func TestAskAgain(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	a, b := inkOf(r, everyFourth(20)...), inkOf(r, everyFourth(20)...)
	forms := []Form{sidesForm(1, false)}
	closing := Closing{Leaves: []ClosedLeaf{{ID: "leaf", Pages: []ClosedPage{{ID: "k1", Reading: PageReading{Form: "F", Page: 1, Fingerprint: scannedAgain(r, b)}}}}}}.Kept()
	before := []KeptPage{{"k0", "old", "F", 1, scannedAgain(r, a)}}
	for fed, want := range map[string]string{"1 1": "[]", "1 1=": "[1]", "1= 1=": "[1]", "1= 1~": "[]"} {
		var asked []int
		for _, p := range AskAgain(HoldTwice(forms, nil, inked(fed, a, b), append(slices.Clone(before), closing...)), closing) {
			asked = append(asked, p.Index)
		}
		if fmt.Sprint(asked) != want {
			t.Errorf("%s: asked again of %v, want %s", fed, asked, want)
		}
	}
}

func TestMayDispose(t *testing.T) {
	like := &Like{Upload: "u1"}
	twice, other := &Rejection{Reason: RejectTwice}, &Rejection{Reason: RejectNoCode}
	cases := []struct {
		name string
		page SpoolPage
		how  Disposal
		want Code
	}{
		{"unpaired, void", SpoolPage{Reading: PageReading{Rejected: &Rejection{Reason: RejectUnpaired}}}, Void, CodeState},
		{"unpaired, scanned again", SpoolPage{Reading: PageReading{Rejected: &Rejection{Reason: RejectUnpaired}}}, Rescanned, ""},
		{"of an upload that is held, void", SpoolPage{Reading: PageReading{Rejected: &Rejection{Reason: RejectLostSide}}}, Void, CodeState},
		{"another group's, void", SpoolPage{Reading: PageReading{Rejected: &Rejection{Reason: RejectWrongGroup}}}, Void, CodeState},
		{"another meeting's, void", SpoolPage{Reading: PageReading{Rejected: &Rejection{Reason: RejectOtherMeeting}}}, Void, CodeState},
		{"withdrawn, void", SpoolPage{Reading: PageReading{Rejected: &Rejection{Reason: RejectOtherVersion}}}, Void, CodeState},
		{"another group's, taken out", SpoolPage{Reading: PageReading{Rejected: &Rejection{Reason: RejectWrongGroup}}}, Rescanned, ""},
		{"read", SpoolPage{}, Rescanned, CodeState},
		{"rejected, scanned again", SpoolPage{Reading: PageReading{Rejected: other}}, Rescanned, ""},
		{"rejected, void", SpoolPage{Reading: PageReading{Rejected: other}}, Void, ""},
		{"rejected, another sheet", SpoolPage{Reading: PageReading{Rejected: other}}, Distinct, CodeState},
		{"rejected, nothing", SpoolPage{Reading: PageReading{Rejected: other}}, "eaten", CodeInvalid},
		{"twice, the same", SpoolPage{Like: like, Reading: PageReading{Rejected: twice}}, Rescanned, ""},
		{"twice, another sheet", SpoolPage{Like: like, Reading: PageReading{Rejected: twice}}, Distinct, ""},
		{"twice, void", SpoolPage{Like: like, Reading: PageReading{Rejected: twice}}, Void, CodeState},
		{"twice, nothing", SpoolPage{Like: like, Reading: PageReading{Rejected: twice}}, "", CodeInvalid},
		{"another sheet after all the same", SpoolPage{Like: like, Disposal: Distinct}, Rescanned, ""},
	}
	for _, c := range cases {
		if got := CodeOf(c.page.MayDispose(c.how)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestFingerprintText(t *testing.T) {
	for _, f := range []Fingerprint{nil, {{Target: 3, X: -7, Y: 32767, W: 1, H: 2, Lean: -32768}}, inkOf(rand.New(rand.NewPCG(4, 4)), everyFourth(36)...)} {
		text, err := f.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var got Fingerprint
		if err := got.UnmarshalText(text); err != nil || !reflect.DeepEqual(got, f) {
			t.Errorf("%v, %v, want %v", got, err, f)
		}
	}
	var f Fingerprint
	for _, broken := range []string{"AAAA", "***"} {
		if f.UnmarshalText([]byte(broken)) == nil {
			t.Errorf("%q is taken for %v", broken, f)
		}
	}
	// What a worker sends is not trusted: numbers beyond a page's targets are passed over.
	wild := Fingerprint{{Target: -1}, {Target: 32767}, {Target: targetsOfSide}}
	if l := PrintOf(append(wild, inkOf(rand.New(rand.NewPCG(5, 5)), everyFourth(12)...)...)); l.inked != 12 {
		t.Errorf("%d targets", l.inked)
	}
}

// BenchmarkHoldTwice compares 2,000 two-sided leaves of 72 rows with each other: votes as in an ordinary
// meeting, and the worst case, in which all have the same targets inked.
func BenchmarkHoldTwice(b *testing.B) {
	for name, best := range map[string]int{"own votes": 62, "all alike": 100} {
		b.Run(name, func(b *testing.B) {
			r := rand.New(rand.NewPCG(6, 6))
			var pages []SpoolPage
			for i := range 4000 {
				targets := everyFourth(36)
				for j := range targets {
					if r.IntN(100) >= best {
						targets[j] += 1 + r.IntN(3)
					}
				}
				pages = append(pages, SpoolPage{Upload: "u", Index: i, Reading: PageReading{Form: "F", Page: i%2 + 1, Fingerprint: inkOf(r, targets...)}})
			}
			forms := []Form{sidesForm(2, true)}
			for b.Loop() {
				HoldTwice(forms, nil, pages, nil)
			}
		})
	}
}
