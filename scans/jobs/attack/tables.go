package attack

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	_ "github.com/mattn/go-sqlite3" // the driver that the store's is built on
)

const databaseName = "pingyi.db"

// database takes clues from the database of a data folder, by bytes and by rows.
func (c Clues) database(dir string) (k Known, err error) {
	file, err := os.ReadFile(filepath.Join(dir, databaseName))
	if err != nil {
		return k, err
	}
	log, err := readFile(filepath.Join(dir, databaseName+"-wal"))
	if err != nil {
		return k, err
	}
	copied, err := os.MkdirTemp(filepath.Dir(dir), "attack")
	if err != nil {
		return k, err
	}
	defer os.RemoveAll(copied)
	path := filepath.Join(copied, databaseName)
	if err := errors.Join(os.WriteFile(path, file, 0o600), os.WriteFile(path+"-wal", log, 0o600)); err != nil {
		return k, err
	}
	db, err := sql.Open("sqlite3", "file:"+path+"?_synchronous=OFF")
	if err != nil {
		return k, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if k, err = known(db); err != nil {
		return k, err
	}
	tables, roots, err := schema(db)
	if err != nil {
		return k, err
	}
	c.layout(file, roots, k)
	all, _ := blocks(file)
	c.writeAheadLog(log, trees(all, roots), k)
	for _, table := range tables {
		if err := c.table(db, table, k); err != nil {
			return k, fmt.Errorf("table %s: %w", table, err)
		}
	}
	return k, nil
}

func known(db *sql.DB) (Known, error) {
	k := Known{map[string]string{}, map[string]string{}}
	rows, err := db.Query("SELECT id, leaf, reading FROM pages ORDER BY form_page, id")
	if err != nil {
		return k, err
	}
	defer rows.Close()
	for rows.Next() {
		var page, leaf, reading string
		if err := rows.Scan(&page, &leaf, &reading); err != nil {
			return k, err
		}
		k.add(page, leaf, reading)
	}
	return k, rows.Err()
}

// schema lists the tables, and the root of each tree.
func schema(db *sql.DB) (tables []string, roots map[string]int, err error) {
	roots = map[string]int{"sqlite_schema": 1}
	rows, err := db.Query("SELECT type, name, rootpage FROM sqlite_schema WHERE rootpage > 0 ORDER BY name")
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var kind, name string
		var root int
		if err := rows.Scan(&kind, &name, &root); err != nil {
			return nil, nil, err
		}
		roots[name] = root
		if kind == "table" {
			tables = append(tables, name)
		}
	}
	return tables, roots, rows.Err()
}

// table takes clues from the rows that name a page: their order as the table is scanned, their row ids, and every
// column, JSON taken apart. A page's number is that of its first row.
func (c Clues) table(db *sql.DB, table string, k Known) error {
	rows, err := db.Query(`SELECT rowid, * FROM "` + table + `" NOT INDEXED`)
	if err != nil { // WITHOUT ROWID
		if rows, err = db.Query(`SELECT 0, * FROM "` + table + `" NOT INDEXED`); err != nil {
			return err
		}
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	columns[0] = "row id"
	texts := map[string]map[string]string{} // column → page → text
	for n := 0; rows.Next(); n++ {
		cells := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		page := rowPage(cells, k)
		if page == "" {
			continue
		}
		c.set("table "+table+": order", page, float64(n))
		for i, cell := range cells {
			c.cell("table "+table+", "+columns[i], page, cell, texts)
		}
	}
	for column, byPage := range texts {
		c.ranked(column, byPage)
	}
	return rows.Err()
}

// rowPage is the one page that a row names; none where it names several.
func rowPage(cells []any, k Known) (page string) {
	for _, cell := range cells {
		text := asText(cell)
		if len(text) != idLength {
			continue
		}
		switch of := k.ids[text]; {
		case of == "" || of == page:
		case page == "" || text == of: // its own id says more than its leaf's
			page = of
		}
	}
	return page
}

func asText(cell any) string {
	switch v := cell.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}

// cell notes a number, the numbers in a JSON text, or a text.
func (c Clues) cell(column, page string, cell any, texts map[string]map[string]string) {
	switch v := cell.(type) {
	case int64:
		c.set(column, page, float64(v))
	case float64:
		c.set(column, page, v)
	case bool:
		c.set(column, page, asNumber(v))
	default:
		text := asText(cell)
		var inside any
		if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
			if json.Unmarshal([]byte(text), &inside) == nil {
				sums := map[string]float64{}
				flatten("", inside, sums)
				for path, sum := range sums {
					c.set(column+path, page, sum)
				}
			}
		}
		if texts[column] == nil {
			texts[column] = map[string]string{}
		}
		if _, seen := texts[column][page]; !seen {
			texts[column][page] = text
		}
	}
}

// flatten sums the numbers of a JSON value by their path, of lists all members together; texts count by length.
func flatten(path string, v any, sums map[string]float64) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			flatten(path+"."+name, inner, sums)
		}
	case []any:
		sums[path+".length"] += float64(len(v))
		for _, inner := range v {
			flatten(path, inner, sums)
		}
	case float64:
		sums[path] += v
	case bool:
		sums[path] += asNumber(v)
	case string:
		sums[path+" length"] += float64(len(v))
	}
}

// ranked turns a column of texts into numbers: their rank among the texts, and their length.
func (c Clues) ranked(column string, byPage map[string]string) {
	rank := map[string]int{}
	for i, text := range slices.Compact(slices.Sorted(maps.Values(byPage))) {
		rank[text] = i
	}
	for page, text := range byPage {
		c.set(column, page, float64(rank[text]))
		c.set(column+" length", page, float64(len(text)))
	}
}

func asNumber(v bool) float64 {
	if v {
		return 1
	}
	return 0
}
