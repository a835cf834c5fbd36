/** How a location became known. */
export const ORIGINS = [
  'trap',
  'bash-message',
  'sh-message',
  'python',
  'node',
  'ruby',
  'perl',
  'php',
  'java',
  'go',
  'rust',
  'compiler',
  'make',
  'docker',
  'terraform',
  'nginx',
  'sql',
  'ansible',
  'config',
] as const;
export type Origin = (typeof ORIGINS)[number];

/** One form in which a tool names a place in a file. */
export interface FrameRule {
  readonly origin: Origin;
  /** Groups `file` and `line`; `column`, `function` and `class` where the tool says them. Linear on any line. */
  readonly pattern: RegExp;
  /** Which frame of a trace is the innermost one, or which error of a list comes first. */
  readonly innermost: 'first' | 'last';
  /** Lines between two frames of one trace. */
  readonly gap: number;
  /** Counts only when nothing else names a place: the tool reports that another one failed. */
  readonly weak?: boolean;
}

const FILE = String.raw`(?<file>(?:file://)?[^\s:()"'\x60<>|]+`;

function rule(
  origin: Origin,
  pattern: RegExp,
  innermost: 'first' | 'last',
  gap = 2,
  weak = false,
): FrameRule {
  return { origin, pattern, innermost, gap, weak };
}

