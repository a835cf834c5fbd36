import type { RuleTable } from './rule.ts';

/** Go, Rust, Java, .NET, Ruby and PHP: their package managers and run times. */
export const LANGUAGES: RuleTable = {
  tool: 'go, rust, java, ruby, php and .net',
  seen: /\b(?:go|cargo|rustc|rustup|crates?|mvn\w*|maven|gradlew?|java|javac|sbt|bundle|bundler|gem|ruby|rails|rake|php|composer|dotnet|nuget|Exception|mix|spring)\b/i,
  rules: [
    {
      id: 'go-checksum',
      category: 'critical:data',
      strength: 'decisive',
      lines: [
        /\bverifying \S{1,200}: checksum mismatch\b|\bSECURITY ERROR\b|\bchecksum database disagrees\b/,
      ],
      fix: 'A module is not the one in go.sum. Do not override it before you know why.',
    },
    {
      id: 'go-module-missing',
      category: 'recoverable:dependency',
      strength: 'decisive',
      lines: [
        /\bno required module provides package (?<package>[^\s;:]{1,200})|\bmissing go\.sum entry\b|\bcannot find (?:module|package)\b|\bpackage \S{1,200} is not in (?:GOROOT|std)\b|\bunknown revision\b|\bno matching versions for query\b/,
        /\bgo\.mod requires go >= [\d.]+|\bgo\.mod file not found\b|\brequires go >= [\d.]+|\btoolchain not available\b|\binvalid go version\b|\bupdates to go\.mod needed\b|\binconsistent vendoring\b/,
      ],
      fix: 'A module is missing or needs a newer go. Run go mod tidy and commit, or install that version.',
      run: ['go version', 'go mod verify'],
    },
    {
      id: 'cargo-missing',
      category: 'recoverable:dependency',
      strength: 'decisive',
      lines: [
        /\bno matching package (?:named|found)\b|\bfailed to select a version for\b|\bcouldn't find `?Cargo\.toml|\bcould not find `Cargo\.toml`|\btoolchain '[^']{1,80}' is not installed\b|\btarget may not be installed\b|\bno such (?:sub)?command: `/,
        /\bno override and no default toolchain set\b|\bcan't find crate for `(?<package>[^`]{1,80})`/,
      ],
      fix: 'A crate, version or toolchain is not there.',
      run: ['cargo --version', 'rustup show'],
    },
    {
      id: 'cargo-lock-file',
      category: 'recoverable:configuration',
      lines: [
        /\block file .{0,200}needs to be updated but --(?:locked|frozen)\b|\bfailed to parse (?:manifest|lock file) at\b/,
      ],
      fix: 'Cargo.lock or Cargo.toml is not up to date or not valid.',
    },
    {
      id: 'java-missing',
      category: 'recoverable:dependency',
      lines: [
        /\bClassNotFoundException\b|\bNoClassDefFoundError\b|\bUnsupportedClassVersionError\b|\bUnable to access jarfile (?<path>\S{1,300})|\bCould not find or load main class\b|\bNoSuchMethodError\b/,
        /\bCould not find artifact (?<package>\S{1,200})|\bCould not find \S{1,200}:\S{1,200}:\S{1,80}\.|\bwas not found in https?:\/\/\S{1,200} during a previous attempt\b|\bPlugin \S{1,200} not found\b|\bPlugin \[id: .{1,120}\] was not found\b/,
        /\bJAVA_HOME is (?:not set|set to an invalid directory)\b|\bNo compiler is provided in this environment\b|\b(?:invalid (?:source|target) release|release version \d+ not supported|Unsupported class file major version)\b/,
      ],
      fix: 'A class, artifact or JDK is missing, or has another version.',
      run: ['java -version'],
    },
    {
      id: 'java-transfer',
      category: 'transient:network',
      lines: [
        /\bCould not (?:transfer (?:artifact|metadata)|GET|HEAD|resolve) .{1,400}(?:Connect(?:ion)? (?:to .{1,120} )?(?:timed out|refused|reset)|Read timed out|status code: 50[0234]|Received status code 50[0234]|Remote host (?:closed|terminated)|Connection reset|Temporary failure|UnknownHost|Network is unreachable)/,
      ],
      fix: 'The artifact repository could not be reached.',
    },
    {
      id: 'java-credentials',
      category: 'recoverable:credentials',
      lines: [
        /\b(?:status code|Received status code|status):? ?(?:401|403)\b|\bReasonPhrase: ?(?:Unauthorized|Forbidden)\b|\bauthentication failed for \S{1,253}, status: 401/,
      ],
      fix: 'The artifact repository does not accept the credentials.',
    },
    {
      id: 'java-settings',
      category: 'recoverable:configuration',
      lines: [
        /\bCould not resolve placeholder '(?<variable>[^']{1,120})'|\bFailed to configure a DataSource\b|\bInvalidConfigurationPropert\w+|\bUnrecognized (?:VM )?option\b|\bNon-parseable POM\b|\bThe goal you specified requires a project to execute\b|\bConfigDataResourceNotFoundException\b|\bUnknown lifecycle phase\b|\bTask '[^']{1,120}' not found in\b/,
      ],
      fix: 'A property or option is missing or not valid.',
    },
    {
      id: 'java-start',
      category: 'critical:service',
      strength: 'symptom',
      lines: [
        /\bAPPLICATION FAILED TO START\b|\bApplication run failed\b|\bBeanCreationException\b|\bUnsatisfiedDependencyException\b/,
      ],
      fix: 'The application did not start. The last "Caused by" is the reason.',
    },
    {
      id: 'ruby-missing',
      category: 'recoverable:dependency',
      lines: [
        /\bCould not find (?:gem )?'?(?<package>[\w.-]{1,80})(?:-[\d.]+)?'?.{0,80}\b(?:in (?:any of the sources|locally installed gems|rubygems|cached gems)|repository)|\bBundler::GemNotFound\b|\bBundler could not find compatible versions\b|\bCould not locate Gemfile\b|\bYour Ruby version is [\d.]+, but your Gemfile specified\b|\bGem::(?:MissingSpecError|LoadError|Ext::BuildError)\b/,
        /\bcannot load such file -- (?<package>\S{1,120})|\bversion solving has failed\b|\bBundler::(?:VersionConflict|RubyVersionMismatch|SolveFailure)\b|\bin `(?:prepare_dependencies|start_resolution|materialize)'/,
        /\bcan't find gem (?<package>\S{1,80})/,
        /\bCould not find '(?<package>[^']{1,80})' \(|\bbundler: command not found\b/,
      ],
      fix: 'A gem or ruby version is missing. Run bundle install in this checkout, with this ruby.',
      run: ['bundle check', 'ruby --version'],
    },
    {
      id: 'ruby-settings',
      category: 'recoverable:configuration',
      lines: [
        /^KeyError: key not found: "(?<variable>\w{1,80})"/,
        /\bkey not found: "(?<variable>[A-Z]\w{2,80})"/,
        /\bMissing `?secret_key_base|\bActiveSupport::MessageEncryptor::InvalidMessage\b|\bMissingKeyError\b|\bBundler::(?:Frozen|Production)Error\b|\bYour (?:bundle|lockfile) .{0,80}(?:frozen|doesn't)|\bThe gemspecs? .{0,60}changed\b/,
      ],
      fix: 'A setting, key or lock file is missing or does not fit.',
    },
    {
      id: 'composer-missing',
      category: 'recoverable:dependency',
      lines: [
        /\bYour requirements could not be resolved to an installable set of packages\b|\bYour lock file does not contain a compatible set\b|\bCould not find (?:a matching version of )?package (?<package>[\w./-]{1,120})|\brequires php .{0,80}your php version\b/i,
        /\brequires ext-(?<package>\w{1,40})|\bClass "[^"]{1,200}" not found\b|\bundefined function\b|\bFailed opening required '(?<path>[^']{1,300})'|\bcould not find driver\b/i,
        /\bComposer could not find a composer\.json\b|\bUnable to find package\b|\bNU1101\b|\bNU1102\b|\bA compatible \.NET SDK was not found\b|\bYou must install (?:or update )?\.NET\b|\bThe framework '[^']{1,80}', version\b/,
      ],
      fix: 'A package, extension or run time is missing or has another version.',
      run: ['php -v', 'php -m'],
    },
    {
      id: 'composer-network',
      category: 'transient:network',
      lines: [
        /\bfile could not be downloaded: (?:failed to open stream|.{0,120}(?:HTTP\/[\d.]+ 50[0234]|timed out|SSL))|\bcurl error (?:6|7|28|35|52|56|92) while downloading\b|\bNU1301\b|\bUnable to load the service index\b|\bGem::RemoteFetcher::FetchError\b|\bCould not (?:fetch specs from|reach host)\b|\bNet::(?:Open|Read)Timeout\b|\bBundler::HTTPError\b/,
      ],
      fix: 'The package index could not be reached.',
    },
    {
      id: 'php-fatal',
      category: 'critical:build',
      lines: [/\bPHP Parse error: |^Parse error: |\bsyntax error, unexpected\b/],
      fix: 'The code cannot be parsed by this version.',
    },
  ],
};
