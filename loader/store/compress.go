package store

import (
	"bufio"
	"compress/bzip2"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// Limits on what a compressed archive may ask for.
const (
	maxWindow = 128 << 20 // of what was unpacked before and may be referred to, in bytes: what zstd at its highest level takes
	maxBlocks = 1 << 10   // of one xz file, each of which has a window of its own
	maxFree   = 256 << 20 // what any archive may unpack to, in bytes
	maxGrowth = 200       // how many times its own size it may unpack to beyond that
)

// decompress undoes what the ending of a file name says. The second result is false for what lies there as it is.
func decompress(how string, r io.Reader) (io.Reader, bool, error) {
	if how == "" || how == "none" || how == "nar" {
		return r, false, nil
	}
	in := &counter{in: r}
	out, err := unpacked(how, bufio.NewReader(in))
	if err != nil {
		return nil, true, err
	}
	return &bounded{in: in, out: out}, true, nil
}

func unpacked(how string, in *bufio.Reader) (out io.Reader, err error) {
	switch how {
	case "gz", "gzip":
		out, err = gzip.NewReader(in)
	case "bz2", "bzip2":
		out = bzip2.NewReader(in)
	case "xz":
		w := &windows{in: in}
		w.next = w.stream
		out, err = xz.ReaderConfig{SingleStream: true}.NewReader(w)
	case "zst", "zstd":
		// One at a time: it then has no goroutines that somebody has to end.
		out, err = zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
	default:
		return nil, fmt.Errorf("it is compressed with %s, which is not read: decompress it first, or make it with compression none, xz, zstd, gzip or bzip2", how)
	}
	if err != nil {
		return nil, fmt.Errorf("it is not compressed with %s: %w", how, err)
	}
	return out, nil
}

// counter counts the bytes that are read.
type counter struct {
	in io.Reader
	n  int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.in.Read(b)
	c.n += int64(n)
	return n, err //nolint:wrapcheck // io.EOF must stay itself
}

// bounded ends what unpacks to far more than it is.
type bounded struct {
	in  *counter
	out io.Reader
	n   int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.n > maxFree+maxGrowth*b.in.n {
		return 0, fmt.Errorf("it unpacks to more than %d times its size", maxGrowth)
	}
	n, err := b.out.Read(p)
	b.n += int64(n)
	return n, err //nolint:wrapcheck // io.EOF must stay itself
}

// windows passes an xz stream on piece by piece, up to the first block that asks for a larger window than is given: the library takes the
// memory as soon as it has read that.
type windows struct {
	in     *bufio.Reader
	next   func() (int, error) // how long the next piece is
	left   int                 // of this piece; negative when all the rest passes
	size   int                 // of the block up to here
	check  int                 // of what stands behind a block
	blocks int
}

var errXZ = errors.New("it is broken, or has filters that are not read")

func (w *windows) Read(b []byte) (int, error) {
	if w.left == 0 {
		if err := w.step(); err != nil {
			return 0, err
		}
	}
	if w.left >= 0 {
		b = b[:min(len(b), w.left)]
	}
	n, err := w.in.Read(b)
	if w.left > 0 {
		w.left -= n
	}
	return n, err //nolint:wrapcheck // io.EOF must stay itself
}

// step goes to the next piece.
func (w *windows) step() error {
	n, err := w.next()
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	w.left, w.size = n, w.size+n
	return err
}

// stream is the header of all.
func (w *windows) stream() (int, error) {
	const header = 12
	h, err := w.in.Peek(header)
	if err != nil {
		return 0, err //nolint:wrapcheck // by step
	}
	sizes := map[byte]int{0: 0, 1: 4, 4: 8, 10: 32}
	size, ok := sizes[h[7]]
	if !ok {
		return 0, errXZ
	}
	w.check, w.next = size, w.block
	return header, nil
}

// block is the header of a block, or the index behind the last: nothing behind it asks for a window.
func (w *windows) block() (int, error) {
	first, err := w.in.Peek(1)
	if err != nil {
		return 0, err //nolint:wrapcheck // by step
	}
	if first[0] == 0 {
		return -1, nil
	}
	h, err := w.in.Peek((int(first[0]) + 1) * 4)
	if err != nil {
		return 0, err //nolint:wrapcheck // by step
	}
	flags, rest := h[1], h[2:]
	for _, has := range []byte{0x40, 0x80} { // how long it is, packed and unpacked
		if flags&has == 0 {
			continue
		}
		_, n := binary.Uvarint(rest)
		if n <= 0 {
			return 0, errXZ
		}
		rest = rest[n:]
	}
	// One filter, LZMA2, with one byte that says its window.
	if flags&3 != 0 || len(rest) < 3 || rest[0] != 0x21 || rest[1] != 1 || rest[2] > 40 {
		return 0, errXZ
	}
	if window := int64(2|rest[2]&1) << (rest[2]/2 + 11); window > maxWindow {
		return 0, fmt.Errorf("it needs more than %d MiB to be unpacked", maxWindow>>20)
	}
	if w.blocks++; w.blocks > maxBlocks {
		return 0, fmt.Errorf("it has more than %d blocks", maxBlocks)
	}
	w.size, w.next = 0, w.chunk
	return len(h), nil
}

// chunk is one of those that the data of a block is made of, or their end with what follows it.
func (w *windows) chunk() (int, error) {
	first, err := w.in.Peek(1)
	if err != nil {
		return 0, err //nolint:wrapcheck // by step
	}
	header := 3 // of one that is not compressed
	switch control := first[0]; {
	case control == 0:
		w.next = w.block
		return 1 + (3 - w.size%4) + w.check, nil
	case control >= 0xc0:
		header = 6 // with new properties
	case control >= 0x80:
		header = 5
	case control > 2:
		return 0, errXZ
	}
	h, err := w.in.Peek(header)
	if err != nil {
		return 0, err //nolint:wrapcheck // by step
	}
	size := h[1:]
	if header > 3 {
		size = h[3:]
	}
	return header + int(binary.BigEndian.Uint16(size)) + 1, nil
}
