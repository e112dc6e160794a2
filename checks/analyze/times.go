package analyze

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader/inventory"
)

// spans are the directives of timers that take a time span.
var spans = []string{
	"OnActiveSec", "OnBootSec", "OnStartupSec", "OnUnitActiveSec", "OnUnitInactiveSec", "AccuracySec", "RandomizedDelaySec", "RandomizedOffsetSec",
}

// when is an assignment of a timer.
type when struct {
	unit  int
	name  string
	index int
	value string
}

// times gives the times of timers to "systemd-analyze calendar" and "timespan". A calendar that never elapses again is read like any other,
// and so verify says nothing of it. What was said of a place is not said again.
func (j *Judge) times(ctx context.Context, h *inventory.Host, said []checks.Judgement) ([]checks.Judgement, error) {
	var out []checks.Judgement
	for _, verb := range []string{"calendar", "timespan"} {
		asked := timesOf(h, verb)
		bad, err := j.badTimes(ctx, verb, asked)
		if err != nil {
			return nil, err
		}
		for _, w := range asked {
			path := []any{"sections", "Timer", w.name, w.index}
			why, ok := bad[w.value]
			if ok && !slices.ContainsFunc(said, func(s checks.Judgement) bool { return s.Unit == w.unit && slices.Equal(s.Path, path) }) {
				out = append(out, checks.Judgement{
					Rule: verifyRule, Verdict: checks.Fail, Message: fmt.Sprintf("%s=%s: systemd %s says: %s", w.name, w.value, j.version, why),
					Unit: w.unit, Line: -1, Path: path, Repeats: repeats,
				})
			}
		}
	}
	return out, nil
}

func timesOf(h *inventory.Host, verb string) []when {
	names := spans
	if verb == "calendar" {
		names = []string{"OnCalendar"}
	}
	var out []when
	for i := range h.Units {
		u := &h.Units[i]
		if u.Kind != "timer" || !loads(u) {
			continue
		}
		for _, name := range names {
			for k, s := range u.Sections["Timer"][name] {
				if !s.Decided() || s.Alternatives[0].Absent {
					continue
				}
				value := strings.TrimSpace(s.Alternatives[0].Value)
				if value != "" && !strings.ContainsAny(value, "%<\n") {
					out = append(out, when{i, name, k, value})
				}
			}
		}
	}
	return out
}

var (
	notRead = regexp.MustCompile(`(?m)^Failed to parse .*? '(.*)': (.*)$`)
	form    = regexp.MustCompile(`(?m)^ *(?:Original form|Normalized form|Next elapse): `)
)

// badTimes asks about all values at once, and again without those that are not read: some versions stop at the first.
func (j *Judge) badTimes(ctx context.Context, verb string, asked []when) (map[string]string, error) {
	var values []string
	for _, w := range asked {
		values = append(values, w.value)
	}
	slices.Sort(values)
	values = slices.Compact(values)
	bad := map[string]string{}
	for batch := range slices.Chunk(values, maxBatch) {
		for len(batch) > 0 {
			out, err := j.program.run(ctx, nil, append([]string{verb, "--"}, batch...)...)
			if err != nil {
				return nil, err
			}
			if verb == "calendar" {
				never(out.stdout, batch, bad)
			}
			left := len(batch)
			for _, f := range notRead.FindAllStringSubmatch(out.stderr, -1) {
				bad[f[1]] = unread + f[2]
				batch = slices.DeleteFunc(slices.Clone(batch), func(v string) bool { return v == f[1] })
			}
			if !out.failed || len(batch) == left {
				break
			}
		}
	}
	return bad, nil
}

const unread = "it is not read: "

// never finds the calendars that do not elapse any more. A form that is written as it is normalised is not repeated.
func never(text string, batch []string, bad map[string]string) {
	for part := range strings.SplitSeq(text, "\n\n") {
		var value string
		over := false
		for line := range strings.Lines(part) {
			head := form.FindString(line)
			rest := strings.TrimSpace(strings.TrimPrefix(line, head))
			switch strings.TrimSpace(head) {
			case "Original form:":
				value = rest
			case "Normalized form:":
				if value == "" {
					value = rest
				}
			case "Next elapse:":
				over = rest == "never"
			}
		}
		if over && slices.Contains(batch, value) {
			bad[value] = "it never elapses"
		}
	}
}
