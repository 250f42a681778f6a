package store

import "context"

// AllPages are all of a meeting's pages, those too that people do not see yet.
func (s *Store) AllPages(ctx context.Context, meeting string) (pages []Page, err error) {
	err = s.view(ctx, func(tx *Tx) error {
		m, err := tx.meeting(meeting)
		if err != nil {
			return err
		}
		pages, err = tx.allPages(m)
		return err
	})
	return pages, err
}

// DestroyedTables are those whose rows go with a meeting's ballots.
func DestroyedTables() (names []string) {
	for _, d := range destroyed {
		names = append(names, d.table)
	}
	return names
}
