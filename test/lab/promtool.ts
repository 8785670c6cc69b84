import type { Program } from './go.ts'
import { pins } from './pins.ts'

/**
 * The part of promtool that we need, out of its own source: `check rules FILE…` and `test rules FILE…`, which answer as
 * promtool does. The whole cannot be built: it has every cloud that Prometheus discovers targets in, and of one of
 * their modules the version that it wants is gone.
 */
export const promtool: Program = {
  module: 'github.com/prometheus/prometheus',
  version: pins.prometheus,
  output: 'promtool',
  copied: ['cmd/promtool/unittest.go'],
  source: `package main

import (
	"fmt"
	"os"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/promqltest"
)

const successExitCode, failureExitCode, usageExitCode = 0, 1, 2

func main() {
	if len(os.Args) < 4 || os.Args[2] != "rules" {
		fmt.Fprintln(os.Stderr, "usage: promtool check|test rules FILE...")
		os.Exit(usageExitCode)
	}
	p := parser.NewParser(parser.Options{})
	switch files := os.Args[3:]; os.Args[1] {
	case "check":
		os.Exit(checkRules(p, files))
	case "test":
		opts := promqltest.LazyLoaderOpts{EnableAtModifier: true, EnableNegativeOffset: true}
		os.Exit(RulesUnitTest(opts, p, nil, false, false, false, files...))
	default:
		os.Exit(usageExitCode)
	}
}

func checkRules(p parser.Parser, files []string) int {
	code := successExitCode
	for _, file := range files {
		groups, errs := rulefmt.ParseFile(file, false, model.UTF8Validation, p, promslog.New(&promslog.Config{}))
		for _, err := range errs {
			fmt.Fprintln(os.Stderr, err)
			code = failureExitCode
		}
		if len(errs) > 0 {
			continue
		}
		count := 0
		for _, group := range groups.Groups {
			count += len(group.Rules)
		}
		fmt.Printf("%s: %d rules found\\n", file, count)
	}
	return code
}

// Of promtool's query.go.
func parseTime(text string) (time.Time, error) { return time.Parse(time.RFC3339Nano, text) }
`,
}