/** A new trace of the same tool starts here, whatever the gap: chained exceptions, causes. */
export const NEW_TRACE =
  /^[\s|+-]*(?:Traceback \(most recent call last\):|Exception in thread |Caused by: |goroutine \d+ \[|PHP Fatal error: |Fatal error: )/;

/** Tried in order on each line of output; the first that fits takes it. */
export const FRAME_RULES: readonly FrameRule[] = [
  rule(
    'python',
    /^[\s|]*File "(?<file>[^"]{1,1000})", line (?<line>\d+)(?:, in (?<function>\S+))?/,
    'last',
    12,
  ),
  rule(
    'python',
    /^(?<file>[^\s:]+\.py):(?<line>\d+): (?:in \w+|[A-Z]\w*(?:Error|Exception|Exit|Failed))\b/,
    'last',
    30,
  ),
  rule(
    'java',
    /^\s*at (?:[\w.$-]+\/)*(?<class>[\w.$]+)\.(?<function>[\w$<>]+)\((?<file>\w+\.(?:java|kt|scala|groovy)):(?<line>\d+)\)/,
    'first',
    1,
  ),
  rule(
    'node',
    /^\s*at (?:async )?(?:(?<function>[^()]{1,200}) \()?(?<file>(?:file:\/\/)?[^\s():][^():]*):(?<line>\d+):(?<column>\d+)\)?$/,
    'first',
    8,
  ),
  rule('node', /^(?<file>(?:file:\/\/)?\/[^\s:]+\.[cm]?[jt]sx?):(?<line>\d+)$/, 'first', 8),
  rule(
    'ruby',
    /^\s*(?:\d+: )?(?:from )?(?<file>[^\s:]+):(?<line>\d+):in [`'](?<function>[^'`]{1,200})'/,
    'first',
    1,
  ),
  rule(
    'ruby',
    /^(?:ruby: )?(?<file>[^\s:]+\.(?:rb|ru|rake|gemspec)):(?<line>\d+): (?:syntax error|.*unexpected)/,
    'first',
    3,
  ),
  rule('ruby', /^(?<file>[^\s:]+\.(?:rb|ru|rake|gemspec)):(?<line>\d+):/, 'first', 3),
  rule('perl', /\bat (?<file>[^\s"]+) line (?<line>\d+)(?:[.,]|$)/, 'first', 2),
  rule(
    'php',
    /^(?:PHP )?(?:Fatal|Parse) error: .* in (?<file>\S+?)(?::| on line )(?<line>\d+)$/,
    'first',
    1,
  ),
  rule('php', /^#\d+ (?<file>\/[^\s()]+)\((?<line>\d+)\): /, 'first', 2),
  rule('php', /^\s+thrown in (?<file>\S+) on line (?<line>\d+)$/, 'first', 6),
  rule('go', /^\t(?<file>\/[^\s:]+\.go):(?<line>\d+)(?: \+0x[0-9a-f]+)?$/, 'first', 2),
  rule(
    'go',
    new RegExp(String.raw`^\s*(?:vet: )?${FILE}\.go):(?<line>\d+)(?::(?<column>\d+))?: `),
    'first',
    4,
  ),
  rule(
    'rust',
    /panicked at (?:'.{0,500}', )?(?<file>[^\s:']+\.rs):(?<line>\d+):(?<column>\d+)/,
    'first',
    1,
  ),
  rule('rust', /^\s*--> (?<file>[^\s:]+\.rs):(?<line>\d+):(?<column>\d+)$/, 'first', 40),
  rule(
    'compiler',
    new RegExp(String.raw`^${FILE}):(?<line>\d+):(?:(?<column>\d+):)? (?:fatal )?error\b`),
    'first',
    40,
  ),
  rule(
    'compiler',
    new RegExp(
      String.raw`^(?:e: )?${FILE}):(?<line>\d+):(?<column>\d+):? (?:- error TS\d+|error)\b`,
    ),
    'first',
    40,
  ),
  rule(
    'compiler',
    /^e: (?:file:\/\/)?(?<file>\/[^\s:]+):(?<line>\d+):(?<column>\d+) /,
    'first',
    40,
  ),
  rule(
    'compiler',
    /^\s*(?<file>[^\s():]+)\((?<line>\d+),(?<column>\d+)\): (?:fatal )?error\b/,
    'first',
    40,
  ),
  rule(
    'compiler',
    /^(?:.*\/)?ld: .*?(?<![^\s:()])(?<file>[^\s:()]+\.(?:c|cc|cpp|cxx)):(?<line>\d+): undefined reference/,
    'first',
    10,
  ),
  rule('sql', /^psql:(?<file>[^\s:]+):(?<line>\d+): (?:ERROR|FATAL)/, 'last', 3),
  rule(
    'terraform',
    /^[\s│╷|]*on (?<file>\S+\.tf(?:vars)?(?:\.json)?) line (?<line>\d+)/,
    'first',
    30,
  ),
  rule('nginx', /\[emerg\] .* in (?<file>\/[^\s:]+):(?<line>\d+)$/, 'last', 1),
  rule(
    'ansible',
    /^The (?:error|offending line) appears to (?:be|have been) in '(?<file>[^']+)': line (?<line>\d+), column (?<column>\d+)/,
    'last',
    2,
  ),
  rule('ansible', /^Origin: (?<file>\/[^\s:]+):(?<line>\d+):(?<column>\d+)$/, 'last', 2),
  rule(
    'config',
    /\bin "(?<file>[^"<>]{1,500}\.(?:ya?ml|json|toml))", line (?<line>\d+), column (?<column>\d+)/,
    'last',
    4,
  ),
  rule(
    'config',
    /(?<![^\s:'"])(?<file>[^\s:'"]+\.(?:ya?ml|json|toml)): (?:yaml|toml|json): (?:.{0,80}\b)?line (?<line>\d+)/,
    'last',
    2,
  ),
  rule(
    'config',
    /(?<![^\s:'"(])(?<file>[^\s:'"(]+\.(?:ya?ml|json|toml|conf|cfg|ini)):(?<line>\d+)(?::(?<column>\d+))?: ?(?:.{0,60}\b)?(?:error|invalid|unexpected|could not|expected)/i,
    'last',
    2,
  ),
  rule(
    'make',
    /^(?:make|gmake)(?:\[\d+\])?: \*\*\* \[(?<file>[^\s:\]]+):(?<line>\d+): (?<function>[^\]]{1,200})\] (?:Error|Terminated|Killed)/,
    'first',
    3,
    true,
  ),
  rule('make', /^(?<file>[^\s:]*[Mm]akefile[^\s:]*|[^\s:]+\.mk):(?<line>\d+): \*\*\* /, 'last', 3),
  rule(
    'docker',
    /^(?<file>[^\s:]*(?:Dockerfile|Containerfile)[^\s:]*):(?<line>\d+)$/,
    'last',
    3,
    true,
  ),
];
