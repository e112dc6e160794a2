package policy

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/nixlint/nixlint/loader/inventory"
)

// key is the hash of all that a projection depends on. Rules and site are the same throughout a run.
type key [sha256.Size]byte

// hasher writes what a projection depends on, each text with its length before it, in a fixed order.
type hasher struct{ buf []byte }

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

func (h *hasher) sum() key { return sha256.Sum256(h.buf) }

func (h *hasher) unit(u *inventory.Unit) key {
	h.buf = h.buf[:0]
	for _, s := range []string{kindUnit, u.Name, u.Kind, u.Scope, u.Status, u.Completeness, u.Open} {
		h.text(s)
	}
	h.number(len(u.Sections))
	for _, section := range sortedKeys(u.Sections) {
		h.text(section)
		h.number(len(u.Sections[section]))
		for _, name := range sortedKeys(u.Sections[section]) {
			h.text(name)
			h.number(len(u.Sections[section][name]))
			for i := range u.Sections[section][name] {
				h.setting(&u.Sections[section][name][i])
			}
		}
	}
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

func (h *hasher) line(r *inventory.TmpfilesRule) key {
	h.buf = h.buf[:0]
	h.text(kindTmpfiles)
	h.setting(&r.Line)
	return h.sum()
}

func (h *hasher) setting(s *inventory.Setting) {
	h.alternatives(s.Alternatives)
	h.number(len(s.Overrides))
	for i := range s.Overrides {
		h.text(s.Overrides[i].Value)
		h.number(s.Overrides[i].Priority)
	}
}

// alternatives include their conditions: which of them can hold together depends on those, place included.
func (h *hasher) alternatives(all []inventory.Alternative) {
	h.number(len(all))
	for i := range all {
		a := &all[i]
		h.text(a.Value)
		h.truth(a.Known)
		h.truth(a.Absent)
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
