package store_test

import (
	"bytes"
	"hash/crc32"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// packedXZ compresses with a check of 8 bytes and blocks of a size.
func packedXZ(t *testing.T, text string, config xz.WriterConfig) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := config.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// noise is text that does not compress well, the same in every run.
func noise(n int) string {
	b := make([]byte, n)
	state := uint32(1)
	for i := range b {
		state = state*1664525 + 1013904223
		b[i] = byte(state >> 24)
	}
	return string(b)
}

// ofFiles is a NAR of a folder with a unit and a file.
func ofFiles(other string) string {
	return archive("nix-archive-1", "(", "type", "directory", "entry", "(", "name", "a.service", "node", "(", "type", "regular", "contents", "[Service]\nNice=5\n", ")", ")",
		"entry", "(", "name", "other", "node", "(", "type", "regular", "contents", other, ")", ")", ")")
}

const wantPacked = "host \nsystem a.service Nice=5\n"

func TestPackedArchives(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	whole := ofFiles(noise(200_000) + strings.Repeat("again ", 100_000))
	for name, config := range map[string]xz.WriterConfig{
		"one.nar.xz": {}, "blocks.nar.xz": {BlockSize: 10_001, DictCap: 1 << 16}, "unchecked.nar.xz": {NoCheckSum: true}, "sha.nar.xz": {CheckSum: xz.SHA256}, "crc.nar.xz": {CheckSum: xz.CRC32},
	} {
		at := filepath.Join(dir, name)
		write(t, at, string(packedXZ(t, whole, config)))
		if got := open(t, at); got != wantPacked {
			t.Errorf("%s: %s", name, got)
		}
	}
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	z.Write([]byte(whole))
	z.Close()
	write(t, filepath.Join(dir, "one.nar.zst"), b.String())
	if got := open(t, filepath.Join(dir, "one.nar.zst")); got != wantPacked {
		t.Error(got)
	}
}

// rle is a zstd frame with a window: text as it is, then blocks that each repeat a byte 128 KiB long.
func rle(window byte, text string, blocks int) string {
	header := func(kind, size int) string {
		n := kind<<1 | size<<3
		return string([]byte{byte(n), byte(n >> 8), byte(n >> 16)})
	}
	return "\x28\xb5\x2f\xfd\x00" + string(window) + header(0, len(text)) + text + strings.Repeat(header(1, 128<<10)+"x", blocks)
}

func TestHostilePacked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	good := packedXZ(t, ofFiles(""), xz.WriterConfig{})
	// window is the good file with another window in the header of its block.
	window := func(size byte) string {
		b := slices.Clone(good)
		const block = 12
		length := (int(b[block]) + 1) * 4
		at := block + bytes.Index(b[block:block+length], []byte{0x21, 1}) + 2
		b[at] = size
		sum := crc32.ChecksumIEEE(b[block : block+length-4])
		for i := range 4 {
			b[block+length-4+i] = byte(sum >> (8 * i))
		}
		return string(b)
	}
	begun, _, _ := strings.Cut(ofFiles("mark"), "mark")
	begun = begun[:len(begun)-8] + archive(1<<40)
	for name, test := range map[string]struct{ text, want string }{
		"good.nar.xz":     {window(24), wantPacked},                                                                       // 16 MiB
		"high.nar.xz":     {window(30), wantPacked},                                                                       // 128 MiB
		"large.nar.xz":    {window(31), "it needs more than 128 MiB"},                                                     // 192 MiB
		"largest.nar.xz":  {window(40), "it needs more than 128 MiB"},                                                     // 4 GiB
		"blocks.nar.xz":   {string(packedXZ(t, noise(2000), xz.WriterConfig{BlockSize: 1, DictCap: 1 << 16})), "error: "}, // 2,000 windows
		"none.nar.xz":     {ofFiles(""), "it is not compressed with xz"},
		"cut.nar.xz":      {string(good[:len(good)/2]), "error: "},
		"empty.nar.xz":    {"", "error: "},
		"more.nar.xz":     {string(good) + string(good), "error: "},
		"none.nar.zst":    {ofFiles(""), "error: "},
		"window.nar.zst":  {rle(0xa0, ofFiles(""), 0), "window size exceeded"}, // 1 GiB
		"bomb.nar.zst":    {rle(0x38, begun, 8192), "it unpacks to more than 200 times its size"},
		"unknown.nar.lz4": {"", "it is compressed with lz4, which is not read"},
	} {
		at := filepath.Join(dir, name)
		write(t, at, test.text)
		if got := open(t, at); !strings.Contains(got, test.want) || strings.HasPrefix(test.want, "host") != strings.HasPrefix(got, "host") {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
