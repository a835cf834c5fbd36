import type { RuleTable } from './rule.ts';

const SUITE =
  'A test failed. The tests are right until shown otherwise: read the first failing one, and run it alone.';

/** Test runners: their own summary outweighs the words in test names and test data. */
export const TESTS: RuleTable = {
  tool: 'test runners',
  rules: [
    {
      id: 'test-jest',
      category: 'critical:verification',
      strength: 'decisive',
      lines: [
        /^Tests?:\s{1,20}(?:\d+ \w+, )?[1-9]\d* failed\b/,
        /^Test Suites:\s{1,20}[1-9]\d* failed\b/,
        /^\s*Test Files\s{1,10}[1-9]\d* failed\b/,
        /^\s*Tests\s{1,10}[1-9]\d* failed\b/,
      ],
      fix: SUITE,
    },
    {
      id: 'test-mocha',
      category: 'critical:verification',
      strength: 'decisive',
      lines: [/^\s*[1-9]\d* failing\b/, /^\s*✖ [1-9]\d* failing/, /^\s*[1-9]\d* failed$/],
      fix: SUITE,
    },
    {
      id: 'test-tap',
      category: 'critical:verification',
      strength: 'decisive',
      lines: [
        /^\s*not ok \d+\b(?!.{0,200}# (?:TODO|SKIP))/,
        /^# (?:fail|failed) {1,10}[1-9]/,
        /^ℹ fail [1-9]/,
        /^# failed \d+ of \d+ tests/,
        /^\s*✗ (?!.{0,40}\b(?:build|error|failed)\b)\S.{0,200}/i,
      ],
      fix: SUITE,
    },
    {
      id: 'test-pytest',
      category: 'critical:verification',
      strength: 'decisive',
      lines: [
        /^=+ (?:.{0,80}\b)?[1-9]\d* (?:failed|errors?)\b.{0,80} in [\d.:]+s?/,
        /^[1-9]\d* failed(?:, \d+ \w+){0,5} in [\d.]+s/,
        /^FAILED \S{1,200}::/,
        /^FAILED \((?:failures|errors)=\d+/,
      ],
      fix: SUITE,
    },
    {
      id: 'test-go',
      category: 'critical:verification',
      strength: 'decisive',
      lines: [/^\s*--- FAIL: /, /^panic: test timed out after/, /^FAIL\s\S{1,200}\s[\d.]+s$/],
      fix: SUITE,
    },
    {
      id: 'test-rust',
      category: 'critical:verification',
      strength: 'decisive',
      lines: [/^test result: FAILED/, /^error: test failed, to rerun pass/],
      fix: SUITE,
    },
    {
      id: 'test-junit',
      category: 'critical:verification',
      strength: 'decisive',
      lines: [
        /Tests run: \d+, (?:Failures: [1-9]|Failures: 0, Errors: [1-9])/,
        /There (?:are|were) (?:test failures|failing tests)/,
        /^\d+ tests completed, [1-9]\d* failed/,
        /^Failed!\s+- Failed:\s+[1-9]/,
      ],
      fix: SUITE,
    },
    {
      id: 'test-php-ruby',
      category: 'critical:verification',
      strength: 'decisive',
      lines: [
        /^FAILURES!$/,
        /^Tests: \d+, Assertions: \d+, .{0,60}(?:Failures|Errors): [1-9]/,
        /^\d+ examples?, [1-9]\d* failures?/,
        /^\d+ (?:runs|tests), \d+ assertions, (?:[1-9]\d* failures|0 failures, [1-9]\d* errors)/,
      ],
      fix: SUITE,
    },
    {
      id: 'test-load',
      category: 'critical:verification',
      strength: 'decisive',
      lines: [
        /thresholds on metrics .{1,200} (?:crossed|breached)/,
        /^\s*[│|]?\s*assertions\s.{0,40}\s[1-9]\d*\s*[│|]?$/,
      ],
      fix: 'The measured values miss the limits of the test. Compare with the figures of the last good release.',
    },
    {
      id: 'test-smoke',
      category: 'critical:verification',
      lines: [
        /\b(?:smoke|acceptance|sanity|end-to-end|e2e|integration)[ -](?:tests?|checks?)\b.{0,40}\b(?:failed|failure|not ok)\b/i,
        /\b(?:verification|assertion) failed\b/i,
        /\bAssertionError\b/,
        /\bversion mismatch\b.{0,80}\b(?:expected|running|deployed|live)\b/i,
        /\b(?:still (?:serving|running|on)|serves) (?:the )?(?:old|previous|wrong) (?:version|release|build)/i,
      ],
      fix: 'A check of the result says no. Look at what it compared before anything is repeated.',
    },
    {
      id: 'test-expectation',
      category: 'critical:verification',
      strength: 'weak',
      lines: [
        /\b(?:running|deployed|live|got|found|is)\b:? .{1,80}\b(?:expected|wanted|want)\b/i,
        /\bFAILED! => \{.{0,400}"assertion":|^"assertion": /,
        /\b(?:expected|wanted|want)\b.{1,80}\b(?:got|was|received|found|actual)\b/i,
        /\b(?:check|checks|verification|validation) (?:has |have )?failed\b/i,
      ],
      fix: 'A comparison in the step came out wrong. Look at what was expected and what was found.',
    },
    {
      id: 'test-lint',
      category: 'critical:verification',
      lines: [
        /^✖ [1-9]\d* problems? \(/,
        /\[ERROR\] Found [1-9]\d* errors?$/,
        /^[1-9]\d* vulnerabilities\b/,
        /^found [1-9]\d* vulnerabilities/,
        /^Total: \d+ \(.{0,80}(?:HIGH|CRITICAL): [1-9]/,
      ],
      fix: 'A linter or scanner found something. Mend what it lists; a repeat changes nothing.',
    },
  ],
};
