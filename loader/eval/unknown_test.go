package eval_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
)

// What u is: unknown. b is an undecided Boolean, l a list with an unknown end, o a set with unknown other attributes, m a set
// whose x may be there, p a package.
const unknownPrelude = `let
  u = <u>; b = <u> == 1; l = [ 1 2 ] ++ <u>; o = <u> // { a = 1; }; m = { y = 1; } // (if b then { x = 2; } else { });
  c = if b then 1 else 2; d = if b then [ 1 ] else [ 2 3 ]; p = derivation { name = "p"; system = "s"; builder = "b"; };
in `

// unknowns say what each operator and builtin makes of operands that are not known; ? is an unknown value or piece.
var unknowns = [][2]string{
	// operators
	{`u + 1`, `?`},
	{`1 + u`, `?`},
	{`u - 1`, `?`},
	{`u * 0`, `?`},
	{`1 / u`, `?`},
	{`-u`, `?`},
	{`u < 1`, `?`},
	{`1 >= u`, `?`},
	{`[ 1 u ] < [ 2 ]`, `true`},
	{`[ u ] < [ 2 ]`, `?`},
	{`"a${u}" < "b"`, `true`},
	{`"a${u}" < "a"`, `?`},
	{`!u`, `?`},
	{`u && false`, `false`},
	{`false && u`, `false`},
	{`u && true`, `?`},
	{`u || true`, `true`},
	{`u || false`, `?`},
	{`u -> true`, `true`},
	{`u -> false`, `?`},
	{`false -> u`, `true`},
	{`u && throw "x"`, `?`},
	{`u == u`, `?`},
	{`u == 1`, `?`},
	{`[ u ] == [ 1 2 ]`, `false`},
	{`[ 1 u ] == [ 2 u ]`, `false`},
	{`[ 1 u ] == [ 1 2 ]`, `?`},
	{`l == [ ]`, `false`},
	{`l == [ 1 2 ]`, `?`},
	{`{ a = u; } == { b = 1; }`, `false`},
	{`{ a = u; b = 1; } == { a = 1; b = 2; }`, `false`},
	{`o == { a = 2; }`, `false`},
	{`o == { a = 1; }`, `?`},
	{`m == { x = 2; }`, `false`},
	{`m == { y = 1; }`, `?`},
	{`"a${u}" == "b"`, `false`},
	{`"${u}" == ""`, `?`},
	{`"${u}/b" == ""`, `false`},
	{`"" != "${u}b${u}"`, `true`},
	{`"${p}" == ""`, `false`},
	{`"a${u}" == "ab"`, `?`},
	{`"${u}c" == "ab"`, `false`},
	{`"${p}/x" == "/bin/x"`, `false`},
	{`"${p}" == "${p}"`, `true`},
	{`"a${u}b"`, `"a?b"`},
	{`"a" + u`, `"a?"`},
	{`u + "a"`, `"?a"`},
	{`/a + u`, `?`},
	{`u ++ [ 1 ]`, `[ ? 1 ]`},
	{`[ 1 ] ++ u`, `[ 1 ? ]`},
	{`(u // { a = 1; }).a`, `1`},
	{`({ a = 1; } // u).a`, `?`},
	{`o.b`, `?`},
	{`o.b or 1`, `?`},
	{`o.a or 2`, `1`},
	{`o ? a`, `true`},
	{`o ? b`, `?`},
	{`u.a`, `?`},
	{`u.a or 1`, `?`},
	{`u ? a`, `?`},
	{`m ? x`, `?`},
	{`m ? z`, `false`},
	{`m.y`, `1`},
	{`m.x or 3`, `?`},
	{`{ a = 1; }.${u}`, `?`},
	{`if u then 1 else 1`, `1`},
	{`if u then 1 else 2`, `?`},
	{`assert u; 1`, `1`},
	{`with u; 1`, `1`},
	{`with u; foo`, `?`},
	{`u 1`, `?`},
	{`({ a ? 1, ... }: a) u`, `?`},
	{`({ a, ... }: a) o`, `1`},
	{`({ z ? 1, ... }: z) o`, `?`},
	{`(x: 1) u`, `1`},
	{`{ ${u} = 1; a = 2; }.a`, `2`},
	{`{ ${u} = 1; }.b or 2`, `?`},
	{`u -> u`, `?`},
	{`c + 1`, `?`},
	{`c == 3`, `false`},
	{`c < 3`, `true`},
	{`[ c ] == [ 3 ]`, `false`},
	{`let f = x: if x == 3 then "a" else "b"; in f c`, `"b"`},
	// types
	{`builtins.typeOf u`, `?`},
	{`builtins.isInt u`, `?`},
	{`builtins.isInt c`, `true`},
	{`builtins.isString "${u}"`, `true`},
	{`builtins.isString (u + "a")`, `?`},
	{`builtins.isList l`, `true`},
	{`builtins.isAttrs o`, `true`},
	{`isNull u`, `?`},
	{`builtins.isFunction u`, `?`},
	// arithmetic
	{`builtins.add u 1`, `?`},
	{`builtins.lessThan u 1`, `?`},
	{`builtins.bitAnd u 1`, `?`},
	{`builtins.ceil u`, `?`},
	{`builtins.floor u`, `?`},
	// strings
	{`toString u`, `?`},
	{`toString [ 1 u ]`, `"1 ?"`},
	{`builtins.stringLength "a${u}"`, `?`},
	{`builtins.substring 0 2 "abc${u}"`, `"ab"`},
	{`builtins.substring 0 4 "abc${u}"`, `?`},
	{`builtins.substring 1 (-1) "abc${u}d"`, `"bc?d"`},
	{`builtins.substring 0 4 "${p}"`, `"/nix"`},
	{`builtins.concatStringsSep "," [ "a" u ]`, `"a,?"`},
	{`builtins.concatStringsSep u [ "a" ]`, `?`},
	{`builtins.concatStringsSep "," ([ "a" ] ++ u)`, `"a,?"`},
	{`builtins.replaceStrings [ "a" ] [ "b" ] "a${u}"`, `?`},
	{`builtins.replaceStrings [ "a" ] [ u ] "xay"`, `"x?y"`},
	{`builtins.replaceStrings [ u ] [ "b" ] "a"`, `?`},
	{`builtins.replaceStrings [ "@x@" ] [ "${p}" ] "a@x@" == "a${p}"`, `true`},
	{`builtins.replaceStrings [ "a" ] [ "b" ] "${p}"`, `?`},
	{`baseNameOf "${u}/x"`, `"x"`},
	{`baseNameOf "x/${u}"`, `?`},
	{`dirOf "${u}/x"`, `"?"`},
	{`dirOf "x/${u}"`, `?`},
	{`baseNameOf "${p}/bin/x"`, `"x"`},
	{`builtins.match "a" u`, `?`},
	{`builtins.match u "a"`, `?`},
	{`builtins.match "a(b*)*" "a"`, `?`},
	{`builtins.split "a" "${u}"`, `?`},
	{`builtins.compareVersions u "1"`, `?`},
	{`builtins.splitVersion u`, `?`},
	{`builtins.parseDrvName "a${u}"`, `?`},
	{`builtins.hashString "md5" u`, `?`},
	{`builtins.hashString "md5" "${p}"`, `?`},
	{`builtins.convertHash u`, `?`},
	{`placeholder u`, `?`},
	{`builtins.hasContext u`, `?`},
	{`builtins.hasContext "a${p}"`, `true`},
	{`builtins.getContext "${p}"`, `?`},
	{`builtins.unsafeDiscardStringContext "a${u}"`, `"a?"`},
	{`builtins.appendContext "a" u`, `?`},
	{`builtins.addDrvOutputDependencies u`, `?`},
	{`builtins.unsafeDiscardOutputDependency u`, `?`},
	// lists
	{`builtins.length l`, `?`},
	{`builtins.length [ u u ]`, `2`},
	{`builtins.head l`, `1`},
	{`builtins.head u`, `?`},
	{`builtins.elemAt l 1`, `2`},
	{`builtins.elemAt l 2`, `?`},
	{`builtins.elemAt [ 1 ] u`, `?`},
	{`builtins.tail l`, `?`},
	{`map (x: x + 1) l`, `[ 2 3 ? ]`},
	{`map (x: x) u`, `[ ? ]`},
	{`map u [ 1 ]`, `[ ? ]`},
	{`builtins.filter (x: x == 1) l`, `[ 1 ? ]`},
	{`builtins.filter (x: u) [ 1 ]`, `[ ? ]`},
	{`builtins.elem 1 l`, `true`},
	{`builtins.elem 9 l`, `?`},
	{`builtins.elem u [ 1 ]`, `?`},
	{`builtins.elem u [ ]`, `false`},
	{`builtins.any (x: x == 2) l`, `true`},
	{`builtins.all (x: x == 1) l`, `false`},
	{`builtins.all (x: x > 0) l`, `?`},
	{`builtins.any (x: u) [ 1 ]`, `?`},
	{`builtins.concatLists [ [ 1 ] u ]`, `[ 1 ? ]`},
	{`builtins.concatLists u`, `[ ? ]`},
	{`builtins.concatMap (x: [ x ]) l`, `[ 1 2 ? ]`},
	{`builtins.genList (x: x) u`, `?`},
	{`builtins.foldl' (a: x: a) 0 l`, `?`},
	{`builtins.foldl' (a: x: a + x) 0 [ 1 u ]`, `?`},
	{`builtins.sort (x: y: x < y) [ 2 u ]`, `?`},
	{`builtins.sort (x: y: x < y) l`, `?`},
	{`(builtins.partition (x: x == 1) [ 1 2 ]).right`, `[ 1 ]`},
	{`(builtins.partition (x: u) [ 1 ]).wrong`, `[ ? ]`},
	{`builtins.groupBy (x: u) [ 1 ]`, `?`},
	{`builtins.genericClosure { startSet = [ { key = u; } { key = 1; } ]; operator = x: [ ]; }`, `?`},
	{`builtins.length d`, `?`},
	// sets
	{`builtins.attrNames { a = u; }`, `[ "a" ]`},
	{`builtins.attrNames o`, `[ "a" ? ]`},
	{`builtins.attrValues { a = u; b = 1; }`, `[ ? 1 ]`},
	{`builtins.attrNames u`, `[ ? ]`},
	{`builtins.hasAttr "a" o`, `true`},
	{`builtins.hasAttr u o`, `?`},
	{`builtins.hasAttr "z" m`, `false`},
	{`builtins.getAttr "a" o`, `1`},
	{`builtins.getAttr "b" o`, `?`},
	{`(builtins.mapAttrs (n: v: n) o).a`, `"a"`},
	{`(removeAttrs o [ "b" ]).a`, `1`},
	{`removeAttrs { a = 1; } u`, `?`},
	{`(builtins.intersectAttrs { a = 1; } o).a`, `1`},
	{`builtins.intersectAttrs { } o`, `{ }`},
	{`(builtins.intersectAttrs o { a = 5; }).a`, `5`},
	{`(builtins.listToAttrs [ { name = "a"; value = u; } ]) ? a`, `true`},
	{`(builtins.listToAttrs [ { name = u; value = 1; } ]) ? a`, `?`},

	// names of which the ends are known
	{`({ a = 1; } // { ${u} = 2; }).a`, `?`},
	{`({ a = 1; } // { "x-${u}" = 2; }).a`, `1`},
	{`({ a-x = 1; } // { "${u}-x" = 2; }).a-x`, `?`},
	{`({ x-a = 1; y = 2; } // { "x-${u}" = 2; }).y`, `2`},
	{`({ x = 1; } // { "x${u}x" = 2; }).x`, `1`},
	{`({ a = 1; } // { "x-${u}" = 2; ${u} = 3; }).a`, `?`},
	{`({ a = 1; } // (o // { "x-${u}" = 2; })).b`, `?`},
	{`({ b = 1; } // ({ "x-${u}" = 2; } // o)).b`, `?`},
	{`({ a = 1; } // builtins.listToAttrs (map (n: { name = "x-${n}"; value = 1; }) (builtins.attrNames u))).a`, `1`},
	{`({ a = 1; } // builtins.listToAttrs (map (n: { name = "x-${n}"; value = 1; }) u)).a`, `1`},
	{`({ a = 1; } // (if b then { "x-${u}" = 2; } else { })).a`, `1`},
	{`({ a = 1; } // builtins.mapAttrs (n: v: v) { "x-${u}" = 2; }).a`, `1`},
	{`({ a = 1; } // builtins.removeAttrs { "x-${u}" = 2; } [ "y" ]).a`, `1`},
	{`builtins.catAttrs "a" [ o { a = 2; } ]`, `[ 1 2 ]`},
	{`builtins.catAttrs "b" [ o { b = 2; } ]`, `[ ? 2 ]`},
	{`(builtins.zipAttrsWith (n: v: builtins.head v) [ { a = 1; } o ]).a`, `1`},
	{`builtins.zipAttrsWith (n: v: v) u`, `?`},
	{`builtins.functionArgs u`, `?`},
	{`builtins.unsafeGetAttrPos u { }`, `?`},
	// control
	{`builtins.seq u 1`, `1`},
	{`builtins.deepSeq [ u ] 1`, `1`},
	{`(builtins.tryEval u).success`, `?`},
	{`(builtins.tryEval (if u then 1 else throw "x")).value`, `?`},
	{`(builtins.tryEval (assert u; 1)).success`, `?`},
	{`(builtins.tryEval (throw "${u}")).success`, `false`},
	{`builtins.trace u 1`, `1`},
	{`builtins.warn u 1`, `1`},
	{`builtins.addErrorContext u 1`, `1`},
	{`builtins.break u`, `?`},
	{`builtins.traceVerbose u 1`, `1`},
	// formats
	{`builtins.toJSON [ 1 u ]`, `"[1,?]"`},
	{`builtins.toJSON o`, `"{\"a\":1,?}"`},
	{`builtins.fromJSON "[${u}]"`, `?`},
	{`builtins.toXML [ u ]`, `?`},
	{`builtins.fromTOML u`, `?`},
	{`builtins.fromJSON (builtins.toJSON { a = "${p}"; }) == { a = 1; }`, `false`},
	// files
	{`import u`, `?`},
	{`import /etc/x.nix`, `?`},
	{`builtins.readFile u`, `?`},
	{`builtins.readFile /etc/passwd`, `?`},
	{`builtins.readDir u`, `?`},
	{`builtins.pathExists u`, `?`},
	{`builtins.pathExists /etc`, `?`},
	{`builtins.readFileType u`, `?`},
	{`builtins.hashFile "md5" u`, `?`},
	{`builtins.findFile u "a"`, `?`},
	{`builtins.scopedImport { } u`, `?`},
	{`builtins.path u`, `?`},
	{`builtins.filterSource (x: y: true) u`, `?`},
	{`builtins.toFile "a" "b" == 1`, `false`},
	{`builtins.toFile u "b"`, `?`},
	{`import "${p}/x.nix"`, `?`},
	{`(derivation u).name`, `?`},
	{`(derivation { name = "a"; system = u; builder = "b"; }).name`, `"a"`},
	{`builtins.derivationStrict u`, `?`},
	{`builtins.toPath u`, `?`},
	// what depends on the machine
	{`builtins.currentSystem`, `?`},
	{`builtins.currentTime`, `?`},
	{`builtins.nixPath`, `?`},
	{`builtins.storeDir`, `"/nix/store"`},
	{`builtins.nixVersion`, `?`},
	{`builtins.getEnv "X"`, `?`},
	{`builtins.fetchurl "x"`, `?`},
	{`fetchTarball "x"`, `?`},
	{`builtins.fetchGit "x"`, `?`},
	{`fetchMercurial "x"`, `?`},
	{`builtins.fetchTree "x"`, `?`},
	{`builtins.getFlake "x"`, `?`},
	{`builtins.storePath "x"`, `?`},
	{`builtins.fetchClosure { }`, `?`},
	{`builtins.outputOf "a" "b"`, `?`},
	{`builtins.parseFlakeRef "a"`, `?`},
	{`builtins.flakeRefToString { }`, `?`},
	{`~/x`, `?`},
	{`../x`, `?`},
}

