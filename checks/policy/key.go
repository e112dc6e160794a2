package policy

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/systemd"
)

// key is the hash of all that a projection depends on, two times 64 bits. Rules and site are the same throughout a run.
type key [2]uint64

func (k *key) add(o key) { k[0], k[1] = k[0]+o[0], k[1]+o[1] }

// then is the key of a sequence that goes on with o.
func (k key) then(o key) key {
	return key{bits.RotateLeft64(k[0], 25)*0x9e3779b97f4a7c15 + o[0], bits.RotateLeft64(k[1], 23)*0xc2b2ae3d27d4eb4f + o[1]}
}

// hasher writes what a projection depends on, each text with its length before it, and hashes it with two seeds of the run.
type hasher struct {
	buf   []byte
	seeds [2]maphash.Seed
}

func newHasher() *hasher {
	return &hasher{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}}
}

func (h *hasher) text(s string) {
	h.buf = binary.AppendUvarint(h.buf, uint64(len(s)))
	h.buf = append(h.buf, s...)
}

func (h *hasher) number(n int) { h.buf = binary.AppendVarint(h.buf, int64(n)) }

func (h *hasher) truth(b bool) {
	if b {
		h.number(1)
	} else {
		h.number(0)
	}
}

func (h *hasher) sum() key {
	return key{maphash.Bytes(h.seeds[0], h.buf), maphash.Bytes(h.seeds[1], h.buf)}
}

// unit is all that the projection of a unit depends on.
func (h *hasher) unit(u *inventory.Unit) key {
	directives, base := h.sections(u.Sections), h.sections(u.BaseSections)
	h.buf = h.buf[:0]
	for _, s := range []string{kindUnit, u.Name, u.Kind, u.Scope, u.Status, u.Completeness, u.Open, u.Base} {
		h.text(s)
	}
	h.truth(u.Foreign)
	h.texts(u.BaseClosed)
	h.key(directives)
	h.key(base)
	h.number(len(u.Scripts))
	for _, name := range sortedKeys(u.Scripts) {
		s := u.Scripts[name]
		h.text(name)
		h.setting(&s)
	}
	h.number(len(u.Links))
	for i := range u.Links {
		h.text(u.Links[i].Type)
		h.setting(&u.Links[i].Target)
	}
	return h.sum()
}

// sections adds up the hashes of the directives: a sum needs no order.
func (h *hasher) sections(sections map[string]map[string][]inventory.Setting) key {
	var directives key
	for section, names := range sections {
		h.buf = h.buf[:0]
		h.text(section)
		directives.add(h.sum())
		for name, settings := range names {
			h.buf = h.buf[:0]
			h.text(section)
			h.text(name)
			for i := range settings {
				h.setting(&settings[i])
			}
			directives.add(h.sum())
		}
	}
	return directives
}

func (h *hasher) key(k key) {
	h.buf = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(h.buf, k[0]), k[1])
}

// host is what its rules depend on: the units they see, by their keys, the lines, the settings and the facts.
func (h *hasher) host(host *inventory.Host, units []key) key {
	lines := make([]key, len(host.Tmpfiles))
	for i := range host.Tmpfiles {
		lines[i] = h.line(&host.Tmpfiles[i])
	}
	h.buf = h.buf[:0]
	h.text(kindHost)
	h.text(host.Source)
	for _, keys := range [][]key{units, lines} {
		h.number(len(keys))
		for _, k := range keys {
			h.key(k)
		}
	}
	h.number(len(host.Settings))
	for i := range host.Settings {
		h.text(host.Settings[i].Path)
		h.setting(&host.Settings[i].Setting)
	}
	h.facts(&host.Facts)
	h.texts(masked(host))
	return h.sum()
}

func (h *hasher) facts(f *inventory.Facts) {
	h.truth(f.Complete)
	h.texts(f.Users)
	h.texts(f.Groups)
	h.settings(f.Packages)
	kinds := f.Kinds()
	for _, kind := range sortedKeys(kinds) {
		h.number(len(kinds[kind]))
		for i := range kinds[kind] {
			h.fact(&kinds[kind][i])
		}
	}
	singles := f.Singles()
	for _, name := range sortedKeys(singles) {
		h.truth(singles[name] != nil)
		if singles[name] != nil {
			h.fact(singles[name])
		}
	}
}

func (h *hasher) fact(f *inventory.Fact) {
	h.text(f.Name)
	h.truth(len(f.Guards) > 0)
	h.text(f.Open)
	h.number(len(f.Fields))
	for _, option := range sortedKeys(f.Fields) {
		h.text(option)
		h.settings(f.Fields[option])
	}
}

func (h *hasher) settings(all []inventory.Setting) {
	h.number(len(all))
	for i := range all {
		h.setting(&all[i])
	}
}

func (h *hasher) texts(all []string) {
	h.number(len(all))
	for _, s := range all {
		h.text(s)
	}
}

func (h *hasher) line(r *inventory.TmpfilesRule) key {
	h.buf = h.buf[:0]
	h.text(kindTmpfiles)
	h.setting(&r.Line)
	return h.sum()
}

func (h *hasher) setting(s *inventory.Setting) {
	if len(s.Alternatives) == 1 && len(s.Overrides) == 0 && settled(&s.Alternatives[0]) {
		h.number(settledSetting)
		h.text(s.Alternatives[0].Value)
		return
	}
	h.alternatives(s.Alternatives)
	h.number(len(s.Overrides))
	for i := range s.Overrides {
		h.text(s.Overrides[i].Value)
		h.number(s.Overrides[i].Priority)
	}
}

// settledSetting stands in the place of the number of alternatives: one, of which there is nothing to say but its value.
const settledSetting = -1

func settled(a *inventory.Alternative) bool {
	return a.Known && !a.Absent && a.Why == "" && len(a.Conditions) == 0 && !forced(a.Priority)
}

// alternatives include their conditions: which of them can hold together depends on those, place included.
func (h *hasher) alternatives(all []inventory.Alternative) {
	h.number(len(all))
	for i := range all {
		a := &all[i]
		h.text(a.Value)
		h.truth(a.Known)
		h.truth(a.Absent)
		h.truth(forced(a.Priority))
		h.text(a.Why)
		h.number(len(a.Conditions))
		for _, c := range a.Conditions {
			h.text(c.Text)
			h.text(c.Verdict)
			if c.At != nil {
				h.text(c.At.File)
				h.number(c.At.Line)
				h.number(c.At.Column)
			}
		}
	}
}

// projected is what a projection has of a setting.
func (h *hasher) projected(s *inventory.Setting) {
	if len(s.Alternatives) == 1 && settled(&s.Alternatives[0]) {
		h.number(settledSetting)
		h.text(s.Alternatives[0].Value)
		return
	}
	h.number(len(s.Alternatives))
	for i := range s.Alternatives {
		a := &s.Alternatives[i]
		h.text(a.Value)
		h.truth(a.Known)
		h.truth(a.Absent)
		h.text(a.Why)
		h.truth(len(a.Conditions) > 0)
		h.truth(forced(a.Priority))
	}
}

func (h *hasher) possible(p *systemd.Possible) {
	h.number(len(p.Values))
	for _, v := range p.Values {
		h.text(v.Text)
		h.number(v.Index)
	}
	h.truth(p.Known)
	h.truth(p.Absent)
	if !p.Known {
		h.text(p.Why)
	}
}

// another is a hasher of the same run.
func (h *hasher) another() *hasher { return &hasher{seeds: h.seeds} }
