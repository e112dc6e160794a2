package eval_test

// differs lists the cases of Nix' tests that give something else here, and why.
var differs = map[string]string{
	"eval-okay-context":                   "the hash of a file's store path is not computed",
	"eval-okay-context-introspection":     "a context names store paths, which are symbolic",
	"eval-okay-derivation-legacy":         "the hash of a derivation is not computed",
	"eval-okay-path":                      "the hash of a file's store path is not computed",
	"eval-okay-substring-context":         "a context names store paths, which are symbolic",
	"eval-okay-toJSON-peel":               "the hash of a file's store path is not computed",
	"eval-okay-toString-peel":             "the hash of a file's store path is not computed",
	"eval-okay-getenv":                    "the environment is unknown",
	"eval-okay-home-path-warn":            "the home directory is unknown",
	"eval-okay-path-string-interpolation": "the home directory is unknown",
	"eval-okay-pathexists":                "it asks for a folder outside of the root",
	"eval-okay-parse-flake-ref":           "an experimental feature",
	"eval-okay-flake-ref-to-string":       "an experimental feature",
	"eval-fail-abs-path-fatal":            "a flag of later versions refuses what the language has",
	"eval-fail-short-path-literal":        "a flag of later versions refuses what the language has",
	"eval-fail-url-literal":               "a flag of later versions refuses what the language has",
}
