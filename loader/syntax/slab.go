package syntax

// A tree is many small nodes with one lifetime, so nodes of a type are cut from shared chunks. Chunks grow from small to
// large: most files have few nodes of most types.
const (
	firstChunk = 4
	lastChunk  = 256
)

// slab hands out nodes of one type.
type slab[T any] struct {
	chunk []T
	used  int
	size  int
}

// alloc returns a new zero T.
func (s *slab[T]) alloc() *T {
	if s.used == len(s.chunk) {
		s.grow(1)
	}
	s.used++
	return &s.chunk[s.used-1]
}

func (s *slab[T]) grow(n int) {
	s.size = min(max(2*s.size, firstChunk), lastChunk)
	s.chunk = make([]T, max(s.size, n))
	s.used = 0
}

// reserve returns an empty list that n elements can be added to. What is added beyond is copied, as with any slice.
func (s *slab[T]) reserve(n int) []T {
	if n == 0 {
		return nil
	}
	if s.used+n > len(s.chunk) {
		s.grow(n)
	}
	list := s.chunk[s.used : s.used : s.used+n]
	s.used += n
	return list
}

// stack gathers the elements of lists that are being read, one inside the other, and cuts finished lists from chunks.
type stack[T any] struct {
	items []T
	lists slab[T]
}

func (s *stack[T]) push(x T) { s.items = append(s.items, x) }

// cut takes what was pushed since the stack had n items and returns it as a list of its own.
func (s *stack[T]) cut(n int) []T {
	items := s.items[n:]
	if len(items) == 0 {
		return nil
	}
	list := append(s.lists.reserve(len(items)), items...)
	s.items = s.items[:n]
	return list
}
