package nixos

import (
	"maps"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
)

// factBuilder builds settings that are of no unit.
func (s *system) factBuilder() *unitBuilder {
	return &unitBuilder{s: s, name: "facts", kind: unitKind{option: "facts"}}
}

// facts adds the definitions of undeclared options and the facts to the host. Of loose modules, which are no machine, the facts
// only: what one module sets holds for no other.
func (s *system) facts() {
	if s.loose && s.host.Name == "loose" {
		before := len(s.r.problems)
		s.factsOf(s.settingsOf())
		s.r.problems = s.r.problems[:before] // a fact that does not evaluate without a host is nobody's mistake
		return
	}
	s.host.Settings = s.settingsOf()
	s.factsOf(s.host.Settings)
	s.host.Facts.Complete = !s.blind
	s.upstream()
}

func (s *system) factsOf(settings []inventory.HostSetting) {
	f := &s.host.Facts
	b := s.factBuilder()
	users, services := s.root.child("users"), s.root.child("services")
	if !s.loose {
		for _, n := range []*node{users, users.child("users"), users.child("groups")} {
			s.openSet(n)
		}
	}
	add := func(to *[]inventory.Fact, more []inventory.Fact) { *to = joined(*to, more) }
	add(&f.Accounts, b.each(users.child("users")))
	add(&f.Memberships, b.each(users.child("groups")))
	f.Users, f.Groups = names(f.Accounts), names(f.Memberships)
	add(&f.Wrappers, b.each(s.root.child("security").child("wrappers")))
	add(&f.Firewall, b.firewall(s.root.child("networking").child("firewall")))
	add(&f.Listeners, listeners(settings))
	add(&f.Containers, b.containers(s.root.child("virtualisation").child("oci-containers")))
	add(&f.UnitFiles, b.unitFiles(s.root.child("environment").child("etc")))
	packages := map[string][]inventory.Setting{}
	b.field(packages, "packages", s.root.child("systemd").child("packages"), 1)
	f.Packages = append(f.Packages, packages["packages"]...)
	if f.OpenSSH == nil {
		f.OpenSSH = b.openSSH(services.child("openssh"))
	}
	if udev := b.thing("udev", services.child("udev")); udev != nil && f.Udev == nil {
		f.Udev = udev
	} else if udev != nil {
		for _, option := range sortedKeys(udev.Fields) {
			f.Udev.Fields[option] = append(f.Udev.Fields[option], udev.Fields[option]...)
		}
	}
}

// joined are facts with more of them, by name; of loose modules one that is imported twice stands once.
func joined(facts, more []inventory.Fact) []inventory.Fact {
	for _, m := range more {
		if !slices.ContainsFunc(facts, func(f inventory.Fact) bool { return f.Name == m.Name && m.At != nil && f.At != nil && *f.At == *m.At }) {
			facts = append(facts, m)
		}
	}
	slices.SortStableFunc(facts, func(a, b inventory.Fact) int { return strings.Compare(a.Name, b.Name) })
	return facts
}

func names(facts []inventory.Fact) []string {
	var out []string
	for _, f := range facts {
		out = append(out, f.Name)
	}
	return slices.Compact(out)
}

// each are the facts of a set of named things.
func (b *unitBuilder) each(n *node) []inventory.Fact {
	var out []inventory.Fact
	for _, name := range b.s.defined(n) {
		if f := b.thing(name, n.child(name)); f != nil {
			out = append(out, *f)
		}
	}
	return out
}

// thing is a thing with what is defined of it; nil when nothing is.
func (b *unitBuilder) thing(name string, n *node, without ...string) *inventory.Fact {
	won, _ := b.s.settle(n.defs())
	if len(won) == 0 {
		return nil
	}
	common := won[0].when
	for _, d := range won[1:] {
		common = shared(common, d.when)
	}
	f := &inventory.Fact{Name: name, Fields: map[string][]inventory.Setting{}, Guards: b.undecided(common)}
	if b.s.loose {
		for i := range f.Guards {
			f.Guards[i].Verdict = "assumed"
		}
	}
	for _, d := range won {
		if f.At == nil {
			f.At = inventory.At(b.place(d))
		}
		switch v := d.val.(type) {
		case *eval.Set:
			if v.Open != nil {
				f.Open = v.Open.Why
			}
		case *eval.Unknown:
			f.Open = v.Why
		default:
			f.Open = "it is " + eval.TypeName(d.val)
		}
	}
	defer func(before eval.Conds) { b.guards = before }(b.guards)
	b.guards = common
	for _, option := range b.s.defined(n) {
		if !slices.Contains(without, option) {
			b.field(f.Fields, option, n.child(option), 1)
		}
	}
	return f
}

// maxFieldDepth bounds the options of a thing that are sets of their own: openssh.authorizedKeys.keys.
const maxFieldDepth = 4

