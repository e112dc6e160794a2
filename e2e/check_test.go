package e2e_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/nixlint/nixlint/fixtures"
)

// finding is a finding as "check --format json" writes it, as far as the stories speak of it.
type finding struct {
	Rule    string `json:"rule"`
	Verdict string `json:"verdict"`
	Unit    string `json:"unit"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Message string `json:"message"`
}

func check(ctx context.Context, fixture string) (result, []finding) {
	GinkgoHelper()
	r := run(ctx, "check", "--policy", "strict", "--format", "json", filepath.Join("fixtures", fixture))
	var out struct {
		Findings []finding `json:"findings"`
		Problems []any     `json:"problems"`
	}
	r.decode(&out)
	Expect(out.Problems).To(BeEmpty())
	return r, out.Findings
}

// folder is a fixture on disk.
func folder(fixture string) string { return filepath.Join(repository, "fixtures", fixture) }

// matchItsComments succeeds when findings are what the comments of the fixture expect, no less and no more.
func matchItsComments(fixture string) types.GomegaMatcher {
	return WithTransform(func(findings []finding) ([]string, error) {
		wants, err := fixtures.Wants(os.DirFS(folder(fixture)))
		if err != nil {
			return nil, err //nolint:wrapcheck // the matcher's own
		}
		found := make([]fixtures.Finding, 0, len(findings))
		for _, f := range findings {
			found = append(found, fixtures.Finding{File: f.File, Line: f.Line, Rule: f.Rule, Verdict: f.Verdict, Message: f.Message})
		}
		return fixtures.Compare(wants, found), nil
	}, BeEmpty())
}

// inReport is the place in a file of fixtures/report that has the given text.
func inReport(file, text string) (string, int) {
	GinkgoHelper()
	content, err := os.ReadFile(filepath.Join(folder("report"), file))
	Expect(err).NotTo(HaveOccurred())
	before, _, ok := strings.Cut(string(content), text)
	Expect(ok).To(BeTrue(), "%s does not have %s", file, text)
	return file, strings.Count(before, "\n") + 1
}

// speakOf matches a finding of a rule, about a unit, at a place.
func speakOf(rule, unit, file string, line int) types.GomegaMatcher {
	return SatisfyAll(
		HaveField("Rule", rule), HaveField("Unit", HavePrefix(unit)), HaveField("File", file), HaveField("Line", line),
	)
}

var _ = Describe("check --policy strict", Label("check"), func() {
	DescribeTable("finds what the comments of a fixture expect",
		func(ctx SpecContext, fixture string, status int) {
			r, findings := check(ctx, fixture)
			Expect(findings).To(matchItsComments(fixture))
			Expect(r.status).To(Equal(status))
		},
		Entry("in the repository of the report", "report", 1),
		Entry("in the recommended tree, which is clean", "centralized", 0),
		Entry("in a case for each way to break a rule", "violations", 1),
	)

	It("stands at the line of Nix that caused a finding", func(ctx SpecContext) {
		_, findings := check(ctx, "report")
		file, line := inReport("modules/system/services.nix", "text-generation-inference:latest")
		Expect(findings).To(ContainElement(speakOf("containers/pinned-images", "docker-pull-images", file, line)))
		file, line = inReport("modules/ml/llama.nix", "ExecStart =")
		Expect(findings).To(ContainElement(speakOf("gpu/undeclared-access", "llamacpp", file, line)))
		file, line = inReport("modules/development/jupyter.nix", "LoadCredential =")
		Expect(findings).To(ContainElement(speakOf("compat/user-manager-limits", "jupyter", file, line)))
	})

	It("shows a person the line, and what it means", func(ctx SpecContext) {
		r := run(ctx, "check", "--policy", "strict", "--color", "never", filepath.Join("fixtures", "report"))
		_, line := inReport("modules/ml/llama.nix", "ExecStart =")
		Expect(r.status).To(Equal(1))
		Expect(r.stdout).To(MatchRegexp(`(?m)modules/ml/llama\.nix:%d:\d+`, line))
		Expect(r.stdout).To(ContainSubstring("gpu/undeclared-access"))
	})

	It("gives the reason of each suppression", func(ctx SpecContext) {
		r := run(ctx, "check", "--policy", "strict", "--color", "never", "--show-suppressed", filepath.Join("fixtures", "centralized"))
		Expect(r.status).To(Equal(0), r.stdout)
		Expect(r.stdout).To(ContainSubstring("hardening/sshd-sandbox"))
	})
})

var _ = Describe("wrong use", Label("check"), func() {
	DescribeTable("exits with 2 and says what is right",
		func(ctx SpecContext, want string, args ...string) {
			r := run(ctx, args...)
			Expect(r.status).To(Equal(2))
			Expect(r.stdout).To(BeEmpty())
			Expect(r.stderr).To(ContainSubstring(want))
		},
		Entry("a path that is not there", "no/such/path", "check", "no/such/path"),
		Entry("a profile that is not there", "strict", "check", "--policy", "strickt", "fixtures/report"),
		Entry("a format that is not there", "sarif", "check", "--format", "sarf", "fixtures/report"),
	)
})
