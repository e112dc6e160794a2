// Package inventory is the waist of nixlint: what a repository or a built system runs, as plain data with a versioned JSON
// schema. Nothing that makes an inventory knows policies; nothing that reads one knows Nix. It holds no logic of systemd.
package inventory

import "slices"

// Schema names the format. Fields may be added under /1; a changed meaning is /2.
const Schema = "nixlint.inventory/1"

// Inventory is all that was found. Hosts are ordered by name, units by scope and name, everything else as written.
type Inventory struct {
	Schema  string   `json:"schema"`
	Root    string   `json:"root"`
	Paths   []string `json:"paths,omitempty"`  // what was asked for, relative to the root; all of it when empty
	Inputs  []Input  `json:"inputs,omitempty"` // sources outside of the root that were read
	Hosts   []Host   `json:"hosts"`
	Files   []File   `json:"files"`
	Options []Option `json:"options"`
	// Documents are the files named README, with any extension, by path.
	Documents []string  `json:"documents,omitempty"`
	Problems  []Problem `json:"problems"`
}

// Input is a source outside of the root that was read: files of it are named <NAME>/PATH.
type Input struct {
	Name string `json:"name"`
	Path string `json:"path"`
}

// Host is one machine, or the loose modules that no machine imports (Source "loose").
type Host struct {
	Name     string         `json:"name"`
	Source   string         `json:"source"` // "flake", "hive" (colmena, NixOps), "home" (home-manager alone), "file", "units" or "loose"
	At       *Location      `json:"at,omitempty"`
	Missing  []Missing      `json:"missing,omitempty"` // what would make more of it known
	Units    []Unit         `json:"units"`
	Tmpfiles []TmpfilesRule `json:"tmpfiles"`
	Settings []HostSetting  `json:"settings,omitempty"` // definitions of options that nobody in sight declares, by path
	Facts    Facts          `json:"facts"`
}

// Missing is an input or a module that is not in the tree.
type Missing struct {
	Name string    `json:"name"`
	Why  string    `json:"why"`
	At   *Location `json:"at,omitempty"`
}

// HostSetting is a definition such as services.prometheus.port = 9090. A value that is no scalar is its JSON text.
type HostSetting struct {
	Path string `json:"path"`
	Setting
}

// Facts are what the tree says of a host besides its units, for rules to ask. Those of one kind are ordered by name. Of a host that
// is not Complete, what is not here may still be so.
type Facts struct {
	// Complete: every module of the host is in sight, those of nixpkgs apart. Loose modules are never complete.
	Complete bool     `json:"complete"`
	Users    []string `json:"users,omitempty"`  // names that the tree defines; nixpkgs defines more
	Groups   []string `json:"groups,omitempty"` // likewise

	Accounts    []Fact `json:"accounts,omitempty"`    // users.users: uid, isSystemUser, isNormalUser, group, extraGroups, home, …
	Memberships []Fact `json:"memberships,omitempty"` // users.groups: gid, members
	Wrappers    []Fact `json:"wrappers,omitempty"`    // security.wrappers: source, owner, group, setuid, setgid, capabilities, …
	// Firewall is networking.firewall, named "", and its interfaces: allowedTCPPorts, allowedUDPPorts, and the ranges as "1000-2000".
	Firewall []Fact `json:"firewall,omitempty"`
	// Listeners are services that are given a port or an address, by option: services.prometheus. Their fields are port, address,
	// enable and openFirewall, whatever the options are called; each field's option is the path below the name.
	Listeners []Fact `json:"listeners,omitempty"`
	// Containers are those of virtualisation.oci-containers: image, ports, volumes, …, and unit, the service that runs it.
	Containers []Fact `json:"containers,omitempty"`
	// UnitFiles are files of systemd that environment.etc holds, by path below /etc: text or source.
	UnitFiles []Fact    `json:"unitFiles,omitempty"`
	Packages  []Setting `json:"packages,omitempty"` // systemd.packages: packages that bring units
	// OpenSSH is services.openssh, with what its settings say under sshd's own names: PermitRootLogin, PasswordAuthentication, …
	OpenSSH *Fact `json:"openssh,omitempty"`
	Udev    *Fact `json:"udev,omitempty"` // services.udev: extraRules (text), packages, …
}