// field adds what is defined of an option: of a list one setting an element, of a text one a definition.
func (b *unitBuilder) field(out map[string][]inventory.Setting, option string, n *node, depth int) {
	won, lost := b.s.settleIn(n.defs(), b.guards)
	var kept []def
	sure := false
	for _, d := range won {
		d.nullable, d.base = true, max(len(d.trail)-1, 0)
		switch v := d.val.(type) {
		case *eval.Lambda, *eval.Builtin, *view:
			continue
		case *eval.List:
			d.val = b.plainList(v)
		case *eval.Set:
			if !isDerived(v) {
				continue
			}
		default:
			// Scalars of one priority are equal, or NixOS refuses them; texts are joined.
			if len(d.when) == 0 && sure && !texts[n.name] {
				continue
			}
			sure = sure || len(d.when) == 0
		}
		kept = append(kept, d)
	}
	switch {
	case len(kept) == 0:
	case texts[n.name]:
		for _, d := range kept {
			out[option] = append(out[option], b.textOf(d))
		}
	default:
		if settings := b.settings(kept, listsOf(lost), option); len(settings) > 0 {
			out[option] = settings
		}
	}
	if depth == maxFieldDepth {
		return
	}
	for _, name := range b.s.defined(n) {
		b.field(out, option+"."+name, n.child(name), depth+1)
	}
}

// texts are options whose definitions NixOS joins, line by line.
var texts = map[string]bool{"extraRules": true, "extraConfig": true, "extraHwdb": true, "extraCommands": true, "extraStopCommands": true}

// textOf is one definition of a text, with the place of each line.
func (b *unitBuilder) textOf(d def) inventory.Setting {
	setting := inventory.Setting{Alternatives: b.alternatives(d)}
	if s, ok := d.val.(*eval.String); ok {
		setting.Alternatives[0].Lines = lineplaces(s, setting.Alternatives[0].At)
	}
	if len(d.when) > 0 {
		setting.Alternatives = append(setting.Alternatives, inventory.Alternative{Absent: true, Known: true, Conditions: b.undecided(d.when.Negate())})
	}
	return setting
}

// listsOf are definitions that lost, as far as they have a text.
func listsOf(lost []def) []def {
	return slices.DeleteFunc(slices.Clone(lost), func(d def) bool {
		switch d.val.(type) {
		case *eval.List, *eval.Set, *eval.Lambda, *eval.Builtin, *view:
			return true
		}
		return false
	})
}

// plainList is a list whose sets are texts: a range of ports as 1000-2000, others as JSON.
func (b *unitBuilder) plainList(l *eval.List) *eval.List {
	out := &eval.List{Uneven: l.Uneven, Elems: slices.Clone(l.Elems)}
	for i, el := range out.Elems {
		if m, ok := el.(*eval.Maybe); ok {
			out.Elems[i] = &eval.Maybe{Val: b.plainElement(m.Val), When: m.When}
			continue
		}
		out.Elems[i] = b.plainElement(el)
	}
	return out
}

func (b *unitBuilder) plainElement(el eval.Value) eval.Value {
	if _, rest := el.(*eval.Rest); rest {
		return el
	}
	v, err := b.s.in.Force(el)
	if err != nil {
		return b.s.failed(err, eval.Span(el))
	}
	switch x := v.(type) {
	case *eval.Set:
		if isDerived(x) || x.Find("_type") != nil {
			return el
		}
		if from, to := x.Find("from"), x.Find("to"); from != nil && to != nil && len(x.Attrs) == 2 {
			return eval.Concat(b.json(from.Val, 0), eval.Str("-"), b.json(to.Val, 0))
		}
		return b.json(x, 0)
	case *eval.List, *eval.Lambda, *eval.Builtin, *view:
		return b.json(v, 0)
	}
	return el
}

// firewall is networking.firewall and what it says of single interfaces.
func (b *unitBuilder) firewall(n *node) []inventory.Fact {
	var out []inventory.Fact
	if f := b.thing("", n, "interfaces"); f != nil {
		out = append(out, *f)
	}
	return append(out, b.each(n.child("interfaces"))...)
}

// containers are the declarative containers, each with the unit that runs it.
func (b *unitBuilder) containers(n *node) []inventory.Fact {
	out := b.each(n.child("containers"))
	backend := map[string][]inventory.Setting{}
	b.field(backend, "backend", n.child("backend"), 1)
	for i := range out {
		f := &out[i]
		name := func(backend string) string { return backend + "-" + f.Name + ".service" }
		setting := inventory.Setting{}
		if given := backend["backend"]; len(given) == 1 {
			for _, a := range given[0].Alternatives {
				if a.Known {
					a.Value = name(a.Value)
				}
				setting.Alternatives = append(setting.Alternatives, a)
			}
		} else {
			// The default follows from system.stateVersion.
			text := "virtualisation.oci-containers.backend is podman"
			setting.Alternatives = []inventory.Alternative{
				{Value: name("podman"), Known: true, Conditions: []inventory.Condition{{Text: text, Verdict: "unknown"}}},
				{Value: name("docker"), Known: true, Conditions: []inventory.Condition{{Text: "!(" + text + ")", Verdict: "unknown"}}},
			}
		}
		f.Fields["unit"] = []inventory.Setting{setting}
	}
	return out
}

