//go:build ignore

package main

import (
	"compress/gzip"
	"io"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// manual is what the pages and NEWS of a version say.
type manual struct {
	entries map[string]string // by directive, of all pages
	added   map[string]int    // "Added in version"
	news    map[int]string    // by version
}

// pages are those that describe directives of units.
var pages = []string{
	"automount", "exec", "kill", "mount", "path", "resource-control", "scope", "service", "slice", "socket", "swap", "target", "timer", "unit",
}

func newManual(v *version) *manual {
	m := &manual{entries: map[string]string{}, added: map[string]int{}, news: map[int]string{}}
	for _, p := range pages {
		m.page(unzip(filepath.Join(v.root, "usr/share/man/man5/systemd."+p+".5.gz")))
	}
	parts := regexp.MustCompile(`(?m)^CHANGES WITH (\d+).*$`)
	news := unzip(filepath.Join(v.root, "usr/share/doc/systemd/NEWS.gz"))
	heads := parts.FindAllStringSubmatchIndex(news, -1)
	for i, h := range heads {
		end := len(news)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		n, err := strconv.Atoi(news[h[2]:h[3]])
		check(err)
		m.news[n] = news[h[1]:end]
	}
	return m
}

func unzip(name string) string {
	f, err := os.Open(name)
	check(err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	check(err)
	text, err := io.ReadAll(z)
	check(err)
	return string(text)
}

var (
	heading = regexp.MustCompile(`^\\fI[A-Z][A-Za-z0-9]+=`)
	headed  = regexp.MustCompile(`\\fI([A-Z][A-Za-z0-9]+)=`)
	addedIn = regexp.MustCompile(`^Added in version (\d+)\\&\.`)
)

// page reads the entries of a page: paragraphs that begin with the name of a directive, and the indented text below.
func (m *manual) page(text string) {
	type open struct {
		depth int
		names []string
	}
	var stack []open
	depth, before := 0, ""
	var names []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, ".RS"):
			if len(names) > 0 {
				stack, names = append(stack, open{depth, names}), nil
			}
			depth++
		case strings.HasPrefix(line, ".RE"):
			depth--
			if n := len(stack); n > 0 && stack[n-1].depth == depth {
				stack = stack[:n-1]
			}
		case before == ".PP" && heading.MatchString(line):
			names = nil
			for _, f := range headed.FindAllStringSubmatch(line, -1) {
				names = append(names, f[1])
			}
		}
		before = line
		for i, o := range stack {
			for _, name := range o.names {
				m.entries[name] += line + "\n"
				f := addedIn.FindStringSubmatch(line)
				if f == nil || i != len(stack)-1 || depth != o.depth+1 {
					continue
				}
				n, err := strconv.Atoi(f[1])
				check(err)
				m.added[name] = n
			}
		}
	}
}

// since is the version after one and up to another in which a directive, or a word of it, came.
func (m *manual) since(name, word string, after, upTo int) int {
	if n := m.added[name]; word == "" && n > after && n <= upTo {
		return n
	}
	if n := m.added["Condition"+strings.TrimPrefix(name, "Assert")]; strings.HasPrefix(name, "Assert") && n > after && n <= upTo {
		return n
	}
	for n := after + 1; n <= upTo; n++ {
		for paragraph := range strings.SplitSeq(m.news[n], "\n\n") {
			if strings.Contains(paragraph, name+"=") && (word == "" || mentions(paragraph, word)) {
				return n
			}
		}
	}
	log.Printf("%s=%s: neither the manual nor NEWS says when it came, after %d and by %d", name, word, after, upTo)
	return upTo
}

// mentions reports whether a text has a word, not as a part of another.
func mentions(text, word string) bool {
	return regexp.MustCompile(`(?:^|[^A-Za-z0-9-])` + regexp.QuoteMeta(word) + `(?:$|[^A-Za-z0-9-])`).MatchString(text + " ")
}

var quoted = regexp.MustCompile(`"([a-z0-9][a-z0-9+-]*)"|\\fB([a-z0-9][a-z0-9+-]*)\\fR`)

// words are those that the entry of a directive sets apart: in quotes or bold.
func (m *manual) words(name string) []string {
	var out []string
	for _, f := range quoted.FindAllStringSubmatch(strings.ReplaceAll(m.entries[name], `\-`, "-"), -1) {
		out = append(out, f[1]+f[2])
	}
	slices.Sort(out)
	return slices.Compact(out)
}