var placeholders = regexp.MustCompile(`<(unknown: |pkgs\.)[^<>]*>`)

func TestUnknownOperands(t *testing.T) {
	t.Parallel()
	for _, c := range unknowns {
		in, v, err := value(unknownPrelude + c[0])
		if err != nil {
			t.Errorf("%s: %v", c[0], err)
			continue
		}
		text, _, err := in.Print(v, true)
		if err != nil {
			t.Errorf("%s: %v", c[0], err)
			continue
		}
		if got := placeholders.ReplaceAllString(text, "?"); got != c[1] {
			t.Errorf("%s gives %s, want %s", c[0], text, c[1])
		}
	}
}

// TestEveryBuiltinHasItsUnknown: no builtin is left out of the table above.
func TestEveryBuiltinHasItsUnknown(t *testing.T) {
	t.Parallel()
	in, v, err := value(`builtins`)
	if err != nil {
		t.Fatal(err)
	}
	set, err := in.Set(v, source.Span{})
	if err != nil {
		t.Fatal(err)
	}
	word := regexp.MustCompile(`[A-Za-z'][A-Za-z0-9']*`)
	named := map[string]bool{"abort": true, "throw": true, "true": true, "false": true, "null": true, "builtins": true, "langVersion": true}
	for _, c := range unknowns {
		for _, w := range word.FindAllString(c[0], -1) {
			named[w] = true
		}
	}
	alike := []string{"sub", "mul", "div", "bitOr", "bitXor", "isBool", "isFloat", "isPath"} // made by one function with another
	for i := range set.Attrs {
		if name := set.Attrs[i].Name; !named[name] && !slices.Contains(alike, name) {
			t.Errorf("builtins.%s is not in the table", name)
		}
	}
}

