module github.com/nixlint/nixlint

go 1.26