// Fact is one named thing of a host, such as a user: what options say of it.
type Fact struct {
	Name string    `json:"name"`
	At   *Location `json:"at,omitempty"`
	// Guards are the conditions around it that are not decided: it may not be there.
	Guards []Condition `json:"guards,omitempty"`
	// Fields: by option, one Setting; of a list one an element.
	Fields map[string][]Setting `json:"fields"`
	Open   string               `json:"open,omitempty"` // why it may have more fields; empty when it cannot
}

// Kinds are the facts that are lists, by their names in the JSON.
func (f *Facts) Kinds() map[string][]Fact {
	return map[string][]Fact{
		"accounts": f.Accounts, "memberships": f.Memberships, "wrappers": f.Wrappers, "firewall": f.Firewall, "listeners": f.Listeners,
		"containers": f.Containers, "unitFiles": f.UnitFiles,
	}
}

// Singles are the facts of which there is one a host, by their names in the JSON; nil for none.
func (f *Facts) Singles() map[string]*Fact {
	return map[string]*Fact{"openssh": f.OpenSSH, "udev": f.Udev}
}

// Scopes of a unit.
const (
	System = "system"
	User   = "user"
	Initrd = "initrd"
)

// Statuses of a unit.
const (
	Active    = "active"
	Guarded   = "guarded"  // a condition around the whole unit is not decided, or assumed in the loose view
	Disabled  = "disabled" // its guard is false on every host, or enable = false
	Override  = "override" // adds to a unit that something else defines
	Upstream  = "upstream" // an enabled option whose unit is not in the tree
	Commented = "commented"
)

// Completeness says how much of a unit the tree defines.
const (
	Own       = "own"       // its ExecStart or script is in the tree: what is absent is absent
	Partial   = "override"  // its base is elsewhere: what is absent is unknown
	Generated = "generated" // read from a built system: what is absent is absent
)

// Variables is the directive that names files of variables.
const Variables = "EnvironmentFile"

// Unit is one systemd unit of one host.
type Unit struct {
	Name         string `json:"name"` // "sshd.service"
	Kind         string `json:"kind"` // "service", "timer", …
	Scope        string `json:"scope"`
	Status       string `json:"status"`
	Completeness string `json:"completeness"`
	// Base is what an override adds to, as far as it is known, such as "nixpkgs 4aa6836a648c": BaseSections hold as of that. It is a
	// reading of nixpkgs, not the nixpkgs of the host.
	Base        string      `json:"base,omitempty"`
	Dropin      bool        `json:"dropin,omitempty"` // it is written as NAME.d/overrides.conf whatever else there is (overrideStrategy)
	Guards      []Condition `json:"guards,omitempty"`
	Definitions []Location  `json:"definitions"` // one a place that defines (part of) the unit; the whole binding
	// Sections: by section, by directive, one Setting an assignment, resets ("") included, in the order of the unit file.
	Sections map[string]map[string][]Setting `json:"sections"`
	// BaseSections: what the base states, before anything of Sections. A directive of a section in BaseClosed that neither states is
	// absent; of others it is not known.
	BaseSections map[string]map[string][]Setting `json:"baseSections,omitempty"`
	BaseClosed   []string                        `json:"baseClosed,omitempty"`

	// Scripts: "start", "pre-start", …: the text; of what the tree itself writes into the store under the directive, "ExecStart", also
	// Variables: the files of variables.
	Scripts map[string]Setting `json:"scripts,omitempty"`
	Links   []Link             `json:"links,omitempty"`
	Open    string             `json:"open,omitempty"` // why further directives may exist; empty when none can

	// Foreign: the unit is of a built system that has no sign of being NixOS.
	Foreign bool `json:"foreign,omitempty"`
}

// Off reports whether all that is said of the unit is below conditions that do not hold: whether something else defines it is not said. A
// unit that is masked (enable = false) is not off.
func (u *Unit) Off() bool {
	return u.Status == Disabled && len(u.Sections) == 0 && len(u.Scripts) == 0 &&
		slices.ContainsFunc(u.Guards, func(c Condition) bool { return c.Verdict == "false" })
}

// Link is what [Install] or NixOS' wantedBy makes: Target's .wants (or .requires, .upholds) directory names the unit.
type Link struct {
	Type   string  `json:"type"` // "wants", "requires", "upholds", "alias"
	Target Setting `json:"target"`
}

