package syntax

import "strings"

// path reads a path literal with its interpolations.
func (p *parser) path() Expr {
	start, n := p.start, len(p.parts.items)
	i := int(p.end)
	p.textPart(int(start), i)
	if p.src[i-1] == '/' || strings.HasPrefix(p.src[i:], "${") {
		i = p.pathParts(i)
	}
	p.end = Pos(i)
	p.next()
	path := p.nodes.path.alloc()
	*path = Path{span{start, p.prev}, p.parts.cut(n)}
	return path
}

// pathParts reads on at i, after the first piece of a path, and returns where the path ends.
func (p *parser) pathParts(i int) int {
	start, texts := p.start, 1 // pieces of text before the first interpolation
	for interpolated := false; ; {
		if strings.HasPrefix(p.src[i:], "${") {
			interpolated = true
			i = p.interpolation(i)
			continue
		}
		end := pathText(p.src, i)
		switch {
		case end > i:
			p.textPart(i, end)
			i = end
			if !interpolated {
				texts++
			}
			continue
		case p.src[i-1] == '/' && p.parts.items[len(p.parts.items)-1].Expr == nil:
			p.reportAt(span{start, Pos(i)}, "path ends in a slash")
		case texts > 1 && !interpolated || texts > 2:
			p.reportAt(span{start, Pos(i)}, "path has an empty segment")
		}
		return i
	}
}

// pathText skips the text of a path at i, as far as Nix takes it for one piece.
func pathText(src string, i int) int {
	i = skipClass(src, i, classPath)
	i = pathSegments(src, i)
	if i < len(src) && src[i] == '/' {
		i++
	}
	return i
}
