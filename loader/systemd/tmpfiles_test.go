package systemd_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/fixtures/oracle"
	"github.com/nixlint/nixlint/loader/systemd"
)

func TestParseTmpfiles(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]systemd.Tmpfiles{
		"d /var/log/clamav 0755 clamav clamav -":         {Type: "d", Letter: "d", Path: "/var/log/clamav", Mode: "0755", User: "clamav", Group: "clamav"},
		"L+ /var/tmp/cuda-cache - - - - /var/cache/cuda": {Type: "L+", Letter: "L", Path: "/var/tmp/cuda-cache", Argument: "/var/cache/cuda"},
		`  d! "/a/b c" :~0700 :root - 10d `:              {Type: "d!", Letter: "d", Path: "/a/b c", Mode: ":~0700", User: ":root", Age: "10d"},
		`f /a - - - - two  words and "quotes"`:           {Type: "f", Letter: "f", Path: "/a", Argument: `two  words and "quotes"`},
		`'L+' '/a b' '-' '-' '-' '-' x\x20y`:             {Type: "L+", Letter: "L", Path: "/a b", Argument: "x y"},
		`a /a - - - - u:x\x20y`:                          {Type: "a", Letter: "a", Path: "/a", Argument: `u:x\x20y`},
		`f /a\ b\"c`:                                     {Type: "f", Letter: "f", Path: `/a b"c`},
	} {
		got, err := systemd.ParseTmpfiles(line)
		if err != nil || got != want {
			t.Errorf("%s\n got %+v, %v\nwant %+v", line, got, err, want)
		}
	}
}

// tmpfilesLines are lines that systemd-tmpfiles takes, by "", and refuses, by a word of our error.
var tmpfilesLines = map[string]string{
	"d /a/1 0755 root root 10d":          "",
	"d /a/2":                             "",
	"d!+-= /a/3":                         "",
	"D /a/4 - - - ~am:1d 2h":             "",
	`f /a/escaped - - - - a\x20b\\c`:     "",
	`f /a/wrong - - - - a\q`:             "escapes nothing",
	`D /a/5 - - - "am:1d 2h"`:            "",
	"e /a/6 - - - infinity":              "",
	"e /a/7 - - - 1.5h":                  "",
	"z /a/8 ~:0755":                      "",
	"m /a/9 0755":                        "",
	"F /a/10 0644 - - - x":               "",
	"L /a/11":                            "",
	"c /a/12 0600 - - - 1:3":             "",
	"r! /a/13*":                          "",
	"d /a/%m%%":                          "",
	"d /a/%z":                            "specifier",
	"y /a/14":                            "type",
	"dx /a/15":                           "followed",
	"d!! /a/16":                          "followed",
	"d a/17":                             "absolute",
	"d":                                  "no path",
	`d /a/18 "0755`:                      "quote",
	"z /a/19 0999":                       "mode",
	"z /a/20 17777":                      "mode",
	"z /a/21 0o755":                      "mode",
	"d /a/22 - - - foo":                  "age",
	"d /a/23 - - - x:10d":                "age",
	"d /a/24 - - - 10 parsecs":           "",
	`d /a/25 - - - "10 parsecs"`:         "age",
	"w /a/26":                            "argument",
	"c /a/27":                            "argument",
	"b /a/28 - - - - x":                  "major:minor",
	"t /a/29":                            "argument",
	"A /a/30 - - - - -":                  "argument",
	"h /a/31":                            "argument",
	"d /a/32\\":                          "backslash",
	"w+ /a/33 - - - - text":              "",
	"f^ /a/34 - - - - some.credential":   "",
	"q /a/35 0700":                       "",
	"X /a/36":                            "",
	"p+ /a/37 0600 - - - -":              "",
	"C /a/38 - - - - /etc/hosts":         "",
	"H /a/39 - - - - +C":                 "",
	"a+ /a/40 - - - - u:root:r":          "",
	"R /a/41/*":                          "",
	"x /a/42 - - - 10d":                  "",
	"Z /a/43 0700 root root":             "",
	"v /a/44 - - - - ":                   "",
	"T /a/45 - - - - user.a=b user.b=\"": "",
}

func TestParseTmpfilesRefuses(t *testing.T) {
	t.Parallel()
	for line, want := range tmpfilesLines {
		_, err := systemd.ParseTmpfiles(line)
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", line, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want an error with %q", line, err, want)
		}
	}
	for _, line := range []string{"", " ", "# d /a"} {
		if _, err := systemd.ParseTmpfiles(line); err == nil {
			t.Errorf("%q is a rule", line)
		}
	}
}

// TestParseTmpfilesAgreesWithSystemd gives the lines to the real systemd-tmpfiles, which names those it refuses.
func TestParseTmpfilesAgreesWithSystemd(t *testing.T) {
	t.Parallel()
	program := filepath.Join(filepath.Dir(oracle.Systemd(t)), "systemd-tmpfiles")
	root := t.TempDir()
	write(t, filepath.Join(root, "etc/passwd"), "root:x:0:0::/root:/bin/sh\n")
	write(t, filepath.Join(root, "etc/group"), "root:x:0:\n")
	lines := slices.Sorted(maps.Keys(tmpfilesLines))
	file := filepath.Join(t.TempDir(), "a.conf")
	write(t, file, strings.Join(lines, "\n")+"\n")
	out, _ := exec.CommandContext(t.Context(), program, "--create", "--prefix=/a", "--root="+root, file).CombinedOutput()
	for i, line := range lines {
		place := fmt.Sprintf("%s:%d: ", file, i+1)
		_, said, refused := strings.Cut(string(out), place)
		said, _, _ = strings.Cut(said, "\n")
		if refused = refused && !strings.Contains(said, "ignoring"); refused != (tmpfilesLines[line] != "") {
			t.Errorf("%s: systemd says %q, we expect %q", line, said, tmpfilesLines[line])
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
