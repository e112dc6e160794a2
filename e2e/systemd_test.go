package e2e_test

import (
	"context"
	"path/filepath"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/nixlint/nixlint/checks/analyze"
	"github.com/nixlint/nixlint/fixtures/oracle"
	"github.com/nixlint/nixlint/loader/inventory"
)

// unitsOf are the units of the only host of a fixture.
func unitsOf(ctx context.Context, fixture string) []inventory.Unit {
	GinkgoHelper()
	r := run(ctx, "inventory", "--format", "json", filepath.Join("fixtures", fixture))
	Expect(r.status).To(Equal(0), r.stderr)
	var inv inventory.Inventory
	r.decode(&inv)
	Expect(inv.Schema).To(Equal(inventory.Schema))
	Expect(inv.Hosts).To(HaveLen(1))
	return inv.Hosts[0].Units
}

func named(units []inventory.Unit, name string) *inventory.Unit {
	GinkgoHelper()
	i := slices.IndexFunc(units, func(u inventory.Unit) bool { return u.Name == name })
	Expect(i).To(BeNumerically(">=", 0), "there is no %s", name)
	return &units[i]
}

func stage(units []inventory.Unit) *analyze.Root {
	GinkgoHelper()
	root, err := analyze.Stage(GinkgoT().TempDir(), units)
	Expect(err).NotTo(HaveOccurred())
	return root
}

var _ = Describe("systemd-analyze", Label("systemd"), func() {
	var program analyze.Program

	BeforeEach(func() { program = analyze.Program(oracle.Systemd(GinkgoTB())) })

	DescribeTable("verifies the units of a fixture",
		func(ctx SpecContext, fixture string) {
			root := stage(unitsOf(ctx, fixture))
			Expect(root.Units).NotTo(BeEmpty())
			Expect(analyze.Verify(ctx, program, root)).To(BeEmpty())
		},
		Entry("of the report", "report"),
		Entry("of the recommended tree", "centralized"),
	)

	It("names the setting behind a message, and so the line of Nix", func(ctx SpecContext) {
		units := unitsOf(ctx, "report")
		restart := named(units, "llamacpp.service").Sections["Service"]["Restart"]
		Expect(restart).To(HaveLen(1))
		restart[0].Alternatives[0].Value = "allways"
		messages, err := analyze.Verify(ctx, program, stage(units))
		Expect(err).NotTo(HaveOccurred())
		Expect(messages).To(ConsistOf(SatisfyAll(
			HaveField("Unit", "llamacpp.service"), HaveField("Section", "Service"), HaveField("Key", "Restart"), HaveField("Index", 0),
		)))
		file, line := inReport("modules/ml/llama.nix", "Restart =")
		Expect(restart[0].Alternatives[0].Place()).To(SatisfyAll(HaveField("File", file), HaveField("Line", line)))
	})

	Describe("security", func() {
		exposureOf := func(ctx SpecContext, fixture, unit string) int {
			GinkgoHelper()
			all, err := analyze.Security(ctx, program, stage(unitsOf(ctx, fixture)))
			Expect(err).NotTo(HaveOccurred())
			i := slices.IndexFunc(all, func(a analyze.Assessment) bool { return a.Unit == unit })
			Expect(i).To(BeNumerically(">=", 0), "%s is not assessed", unit)
			return all[i].Exposure
		}

		DescribeTable("finds a service about as exposed as it is written",
			func(ctx SpecContext, fixture, unit string, least, most int) {
				Expect(exposureOf(ctx, fixture, unit)).To(SatisfyAll(BeNumerically(">=", least), BeNumerically("<=", most)))
			},
			Entry("no sandbox at all", "report", "llamacpp.service", 93, 98),
			Entry("a script that runs once", "report", "docker-pull-images.service", 93, 98),
			Entry("another", "report", "setup-system-credentials.service", 93, 98),
			Entry("a scan of low priority", "report", "clamav-scan.service", 93, 98),
			Entry("the same scan, hardened as far as it can be", "centralized", "clamav-scan.service", 50, 70),
			Entry("the same server, hardened", "centralized", "llamacpp.service", 10, 30),
			Entry("the notebook, as a system service", "centralized", "jupyter.service", 10, 30),
		)

		It("scores no unit whose base is elsewhere", func(ctx SpecContext) {
			all, err := analyze.Security(ctx, program, stage(unitsOf(ctx, "report")))
			Expect(err).NotTo(HaveOccurred())
			for _, name := range []string{"sshd.service", "ollama.service", "clamav-daemon.service"} {
				Expect(all).NotTo(ContainElement(HaveField("Unit", name)))
			}
		})
	})
})
