package systemd

import (
	"slices"

	"github.com/nixlint/nixlint/loader/inventory"
)

// imply adds what one directive implies for others, as systemd does after it has loaded a unit. Where the directive that
// implies is not decided, both outcomes are possible.
func imply(u *inventory.Unit, e Effective) {
	for _, section := range []string{"Service", "Socket", "Mount", "Swap"} {
		if e[section] == nil {
			continue
		}
		i := implication{
			effective: e[section],
			open:      Open(u, section),
		}
		i.when("DynamicUser", func() {
			i.set("PrivateTmp", "no", "yes")
			i.set("RemoveIPC", "no", "yes")
			i.set("NoNewPrivileges", "no", "yes")
			i.set("RestrictSUIDSGID", "no", "yes")
			i.set("ProtectSystem", "", "strict")
			i.set("ProtectHome", "no", "read-only", "yes", "tmpfs")
		})
		i.when("PrivateDevices", func() {
			i.set("DevicePolicy", "auto", "closed", "strict")
			i.drop("CAP_MKNOD", "CAP_SYS_RAWIO")
		})
		i.when("ProtectKernelModules", func() { i.drop("CAP_SYS_MODULE") })
		i.when("ProtectKernelLogs", func() { i.drop("CAP_SYSLOG") })
		i.when("ProtectClock", func() { i.drop("CAP_SYS_TIME", "CAP_WAKE_ALARM") })
	}
}

type implication struct {
	effective map[string][]Possible
	open      bool // further assignments may exist elsewhere
	maybe     bool // the directive that implies may be off
}

// when runs what follows from a boolean that is, or may be, on.
func (i *implication) when(name string, then func()) {
	off, on := 0, 0
	for _, p := range i.effective[name] {
		switch {
		case !p.Known:
			off, on = off+1, on+1
		case len(p.Values) == 1 && p.Values[0].Text == "yes":
			on++
		default:
			off++
		}
	}
	if on == 0 {
		return
	}
	i.maybe = off > 0
	then()
}

// set turns the weak value of a directive, its absence too, into the implied one; an empty weak value means any but the implied.
// Others are the values that are kept, and that an assignment elsewhere may have made.
func (i *implication) set(name, weak, implied string, others ...string) {
	stated, ok := i.effective[name]
	if !ok {
		stated = []Possible{{Values: []Value{}, Known: true, Absent: true}}
		if i.open && i.maybe {
			return
		}
	}
	var after []Possible
	for _, p := range stated {
		switch {
		case !p.Known, p.Absent && i.open:
			after = append(after, impliedValue(implied))
			for _, o := range others {
				after = append(after, impliedValue(o))
			}
		case len(p.Values) == 0, p.Values[0].Text == weak, weak == "" && p.Values[0].Text != implied:
			after = append(after, impliedValue(implied))
		default:
			after = append(after, p)
		}
	}
	i.put(name, stated, after)
}

func impliedValue(text string) Possible {
	return Possible{Values: []Value{{text, Implied}}, Known: true}
}

// drop removes capabilities from a bounding set that is stated. One that is not stays unstated: what is left of the whole
// set says nothing that the directives that imply it do not say.
func (i *implication) drop(names ...string) {
	stated, ok := i.effective["CapabilityBoundingSet"]
	if !ok {
		return
	}
	after := make([]Possible, 0, len(stated))
	for _, p := range stated {
		p.Values = slices.DeleteFunc(slices.Clone(p.Values), func(v Value) bool { return slices.Contains(names, v.Text) })
		after = append(after, p)
	}
	i.put("CapabilityBoundingSet", stated, after)
}

func (i *implication) put(name string, stated, after []Possible) {
	if i.maybe {
		after = slices.Concat(stated, after)
	}
	after = distinct(after)
	if len(after) > MaxPossible {
		after = []Possible{{Values: []Value{}, Why: "the settings that decide " + name + " have too many combinations"}}
	}
	i.effective[name] = after
}