// unitFiles are the files of environment.etc that systemd reads.
func (b *unitBuilder) unitFiles(etc *node) []inventory.Fact {
	var out []inventory.Fact
	for _, name := range b.s.defined(etc) {
		if strings.HasPrefix(name, "systemd/") || strings.HasPrefix(name, "tmpfiles.d/") {
			if f := b.thing(name, etc.child(name)); f != nil {
				out = append(out, *f)
			}
		}
	}
	return out
}

// sshNames are options of services.openssh that had a name before sshd's own was asked for.
var sshNames = map[string]string{
	"passwordAuthentication": "PasswordAuthentication", "permitRootLogin": "PermitRootLogin", "forwardX11": "X11Forwarding",
	"kbdInteractiveAuthentication": "KbdInteractiveAuthentication", "challengeResponseAuthentication": "KbdInteractiveAuthentication",
	"gatewayPorts": "GatewayPorts", "useDns": "UseDns", "logLevel": "LogLevel", "ciphers": "Ciphers", "macs": "Macs", "kexAlgorithms": "KexAlgorithms",
}

// openSSH is services.openssh, its settings under sshd's own names.
func (b *unitBuilder) openSSH(n *node) *inventory.Fact {
	f := b.thing("openssh", n)
	if f == nil {
		return nil
	}
	fields := map[string][]inventory.Setting{}
	for option, settings := range f.Fields {
		if name, ok := strings.CutPrefix(option, "settings."); ok {
			option = name
		} else if name, ok := sshNames[option]; ok {
			option = name
		}
		fields[option] = append(fields[option], settings...)
	}
	f.Fields = fields
	return f
}

// notListening are parts of a path below which a port or a host is somebody else's.
var notListening = map[string]bool{
	"database": true, "db": true, "postgres": true, "postgresql": true, "mysql": true, "redis": true, "smtp": true, "mail": true, "mailer": true,
	"email": true, "ldap": true, "upstream": true, "upstreams": true, "remote": true, "client": true, "cache": true, "rabbitmq": true, "proxy": true,
	"peers": true, "virtualHosts": true, "scrapeConfigs": true, "elasticsearch": true, "s3": true, "stun": true,
}

// freeForm are the options that hold a service's own configuration.
var freeForm = map[string]bool{
	"settings": true, "config": true, "configuration": true, "extraConfig": true, "extraOptions": true,
	"extraEnvironment": true, "environment": true,
}

var (
	portNames    = []string{"port", "ports", "httpport", "httpsport", "webport", "webuiport", "listenport", "grpcport", "httplistenport", "grpclistenport", "rpcport", "apiport", "uiport", "serverport"}
	addressNames = []string{"address", "addr", "host", "listenaddress", "listenaddr", "listenhost", "bind", "bindaddress", "bindaddr", "bindhost", "httpaddr", "httpaddress", "httplistenaddress", "ip", "listenip", "rpcbind", "listen"}
)

// listeners are the services below services.* that settings give a port or an address.
func listeners(settings []inventory.HostSetting) []inventory.Fact {
	found := map[string]*inventory.Fact{}
	for i := range settings {
		at := &settings[i]
		name, option, ok := ofService(at.Path)
		if !ok {
			continue
		}
		role := roleOf(option)
		if role == "" || role == "address" && at.Decided() && strings.ContainsAny(at.Alternatives[0].Value, "{ \"/") {
			continue
		}
		f := found[name]
		if f == nil {
			f = &inventory.Fact{Name: name, Fields: map[string][]inventory.Setting{}}
			found[name] = f
		}
		setting := at.Setting
		setting.Option = option
		f.Fields[role] = append(f.Fields[role], setting)
		if f.At == nil && len(setting.Alternatives) > 0 {
			f.At = setting.Alternatives[0].Place()
		}
	}
	var out []inventory.Fact
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if f := found[name]; f.Fields["port"] != nil || f.Fields["address"] != nil {
			out = append(out, *f)
		}
	}
	return out
}

// ofService splits services.prometheus.exporters.node.port behind the service; what it is configured with belongs to the option.
func ofService(path string) (name, option string, ok bool) {
	parts := strings.Split(path, ".")
	if len(parts) < 3 || parts[0] != "services" || slices.ContainsFunc(parts, func(p string) bool { return notListening[p] }) {
		return "", "", false
	}
	cut := len(parts) - 1
	for i := 2; i < cut; i++ {
		if freeForm[parts[i]] {
			cut = i
		}
	}
	return strings.Join(parts[:cut], "."), strings.Join(parts[cut:], "."), true
}

// roleOf is what an option of a service is for; "" when it says nothing of where the service listens.
func roleOf(option string) string {
	leaf := option[strings.LastIndexByte(option, '.')+1:]
	switch {
	case option == "enable" || option == "openFirewall":
		return option
	case slices.Contains(portNames, flat(leaf)):
		return "port"
	case slices.Contains(addressNames, flat(leaf)):
		return "address"
	}
	return ""
}

var dashes = strings.NewReplacer("_", "", "-", "")

// flat is a name without its case and what joins its words.
func flat(name string) string {
	return strings.ToLower(dashes.Replace(name))
}