func TestCycleNamesItsMembers(t *testing.T) {
	t.Parallel()
	_, _, err := value("let a = b + 1; b = c; c = a * 2; in a")
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"infinite recursion", "needed by a * 2 at test.nix:1:27", "needed by b + 1 at test.nix:1:9"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
}

func TestErrorsNameTheirPlaces(t *testing.T) {
	t.Parallel()
	tree := source.NewTree(fstest.MapFS{"lib.nix": &fstest.MapFile{Data: []byte("{ f = x:\n  x.missing; }")}})
	in, v, err := valueIn(tree, "let g = y: (import ./lib.nix).f y; in { a = g { b = 1; }; }")
	if err == nil {
		_, _, err = in.Print(v, true)
	}
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{`lib.nix:2:3: attribute "missing" is missing`, "called at test.nix:1:12", "called at test.nix:1:45"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
}

// TestPiecesKeepTheirPlaces: what a string is made of is found in the files again.
func TestPiecesKeepTheirPlaces(t *testing.T) {
	t.Parallel()
	in, v, err := value("let x = \"mid\"; in builtins.substring 1 (-1) (\"ab${x}\" + \"cd\")")
	if err != nil {
		t.Fatal(err)
	}
	v, err = in.Force(v)
	s, ok := v.(*eval.String)
	if err != nil || !ok {
		t.Fatal(v, err)
	}
	for i, want := range []string{"b", "mid", "mid", "mid", "cd"} {
		if got := s.Locate(i).Text(); got != want {
			t.Errorf("byte %d of %q was written as %q, want %q", i, s.S, got, want)
		}
	}
}
