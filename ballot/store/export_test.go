package store

// DestroyedTables are those whose rows go with a meeting's ballots.
func DestroyedTables() (names []string) {
	for _, d := range destroyed {
		names = append(names, d.table)
	}
	return names
}
