package ballot

import "strings"

// LedgerKey says which line of the ledger a number belongs to. Subject is 0 on roster forms.
type LedgerKey struct {
	Venue   string `json:"venue"`
	Group   string `json:"group"`
	Subject int    `json:"subject,omitempty"`
}

// Named is the key with names of venues instead of their codes, for people; of a VenueSet with those of all.
func (k LedgerKey) Named(venues []Venue) LedgerKey {
	codes := strings.Split(k.Venue, "+")
	for i, code := range codes {
		for _, v := range venues {
			if v.Code == code && v.Name != "" {
				codes[i] = v.Name
			}
		}
	}
	k.Venue = strings.Join(codes, "+")
	return k
}

// Chinese names a line as people do. Without a venue it is of all of them.
func (k LedgerKey) Chinese() string {
	s := k.Group + "票"
	switch {
	case strings.HasSuffix(k.Venue, "会场"):
		s = k.Venue + " " + s
	case k.Venue != "":
		s = "会场 " + k.Venue + " " + s
	}
	if k.Subject != 0 {
		s += sprintf(" %d号", []any{k.Subject})
	}
	return s
}

// English is the same in English.
func (k LedgerKey) English() string {
	s := "group " + k.Group
	if k.Venue != "" {
		s = "venue " + k.Venue + " " + s
	}
	if k.Subject != 0 {
		s += sprintf(" subject %d", []any{k.Subject})
	}
	return s
}
