package eval

import (
	"crypto/md5"  //nolint:gosec // builtins.hashString offers it
	"crypto/sha1" //nolint:gosec // likewise
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"strings"
)

func newHash(algorithm string) (hash.Hash, bool) {
	switch algorithm {
	case "md5":
		return md5.New(), true //nolint:gosec // asked for by name
	case "sha1":
		return sha1.New(), true //nolint:gosec // asked for by name
	case "sha256":
		return sha256.New(), true
	case "sha512":
		return sha512.New(), true
	}
	return nil, false
}

func digest(algorithm, text string) ([]byte, bool) {
	h, ok := newHash(algorithm)
	if !ok {
		return nil, false
	}
	h.Write([]byte(text))
	return h.Sum(nil), true
}

// nix32 is Nix' own base 32: no e, o, t, u, and the last bits first.
const nix32 = "0123456789abcdfghijklmnpqrsvwxyz"

// EncodeNix32 is the text of bytes in Nix' base 32.
func EncodeNix32(b []byte) string {
	n := (len(b)*8-1)/5 + 1
	out := make([]byte, 0, n)
	for i := n - 1; i >= 0; i-- {
		bit := i * 5
		c := b[bit/8] >> (bit % 8)
		if bit/8+1 < len(b) {
			c |= b[bit/8+1] << (8 - bit%8)
		}
		out = append(out, nix32[c&31])
	}
	return string(out)
}

func decodeNix32(s string, size int) ([]byte, error) {
	out := make([]byte, size)
	for n := range len(s) {
		v := strings.IndexByte(nix32, s[len(s)-1-n])
		if v < 0 {
			return nil, fmt.Errorf("%q is no letter of base 32", s[len(s)-1-n])
		}
		bit := n * 5
		i, shift := bit/8, bit%8
		out[i] |= byte(v << shift)                       //nolint:gosec // the rest is carried
		if carry := byte(v >> (8 - shift)); i+1 < size { //nolint:gosec // five bits
			out[i+1] |= carry
		} else if carry != 0 {
			return nil, errors.New("it is no hash in base 32")
		}
	}
	return out, nil
}

// parseHash reads a hash: SRI (algorithm-base64), algorithm:hash, or a hash alone when the algorithm is given.
func parseHash(s, algorithm string) (sum []byte, algo string, err error) {
	sri := false
	if a, rest, ok := strings.Cut(s, ":"); ok {
		s, algo = rest, a
	} else if a, rest, ok := strings.Cut(s, "-"); ok {
		s, algo, sri = rest, a, true
	}
	switch {
	case algo == "" && algorithm == "":
		return nil, "", errors.New("it does not say its algorithm")
	case algo == "":
		algo = algorithm
	case algorithm != "" && algo != algorithm:
		return nil, "", fmt.Errorf("its algorithm is not %s", algorithm)
	}
	h, ok := newHash(algo)
	if !ok {
		return nil, "", fmt.Errorf("unknown hash algorithm %q", algo)
	}
	size := h.Size()
	switch {
	case !sri && len(s) == 2*size:
		sum, err = hex.DecodeString(s)
	case !sri && len(s) == (size*8-1)/5+1:
		sum, err = decodeNix32(s, size)
	default:
		sum, err = base64.StdEncoding.DecodeString(s)
		if err == nil && len(sum) != size {
			err = errors.New("it has the wrong length")
		}
	}
	return sum, algo, err
}

func formatHash(sum []byte, algorithm, format string) (string, bool) {
	switch format {
	case "base16":
		return hex.EncodeToString(sum), true
	case "nix32", "base32":
		return EncodeNix32(sum), true
	case "base64":
		return base64.StdEncoding.EncodeToString(sum), true
	case "sri":
		return algorithm + "-" + base64.StdEncoding.EncodeToString(sum), true
	}
	return "", false
}

// hashPrimitives compute hashes of what is known; of the rest they are unknown.
func hashPrimitives() []*Primitive {
	return []*Primitive{
		{Name: "hashString", Arity: 2, Strict: 3, Fn: func(in *Interp, args []Value) (Value, error) {
			algorithm, u, err := in.plain(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			s, u, err := in.plain(args[1])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			return hashText(algorithm.S, s.S)
		}},
		{Name: "hashFile", Arity: 2, Strict: 3, Fn: func(in *Interp, args []Value) (Value, error) {
			algorithm, u, err := in.plain(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			p, u, err := in.insidePath(args[1])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			f, err := in.Program.Tree.File(p)
			if err != nil {
				return in.readFailed(err, p, Span(args[1]))
			}
			return hashText(algorithm.S, f.Text)
		}},
		{Name: "convertHash", Arity: 1, Strict: 1, Fn: convertHash},
		{Name: "placeholder", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			s, u, err := in.plain(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			sum := sha256.Sum256([]byte("nix-output:" + s.S))
			return Str("/" + EncodeNix32(sum[:])), nil
		}},
	}
}

func hashText(algorithm, text string) (Value, error) {
	sum, ok := digest(algorithm, text)
	switch {
	case algorithm == "blake3":
		return NewUnknown("the hash algorithm blake3 is experimental", nowhere), nil
	case !ok:
		return nil, fail(TypeError, nowhere, "unknown hash algorithm %q", algorithm)
	}
	return Str(hex.EncodeToString(sum)), nil
}

func convertHash(in *Interp, args []Value) (Value, error) {
	var given [3]string
	for i, name := range []string{"hash", "toHashFormat", "hashAlgo"} {
		v, ok, why, err := in.lookup(args[0], name, nowhere)
		switch {
		case err != nil:
			return nil, err
		case why != nil:
			return why, nil
		case !ok && i < 2:
			return nil, fail(Missing, nowhere, "attribute %q is missing in the argument of convertHash", name)
		case !ok:
			continue
		}
		s, u, err := in.plain(v)
		if u != nil || err != nil {
			return orUnknown(u), err
		}
		given[i] = s.S
	}
	if given[2] == "blake3" || strings.HasPrefix(given[0], "blake3") {
		return NewUnknown("the hash algorithm blake3 is experimental", nowhere), nil
	}
	sum, algorithm, err := parseHash(given[0], given[2])
	if err != nil {
		return nil, fail(TypeError, nowhere, "hash %q: %s", given[0], err.Error())
	}
	out, ok := formatHash(sum, algorithm, given[1])
	if !ok {
		return nil, fail(TypeError, nowhere, "unknown hash format %q", given[1])
	}
	return Str(out), nil
}
