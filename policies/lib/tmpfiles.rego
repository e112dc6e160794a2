# METADATA
# description: |
#   What a line of tmpfiles.d says.
package nixlint.lib.tmpfiles

import future.keywords.not

# digits is the octal mode of a line without the prefixes of systemd-tmpfiles; undefined for "-" and for what is no mode.
digits(line) := mode if {
	mode := trim_left(line.mode, "~:")
	regex.match(`^[0-7]{3,5}$`, mode)
}

# same_mode: two modes are one, whatever the leading zeros.
same_mode(a, b) if trim_left(a, "~:0") == trim_left(b, "~:0")

# why says why a line is not known.
why(lines) := reason if {
	reasons := [line.why | some line in lines; object.get(line, "why", "") != ""]
	reason := reasons[0]
} else := "it depends on what is not decided"

# owners are the users to whom the lines of a host give folders, by path.
owners := {pair[0]: pair[1] |
	some i, pair in _owned
	not _next(i) == pair[0]
}

_next(i) := _owned[i + 1][0]

_owned := sort([[_folder(line.path), owner(line)] |
	some rule in input.tmpfiles
	count(rule.lines) == 1
	some line in rule.lines
	substring(line.type, 0, 1) in {"D", "Q", "d", "e", "q", "v"}
	not contains(line.path, "<unknown")
])

_folder(path) := "/" if {
	path == "/"
} else := trim_right(path, "/")

# owner of what a line makes: root where none is stated.
owner(line) := "root" if {
	trim_left(line.user, ":") in {"", "-", "0", "root"}
} else := trim_left(line.user, ":")

# above are the folders above a path, from the outermost on, without the root.
above(path) := [concat("/", array.slice(parts, 0, n)) | some n in numbers.range(2, count(parts) - 1)] if {
	parts := split(trim_right(path, "/"), "/")
	count(parts) > 2
} else := []

# home is the nearest folder above a path to which a line gives another owner than root, with that owner.
home(path) := [folders[count(folders) - 1], owners[folders[count(folders) - 1]]] if {
	folders := [folder | some folder in above(path); owners[folder]]
	owners[folders[count(folders) - 1]] != "root"
}
