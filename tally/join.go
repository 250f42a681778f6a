package tally

import (
	"strings"

	"pingyi/ballot"
)

// join pools voter groups until each has at least k valid ballots, and says whether any pool is large
// enough to be shown. A small group goes to the group named at sealing; a small pool whose named groups
// are all in it already takes in everything, since the total less the others would show it.
// size gives the valid ballots of a pool.
func join(groups []ballot.VoterGroup, size func(members []int) int, k int) (pools [][]int, enough bool) {
	for i := range groups {
		pools = append(pools, []int{i})
	}
	for {
		small := -1
		for p, members := range pools {
			if size(members) < k {
				small = p
				break
			}
		}
		if small < 0 {
			return pools, true
		}
		if len(pools) == 1 {
			return pools, false
		}
		pools = merge(pools, small, partner(groups, pools, small))
	}
}

// partner is the pool that holds the first group named by a member of the small pool and outside it;
// -1 where there is none.
func partner(groups []ballot.VoterGroup, pools [][]int, small int) int {
	for _, i := range pools[small] {
		for p, members := range pools {
			if p == small {
				continue
			}
			for _, j := range members {
				if groups[j].Code == groups[i].JoinWith {
					return p
				}
			}
		}
	}
	return -1
}

// merge joins two pools, or all of them where the second is -1; groups and pools keep the meeting's order.
func merge(pools [][]int, a, b int) [][]int {
	into := map[int]int{}
	for p, members := range pools {
		for _, i := range members {
			into[i] = p
			if p == b || b < 0 {
				into[i] = a
			}
		}
	}
	var out [][]int
	at := map[int]int{}
	for i := range len(into) {
		p, known := at[into[i]]
		if !known {
			p = len(out)
			at[into[i]] = p
			out = append(out, nil)
		}
		out[p] = append(out[p], i)
	}
	return out
}

// joined makes the groups as they are counted.
func joined(groups []ballot.VoterGroup, pools [][]int) []Group {
	out := make([]Group, len(pools))
	for p, members := range pools {
		var names []string
		for _, i := range members {
			out[p].Members = append(out[p].Members, groups[i].Code)
			out[p].Weight += groups[i].Weight
			names = append(names, groups[i].Name)
		}
		out[p].Code = strings.Join(out[p].Members, "+")
		out[p].Name = strings.Join(names, "、")
	}
	return out
}
