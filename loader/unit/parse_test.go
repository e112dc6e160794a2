package unit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/unit"
)

// read lists the settings of a text as "Section.Name=value at line:column-line:column".
func read(text string) (settings, problems []string, refused bool) {
	f, said := unit.Parse(source.NewFile("a.service", text))
	for _, s := range f.Settings {
		from, to := s.Span.File.Position(s.Span.Start), s.Span.File.Position(s.Span.End)
		settings = append(settings, fmt.Sprintf("%s.%s=%s at %d:%d-%d:%d", s.Section, s.Name, s.Value, from.Line, from.Column, to.Line, to.Column))
	}
	for _, p := range said {
		problems = append(problems, p.Error())
	}
	return settings, problems, f.Refused
}

func TestParse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text         string
		settings, problems []string
	}{
		{"settings", "[Unit]\nAfter=a.target\n\n[Service]\n ExecStart = /x -y  \n", []string{
			"Unit.After=a.target at 2:1-2:15", "Service.ExecStart=/x -y at 5:2-5:19",
		}, nil},
		{"repetition and resets are kept", "[Service]\nA=1\nA=\nA=2\n", []string{
			"Service.A=1 at 2:1-2:4", "Service.A= at 3:1-3:3", "Service.A=2 at 4:1-4:4",
		}, nil},
		{"continuations", "[Service]\nA=1 \\\n  2\\\n3\n", []string{"Service.A=1    2 3 at 2:1-4:2"}, nil},
		{"comments between continuations", "[Service]\nA=1 \\\n# no\n  ;no\n 2\n", []string{"Service.A=1   2 at 2:1-5:3"}, nil},
		{"a continuation at the end", "[Service]\nA=1 \\", []string{"Service.A=1 at 2:1-2:6"}, nil},
		{"an escaped backslash does not continue", "[Service]\nA=1 \\\\\nB=2\n", []string{`Service.A=1 \\ at 2:1-2:7`, "Service.B=2 at 3:1-3:4"}, nil},
		{"carriage returns", "[Service]\r\nA=1\r\nB=2\r\n", []string{"Service.A=1 at 2:1-2:4", "Service.B=2 at 3:1-3:4"}, nil},
		{"a byte order mark", "\ufeff[Service]\nA=1\n", []string{"Service.A=1 at 2:1-2:4"}, nil},
		{"a comment holds no continuation", "[Service]\n# x \\\nA=1\n", []string{"Service.A=1 at 3:1-3:4"}, nil},
		{"values keep = and quotes", "[Service]\nEnvironment=\"A=b c\" 'd'\n", []string{`Service.Environment="A=b c" 'd' at 2:1-2:24`}, nil},
		{"sections that are none", "[X-Own]\nA=1\n[Bogus]\nB=2\n[Service]\nC=3\n", []string{"Service.C=3 at 6:1-6:4"}, []string{
			"a.service:3:1: systemd ignores this: systemd knows no section Bogus in unit files",
		}},
		{"lines that are ignored", "A=1\n[Service]\nB\n=2\nC=3\n", []string{"Service.C=3 at 5:1-5:4"}, []string{
			"a.service:1:1: systemd ignores this: the assignment stands before any section",
			"a.service:3:1: systemd ignores this: the line has no equals sign",
			"a.service:4:1: systemd ignores this: there is no name before the equals sign",
		}},
		{"nothing", "", nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			settings, problems, refused := read(test.text)
			if !slices.Equal(settings, test.settings) || !slices.Equal(problems, test.problems) || refused {
				t.Errorf("settings %q\nproblems %q\nwant %q\nand %q", settings, problems, test.settings, test.problems)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<20)
	for text, want := range map[string]string{
		"[Service\nB=2\n":                               "a.service:3:1: systemd reads no further: the section header has no closing bracket",
		"[Ser\"vice]\nB=2\n":                            "a.service:3:1: systemd reads no further: the name of the section has quotes, a backslash or a control character",
		"B=\xff\nC=3\n":                                 "a.service:3:1: systemd reads no further: the line is not UTF-8",
		"B=" + long + "\n":                              "a.service:3:1: systemd reads no further: the line is longer than 1 MiB",
		"B=" + long[:9] + "\\\n" + long:                 "a.service:3:1: systemd reads no further: the line is longer than 1 MiB",
		"B=" + long[:1<<19] + "\nC=\xff\n":              "a.service:4:1: systemd reads no further: the line is not UTF-8",
		"B=" + strings.Repeat("x\\\n", 4000) + "\n[C\n": "a.service:4004:1: systemd reads no further: the section header has no closing bracket",
	} {
		settings, problems, refused := read("[Service]\nA=1\n" + text)
		if !refused || len(settings) == 0 || !slices.Equal(problems, []string{want}) {
			t.Errorf("%.20q: %d settings, problems %q, want %q", text, len(settings), problems, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"[Service]\nA=1\\\n#x\n2\r\n", "\ufeff[X-a]\nb\n[Unit]\n=\n", "[a\x00[Service]\n\rA = b \\\\\\\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		src := source.NewFile("a.service", text)
		file, problems := unit.Parse(src)
		last := source.Pos(0)
		for _, s := range file.Settings {
			if s.Span.Start < last || s.Span.End < s.Span.Start || int(s.Span.End) > len(text) || s.Name == "" || !utf8.ValidString(s.Value) {
				t.Fatalf("%+v after %d", s, last)
			}
			if span := s.Span.Text(); !strings.ContainsAny(span, "\n\r\x00") && !strings.HasPrefix(span, s.Name) {
				t.Fatalf("%q does not start with %q", s.Span.Text(), s.Name)
			}
			last = s.Span.End
		}
		for _, p := range problems {
			if p.Span.End < p.Span.Start || int(p.Span.End) > len(text) {
				t.Fatalf("%+v", p)
			}
		}
	})
}
