package tally

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestStrokeTable(t *testing.T) {
	counts, seen := map[rune]int{}, 0
	for _, line := range strings.Split(strings.TrimSpace(strokeTable), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		n, characters, _ := strings.Cut(line, " ")
		strokes, err := strconv.Atoi(n)
		if err != nil || strokes <= seen {
			t.Fatalf("line %q follows that of %d strokes", n, seen)
		}
		seen = strokes
		for _, r := range characters {
			if counts[r] != 0 {
				t.Errorf("%c stands twice", r)
			}
			counts[r] = strokes
		}
	}
	if len(counts) != len(strokeOrder()) || len(counts) < 6500 {
		t.Errorf("%d characters, %d in the order", len(counts), len(strokeOrder()))
	}
	for r, n := range map[rune]int{'一': 1, '丁': 2, '马': 3, '王': 4, '邓': 4, '龙': 5, '刘': 6, '陈': 7, '林': 8, '赵': 9, '郭': 10, '黄': 11, '曾': 12, '谭': 14, '戴': 17, '巍': 20} {
		if counts[r] != n {
			t.Errorf("%c has %d strokes in the table, %d on paper", r, counts[r], n)
		}
	}
}

// The order of surnames as lists in the newspapers have it: by number of strokes, then by 横竖撇点折.
func TestSurnamesByStrokes(t *testing.T) {
	want := strings.Split("丁于万习马王毛文方尹孔邓石龙卢叶田史白冯朱任刘许孙苏李杨吴何张陆陈范林罗金周郑赵胡段姚秦贾徐高郭唐黄曹梁彭董蒋韩程傅曾谢赖谭熊黎潘薛戴魏", "")
	got := slices.Clone(want)
	slices.Sort(got)
	slices.SortFunc(got, CompareNames)
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestNamesByStrokes(t *testing.T) {
	want := []string{"马新", "马一鸣", "王军", "王毅", "王一", "王小二", "王文", "陈强", "陈一", "欧阳明", "欧阳一明", "𠮷田", "Li"}
	slices.SortFunc(want, CompareNames)
	if got := strings.Join(want, " "); got != "马新 马一鸣 王一 王文 王军 王毅 王小二 陈一 陈强 欧阳明 欧阳一明 Li 𠮷田" {
		t.Errorf("got %s", got)
	}
	if CompareNames("", "") != 0 || CompareNames("", "王") >= 0 || CompareNames("王明", "王明") != 0 {
		t.Error("empty and equal names")
	}
}
