import type { RuleTable } from './rule.ts';

/** pip, poetry, uv, and python itself. */
export const PYTHON: RuleTable = {
  tool: 'pip and python',
  seen: /\b(?:pip3?|pipx|python[\d.]*|poetry|uv|uvx|pdm|conda|pipenv|Traceback|pytest|django|manage\.py|celery|gunicorn|uvicorn|PEP 668|No matching distribution|ansible\S*|alembic|sqlalchemy|virtualenv|site-packages)\b/i,
  rules: [
    {
      id: 'pip-unreachable',
      category: 'transient:network',
      own: 'critical:health',
      strength: 'decisive',
      also: /after connection broken by|Connection to \S{1,253} timed out|Temporary failure in name resolution|NewConnectionError/,
      lines: [
        /\bNo matching distribution found for (?<package>\S{1,120})/,
        /\bCould not find a version that satisfies the requirement (?<package>\S{1,120})/,
        /\bCould not install packages due to an OSError: HTTPS?ConnectionPool\b/,
      ],
      fix: 'pip could not reach the index, and so says that there is no such package. If it goes on, check index and network.',
      run: ['pip config list', 'pip index versions {package}'],
    },
    {
      id: 'pip-hashes',
      category: 'critical:data',
      strength: 'decisive',
      lines: [
        /\bTHESE PACKAGES DO NOT MATCH THE HASHES\b|\bHash(?:es)? (?:mismatch|do not match)\b|\bExpected sha256 \w{20}/,
      ],
      fix: 'A package is not the one that the hashes name. Find out which of them is wrong before you change either.',
    },
    {
      id: 'pip-missing',
      category: 'recoverable:dependency',
      strength: 'decisive',
      lines: [
        /\bNo matching distribution found for (?<package>\S{1,120})/,
        /\bCould not find a version that satisfies the requirement (?<package>\S{1,120})/,
        /\bResolutionImpossible\b|\bconflicting dependencies\b|\brequires a different Python\b|\bNo solution found when resolving dependencies\b|\bSolverProblemError\b|\bbecause .{1,200} version solving failed\b|\bPackagesNotFoundError\b|\bUnsatisfiableError\b/i,
        /\bCould not open requirements file\b|\bNo such file or directory: '(?<path>[^']{0,200}requirements[^']{0,80})'/,
        /\bnot a supported wheel on this platform\b|\bRequires-Python\b.{0,60}$|\bversion solving failed\b|\bNo python at\b|\bNo interpreter found\b|\bensurepip is not available\b/i,
      ],
      fix: 'No package fits: wrong name or version, another python, or requirements that exclude each other.',
      run: ['pip index versions {package}', 'python3 --version'],
    },
    {
      id: 'pip-managed',
      category: 'recoverable:permission',
      strength: 'decisive',
      lines: [/\bexternally-managed-environment\b|\bThis environment is externally managed\b/],
      fix: 'The system python may not be changed by pip. Use a virtual environment or pipx.',
      run: ['python3 -m venv .venv'],
    },
    {
      id: 'pip-lock-file',
      category: 'recoverable:configuration',
      lines: [
        /\bpyproject\.toml changed significantly since poetry\.lock\b|\bpoetry\.lock (?:is not up to date|was last generated)\b|\bThe lockfile (?:at `[^`]{1,80}` )?needs to be updated\b|\bInvalid requirement\b|\bPoetry could not find a pyproject\.toml\b|\bHash is missing\b|\ball requirements to have their versions pinned\b/i,
      ],
      fix: 'The project file and the lock file do not fit together. Lock anew and commit it.',
    },
    {
      id: 'python-module-missing',
      category: 'recoverable:dependency',
      lines: [
        /\b(?:ModuleNotFoundError|ImportError): (?:No module named '?(?<package>[\w.]{1,120}))?/,
        /\bNo module named '?(?<package>[\w.]{1,120})/,
        /\bcannot open shared object file\b|\berror while loading shared libraries: (?<name>[^:]{1,120})/,
        /\bcan't open file '(?<path>[^']{1,300})'/,
      ],
      fix: 'A module or library is not installed for this interpreter. Install it, or use the right virtual environment.',
      run: ['python3 -c "import sys; print(sys.path)"', 'pip show {package}'],
    },
    {
      id: 'python-settings',
      category: 'recoverable:configuration',
      lines: [
        /\bImproperlyConfigured\b|\bUndefinedValueError\b|\bpydantic\S{0,40} ?ValidationError\b|\b\d+ validation errors? for \w+/,
        /^KeyError: '(?<variable>[A-Z][A-Z0-9_]{2,80})'/,
        /\byaml\.\w+\.\w+Error\b|\bconfigparser\.\w+Error\b|\btomllib\.TOMLDecodeError\b|\btoml\.decoder\b|\bcould not find expected ':'|\bmapping values are not allowed\b|\bfound character .{0,20} that cannot start any token\b|\bdid not find expected\b/,
        /\bCommandError: |\busage: .{0,200}$|\berror: (?:the following arguments are required|unrecognized arguments|argument \S{1,60}:)/,
        /\bjson\.decoder\.JSONDecodeError\b|\bUndefinedError\b|\bTemplate(?:Syntax|NotFound)\w*\b/,
      ],
      fix: 'A setting is missing or not valid. Compare the environment of this step with what the program expects.',
      run: ['env | cut -d= -f1 | sort'],
    },
    {
      id: 'python-syntax',
      category: 'critical:build',
      lines: [/^(?:\w{1,60}\.){0,6}(?:SyntaxError|IndentationError|TabError): /],
      fix: 'The python code cannot be parsed by this version.',
      run: ['python3 --version'],
    },
    {
      id: 'python-uncaught',
      category: 'critical:crash',
      strength: 'weak',
      lines: [
        /^(?:AttributeError|NameError|UnboundLocalError|IndexError|ZeroDivisionError|TypeError): /,
      ],
      fix: 'The script ended with an error of its own. The last frame in the repository shows where.',
    },
  ],
};