// Setting is one assignment: its possible values, exactly one when it is decided, and what it won over.
type Setting struct {
	// Option is the option of the unit that makes the assignment ("environment", "after", "script") where that is not serviceConfig
	// or its kin: such assignments have their own place in a unit file.
	Option       string        `json:"option,omitempty"`
	Alternatives []Alternative `json:"alternatives"`
	Overrides    []Alternative `json:"overrides,omitempty"` // definitions that lost by priority
}

// Decided reports whether there is one known value.
func (s Setting) Decided() bool {
	return len(s.Alternatives) == 1 && s.Alternatives[0].Known
}

// Alternative is one value a setting may have.
type Alternative struct {
	// Value is the text that systemd would read. Packages stand as <pkgs.NAME>, unknown pieces as <unknown: why>.
	Value string `json:"value"`
	// Known is false when Value has an unknown piece, or nothing of it is known.
	Known bool `json:"known"`
	// Absent means that under these conditions the assignment is not made at all; Value is then empty and Known true.
	Absent     bool        `json:"absent,omitempty"`
	Why        string      `json:"why,omitempty"` // why it is not known
	Conditions []Condition `json:"conditions,omitempty"`
	Priority   int         `json:"priority,omitempty"` // NixOS' priority, 100 for a plain definition
	At         *Location   `json:"at,omitempty"`       // the value's expression
	Via        []Location  `json:"via,omitempty"`      // the call or binding sites it came through, outermost first
	// Lines: for a text of several lines, the place of each line where it is known (a script's lines).
	Lines []Location `json:"lines,omitempty"`
}

// Place is where a finding about this value stands: the outermost place inside the unit's definition.
func (a Alternative) Place() *Location {
	if len(a.Via) > 0 {
		return &a.Via[0]
	}
	return a.At
}

// Condition is a condition around a value or a unit.
type Condition struct {
	Text    string    `json:"text"`
	Verdict string    `json:"verdict"` // "true", "false", "unknown", or "assumed" in the loose view
	At      *Location `json:"at,omitempty"`
}

// TmpfilesRule is one line of tmpfiles.d.
type TmpfilesRule struct {
	File  string  `json:"file"`            // "00-nixos.conf"
	Scope string  `json:"scope,omitempty"` // User or Initrd, empty for lines of the system
	Line  Setting `json:"line"`
	// Guards are the conditions around it; Definition is its place.
	Guards []Condition `json:"guards,omitempty"`
}

// Option is an option that a module of the tree declares.
type Option struct {
	Path        string    `json:"path"`
	Type        string    `json:"type"`
	Default     string    `json:"default,omitempty"`
	Description string    `json:"description,omitempty"` // <unknown: why> where it could not be evaluated
	Internal    bool      `json:"internal,omitempty"`    // internal = true or visible = false, or of a submodule: no manual lists it
	At          *Location `json:"at,omitempty"`
}

// File is a file that was read.
type File struct {
	Path       string      `json:"path"`
	Modules    bool        `json:"module"` // it is a NixOS module
	Hosts      []string    `json:"hosts,omitempty"`
	Directives []Directive `json:"directives,omitempty"`
}

// Directive is a comment addressed to nixlint, such as "# nixlint: ignore RULE -- reason", raw, and the lines it covers:
// its own line when code stands before it, else the next binding or statement, whole.
type Directive struct {
	Text   string   `json:"text"` // after "nixlint:", trimmed
	At     Location `json:"at"`
	Covers Location `json:"covers"`
}

// Problem is something wrong in the user's files, or a notice. Severity is "failure" or "notice".
type Problem struct {
	Severity string        `json:"severity"`
	Message  string        `json:"message"`
	At       *Location     `json:"at,omitempty"`
	Notes    []ProblemNote `json:"notes,omitempty"`
}

// ProblemNote is another place that explains a problem.
type ProblemNote struct {
	Message string    `json:"message"`
	At      *Location `json:"at,omitempty"`
}

// Location is a piece of a file: the path relative to the root, lines and byte columns from 1, the end exclusive.
type Location struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
}

// Contains reports whether o lies inside l.
func (l Location) Contains(o Location) bool {
	return l.File == o.File &&
		(l.Line < o.Line || l.Line == o.Line && l.Column <= o.Column) &&
		(l.EndLine > o.EndLine || l.EndLine == o.EndLine && l.EndColumn >= o.EndColumn)
}
