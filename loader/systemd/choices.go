package systemd

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// choice is a word that a directive of kind Choice has, and in which versions.
type choice struct {
	text string
	Range
}

// choicesOf lists the words of a directive, empty when any word is taken: what is not a choice, and a choice whose words are those of a
// machine.
func choicesOf(name string, kind Kind) []choice {
	at := sort.Search(len(choices), func(i int) bool { return choices[i].name >= name })
	switch {
	case at < len(choices) && choices[at].name == name:
	case kind == Boolean:
		return []choice{{text: "no"}, {text: "yes"}}
	default:
		return nil
	}
	words := choices[at].words
	out := make([]choice, 0, strings.Count(words, " ")+1)
	for w := range strings.FieldsSeq(words) {
		text, versions, dated := strings.Cut(w, "@")
		c := choice{text: text}
		if dated { // an empty number is an error, and those are asked for at every directive
			since, until, ends := strings.Cut(versions, "-")
			c.Since, _ = strconv.Atoi(since)
			if ends && until != "" {
				c.Until, _ = strconv.Atoi(until)
			}
		}
		out = append(out, c)
	}
	return out
}

func (c choice) in(version int) bool {
	return version >= c.Since && (c.Until == 0 || version < c.Until)
}

// ParseBoolean reads a boolean as systemd does: 1 yes y true t on, 0 no n false f off, in any case.
func ParseBoolean(text string) (value, ok bool) {
	switch strings.ToLower(text) {
	case "1", "yes", "y", "true", "t", "on":
		return true, true
	case "0", "no", "n", "false", "f", "off":
		return false, true
	}
	return false, false
}

// choose returns the word a value of a Boolean or a Choice stands for; not ok when the version of systemd would ignore it. Version 0
// is any.
func choose(name string, kind Kind, value string, version int) (string, bool) {
	words := choicesOf(name, kind)
	if len(words) == 0 {
		return value, value != ""
	}
	n, numbered := integer(value, 32)
	boolean := 0 // "no" and "yes": Restart= has a "no" that is a word like others
	for _, w := range words {
		if version != 0 && !w.in(version) {
			continue
		}
		if prefix, ok := strings.CutSuffix(w.text, ":"); w.text == value || ok && strings.HasPrefix(value, prefix+":") {
			return value, true
		}
		if w.text == "7" && numbered && n >= 0 && n <= mostOf(name) {
			return value, true
		}
		if w.text == "no" || w.text == "yes" {
			boolean++
		}
	}
	b, ok := ParseBoolean(value)
	if boolean < 2 || !ok {
		return "", false
	}
	return yesNo(b), true
}

// mostOf is the largest number that a choice takes for a word.
func mostOf(name string) int64 {
	switch name {
	case "SyslogFacility":
		return 127
	case "CPUSchedulingPolicy":
		return math.MaxInt32
	}
	return 7
}

// wantedWord says what a value of a Boolean or a Choice should have been, and is empty when some version reads it.
func wantedWord(name string, kind Kind, value string) string {
	if _, ok := choose(name, kind, value, 0); ok || open(value) {
		return ""
	}
	words := choicesOf(name, kind)
	if len(words) == 2 && words[0].text == "no" && words[1].text == "yes" {
		return "yes or no"
	}
	var texts []string
	for _, w := range words {
		if w.text < "0" || w.text > "9" {
			texts = append(texts, w.text+w.String())
		}
	}
	return "one of " + strings.Join(texts, ", ") + nearestWord(value, words)
}

// nearestWord adds the word that was probably meant.
func nearestWord(value string, words []choice) string {
	best, least := "", max(1, len(value)/3)+1
	for _, w := range slices.Backward(words) {
		if n := distance(strings.ToLower(value), w.text); n < least {
			best, least = w.text, n
		}
	}
	if best == "" {
		return ""
	}
	return " (did you mean " + best + "?)"
}
