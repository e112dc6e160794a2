package nixos_test

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/loader/nixos"
)

// libExpressions call what repositories use of nixpkgs' lib, the most used first.
var libExpressions = strings.Split(strings.TrimSpace(`
lib.mkIf true 1
lib.mkForce 1
lib.mkDefault 1
lib.mkOverride 7 1
lib.mkBefore 1
lib.mkAfter 1
lib.mkOrder 3 1
lib.mkOptionDefault 1
lib.mkMerge [ 1 2 ]
[ (lib.optionalString true "a") (lib.optionalString false "a") ]
[ (lib.optionals true [ 1 ]) (lib.optionals false [ 1 ]) (lib.optional true 1) (lib.optional false 1) ]
[ (lib.optionalAttrs true { a = 1; }) (lib.optionalAttrs false { a = 1; }) ]
lib.concatStringsSep ", " [ "a" "b" ]
lib.concatMapStringsSep ";" (x: x + "!") [ "a" "b" ]
lib.concatImapStringsSep ";" (i: x: toString i + x) [ "a" "b" ]
lib.concatMapStrings (x: x + "!") [ "a" "b" ]
lib.concatMapAttrsStringSep "," (n: v: n + v) { b = "2"; a = "1"; }
lib.concatLines [ "a" "b" ]
lib.concatStrings [ "a" "b" ]
lib.mapAttrsToList (n: v: n + v) { b = "2"; a = "1"; }
lib.mapAttrs' (n: v: lib.nameValuePair (v + n) n) { b = "2"; a = "1"; }
lib.filterAttrs (n: v: n != "a" && v > 1) { a = 5; b = 1; c = 2; }
lib.filterAttrsRecursive (n: v: v != null) { a = null; b = { c = null; d = 1; }; }
lib.recursiveUpdate { a = { b = 1; c = 2; }; d = [ 1 ]; } { a.c = 3; d = [ 2 ]; e = 4; }
lib.genAttrs [ "x" "y" ] (n: n + "!")
lib.attrByPath [ "a" "b" ] "d" { a.b = 1; }
lib.attrByPath [ "a" "c" ] "d" { a.b = 1; }
[ (lib.hasAttrByPath [ "a" "b" ] { a.b = 1; }) (lib.hasAttrByPath [ "a" "c" ] { a.b = 1; }) (lib.hasAttrByPath [ "a" "b" "c" ] { a.b = 1; }) ]
lib.setAttrByPath [ "a" "b" ] 3
lib.getAttrFromPath [ "a" "b" ] { a.b = 3; }
lib.attrsToList { a = 1; b = 2; }
lib.attrVals [ "b" "a" ] { a = 1; b = 2; }
lib.getAttrs [ "b" ] { a = 1; b = 2; }
lib.foldlAttrs (acc: n: v: acc + n + v) "" { a = "1"; b = "2"; }
lib.foldAttrs (x: acc: [ x ] ++ acc) [ ] [ { a = 1; b = 7; } { a = 3; } ]
lib.zipAttrsWith (n: v: v) [ { a = 1; } { a = 2; b = 3; } ]
lib.zipAttrs [ { a = 1; } { a = 2; b = 3; } ]
lib.mergeAttrs { a = 1; b = 2; } { a = 3; }
lib.mergeAttrsList [ { a = 1; } { b = 2; } { a = 3; } ]
lib.concatMapAttrs (n: v: { "${n}-${v}" = v; }) { a = "1"; b = "2"; }
lib.mapAttrsRecursive (p: v: lib.concatStringsSep "." p + toString v) { a.b = 1; c = 2; }
lib.mapAttrsRecursiveCond (as: !(as ? leaf)) (p: v: p) { a.b = 1; c = { leaf = true; }; }
lib.cli.toCommandLineGNU { } { v = true; verbose = [ true false null true ]; i = ".bak"; list = [ "a" "b" ]; n = false; num = 3; }
lib.cli.toCommandLineShellGNU { explicitBool = true; } { v = true; name = "a b"; }
lib.cli.toCommandLine (n: { option = "-${n}"; sep = null; explicitBool = true; }) { a = true; b = "x"; c = null; }
lib.mergeEqualOption [ "a" ] [ { file = "f"; value = 1; } { file = "g"; value = 1; } ]
lib.mergeOneOption [ "a" ] [ { file = "f"; value = 1; } ]
lib.showOption [ "a" "b c" "*" "d-e" ]
[ (lib.stringAfter [ "a" ] "x") (lib.noDepEntry "x") (lib.fullDepEntry "x" [ "a" ]) (lib.packEntry [ "a" ]) ]
lib.strings.toJSON { a = 1; }
lib.getValues [ { value = 1; } { value = 2; } ]
lib.collect lib.isString { a = "1"; b = { c = "2"; d = 3; }; }
lib.catAttrs "a" [ { a = 1; } { b = 2; } { a = 3; } ]
lib.updateManyAttrsByPath [ { path = [ "a" "b" ]; update = x: x + 1; } ] { a.b = 1; c = 2; }
lib.flatten [ 1 [ 2 [ 3 ] ] [ ] 4 ]
lib.unique [ 1 2 1 3 2 ]
lib.uniqueStrings [ "b" "a" "b" ]
lib.reverseList [ 1 2 3 ]
[ (lib.foldr (a: b: a + b) "" [ "x" "y" ]) (lib.foldl (a: b: a + b) "" [ "x" "y" ]) (lib.foldl' (a: b: a + b) "" [ "x" "y" ]) ]
[ (lib.head [ 1 2 ]) (lib.last [ 1 2 ]) (lib.tail [ 1 2 ]) (lib.init [ 1 2 ]) (lib.elemAt [ 1 2 ] 1) (lib.length [ 1 2 ]) ]
[ (lib.take 2 [ 1 2 3 ]) (lib.drop 2 [ 1 2 3 ]) (lib.take 9 [ 1 ]) (lib.drop 9 [ 1 ]) (lib.sublist 1 1 [ 1 2 3 ]) ]
[ (lib.elem 1 [ 1 ]) (lib.any (x: x > 1) [ 1 2 ]) (lib.all (x: x > 1) [ 1 2 ]) (lib.count (x: x > 1) [ 1 2 3 ]) ]
lib.range 2 5
lib.imap0 (i: x: i + x) [ 5 6 ]
lib.imap1 (i: x: i + x) [ 5 6 ]
lib.forEach [ 1 2 ] (x: x + 1)
lib.findFirst (x: x > 1) 0 [ 1 2 3 ]
lib.lists.findFirstIndex (x: x > 1) null [ 1 2 3 ]
lib.lists.commonPrefix [ 1 2 3 ] [ 1 2 4 ]
lib.partition (x: x > 1) [ 1 2 3 ]
lib.groupBy (x: if x > 1 then "big" else "small") [ 1 2 3 ]
lib.sort (a: b: a < b) [ 3 1 2 ]
lib.sortOn (x: -x) [ 3 1 2 ]
lib.naturalSort [ "a10" "a2" "a1" ]
lib.zipLists [ 1 2 ] [ "a" "b" ]
lib.zipListsWith (a: b: a + b) [ 1 2 ] [ 3 4 5 ]
lib.remove 1 [ 1 2 1 ]
lib.subtractLists [ 1 ] [ 1 2 3 ]
lib.intersectLists [ 1 2 ] [ 2 3 1 ]
lib.mutuallyExclusive [ 1 2 ] [ 3 ]
lib.toList 1
lib.singleton 1
lib.replicate 2 "x"
lib.concatMap (x: [ x x ]) [ 1 2 ]
lib.cartesianProduct { a = [ 1 2 ]; b = [ 3 ]; }
lib.listToAttrs [ { name = "a"; value = 1; } ]
lib.escapeShellArg "it's"
lib.escapeShellArg "plain-1.0"
lib.escapeShellArgs [ "a b" "c" "$x" ]
lib.escapeRegex "a.b*"
lib.escape [ "." ] "a.b"
lib.escapeXML "<a>&"
lib.strings.toShellVars { a = "1 2"; b = [ "x" ]; }
lib.strings.escapeNixString "a\"b"
[ (lib.hasPrefix "a" "ab") (lib.hasSuffix "b" "ab") (lib.hasInfix "x" "ab") ]
[ (lib.removePrefix "a" "ab") (lib.removeSuffix "b" "ab") (lib.removePrefix "x" "ab") ]
lib.splitString "." "a.b..c"
[ (lib.toLower "AbC") (lib.toUpper "AbC") (lib.toSentenceCase "abC") ]
lib.replaceStrings [ "a" ] [ "b" ] "aXa"
lib.replaceString "a" "b" "aXa"
[ (lib.trim "  a b ") (lib.trimWith { start = true; } "  a ") ]
lib.stringToCharacters "abc"
lib.fixedWidthString 5 "0" "12"
lib.fixedWidthNumber 4 7
lib.strings.concatMapStringsSep "," toString [ 1 2 ]
[ (lib.toInt "12") (lib.toIntBase10 "012") ]
[ (lib.boolToString true) (lib.boolToYesNo false) ]
[ (lib.versionOlder "1.2" "1.10") (lib.versionAtLeast "1.2" "1.10") (lib.versions.majorMinor "1.2.3") (lib.versions.major "1.2.3") (lib.versions.minor "1.2.3") ]
[ (lib.makeBinPath [ "/a" "/b" ]) (lib.makeLibraryPath [ "/a" ]) (lib.makeSearchPath "x" [ "/a" null "/b" ]) ]
lib.generators.toINI { } { a = { b = 1; c = true; }; d.e = "x"; }
lib.generators.toINI { listsAsDuplicateKeys = true; } { a.b = [ 1 2 ]; }
lib.generators.toINIWithGlobalSection { } { globalSection = { x = 1; }; sections.a.b = 2; }
lib.generators.toKeyValue { } { a = 1; b = "x y"; c = false; }
lib.generators.toYAML { } { a = [ 1 ]; }
lib.generators.toJSON { } { a = [ 1 ]; }
map (lib.generators.mkValueStringDefault { }) [ 1 true null "x" ]
lib.generators.mkKeyValueDefault { } ":" "a" 1
lib.toHexString 250
lib.toBaseDigits 2 6
[ (lib.min 1 2) (lib.max 1 2) (lib.mod 7 3) (lib.bitAnd 6 3) ]
lib.pipe 2 [ (x: x + 1) (x: x * 2) ]
lib.flip (a: b: a - b) 1 5
[ (lib.id 1) (lib.const 1 2) (lib.flip lib.const 1 3) ]
lib.functionArgs ({ a, b ? 1 }: a)
lib.isFunction (lib.setFunctionArgs (x: x) { a = true; })
lib.defaultTo 1 null
lib.mapNullable (x: x + 1) 2
lib.fix (self: { a = 1; b = self.a + 1; })
(lib.makeExtensible (self: { a = 1; b = self.a; })).b
[ (lib.isAttrs { }) (lib.isString "") (lib.isBool true) (lib.isInt 1) (lib.isList [ ]) (lib.isFloat 1.0) (lib.isPath ./.) (lib.isDerivation { }) (lib.isStringLike "x") ]
lib.cmakeBool "A" true
[ (lib.cmakeFeature "A" "b") (lib.mesonBool "a" true) (lib.mesonEnable "a" false) (lib.enableFeature true "x") (lib.withFeature false "y") ]
lib.cli.toGNUCommandLine { } { a = true; b-c = "x"; d = [ 1 2 ]; e = null; f = false; }
lib.cli.toGNUCommandLineShell { } { port = 80; name = "a b"; }
lib.cli.toCommandLineShellGNU { } { port = 80; v = true; }
lib.strings.sanitizeDerivationName "a b@c"
lib.attrNames { b = 1; a = 2; }
lib.throwIf false "x" 1
lib.throwIfNot true "x" 1
lib.assertMsg true "x"
lib.assertOneOf "x" 1 [ 1 2 ]
lib.xor true false
lib.boolToString (lib.and true false)
lib.lists.toList [ 1 ]
lib.mkEnableOption "x" ? default
(lib.mkOption { default = 1; }).default
lib.literalExpression "a"
lib.types.str.name
lib.showOption [ "a" "b c" ]
lib.strings.nameFromURL "https://x/a-1.0.tar.gz" "-"
lib.strings.normalizePath "/a//b/"
lib.strings.commonPrefixLength "abc" "abd"
lib.escapeURL "a b/ü"
lib.trivial.release != ""
lib.licenses ? mit
lib.recurseIntoAttrs { a = 1; }
lib.nameValuePair "a" 1
lib.match "a(.*)" "abc"
lib.split "-" "a-b"
lib.matchAttrs { a.b = 1; } { a = { b = 1; c = 2; }; }
lib.overrideExisting { a = 1; } { a = 2; b = 3; }
lib.lists.ifilter0 (i: v: i > 0) [ 1 2 3 ]
lib.lists.allUnique [ 1 2 ]
lib.attrsets.longestValidPathPrefix [ "a" "x" ] { a.b = 1; }
lib.strings.makeIncludePath [ "/a" ]
lib.optionalString (lib.versionAtLeast "2" "1") "y"
[ lib.platforms.linux lib.platforms.darwin lib.platforms.unix lib.platforms.all lib.platforms.x86_64 lib.platforms.x86 lib.platforms.aarch64 lib.platforms.none ]
[ lib.platforms.arm lib.platforms.i686 lib.platforms.windows lib.platforms.illumos lib.platforms.riscv64 lib.platforms.netbsd lib.platforms.cygwin ]
lib.systems.flakeExposed
lib.systems.doubles.freebsd
[ lib.licenses.mit.shortName lib.licenses.unfree.shortName lib.licenses.gpl2Plus.shortName (builtins.typeOf lib.licenses.asl20) ]
[ (builtins.typeOf lib.systems.examples.musl64) (builtins.typeOf lib.systems.examples.raspberryPi) ]
[ (builtins.typeOf lib.version) (builtins.typeOf lib.trivial.release) ]
[ builtins.storeDir lib.strings.storeDir (lib.isStorePath "/nix/store/nvl9ic0pj1fpyln3zaqrf4cclbqdfn1j-foo") (lib.isStorePath "/nix/store/a/b") (lib.isStorePath 1) ]
[ (lib.path.hasStorePathPrefix /nix/store/nvl9ic0pj1fpyln3zaqrf4cclbqdfn1j-foo/bar) (lib.path.hasStorePathPrefix /home) ]
[ ((lib.makeOverridable ({ a, b ? 2 }: { sum = a + b; }) { a = 1; }).override { b = 5; }).sum (lib.makeOverridable (x: { inherit (x) y; }) { y = 3; }).y ]
((lib.makeOverridable ({ a }: { inherit a; }) { a = 1; }).override (old: { a = old.a + 1; })).a
lib.functionArgs (lib.makeOverridable ({ a, b ? 1 }: { }))
lib.showFiles [ "a" "b" ]
[ (lib.getVersion "foo-1.2") (lib.getVersion { version = "3"; }) (lib.getVersion { name = "a-4"; }) ]
[ lib.kernel.yes lib.kernel.no lib.kernel.module lib.kernel.unset (lib.kernel.freeform "7") (lib.kernel.option lib.kernel.yes) ]
[ lib.lowerChars lib.upperChars ]
[ (lib.strings.escapeNixString "a\"b$c") (lib.strings.escapeNixIdentifier "a b") (lib.strings.escapeNixIdentifier "a-b") ]
[ (lib.strings.sanitizeDerivationName "..a") (lib.strings.sanitizeDerivationName "") (lib.strings.sanitizeDerivationName "ok-1.0") ]
[ (lib.stringAsChars (x: x + x) "ab") (lib.join "," [ "a" "b" ]) (lib.concatImapStrings (i: x: toString i + x) [ "a" ]) ]
[ (lib.toShellVars { a = "1 2"; b = [ "x" "y z" ]; c = { d = "e"; }; }) (lib.toShellVar "n" 1) ]
[ (lib.findSingle (x: x == 3) "none" "many" [ 1 3 ]) (lib.findSingle (x: x == 3) "none" "many" [ 3 3 ]) (lib.findSingle (x: x == 3) "none" "many" [ 9 ]) ]
[ (lib.lists.hasPrefix [ 1 ] [ 1 2 ]) (lib.lists.removePrefix [ 1 ] [ 1 2 ]) (lib.compareLists lib.compare [ 1 2 ] [ 1 3 ]) (lib.compareLists lib.compare [ ] [ ]) (lib.compareLists lib.compare [ 1 ] [ ]) ]
lib.naturalSort [ "v1.10" "v1.9" "a" "12" "2" ]
lib.concatAttrValues { a = [ 1 ]; b = [ 2 ]; }
[ (lib.showAttrPath [ "a" "b c" ]) (lib.showAttrPath [ ]) ]
lib.updateManyAttrsByPath [ { path = [ "a" ]; update = x: x // { n = 1; }; } { path = [ "a" "b" ]; update = x: x + 1; } { path = [ "z" "y" ]; update = _: 3; } ] { a.b = 1; }
[ (lib.floor 1.7) (lib.ceil 1.2) (lib.converge (x: x / 2) 16) (lib.toString 3) (lib.fromJSON "[1]") ]
[ (lib.traceSeqN 1 "x" 2) (lib.traceVal 3) (lib.debug.traceValSeq 4) ]
[ lib.sourceTypes.fromSource lib.sourceTypes.binaryNativeCode ]
lib.setType "x" { a = 1; }
[ (lib.dirOf "/a/b") (lib.baseNameOf "/a/b") lib.types.types.str.name ]
[ (lib.strings.cmakeBool "A" true) (lib.makeSearchPathOutput "lib" "x" [ "/a" ]) (lib.strings.nameFromURL "https://x/y-1" "-") (lib.strings.normalizePath "//a///b") ]
builtins.typeOf lib.cleanSource
`), "\n")

const libGolden = "testdata/lib.json"

// TestLibIsThatOfNixpkgs compares expressions over lib with what nixpkgs' lib made of them. What is missing is unknown, by name.
func TestLibIsThatOfNixpkgs(t *testing.T) {
	t.Parallel()
	want := map[string]json.RawMessage{}
	if *update {
		n := newRealNix(t)
		for _, expr := range libExpressions {
			var out json.RawMessage
			if err := n.eval("let lib = import "+n.lib+"; in "+expr, &out); err != nil {
				t.Errorf("%s: %v", expr, err)
				continue
			}
			want[expr] = out
		}
		text, err := json.MarshalIndent(want, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(libGolden, append(text, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(libGolden)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	var missing []string
	for _, expr := range slices.Sorted(maps.Keys(want)) {
		got, open, err := nixos.EvalLib(context.Background(), expr)
		switch {
		case err != nil:
			t.Errorf("%s: %v", expr, err)
		case open != "":
			if !strings.Contains(open, "not supported") && !strings.HasSuffix(open, "depends on nixpkgs") {
				t.Errorf("%s is not known: %s", expr, open)
			}
			missing = append(missing, open)
		case !sameJSON(got, want[expr]):
			t.Errorf("%s is %s, nixpkgs has %s", expr, got, want[expr])
		}
	}
	t.Logf("%d expressions, %d of them not supported: %s", len(want), len(missing), strings.Join(missing, "; "))
	if len(missing) > 20 {
		t.Errorf("%d expressions are not supported, want at most 20", len(missing))
	}
}

func sameJSON(a string, b []byte) bool {
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

func BenchmarkLib(b *testing.B) {
	for b.Loop() {
		if _, _, err := nixos.EvalLib(context.Background(), `lib.concatStrings [ "a" ]`); err != nil {
			b.Fatal(err)
		}
	}
}
